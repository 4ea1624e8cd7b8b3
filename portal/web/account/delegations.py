"""Standing in for an absent colleague: the own unit's delegations, giving one, ending one."""

from flask import Response, url_for
from flask_babel import gettext as _

from portal.domain.errors import InvalidInput
from portal.domain.permissions import Permission
from portal.services import delegations as services
from portal.web import htmx
from portal.web.access import SENDING, current_actor, requires
from portal.web.account.delegation_form import DelegationForm
from portal.web.account.routes import bp
from portal.web.form_keys import key_of
from portal.web.lists.forms import DeedForm
from portal.web.wording import leave_message


@bp.route("/account/delegations", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_OWN, proof=SENDING)
def delegations() -> Response:
    """Who stands in for whom in my unit; give a delegation of my own, or as the lead for a member."""
    actor, form = current_actor(), DelegationForm()
    form.offer(services.givers(actor), services.members(actor.unit_id))
    if form.is_submitted() and form.validate():
        try:
            services.give(actor, form.terms(), key=key_of(form))
        except InvalidInput as refusal:
            form.refuse(refusal)
        else:
            leave_message(_("Đã lập ủy quyền. Người làm thay chọn «Đổi phân công» để làm thay."), "success")
            return htmx.redirect(url_for("account.delegations"))
    return htmx.render(
        "account/delegations.html",
        status=422 if form.is_submitted() else 200,
        form=form,
        given=services.of_own_unit(actor),
        may_give=bool(form.from_membership.choices) and actor.mandate is None,
        action=url_for("account.delegations"),
        end_at="account.end_delegation",
        ends={},
    )


@bp.post("/account/delegations/<int:delegation_id>/end")
@requires(Permission.ACCOUNT_OWN)
def end_delegation(delegation_id: int) -> Response:
    """End a delegation that is mine, that I was given, or of my unit where I lead it."""
    services.end(current_actor(), delegation_id, key=key_of(DeedForm()))
    leave_message(_("Đã kết thúc ủy quyền; người làm thay dừng ngay ở thao tác kế tiếp."), "success")
    return htmx.redirect(url_for("account.delegations"))
