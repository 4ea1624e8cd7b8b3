"""Signing elsewhere by machines: a remote service that keeps the key, and the agent on the signer's computer."""

from io import BytesIO
from uuid import UUID

from flask import Response, jsonify, request, send_file

from portal.domain.errors import DomainError, InvalidInput, StaleVersion
from portal.domain.permissions import Permission
from portal.services import agent_signing, remote_signing
from portal.services.throttling import TooManyAttempts
from portal.signatures.remote_service import Authorisation
from portal.web.access import by_token, current_actor, requires
from portal.web.form_keys import key_of
from portal.web.handovers.blueprint import bp
from portal.web.handovers.forms import RemoteForm
from portal.web.handovers.pages import to_receipt
from portal.web.handovers.ways import offer_certificates, ways_page


@bp.post("/handovers/<uuid:handover_id>/remote-signature")
@requires(Permission.HANDOVER_SIGN)
def remote_signature(handover_id: UUID) -> Response:
    """Have the remote service sign with the enrolled certificate's key."""
    form = RemoteForm()
    offer_certificates(form)
    if not form.validate():
        return ways_page(handover_id, form, 422)
    typed = Authorisation(*(each.data or "" for each in (form.user, form.pin, form.code)))
    try:
        remote_signing.sign_remotely(
            current_actor(),
            handover_id,
            form.certificate.data,
            typed,
            shown=form.shown.data or "",
            key=key_of(form),
        )
    except (InvalidInput, StaleVersion, TooManyAttempts) as refusal:
        form.pin.errors = [refusal.message]
        return ways_page(handover_id, form, 422 if isinstance(refusal, InvalidInput) else 409)
    return to_receipt(handover_id)


@bp.get("/agent/files/<token>")
@by_token
def agent_fetches(token: str) -> Response:
    """The unsigned file, for the agent on the signer's computer."""
    name, data = agent_signing.handed_out(token)
    return send_file(BytesIO(data), mimetype="application/pdf", as_attachment=True, download_name=name)


@bp.post("/agent/signed/<token>")
@by_token
def agent_brings(token: str) -> Response:
    """The signed file from the agent; it reads the answer's Status (0: taken) and shows the Message."""
    upload = next(iter(request.files.values()), None)
    try:
        agent_signing.brought(token, upload.stream.read() if upload else b"")
    except DomainError as refusal:
        return jsonify({"Status": 1, "Message": str(refusal.message), "FileName": "", "FileServer": ""})
    name = (upload.filename if upload else "") or ""
    return jsonify({"Status": 0, "Message": "", "FileName": name, "FileServer": ""})
