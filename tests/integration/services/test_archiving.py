"""Signing while no time-stamp authority answers, late time-stamps, closing for the archive, renewal."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from sqlalchemy import select, text

from portal import clock
from portal.clock import now
from portal.domain.errors import WrongStage
from portal.domain.stages import Leg
from portal.models import Event, Handover, RecordRevision, db
from portal.services import archiving, revocation, signing
from portal.services.authority import known_lists, trusted_roots
from portal.services.context import ground, time_from
from portal.services.handovers import open_handover
from portal.services.keys import enrol
from portal.services.transitions import load_list, offers
from portal.signatures.invented_time import InventedTime
from portal.signatures.stamping import Authorities, NoTimeStamp
from portal.verification.files import verify_pdf
from portal.verification.verdicts import Verdict, Word
from tests.integration.scene import PASSPHRASE, Scene, shown

HOUR = timedelta(hours=1)


@contextmanager
def nobody_answers() -> Iterator[None]:
    with time_from(Authorities(lambda: ["http://127.0.0.1:9/"], lambda: trusted_roots(ground().settings), now)):
        yield


def record_of(record_id: UUID) -> Handover:
    db.session.rollback()
    return db.session.get_one(Handover, record_id)


def verdict_of(record_id: UUID) -> Verdict:
    return verify_pdf(
        ground().store.get(record_of(record_id).pdf_sha256), trusted_roots(ground().settings), now=now()
    )


def levels(record_id: UUID) -> list[str]:
    return [each.level for each in verdict_of(record_id).signatures]


def events(record_id: UUID) -> list[tuple[str, str]]:
    found = db.session.scalars(select(Event).where(Event.handover_id == record_id).order_by(Event.id))
    return [(each.tag, each.payload.get("level", "")) for each in found if each.tag.startswith("record:")]


def jobs() -> list[str]:
    rows = db.session.execute(
        text("SELECT args ->> 'record' FROM procrastinate_jobs WHERE task_name = 'archiving.finish'")
    )
    return [row[0] for row in rows]


def prefixes_hold(record_id: UUID) -> bool:
    digests = db.session.scalars(
        select(RecordRevision.sha256).where(RecordRevision.handover_id == record_id).order_by(RecordRevision.id)
    ).all()
    files = [ground().store.get(digest) for digest in digests]
    return all(after.startswith(before) for before, after in pairwise(files))


def test_where_an_authority_answers_each_signature_is_b_t_at_once(scene: Scene) -> None:
    record_id = scene.sign_over("station_head", scene.make_list(), Leg.STATION_TO_VILLAGE)
    found = record_of(record_id)
    assert (found.level, found.unstamped_since) == ("B-T", None)
    assert levels(record_id) == ["B-T", "B-T"]
    assert str(record_id) in jobs()


def test_without_an_answer_the_act_holds_the_record_waits_and_the_worker_completes_it(scene: Scene) -> None:
    list_id = scene.make_list()
    with nobody_answers():
        record_id = scene.sign_over("station_head", list_id, Leg.STATION_TO_VILLAGE)
        found = record_of(record_id)
        assert (found.status, found.level) == ("sent", "B-B")
        assert found.unstamped_since is not None
        with pytest.raises(NoTimeStamp):
            archiving.finish(record_id)
        assert archiving.each_by_itself(archiving.waiting_records(), archiving.finish) == 0
        assert record_of(record_id).unstamped_since is not None
    seen = shown(record_id)
    archiving.each_by_itself(archiving.waiting_records(), archiving.finish)
    found = record_of(record_id)
    assert (found.level, found.unstamped_since) == ("B-T", None)
    assert levels(record_id) == ["B-T", "B-T"]
    assert events(record_id) == [("record:stamped", "B-T")]
    assert prefixes_hold(record_id)
    # Whoever looked at the pages before the time-stamp came has seen all that is signed.
    open_handover(scene.actors["village_head"], record_id)
    signing.countersign(scene.actors["village_head"], record_id, PASSPHRASE, shown=seen)
    assert record_of(record_id).status == "countersigned"
    assert levels(record_id) == ["B-T"] * 3


def test_within_four_hours_the_next_step_goes_on_and_one_time_stamp_serves_both(scene: Scene) -> None:
    with nobody_answers():
        record_id = scene.sign_over("station_head", scene.make_list(), Leg.STATION_TO_VILLAGE)
        scene.take("village_head", record_id)
    found = record_of(record_id)
    assert (found.status, found.level) == ("countersigned", "B-B")
    archiving.finish(record_id)
    assert record_of(record_id).level == "B-LTA"
    assert levels(record_id) == ["B-LTA"] * 3
    assert events(record_id) == [("record:stamped", "B-T"), ("record:archived", "B-LTA")]


def test_after_four_hours_the_next_step_waits_and_everybody_sees_why(scene: Scene) -> None:
    list_id = scene.make_list()
    with nobody_answers():
        record_id = scene.sign_over("station_head", list_id, Leg.STATION_TO_VILLAGE)
    receiver = scene.actors["village_head"]
    with clock.at(now() + 4 * HOUR + timedelta(minutes=1)):
        with pytest.raises(WrongStage, match="chờ dấu thời gian từ") as refusal:
            scene.take("village_head", record_id)
        assert refusal.value.code == "time_stamped"
        blocked = {o.transition.action: o.blocked for o in offers(receiver, load_list(receiver, list_id))}
        assert "đã quá 4 giờ" in blocked["countersign"]
        assert not blocked["refuse"], "the receiver can always turn it back"
        archiving.finish(record_id)
        scene.take("village_head", record_id)
    assert record_of(record_id).status == "countersigned"


def test_a_finished_record_is_closed_to_b_lta_once_and_stays_proven_for_ten_years(scene: Scene) -> None:
    record_id = scene.sign_over("station_head", scene.make_list(), Leg.STATION_TO_VILLAGE)
    scene.take("village_head", record_id)
    before = record_of(record_id).pdf_sha256
    archiving.finish(record_id)
    found = record_of(record_id)
    assert found.level == "B-LTA"
    assert found.archived_at is not None
    assert found.renew_at is not None
    assert now() + timedelta(days=13 * 365) < found.renew_at < now() + timedelta(days=15 * 365)
    data = ground().store.get(found.pdf_sha256)
    assert data.startswith(ground().store.get(before))
    assert len(verdict_of(record_id).stamps) == 2
    later = verify_pdf(data, trusted_roots(ground().settings), now=now() + timedelta(days=3653))
    assert later.verdict is Word.GENUINE
    archiving.finish(record_id)
    assert record_of(record_id).pdf_sha256 == found.pdf_sha256
    assert prefixes_hold(record_id)


def test_a_record_turned_back_is_closed_by_the_sweep(scene: Scene) -> None:
    record_id = scene.sign_over("station_head", scene.make_list(), Leg.STATION_TO_VILLAGE)
    signing.recall(scene.actors["station_head"], record_id)
    assert record_id in archiving.waiting_records()
    archiving.each_by_itself(archiving.waiting_records(), archiving.finish)
    assert record_of(record_id).level == "B-LTA"
    assert record_id not in archiving.waiting_records()


def test_before_the_last_time_stamp_ends_the_record_gets_its_next_one(scene: Scene) -> None:
    record_id = scene.sign_over("station_head", scene.make_list(), Leg.STATION_TO_VILLAGE)
    scene.take("village_head", record_id)
    archiving.finish(record_id)
    assert archiving.records_to_renew() == []
    found = record_of(record_id)
    assert found.renew_at is not None
    with (
        clock.at(found.renew_at + timedelta(days=1)),
        time_from(InventedTime(ground().settings.authority_folder, now)),
    ):
        assert record_id in archiving.records_to_renew()
        archiving.renew(record_id)
        assert verdict_of(record_id).verdict is Word.GENUINE
        assert len(verdict_of(record_id).stamps) == 3
    assert events(record_id)[-1] == ("record:renewed", "B-LTA")
    assert prefixes_hold(record_id)


def test_a_time_stamp_that_comes_while_somebody_signs_is_not_kept(scene: Scene, monkeypatch) -> None:
    with nobody_answers():
        record_id = scene.sign_over("station_head", scene.make_list(), Leg.STATION_TO_VILLAGE)
    own = archiving._with_stamp

    def slow(pdf: bytes) -> bytes:
        stamped = own(pdf)
        with nobody_answers():
            scene.take("village_head", record_id)
        return stamped

    monkeypatch.setattr(archiving, "_with_stamp", slow)
    archiving.finish(record_id)
    found = record_of(record_id)
    assert found.status == "countersigned"
    assert len(verdict_of(record_id).signatures) == 3
    monkeypatch.undo()
    archiving.finish(record_id)
    assert levels(record_id) == ["B-LTA"] * 3


def test_a_key_replaced_is_on_the_list_and_what_it_signed_before_stays_genuine(scene: Scene) -> None:
    giver = scene.actors["foreign_station_head"]
    list_id = scene.make_list(village="to_cong_tac_c", station="tram_khac")
    record_id = scene.sign_over("foreign_station_head", list_id, Leg.STATION_TO_VILLAGE)
    serial = record_of(record_id).signatures[0].certificate_serial
    with clock.at(now() + timedelta(minutes=1)):
        enrol(giver, PASSPHRASE)
        revocation.publish()
    entries = known_lists(ground().settings)[0]
    assert entries.get_revoked_certificate_by_serial_number(int(serial, 16)) is not None
    told = verify_pdf(
        ground().store.get(record_of(record_id).pdf_sha256),
        trusted_roots(ground().settings),
        now=now(),
        lists=known_lists(ground().settings),
    )
    assert told.verdict is Word.GENUINE


def test_old_records_stay_genuine_after_seal_and_time_keys_are_renewed(tmp_path) -> None:
    """A portal of its own: the scene's keys are shared by other modules."""
    from portal.services.authority import ensure_authority, renew_key
    from portal.settings import Settings
    from portal.signatures.keys import load_seal
    from portal.signatures.signing import seal
    from tests.unit.signatures import papers

    settings = Settings(home=tmp_path / "home")
    ensure_authority(settings, now=now())

    def sealed() -> bytes:
        stamper = InventedTime(settings.authority_folder, now)
        return seal(papers.with_fields(), load_seal(settings.authority_folder), now=now(), timestamper=stamper)

    before = sealed()
    renew_key(settings, "seal", now=now())
    renew_key(settings, "time", now=now())
    after = sealed()
    roots = trusted_roots(settings)
    assert [verify_pdf(pdf, roots, now=now()).verdict for pdf in (before, after)] == [Word.GENUINE] * 2
    assert len(list(settings.authority_folder.glob("seal-*.pem"))) == 2
