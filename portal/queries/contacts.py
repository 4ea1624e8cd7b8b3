"""Whom to call at units: the first signer of the day, else the unit's own phone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select, true
from sqlalchemy.dialects.postgresql import distinct_on

from portal.domain.permissions import Actor, Permission, Reach, reach_of
from portal.models import Membership, Unit, User, db
from portal.queries.accounts import in_force


@dataclass(frozen=True)
class Contact:
    """A unit with the person to call there and a phone number."""

    unit_name: str
    person: str
    phone: str


NOBODY = Contact("", "", "")


def stations_beside_codes(actor: Actor, station_ids: Iterable[int]) -> set[int]:
    """The stations to be named beside lists' codes: each station counts its own, so codes of two may be the same.

    Who works at one station's lists knows whose they are; who oversees a territory is told.
    """
    oversees = reach_of(actor.role, Permission.LIST_READ) is Reach.TERRITORY
    return set(station_ids) if oversees else set()


def contacts(
    unit_ids: Iterable[int | None], on: date, *, besides: frozenset[UUID] = frozenset()
) -> dict[int, Contact]:
    """The contact of each unit on the day, in one select: its first signer, else the unit's own phone.

    Whoever is one of `besides` is not named: nobody is told to call himself.
    """
    wanted = {unit_id for unit_id in unit_ids if unit_id is not None}
    if not wanted:
        return {}
    signer = (
        select(Membership.unit_id, User.full_name, User.phone)
        .join(User, Membership.user_id == User.id)
        .where(Membership.unit_id.in_(wanted), Membership.can_sign, in_force(on), User.disabled_at.is_(None))
        .where(User.id.not_in(besides) if besides else true())
        .ext(distinct_on(Membership.unit_id))
        .order_by(Membership.unit_id, Membership.id)
        .subquery()
    )
    query = (
        select(Unit.id, Unit.name, signer.c.full_name, func.coalesce(func.nullif(signer.c.phone, ""), Unit.phone))
        .outerjoin(signer, signer.c.unit_id == Unit.id)
        .where(Unit.id.in_(wanted))
    )
    return {unit_id: Contact(name, person or "", phone) for unit_id, name, person, phone in db.session.execute(query)}
