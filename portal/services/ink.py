"""A village without devices signs in ink: its paper is prepared, scanned, entered by one, confirmed by another.

What moves the list is the confirmation. No digital signature is claimed: the record keeps the signatures it has, the
scan stands beside it as evidence under its SHA-256.
"""

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from portal.clock import now
from portal.documents.scans import ScanKind, examine_scan, scan_pages, scan_picture
from portal.domain.errors import InvalidInput, NotFound, StaleVersion, WrongStage
from portal.domain.events import EventTag
from portal.domain.permissions import Actor, Permission, require
from portal.domain.stages import LEGS, HandoverStatus, Leg, Party
from portal.domain.transitions import Action
from portal.domain.wording import say
from portal.models import CorrectionList, Handover, PaperScan, db
from portal.queries.scope import place_of, unit_of
from portal.services.arrivals import arrive
from portal.services.auditing import record
from portal.services.context import ground
from portal.services.entries import Conclusion, apply_conclusion, check_unchanged, load_entry
from portal.services.handovers import draw_draft, is_current, load_handover
from portal.services.reading import log_read
from portal.services.record_drafts import abandon_refusals, draft_of
from portal.services.transitions import load_list, move, permit
from portal.services.unit_of_work import once

NAME_LIMIT = 100
SOURCE = "paper"
"""Where a value comes from that the station typed from a village's sheet."""
_CODE = re.compile(r"(?<![0-9A-Z])[2-9A-HJKMNP-TV-Z]{10}(?![0-9A-Z])")


@dataclass(frozen=True)
class Upload:
    """A scan as it was sent: its bytes, the name of the file, who signed on the paper."""

    data: bytes
    file_name: str
    signer_name: str


def transcribe(actor: Actor, list_id: UUID, number: int, said: Conclusion, *, key: str = "") -> dict[str, Any]:
    """Write down the village's conclusion on one person from its sheet, for a village that works on paper.

    The event names who typed; the values bear the source `paper`. Raises as `entries.conclude`, and WrongStage where
    the village took the list with a device of its own.
    """

    def act() -> dict[str, Any]:
        of_list = load_list(actor, list_id, lock=True)
        permit(actor, of_list, Action.TRANSCRIBE)
        entry = load_entry(of_list, number)
        check_unchanged(entry, said.rev)
        from_paper = Conclusion(said.verdict, said.values, said.reason, said.note, said.rev, SOURCE)
        apply_conclusion(actor, of_list, entry, Party.VILLAGE, from_paper)
        return {"number": number, "rev": entry.rev, "decided": of_list.decided}

    return once(actor.user_id, key, f"transcribe:{list_id}:{number}", act)


def prepare_by_hand(actor: Actor, list_id: UUID, *, key: str = "") -> UUID:
    """Draw the record with which the village gives its list to the police, to be signed in ink; returns its id."""

    def act() -> dict[str, Any]:
        of_list = load_list(actor, list_id, lock=True)
        row = permit(actor, of_list, Action.PREPARE_INK)
        village = unit_of(of_list, Party.VILLAGE)
        draft = draft_of(actor, of_list, row, giver=village)
        if not (draft.pdf_sha256 and is_current(draft, of_list)):
            _replace(draft)
        return {"id": str(draft.id)}

    draft_id = UUID(once(actor.user_id, key, f"prepare_by_hand:{list_id}", act)["id"])
    draw_draft(actor, draft_id)
    return draft_id


def enter(actor: Actor, handover_id: UUID, upload: Upload, *, key: str = "") -> UUID:
    """Keep the scan of a record signed in ink; it waits for another person's confirmation. Returns the record's id.

    A scan entered anew takes the place of one that nobody confirmed. Raises InvalidInput for a file that is no PDF,
    JPEG or PNG, is too large, or prints another record's code.
    """
    signer = " ".join(upload.signer_name.split())
    if not signer or len(signer) > NAME_LIMIT:
        raise InvalidInput(
            say("Chưa ghi người ký."), fields={"signer": say("Ghi họ tên người của thôn đã ký trên biên bản.")}
        )
    scan = examine_scan(upload.data)

    def act() -> dict[str, Any]:
        found = _to_sign(actor, handover_id)
        permit(actor, found.correction_list, Action.ENTER_INK, Leg(found.leg or ""))
        _refuse_other_record(found, scan.text)
        _replace(found)
        kept = PaperScan(
            handover_id=found.id,
            side=_side(found),
            signer_name=signer,
            unit_name=found.correction_list.village.name if found.correction_list.village else "",
            sha256=ground().store.put(upload.data),
            kind=scan.kind.value,
            size=len(upload.data),
            file_name=upload.file_name[-200:],
            entered_by=actor.user_id,
            entered_name=actor.user_name,
            entered_at=now(),
        )
        db.session.add(kept)
        _record(EventTag.INK_ENTERED, actor, found, kept, number=found.number)
        return {"id": str(found.id)}

    return UUID(once(actor.user_id, key, f"enter_ink:{handover_id}", act)["id"])


def confirm(actor: Actor, handover_id: UUID, *, seen: str, key: str = "") -> UUID:
    """Confirm that the scan whose SHA-256 was `seen` is this record, signed by the village: the list moves.

    Having taken the station's handover the village holds the list; its own handover then waits for the police.
    Raises WrongStage for whoever entered the scan or gave the list, StaleVersion where scan or list changed since.
    """

    def act() -> dict[str, Any]:
        found = _to_sign(actor, handover_id)
        of_list, leg = found.correction_list, Leg(found.leg or "")
        taking = leg is Leg.STATION_TO_VILLAGE
        row = permit(actor, of_list, Action.TAKE_INK if taking else Action.SEND_INK, leg)
        scan = waiting_scan(found)
        if scan is None or scan.sha256 != seen:
            raise StaleVersion(say("Bản quét đã được thay sau khi bạn mở trang. Hãy xem bản mới rồi xác nhận."))
        if not taking and not is_current(found, of_list):
            raise StaleVersion(
                say("Danh sách đã đổi sau khi in biên bản này. Hãy in lại, thôn ký lại rồi quét lại."),
                code="preview_stale",
            )
        at = now()
        scan.confirmed_by, scan.confirmed_name, scan.confirmed_at = actor.user_id, actor.user_name, at
        before, after = move(of_list, row, found)
        if taking:
            found.status, found.decided_at = HandoverStatus.COUNTERSIGNED.value, at
            abandon_refusals(actor, found)
            arrive(of_list, leg)
        else:
            found.status, found.sent_at = HandoverStatus.SENT.value, at
            of_list.known_to_police = True
        tag = EventTag.HANDOVER_TAKEN_BY_HAND if taking else EventTag.HANDOVER_SENT_BY_HAND
        _record(tag, actor, found, scan, before, after, number=found.number, manifest_sha256=found.manifest_sha256)
        return {"id": str(of_list.id)}

    return UUID(once(actor.user_id, key, f"confirm_ink:{handover_id}", act)["id"])


def waiting_scan(found: Handover) -> PaperScan | None:
    """The scan that waits for its confirmation; None where there is none."""
    query = select(PaperScan).where(
        PaperScan.handover_id == found.id, PaperScan.replaced_at.is_(None), PaperScan.confirmed_at.is_(None)
    )
    return db.session.execute(query).scalar_one_or_none()


def scan_file(actor: Actor, handover_id: UUID, digest: str) -> tuple[str, bytes, ScanKind]:
    """A kept scan for whoever may read the record's paper: the name of the file, its bytes, its kind."""
    found = load_handover(actor, handover_id)
    require(actor, Permission.RECORD_READ, place_of(found.correction_list), Permission.LIST_READ)
    scan = next((one for one in found.scans if one.sha256 == digest), None)
    if scan is None:
        raise NotFound(say("Không có bản quét này."))
    told = scan.file_name, ground().store.get(scan.sha256), ScanKind(scan.kind)
    log_read(actor, EventTag.LIST_OPENED, found.correction_list)
    return told


def scan_page(actor: Actor, handover_id: UUID, digest: str, page: int) -> bytes:
    """One page (from 1) of a kept scan as PNG."""
    _name, data, kind = scan_file(actor, handover_id, digest)
    return scan_picture(data, kind, page - 1)


def pages_of(scan: PaperScan) -> int:
    """How many pages a kept scan has."""
    return scan_pages(ground().store.get(scan.sha256), ScanKind(scan.kind))


def _to_sign(actor: Actor, handover_id: UUID) -> Handover:
    """The locked record, if it is one that a village signs now."""
    found = load_handover(actor, handover_id, lock=True)
    waits = {
        Leg.STATION_TO_VILLAGE.value: found.status == HandoverStatus.SENT.value,
        Leg.VILLAGE_TO_POLICE.value: found.status == HandoverStatus.PREPARED.value and found.by_hand,
    }
    if not waits.get(found.leg or "", False):
        raise WrongStage(say("Biên bản này không chờ thôn ký tay. Hãy tải lại trang để xem tình trạng mới nhất."))
    return found


def _side(found: Handover) -> str:
    return "receiver" if LEGS[Leg(found.leg or "")].receiver is Party.VILLAGE else "giver"


def _refuse_other_record(found: Handover, text: str) -> None:
    """A PDF that prints another record's code is another record's; a mere picture tells nothing and is looked at."""
    printed = set(_CODE.findall(text))
    if found.code in printed or not printed:
        return
    other = db.session.execute(select(Handover.id).where(Handover.code.in_(printed)).limit(1)).scalar_one_or_none()
    if other is not None:
        raise InvalidInput(
            say("Tệp này thuộc biên bản khác (mã in trên tệp không phải mã của biên bản này). Hãy chọn đúng tệp.")
        )


def _replace(found: Handover) -> None:
    db.session.execute(
        update(PaperScan)
        .where(PaperScan.handover_id == found.id, PaperScan.replaced_at.is_(None), PaperScan.confirmed_at.is_(None))
        .values(replaced_at=now())
    )


def _record(
    tag: EventTag,
    actor: Actor,
    found: Handover,
    scan: PaperScan,
    before: str = "",
    after: str = "",
    **payload: Any,  # noqa: ANN401  the payload's keys are checked against the tag
) -> None:
    of_list: CorrectionList = found.correction_list
    record(
        tag, actor, of_list=of_list, handover_id=found.id, from_state=before, to_state=after, sha256=scan.sha256,
        signer=scan.signer_name, **payload,
    )  # fmt: skip
