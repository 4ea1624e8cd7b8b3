"""Persons who stand twice: found once, told as far as one may see, judged blindly, remembered, never merged."""

import threading
import time
from datetime import date
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, insert, select, text, update

from portal.clock import now, today
from portal.domain.errors import NotFound, NotPermitted, WrongStage
from portal.domain.pair_decisions import PairState, PairVerdict
from portal.models import CorrectionList, DuplicatePair, EarlierNumber, Entry, EntryBlock, Event, db
from portal.queries import duplicates as queries
from portal.services import duplicate_search, duplicates
from tests.integration.scene import Scene

ON = date(2026, 11, 25)
OTHER, THIRD = "001060991999", "001060991888"
_NAMES = (
    "Lò Văn Thưởng", "Hà Đức Khoản", "Nông Minh Quý", "Quàng Văn Xôm", "Triệu Tài Phin",
    "Bàn Tiến Chiêu", "Đinh Công Chiến", "Bùi Thanh Dũng", "Cầm Quang Tuấn",
)  # fmt: skip
_born = count(1)


def somebody() -> dict[str, str]:
    """A person whom no other test knows."""
    n = next(_born)
    return {
        "full_name": _NAMES[n % len(_NAMES)], "birth_date": f"{n:02d}/11/{1950 + 3 * n}", "sex": "nam",
        "id_number": f"0150{(50 + 3 * n) % 100:02d}99{n:02d}01",
    }  # fmt: skip


def people(scene: Scene, *persons: dict[str, str], station: str = "tram") -> UUID:
    """A drafted list of exactly these people."""
    nobody = dict.fromkeys(("id_number", "full_name", "birth_date", "sex", "phone", "insurance_number"), "")
    village = "to_cong_tac_a" if station == "tram" else "to_cong_tac_c"
    return scene.make_list(persons=[nobody | each for each in persons], village=village, station=station)


def search(list_id: UUID) -> int:
    made = duplicate_search.search(db.session.get_one(CorrectionList, list_id).batch_id)
    db.session.expire_all()
    return made


def pairs_of(list_id: UUID) -> list[DuplicatePair]:
    ids = select(Entry.id).where(Entry.list_id == list_id)
    found = select(DuplicatePair).where(DuplicatePair.one_entry_id.in_(ids) | DuplicatePair.other_entry_id.in_(ids))
    return list(db.session.scalars(found.execution_options(populate_existing=True)))


def test_a_misspelt_second_entry_of_a_list_is_found_once_and_marks_are_told(scene: Scene) -> None:
    lo = somebody()
    twice = {**lo, "full_name": lo["full_name"].replace("ă", "a"), "id_number": ""}
    list_id = people(scene, lo, twice, {**lo, "full_name": "Giàng A Páo", "id_number": "", "birth_date": "1950"})
    assert search(list_id) == 1
    search(list_id)
    [pair] = pairs_of(list_id)
    assert (pair.kind, pair.state) == ("likely", "open")
    row = queries.pair_row(scene.actors["station_clerk"], pair.id, today())
    assert row.is_whole
    assert {row.one.number, row.other.number} == {1, 2}


def test_two_persons_under_one_number_are_a_hard_pair_of_their_own_kind(scene: Scene) -> None:
    person = somebody()
    other = {"full_name": "Giàng Thị Mỷ", "birth_date": "01/01/1990", "sex": "nữ", "id_number": person["id_number"]}
    list_id = people(scene, person, other)
    search(list_id)
    [pair] = pairs_of(list_id)
    assert (pair.kind, pair.is_hard) == ("shared_number", True)


def test_a_hard_pair_needs_two_who_agree_and_the_second_sees_nothing_of_the_first(scene: Scene) -> None:
    person = somebody()
    other = {**person, "id_number": OTHER}
    list_id = people(scene, person, other)
    search(list_id)
    [pair] = pairs_of(list_id)
    assert (pair.kind, pair.is_hard) == ("two_numbers", True)
    clerk, head, boss = (scene.actors[name] for name in ("station_clerk", "station_head", "coordinator"))
    assert duplicates.judge(clerk, pair.id, PairVerdict.SAME, "đã gặp") is PairState.SECOND
    assert queries.opinions(queries.find_pair(head, pair.id)) == []
    assert queries.pair_row(head, pair.id, ON).mine_said == ""
    told = db.session.scalars(select(Event.payload).where(Event.tag == "pair:reviewed")).all()
    assert all(set(payload) == {"pair"} for payload in told)
    with pytest.raises(WrongStage, match="đã xem cặp này"):
        duplicates.judge(clerk, pair.id, PairVerdict.SAME)
    assert duplicates.judge(head, pair.id, PairVerdict.DIFFERENT) is PairState.SECOND
    assert duplicates.judge(boss, pair.id, PairVerdict.SAME) is PairState.DECIDED
    assert [each.verdict for each in queries.opinions(queries.find_pair(head, pair.id))] == [
        "same",
        "different",
        "same",
    ]
    decided = db.session.scalars(select(Event.payload).where(Event.tag == "pair:decided")).all()
    assert [payload["decision"] for payload in decided if payload["pair"] == str(pair.id)] == ["same", "same"]


def test_one_person_with_two_numbers_keeps_both_and_is_found_under_either(scene: Scene) -> None:
    person = somebody()
    list_id = people(scene, person, {**person, "id_number": THIRD})
    search(list_id)
    [pair] = pairs_of(list_id)
    for name in ("station_clerk", "station_head"):
        duplicates.judge(scene.actors[name], pair.id, PairVerdict.SAME)
    kept = select(EarlierNumber.number).where(EarlierNumber.pair_id == pair.id)
    assert sorted(db.session.scalars(kept)) == sorted([person["id_number"], THIRD])
    entries = db.session.scalars(select(Entry).where(Entry.list_id == list_id)).all()
    assert len(entries) == 2, "nothing merges by itself"
    later = people(scene, {"full_name": "Người khác hẳn", "birth_date": "1999", "sex": "nữ", "id_number": THIRD})
    search(later)
    assert {each.kind for each in pairs_of(later)} == {"shared_number"}
    assert len(pairs_of(later)) == 2, "with the entry under its number now, and with the one that bore it"


def test_not_a_duplicate_is_remembered_when_the_same_two_come_again(scene: Scene) -> None:
    person = somebody()
    namesake = {**person, "id_number": "", "sex": ""}
    list_id = people(scene, person, namesake)
    search(list_id)
    [pair] = pairs_of(list_id)
    for name in ("station_clerk", "station_head"):
        if db.session.get_one(DuplicatePair, pair.id).state != "decided":
            duplicates.judge(scene.actors[name], pair.id, PairVerdict.DIFFERENT)
    assert search(list_id) == 0
    again = people(scene, person, namesake)
    search(again)
    within = [each for each in pairs_of(again) if {each.one_entry_id, each.other_entry_id} <= ids_of(again)]
    assert within == []


def ids_of(list_id: UUID) -> set[int]:
    return set(db.session.scalars(select(Entry.id).where(Entry.list_id == list_id)))


def test_a_correction_sets_an_open_pair_aside(scene: Scene) -> None:
    person = somebody()
    list_id = people(scene, person, {**person, "id_number": ""})
    search(list_id)
    right = {"full_name": "Giàng A Páo", "birth_date": "09/09/1960", "id_number": "015060991777"}
    second = update(Entry).where(Entry.list_id == list_id, Entry.number == 2)
    db.session.execute(second.values(verified=right, changed_at=now()))
    db.session.commit()
    search(list_id)
    [pair] = pairs_of(list_id)
    assert pair.state == "gone"
    assert db.session.get_one(CorrectionList, list_id).batch_id in duplicate_search.changed_batches()


def test_an_opinion_counts_for_the_values_it_was_formed_on(scene: Scene) -> None:
    """Corrected apart and then alike again under other values, the pair needs its two looks anew."""
    person = somebody()
    list_id = people(scene, person, {**person, "id_number": "001060991555"})
    search(list_id)
    [pair] = pairs_of(list_id)
    clerk, head = scene.actors["station_clerk"], scene.actors["station_head"]
    duplicates.judge(clerk, pair.id, PairVerdict.SAME)
    second = update(Entry).where(Entry.list_id == list_id, Entry.number == 2)
    apart = {"full_name": "Sầm Thị Lả", "birth_date": "03/03/1931", "sex": "nữ", "id_number": "015131991775"}
    for values in (apart, {**person, "id_number": "001060991444"}):
        db.session.execute(second.values(verified=values))
        db.session.commit()
        search(list_id)
    [pair] = pairs_of(list_id)
    assert (pair.kind, pair.state) == ("two_numbers", "open")
    assert queries.pair_row(clerk, pair.id, ON).mine_said == ""
    assert duplicates.judge(head, pair.id, PairVerdict.SAME) is PairState.SECOND
    db.session.execute(second.values(verified={**person, "id_number": "001060991333"}))
    db.session.commit()
    search(list_id)
    assert [each.state for each in pairs_of(list_id)] == ["open"], "the first look was at another number"
    assert duplicates.judge(clerk, pair.id, PairVerdict.SAME) is PairState.SECOND
    assert duplicates.judge(head, pair.id, PairVerdict.SAME) is PairState.DECIDED
    assert len(queries.opinions(queries.find_pair(head, pair.id))) == 2


def search_beside(scene: Scene, list_id: UUID, statement: Any) -> None:
    """The search meets what another transaction is just writing: it waits for it, and then goes on."""
    batch, failures = db.session.get_one(CorrectionList, list_id).batch_id, []
    db.session.rollback()

    def work() -> None:
        try:
            with scene.app.app_context():
                duplicate_search.search(batch)
        except Exception as error:
            failures.append(error)

    thread = threading.Thread(target=work)
    with db.engine.connect() as another, db.engine.connect() as watcher:
        another.execute(statement)
        thread.start()
        waiting = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                       " AND wait_event_type = 'Lock'")  # fmt: skip
        while thread.is_alive() and not watcher.execute(waiting).scalar_one():
            watcher.rollback()
            time.sleep(0.01)
        another.commit()
    thread.join()
    assert failures == []


def test_a_pair_decided_while_the_search_runs_stays_decided(scene: Scene) -> None:
    person = somebody()
    list_id = people(scene, person, {**person, "id_number": ""})
    search(list_id)
    [pair] = pairs_of(list_id)
    right = {"full_name": "Giàng A Của", "birth_date": "07/09/1961", "id_number": "015060991776"}
    second = update(Entry).where(Entry.list_id == list_id, Entry.number == 2)
    db.session.execute(second.values(verified=right))
    decided = update(DuplicatePair).where(DuplicatePair.id == pair.id)
    db.session.commit()
    search_beside(scene, list_id, decided.values(state="decided", decision="same", decided_at=now()))
    assert [each.state for each in pairs_of(list_id)] == ["decided"]


def test_a_key_that_a_decision_writes_meanwhile_stops_no_search(scene: Scene) -> None:
    person = somebody()
    list_id = people(scene, person, {**person, "id_number": ""})
    search(list_id)
    key = db.session.execute(
        select(EntryBlock.key, EntryBlock.entry_id).where(EntryBlock.entry_id.in_(ids_of(list_id))).limit(1)
    ).one()
    db.session.execute(delete(EntryBlock).where(EntryBlock.entry_id == key.entry_id))
    db.session.commit()
    search_beside(scene, list_id, insert(EntryBlock).values(key=key.key, entry_id=key.entry_id))
    assert len(pairs_of(list_id)) == 1


def test_one_batch_that_fails_does_not_end_the_night(scene: Scene) -> None:
    person = somebody()
    list_id = people(scene, person, {**person, "id_number": ""})
    wrong: Any = "no batch"
    assert duplicate_search.search_each([wrong, scene.batch_of(list_id)]) == [wrong]
    assert len(pairs_of(list_id)) == 1


def test_a_batch_from_before_there_was_a_search_is_found_once(scene: Scene) -> None:
    list_id = people(scene, somebody())
    batch = scene.batch_of(list_id)
    assert batch in duplicate_search.changed_batches()
    search(list_id)
    assert batch not in duplicate_search.changed_batches()


def test_another_communes_person_is_a_claim_without_a_name_and_the_unit_above_decides(scene: Scene) -> None:
    person = somebody()
    mine = people(scene, person)
    theirs = people(
        scene, {**person, "full_name": person["full_name"].title(), "phone": "0999990001"}, station="tram_khac"
    )
    search(mine)
    search(theirs)
    [pair] = pairs_of(mine)
    clerk, foreign, supervisor = (scene.actors[n] for n in ("station_clerk", "foreign_station_head", "supervisor"))
    for actor in (clerk, foreign):
        row = queries.pair_row(actor, pair.id, ON)
        hidden = [side for side in (row.one, row.other) if not side.is_seen]
        assert len(hidden) == 1
        assert (hidden[0].values, hidden[0].list_id, hidden[0].number) == (None, None, 0)
        assert hidden[0].station.unit_name
        with pytest.raises(NotPermitted, match="cơ quan giám sát"):
            duplicates.judge(actor, pair.id, PairVerdict.SAME)
    for name in ("village_head", "police_officer"):
        with pytest.raises(NotFound):
            queries.pair_row(scene.actors[name], pair.id, ON)
    row = queries.pair_row(supervisor, pair.id, ON)
    assert row.is_whole
    assert not row.one.is_held
    duplicates.judge(supervisor, pair.id, PairVerdict.DIFFERENT)
    assert db.session.get_one(DuplicatePair, pair.id).state == "decided"


def test_counters_equal_their_tabs(scene: Scene) -> None:
    person = somebody()
    list_id = people(scene, person, {**person, "id_number": ""}, {**person, "id_number": OTHER})
    search(list_id)
    for name in ("station_clerk", "coordinator", "supervisor", "police_officer"):
        actor = scene.actors[name]
        for tab, told in queries.counts(actor).items():
            rows, matching = queries.pairs_page(actor, tab, 1, ON)
            assert (matching, min(told, queries.SIZE)) == (told, len(rows))


def test_a_second_click_says_nothing_twice(scene: Scene) -> None:
    person = somebody()
    list_id = people(scene, person, {**person, "id_number": ""})
    search(list_id)
    [pair] = pairs_of(list_id)
    clerk: Any = scene.actors["station_clerk"]
    key = "7b1c8e9e-4c1a-4b43-9d5e-0f6b9f7a1c11"
    first = duplicates.judge(clerk, pair.id, PairVerdict.SAME, key=key)
    assert duplicates.judge(clerk, pair.id, PairVerdict.SAME, key=key) is first
