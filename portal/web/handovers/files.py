"""The record's file and the pictures of its pages."""

from io import BytesIO
from uuid import UUID

from flask import Response, request, send_file
from flask_babel import gettext as _

from portal.domain.permissions import Permission
from portal.services import papers
from portal.web.access import current_actor, requires
from portal.web.downloads import PDF, download
from portal.web.handovers.blueprint import bp


@bp.get("/handovers/<uuid:handover_id>/record.pdf")
@requires(Permission.RECORD_READ)
def record_file(handover_id: UUID) -> Response:
    """The newest file to keep."""
    name, data = papers.download(current_actor(), handover_id)
    return download(_("Biên bản %(number)s", number=name), data, PDF)


@bp.get("/handovers/<uuid:handover_id>/pages/<int:page>.png")
@requires(Permission.RECORD_READ)
def page_picture(handover_id: UUID, page: int) -> Response:
    """A picture of one page, drawn from the bytes whose SHA-256 the address names."""
    data = papers.picture(current_actor(), handover_id, page, request.args.get("v", "")[:64])
    return send_file(BytesIO(data), mimetype="image/png")
