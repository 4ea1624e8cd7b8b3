"""A place in a unit as its holder and an administrator read it."""

from dataclasses import dataclass
from datetime import date

from portal.domain.permissions import Role
from portal.models import Membership


@dataclass(frozen=True)
class HeldMembership:
    """A place in a unit, past, present or to come."""

    id: int
    unit_name: str
    role: Role
    position: str
    can_sign: bool
    appointment_document: str
    valid_from: date
    valid_to: date | None
    holds_today: bool


def as_held(membership: Membership, today: date) -> HeldMembership:
    """The membership as plain values."""
    return HeldMembership(
        id=membership.id,
        unit_name=membership.unit.name,
        role=Role(membership.role),
        position=membership.position,
        can_sign=membership.can_sign,
        appointment_document=membership.appointment_document,
        valid_from=membership.valid_from,
        valid_to=membership.valid_to,
        holds_today=membership.valid_from <= today and (membership.valid_to is None or membership.valid_to >= today),
    )
