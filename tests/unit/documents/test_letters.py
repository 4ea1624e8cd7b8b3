from dataclasses import replace

import pytest

from portal.documents.letters import UnprintableText, require_printable, shown, unprintable_in
from portal.domain.errors import InvalidInput

from .samples import entry, record
from .vietnamese import LETTERS


def test_the_font_has_all_134_marked_and_unmarked_letters_of_vietnamese_in_all_faces() -> None:
    assert len(LETTERS) == 2 * (29 + 12 * 5)
    assert unprintable_in("".join(LETTERS)) == []


def test_letters_of_the_regions_peoples_and_of_neighbours_can_be_printed() -> None:
    assert unprintable_in("čŏĭƀ Ƀ ñ êê̆ ơ̆ Y Bĭng Niê H’Blŏng K’sor") == []


def test_each_letter_the_font_lacks_is_told_once() -> None:
    assert unprintable_in("Giàng A 𠀀, Lò 中 Văn, 中中, Sùng A Dế") == ["𠀀", "中"]


@pytest.mark.parametrize("hidden", ["\u200b", "\u202e", "\ufeff", "\u00ad", "\x00", "\x7f", "\u2028", "\ue000"])
def test_signs_that_nobody_can_see_are_not_printable(hidden: str) -> None:
    assert unprintable_in(f"Giàng{hidden}A Chu") == [hidden]


def test_a_letter_in_parts_is_judged_as_the_whole_letter() -> None:
    assert unprintable_in("Mỷ") == []


def test_the_message_names_row_column_letter_and_the_next_step_but_no_person() -> None:
    entries = (entry(1), replace(entry(2), full_name="Lò Văn 中"), entry(3))
    with pytest.raises(UnprintableText) as caught:
        require_printable(record(3, entries=entries))
    message = caught.value.message
    assert isinstance(caught.value, InvalidInput)
    assert "Dòng số 2 của danh sách, cột Họ và tên" in message
    assert "“中” (U+4E2D)" in message
    assert "Hãy gõ lại" in message
    assert "Lò Văn" not in message


def test_a_hidden_sign_is_named_by_its_code_alone() -> None:
    with pytest.raises(UnprintableText, match="ký tự ẩn U\\+200B"):
        require_printable(record(1, place="Trạm\u200b Y tế"))


@pytest.mark.parametrize(
    "field", ["subject", "place", "list_name", "due_text", "batch_code", "code", "symbol", "title"]
)
def test_every_text_of_the_record_is_checked(field: str) -> None:
    with pytest.raises(UnprintableText):
        require_printable(record(1, **{field: "中"}))


@pytest.mark.parametrize(
    "field",
    ["full_name", "birth_date", "sex", "id_number", "village", "classes", "before", "after", "verdict", "note"],
)
def test_every_column_of_an_entry_is_checked(field: str) -> None:
    with pytest.raises(UnprintableText, match="Dòng số 1"):
        require_printable(record(1, entries=(replace(entry(1), **{field: "中"}),)))


def test_a_report_shows_the_code_of_a_letter_it_cannot_print() -> None:
    assert shown(("Lò 中", ("Mỷ",))) == ("Lò [U+4E2D]", ("Mỷ",))
