"""What an officer has seen: nothing is verified unseen, changed rows are marked, the time per row is kept."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from portal.domain.errors import NotPermitted
from portal.domain.stages import Party
from portal.domain.verdicts import Verdict
from portal.models import Entry, EntrySight, EntryVerdict, db
from portal.queries.sights import changed_after_seen, last_concluded, timed_verdicts
from portal.services import entries, sights
from portal.services.entries import Conclusion
from tests.integration.scene import Scene


def entry(list_id: UUID, number: int = 1) -> Entry:
    db.session.rollback()
    return db.session.scalars(select(Entry).where(Entry.list_id == list_id, Entry.number == number)).one()


def show(scene: Scene, name: str, list_id: UUID, *numbers: int) -> None:
    rows = [entry(list_id, number) for number in numbers]
    sights.note_shown(scene.actors[name], [(row.id, row.rev) for row in rows])


def at_the_police(scene: Scene, people: int = 3) -> UUID:
    list_id = scene.make_list(people)
    scene.bring_to(Party.POLICE, list_id)
    return list_id


def verify(scene: Scene, name: str, list_id: UUID, number: int, verdict: Verdict = Verdict.VERIFIED) -> None:
    said = Conclusion(verdict, rev=entry(list_id, number).rev)
    entries.conclude(scene.actors[name], list_id, number, said)


def test_a_row_never_shown_is_not_verified(scene: Scene) -> None:
    list_id = at_the_police(scene)
    with pytest.raises(NotPermitted, match="chưa hiện ra"):
        verify(scene, "police_officer", list_id, 1)
    show(scene, "police_head", list_id, 1)
    with pytest.raises(NotPermitted, match="chưa hiện ra"):
        verify(scene, "police_officer", list_id, 1)
    show(scene, "police_officer", list_id, 1)
    verify(scene, "police_officer", list_id, 1)
    assert entry(list_id).police_verdict == "verified"


def test_a_version_that_was_not_shown_is_not_verified_either(scene: Scene) -> None:
    list_id = at_the_police(scene)
    show(scene, "police_officer", list_id, 1)
    show(scene, "police_head", list_id, 1)
    verify(scene, "police_head", list_id, 1)
    with pytest.raises(NotPermitted, match="bản mới nhất"):
        verify(scene, "police_officer", list_id, 1, Verdict.NOT_IN_DATABASE)


def test_a_row_somebody_else_changed_counts_as_not_viewed_until_it_is_concluded_anew(scene: Scene) -> None:
    list_id = at_the_police(scene)
    officer = scene.actors["police_officer"]
    show(scene, "police_officer", list_id, 1, 2)
    show(scene, "police_head", list_id, 1)
    verify(scene, "police_head", list_id, 1)
    ids = [entry(list_id, number).id for number in (1, 2)]
    marked = changed_after_seen(officer, ids)
    assert list(marked) == [ids[0]]
    assert marked[ids[0]].by == "Police Head"
    show(scene, "police_officer", list_id, 1, 2)
    assert list(changed_after_seen(officer, ids)) == [ids[0]], "looking at the page once more does not clear it"
    verify(scene, "police_officer", list_id, 1)
    assert changed_after_seen(officer, ids) == {}
    assert list(changed_after_seen(scene.actors["police_head"], ids)) == [ids[0]]


def test_the_time_of_a_verdict_runs_from_the_row_shown_or_from_the_own_verdict_before(scene: Scene) -> None:
    list_id = at_the_police(scene)
    show(scene, "police_officer", list_id, 1, 2, 3)
    for row in db.session.scalars(select(EntrySight)):
        row.at -= timedelta(seconds=60)
    db.session.commit()
    verify(scene, "police_officer", list_id, 1)
    verify(scene, "police_officer", list_id, 2)
    entries.conclude(scene.actors["police_head"], list_id, 3, Conclusion(Verdict.VERIFIED))
    times = timed_verdicts(scene.actors["auditor"], list_id)
    assert [(one.full_name, one.took is None) for one in times] == [
        ("Police Officer", False),
        ("Police Officer", False),
        ("Police Head", True),
    ]
    first, second = times[0].took, times[1].took
    assert first is not None
    assert second is not None
    assert first >= timedelta(seconds=60)
    assert second < timedelta(seconds=30), "fifty rows appear at once but are looked at one by one"
    stored = select(EntryVerdict.shown_at).where(EntryVerdict.entry_id == entry(list_id).id)
    assert all(db.session.scalars(stored.where(EntryVerdict.party == "police")))


def test_the_clock_of_an_unchanged_row_runs_on_when_the_row_is_only_opened(scene: Scene) -> None:
    list_id = at_the_police(scene, 1)
    show(scene, "police_officer", list_id, 1)
    row, officer = entry(list_id), scene.actors["police_officer"]
    first = db.session.get_one(EntrySight, (officer.user_id, row.id)).at
    sights.note_shown(officer, [(row.id, row.rev)], restart=False)
    assert db.session.get_one(EntrySight, (officer.user_id, row.id)).at == first
    sights.note_shown(officer, [(row.id, row.rev)])
    assert db.session.get_one(EntrySight, (officer.user_id, row.id)).at > first


def test_strangers_see_no_times(scene: Scene) -> None:
    list_id = at_the_police(scene, 1)
    show(scene, "police_officer", list_id, 1)
    verify(scene, "police_officer", list_id, 1)
    assert timed_verdicts(scene.actors["foreign_police_head"], list_id) == []


def test_work_goes_on_behind_the_row_concluded_last(scene: Scene) -> None:
    list_id = at_the_police(scene)
    officer = scene.actors["police_officer"]
    assert last_concluded(officer, list_id) == 0
    entries.conclude(officer, list_id, 2, Conclusion(Verdict.VERIFIED))
    assert last_concluded(officer, list_id) == 2
    assert last_concluded(scene.actors["police_head"], list_id) == 0
