# ruff: noqa: F811
"""One person's page: the village's form, the police's row, conflicts, repeated posts, hostile values."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from portal.domain.identity_numbers import grouped_number
from portal.domain.stages import Leg, Party
from portal.domain.verdicts import Verdict
from portal.models import Entry, EntryVerdict, db
from portal.services import entries as services
from portal.services.entries import Conclusion
from tests.integration.scene import number_of
from tests.integration.web.desk import Desk, Enter, as_user, desk, inputs, prepare, sign, words_of  # noqa: F401

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "tr#row-1"}


def typed(page: str, **changed: str) -> dict[str, str]:
    """The form of a page as a person would send it, with some fields changed."""
    form = inputs(page[page.index("data-entry-form") :])
    return {**{name: text for name, text in form.items() if name != "use"}, **changed}


def verdicts(desk: Desk, list_id: UUID) -> int:
    with desk.app.app_context():
        mine = select(func.count()).select_from(EntryVerdict).join(Entry, EntryVerdict.entry_id == Entry.id)
        return db.session.execute(mine.where(Entry.list_id == list_id)).scalar_one()


def test_the_village_saves_a_correction_and_goes_on_to_the_next_person(desk: Desk, as_user: Enter) -> None:
    list_id, village = desk.make(Party.VILLAGE), as_user("village_helper")
    page = village.get(f"/lists/{list_id}/entries/1").text
    form = typed(page, id_number_choice="fix", id_number=number_of(500), verdict="fixed")
    answer = village.post(f"/lists/{list_id}/entries/1/correction", form)
    assert answer.headers["Location"].endswith("/entries/2")
    assert "Đã lưu Vàng Thị Thử B lúc" in village.follow(answer).text
    saved = desk.entry(list_id)
    assert (saved.village_verdict, saved.proposed) == ("fixed", {"id_number": number_of(500)})


def test_after_the_last_person_the_village_is_back_at_the_list(desk: Desk, as_user: Enter) -> None:
    list_id, village = desk.make(Party.VILLAGE, 1), as_user("village_helper")
    form = typed(village.get(f"/lists/{list_id}/entries/1").text, verdict="already_right")
    answer = village.post(f"/lists/{list_id}/entries/1/correction", form)
    assert answer.headers["Location"] == f"/lists/{list_id}"
    assert "Lập biên bản bàn giao 1 người" in village.follow(answer).text


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({}, "Chọn một kết luận"),
        ({"verdict": "unresolved"}, "Chọn lý do."),
        ({"verdict": "returned"}, "Chọn lý do."),
        ({"verdict": "unresolved", "reason": "other", "note": ""}, "Ghi rõ lý do."),
        ({"verdict": "fixed"}, "Chưa có trường nào khác"),
        ({"verdict": "fixed", "id_number": "12", "id_number_choice": "fix"}, "chữ số"),
        ({"verdict": "fixed", "full_name": "Tên Mới"}, "chọn «Đúng»"),
        ({"verdict": "already_right", "sex": "nam", "sex_choice": "fix"}, "Chọn «Đã sửa»"),
        ({"verdict": "closed"}, "Chọn một kết luận"),
        ({"verdict": "verified"}, "Chọn một kết luận"),
    ],
)
def test_what_cannot_be_saved_comes_back_with_everything_typed(
    desk: Desk, as_user: Enter, changed: dict[str, str], message: str
) -> None:
    list_id, village = desk.make(Party.VILLAGE, 1), as_user("village_helper")
    form = typed(village.get(f"/lists/{list_id}/entries/1").text, **{"note": "đã hỏi trưởng thôn", **changed})
    answer = village.post(f"/lists/{list_id}/entries/1/correction", form)
    assert answer.status_code == 422
    assert message in answer.text
    assert ("đã hỏi trưởng thôn" in answer.text) is ("note" not in changed)
    for name, value in changed.items():
        assert name == "verdict" or value in answer.text
    assert desk.entry(list_id).village_verdict == ""


def test_a_suggestion_is_taken_with_one_click_and_nothing_is_saved(desk: Desk, as_user: Enter) -> None:
    list_id, village = desk.make(Party.VILLAGE, 1), as_user("village_helper")
    with desk.app.app_context():
        db.session.execute(
            db.update(Entry).where(Entry.list_id == list_id).values(suggestions={"id_number": number_of(700)})
        )
        db.session.commit()
    page = village.get(f"/lists/{list_id}/entries/1").text
    assert f"Dùng {grouped_number(number_of(700))}" in page
    answer = village.post(f"/lists/{list_id}/entries/1/correction", {**typed(page), "use": "id_number"})
    filled = typed(answer.text)
    assert (filled["id_number"], filled["id_number_choice"], filled["verdict"]) == (
        grouped_number(number_of(700)),
        "fix",
        "fixed",
    )
    assert desk.entry(list_id).village_verdict == ""


def test_two_tabs_on_one_person_show_both_values_and_whose(desk: Desk, as_user: Enter) -> None:
    list_id, first, second = desk.make(Party.VILLAGE, 1), as_user("village_helper"), as_user("village_head")
    old = typed(first.get(f"/lists/{list_id}/entries/1").text)
    theirs = typed(second.get(f"/lists/{list_id}/entries/1").text)
    other = {**theirs, "full_name": "Vàng Thị Hai", "full_name_choice": "fix", "verdict": "fixed"}
    assert second.post(f"/lists/{list_id}/entries/1/correction", other).status_code == 303
    mine = {**old, "full_name": "Vàng Thị Một", "full_name_choice": "fix", "verdict": "fixed"}
    answer = first.post(f"/lists/{list_id}/entries/1/correction", mine)
    assert answer.status_code == 409
    words = words_of(answer.text)
    assert "Village Head" in words
    assert "Vàng Thị Hai" in words
    assert "Vàng Thị Một" in words
    assert typed(answer.text)["full_name"] == "Vàng Thị Một"
    again = first.post(f"/lists/{list_id}/entries/1/correction", typed(answer.text, verdict="fixed"))
    assert again.status_code == 303, "whoever has seen both may save again"
    assert desk.entry(list_id).proposed == {"full_name": "Vàng Thị Một"}


def test_a_conclusion_sent_three_times_is_one_conclusion(desk: Desk, as_user: Enter) -> None:
    list_id, village = desk.make(Party.VILLAGE, 1), as_user("village_helper")
    form = typed(village.get(f"/lists/{list_id}/entries/1").text, verdict="already_right")
    codes = {village.post(f"/lists/{list_id}/entries/1/correction", form).status_code for _ in range(3)}
    assert codes == {303}
    assert verdicts(desk, list_id) == 1


def test_what_is_typed_after_the_list_was_sent_is_not_lost(desk: Desk, as_user: Enter) -> None:
    list_id, village = desk.make(Party.VILLAGE, 1), as_user("village_head")
    form = typed(village.get(f"/lists/{list_id}/entries/1").text, full_name="Tên Gõ Muộn", full_name_choice="fix")
    with desk.world() as scene:
        scene.conclude_all("village_head", list_id, Verdict.ALREADY_RIGHT)
    sign(village, prepare(village, list_id, Leg.VILLAGE_TO_POLICE))
    answer = village.post(f"/lists/{list_id}/entries/1/correction", {**form, "verdict": "fixed"})
    assert answer.status_code == 409
    assert "Tên Gõ Muộn" in answer.text
    assert desk.entry(list_id).proposed == {}


def test_markup_in_a_name_is_text_everywhere(desk: Desk, as_user: Enter) -> None:
    list_id, village = desk.make(Party.VILLAGE, 1), as_user("village_helper")
    note = "<script>alert(1)</script>{{7*7}}' OR 1=1"
    form = typed(village.get(f"/lists/{list_id}/entries/1").text, verdict="unresolved", reason="other", note=note)
    assert village.post(f"/lists/{list_id}/entries/1/correction", form).status_code == 303
    for path in (f"/lists/{list_id}", f"/lists/{list_id}/entries/1"):
        page = village.get(path).text
        assert "<script>alert" not in page
        assert "{{7*7}}" in page


def test_the_police_save_a_row_and_get_the_row_back(desk: Desk, as_user: Enter) -> None:
    list_id, police = desk.make(Party.POLICE), as_user("police_officer")
    police.get(f"/lists/{list_id}")
    sent = {"verdict": "verified", "rev": str(desk.entry(list_id).rev), "key": str(uuid4())}
    answer = police.post(f"/lists/{list_id}/entries/1/verification", sent, HTMX)
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith("<tr") or '<tr id="row-1"' in answer.text[:200]
    assert 'data-progress="Đã đối chiếu 1/2 người"' in answer.text
    assert desk.entry(list_id).police_verdict == "verified"


def test_the_last_row_sends_the_police_to_the_record(desk: Desk, as_user: Enter) -> None:
    list_id, police = desk.make(Party.POLICE, 1), as_user("police_officer")
    police.get(f"/lists/{list_id}")
    sent = {"verdict": "verified", "rev": str(desk.entry(list_id).rev)}
    answer = police.post(f"/lists/{list_id}/entries/1/verification", sent, HTMX)
    assert answer.headers["HX-Redirect"] == f"/lists/{list_id}"
    assert "Lập biên bản bàn giao 1 người cho Tram" in police.get(f"/lists/{list_id}").text


def test_a_row_is_opened_for_correction_and_saved(desk: Desk, as_user: Enter) -> None:
    list_id, police = desk.make(Party.POLICE), as_user("police_officer")
    opened = police.get(f"/lists/{list_id}/entries/1?verdict=corrected", HTMX).text
    assert 'name="full_name"' in opened
    form = {**inputs(opened), "full_name": "Vàng Thị Đúng"}
    assert police.post(f"/lists/{list_id}/entries/1/verification", form, HTMX).status_code == 200
    assert desk.entry(list_id).verified["full_name"] == "Vàng Thị Đúng"
    page = police.get(f"/lists/{list_id}").text
    assert "Công an sửa" in words_of(page)


def test_a_stale_row_comes_back_opened_with_both_values(desk: Desk, as_user: Enter) -> None:
    list_id, police = desk.make(Party.POLICE), as_user("police_officer")
    opened = police.get(f"/lists/{list_id}/entries/1?verdict=corrected", HTMX).text
    with desk.world() as scene:
        services.conclude(scene.actors["police_head"], list_id, 1, Conclusion(Verdict.VERIFIED))
    form = {**inputs(opened), "full_name": "Vàng Thị Muộn"}
    answer = police.post(f"/lists/{list_id}/entries/1/verification", form, HTMX)
    assert answer.status_code == 409
    assert "Vàng Thị Muộn" in answer.text
    assert "Police Head" in answer.text


def test_without_javascript_the_police_work_on_one_person(desk: Desk, as_user: Enter) -> None:
    list_id, police = desk.make(Party.POLICE), as_user("police_officer")
    page = police.get(f"/lists/{list_id}/entries/1?verdict=returned").text
    form = typed(page, verdict="returned")
    assert police.post(f"/lists/{list_id}/entries/1/verification", form).status_code == 422
    answer = police.post(f"/lists/{list_id}/entries/1/verification", {**form, "return_reason": "card_needed"})
    assert answer.headers["Location"] == f"/lists/{list_id}?page=1#row-1"
    assert desk.entry(list_id).police_reason == "card_needed"


def test_the_grid_opens_at_the_first_undecided_row(desk: Desk, as_user: Enter) -> None:
    list_id, police = desk.make(Party.POLICE, 60), as_user("police_officer")
    with desk.world() as scene:
        for number in range(1, 53):
            services.conclude(scene.actors["police_officer"], list_id, number, Conclusion(Verdict.VERIFIED))
    page = police.get(f"/lists/{list_id}").text
    assert 'data-first="53"' in page
    assert 'id="row-53"' in page
    assert "Đã đối chiếu 52/60 người" in page


@pytest.mark.parametrize("who", ["station_head", "village_head", "coordinator"])
def test_only_the_police_verify(desk: Desk, as_user: Enter, who: str) -> None:
    list_id, browser = desk.make(Party.POLICE), as_user(who)
    browser.get(f"/lists/{list_id}")
    assert browser.post(f"/lists/{list_id}/entries/1/verification", {"verdict": "verified"}).status_code == 403
    assert desk.entry(list_id).police_verdict == ""


def test_repeated_and_unknown_parameters_are_no_fault(desk: Desk, as_user: Enter) -> None:
    list_id, police = desk.make(Party.POLICE), as_user("police_officer")
    police.get(f"/lists/{list_id}")
    for sent in (
        {"verdict[]": "x"},
        {"verdict": ["verified", "x"], "rev": "abc"},
        {"verdict": "corrected", "rev": "1" * 40},
    ):
        assert police.post(f"/lists/{list_id}/entries/1/verification", sent).status_code in {409, 422}
    assert police.get(f"/lists/{list_id}/entries/99999999999999").status_code == 404
    assert desk.entry(list_id).police_verdict == ""
