"""The list as a workbook to work in, and its return: seen as a difference first, taken second."""

import re
from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext as _

from portal.domain.errors import InvalidInput
from portal.domain.permissions import Permission
from portal.services import work_files as services
from portal.services.transitions import load_list
from portal.web import htmx
from portal.web.access import SENDING, current_actor, requires
from portal.web.downloads import WORKBOOK, download
from portal.web.form_keys import key_of
from portal.web.lists.forms import DeedForm, WorkFileForm
from portal.web.lists.pages import list_page
from portal.web.lists.routes import bp
from portal.web.wording import language

_DIGEST = re.compile("[0-9a-f]{64}")


@bp.post("/<uuid:list_id>/work-file/correction")
@requires(Permission.ENTRY_CORRECT, proof=SENDING)
def correction_file(list_id: UUID) -> Response:
    """The village's workbook; taking it out is written down, hence a POST."""
    return _give(list_id)


@bp.post("/<uuid:list_id>/work-file/verification")
@requires(Permission.ENTRY_VERIFY, proof=SENDING)
def verification_file(list_id: UUID) -> Response:
    """The police's workbook."""
    return _give(list_id)


@bp.post("/<uuid:list_id>/work-file/correction/returned")
@requires(Permission.ENTRY_CORRECT)
def returned_correction(list_id: UUID) -> Response:
    """What the village's returned workbook would change; nothing is taken yet."""
    return _show(list_id, "correction")


@bp.post("/<uuid:list_id>/work-file/verification/returned")
@requires(Permission.ENTRY_VERIFY)
def returned_verification(list_id: UUID) -> Response:
    """What the police's returned workbook would change; nothing is taken yet."""
    return _show(list_id, "verification")


@bp.post("/<uuid:list_id>/work-file/correction/taken")
@requires(Permission.ENTRY_CORRECT)
def take_correction(list_id: UUID) -> Response:
    """Take the changed rows of the village's workbook."""
    return _take(list_id)


@bp.post("/<uuid:list_id>/work-file/verification/taken")
@requires(Permission.ENTRY_VERIFY)
def take_verification(list_id: UUID) -> Response:
    """Take the changed rows of the police's workbook."""
    return _take(list_id)


def _give(list_id: UUID) -> Response:
    name, data = services.give_work_file(current_actor(), list_id, language())
    return download(name, data, WORKBOOK)


def _show(list_id: UUID, work: str) -> Response:
    actor, form = current_actor(), WorkFileForm()
    upload = form.file.data
    if not upload or not upload.filename:
        form.file.errors = [_("Chưa chọn tệp. Hãy chọn tệp .xlsx đã tải từ trang này.")]
        return list_page(list_id, 422, work_file_form=form)
    try:
        digest = services.keep_work_file(actor, list_id, upload.read())
        found = services.see_work_file(actor, list_id, digest)
    except InvalidInput as refusal:
        form.file.errors = [refusal.message]
        return list_page(list_id, 422, work_file_form=form)
    return htmx.render(
        "lists/work_file.html",
        of_list=load_list(actor, list_id),
        found=found,
        filename=upload.filename,
        take=url_for(f".take_{work}", list_id=list_id),
        form=DeedForm(),
    )


def _take(list_id: UUID) -> Response:
    load_list(current_actor(), list_id)
    digest = request.form.get("digest", "")
    if not _DIGEST.fullmatch(digest):
        raise InvalidInput(_("Thiếu tệp cần nhận. Hãy trở lại trang danh sách và nạp lại tệp."))
    act = services.apply_work_file(current_actor(), list_id, digest, key=key_of(DeedForm()))
    return htmx.redirect(url_for("bulk.show", act_id=act))
