"""Letters that the papers' font cannot print are found before anything is drawn, not dropped in silence."""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from operator import attrgetter
from typing import Any, TypeVar, cast

from portal.documents.content import RecordContent
from portal.documents.fonts import known_letters
from portal.domain.errors import InvalidInput
from portal.domain.wording import say

Paper = TypeVar("Paper")
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Categories that print nothing: a reader cannot see them, so they must not be signed."""
ENTRY_LABELS = {
    "full_name": say("Họ và tên"),
    "birth_date": say("Ngày sinh"),
    "sex": say("Giới tính"),
    "id_number": say("Số định danh"),
    "village": say("Thôn"),
    "classes": say("Loại lỗi"),
    "before": say("Giá trị đang ghi"),
    "after": say("Đề xuất, sửa thành"),
    "verdict": say("Kết luận"),
    "note": say("Ghi chú"),
}

_entry_texts = attrgetter(*ENTRY_LABELS)


class UnprintableText(InvalidInput):
    """A text holds a letter that the font lacks or that nobody can see."""


def unprintable_in(text: str) -> list[str]:
    """The unprintable letters of one text in NFC, in order, each once."""
    composed = unicodedata.normalize("NFC", text)
    return [letter for letter in dict.fromkeys(composed) if not _printable(letter)]


def require_printable(content: RecordContent) -> None:
    """Raise UnprintableText naming the row, the column and the letter of the first text that cannot be printed."""
    if not unprintable_in(" ".join(_all_texts(content))):
        return
    for place, text in _record_texts(content):
        require_printable_text(place, text)


def require_printable_text(place: str, text: str) -> None:
    """Raise UnprintableText naming the place where this text cannot be printed."""
    letters = unprintable_in(text)
    if letters:
        raise UnprintableText(_message(place, letters[0]))


def composed(paper: Paper) -> Paper:
    """The same paper with every text in NFC, so that each letter is one letter of the font."""
    return cast("Paper", with_each_text(paper, lambda text: unicodedata.normalize("NFC", text)))


def shown(paper: Paper) -> Paper:
    """The same paper in NFC with each unprintable letter as its code (`[U+1F600]`): for papers that only report."""

    def show(text: str) -> str:
        text = unicodedata.normalize("NFC", text)
        return "".join(letter if _printable(letter) else f"[U+{ord(letter):04X}]" for letter in text)

    return cast("Paper", with_each_text(paper, show))


def with_each_text(value: Any, change: Callable[[str], str]) -> Any:  # noqa: ANN401 - walks any frozen content
    """The value with `change` applied to every text in it; tuples and dataclasses are walked."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, tuple):
        return tuple(with_each_text(item, change) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value, **{item.name: with_each_text(getattr(value, item.name), change) for item in fields(value)}
        )
    return value


def _printable(letter: str) -> bool:
    if letter in "\n\t":
        return True
    return ord(letter) in known_letters() and unicodedata.category(letter) not in UNSEEN


def _message(place: str, letter: str) -> str:
    code = f"U+{ord(letter):04X}"
    shown = (
        say("chữ “{letter}” ({code})", letter=letter, code=code)
        if unicodedata.category(letter) not in UNSEEN
        else say("ký tự ẩn {code}", code=code)
    )
    return say(
        "{place} có {shown} mà phông chữ của biên bản không in được. "
        "Hãy gõ lại nội dung này bằng bộ gõ tiếng Việt Unicode rồi xem lại biên bản trước khi ký.",
        place=place,
        shown=shown,
    )


def _all_texts(content: RecordContent) -> Iterator[str]:
    """All texts without their places: one set of letters is built from them, which is fast for 5,000 rows."""
    yield from (text for _, text in _record_texts(replace(content, entries=())))
    for entry in content.entries:
        yield from _entry_texts(entry)


def _record_texts(content: RecordContent) -> Iterator[tuple[str, str]]:
    yield say("Tên biên bản"), f"{content.title} {content.subject} {content.symbol}"
    yield say("Địa điểm"), content.place
    for place, party in ((say("Bên giao"), content.giver), (say("Bên nhận"), content.receiver)):
        if party:
            words = (party.unit_name, party.parent_name, party.person_name, party.position, party.unit_short)
            yield place, " ".join(words)
    yield say("Phần nội dung biên bản"), " ".join((*content.basis, *content.paragraphs, *content.recipients))
    yield say("Phần tổng hợp"), " ".join(label for label, _ in content.counts)
    yield say("Tên danh sách"), f"{content.batch_code} {content.list_name} {content.due_text}"
    yield say("Mã tra cứu"), f"{content.code} {content.verify_url}"
    for entry in content.entries:
        for name, label in ENTRY_LABELS.items():
            yield (
                say("Dòng số {number} của danh sách, cột {label},", number=entry.number, label=label),
                getattr(entry, name),
            )
