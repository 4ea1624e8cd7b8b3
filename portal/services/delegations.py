"""Acting for an absent colleague: given with days and document, chosen openly, ended at any time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from portal.clock import now, today
from portal.domain.delegations import Capacity, Mandate
from portal.domain.errors import InvalidInput, NotFound, NotPermitted, WrongStage
from portal.domain.events import EventTag
from portal.domain.permissions import Actor, Permission, has_permission
from portal.domain.wording import say
from portal.models import Delegation, Membership, db
from portal.queries import delegations as queries
from portal.services.auditing import record
from portal.services.unit_of_work import once

LONGEST_DAYS = 366
NOT_FOUND = say("Không tìm thấy ủy quyền này, hoặc nó không thuộc đơn vị của bạn.")


@dataclass(frozen=True)
class Terms:
    """What a delegation says: who for whom (memberships), days, and the right to sign with its document."""

    from_membership: int
    to_membership: int
    valid_from: date
    valid_to: date
    may_sign: bool = False
    capacity: Capacity | None = None
    document_number: str = ""
    document_date: date | None = None
    reason: str = ""


@dataclass(frozen=True)
class GivenDelegation:
    """A delegation as a page shows it."""

    id: int
    principal_name: str
    principal_position: str
    deputy_name: str
    deputy_position: str
    unit_name: str
    may_sign: bool
    capacity: Capacity | None
    document: str
    reason: str
    valid_from: date
    valid_to: date
    revoked_at: datetime | None
    holds_today: bool
    may_end: bool


def give(actor: Actor, terms: Terms, *, key: str = "") -> int:
    """Let a colleague act for an absent member of the same unit; returns the delegation's id.

    The person himself gives it, the unit's lead for a member, or an administrator of the territory; nobody names
    himself as deputy, and what was received is not passed on (NĐ 30/2020, điều 13.3). The right to sign is only
    given by one who has it, with a capacity and a numbered, dated document. Raises InvalidInput with the fields.
    """

    def act() -> dict[str, Any]:
        principal, deputy = _member(terms.from_membership), _member(terms.to_membership)
        if principal is None or not _may_give(actor, principal):
            raise NotFound(say("Không tìm thấy người này trong đơn vị của bạn."))
        if deputy is None or deputy.unit_id != principal.unit_id:
            raise InvalidInput(
                say("Người làm thay phải ở cùng đơn vị."),
                fields={"to_membership": say("Chọn một người cùng đơn vị.")},
            )
        _check_people(actor, principal, deputy)
        _check_terms(principal, terms)
        given = Delegation(
            from_membership_id=principal.id,
            to_membership_id=deputy.id,
            may_sign=terms.may_sign,
            capacity=terms.capacity.value if terms.may_sign and terms.capacity else None,
            document_number=terms.document_number.strip(),
            document_date=terms.document_date,
            reason=terms.reason.strip(),
            valid_from=terms.valid_from,
            valid_to=terms.valid_to,
            given_by=actor.user_id,
            given_at=now(),
        )
        db.session.add(given)
        db.session.flush()
        record(
            EventTag.DELEGATION_GIVEN,
            actor,
            delegation=given.id,
            from_member=principal.id,
            to_member=deputy.id,
            may_sign=terms.may_sign,
            valid_from=terms.valid_from.isoformat(),
            valid_to=terms.valid_to.isoformat(),
        )
        return {"id": given.id}

    return int(once(actor.user_id, key, "give_delegation", act)["id"])


def end(actor: Actor, delegation_id: int, *, key: str = "") -> None:
    """End a delegation: it gives nothing at the deputy's next request.

    Either of the two may, the unit's lead, or an administrator of the territory.
    """

    def act() -> dict[str, Any]:
        found = queries.find(delegation_id)
        if found is None or not _may_end(actor, found):
            raise NotFound(NOT_FOUND)
        if found.revoked_at is not None or found.valid_to < today():
            raise WrongStage(say("Ủy quyền này đã kết thúc từ trước."))
        found.revoked_at, found.revoked_by = now(), actor.user_id
        record(
            EventTag.DELEGATION_ENDED,
            actor,
            delegation=found.id,
            from_member=found.from_membership_id,
            to_member=found.to_membership_id,
        )
        return {"ok": True}

    once(actor.user_id, key, f"end_delegation:{delegation_id}", act)


def of_own_unit(actor: Actor) -> list[GivenDelegation]:
    """The delegations that concern the actor: all of the unit for its lead, else those given or received."""
    found = queries.of_unit(actor.unit_id) if actor.leads else queries.concerning(actor.user_id)
    return [_shown(actor, each) for each in found]


def of_unit(administrator: Actor, unit_id: int) -> list[GivenDelegation]:
    """The delegations inside a unit, for an administrator who has looked the unit up."""
    return [_shown(administrator, each) for each in queries.of_unit(unit_id)]


def givers(actor: Actor) -> Sequence[Membership]:
    """Whom the actor may give a delegation for: himself, and as the lead every member of the unit."""
    members = queries.colleagues(actor.unit_id, today())
    return [each for each in members if each.id == actor.membership_id or (actor.leads and actor.mandate is None)]


def members(unit_id: int) -> Sequence[Membership]:
    """The unit's members of today."""
    return queries.colleagues(unit_id, today())


def mandate_of(found: Delegation) -> Mandate:
    """The delegation as its deputy acts under it."""
    return Mandate(
        delegation_id=found.id,
        principal_id=found.principal.user_id,
        principal_name=found.principal.user.full_name,
        principal_membership_id=found.from_membership_id,
        principal_position=found.principal.position,
        principal_leads=found.principal.can_sign,
        capacity=Capacity(found.capacity) if found.capacity else None,
        document=document_words(found),
    )


def document_words(found: Delegation) -> str:
    """`số 05/GUQ-TYT ngày 20/11/2026`; empty where no document was named."""
    if not found.document_number:
        return ""
    if found.document_date is None:
        return say("số {number}", number=found.document_number)
    return say("số {number} ngày {day}", number=found.document_number, day=f"{found.document_date:%d/%m/%Y}")


def _member(membership_id: int) -> Membership | None:
    found = db.session.get(Membership, membership_id)
    on = today()
    holds = found is not None and found.valid_from <= on and (found.valid_to is None or found.valid_to >= on)
    return found if holds else None


def _may_give(actor: Actor, principal: Membership) -> bool:
    if has_permission(actor, Permission.USER_ADMINISTER):
        return bool(principal.unit.territory_path.startswith(actor.territory_path))
    own = principal.id == actor.membership_id
    return principal.unit_id == actor.unit_id and (own or actor.leads)


def _may_end(actor: Actor, found: Delegation) -> bool:
    return actor.user_id in {found.principal.user_id, found.deputy.user_id} or _may_give(actor, found.principal)


def _check_people(actor: Actor, principal: Membership, deputy: Membership) -> None:
    if actor.mandate is not None:
        raise NotPermitted(
            say(
                "Bạn đang làm thay người khác. Người được ủy quyền không ủy quyền lại (Nghị định 30/2020/NĐ-CP, "
                "điều 13); hãy chọn lại phân công của chính mình."
            )
        )
    if principal.user_id == deputy.user_id:
        message = say("Người vắng và người làm thay phải là hai người.")
        raise InvalidInput(message, fields={"to_membership": message})
    if deputy.user_id == actor.user_id:
        raise NotPermitted(
            say("Bạn không thể tự giao cho mình quyền của người khác. Hãy nhờ chính người đó, hoặc quản trị.")
        )


def _check_terms(principal: Membership, terms: Terms) -> None:
    if terms.valid_to < max(terms.valid_from, today()):
        raise InvalidInput(
            say("Ngày kết thúc chưa đúng."),
            fields={"valid_to": say("Ngày kết thúc phải từ hôm nay và không trước ngày bắt đầu.")},
        )
    if (terms.valid_to - terms.valid_from).days > LONGEST_DAYS:
        message = say("Ủy quyền có thời hạn, dài nhất một năm. Vắng lâu hơn thì đề nghị quản trị phân công lại.")
        raise InvalidInput(message, fields={"valid_to": message})
    if not terms.may_sign:
        return
    if not principal.can_sign:
        message = say("Người vắng không có quyền ký nên không giao quyền ký được.")
        raise InvalidInput(message, fields={"may_sign": message})
    wrong: dict[str, str] = {}
    if terms.capacity is None:
        wrong["capacity"] = say("Chọn hình thức ký: KT., TL. hoặc TUQ.")
    if not terms.document_number.strip():
        wrong["document_number"] = say("Ghi số, ký hiệu của văn bản giao ký thay.")
    if terms.document_date is None:
        wrong["document_date"] = say("Ghi ngày của văn bản.")
    if wrong:
        raise InvalidInput(say("Ký thay cần hình thức ký và văn bản có số, có ngày."), fields=wrong)


def _shown(actor: Actor, found: Delegation) -> GivenDelegation:
    on = today()
    live = found.revoked_at is None and found.valid_to >= on
    return GivenDelegation(
        id=found.id,
        principal_name=found.principal.user.full_name,
        principal_position=found.principal.position,
        deputy_name=found.deputy.user.full_name,
        deputy_position=found.deputy.position,
        unit_name=found.principal.unit.name,
        may_sign=found.may_sign,
        capacity=Capacity(found.capacity) if found.capacity else None,
        document=document_words(found),
        reason=found.reason,
        valid_from=found.valid_from,
        valid_to=found.valid_to,
        revoked_at=found.revoked_at,
        holds_today=live and found.valid_from <= on,
        may_end=live and _may_end(actor, found),
    )
