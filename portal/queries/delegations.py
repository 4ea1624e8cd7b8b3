"""Delegations: which hold on a day, whose they are, what a unit has given."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased, contains_eager, joinedload

from portal.domain.permissions import Actor
from portal.models import Delegation, Membership, Unit, User, db
from portal.queries import accounts
from portal.queries.units import within

_Principal, _Deputy = aliased(Membership), aliased(Membership)
# Inside subqueries of their own. Made once: an alias made for each page would cost a millisecond of it.
_Giver, _StandIn, _Absent, _Receiver = aliased(Membership), aliased(Membership), aliased(User), aliased(Membership)


def in_force(on: date) -> ColumnElement[bool]:
    """A condition on Delegation: it holds on the day, not revoked, both memberships holding, the giver not locked."""
    people = (
        select(_Giver.id)
        .join(_StandIn, _StandIn.id == Delegation.to_membership_id)
        .join(_Absent, _Absent.id == _Giver.user_id)
        .where(
            _Giver.id == Delegation.from_membership_id,
            _StandIn.unit_id == _Giver.unit_id,
            accounts.in_force(on, _Giver),
            accounts.in_force(on, _StandIn),
            _Absent.disabled_at.is_(None),
        )
    )
    return and_(
        Delegation.revoked_at.is_(None), Delegation.valid_from <= on, Delegation.valid_to >= on, exists(people)
    )


def acted_for(delegation_id: InstrumentedAttribute[int | None], persons: Collection[UUID]) -> ColumnElement[bool]:
    """A condition on a row with this column: it was done under a delegation for one of these people."""
    principal = aliased(Membership)
    return exists(
        select(Delegation.id)
        .join(principal, principal.id == Delegation.from_membership_id)
        .where(Delegation.id == delegation_id, principal.user_id.in_(persons))
    )


def held_by(user_id: UUID, on: date) -> Sequence[Delegation]:
    """The delegations under which the person may act on the day, oldest first."""
    query = _named().where(_Deputy.user_id == user_id, in_force(on)).order_by(Delegation.id)
    return db.session.execute(query).scalars().all()


def one_held_by(user_id: UUID, delegation_id: int, on: date) -> Delegation | None:
    """The delegation if the person may act under it on the day."""
    query = _named().where(Delegation.id == delegation_id, _Deputy.user_id == user_id, in_force(on))
    return db.session.execute(query).scalar_one_or_none()


def stands_in_for(on: date) -> ScalarSelect[int]:
    """For each User of a select: how many delegations he may act under on the day."""
    return (
        select(func.count(Delegation.id))
        .join(_Receiver, _Receiver.id == Delegation.to_membership_id)
        .where(_Receiver.user_id == User.id, in_force(on))
        .correlate(User)
        .scalar_subquery()
    )


def concerning(user_id: UUID) -> Sequence[Delegation]:
    """Every delegation the person gave or received, newest first."""
    query = _named().where(or_(_Principal.user_id == user_id, _Deputy.user_id == user_id))
    return db.session.execute(query.order_by(Delegation.id.desc()).limit(100)).scalars().all()


def of_unit(unit_id: int) -> Sequence[Delegation]:
    """Every delegation inside the unit, newest first."""
    query = _named().where(_Principal.unit_id == unit_id)
    return db.session.execute(query.order_by(Delegation.id.desc()).limit(100)).scalars().all()


def manageable(administrator: Actor, delegation_id: int) -> Delegation | None:
    """The delegation if its unit lies in the administrator's territory."""
    query = _named().join(Unit, _Principal.unit_id == Unit.id)
    return db.session.execute(query.where(Delegation.id == delegation_id, within(administrator))).scalar_one_or_none()


def find(delegation_id: int) -> Delegation | None:
    """The delegation with the people it names."""
    return db.session.execute(_named().where(Delegation.id == delegation_id)).scalar_one_or_none()


def colleagues(unit_id: int, on: date) -> Sequence[Membership]:
    """The unit's memberships of the day whose accounts are open, signers first, then by name."""
    query = (
        select(Membership)
        .join(User, Membership.user_id == User.id)
        .where(Membership.unit_id == unit_id, accounts.in_force(on), User.disabled_at.is_(None))
        .options(contains_eager(Membership.user), joinedload(Membership.unit))
        .order_by(Membership.can_sign.desc(), User.full_name, Membership.id)
    )
    return db.session.execute(query).scalars().all()


def _named() -> Select[Delegation]:
    return (
        select(Delegation)
        .join(_Principal, _Principal.id == Delegation.from_membership_id)
        .join(_Deputy, _Deputy.id == Delegation.to_membership_id)
        .options(
            joinedload(Delegation.principal).joinedload(Membership.user),
            joinedload(Delegation.principal).joinedload(Membership.unit),
            joinedload(Delegation.deputy).joinedload(Membership.user),
            joinedload(Delegation.deputy).joinedload(Membership.unit),
        )
        .execution_options(populate_existing=True)
    )
