"""The sheets for a village that writes on paper; printing them is written down like any taking out."""

from uuid import UUID

from portal.clock import local, now
from portal.documents.review_sheet import MOST_SHEETS, ReviewSheets, SheetRow, draw_review_sheets, sheet_count
from portal.domain.errors import NotFound
from portal.domain.events import EventTag
from portal.domain.masking import SHOWN_DIGITS
from portal.domain.permissions import Actor, Permission, require
from portal.domain.wording import say
from portal.models import CorrectionList, Entry
from portal.queries.scope import place_of
from portal.services.auditing import record
from portal.services.context import ground
from portal.services.records import entries_of
from portal.services.transitions import load_list
from portal.services.unit_of_work import transaction

FIRST_DIGITS = 6


def review_sheets(actor: Actor, list_id: UUID, *, part: int = 1) -> tuple[str, bytes]:
    """The `part`-th file of a list's sheets: its name and the PDF. Raises NotFound where there is no such part."""
    with transaction():
        of_list = load_list(actor, list_id)
        require(actor, Permission.RECORD_READ, place_of(of_list), Permission.LIST_READ)
        if not 1 <= part <= parts_of(of_list):
            raise NotFound(say("Danh sách này không có phần phiếu đó."))
        record(EventTag.LIST_EXPORTED, actor, of_list=of_list, kind="review_sheets")
        content = _content(actor, of_list)
    more = f"-{part}" if part > 1 else ""
    return f"phieu-ra-soat-{content.list_code.replace('/', '-')}{more}.pdf", draw_review_sheets(content, part=part)


def parts_of(of_list: CorrectionList) -> int:
    """In how many files the sheets of a list are printed."""
    return -(-sheet_count(of_list.entries) // MOST_SHEETS)


def _content(actor: Actor, of_list: CorrectionList) -> ReviewSheets:
    return ReviewSheets(
        batch_code=of_list.batch.code,
        list_code=of_list.code,
        list_name=of_list.name,
        version=of_list.rev,
        round=of_list.round,
        due_text=f"{local(of_list.due_at):%H:%M %d/%m/%Y}" if of_list.due_at else "",
        rows=tuple(_row(entry) for entry in entries_of(of_list)),
        printed_at=now(),
        printed_by=actor.user_name,
        test_data=ground().settings.demo,
    )


def _row(entry: Entry) -> SheetRow:
    recorded = entry.recorded
    return SheetRow(
        entry.number,
        recorded.get("full_name", ""),
        recorded.get("birth_date", ""),
        recorded.get("sex", ""),
        _shortened(recorded.get("id_number", "")),
    )


def _shortened(number: str) -> str:
    """`015185…423`: enough to find the card by, not the whole number; short ones keep their last digits only."""
    if len(number) > FIRST_DIGITS + SHOWN_DIGITS:
        return f"{number[:FIRST_DIGITS]}…{number[-SHOWN_DIGITS:]}"
    return f"…{number[-SHOWN_DIGITS:]}" if number else ""
