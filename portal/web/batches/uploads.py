"""A checked upload: what was found, other columns or sheet, the workbook back, and taking its rows."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice

from portal.domain.errors import InvalidInput
from portal.domain.findings import Severity
from portal.domain.permissions import Permission
from portal.services import imports
from portal.services.import_preview import preview
from portal.services.imports import Upload
from portal.spreadsheets.finding_table import finding_rows, refusal_rows
from portal.spreadsheets.results import CheckedRow
from portal.web import htmx
from portal.web.access import ALWAYS, current_actor, requires
from portal.web.batches.forms import ConfirmForm, SheetForm, columns_form
from portal.web.batches.routes import bp
from portal.web.downloads import WORKBOOK, download
from portal.web.form_keys import key_of
from portal.web.paging import SIZE, Page, page_number
from portal.web.wording import language, leave_message


def _needs_a_look(row: CheckedRow) -> bool:
    return any(finding.severity is not Severity.NOTE for finding in row.findings)


SHOWN: dict[str, tuple[Any, Callable[[CheckedRow], bool]]] = {
    "faults": (_l("Dòng có điều cần xem"), _needs_a_look),
    "parked": (_l("Dòng giữ lại, cần sửa"), lambda row: row.status == "parked"),
    "leaving": (_l("Dòng giữ lại, ngoài quy trình"), lambda row: row.leaves_flow),
    "all": (_l("Tất cả các dòng"), lambda _row: True),
}
"""Which rows the table shows: key in the address → words and condition."""


@bp.get("/uploads/<uuid:upload_id>")
@requires(Permission.BATCH_IMPORT)
def upload(upload_id: UUID) -> Response:
    """What the check says of the file."""
    return _page(imports.see_upload(current_actor(), upload_id), ConfirmForm())


@bp.post("/uploads/<uuid:upload_id>")
@requires(Permission.BATCH_IMPORT)
def confirm(upload_id: UUID) -> Response:
    """Take the usable rows: the batch and its lists are made at once."""
    actor, form = current_actor(), ConfirmForm()
    if form.validate():
        try:
            batch_id = imports.confirm_import(
                actor,
                upload_id,
                due_at=form.due_at(),
                title=form.title.data or "",
                hidden_rows=form.hidden_rows.data or "",
                key=key_of(form),
            )
        except InvalidInput as refusal:
            form.refuse(refusal)
            _beside_the_day(form, refusal)
        else:
            leave_message(
                _("Đã nhận tệp và chia danh sách theo thôn. Bước tiếp theo: bàn giao từng danh sách."), "success"
            )
            return htmx.redirect(url_for(".show", batch_id=batch_id))
    return _page(imports.see_upload(actor, upload_id), form, 422)


@bp.post("/uploads/<uuid:upload_id>/columns")
@requires(Permission.BATCH_IMPORT)
def columns(upload_id: UUID) -> Response:
    """Point out the columns; the station's choice is remembered for files with the same headings."""
    actor = current_actor()
    seen = imports.see_upload(actor, upload_id)
    form = columns_form(seen.result.headings, {})
    if not form.validate():
        raise InvalidInput(_("Tệp không có cột này. Hãy trở lại và chọn các cột trong danh sách."))
    imports.correct_mapping(actor, upload_id, form.chosen())
    leave_message(_("Đã kiểm tra lại theo các cột bạn chọn; lựa chọn được nhớ cho lần sau."), "success")
    return htmx.redirect(url_for(".upload", upload_id=upload_id))


@bp.post("/uploads/<uuid:upload_id>/sheet")
@requires(Permission.BATCH_IMPORT)
def sheet(upload_id: UUID) -> Response:
    """Read another sheet of the workbook."""
    actor = current_actor()
    seen = imports.see_upload(actor, upload_id)
    form = _sheet_form(seen)
    if not form.validate():
        raise InvalidInput(_("Tệp không có trang tính này. Hãy trở lại và chọn một trang tính trong danh sách."))
    imports.correct_mapping(actor, upload_id, {}, form.sheet.data)
    return htmx.redirect(url_for(".upload", upload_id=upload_id))


@bp.get("/findings")
@requires(Permission.BATCH_IMPORT)
def findings() -> Response:
    """Everything the check may say of a row or a file, each with an example."""
    return htmx.render("batches/findings.html", rows=list(finding_rows()), refusals=list(refusal_rows()))


@bp.get("/uploads/<uuid:upload_id>/faults.xlsx")
@requires(Permission.BATCH_IMPORT, proof=ALWAYS)
def faulty_workbook(upload_id: UUID) -> Response:
    """The same workbook back with the columns LỖI and CẦN LÀM GÌ."""
    name, data = imports.faulty_workbook(current_actor(), upload_id, language())
    return download(name, data, WORKBOOK)


def _page(seen: Upload, form: ConfirmForm, status: int = 200) -> Response:
    result = seen.result
    shown = request.args.get("rows", "")
    shown = shown if shown in SHOWN else "faults"
    found = [row for row in result.entries if SHOWN[shown][1](row)]
    number = page_number()
    return htmx.render(
        "batches/upload.html",
        status=status,
        seen=seen,
        result=result,
        preview=preview(current_actor(), result),
        choices=[(key, words, sum(map(holds, result.entries))) for key, (words, holds) in SHOWN.items()],
        shown=shown,
        rows=found[(number - 1) * SIZE : number * SIZE],
        page=Page(number, len(found), len(result.entries)),
        form=form,
        columns_form=columns_form(result.headings, dict(result.mapping.columns)),
        sheet_form=_sheet_form(seen),
        incomplete=[finding for finding in result.findings if finding.code in {"column_missing", "column_lost"}],
    )


def _sheet_form(seen: Upload) -> SheetForm:
    form = SheetForm()
    form.sheet.choices = [
        SelectChoice(each.name, _("%(name)s (%(rows)s dòng)", name=each.name, rows=each.rows))
        for each in seen.result.sheets
    ]
    if not form.is_submitted():
        form.sheet.data = seen.result.sheet
    return form


def _beside_the_day(form: ConfirmForm, refusal: InvalidInput) -> None:
    """The service speaks of `due_at`; on the page that is the day."""
    if "due_at" in refusal.fields:
        form.form_errors = [each for each in form.form_errors if each != refusal.message]
        form.due_day.errors = [refusal.message]
