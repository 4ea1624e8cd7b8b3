"""A record's page: preview for the signer, the incoming record for the receiver, the receipt for everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _

from portal.clock import today
from portal.domain.levels import Level
from portal.domain.permissions import Actor, Permission, has_permission
from portal.domain.phrases import record_number
from portal.domain.stages import CUSTODY_RECORDS, HandoverStatus, RecordKind, Stage
from portal.queries import entries, handovers
from portal.queries.contacts import contacts
from portal.services import keys, papers
from portal.services.handovers import is_current, load_handover, open_handover
from portal.services.transitions import load_list, offers
from portal.web import htmx
from portal.web.access import current_actor
from portal.web.handovers.choices import Act, act_on, choices_on, done_words
from portal.web.handovers.forms import SignForm
from portal.web.lifting import closed, lifting_contacts
from portal.web.lists.pages import note_reading
from portal.web.wording import leave_message

if TYPE_CHECKING:
    from portal.models import CorrectionList, Handover


def handover_page(handover_id: UUID, form: SignForm | None = None, status: int = 200) -> Response:
    """The page of one record; `form` is a refused one."""
    actor = current_actor()
    record = open_handover(actor, handover_id)
    of_list = load_list(actor, record.list_id)
    if note_reading(actor, of_list):
        record = open_handover(actor, handover_id)
        of_list = load_list(actor, record.list_id)
    offered = offers(actor, of_list)
    lifting = lifting_contacts(actor, of_list, offered)
    act = act_on(actor, record, offered, lifting)
    answered = handovers.answered_by(actor, record)
    in_one_act = answered if record.kind == RecordKind.EXCEPTIONS.value and act else None
    choices = choices_on(actor, record, offered, lifting)
    form = form or SignForm()
    form.shown.data = record.pdf_sha256
    form.shown_answered.data = in_one_act.pdf_sha256 if in_one_act else ""
    stale = _stale(actor, record, of_list)
    return htmx.render(
        _template(record, act),
        status=status,
        record=record,
        number=record_number(record.number or 0, record.symbol),
        kind=RecordKind(record.kind),
        record_status=HandoverStatus(record.status),
        record_level=Level(record.level) if record.level else None,
        of_list=of_list,
        stage=Stage(of_list.stage),
        act=act,
        form=form,
        stale=stale,
        sizes=papers.page_sizes(record),
        may_read_paper=has_permission(actor, Permission.RECORD_READ),
        verdict=papers.verdict_on(record),
        signer=handovers.named_signer(record),
        named_other=_named_other(actor, record),
        signing_key=keys.key_state(actor),
        answered=answered,
        in_one_act=in_one_act,
        sizes_in_one_act=papers.page_sizes(in_one_act) if in_one_act else (),
        answers=handovers.answers_to(actor, record),
        choices=choices,
        closed_choices=closed(choices),
        contacts=contacts(_units(record, of_list), today()),
    )


def to_receipt(handover_id: UUID) -> Response:
    """After a signature: to the receipt, which says once what the signature has done."""
    if words := done_words(load_handover(current_actor(), handover_id)):
        leave_message(words, "success")
    return htmx.redirect(url_for("handovers.show", handover_id=handover_id))


def _template(record: Handover, act: Act | None) -> str:
    if record.status == HandoverStatus.PREPARED.value:
        return "handovers/preview.html"
    return "handovers/incoming.html" if act else "handovers/receipt.html"


def _stale(actor: Actor, record: Handover, of_list: CorrectionList) -> str:
    """What changed since a draft was drawn; empty while it still says what the list says."""
    if record.status != HandoverStatus.PREPARED.value:
        return ""
    if not record.pdf_sha256:
        return str(_("Biên bản chưa lập xong."))
    if RecordKind(record.kind) not in CUSTODY_RECORDS or is_current(record, of_list):
        return ""
    count = entries.changed_since(actor, of_list.id, record.prepared_at)
    if count:
        return str(_("Nội dung đã đổi %(count)s dòng sau khi lập bản xem trước này.", count=count))
    if record.list_rev != of_list.rev:
        return str(_("Danh sách đã thay đổi sau khi lập bản xem trước này."))
    return str(_("Bản xem trước này lập từ ngày trước, ngày trên biên bản không còn đúng."))


def _named_other(actor: Actor, record: Handover) -> bool:
    named = (record.signer_membership_id, record.signer_delegation_id)
    return record.status == HandoverStatus.PREPARED.value and named != (actor.membership_id, actor.delegation_id)


def _units(record: Handover, of_list: CorrectionList) -> set[int]:
    return {unit for unit in (record.giver_unit_id, record.receiver_unit_id, of_list.holder_unit_id) if unit}
