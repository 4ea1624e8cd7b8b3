"""Separation of duties: who stands behind an act, and why the same people may not stand behind the other one.

Under a delegation two persons stand behind an act, the one who acts and the one acted for: neither may be on the
other side (reference/workflow.md §4, invariant 6).
"""

from dataclasses import dataclass
from uuid import UUID

from portal.domain.permissions import Actor
from portal.domain.wording import Sentence, say


@dataclass(frozen=True)
class Doer:
    """Who did an act: the person, and for whom where it was done under a delegation."""

    user_id: UUID
    name: str
    principal_id: UUID | None = None
    principal_name: str = ""


def connection(actor: Actor, other: Doer) -> str:
    """How the actor and the doer are one, as the subject of a sentence about the deed; empty if they are not."""
    mandate = actor.mandate
    if other.user_id == actor.user_id:
        return (
            say("Chính bạn (làm thay {name})", name=other.principal_name) if other.principal_id else say("Chính bạn")
        )
    if other.principal_id == actor.user_id:
        return say("{name}, người làm thay bạn,", name=other.name)
    if mandate is not None and other.user_id == mandate.principal_id:
        return say("{name}, người mà bạn đang làm thay,", name=mandate.principal_name)
    if mandate is not None and other.principal_id == mandate.principal_id:
        return say("{name}, cùng làm thay {principal} như bạn,", name=other.name, principal=mandate.principal_name)
    return ""


def both_sides(actor: Actor, giver: Doer) -> str:
    """Why the actor may not receive what the giver handed over; empty where he may."""
    rule = say(
        "đã ký giao hồ sơ này. Không ai đứng ở cả hai bên của một lần bàn giao, kể cả qua ủy quyền; "
        "người khác của đơn vị nhận phải ký."
    )
    return _because(actor, giver, rule)


def own_proposal(actor: Actor, doer: Doer) -> str:
    """Why the actor may not verify what the doer proposed; empty where he may."""
    rule = say(
        "đã đề xuất dòng này. Người đề xuất không xác minh chính đề xuất của mình, kể cả qua ủy quyền; "
        "người khác phải đối chiếu."
    )
    return _because(actor, doer, rule)


def own_verification(actor: Actor, doer: Doer) -> str:
    """Why the actor may not propose anew what the doer verified; empty where he may."""
    rule = say(
        "đã xác minh dòng này ở vòng trước. Người xác minh không đề xuất lại dòng đó, kể cả qua ủy quyền; "
        "người khác của đơn vị phải kết luận."
    )
    return _because(actor, doer, rule)


def own_adjustment(actor: Actor, doer: Doer) -> str:
    """Why the actor may not answer the adjustment that the doer proposed; empty where he may."""
    rule = say(
        "đã đề nghị điều chỉnh này. Bên đề nghị không tự trả lời, kể cả qua ủy quyền; người khác của bên kia phải ký."
    )
    return _because(actor, doer, rule)


def own_request(actor: Actor, doer: Doer) -> str:
    """Why the actor may not decide on the opening again that the doer asked for; empty where he may."""
    rule = say(
        "đã đề nghị mở lại danh sách này. Người đề nghị không tự cho phép, kể cả qua ủy quyền; "
        "người khác phải quyết định."
    )
    return _because(actor, doer, rule)


def own_wish(actor: Actor, doer: Doer) -> str:
    """Why the actor may not decide on the extension that the doer asked for; empty where he may."""
    rule = say("đã xin gia hạn này. Người xin không tự trả lời, kể cả qua ủy quyền; người khác phải quyết định.")
    return _because(actor, doer, rule)


def _because(actor: Actor, doer: Doer, rule: Sentence) -> str:
    linked = connection(actor, doer)
    return say("{who} {rule}", who=linked, rule=rule) if linked else ""
