"""`sign.bulk`: records signed together with one opening of the key, as a person's click on «Ký» does it.

All that the portal does counts: opening the key, each signature's time-stamp, gate, store, state, counters and event
in a transaction of its own. The bare part is pyHanko signing the same sealed files with the same key and authority.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import count
from uuid import UUID

from pyhanko.sign.timestamps import HTTPTimeStamper
from sqlalchemy import select

from portal import clock
from portal.bench.measuring import Figure, beside
from portal.bench.place import throw_away_portal
from portal.bench.pyhanko_alone import sign_alone
from portal.domain.permissions import Actor
from portal.domain.stages import Leg
from portal.models import BulkAct, CorrectionList, Handover, db
from portal.services import handovers, imports, signing
from portal.services.authority import trusted_roots
from portal.services.bulk import signing as bulk
from portal.services.context import ground, time_from
from portal.services.demonstration.accounts import PASSPHRASE, actor, create_keys
from portal.services.demonstration.people import PersonMaker
from portal.services.demonstration.units import COMMUNES
from portal.services.demonstration.workbooks import make_workbook
from portal.services.hands import hand_of
from portal.settings import Settings
from portal.signatures import time_service
from portal.signatures.hands import KeyHand
from portal.signatures.stamping import Authorities

RECORDS, ENTRIES = 12, 40
STATION = f"tyt.{COMMUNES[0].short}"


def measure() -> Iterator[Figure]:
    """`sign.bulk` in signatures a second; the ratio is ours to the bare part, so below one."""
    with throw_away_portal() as settings, _stamped(settings) as address:
        create_keys((STATION,))
        work = _Work(actor(STATION), _lists(RECORDS), address)
        figure = beside("sign.bulk", RECORDS, work.together, work.alone, before=work.prepare)
        rate, bare = RECORDS / figure.value, RECORDS / (figure.baseline or 1)
        yield replace(
            figure, value=round(rate, 2), baseline=round(bare, 2), ratio=round(rate / bare, 3), unit="signatures/s"
        )


@contextmanager
def _stamped(settings: Settings) -> Iterator[str]:
    """The portal's own authority in a thread, asked patiently: a busy machine must not change what is measured."""
    with time_service.running(settings.authority_folder) as address:
        ours = Authorities(lambda: [address], lambda: trusted_roots(settings), clock.now, answer_seconds=60)
        with time_from(ours):
            yield address


class _Work:
    """The same lists, prepared, signed together and recalled again and again."""

    def __init__(self, signer: Actor, lists: list[UUID], address: str) -> None:
        self.signer, self.lists = signer, lists
        hand = hand_of(signer, PASSPHRASE)
        assert isinstance(hand, KeyHand)  # noqa: S101  a passphrase opens one's own key
        self.key, self.stamper = hand.key, HTTPTimeStamper(address, timeout=60)
        self.chosen: list[tuple[UUID, str]] = []
        self.sealed: list[bytes] = []

    def prepare(self) -> None:
        """Recall what was signed and draw every record anew."""
        for record_id, _ in self.chosen:
            signing.recall(self.signer, record_id)
        drawn = [handovers.prepare_record(self.signer, each, Leg.STATION_TO_VILLAGE) for each in self.lists]
        found = [db.session.get_one(Handover, each, populate_existing=True) for each in drawn]
        self.chosen = [(each.id, each.pdf_sha256) for each in found]
        self.sealed = [ground().store.get(each.pdf_sha256) for each in found]
        db.session.rollback()

    def together(self) -> None:
        """One bulk act, until its last record is signed. Raises RuntimeError where one was refused."""
        act_id = bulk.start(self.signer, self.chosen, PASSPHRASE)
        while True:
            db.session.rollback()
            act = db.session.get_one(BulkAct, act_id, populate_existing=True)
            if act.finished_at is not None:
                break
            time.sleep(0.01)
        if act.done != len(self.chosen):
            raise RuntimeError(f"{act.refused} records were refused")

    def alone(self) -> None:
        """The same signatures by pyHanko."""
        for pdf in self.sealed:
            sign_alone(pdf, self.key, "giver", self.stamper)


def _lists(wanted: int) -> list[UUID]:
    """So many lists of invented people at the station."""
    commune, station = COMMUNES[0], actor(STATION)
    for seed in count(1):
        found = list(db.session.scalars(select(CorrectionList.id).where(CorrectionList.village_unit_id.is_not(None))))
        if len(found) >= wanted:
            return found[:wanted]
        shares = {f"Thôn {name}": ENTRIES for _, name in commune.villages}
        made = make_workbook(PersonMaker(seed), commune=commune.name, station=station.unit_name, shares=shares,
                             seed=seed, mark=f"đợt {seed}")  # fmt: skip
        upload = imports.upload_workbook(station, f"danh-sach-{seed}.xlsx", made.data)
        imports.confirm_import(station, upload, due_at=clock.now() + timedelta(days=10), title=f"Đợt {seed}")
    raise AssertionError("unreachable")
