"""What can be done to one record: the signature it asks for, and the other ways to answer or mend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext as _

from portal.domain.labels import label
from portal.domain.permissions import Actor
from portal.domain.stages import BOTH_SIGNED, TWO_SIDED, HandoverStatus, RecordKind
from portal.domain.transitions import Action
from portal.queries.contacts import Contact
from portal.services.transitions import Offer
from portal.web.filters import grouped

if TYPE_CHECKING:
    from portal.models import Handover
    from portal.web.lifting import Lifting

_SIGNED_BY: dict[RecordKind, tuple[Action, ...]] = {
    RecordKind.HANDOVER: (Action.SEND,),
    RecordKind.RETURN: (Action.RETURN,),
    RecordKind.COMPLETION: (Action.COMPLETE,),
    RecordKind.REFUSAL: (Action.REFUSE, Action.DISAGREE),
    RecordKind.EXCEPTIONS: (Action.COUNTERSIGN_EXCEPT,),
    RecordKind.ADJUSTMENT: (Action.ADJUST,),
}
"""Which offered act the signature under a draft makes; of two, the one whose leg is the draft's."""


@dataclass(frozen=True)
class Act:
    """The signature that is asked for: its button, where it goes, what follows, what stands in the way."""

    deed: str
    address: str
    follows: str
    blocked: str
    lifted_by: Contact | None = None


@dataclass(frozen=True)
class Choice:
    """Another way to answer or mend the record; `blocked` says why it is closed, `lifted_by` whom to call."""

    words: str
    address: str
    blocked: str = ""
    lifted_by: Contact | None = None


def act_on(actor: Actor, record: Handover, offered: tuple[Offer, ...], lifting: Lifting) -> Act | None:
    """The signature that this record asks of the actor; None where it asks none."""
    wanted = _signing_actions(actor, record)
    for offer in offered:
        if offer.transition.action in wanted and concerns(offer, record):
            action = offer.transition.action
            endpoint = "handovers.sign" if record.status == HandoverStatus.PREPARED.value else "handovers.countersign"
            return Act(
                deed=deed_words(action, record),
                address=url_for(endpoint, handover_id=record.id),
                follows=follow_words(action, record),
                blocked=offer.blocked,
                lifted_by=lifting.get(offer.lifter) if offer.lifter else None,
            )
    return None


def choices_on(actor: Actor, record: Handover, offered: tuple[Offer, ...], lifting: Lifting) -> list[Choice]:
    """The ways besides signing that a person of this record might look for, open or closed with the reason."""
    wanted = _other_ways(actor, record)
    return [
        Choice(
            words=label(offer.transition.action),
            address=url_for(wanted[offer.transition.action], handover_id=record.id),
            blocked=offer.blocked,
            lifted_by=lifting.get(offer.lifter) if offer.lifter else None,
        )
        for offer in offered
        if offer.transition.action in wanted and (offer.transition.leg is None or concerns(offer, record))
    ]


def concerns(offer: Offer, record: Handover) -> bool:
    """Whether the offered act is about the way this record goes."""
    leg = offer.transition.leg
    return (leg.value if leg else None) == record.leg


def _signing_actions(actor: Actor, record: Handover) -> tuple[Action, ...]:
    status = HandoverStatus(record.status)
    if status is HandoverStatus.PREPARED:
        return _SIGNED_BY[RecordKind(record.kind)]
    if status is HandoverStatus.SENT:
        return (Action.COUNTERSIGN,)
    answers = status is HandoverStatus.PROPOSED and record.receiver_unit_id == actor.unit_id
    return (Action.AGREE,) if answers else ()


def _other_ways(actor: Actor, record: Handover) -> dict[Action, str]:
    """The actions that make sense on the record in its status, with the pages that do them."""
    status = HandoverStatus(record.status)
    if status is HandoverStatus.SENT:
        return {
            Action.COUNTERSIGN_EXCEPT: "handovers.except_people",
            Action.REFUSE: "handovers.refuse",
            Action.RECALL: "handovers.recall",
        }
    if status is HandoverStatus.PROPOSED:
        own = record.giver_unit_id == actor.unit_id
        return {Action.RETRACT: "handovers.recall"} if own else {Action.DISAGREE: "handovers.refuse"}
    binds = status in BOTH_SIGNED and RecordKind(record.kind) in TWO_SIDED
    if binds and actor.unit_id in {record.giver_unit_id, record.receiver_unit_id}:
        return {Action.ADJUST: "handovers.adjust"}
    return {}


def deed_words(action: Action, record: Handover) -> str:
    """What the signing button says."""
    count, giver = grouped(record.entries), record.giver.name
    to = record.receiver.name if record.receiver else ""
    words = {
        Action.SEND: _("Ký và bàn giao %(count)s người cho %(unit)s", count=count, unit=to),
        Action.RETURN: _("Ký và trả lại %(count)s người cho %(unit)s", count=count, unit=to),
        Action.COMPLETE: _("Ký hoàn thành %(count)s người", count=count),
        Action.REFUSE: _("Ký và từ chối tiếp nhận"),
        Action.COUNTERSIGN: _("Ký nhận %(count)s người từ %(unit)s", count=count, unit=giver),
        Action.COUNTERSIGN_EXCEPT: _("Ký hai biên bản: trả lại %(count)s người, nhận những người khác", count=count),
        Action.ADJUST: _("Ký và đề nghị %(unit)s điều chỉnh", unit=to),
        Action.AGREE: _("Ký đồng ý điều chỉnh"),
        Action.DISAGREE: _("Ký và từ chối điều chỉnh"),
    }
    return str(words[action])


def done_words(record: Handover) -> str:
    """What a signature has just done, said once on the receipt; empty where the receipt's own notice says it."""
    giver, receiver = record.giver.name, record.receiver.name if record.receiver else ""
    status, count = HandoverStatus(record.status), grouped(record.entries)
    if record.kind in {RecordKind.HANDOVER, RecordKind.RETURN} and status is HandoverStatus.COUNTERSIGNED:
        return str(
            _(
                "Đã ký nhận %(count)s người từ %(giver)s. Từ bây giờ %(unit)s giữ danh sách.",
                count=count,
                giver=giver,
                unit=receiver,
            )
        )
    if record.kind == RecordKind.COMPLETION.value:
        return str(_("Đã ký hoàn thành %(count)s người. Danh sách đã kết thúc.", count=count))
    if record.kind == RecordKind.EXCEPTIONS.value:
        return str(_("Đã ký cả hai biên bản. Những người không nhận đã thành một danh sách riêng của bên giao."))
    if record.kind == RecordKind.REFUSAL.value:
        return str(_("Đã ký từ chối. Lý do được ghi vào hồ sơ."))
    if record.kind == RecordKind.ADJUSTMENT.value and status is HandoverStatus.COUNTERSIGNED:
        return str(_("Đã ký đồng ý điều chỉnh. Biên bản cũ giữ nguyên."))
    return ""


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
        Action.COUNTERSIGN_EXCEPT: _(
            "Một lần ký cho cả hai biên bản: %(unit)s giữ những người đã nhận; những người không nhận thành một danh "
            "sách riêng, vẫn do bên giao giữ, sang vòng sau.",
            unit=giver,
        ),
        Action.ADJUST: _("Sau khi ký, biên bản chờ %(unit)s đồng ý. Danh sách và dữ liệu giữ nguyên.", unit=receiver),
        Action.AGREE: _("Sau khi ký, biên bản điều chỉnh có hiệu lực trong hồ sơ; biên bản cũ giữ nguyên."),
        Action.DISAGREE: _("Sau khi ký, đề nghị điều chỉnh bị từ chối; biên bản đã ký giữ nguyên."),
    }
    return str(words[action])
