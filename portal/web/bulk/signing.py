"""Signing many records at once: those that wait for the actor's signature, one passphrase, a result for each."""

from uuid import UUID

from flask import Response, request, url_for

from portal.domain.errors import InvalidInput
from portal.domain.permissions import Permission
from portal.queries import handovers as queries
from portal.services.bulk import signing as services
from portal.web import htmx
from portal.web.access import current_actor, requires
from portal.web.bulk.forms import SignManyForm
from portal.web.bulk.results import bp
from portal.web.form_keys import key_of


@bp.get("/signing")
@requires(Permission.HANDOVER_SIGN)
def sign_many() -> Response:
    """The records that wait for the actor's signature."""
    return _page(SignManyForm())


@bp.post("/signing")
@requires(Permission.HANDOVER_SIGN)
def do_sign_many() -> Response:
    """Sign those that were ticked."""
    form = SignManyForm()
    try:
        chosen = form.ticked()
        if not form.validate():
            return _page(form, 422)
        act_id = services.start(current_actor(), chosen, form.passphrase.data or "", key=key_of(form))
    except InvalidInput as refusal:
        form.refuse(refusal)
        return _page(form, 422)
    return htmx.redirect(url_for("bulk.show", act_id=act_id))


@bp.post("/bulk/<uuid:act_id>/signing")
@requires(Permission.HANDOVER_SIGN)
def resume_signing(act_id: UUID) -> Response:
    """Sign what is left of an act that was cut off."""
    form = SignManyForm()
    services.resume(current_actor(), act_id, form.passphrase.data or "", key=key_of(form))
    return htmx.redirect(url_for("bulk.show", act_id=act_id))


def _page(form: SignManyForm, status: int = 200) -> Response:
    return htmx.render(
        "bulk/sign_many.html",
        status=status,
        form=form,
        rows=queries.waiting_signature(current_actor()),
        ticks=frozenset(request.form.getlist("tick")),
        every=request.args.get("tick") == "all",
    )
