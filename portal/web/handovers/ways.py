"""Other ways to sign a record: a file signed by another program, a token, a hash signed elsewhere."""

import binascii
from base64 import b64decode
from io import BytesIO
from uuid import UUID

from flask import Response, send_file, url_for
from flask_babel import gettext as _

from portal.domain.errors import InvalidInput, StaleVersion
from portal.domain.permissions import Permission
from portal.domain.phrases import record_number
from portal.services import agent_signing, remote_signing, tickets, ways
from portal.services.context import ground
from portal.services.handovers import open_handover
from portal.services.throttling import TooManyAttempts
from portal.web import htmx
from portal.web.access import current_actor, requires
from portal.web.form_keys import key_of
from portal.web.forms import PortalForm
from portal.web.handovers.blueprint import bp
from portal.web.handovers.forms import HashForm, RemoteForm, SignedFileForm, TokenForm, ValueForm
from portal.web.handovers.pages import to_receipt
from portal.web.security import allow_connection

_FORMS = (SignedFileForm, TokenForm, HashForm, RemoteForm)


@bp.get("/handovers/<uuid:handover_id>/other-ways")
@requires(Permission.HANDOVER_SIGN)
def other_ways(handover_id: UUID) -> Response:
    """The three ways beside each other; what a signer cannot use says why."""
    return ways_page(handover_id)


@bp.post("/handovers/<uuid:handover_id>/signed-file")
@requires(Permission.HANDOVER_SIGN)
def signed_file(handover_id: UUID) -> Response:
    """Take the file that another program signed."""
    form = SignedFileForm()
    data = form.file.data.read() if form.file.data else b""
    if not data:
        form.file.errors = [_("Chưa chọn tệp PDF đã ký.")]
        return ways_page(handover_id, form, 422)
    try:
        ways.sign_with_file(current_actor(), handover_id, data, shown=form.shown.data or "", key=key_of(form))
    except (InvalidInput, StaleVersion) as refusal:
        form.file.errors = [refusal.message]
        return ways_page(handover_id, form, 422 if isinstance(refusal, InvalidInput) else 409)
    return to_receipt(handover_id)


@bp.post("/handovers/<uuid:handover_id>/token-signature")
@requires(Permission.HANDOVER_SIGN)
def token_signature(handover_id: UUID) -> Response:
    """Sign with a token plugged in where the portal runs."""
    form = TokenForm()
    offer_certificates(form)
    if not form.validate():
        return ways_page(handover_id, form, 422)
    try:
        ways.sign_with_token(
            current_actor(),
            handover_id,
            form.certificate.data,
            form.pin.data or "",
            shown=form.shown.data or "",
            key=key_of(form),
        )
    except (InvalidInput, StaleVersion, TooManyAttempts) as refusal:
        form.pin.errors = [refusal.message]
        return ways_page(handover_id, form, 422 if isinstance(refusal, InvalidInput) else 409)
    return to_receipt(handover_id)


@bp.post("/handovers/<uuid:handover_id>/tickets")
@requires(Permission.HANDOVER_SIGN)
def make_ticket(handover_id: UUID) -> Response:
    """Prepare the signature and show the hash to sign elsewhere."""
    form = HashForm()
    offer_certificates(form)
    if not form.validate():
        return ways_page(handover_id, form, 422)
    made = tickets.make_ticket(current_actor(), handover_id, form.certificate.data, shown=form.shown.data or "")
    return htmx.redirect(url_for("handovers.ticket", ticket_id=made))


@bp.get("/signing-tickets/<uuid:ticket_id>")
@requires(Permission.HANDOVER_SIGN)
def ticket(ticket_id: UUID) -> Response:
    """The hash, the attributes to download, and the place for the value."""
    return _ticket_page(ticket_id, ValueForm())


@bp.get("/signing-tickets/<uuid:ticket_id>/attributes.der")
@requires(Permission.HANDOVER_SIGN)
def attributes(ticket_id: UUID) -> Response:
    """The attributes whose signature is wanted, as DER."""
    found = tickets.ticket_of(current_actor(), ticket_id)
    return send_file(
        BytesIO(found.attributes),
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=f"phieu-ky-{str(found.id)[:8]}.der",
    )


@bp.post("/signing-tickets/<uuid:ticket_id>")
@requires(Permission.HANDOVER_SIGN)
def redeem(ticket_id: UUID) -> Response:
    """Take the value that was made elsewhere."""
    form = ValueForm()
    try:
        value = b64decode("".join((form.value.data or "").split()), validate=True)
    except (binascii.Error, ValueError):
        value = b""
    if not value:
        form.value.errors = [_("Dán giá trị chữ ký dạng Base64.")]
        return _ticket_page(ticket_id, form, 422)
    found = tickets.ticket_of(current_actor(), ticket_id)
    try:
        tickets.redeem(current_actor(), ticket_id, value, key=key_of(form))
    except (InvalidInput, StaleVersion) as refusal:
        form.value.errors = [refusal.message]
        return _ticket_page(ticket_id, form, 422 if isinstance(refusal, InvalidInput) else 409)
    return to_receipt(found.record_id)


def ways_page(handover_id: UUID, refused: PortalForm | None = None, status: int = 200) -> Response:
    """The page of all ways; `refused`: the form that was sent, with its reasons."""
    actor = current_actor()
    record = open_handover(actor, handover_id)
    certificates = ways.certificates_of_signer(actor)
    forms: dict[type[PortalForm], PortalForm] = {kind: kind(formdata=None) for kind in _FORMS}
    if refused is not None:
        forms[type(refused)] = refused
    for form in forms.values():
        form.shown.data = record.pdf_sha256
    offer_certificates(forms[TokenForm])
    offer_certificates(forms[HashForm])
    offer_certificates(forms[RemoteForm])
    agent = ground().settings.vgca_agent
    if agent:
        allow_connection(agent)
    return htmx.render(
        "handovers/other_ways.html",
        status=status,
        record=record,
        number=record_number(record.number or 0, record.symbol),
        certificates=certificates,
        plugged_in=[each for each in certificates if each.plugged_in],
        refused=refused,
        file_form=forms[SignedFileForm],
        token_form=forms[TokenForm],
        hash_form=forms[HashForm],
        remote_form=forms[RemoteForm] if remote_signing.offered() else None,
        agent=agent,
        order=agent_signing.order(actor, handover_id, shown=record.pdf_sha256) if agent else None,
    )


def offer_certificates(form: PortalForm) -> None:
    """Fill the closed list of the signer's confirmed certificates; for a token those that are plugged in."""
    found = ways.certificates_of_signer(current_actor())
    wanted = [each for each in found if each.plugged_in] if isinstance(form, TokenForm) else found
    form.certificate.choices = [(each.id, f"{each.name} ({each.issuer})") for each in wanted]


def _ticket_page(ticket_id: UUID, form: ValueForm, status: int = 200) -> Response:
    found = tickets.ticket_of(current_actor(), ticket_id)
    return htmx.render("handovers/ticket.html", status=status, ticket=found, form=form)
