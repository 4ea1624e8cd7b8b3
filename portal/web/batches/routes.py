"""The table of batches, one batch, and the first step of an import."""

from uuid import UUID

from flask import Blueprint, Response, send_file, url_for
from flask_babel import gettext as _

from portal.clock import today
from portal.domain.error_classes import error_class_label
from portal.domain.errors import NotFound
from portal.domain.events import EventTag
from portal.domain.masking import masked_text
from portal.domain.permissions import Permission, has_permission
from portal.domain.stages import Stage
from portal.domain.wording import together
from portal.queries import batches as queries
from portal.queries.contacts import contacts
from portal.queries.deadlines import dues_of
from portal.services import imports
from portal.services.demonstration.files import demo_file, demo_files
from portal.services.reading import log_read
from portal.web import htmx
from portal.web.access import current_actor, requires
from portal.web.batches.forms import UploadForm
from portal.web.form_keys import key_of
from portal.web.paging import SIZE, Page, page_number
from portal.web.wording import spoken

bp = Blueprint("batches", __name__, url_prefix="/batches")
bp.app_template_filter("stage")(Stage)
bp.app_template_filter("without_numbers")(masked_text)


@bp.app_template_filter("error_class")
def error_class_words(name: str) -> str:
    """`E2 – Sai định dạng số CCCD/CMND`."""
    return str(spoken(together(name, error_class_label(name), by=" – ")))


@bp.get("")
@requires(Permission.BATCH_READ)
def index() -> Response:
    """All batches the actor may see, the newest first."""
    actor, number = current_actor(), page_number()
    return htmx.render(
        "batches/index.html",
        batches=queries.batches_page(actor, number, SIZE),
        page=Page(number, queries.count_batches(actor)),
        may_import=has_permission(actor, Permission.BATCH_IMPORT),
    )


@bp.get("/<uuid:batch_id>")
@requires(Permission.BATCH_READ)
def show(batch_id: UUID) -> Response:
    """One batch: its facts, its lists with their holders, its parked rows."""
    actor, number = current_actor(), page_number()
    if queries.one_batch(actor, batch_id) is not None:
        log_read(actor, EventTag.LIST_OPENED, batch_id=batch_id)
    batch = queries.one_batch(actor, batch_id)
    if batch is None:
        raise NotFound(_("Không tìm thấy đợt này, hoặc đơn vị của bạn không được xem."))
    lists = queries.lists_of(actor, batch_id)
    return htmx.render(
        "batches/show.html",
        batch=batch,
        importer=queries.importer_of(batch),
        lists=lists,
        joined=queries.joined(lists),
        dues=dues_of(each.id for each in lists),
        holders=contacts((each.holder_unit_id for each in lists), today()),
        may_arrange=has_permission(actor, Permission.LIST_ARRANGE),
        parked=queries.parked_page(actor, batch_id, number, SIZE),
        page=Page(number, batch.parked),
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.BATCH_IMPORT)
def new() -> Response:
    """Choose the platform's file; it is stored and checked, nothing is imported yet."""
    actor, form = current_actor(), UploadForm()
    if form.is_submitted() and form.validate():
        file = form.file.data
        upload_id = imports.upload_workbook(actor, file.filename, file.read(), key=key_of(form))
        return htmx.redirect(url_for(".upload", upload_id=upload_id))
    status = 422 if form.is_submitted() else 200
    return htmx.render(
        "batches/new.html", status=status, form=form, uploads=queries.open_uploads(actor), samples=demo_files()
    )


@bp.get("/samples/<name>")
@requires(Permission.BATCH_IMPORT)
def sample(name: str) -> Response:
    """One of the demonstration's workbooks, to try the import with; a real portal has none."""
    workbook = demo_file(name)
    return send_file(workbook.path, as_attachment=True, download_name=workbook.name)
