"""The station's update of the platform: the import file out, its mark, the verification list in."""

from collections.abc import Callable
from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _

from portal.domain.errors import InvalidInput
from portal.domain.permissions import Permission
from portal.services import platform as services
from portal.web import htmx
from portal.web.access import SENDING, current_actor, requires
from portal.web.downloads import WORKBOOK, download
from portal.web.form_keys import key_of
from portal.web.lists.forms import DeedForm, ImportAnswerForm, VerificationListForm
from portal.web.lists.pages import list_page
from portal.web.lists.routes import bp
from portal.web.wording import leave_message


@bp.post("/<uuid:list_id>/import-file")
@requires(Permission.ENTRY_APPLY, proof=SENDING)
def import_file(list_id: UUID) -> Response:
    """The platform's import file of the import lane; making it is written down, hence a POST."""
    name, data = services.make_import_file(current_actor(), list_id)
    return download(name, data, WORKBOOK)


@bp.post("/<uuid:list_id>/imported")
@requires(Permission.ENTRY_APPLY)
def mark_imported(list_id: UUID) -> Response:
    """Note that the platform took the import file."""
    form = DeedForm()
    try:
        count = services.mark_imported(current_actor(), list_id, key=key_of(form))
    except InvalidInput as refusal:
        leave_message(refusal.message, "error")
    else:
        leave_message(
            _("Đã đánh dấu %(count)s người là đã nhập. Tiếp theo: nạp danh sách xác minh để đối chiếu.", count=count),
            "success",
        )
    return htmx.redirect(url_for("lists.show", list_id=list_id))


@bp.post("/<uuid:list_id>/import-answer")
@requires(Permission.ENTRY_APPLY)
def take_import_answer(list_id: UUID) -> Response:
    """Read the platform's answer to the import file."""
    form = ImportAnswerForm()
    counts = _counts_of(form, list_id, services.take_import_answer)
    if counts is None:
        return list_page(list_id, 422, answer_form=form)
    leave_message(
        _(
            "Nền tảng đã nhập %(applied)s người, không nhận %(failed)s người; %(unclear)s dòng chưa rõ kết quả, "
            "%(missing)s người không có trong tệp, %(unmatched)s dòng không thuộc danh sách này.",
            **counts,
        ),
        "warning" if counts["failed"] or counts["unclear"] or counts["missing"] else "success",
    )
    return htmx.redirect(url_for("lists.show", list_id=list_id))


@bp.post("/<uuid:list_id>/verification-list")
@requires(Permission.ENTRY_APPLY)
def take_verification_list(list_id: UUID) -> Response:
    """Read the platform's verification list."""
    form = VerificationListForm()
    counts = _counts_of(form, list_id, services.take_verification_list)
    if counts is None:
        return list_page(list_id, 422, verification_form=form)
    leave_message(
        _(
            "Đã đối chiếu: %(confirmed)s người đúng, %(failed)s người còn lệch, %(reopened)s người mở lại, "
            "%(missing)s người không có trong tệp, %(unmatched)s dòng của tệp không thuộc danh sách này.",
            **counts,
        ),
        "warning" if counts["failed"] or counts["reopened"] or counts["missing"] else "success",
    )
    return htmx.redirect(url_for("lists.show", list_id=list_id))


def _counts_of(
    form: ImportAnswerForm | VerificationListForm, list_id: UUID, take: Callable[..., dict[str, int]]
) -> dict[str, int] | None:
    """What the platform's workbook in the form changed; None with the reason in the form where it was not taken."""
    upload = form.file.data
    if not upload or not upload.filename:
        form.file.errors = [_("Chưa chọn tệp. Hãy chọn tệp .xlsx tải từ nền tảng.")]
        return None
    try:
        return take(current_actor(), list_id, upload.read(), key=key_of(form))
    except InvalidInput as refusal:
        form.file.errors = [refusal.message]
        return None
