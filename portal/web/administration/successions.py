"""Merging a commune or village into another, or removing a level: with its date and its decision."""

from datetime import date

from flask import Response, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, SelectField

from portal.domain.errors import InvalidInput
from portal.domain.permissions import Permission
from portal.services import administration
from portal.services import successions as services
from portal.web import htmx
from portal.web.access import SENDING, current_actor, requires
from portal.web.administration.routes import bp
from portal.web.fields import DayField, TextField, at_most, required
from portal.web.form_keys import key_of
from portal.web.forms import PortalForm
from portal.web.wording import leave_message


class SuccessionForm(PortalForm):
    """Which territory takes the work over, from which day, by which decision."""

    into = SelectField(_l("Nhập vào"), coerce=int, validate_choice=False)
    effective_on = DayField(_l("Từ ngày"), validators=[required(_l("Nhập ngày hiệu lực."))])
    decision = TextField(_l("Văn bản quyết định"), validators=[required(_l("Ghi số và ngày văn bản.")), at_most(200)])


@bp.route("/units/<int:unit_id>/succession", methods=["GET", "POST"])
@requires(Permission.UNIT_ADMINISTER, proof=SENDING)
def succeed(unit_id: int) -> Response:
    """Pass a territory's work to another one: open lists move, signed records stay as they are."""
    actor, form = current_actor(), SuccessionForm()
    unit = administration.unit(actor, unit_id)
    form.into.choices = [SelectChoice(one, name) for one, name in administration.heirs(actor, unit_id)]
    day: date | None = form.effective_on.data
    if form.is_submitted() and form.validate() and day is not None:
        try:
            moved = services.succeed(
                actor,
                unit_id,
                form.into.data or 0,
                effective_on=day,
                decision=form.decision.data or "",
                key=key_of(form),
            )
        except InvalidInput as refusal:
            form.refuse(refusal)
        else:
            leave_message(
                _(
                    "Đã nhập đơn vị. %(lists)s danh sách đang làm chuyển sang đơn vị mới, "
                    "%(back)s biên bản chờ ký được thu hồi để lập lại.",
                    lists=moved.lists,
                    back=moved.taken_back,
                ),
                "success",
            )
            return htmx.redirect(url_for("administration.units"))
    status = 422 if form.is_submitted() else 200
    return htmx.render("administration/succession.html", status=status, form=form, unit=unit)
