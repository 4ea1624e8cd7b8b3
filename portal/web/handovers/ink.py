"""Records that a village signs in ink: print, scan in, look, confirm."""

from io import BytesIO
from uuid import UUID

from flask import Response, request, send_file, url_for
from flask_babel import gettext as _

from portal.domain.errors import DomainError, InvalidInput, NotFound, NotPermitted
from portal.domain.permissions import Permission, has_permission
from portal.domain.phrases import record_number
from portal.domain.stages import RecordKind
from portal.domain.transitions import Action
from portal.services import handovers, ink
from portal.services.transitions import load_list, offers
from portal.web import htmx
from portal.web.access import current_actor, requires
from portal.web.downloads import PDF, download
from portal.web.form_keys import key_of
from portal.web.handovers.blueprint import bp
from portal.web.handovers.forms import ConfirmScanForm, PrepareForm, ScanForm
from portal.web.wording import leave_message

_TYPES = {"pdf": PDF, "jpeg": "image/jpeg", "png": "image/png"}


@bp.post("/lists/<uuid:list_id>/handovers/by-hand")
@requires(Permission.PAPER_WORK)
def prepare_by_hand(list_id: UUID) -> Response:
    """Draw the village's record for its ink, then show where to print it and where the scan goes."""
    made = ink.prepare_by_hand(current_actor(), list_id, key=key_of(PrepareForm()))
    return htmx.redirect(url_for("handovers.scan", handover_id=made))


@bp.get("/handovers/<uuid:handover_id>/scan")
@requires(Permission.LIST_READ)
def scan(handover_id: UUID) -> Response:
    """The record to print, the scan that waits, who entered it, and what can be done."""
    return _page(handover_id, ScanForm())


@bp.post("/handovers/<uuid:handover_id>/scan")
@requires(Permission.PAPER_SCAN)
def enter_scan(handover_id: UUID) -> Response:
    """Keep a scan; another person confirms it."""
    form = ScanForm()
    upload = form.file.data
    if not upload or not upload.filename:
        form.validate()
        form.file.errors = [_("Chưa chọn tệp. Hãy chọn tệp quét hoặc ảnh chụp biên bản đã ký.")]
        return _page(handover_id, form, 422)
    if not form.validate():
        return _page(handover_id, form, 422)
    sent = ink.Upload(upload.read(), upload.filename, form.signer.data or "")
    try:
        ink.enter(current_actor(), handover_id, sent, key=key_of(form))
    except InvalidInput as refusal:
        if refusal.fields:
            form.refuse(refusal)
        else:
            form.file.errors = [refusal.message]
        return _page(handover_id, form, 422)
    leave_message(_("Đã lưu bản quét. Người khác của Trạm Y tế xem và xác nhận thì danh sách mới chuyển."), "success")
    return htmx.redirect(url_for("handovers.scan", handover_id=handover_id))


@bp.post("/handovers/<uuid:handover_id>/scan/confirmation")
@requires(Permission.PAPER_WORK)
def confirm_scan(handover_id: UUID) -> Response:
    """Confirm that the scan is this record signed by the village; the list moves."""
    form = ConfirmScanForm()
    try:
        ink.confirm(current_actor(), handover_id, seen=form.seen.data or "", key=key_of(form))
    except NotFound:
        raise
    except DomainError as refusal:
        return _page(handover_id, ScanForm(formdata=None), 403 if isinstance(refusal, NotPermitted) else 409, refusal)
    leave_message(_("Đã xác nhận: thôn ký tay, bản quét được lưu cùng biên bản."), "success")
    return htmx.redirect(url_for("handovers.show", handover_id=handover_id))


@bp.get("/handovers/<uuid:handover_id>/scan/<digest>")
@requires(Permission.RECORD_READ)
def scan_file(handover_id: UUID, digest: str) -> Response:
    """The kept file as it was sent, under its own name."""
    name, data, kind = ink.scan_file(current_actor(), handover_id, digest)
    return download(name, data, _TYPES[kind.value])


@bp.get("/handovers/<uuid:handover_id>/scan/<digest>/<int:page>.png")
@requires(Permission.RECORD_READ)
def scan_page(handover_id: UUID, digest: str, page: int) -> Response:
    """A picture of one page of the scan."""
    return send_file(BytesIO(ink.scan_page(current_actor(), handover_id, digest, page)), mimetype="image/png")


def _page(handover_id: UUID, form: ScanForm, status: int = 200, refusal: DomainError | None = None) -> Response:
    actor = current_actor()
    record = handovers.load_handover(actor, handover_id)
    of_list = load_list(actor, record.list_id)
    waiting = ink.waiting_scan(record)
    may = {offer.transition.action: offer for offer in offers(actor, of_list) if offer.transition.leg == record.leg}
    reads = has_permission(actor, Permission.RECORD_READ)
    return htmx.render(
        "handovers/scan.html",
        status=status,
        record=record,
        of_list=of_list,
        kind=RecordKind(record.kind),
        number=record_number(record.number or 0, record.symbol),
        form=form,
        refused=refusal.message if refusal else "",
        waiting=waiting,
        pages=range(1, min(ink.pages_of(waiting), 20) + 1) if waiting and reads else (),
        may_read_paper=reads,
        enter=may.get(Action.ENTER_INK),
        confirm=may.get(Action.TAKE_INK) or may.get(Action.SEND_INK),
        here=request.path,
    )
