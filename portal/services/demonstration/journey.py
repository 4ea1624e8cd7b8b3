"""One batch of one village through every leg, with the demonstration's accounts; leaves papers, files and times."""

import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from portal import clock
from portal.domain.permissions import Actor
from portal.domain.stages import HandoverStatus, Leg, RecordKind, Stage
from portal.models import CorrectionList, Handover, db
from portal.services import archiving, evidence_packages, imports, platform, trails
from portal.services.authority import ensure_authority, trust_bundle, trusted_roots
from portal.services.context import ground
from portal.services.demonstration import way
from portal.services.demonstration.accounts import actor, create_accounts, create_keys
from portal.services.demonstration.people import PersonMaker
from portal.services.demonstration.units import create_units
from portal.services.demonstration.workbooks import make_workbook
from portal.services.unit_of_work import transaction
from portal.verification.files import verify_pdf
from portal.verification.verdicts import WORDS, Word

STATION, VILLAGE, POLICE, OFFICER = "tyt.tramtau", "thon.taugiua", "cax.tramtau", "cax.tramtau.cb"
_DUE = timedelta(days=14)
_NAMES = {
    Leg.STATION_TO_VILLAGE: "tram-thon",
    Leg.VILLAGE_TO_POLICE: "thon-cong-an",
    Leg.POLICE_TO_STATION: "cong-an-tram",
}


@dataclass
class JourneyTold:
    """How it went: records left and how many of them verify as genuine."""

    records: int = 0
    genuine: int = 0


@dataclass
class _Journey:
    out: Path
    entries: int
    seed: int
    say: Callable[[str], None]
    times: list[dict[str, object]] = field(default_factory=list)

    @contextmanager
    def step(self, name: str, words: str) -> Iterator[None]:
        begun = time.perf_counter()
        yield
        seconds = round(time.perf_counter() - begun, 3)
        self.times.append({"step": name, "seconds": seconds, "entries": self.entries})
        self.say(f"  {seconds:7.2f} s  {words}")


def run_journey(out: Path, *, entries: int, seed: int, say: Callable[[str], None]) -> JourneyTold:
    """Drive the batch and write its papers to `out`.

    They are `records/NN-….pdf`, `import.xlsx`, `trail.pdf`, `evidence.asice`, `roots.pem`, `times.json`.

    Runs inside an open portal (`services.standalone.opened`) whose settings say demonstration. What an earlier run
    left under these names is replaced. Every record is brought to its final level before it is left.
    """
    run = _Journey(out, entries, seed, say)
    _clear(out)
    with run.step("setup", "đơn vị, tài khoản, khóa ký"):
        _set_up()
    list_id, truth = _import(run)
    chance = random.Random(seed)  # noqa: S311  reproducible, nothing secret
    _hand_over(run, STATION, VILLAGE, list_id, Leg.STATION_TO_VILLAGE)
    with run.step("village_review", "thôn kết luận từng người"):
        way.conclude(actor(VILLAGE), list_id, truth, chance)
    _hand_over(run, VILLAGE, POLICE, list_id, Leg.VILLAGE_TO_POLICE)
    with run.step("police_verification", "công an đối chiếu từng người"):
        way.conclude(actor(OFFICER), list_id, truth, chance)
    _hand_over(run, POLICE, STATION, list_id, Leg.POLICE_TO_STATION)
    _update_platform(run, actor(STATION), list_id)
    with run.step("completion", "trạm ký biên bản hoàn thành"):
        way.send(actor(STATION), list_id, None)
    _require_closed(list_id)
    with run.step("trail", "hồ sơ in được"):
        _, trail = trails.trail_pdf(actor("thanhtra"), list_id)
        (out / "trail.pdf").write_bytes(trail)
    return _finish(run, list_id)


def _set_up() -> None:
    ensure_authority(ground().settings, now=clock.now())
    with transaction():
        create_units()
        create_accounts()
    create_keys((STATION, VILLAGE, POLICE))


def _import(run: _Journey) -> tuple[UUID, way.Truth]:
    station = actor(STATION)
    made = make_workbook(
        PersonMaker(run.seed),
        commune="Trạm Tấu",
        station=station.unit_name,
        shares={"Thôn Tấu Giữa": run.entries},
        seed=run.seed,
        mark=f"lập lúc {clock.local(clock.now()):%H:%M:%S.%f %d/%m/%Y}",
    )
    with run.step("import", "nhập tệp Excel của trạm"):
        upload = imports.upload_workbook(station, "danh-sach-can-lam-sach.xlsx", made.data)
        batch_id = imports.confirm_import(station, upload, due_at=clock.now() + _DUE, title="Đợt chạy thử")
    (list_id,) = db.session.scalars(select(CorrectionList.id).where(CorrectionList.batch_id == batch_id))
    return list_id, made.truth


def _hand_over(run: _Journey, giver: str, receiver: str, list_id: UUID, leg: Leg) -> None:
    with run.step(leg.value, f"{actor(giver).unit_name} giao {actor(receiver).unit_name}, hai bên ký"):
        way.take(actor(receiver), way.send(actor(giver), list_id, leg))


def _update_platform(run: _Journey, station: Actor, list_id: UUID) -> None:
    with run.step("station_update", "trạm cập nhật: tệp nhập, sửa từng trường, danh sách xác minh"):
        data = way.make_import_file(station, list_id)
        if data:
            (run.out / "import.xlsx").write_bytes(data)
        way.edit_fields(station, list_id)
        platform.take_verification_list(station, list_id, way.verification_list(list_id))


def _require_closed(list_id: UUID) -> None:
    of_list = db.session.get_one(CorrectionList, list_id)
    if of_list.stage != Stage.CLOSED.value:
        raise RuntimeError(f"the list stands at {of_list.stage}")


def _finish(run: _Journey, list_id: UUID) -> JourneyTold:
    with run.step("archive", "đóng từng biên bản để lưu trữ dài hạn"):
        for record in _signed(list_id):
            archiving.finish(record.id)
    with run.step("evidence", "gói chứng cứ"):
        _, package = evidence_packages.list_package(actor("thanhtra"), list_id)
        (run.out / "evidence.asice").write_bytes(package)
    roots = trusted_roots(ground().settings)
    (run.out / "roots.pem").write_bytes(trust_bundle(ground().settings).as_pem)
    told = JourneyTold()
    with run.step("verify", "kiểm tra lại từng biên bản"):
        for name, data in _records(list_id):
            (run.out / "records" / name).write_bytes(data)
            verdict = verify_pdf(data, roots, now=clock.now(), path=name)
            told.records += 1
            told.genuine += verdict.verdict is Word.GENUINE
            levels = ", ".join(sorted({each.level for each in verdict.signatures}))
            run.say(f"             {name}: {WORDS[verdict.verdict]}, {len(verdict.signatures)} chữ ký {levels}")
    (run.out / "times.json").write_text(json.dumps(run.times, indent=1), encoding="utf-8")
    return told


def _records(list_id: UUID) -> Iterator[tuple[str, bytes]]:
    for number, record in enumerate(_signed(list_id), start=1):
        leg = _NAMES[Leg(record.leg)] if record.kind == RecordKind.HANDOVER.value and record.leg else "hoan-thanh"
        yield f"{number:02d}-{leg}.pdf", ground().store.get(record.pdf_sha256)


def _signed(list_id: UUID) -> Sequence[Handover]:
    return db.session.scalars(
        select(Handover)
        .where(Handover.list_id == list_id, Handover.status == HandoverStatus.COUNTERSIGNED.value)
        .order_by(Handover.sent_at)
    ).all()


def _clear(out: Path) -> None:
    """Remove what an earlier run left, and nothing else."""
    records = out / "records"
    records.mkdir(exist_ok=True)
    for old in records.glob("[0-9][0-9]-*.pdf"):
        old.unlink()
    for name in ("import.xlsx", "trail.pdf", "evidence.asice", "roots.pem", "times.json"):
        (out / name).unlink(missing_ok=True)
