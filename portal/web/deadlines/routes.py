"""More time for the running step of a list, and the days per step of a batch."""

from functools import partial
from uuid import UUID

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _

from portal.clock import local
from portal.domain.errors import InvalidInput, NotFound
from portal.domain.permissions import Permission
from portal.domain.transitions import Action
from portal.queries import batches
from portal.queries.deadlines import newest_extension, steps_running
from portal.services import extensions, step_days
from portal.services.transitions import load_list, permit
from portal.web import htmx
from portal.web.access import current_actor, requires
from portal.web.asking import AnswerForm, WishForm, answered, wished
from portal.web.deadlines.forms import StepDaysForm
from portal.web.form_keys import key_of
from portal.web.wording import leave_message

bp = Blueprint("deadlines", __name__)


@bp.route("/lists/<uuid:list_id>/extension", methods=["GET", "POST"])
@requires(Permission.EXTENSION_ASK)
def ask(list_id: UUID) -> Response:
    """Ask for more time for the step that runs."""
    form = WishForm()
    if wished(form, partial(extensions.ask, current_actor(), list_id)):
        leave_message(_("Đã gửi đề nghị gia hạn. Hạn cũ vẫn tính cho đến khi có trả lời."), "success")
        return htmx.redirect(url_for("lists.show", list_id=list_id))
    return _page("deadlines/ask.html", list_id, form, Action.ASK_EXTENSION)


@bp.route("/lists/<uuid:list_id>/extension/answer", methods=["GET", "POST"])
@requires(Permission.LIST_CONSENT)
def answer(list_id: UUID) -> Response:
    """Grant more time, or say why not."""
    form, actor = AnswerForm(), current_actor()
    said = (
        _("Đã gia hạn; hạn cũ vẫn được ghi bên cạnh hạn mới."),
        _("Đã trả lời không gia hạn; hạn cũ giữ nguyên."),
    )
    if answered(form, partial(extensions.grant, actor, list_id), partial(extensions.refuse, actor, list_id), said):
        return htmx.redirect(url_for("lists.show", list_id=list_id))
    return _page("deadlines/answer.html", list_id, form, Action.GRANT_EXTENSION)


def _page(template: str, list_id: UUID, form: WishForm | AnswerForm, action: Action) -> Response:
    actor = current_actor()
    of_list = load_list(actor, list_id)
    permit(actor, of_list, action)
    extension = newest_extension(list_id)
    if isinstance(form, AnswerForm) and not form.is_submitted() and not form.is_kept and extension:
        form.offer(local(extension.wished_due_at))
    return htmx.render(
        template,
        status=422 if form.is_submitted() else 200,
        form=form,
        of_list=of_list,
        step=steps_running([list_id])[list_id],
        extension=extension,
    )


@bp.route("/batches/<uuid:batch_id>/days", methods=["GET", "POST"])
@requires(Permission.LIST_ARRANGE)
def days(batch_id: UUID) -> Response:
    """Set how many days each step of the batch's lists may take."""
    actor, form = current_actor(), StepDaysForm()
    batch = batches.one_batch(actor, batch_id)
    if batch is None:
        raise NotFound(_("Không tìm thấy đợt này, hoặc đơn vị của bạn không được xem."))
    if not form.is_submitted():
        if not form.is_kept:
            form.show(batch.step_days)
        return htmx.render("deadlines/days.html", form=form, batch=batch)
    if form.validate():
        try:
            step_days.set_days(actor, batch_id, form.days(), usual=bool(form.usual.data), key=key_of(form))
        except InvalidInput as refusal:
            form.refuse(refusal)
        else:
            leave_message(_("Đã đặt số ngày cho từng bước, tính từ bước bắt đầu sau lúc này."), "success")
            return htmx.redirect(url_for("batches.show", batch_id=batch_id))
    return htmx.render("deadlines/days.html", status=422, form=form, batch=batch)
