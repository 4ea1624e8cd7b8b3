"""From the platform's workbook to a batch: upload, check, confirm; nothing is half imported."""

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select
from sqlalchemy.orm import joinedload

from portal.clock import local, now, today
from portal.domain.errors import InvalidInput, NotFound
from portal.domain.events import EventTag
from portal.domain.names import folding_key
from portal.domain.permissions import Actor
from portal.domain.sorting import name_sort_key
from portal.domain.units import UNKNOWN_VILLAGE
from portal.domain.wording import say
from portal.languages import VIETNAMESE
from portal.models import Batch, ColumnProfile, CorrectionList, ImportFile, ParkedRow, Unit, db
from portal.queries.parties import commune_police, village_task_forces
from portal.queueing import enqueue
from portal.services import clocks, duplicate_search
from portal.services.auditing import record
from portal.services.context import ground
from portal.services.entry_rows import insert_entries
from portal.services.exporting import log_export
from portal.services.hidden_rows import hidden_rows_decided
from portal.services.unit_of_work import once, transaction
from portal.spreadsheets.checking import check_workbook
from portal.spreadsheets.results import CheckedRow, CheckResult, ColumnMapping
from portal.spreadsheets.writing import error_workbook

_PREFIXES = ("to dan pho ", "thon ", "ban ", "ap ", "xom ", "lang ", "khu ", "tdp ")


@dataclass(frozen=True)
class Upload:
    """A stored upload and what the check says of it. `already` is the batch this very file made before."""

    file: ImportFile
    result: CheckResult
    already: Batch | None = None


def upload_workbook(actor: Actor, filename: str, data: bytes, *, key: str = "") -> UUID:
    """Store the bytes (whatever they are) and check them; returns the upload's id. The file is kept either way."""

    def act() -> dict[str, Any]:
        digest = ground().store.put(data)
        result = _check(actor, digest, None, None)
        file = ImportFile(
            id=uuid4(),
            station_unit_id=actor.unit_id,
            uploaded_by=actor.user_id,
            created_at=now(),
            sha256=digest,
            filename=PurePath(filename.replace("\\", "/")).name[:200],
            sheet=result.sheet,
            mapping=None,
            rows=result.rows,
            accepted=result.accepted,
            parked=result.parked,
        )
        db.session.add(file)
        record(
            EventTag.FILE_UPLOADED,
            actor,
            sha256=digest,
            rows=result.rows,
            accepted=result.accepted,
            parked=result.parked,
        )
        return {"id": str(file.id)}

    return UUID(once(actor.user_id, key, "upload", act)["id"])


def see_upload(actor: Actor, file_id: UUID) -> Upload:
    """The upload checked anew with its (or the station's remembered) mapping."""
    file = _load(actor, file_id)
    mapping = ColumnMapping.from_dict(file.mapping) if file.mapping else None
    return Upload(file, _check(actor, file.sha256, mapping, file.sheet or None), _already(actor, file.sha256))


def correct_mapping(actor: Actor, file_id: UUID, columns: dict[str, str], sheet: str = "") -> CheckResult:
    """Take the user's mapping (machine name → heading) and sheet, remember it for the station, check anew."""
    with transaction():
        file = _load(actor, file_id)
        mapping = ColumnMapping(columns) if columns else None
        result = _check(actor, file.sha256, mapping, sheet or file.sheet or None)
        file.sheet = sheet or result.sheet
        file.mapping = mapping.to_dict() if mapping else None
        file.rows, file.accepted, file.parked = result.rows, result.accepted, result.parked
        if mapping and result.headings:
            _remember(actor, result.headings, mapping)
        record(EventTag.MAPPING_CORRECTED, actor, columns=sorted(columns))
        return result


def faulty_workbook(actor: Actor, file_id: UUID, language: str = VIETNAMESE) -> tuple[str, bytes]:
    """The same workbook back with the columns LỖI and CẦN LÀM GÌ; returns file name and bytes."""
    seen = see_upload(actor, file_id)
    if seen.result.refused:
        raise InvalidInput(seen.result.refused.message, code=seen.result.refused.code)
    path = ground().store.path(seen.file.sha256)
    with transaction():
        mark = log_export(actor, "error_workbook")
    return f"{PurePath(seen.file.filename).stem}-LOI.xlsx", error_workbook(seen.result, path, language, mark=mark)


def confirm_import(
    actor: Actor, file_id: UUID, *, due_at: datetime | None, title: str = "", hidden_rows: str = "", key: str = ""
) -> UUID:
    """Make the batch and its lists, one per village, in one transaction; returns the batch's id.

    The same file a second time changes nothing and answers with the batch it made (invariant 19). A file with hidden
    rows asks: `hidden_rows` is one of `services.hidden_rows`; raises InvalidInput where it is neither.
    """
    if due_at is not None and due_at <= now():
        raise InvalidInput(
            say("Hạn xử lý phải ở sau thời điểm hiện tại."), fields={"due_at": say("Chọn ngày giờ sau lúc này.")}
        )

    def act() -> dict[str, Any]:
        file = _load(actor, file_id)
        station = db.session.get_one(Unit, actor.unit_id, with_for_update=True)
        before = _already(actor, file.sha256)
        if before is not None:
            return {"batch": str(before.id)}
        mapping = ColumnMapping.from_dict(file.mapping) if file.mapping else None
        result = _check(actor, file.sha256, mapping, file.sheet or None)
        if result.refused:
            raise InvalidInput(result.refused.message, code=result.refused.code)
        result = hidden_rows_decided(result, hidden_rows)
        batch = _make_batch(actor, station, result, due_at, title)
        file.batch_id = batch.id
        lists = _make_lists(actor, station, batch, result)
        record(
            EventTag.BATCH_IMPORTED,
            actor,
            batch_id=batch.id,
            sha256=file.sha256,
            rows=result.rows,
            accepted=batch.entries,
            parked=batch.parked,
            lists=lists,
        )
        enqueue(db.session(), duplicate_search.TASK, lock=duplicate_search.TASK, batch_id=str(batch.id))
        return {"batch": str(batch.id)}

    return UUID(once(actor.user_id, key, f"confirm:{file_id}", act)["batch"])


def _load(actor: Actor, file_id: UUID) -> ImportFile:
    file = db.session.execute(
        select(ImportFile).where(ImportFile.id == file_id, ImportFile.station_unit_id == actor.unit_id)
    ).scalar_one_or_none()
    if file is None:
        raise NotFound(say("Không tìm thấy tệp này trong các tệp trạm đã tải lên."))
    return file


def _check(actor: Actor, digest: str, mapping: ColumnMapping | None, sheet: str | None) -> CheckResult:
    path = ground().store.path(digest)
    result = check_workbook(path, today=today(), mapping=mapping, sheet=sheet)
    if mapping is None and result.headings:
        remembered = db.session.get(ColumnProfile, (actor.unit_id, _headings_key(result.headings)))
        if remembered is not None:
            known = ColumnMapping.from_dict(remembered.mapping)
            return check_workbook(path, today=today(), mapping=known, sheet=sheet)
    return result


def _already(actor: Actor, digest: str) -> Batch | None:
    return db.session.execute(
        select(Batch)
        .join(ImportFile, ImportFile.batch_id == Batch.id)
        .where(ImportFile.sha256 == digest, ImportFile.station_unit_id == actor.unit_id)
        .options(joinedload(Batch.station))
    ).scalar_one_or_none()


def _headings_key(headings: tuple[str, ...]) -> str:
    return hashlib.sha256("\x1f".join(headings).encode()).hexdigest()


def _remember(actor: Actor, headings: tuple[str, ...], mapping: ColumnMapping) -> None:
    db.session.merge(
        ColumnProfile(
            station_unit_id=actor.unit_id,
            headings_key=_headings_key(headings),
            mapping=mapping.to_dict(),
            updated_at=now(),
        )
    )


def _make_batch(actor: Actor, station: Unit, result: CheckResult, due_at: datetime | None, title: str) -> Batch:
    """The station's row is locked, so its batches of a month count without gaps: `2022-05/03`."""
    month = f"{local(now()):%Y-%m}"
    taken = db.session.scalars(
        select(Batch.code).where(Batch.station_unit_id == station.id, Batch.code.startswith(month))
    ).all()
    listed = sum(1 for row in result.entries if is_listed(row))
    batch = Batch(
        id=uuid4(),
        code=f"{month}/{len(taken) + 1:02d}",
        station_unit_id=station.id,
        province_id=station.province_id,
        territory_path=station.territory_path,
        title=title.strip()[:200],
        due_at=due_at,
        step_days=clocks.usual_days(station.id),
        entries=listed,
        parked=result.rows - listed,
        created_at=now(),
        created_by=actor.user_id,
    )
    db.session.add(batch)
    db.session.flush()
    parked = [
        {
            "batch_id": batch.id,
            "row": row.row,
            "raw": row.raw,
            "findings": [finding.as_stored() for finding in row.findings],
        }
        for row in result.entries
        if not is_listed(row)
    ]
    if parked:
        db.session.execute(insert(ParkedRow), parked)
    return batch


def is_listed(row: CheckedRow) -> bool:
    """Whether the row goes into a list: it is usable and its person does not leave the flow."""
    return row.status == "accepted" and not row.leaves_flow


def _make_lists(actor: Actor, station: Unit, batch: Batch, result: CheckResult) -> int:
    villages = villages_by_key(station)
    police = commune_police(station, today())
    shares: dict[int | None, list[CheckedRow]] = {}
    for row in result.entries:
        if is_listed(row):
            village = villages.get(village_key(row.village))
            shares.setdefault(village.id if village else None, []).append(row)
    units = {unit.id: unit for unit in villages.values()}
    order = sorted(shares, key=lambda i: (i is None, name_sort_key(units[i].name) if i else ""))
    for number, village_id in enumerate(order, start=1):
        village = units[village_id] if village_id else None
        _make_list(actor, station, batch, number, village, police, shares[village_id])
    return len(order)


def _make_list(
    actor: Actor,
    station: Unit,
    batch: Batch,
    number: int,
    village: Unit | None,
    police: Unit | None,
    rows: list[CheckedRow],
) -> None:
    of_list = CorrectionList(
        id=uuid4(),
        batch_id=batch.id,
        number=number,
        code=f"{batch.code}-{number:02d}",
        name=village.serves.name if village and village.serves else UNKNOWN_VILLAGE,
        province_id=batch.province_id,
        territory_path=village.territory_path if village else batch.territory_path,
        station_unit_id=station.id,
        village_unit_id=village.id if village else None,
        police_unit_id=police.id if police else None,
        holder_unit_id=station.id,
        stage="drafting",
        pending_leg=None,
        entries=len(rows),
        due_at=batch.due_at,
        held_since=now(),
        created_at=now(),
    )
    db.session.add(of_list)
    db.session.flush()
    insert_entries(_entry(of_list, i, row) for i, row in enumerate(rows, start=1))
    clocks.begin(of_list)
    record(EventTag.LIST_CREATED, actor, of_list=of_list, entries=len(rows))


def _entry(of_list: CorrectionList, number: int, row: CheckedRow) -> dict[str, Any]:
    person = row.cleaned
    return {
        "province_id": of_list.province_id,
        "batch_id": of_list.batch_id,
        "list_id": of_list.id,
        "number": number,
        "source_row": row.row,
        "recorded": person.as_dict(),
        "raw": row.raw,
        "classes": [str(name) for name in row.classes],
        "findings": [finding.as_stored() for finding in row.findings],
        "suggestions": row.suggestions,
        "folded_name": folding_key(person.full_name),
        "sort_key": name_sort_key(person.full_name),
    }


def village_key(name: str) -> str:
    """The village's own name: `Thôn Bản Lừu 1`, `bản Lừu 1` and `Lừu 1` are the same."""
    key = folding_key(name)
    while prefix := next((p for p in _PREFIXES if key.startswith(p)), ""):
        key = key.removeprefix(prefix)
    return key


def villages_by_key(station: Unit) -> dict[str, Unit]:
    """The station's village task forces by the key of their village; a name that two share decides nothing."""
    named = [(village_key(u.serves.name), u) for u in village_task_forces(station, today()) if u.serves]
    counts = Counter(key for key, _ in named)
    return {key: unit for key, unit in named if counts[key] == 1}
