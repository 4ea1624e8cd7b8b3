"""The pairs that wait, one pair side by side, the reviewer's verdict."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice

from portal.clock import today
from portal.domain.errors import InvalidInput
from portal.domain.labels import label
from portal.domain.pair_decisions import OPEN_PAIRS, PairState, PairVerdict
from portal.domain.pairs import PairKind
from portal.domain.permissions import Permission
from portal.queries import duplicates as queries
from portal.services import duplicates as services
from portal.web import htmx
from portal.web.access import current_actor, requires
from portal.web.duplicates.sides import compared, told
from portal.web.fields import at_most
from portal.web.form_keys import NoteField, key_of
from portal.web.forms import PortalForm
from portal.web.paging import Page, page_number
from portal.web.wording import leave_message, spoken

bp = Blueprint("duplicates", __name__, url_prefix="/duplicates")


class VerdictForm(PortalForm):
    """One person or two."""

    verdict = RadioField(_l("Kết luận của bạn"), validate_choice=False)
    note = NoteField(_l("Căn cứ (không bắt buộc)"), validators=[at_most(500)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  WTForms' own signature
        super().__init__(*args, **kwargs)
        self.verdict.choices = [SelectChoice(each.value, spoken(label(each))) for each in PairVerdict]


@bp.get("")
@requires(Permission.PAIR_JUDGE)
def index() -> Response:
    """Fifty pairs of one tab, the likest first."""
    actor = current_actor()
    tab = request.args.get("tab", queries.TABS[0])
    tab = tab if tab in queries.TABS else queries.TABS[0]
    number = page_number()
    rows, count = queries.pairs_page(actor, tab, number, today())
    counts = queries.counts(actor)
    words = {"waiting": _("Chờ bạn xem"), "reviewed": _("Chờ người khác xem"), "decided": _("Đã kết luận")}
    return htmx.render(
        "duplicates/index.html",
        tabs=[
            {
                "text": words[each],
                "address": url_for(".index", tab=each),
                "count": counts[each],
                "is_current": each == tab,
            }
            for each in queries.TABS
        ],
        rows=[(row, told(row.one), told(row.other)) for row in rows],
        page=Page(number, count),
        tab=tab,
    )


@bp.route("/<uuid:pair_id>", methods=["GET", "POST"])
@requires(Permission.PAIR_JUDGE)
def show(pair_id: UUID) -> Response:
    """One pair side by side; who sees both persons says whether they are one."""
    actor, form = current_actor(), VerdictForm()
    if form.is_submitted():
        if form.verdict.data not in set(PairVerdict):
            form.verdict.errors = [_("Chọn một kết luận.")]
        elif form.validate():
            try:
                state = services.judge(
                    actor, pair_id, PairVerdict(form.verdict.data), form.note.data or "", key=key_of(form)
                )
            except InvalidInput as refusal:
                form.refuse(refusal)
            else:
                done = _("Đã kết luận cặp này. Không có gì tự gộp; người giữ danh sách làm tiếp theo kết luận.")
                waits = _("Đã ghi ý kiến của bạn. Cặp khó cần người thứ hai xem độc lập.")
                leave_message(done if state is PairState.DECIDED else waits, "success")
                return htmx.redirect(url_for(".show", pair_id=pair_id))
    row = queries.pair_row(actor, pair_id, today())
    if services.note_reading(actor, row):
        row = queries.pair_row(actor, pair_id, today())
    return htmx.render(
        "duplicates/show.html",
        status=422 if form.is_submitted() else 200,
        form=form,
        row=row,
        fields=compared(row),
        sides=(told(row.one), told(row.other)),
        may_judge=row.is_whole and row.pair.state in set(OPEN_PAIRS) and not row.mine_said,
        opinions=queries.opinions(row.pair),
    )


for _name, _words in (("pair_kind", PairKind), ("pair_state", PairState), ("pair_verdict", PairVerdict)):
    bp.app_template_filter(_name)(_words)
