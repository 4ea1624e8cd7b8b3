"""Printed sheets and their entry: equal to the screen, two people who do not see each other, what changed since."""

from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from portal.domain.errors import InvalidInput, NotFound, NotPermitted, StaleVersion, WrongStage
from portal.domain.fields import Field
from portal.domain.stages import Leg, Party
from portal.domain.verdicts import Verdict
from portal.models import CorrectionList, Entry, EntryValue, Event, PaperSheet, db
from portal.services import entries, review_sheets, sheet_typing
from portal.services.entries import Conclusion
from tests.integration.scene import Scene, number_of

HEAD, HELPER, THIRD = "village_head", "village_helper", "village_third"
FIXED = Conclusion(Verdict.FIXED, {Field.ID_NUMBER: number_of(901)})


def printed(scene: Scene, people: int = 2, *, twice: bool = True) -> tuple[UUID, str]:
    list_id = scene.put_before(Party.VILLAGE, people)
    review_sheets.print_sheets(scene.actors[HEAD], list_id, twice=twice)
    return list_id, db.session.scalars(
        select(PaperSheet.code).where(PaperSheet.list_id == list_id).order_by(PaperSheet.number)
    ).first() or ""


def entry_of(list_id: UUID, number: int = 1) -> Entry:
    db.session.rollback()
    return db.session.scalars(select(Entry).where(Entry.list_id == list_id, Entry.number == number)).one()


def standing(list_id: UUID, number: int) -> tuple[object, ...]:
    entry = entry_of(list_id, number)
    of_list = db.session.get_one(CorrectionList, list_id)
    return (entry.village_verdict, entry.village_reason, entry.village_note, entry.proposed, of_list.decided)


SAID = st.one_of(
    st.just(Conclusion(Verdict.ALREADY_RIGHT)),
    st.builds(lambda n: Conclusion(Verdict.FIXED, {Field.ID_NUMBER: number_of(n)}), st.integers(100, 999)),
    st.builds(
        lambda day, sex: Conclusion(Verdict.FIXED, {Field.BIRTH_DATE: day, Field.SEX: sex}),
        st.sampled_from(["1/2/1986", "03-04-1985", "1985"]), st.sampled_from(["nam", "nữ", "Nu"]),
    ),
    st.builds(lambda why: Conclusion(Verdict.UNRESOLVED, reason=why), st.sampled_from(["moved_away", "deceased"])),
    st.just(Conclusion(Verdict.UNRESOLVED, reason="other", note="đi làm xa")),
)  # fmt: skip


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=SAID, twice=st.booleans())
def test_entering_a_sheet_is_entering_the_same_on_screen(scene: Scene, said: Conclusion, twice: bool) -> None:
    on_sheet, code = printed(scene, 1, twice=twice)
    on_screen = scene.put_before(Party.VILLAGE, 1)
    entries.conclude(scene.actors[HEAD], on_screen, 1, said)
    sheet_typing.type_row(scene.actors[HEAD], code, 1, said)
    if twice:
        sheet_typing.type_row(scene.actors[HELPER], code, 1, said)
    assert standing(on_sheet, 1) == standing(on_screen, 1)


def test_two_people_do_not_see_each_other_and_only_agreement_is_recorded(scene: Scene) -> None:
    list_id, code = printed(scene)
    assert sheet_typing.type_row(scene.actors[HEAD], code, 1, FIXED) == "waits"
    assert entry_of(list_id).village_verdict == ""
    helper = sheet_typing.open_sheet(scene.actors[HELPER], code).rows[0]
    assert (helper.mine, helper.choices, helper.state.value) == (None, (), "waiting")
    assert sheet_typing.type_row(scene.actors[HELPER], code, 1, FIXED) == "agrees"
    values = db.session.scalars(select(EntryValue.source).where(EntryValue.entry_id == entry_of(list_id).id))
    assert list(values) == ["paper"]
    events = list(db.session.scalars(select(Event).where(Event.list_id == list_id, Event.tag == "sheet:typed")))
    assert [each.payload["outcome"] for each in events] == ["waits", "agrees"]
    assert number_of(901) not in str([each.payload for each in events])


def test_where_they_differ_a_third_decides_and_neither_of_the_two(scene: Scene) -> None:
    list_id, code = printed(scene)
    sheet_typing.type_row(scene.actors[HEAD], code, 1, FIXED)
    assert sheet_typing.type_row(scene.actors[HELPER], code, 1, Conclusion(Verdict.ALREADY_RIGHT)) == "differs"
    row = sheet_typing.open_sheet(scene.actors[HEAD], code).rows[0]
    assert row.differs == ("verdict", "id_number")
    assert row.choices == ()
    if THIRD not in scene.actors:
        scene.person(THIRD, "to_cong_tac_a", scene.actors[HEAD].role)
        db.session.commit()
    choices = sheet_typing.open_sheet(scene.actors[THIRD], code).rows[0].choices
    ids = [each.id for each in choices]
    for name in (HEAD, HELPER):
        with pytest.raises(NotPermitted, match="người khác"):
            sheet_typing.decide_row(scene.actors[name], code, 1, ids[0])
    sheet_typing.decide_row(scene.actors[THIRD], code, 1, ids[0])
    assert entry_of(list_id).proposed == {"id_number": number_of(901)}


def test_who_differs_may_look_again_and_then_agree(scene: Scene) -> None:
    list_id, code = printed(scene)
    sheet_typing.type_row(scene.actors[HEAD], code, 1, FIXED)
    sheet_typing.type_row(scene.actors[HELPER], code, 1, Conclusion(Verdict.ALREADY_RIGHT))
    assert sheet_typing.type_row(scene.actors[HELPER], code, 1, FIXED) == "agrees"
    assert entry_of(list_id).village_verdict == "fixed"


def test_an_old_sheet_says_what_changed_and_nothing_is_overwritten_in_silence(scene: Scene) -> None:
    list_id, code = printed(scene, twice=False)
    entries.conclude(scene.actors[HELPER], list_id, 1, Conclusion(Verdict.FIXED, {Field.FULL_NAME: "Vàng Thị Mới"}))
    row = sheet_typing.open_sheet(scene.actors[HEAD], code).rows[0]
    assert next((each.before, each.now) for each in row.changes) == ("Vàng Thị Thử B", "Vàng Thị Mới")
    with pytest.raises(InvalidInput, match="đã đổi sau khi in"):
        sheet_typing.type_row(scene.actors[HEAD], code, 1, FIXED)
    assert entry_of(list_id).proposed == {"full_name": "Vàng Thị Mới"}
    sheet_typing.type_row(scene.actors[HEAD], code, 1, FIXED, seen_changes=True)
    assert entry_of(list_id).proposed == {"id_number": number_of(901)}
    assert sheet_typing.open_sheet(scene.actors[HEAD], code).rows[0].changes == (), "its own entry is no change"


def test_a_stale_page_and_a_list_elsewhere_are_refused_with_the_cause(scene: Scene) -> None:
    list_id, code = printed(scene, twice=False)
    with pytest.raises(StaleVersion):
        sheet_typing.type_row(scene.actors[HEAD], code, 1, Conclusion(Verdict.ALREADY_RIGHT, rev=99))
    other = scene.put_before(Party.VILLAGE, 0)
    moved = update(Entry).where(Entry.list_id == list_id, Entry.number == 2)
    db.session.execute(moved.values(list_id=other))
    db.session.commit()
    assert "không còn ở danh sách" in sheet_typing.open_sheet(scene.actors[HEAD], code).rows[1].moved
    with pytest.raises(WrongStage, match="không còn ở danh sách"):
        sheet_typing.type_row(scene.actors[HEAD], code, 2, FIXED)
    pending = update(CorrectionList).where(CorrectionList.id == list_id)
    db.session.execute(pending.values(pending_leg=Leg.VILLAGE_TO_POLICE.value))
    db.session.commit()
    assert sheet_typing.open_sheet(scene.actors[HEAD], code).blocked
    with pytest.raises(WrongStage):
        sheet_typing.type_row(scene.actors[HEAD], code, 1, FIXED)


def test_a_sheet_is_its_unit_s_alone_and_printing_once_per_key(scene: Scene) -> None:
    list_id, code = printed(scene)
    with pytest.raises(NotFound):
        sheet_typing.open_sheet(scene.actors["other_village_head"], code)
    for name in ("coordinator", "auditor"):
        with pytest.raises(NotPermitted):
            review_sheets.print_sheets(scene.actors[name], list_id, twice=True)
    key = "6d0f8f7e-0000-4000-8000-000000000009"
    assert {review_sheets.print_sheets(scene.actors[HEAD], list_id, twice=True, key=key) for _ in range(2)} == {2}


def test_the_pdf_masks_numbers_and_taking_it_is_written_down(scene: Scene) -> None:
    list_id, _code = printed(scene)
    name, pdf = review_sheets.sheets_pdf(scene.actors[HEAD], list_id, 1)
    assert name.endswith("-lan-1.pdf")
    assert pdf.startswith(b"%PDF-")
    tags = list(db.session.scalars(select(Event.tag).where(Event.list_id == list_id)))
    assert tags[-2:] == ["sheet:printed", "list:exported"]
    with pytest.raises(NotFound):
        review_sheets.sheets_pdf(scene.actors[HEAD], list_id, 2)
