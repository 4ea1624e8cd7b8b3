"""Whom to call at units: the first signer of the day, else the unit's own phone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from portal.models import Membership, Unit, User, db


@dataclass(frozen=True)
class Contact:
    """A unit with the person to call there and a phone number."""

    unit_name: str
    person: str
    phone: str


NOBODY = Contact("", "", "")


def contacts(unit_ids: Iterable[int | None], on: date) -> dict[int, Contact]:
    """The contact of each unit on the day, in two selects: its first signer, else the unit's own phone."""
    wanted = {unit_id for unit_id in unit_ids if unit_id is not None}
    if not wanted:
        return {}
    units = db.session.execute(select(Unit.id, Unit.name, Unit.phone).where(Unit.id.in_(wanted))).all()
    signers = db.session.execute(
        select(Membership.unit_id, User.full_name, User.phone)
        .join(User, Membership.user_id == User.id)
        .where(
            Membership.unit_id.in_(wanted),
            Membership.can_sign,
            Membership.valid_from <= on,
            or_(Membership.valid_to.is_(None), Membership.valid_to >= on),
            User.disabled_at.is_(None),
        )
        .ext(distinct_on(Membership.unit_id))
        .order_by(Membership.unit_id, Membership.id)
    ).all()
    people = {row.unit_id: (row.full_name, row.phone) for row in signers}
    found = {}
    for unit in units:
        person, phone = people.get(unit.id, ("", ""))
        found[unit.id] = Contact(unit.name, person, phone or unit.phone)
    return found
