"""Bulk acts: n single acts and nothing else, each item judged by itself, taken back while nothing changed since."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import inspect, select, update

from portal.clock import now
from portal.domain.bulk import BulkKind, ItemState
from portal.domain.errors import DomainError, InvalidInput, NotFound, NotPermitted, StaleVersion, WrongStage
from portal.domain.stages import Leg, Party
from portal.domain.verdicts import Verdict
from portal.domain.wording import restored
from portal.models import BulkItem, CorrectionList, Entry, EntryValue, EntryVerdict, Event, Handover, db
from portal.queries import bulk as queries
from portal.queries.entries import Part, PeopleFilter
from portal.queries.lists import ListFilter
from portal.services import entries
from portal.services.bulk import acts, lists
from portal.services.bulk import entries as bulk
from portal.services.bulk.kinds import WORKS
from portal.services.entries import Conclusion
from tests.integration.scene import Scene

WORKER = {Party.VILLAGE: "village_head", Party.POLICE: "police_officer", Party.STATION: "station_clerk"}
REASONS = ["", "moved_away", "deceased", "other", "card_needed"]
PEOPLE = 4
PHASES = (Phase.explicit, Phase.generate)
"""No shrinking: an example is a handful of acts, and each costs a database."""


def column_values(entry: Entry, but: frozenset[str]) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in inspect(Entry).columns.keys() if name not in but}  # noqa: SIM118


IDENTITY = frozenset({"id", "list_id", "batch_id", "changed_at"})


def world_of(list_id: UUID) -> dict[str, Any]:
    """Everything that tells two lists apart, ids and moments aside."""
    db.session.rollback()
    of_list = db.session.get_one(CorrectionList, list_id)
    people = db.session.scalars(select(Entry).where(Entry.list_id == list_id).order_by(Entry.number)).all()
    number = {entry.id: entry.number for entry in people}
    return {
        "entries": [column_values(entry, IDENTITY) for entry in people],
        "list": (of_list.stage, of_list.round, of_list.rev, of_list.decided, of_list.returned),
        "events": [
            (event.tag, number.get(event.entry_id or 0), event.user_id, {**event.payload, "values": len(event.payload.get("values", []))})
            for event in db.session.scalars(select(Event).where(Event.list_id == list_id).order_by(Event.id))
        ],
        "verdicts": [
            (number[one.entry_id], one.party, one.verdict, one.reason, one.note, one.round, one.user_id)
            for one in db.session.scalars(select(EntryVerdict).where(EntryVerdict.entry_id.in_(number)).order_by(EntryVerdict.id))
        ],
        "values": [
            (number[one.entry_id], one.field, one.origin, one.previous, one.value, one.source, one.user_id)
            for one in db.session.scalars(select(EntryValue).where(EntryValue.entry_id.in_(number)).order_by(EntryValue.id))
        ],
    }  # fmt: skip


def results(act_id: UUID) -> dict[int, str]:
    """Sentence of the refusal by the person's number; empty where it was done."""
    db.session.rollback()
    rows = db.session.execute(
        select(Entry.number, BulkItem.state, BulkItem.words)
        .join(Entry, BulkItem.entry_id == Entry.id)
        .where(BulkItem.act_id == act_id)
    )
    return {number: str(restored(words)) if state == ItemState.REFUSED.value else "" for number, state, words in rows}


def refusal_of(act: Any) -> str:
    try:
        act()
    except DomainError as refusal:
        return refusal.message
    return ""


before_the_act = st.lists(
    st.tuples(st.integers(1, PEOPLE), st.sampled_from(list(Verdict)), st.sampled_from(REASONS)), max_size=3
)
ticks = st.dictionaries(st.integers(1, PEOPLE), st.integers(1, 3), min_size=1)


@settings(max_examples=25, deadline=None, database=None, phases=PHASES, suppress_health_check=list(HealthCheck))
@given(
    party=st.sampled_from(list(Party)),
    before=before_the_act,
    ticked=ticks,
    verdict=st.sampled_from(list(Verdict)),
    reason=st.sampled_from(REASONS),
    note=st.sampled_from(["", "ghi rõ"]),
)
def test_a_bulk_act_of_n_is_n_single_acts(
    scene: Scene, party: Party, before: Any, ticked: dict[int, int], verdict: Verdict, reason: str, note: str
) -> None:
    """Same states, same refusals, same events, whatever was ticked and however the people stood."""
    actor = scene.actors[WORKER[party]]
    together, one_by_one = scene.put_before(party, PEOPLE), scene.put_before(party, PEOPLE)
    for list_id in (together, one_by_one):
        for number, earlier, why in before:
            refusal_of(partial(entries.conclude, actor, list_id, number, Conclusion(earlier, reason=why)))
    single = {
        number: refusal_of(
            lambda n=number, rev=rev: entries.conclude(
                actor, one_by_one, n, Conclusion(verdict, reason=reason, note=note, rev=rev)
            )
        )
        for number, rev in sorted(ticked.items())
    }
    try:
        act = bulk.conclude_ticked(actor, together, ticked, Conclusion(verdict, reason=reason, note=note))
    except DomainError as refusal:
        refused_whole = refusal.message
    else:
        refused_whole = ""
        told = {number: without_moment(words) for number, words in results(act).items()}
        assert told == {number: without_moment(words) for number, words in single.items()}
    if refused_whole:
        # Said once for all: a verdict that is not the party's. Only a stale row hears another sentence first.
        assert all(single.values())
        assert {words for words in single.values() if " đã đổi" not in words} <= {refused_whole}
    assert world_of(together) == world_of(one_by_one)


def without_moment(words: str) -> str:
    """«đã đổi lúc 10:15 …»: two lists changed at two moments."""
    head, mark, tail = words.partition(" đã đổi lúc ")
    return head + mark + tail[5:]


@settings(max_examples=15, deadline=None, database=None, phases=PHASES, suppress_health_check=list(HealthCheck))
@given(
    party=st.sampled_from(list(Party)),
    before=before_the_act,
    verdict=st.sampled_from(list(Verdict)),
    reason=st.sampled_from(REASONS),
    changed=st.sets(st.integers(1, PEOPLE)),
)
def test_taking_back_restores_what_stood_before_for_whatever_was_not_changed_since(
    scene: Scene, party: Party, before: Any, verdict: Verdict, reason: str, changed: set[int]
) -> None:
    actor, list_id = scene.actors[WORKER[party]], scene.put_before(party, PEOPLE)
    for number, earlier, why in before:
        refusal_of(partial(entries.conclude, actor, list_id, number, Conclusion(earlier, reason=why, note="x")))
    ticked = {e["number"]: e["rev"] for e in world_of(list_id)["entries"]}
    stood = {e["number"]: e for e in world_of(list_id)["entries"]}
    try:
        act = bulk.conclude_ticked(actor, list_id, ticked, Conclusion(verdict, reason=reason, note="x"))
    except DomainError:
        return
    done = {number for number, words in results(act).items() if not words}
    if not done:
        with pytest.raises(WrongStage):
            acts.undo(actor, act)
        return
    for number in changed & done:
        db.session.execute(
            update(Entry).where(Entry.list_id == list_id, Entry.number == number).values(rev=Entry.rev + 1)
        )
    db.session.commit()
    lengths = {name: len(world_of(list_id)[name]) for name in ("events", "verdicts", "values")}
    undone = results(acts.undo(actor, act))
    after = world_of(list_id)
    for entry in after["entries"]:
        if entry["number"] not in changed & done:
            assert {**entry, "rev": 0, "changed_by": 0} == {**stood[entry["number"]], "rev": 0, "changed_by": 0}
    assert {number for number, words in undone.items() if words} == changed & done
    assert all("đã đổi" in undone[number] for number in changed & done)
    assert len(after["events"]) == lengths["events"] + len(done - changed), "taking back adds facts, it deletes none"
    assert len(after["verdicts"]) == lengths["verdicts"] + len(done - changed)
    settled = [bool(e["outcome"] if party is Party.STATION else e[f"{party}_verdict"]) for e in after["entries"]]
    returned = [e[f"{party}_verdict"] == Verdict.RETURNED.value for e in after["entries"]]
    assert after["list"][3:] == (sum(settled), sum(returned)), "the counters say what the people say"


def test_everybody_who_matches_the_filter_is_taken_and_nobody_else(scene: Scene) -> None:
    actor, list_id = scene.actors["village_head"], scene.put_before(Party.VILLAGE, PEOPLE)
    entries.conclude(actor, list_id, 2, Conclusion(Verdict.UNRESOLVED, reason="moved_away"))
    act = bulk.conclude_matching(
        actor, list_id, PeopleFilter(Part.LEFT), Conclusion(Verdict.ALREADY_RIGHT), expected=3
    )
    assert results(act) == {1: "", 3: "", 4: ""}
    assert world_of(list_id)["entries"][1]["village_verdict"] == Verdict.UNRESOLVED.value


def test_a_filter_that_matches_others_than_were_confirmed_does_nothing(scene: Scene) -> None:
    actor, list_id = scene.actors["village_head"], scene.put_before(Party.VILLAGE, PEOPLE)
    before = world_of(list_id)
    with pytest.raises(StaleVersion, match="nay có 4"):
        bulk.conclude_matching(actor, list_id, PeopleFilter(), Conclusion(Verdict.ALREADY_RIGHT), expected=3)
    assert world_of(list_id) == before


def test_the_police_never_conclude_rows_that_were_not_shown(scene: Scene) -> None:
    actor, list_id = scene.actors["police_officer"], scene.put_before(Party.POLICE, PEOPLE)
    for part in Part:
        with pytest.raises(InvalidInput, match="đã hiện trên trang"):
            bulk.conclude_matching(actor, list_id, PeopleFilter(part), Conclusion(Verdict.VERIFIED))
    act = bulk.conclude_ticked(actor, list_id, {1: 1, 2: 7}, Conclusion(Verdict.VERIFIED))
    assert results(act)[1] == ""
    assert "đã đổi" in results(act)[2], "the row was shown in another version than it has"


def test_nothing_ticked_and_strange_numbers_are_refused_in_words(scene: Scene) -> None:
    actor, list_id = scene.actors["village_head"], scene.put_before(Party.VILLAGE, PEOPLE)
    with pytest.raises(InvalidInput, match="Chưa chọn mục nào"):
        bulk.conclude_ticked(actor, list_id, {}, Conclusion(Verdict.ALREADY_RIGHT))
    with pytest.raises(StaleVersion, match="Dòng 99"):
        bulk.conclude_ticked(actor, list_id, {1: 1, 99: 1}, Conclusion(Verdict.ALREADY_RIGHT))


@pytest.mark.parametrize("stranger", ["village_head", "coordinator", "other_village_head", "foreign_police_head"])
def test_who_may_not_do_the_single_act_may_not_do_the_bulk_act(scene: Scene, stranger: str) -> None:
    list_id = scene.put_before(Party.POLICE, PEOPLE)
    with pytest.raises((NotPermitted, WrongStage, NotFound)):
        bulk.conclude_ticked(scene.actors[stranger], list_id, {1: 1}, Conclusion(Verdict.ALREADY_RIGHT))


def test_the_same_key_again_does_nothing_again(scene: Scene) -> None:
    actor, list_id, key = scene.actors["village_head"], scene.put_before(Party.VILLAGE, PEOPLE), str(uuid4())
    first = bulk.conclude_ticked(actor, list_id, {1: 1}, Conclusion(Verdict.ALREADY_RIGHT), key=key)
    stood = world_of(list_id)
    again = bulk.conclude_ticked(actor, list_id, {1: 1}, Conclusion(Verdict.ALREADY_RIGHT), key=key)
    assert (again, world_of(list_id)) == (first, stood)


@contextmanager
def only_at_once(monkeypatch: pytest.MonkeyPatch, kind: BulkKind, count: int) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setitem(WORKS, kind, replace(WORKS[kind], at_once=count))
        yield


def cut_off(*_arguments: Any) -> None:
    raise KeyboardInterrupt


def test_a_large_act_is_left_to_the_worker_who_may_be_cut_off_and_begin_again(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor, list_id = scene.actors["village_head"], scene.put_before(Party.VILLAGE, 5)
    with only_at_once(monkeypatch, BulkKind.CONCLUDE, 2):
        act = bulk.conclude_matching(actor, list_id, PeopleFilter(), Conclusion(Verdict.ALREADY_RIGHT))
        told = queries.act_row(actor, act)
        assert told is not None
        assert (told.done, told.total, told.finished_at) == (0, 5, None)
        with pytest.raises(WrongStage, match="chưa xong"):
            acts.undo(actor, act)
        with monkeypatch.context() as patch:
            patch.setattr(acts, "_afterwards", cut_off)
            with pytest.raises(KeyboardInterrupt):
                acts.work_off(act)
        told = queries.act_row(actor, act)
        assert told is not None
        assert (told.done, told.finished_at) == (2, None), "what was done before the cut stays"
        acts.work_off(act)
        acts.work_off(act)
    told = queries.act_row(actor, act)
    assert told is not None
    assert told.finished_at is not None
    assert (told.done, told.refused) == (5, 0)
    assert world_of(list_id)["list"][3] == 5
    assert len(world_of(list_id)["verdicts"]) == 5, "nobody was concluded twice"


def test_what_the_worker_finds_changed_stage_is_refused_item_by_item(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor, list_id = scene.actors["village_head"], scene.put_before(Party.VILLAGE, PEOPLE)
    with only_at_once(monkeypatch, BulkKind.CONCLUDE, 1):
        act = bulk.conclude_matching(actor, list_id, PeopleFilter(), Conclusion(Verdict.ALREADY_RIGHT))
        db.session.execute(
            update(CorrectionList).where(CorrectionList.id == list_id).values(pending_leg=Leg.VILLAGE_TO_POLICE.value)
        )
        db.session.commit()
        acts.work_off(act)
    assert all("đang chờ ký nhận" in words for words in results(act).values())
    assert world_of(list_id)["list"][3] == 0


def test_after_sending_a_bulk_act_is_not_taken_back(scene: Scene) -> None:
    list_id = scene.make_list(2)
    scene.bring_to(Party.VILLAGE, list_id)
    actor = scene.actors["village_head"]
    act = bulk.conclude_ticked(actor, list_id, {1: 1, 2: 1}, Conclusion(Verdict.ALREADY_RIGHT))
    scene.sign_over("village_head", list_id, Leg.VILLAGE_TO_POLICE)
    undone = acts.undo(actor, act)
    assert all("đang chờ ký nhận" in words for words in results(undone).values())
    assert world_of(list_id)["list"][3] == 2


def test_nobody_sees_or_takes_back_another_persons_act(scene: Scene) -> None:
    actor, list_id = scene.actors["village_head"], scene.put_before(Party.VILLAGE, PEOPLE)
    act = bulk.conclude_ticked(actor, list_id, {1: 1}, Conclusion(Verdict.ALREADY_RIGHT))
    assert queries.act_row(scene.actors["village_helper"], act) is None
    with pytest.raises(NotFound):
        acts.undo(scene.actors["village_helper"], act)


def list_results(act_id: UUID) -> dict[UUID, tuple[str, str]]:
    db.session.rollback()
    rows = db.session.scalars(select(BulkItem).where(BulkItem.act_id == act_id))
    return {item.list_id: (item.state, str(restored(item.words))) for item in rows}


def test_a_due_date_is_changed_on_many_lists_and_taken_back(scene: Scene) -> None:
    coordinator = scene.actors["coordinator"]
    drafted, at_village, ended = scene.make_list(1), scene.put_before(Party.VILLAGE, PEOPLE), scene.make_list(1)
    db.session.execute(update(CorrectionList).where(CorrectionList.id == ended).values(stage="cancelled"))
    db.session.commit()
    old = {one: db.session.get_one(CorrectionList, one).due_at for one in (drafted, at_village)}
    due = now() + timedelta(days=3)
    act = lists.change_due(coordinator, lists.Chosen((drafted, at_village, ended)), due)
    told = list_results(act)
    assert {told[drafted][0], told[at_village][0]} == {"done"}
    assert told[ended] == ("refused", "Danh sách đã kết thúc nên không đổi hạn được.")
    assert db.session.get_one(CorrectionList, drafted).due_at == due
    acts.undo(coordinator, act)
    db.session.rollback()
    assert {one: db.session.get_one(CorrectionList, one).due_at for one in old} == old


def test_lists_without_village_get_one_and_lose_it_again(scene: Scene) -> None:
    station, village = scene.actors["station_clerk"], scene.units["to_cong_tac_b"]
    unknown, known = scene.make_list(1, village=None), scene.make_list(1)
    act = lists.assign_village(station, lists.Chosen((unknown, known)), village.id)
    assert {one.village_unit_id for one in map(get_list, (unknown, known))} == {village.id}
    acts.undo(station, act)
    assert get_list(unknown).village_unit_id is None
    assert get_list(unknown).territory_path == scene.units["tram"].territory_path
    assert get_list(known).village_unit_id == scene.units["to_cong_tac_a"].id


def get_list(list_id: UUID) -> CorrectionList:
    db.session.rollback()
    return db.session.get_one(CorrectionList, list_id)


def test_all_lists_of_a_filter_are_reminded_and_a_reminder_is_not_taken_back(scene: Scene) -> None:
    supervisor, late = scene.actors["supervisor"], scene.put_before(Party.VILLAGE, PEOPLE)
    scene.make_late(late, now() - timedelta(days=1))
    act = lists.remind(supervisor, lists.Chosen(matching=ListFilter(overdue=True)))
    assert list_results(act) == {late: ("done", "")}
    assert db.session.scalar(select(Event.tag).where(Event.list_id == late)) == "list:reminded"
    with pytest.raises(WrongStage, match="không hoàn tác"):
        acts.undo(supervisor, act)


def test_records_are_prepared_and_drawn_for_each_list_that_is_ready(scene: Scene) -> None:
    station, ready, unknown = scene.actors["station_head"], scene.make_list(1), scene.make_list(1, village=None)
    act = lists.prepare_records(station, lists.Chosen((ready, unknown)))
    told = list_results(act)
    assert told[ready][0] == "done"
    assert "chưa rõ thôn" in told[unknown][1]
    draft = db.session.scalars(select(Handover).where(Handover.list_id == ready)).one()
    assert draft.pdf_sha256, "the paper is drawn"
