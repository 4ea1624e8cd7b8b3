"""A record's page: preview for the signer, the incoming record for the receiver, the receipt for everybody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _

from portal.clock import today
from portal.domain.levels import Level
from portal.domain.permissions import Actor, Permission, has_permission
from portal.domain.phrases import record_number
from portal.domain.stages import HandoverStatus, RecordKind, Stage
from portal.domain.transitions import Action
from portal.queries import entries, handovers
from portal.queries.contacts import contacts
from portal.services import keys, papers
from portal.services.handovers import is_current, open_handover
from portal.services.transitions import Offer, load_list, offers
from portal.web import htmx
from portal.web.access import current_actor
from portal.web.filters import grouped
from portal.web.handovers.forms import SignForm
from portal.web.lists.pages import note_reading

if TYPE_CHECKING:
    from portal.models import CorrectionList, Handover

_SIGNED_BY = {
    HandoverStatus.PREPARED: (Action.SEND, Action.RETURN, Action.COMPLETE, Action.REFUSE),
    HandoverStatus.SENT: (Action.COUNTERSIGN,),
}
"""Which offered act the signature on this page would make, by the record's status."""


@dataclass(frozen=True)
class Act:
    """The signature that is asked for: its button, where it goes, what follows, what stands in the way."""

    deed: str
    address: str
    follows: str
    blocked: str


def handover_page(handover_id: UUID, form: SignForm | None = None, status: int = 200) -> Response:
    """The page of one record; `form` is a refused one."""
    actor = current_actor()
    record = open_handover(actor, handover_id)
    of_list = load_list(actor, record.list_id)
    if note_reading(actor, of_list):
        record = open_handover(actor, handover_id)
        of_list = load_list(actor, record.list_id)
    offered = offers(actor, of_list)
    act = _act(record, offered)
    form = form or SignForm()
    form.shown.data = record.pdf_sha256
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
        answered=handovers.answered_by(actor, record),
        contacts=contacts(_units(record, of_list), today()),
        may=frozenset(
            offer.transition.action.value for offer in offered if offer.enabled and _concerns(offer, record)
        ),
    )


def _template(record: Handover, act: Act | None) -> str:
    if record.status == HandoverStatus.PREPARED.value:
        return "handovers/preview.html"
    return "handovers/incoming.html" if act else "handovers/receipt.html"


def _act(record: Handover, offered: tuple[Offer, ...]) -> Act | None:
    wanted = _SIGNED_BY.get(HandoverStatus(record.status), ())
    for offer in offered:
        if offer.transition.action in wanted and _concerns(offer, record):
            action = offer.transition.action
            endpoint = "handovers.countersign" if action is Action.COUNTERSIGN else "handovers.sign"
            return Act(
                deed=deed_words(action, record),
                address=url_for(endpoint, handover_id=record.id),
                follows=follow_words(action, record),
                blocked=offer.blocked,
            )
    return None


def _concerns(offer: Offer, record: Handover) -> bool:
    leg = offer.transition.leg
    return (leg.value if leg else None) == record.leg


def deed_words(action: Action, record: Handover) -> str:
    """What the signing button says."""
    count = grouped(record.entries)
    to = record.receiver.name if record.receiver else ""
    words = {
        Action.SEND: _("Ký và bàn giao %(count)s người cho %(unit)s", count=count, unit=to),
        Action.RETURN: _("Ký và trả lại %(count)s người cho %(unit)s", count=count, unit=to),
        Action.COMPLETE: _("Ký hoàn thành %(count)s người", count=count),
        Action.REFUSE: _("Ký và từ chối tiếp nhận"),
        Action.COUNTERSIGN: _("Ký nhận %(count)s người từ %(unit)s", count=count, unit=record.giver.name),
    }
    return str(words[action])


def follow_words(action: Action, record: Handover) -> str:
    """What happens after the signature, and who holds the list then."""
    giver, receiver = record.giver.name, record.receiver.name if record.receiver else ""
    sent = _(
        "Sau khi ký, danh sách chờ %(unit)s ký nhận. Đến lúc đó %(giver)s vẫn giữ danh sách nhưng không ai sửa được; "
        "có thể thu hồi trước khi bên nhận ký.",
        unit=receiver,
        giver=giver,
    )
    words = {
        Action.SEND: sent,
        Action.RETURN: sent,
        Action.COMPLETE: _("Sau khi ký, danh sách kết thúc và không sửa được nữa."),
        Action.REFUSE: _("Sau khi ký, danh sách trở lại bên giao kèm lý do; bên giao vẫn giữ danh sách."),
        Action.COUNTERSIGN: _(
            "Sau khi ký nhận, %(unit)s giữ danh sách và làm bước tiếp theo; %(giver)s không sửa được nữa.",
            unit=receiver,
            giver=giver,
        ),
    }
    return str(words[action])


def _stale(actor: Actor, record: Handover, of_list: CorrectionList) -> str:
    """What changed since a draft was drawn; empty while it still says what the list says."""
    if record.status != HandoverStatus.PREPARED.value:
        return ""
    if not record.pdf_sha256:
        return str(_("Biên bản chưa lập xong."))
    if record.kind == RecordKind.REFUSAL.value or is_current(record, of_list):
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
