"""Invariant 4: what a signed record attaches, made anew from the append-only rows as of its sending, for ever."""

import io
import json
from datetime import datetime
from typing import Any

from pyhanko.pdf_utils.reader import PdfFileReader
from sqlalchemy import select

from portal.domain.events import EventTag
from portal.domain.fields import Field
from portal.domain.stages import LEGS, Leg
from portal.domain.verdicts import Verdict
from portal.evidence.canonical import sha256_hex
from portal.models import Entry, EntryValue, EntryVerdict, Event, Handover, db
from portal.services.context import ground
from portal.verification.attachment import attached_data
from tests.integration.scene import Scene, number_of


def values_at(entry: Entry, origin: str, at: datetime) -> dict[str, str]:
    """The newest value of each field that this side had stated by then, out of the append-only rows."""
    rows = select(EntryValue).where(EntryValue.entry_id == entry.id, EntryValue.origin == origin, EntryValue.at <= at)
    newest = {row.field: row.value for row in db.session.scalars(rows.order_by(EntryValue.id))}
    return {name: value for name, value in newest.items() if value}


def verdict_at(entry: Entry, party: str, at: datetime) -> str:
    rows = select(EntryVerdict.verdict).where(
        EntryVerdict.entry_id == entry.id, EntryVerdict.party == party, EntryVerdict.at <= at
    )
    return db.session.scalars(rows.order_by(EntryVerdict.id.desc())).first() or ""


def attached(record: Handover) -> tuple[bytes, dict[str, Any]]:
    data = attached_data(PdfFileReader(io.BytesIO(ground().store.get(record.pdf_sha256))))[0]
    return data, json.loads(data)


def test_the_manifest_of_every_sent_record_follows_from_the_append_only_rows_whatever_came_later(
    scene: Scene,
) -> None:
    list_id = scene.make_list(2)
    scene.take("village_head", scene.sign_over("station_head", list_id, Leg.STATION_TO_VILLAGE))
    wrong, right = {Field.ID_NUMBER: number_of(51)}, {Field.ID_NUMBER: number_of(52)}
    for values in (wrong, right):
        scene.conclude_one("village_head", list_id, 1, Verdict.FIXED, values=values)
    scene.conclude_one("village_head", list_id, 2, Verdict.ALREADY_RIGHT)
    scene.take("police_head", scene.sign_over("village_head", list_id, Leg.VILLAGE_TO_POLICE))
    scene.conclude_one("police_head", list_id, 1, Verdict.CORRECTED, values={Field.FULL_NAME: "Vàng Thị Thử Mới"})
    scene.conclude_one("police_head", list_id, 2, Verdict.VERIFIED)
    scene.take("station_head", scene.sign_over("police_head", list_id, Leg.POLICE_TO_STATION))
    db.session.rollback()
    found = {entry.number: entry for entry in db.session.scalars(select(Entry).where(Entry.list_id == list_id))}
    records = db.session.scalars(select(Handover).where(Handover.list_id == list_id).order_by(Handover.sent_at)).all()
    assert len(records) == 3
    for record in records:
        data, said = attached(record)
        sent = select(Event).where(Event.handover_id == record.id, Event.tag == EventTag.HANDOVER_SENT.value)
        assert sha256_hex(data) == record.manifest_sha256
        assert db.session.scalars(sent).one().payload["manifest_sha256"] == record.manifest_sha256
        giver = LEGS[Leg(record.leg)].giver.value
        for line in said["entries"]:
            entry = found[line["number"]]
            for origin in ("proposed", "verified"):
                stated = {name: value for name, value in line[origin].items() if value}
                assert stated == values_at(entry, origin, record.sent_at), (record.leg, origin)
            assert line[giver]["verdict"] == verdict_at(entry, giver, record.sent_at), record.leg
