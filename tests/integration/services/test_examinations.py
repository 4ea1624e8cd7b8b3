"""The auditor's room: every signed record of the territory is judged, whatever does not fit is named, once each."""

from uuid import UUID

import pytest
from sqlalchemy import select

from portal.domain.errors import WrongStage
from portal.domain.stages import Leg
from portal.models import Examination, ExaminedRecord, Handover, db
from portal.queries import examinations as queries
from portal.services import examinations
from portal.services.context import ground
from tests.integration.scene import Scene


@pytest.fixture(scope="module")
def records(scene: Scene) -> list[UUID]:
    """Three signed records and a draft."""
    signed = [scene.sign_over("station_head", scene.make_list(1), Leg.STATION_TO_VILLAGE) for _ in range(3)]
    from portal.services.handovers import prepare_record

    prepare_record(scene.actors["station_head"], scene.make_list(1), Leg.STATION_TO_VILLAGE)
    return signed


def examined(scene: Scene) -> Examination:
    made = examinations.start(scene.actors["auditor"])
    examinations.work_off(made)
    return db.session.get_one(Examination, made)


def words(of: Examination) -> dict[UUID, str]:
    rows = select(ExaminedRecord.handover_id, ExaminedRecord.word).where(ExaminedRecord.examination_id == of.id)
    return {each.handover_id: each.word for each in db.session.execute(rows)}


def test_every_signed_record_is_judged_and_no_draft(scene: Scene, records: list[UUID]) -> None:
    done = examined(scene)
    assert words(done) == dict.fromkeys(records, "genuine")
    assert (done.total, done.genuine, done.undecided, done.not_genuine) == (3, 3, 0, 0)
    assert done.finished_at is not None
    assert queries.findings(scene.actors["auditor"], done.id, page=1, size=50) == []
    rows = queries.seal_rows(scene.actors["auditor"], done.id, page=1)
    assert sum(len(row.seals) for row in rows) == 3
    assert queries.count_batches(scene.actors["auditor"], done.id) == len(rows)


def test_a_swapped_and_a_lost_file_are_findings(scene: Scene, records: list[UUID]) -> None:
    paths = [ground().store.path(db.session.get_one(Handover, each).pdf_sha256) for each in records[:2]]
    whole = [path.read_bytes() for path in paths]
    paths[0].chmod(0o640)
    try:
        paths[0].write_bytes(whole[0].replace(b"PDF", b"PDf", 1))
        paths[1].unlink()
        done = examined(scene)
    finally:
        for path, data in zip(paths, whole, strict=True):
            path.write_bytes(data)
    assert (done.genuine, done.not_genuine) == (1, 2)
    found = queries.findings(scene.actors["auditor"], done.id, page=1, size=50)
    assert {each.handover_id for each in found} == set(records[:2])
    assert {each.text for each in found} == {"Tệp trong kho đã bị thay đổi", "Không thấy tệp trong kho"}


def test_one_begun_is_finished_by_whoever_comes_next_and_nothing_counts_twice(
    scene: Scene, records: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examinations, "AT_ONCE", 1)
    made = examinations.start(scene.actors["auditor"])
    with pytest.raises(WrongStage, match="chưa xong"):
        examinations.start(scene.actors["auditor"])
    first = db.session.scalars(examinations._left(made)).one()
    examinations._note(made, first.handover_id, *examinations._judge(first.handover))
    db.session.commit()
    examinations.work_off(made)
    examinations.work_off(made)
    done = db.session.get_one(Examination, made)
    assert (done.total, done.genuine) == (3, 3)


def test_another_auditors_examination_is_not_found(scene: Scene, records: list[UUID]) -> None:
    done = examined(scene)
    assert queries.own(scene.actors["auditor"], done.id) is not None
    assert queries.own(scene.actors["supervisor"], done.id) is None
