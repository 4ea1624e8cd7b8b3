"""The page of one duty: the sheet with what was typed, what is wrong beside each cell, what may be done."""

from collections.abc import Mapping
from contextlib import suppress
from uuid import UUID

from flask import Response, request
from flask_babel import gettext as _
from markupsafe import Markup

from portal.clock import now
from portal.domain.errors import InvalidInput, StaleVersion
from portal.domain.report_charts import HourBar, hour_bars
from portal.domain.report_forms import KEY, Form, FormField
from portal.domain.report_states import ReportAct
from portal.domain.report_values import read_cell
from portal.queries import report_league
from portal.queries import reports as queries
from portal.services import keys, report_leaves, report_papers, report_sheets
from portal.services.report_sheets import Sheet
from portal.web import htmx
from portal.web.access import current_actor
from portal.web.filters import grouped
from portal.web.forms import PortalForm
from portal.web.handovers.forms import SignForm
from portal.web.paging import SIZE, Page, page_number
from portal.web.reports.forms import ReasonForm

CELL, WAS, WHY = "f-", "w-", "r-"
"""What stands before a cell's name in the posted form: its new text, what the page showed, an explanation by rule."""


def posted(prefix: str) -> dict[str, str]:
    """The posted fields with this beginning, by the rest of their name."""
    return {name[len(prefix) :]: text for name, text in request.form.items() if name.startswith(prefix)}


def shown(field: FormField, value: object) -> str:
    """A value as the cell shows it: a count grouped as offices write it, nothing for nothing."""
    if value is None:
        return ""
    return str(grouped(value)) if field.counts and isinstance(value, int) else str(value)


def sheet_page(
    duty_id: UUID,
    *,
    refused: InvalidInput | None = None,
    told: bool = False,
    reason: ReasonForm | None = None,
    sign_form: SignForm | None = None,
    status: int = 200,
) -> Response:
    """The page; a refused form stands as it was typed, each reason beside its cell.

    Untouched cells show what stands now. `told`: the refusal names what colleagues wrote, so saving again is meant.
    """
    actor, at, number = current_actor(), now(), page_number()
    sheet = report_sheets.sheet(actor, duty_id)
    typed, was = (posted(CELL), posted(WAS)) if refused else ({}, {})
    return htmx.render(
        "reports/show.html",
        status=status,
        sheet=sheet,
        duty=sheet.duty,
        report=sheet.report,
        stands=queries.stands(sheet.duty, at),
        above=queries.parent_unit(sheet.duty),
        children=queries.children_of(actor, sheet.duty, at, page=number, size=SIZE) if sheet.duty.gathers else [],
        tiles=queries.tiles_of(actor, sheet.duty, at) if sheet.duty.gathers else [],
        page=Page(number, queries.count_children(actor, sheet.duty) if sheet.duty.gathers else 0),
        own_words=_own_words(sheet.form),
        bars=_bars(sheet) if sheet.duty.gathers else [],
        versions=queries.versions_of(actor, sheet.duty),
        accepted=queries.accepted_of(sheet.duty),
        may=frozenset(sheet.acts),
        editable=ReportAct.FILL in sheet.acts,
        asked=report_leaves.asked_for(sheet.duty.id),
        side=report_sheets.side_of(actor, sheet.duty),
        texts=_texts(sheet, typed, was, told=told),
        wrong=_wrong(sheet, refused),
        labels={each.key: each.label for each in sheet.form.fields},
        reasons={**sheet.reasons, **(posted(WHY) if refused else {})},
        form=PortalForm(),
        reason=reason or ReasonForm(),
        paper=report_papers.paper_of(actor, duty_id),
        may_sign_paper=report_papers.may_sign(actor, sheet),
        by_key=sheet.form.sign == KEY,
        signing_key=keys.key_state(actor) if actor.can_sign else None,
        sign_form=_sign_form(sign_form),
        shown=shown,
        waits=report_sheets.waiting_for_leader(sheet.report, at) if sheet.report else 0,
    )


def refused_page(duty_id: UUID, refusal: InvalidInput | StaleVersion) -> Response:
    """The page as it was typed, with the refusal; what colleagues wrote meanwhile is told once."""
    if isinstance(refusal, StaleVersion):
        return sheet_page(duty_id, refused=InvalidInput(refusal.message), told=True, status=422)
    return sheet_page(duty_id, refused=refusal, status=422)


def _own_words(form: Form) -> Markup:
    """What an element says whose words are the form's own: Vietnamese, where the form brings no English."""
    return Markup("") if form.english else Markup(' translate="no" lang="vi"')


def _bars(sheet: Sheet) -> list[HourBar]:
    """When the children sent, around the period's due moment."""
    period = sheet.duty.period
    return hour_bars(period.due_at, report_league.sending_times(sheet.duty), inclusive=period.due_inclusive)


def _sign_form(refused: SignForm | None) -> SignForm:
    """A fresh form to sign with, or the refused one."""
    return refused or SignForm(formdata=None)


def cell_states(duty_id: UUID, refused: InvalidInput | None = None) -> Response:
    """What stands beside every cell, for a page that saved one of them."""
    sheet = report_sheets.sheet(current_actor(), duty_id)
    return htmx.render(
        "reports/_states.html",
        status=422 if refused else 200,
        sheet=sheet,
        texts=_texts(sheet, {}, {}),
        settled=_settled(sheet),
        asked_anew=_asked_anew(sheet),
        wrong=_wrong(sheet, refused),
        reasons=sheet.reasons,
        editable=True,
        saved=None if refused else now(),
        problem=refused.message if refused else "",
        out_of_band=True,
        own_words=_own_words(sheet.form),
    )


def _texts(
    sheet: Sheet, typed: Mapping[str, str], was: Mapping[str, str], *, told: bool = False
) -> dict[str, tuple[str, str]]:
    """For each cell what it shows, and what it counts as having shown: an untouched cell shows what stands now."""
    found, settled = {}, _settled(sheet)
    for each in sheet.form.fields:
        kept = shown(each, sheet.values.get(each.key))
        text, seen = typed.get(each.key), was.get(each.key, kept)
        found[each.key] = (
            (kept, kept) if text is None or text == seen else (text, kept if told or each.key in settled else seen)
        )
    return found


def _settled(sheet: Sheet) -> frozenset[str]:
    """Posted cells in which the page shows what stands in the database; only of these it has seen the newest."""
    typed, found = posted(CELL), set()
    for each in sheet.form.fields:
        if each.key in typed:
            with suppress(InvalidInput):
                if read_cell(each, typed[each.key]) == sheet.values.get(each.key):
                    found.add(each.key)
    return frozenset(found)


def _asked_anew(sheet: Sheet) -> frozenset[str]:
    """Cells beside which other explanations are asked for than the page that posted has places for."""
    places, rules = posted(WHY).keys(), sheet.form.rules
    return frozenset(
        each.key
        for each in sheet.form.fields
        if {fault.rule for fault in sheet.to_explain(each.key)}
        != {rule.key for rule in rules if rule.at == each.key and rule.key in places}
    )


def _wrong(sheet: Sheet, refused: InvalidInput | None) -> dict[str, str]:
    """Cells that could not be read, with their reasons; an explanation that is too long stands under its rule."""
    if refused is None:
        return {}
    known = {each.key for each in sheet.form.fields}
    found = {name: words for name, words in refused.fields.items() if name in known or name.startswith("reason-")}
    return found or {"": refused.message or str(_("Có ô chưa đọc được."))}
