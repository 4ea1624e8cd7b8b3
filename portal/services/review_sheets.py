"""Printing the sheets for a village that writes on paper: each printing is kept row by row, to be entered.

A printing shows the people as they stood then; drawn again later it shows the same people in the same words.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select

from portal.clock import local, now
from portal.documents.review_sheet import MOST_SHEETS, ReviewSheets, Sheet, SheetRow, draw_review_sheets
from portal.domain.errors import NotFound, WrongStage
from portal.domain.events import EventTag
from portal.domain.names import clean_name, folding_key
from portal.domain.permissions import Actor, Permission, require
from portal.domain.sheet_codes import grouped_code, new_code
from portal.domain.sheet_rows import ROWS, RowState
from portal.domain.stages import Leg, Stage
from portal.domain.wording import say
from portal.models import CorrectionList, Entry, PaperSheet, SheetPrint, db
from portal.models import SheetRow as KeptRow
from portal.queries import review_sheets as queries
from portal.queries.scope import place_of
from portal.services.auditing import record
from portal.services.context import ground
from portal.services.exporting import log_export
from portal.services.records import entries_of
from portal.services.sheet_standing import printed_facts, standing_of
from portal.services.transitions import load_list
from portal.services.unit_of_work import once, transaction
from portal.spreadsheets.columns import named_values

_PRINTABLE = {
    Stage.DRAFTING.value: (None, Leg.STATION_TO_VILLAGE.value),
    Stage.VILLAGE_REVIEW.value: (None,),
}
"""At which stages, pending on which leg, sheets make sense: before the village has said its last word."""


def may_print(of_list: CorrectionList) -> bool:
    """Whether the list stands where sheets for the village make sense."""
    return bool(of_list.entries) and of_list.pending_leg in _PRINTABLE.get(of_list.stage, ())


def print_sheets(actor: Actor, list_id: UUID, *, twice: bool, key: str = "") -> int:
    """Keep a new printing of the list as it stands; returns its number. `twice`: two people enter each row.

    Raises NotFound, NotPermitted, and WrongStage once the village has given the list on.
    """

    def act() -> dict[str, Any]:
        of_list = load_list(actor, list_id, lock=True)
        require(actor, Permission.SHEET_WORK, place_of(of_list), Permission.LIST_READ)
        if not may_print(of_list):
            raise WrongStage(
                say(
                    "Chỉ in phiếu khi danh sách có người và trạm đang soạn hoặc thôn đang rà soát. Hãy tải lại trang."
                )
            )
        made = kept_print(actor, of_list, twice=twice)
        record(
            EventTag.SHEETS_PRINTED, actor, of_list=of_list, print=made.number, sheets=made.sheets,
            entries=made.entries, twice=twice,
        )  # fmt: skip
        return {"number": made.number}

    return int(once(actor.user_id, key, f"print_sheets:{list_id}", act)["number"])


def sheets_pdf(actor: Actor, list_id: UUID, number: int, *, part: int = 1) -> tuple[str, bytes]:
    """The `part`-th file of a printing: its name and the PDF; taking it out is written down. Raises NotFound."""
    with transaction():
        of_list = load_list(actor, list_id)
        require(actor, Permission.SHEET_WORK, place_of(of_list), Permission.LIST_READ)
        printing = queries.find_print(actor, list_id, number)
        if printing is None or not 1 <= part <= parts_of(printing):
            raise NotFound(say("Danh sách này không có lần in hoặc phần phiếu đó."))
        log_export(actor, "review_sheets", of_list)
        content = _content(of_list, printing)
    more = f"-{part}" if part > 1 else ""
    name = f"phieu-ra-soat-{content.list_code.replace('/', '-')}-lan-{number}{more}.pdf"
    return name, draw_review_sheets(content, part=part)


def parts_of(printing: SheetPrint) -> int:
    """In how many files the sheets of a printing come."""
    return -(-printing.sheets // MOST_SHEETS)


def kept_print(actor: Actor, of_list: CorrectionList, *, twice: bool) -> SheetPrint:
    """Write a new printing into the running transaction."""
    groups = list(_sheets(entries_of(of_list)))
    newest = select(func.coalesce(func.max(SheetPrint.number), 0)).where(SheetPrint.list_id == of_list.id)
    made = SheetPrint(
        province_id=of_list.province_id,
        list_id=of_list.id,
        number=db.session.execute(newest).scalar_one() + 1,
        list_rev=of_list.rev,
        round=of_list.round,
        sheets=len(groups),
        entries=of_list.entries,
        typed_twice=twice,
        printed_by=actor.user_id,
        membership_id=actor.membership_id,
        delegation_id=actor.delegation_id,
        printed_at=now(),
    )
    db.session.add(made)
    db.session.flush()
    codes = _fresh_codes(len(groups))
    for number, ((hamlet, people), code) in enumerate(zip(groups, codes, strict=True), start=1):
        _keep_sheet(made, number, hamlet, people, code)
    return made


def _keep_sheet(made: SheetPrint, number: int, hamlet: str, people: Sequence[Entry], code: str) -> None:
    sheet = PaperSheet(
        province_id=made.province_id, print_id=made.id, list_id=made.list_id, number=number, code=code, hamlet=hamlet
    )
    db.session.add(sheet)
    db.session.flush()
    rows = [
        {
            "province_id": made.province_id, "sheet_id": sheet.id, "number": place, "entry_id": entry.id,
            "entry_rev": entry.rev, "printed": printed_facts(entry), "known": standing_of(entry),
            "state": RowState.EMPTY.value,
        }
        for place, entry in enumerate(people, start=1)
    ]  # fmt: skip
    db.session.execute(insert(KeptRow), rows)


def _sheets(entries: Sequence[Entry]) -> Iterator[tuple[str, tuple[Entry, ...]]]:
    """The people in sheets of `ROWS`, hamlet by hamlet where the rows name several, in the list's order."""
    hamlets: dict[str, tuple[str, list[Entry]]] = {}
    for entry in entries:
        name = clean_name(named_values(entry.raw).get("village", ""))
        hamlets.setdefault(folding_key(name), (name, []))[1].append(entry)
    for name, people in hamlets.values():
        for first in range(0, len(people), ROWS):
            yield name if len(hamlets) > 1 else "", tuple(people[first : first + ROWS])


def _fresh_codes(count: int) -> list[str]:
    """So many codes that no sheet bears yet; a clash that still happens is refused by the unique index."""
    codes: set[str] = set()
    while len(codes) < count:
        drawn = {new_code() for _ in range(count - len(codes))}
        used = db.session.scalars(select(PaperSheet.code).where(PaperSheet.code.in_(drawn)))
        codes |= drawn - set(used)
    return list(codes)


def _content(of_list: CorrectionList, printing: SheetPrint) -> ReviewSheets:
    rows = queries.rows_by_sheet(printing.id)
    return ReviewSheets(
        batch_code=of_list.batch.code,
        list_code=of_list.code,
        list_name=of_list.name,
        print_number=printing.number,
        version=printing.list_rev,
        round=printing.round,
        typed_twice=printing.typed_twice,
        due_text=f"{local(of_list.due_at):%H:%M %d/%m/%Y}" if of_list.due_at else "",
        sheets=tuple(
            Sheet(
                code=grouped_code(each.code),
                address=f"{ground().settings.public_url}/sheets/{each.code}",
                hamlet=each.hamlet,
                rows=tuple(SheetRow(row.entry.number, **row.printed) for row in rows.get(each.id, ())),
            )
            for each in queries.sheets_of(printing.id)
        ),
        printed_at=printing.printed_at,
        printed_by=printing.printer.full_name,
        test_data=ground().settings.demo,
    )
