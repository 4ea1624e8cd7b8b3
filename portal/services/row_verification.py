"""What the tables say of persons, held against what was signed and what was written once and for all (threat T3).

The columns on a person's row only repeat append-only rows, and what was imported never changes: whoever edits them by
SQL contradicts either those rows or the data attached to the record both sides signed. Findings name list and number,
never a person.
"""

import json
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import distinct_on

from portal.domain.fields import IDENTITY_FIELDS
from portal.domain.phrases import record_number
from portal.domain.stages import CUSTODY_RECORDS, SIGNED_ENDS
from portal.domain.wording import say
from portal.evidence.canonical import sha256_hex
from portal.models import CorrectionList, Entry, Handover, db
from portal.services.context import ground
from portal.storage import StoredFileDamaged, StoredFileMissing

Find = Callable[[str, str], None]
"""Notes a finding: a stable code and its sentence."""

_OTHER_VALUES = """
WITH newest AS (
  SELECT DISTINCT ON (entry_id, origin, field) entry_id, origin, field, value FROM entry_value
  ORDER BY entry_id, origin, field, id DESC
), folded AS (
  SELECT entry_id, origin, jsonb_object_agg(field, value) AS kept FROM newest WHERE value <> ''
  GROUP BY entry_id, origin
)
SELECT c.code, e.number FROM entry e JOIN correction_list c ON c.id = e.list_id
CROSS JOIN LATERAL (
  VALUES ('proposed', e.proposed), ('verified', e.verified), ('final', e.final)
) stands (origin, kept)
LEFT JOIN folded f ON f.entry_id = e.id AND f.origin = stands.origin
WHERE coalesce(f.kept, '{}') <> (
  SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each_text(stands.kept) WHERE value <> ''
)
UNION
SELECT c.code, e.number FROM entry e JOIN correction_list c ON c.id = e.list_id
CROSS JOIN LATERAL (
  VALUES ('village', e.village_verdict), ('police', e.police_verdict), ('station', e.station_verdict)
) stands (party, verdict)
WHERE stands.verdict <> '' AND stands.verdict IS DISTINCT FROM (
  SELECT v.verdict FROM entry_verdict v WHERE v.entry_id = e.id AND v.party = stands.party ORDER BY v.id DESC LIMIT 1
)
ORDER BY 1, 2
"""


def check_persons(find: Find) -> None:
    """Find values and verdicts no append-only row led to, and imported data other than a signed record states."""
    for code, number in db.session.execute(text(_OTHER_VALUES)):
        find(
            "row_edited",
            say(
                "Danh sách {code}, người số {number}: giá trị hoặc kết luận đang lưu khác những lần ghi đã có.",
                code=code,
                number=number,
            ),
        )
    for record in _newest_records():
        _check_record(find, record)


def _newest_records() -> list[Handover]:
    """The newest signed record of each list: it names everybody who was on the list then."""
    signed = select(Handover).where(
        Handover.status.in_([each.value for each in SIGNED_ENDS]),
        Handover.kind.in_([each.value for each in CUSTODY_RECORDS]),
        Handover.pdf_sha256 != "",
    )
    newest = signed.ext(distinct_on(Handover.list_id)).order_by(Handover.list_id, Handover.sent_at.desc())
    return list(db.session.scalars(newest.execution_options(populate_existing=True)))


def _check_record(find: Find, record: Handover) -> None:
    try:
        data = _attached(ground().store.get(record.pdf_sha256))
    except (StoredFileMissing, StoredFileDamaged):
        return  # told by the look at the files
    name = record_number(record.number or 0, record.symbol)
    if data is None or sha256_hex(data) != record.manifest_sha256:
        find("record_differs", say("Biên bản {record}: dữ liệu đính kèm khác mã SHA-256 đang lưu.", record=name))
        return
    stated = {each["number"]: each["recorded"] for each in json.loads(data)["entries"]}
    # Parts of a list keep its people's numbers; who went to another list altogether is not looked for here.
    of_list = db.session.get_one(CorrectionList, record.list_id)
    rows = db.session.execute(
        select(Entry.number, Entry.recorded)
        .join(CorrectionList, CorrectionList.id == Entry.list_id)
        .where(CorrectionList.batch_id == of_list.batch_id, CorrectionList.number == of_list.number)
        .where(Entry.number.in_(list(stated)))
    )
    stand: dict[int, Mapping[str, Any]] = {each.number: each.recorded for each in rows}
    for number, recorded in sorted(stated.items()):
        if number in stand and _identity(stand[number]) != _identity(recorded):
            find(
                "row_edited",
                say(
                    "Danh sách {code}, người số {number}: dữ liệu nhập đang lưu khác biên bản đã ký {record}.",
                    code=of_list.code,
                    number=number,
                    record=name,
                ),
            )


def _identity(recorded: Mapping[str, Any]) -> dict[str, str]:
    return {each.value: recorded.get(each.value, "") for each in IDENTITY_FIELDS}


def _attached(pdf: bytes) -> bytes | None:
    from pyhanko.pdf_utils.reader import PdfFileReader

    from portal.verification.attachment import attached_data

    found = attached_data(PdfFileReader(BytesIO(pdf)))
    return found[0] if found else None
