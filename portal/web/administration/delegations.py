"""A unit's delegations, for an administrator of its territory."""

from flask import Response, url_for
from flask_babel import gettext as _

from portal.domain.errors import InvalidInput
from portal.domain.permissions import Permission
from portal.services import administration
from portal.services import delegations as services
from portal.web import htmx
from portal.web.access import SENDING, current_actor, requires
from portal.web.account.delegation_form import DelegationForm
from portal.web.administration.routes import bp
from portal.web.form_keys import key_of
from portal.web.lists.forms import DeedForm
from portal.web.wording import leave_message


@bp.route("/units/<int:unit_id>/delegations", methods=["GET", "POST"])
@requires(Permission.USER_ADMINISTER, proof=SENDING)
def unit_delegations(unit_id: int) -> Response:
    """Who stands in for whom in the unit; give a delegation where the absent person cannot."""
    actor, form = current_actor(), DelegationForm()
    unit = administration.unit(actor, unit_id)
    members = services.members(unit_id)
    form.offer(members, members)
    if form.is_submitted() and form.validate():
        try:
            services.give(actor, form.terms(), key=key_of(form))
        except InvalidInput as refusal:
            form.refuse(refusal)
        else:
            leave_message(_("Đã lập ủy quyền."), "success")
            return htmx.redirect(url_for("administration.unit_delegations", unit_id=unit_id))
    return htmx.render(
        "administration/delegations.html",
        status=422 if form.is_submitted() else 200,
        form=form,
        unit=unit,
        given=services.of_unit(actor, unit_id),
        may_give=len(members) > 1,
        action=url_for("administration.unit_delegations", unit_id=unit_id),
        end_at="administration.end_delegation",
        ends={"unit_id": unit_id},
    )


@bp.post("/units/<int:unit_id>/delegations/<int:delegation_id>/end")
@requires(Permission.USER_ADMINISTER, proof=SENDING)
def end_delegation(unit_id: int, delegation_id: int) -> Response:
    """End a delegation inside the unit."""
    services.end(current_actor(), delegation_id, key=key_of(DeedForm()))
    leave_message(_("Đã kết thúc ủy quyền; người làm thay dừng ngay ở thao tác kế tiếp."), "success")
    return htmx.redirect(url_for("administration.unit_delegations", unit_id=unit_id))
