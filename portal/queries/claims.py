"""Who of the holding unit works on a list; a claim holds only while its person belongs to the unit."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Select, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased, contains_eager, joinedload

from portal.domain.permissions import Actor, Permission
from portal.domain.stages import FINAL_STAGES
from portal.models import CorrectionList, ListClaim, Membership, User, db
from portal.queries.accounts import in_force
from portal.queries.scope import visible_to

# Made once: the frame of every page asks who has lost a claim, every table whose work a list is.
_Ender, _EndersUser, _HoldersClaim = aliased(Membership), aliased(User), aliased(ListClaim)

LOST_BY_OTHERS = ("taken_over", "assigned")
"""Ends of a claim that somebody else made: the loser must be told."""


def live_claim(list_id: UUID, unit_id: int, on: date) -> ListClaim | None:
    """The claim on the list inside the unit, if its person still belongs there."""
    return db.session.execute(_living(on).where(ListClaim.list_id == list_id, ListClaim.unit_id == unit_id)).scalar()


def claimant(list_id: UUID, unit_id: int, on: date, what: InstrumentedAttribute[Any]) -> ScalarSelect[Any]:
    """For a select of facts: this column of the membership or account that works on the list in the unit."""
    return (
        select(what)
        .select_from(ListClaim)
        .join(ListClaim.member)
        .join(User, Membership.user_id == User.id)
        .where(ListClaim.list_id == list_id, ListClaim.unit_id == unit_id, *_holds(on))
        .scalar_subquery()
    )


def unended(list_id: UUID, unit_id: int) -> ListClaim | None:
    """The claim not yet ended, even where its person has left the unit meanwhile."""
    query = (
        select(ListClaim)
        .where(ListClaim.list_id == list_id, ListClaim.unit_id == unit_id, ListClaim.ended_at.is_(None))
        .options(joinedload(ListClaim.member).joinedload(Membership.user))
    )
    return db.session.execute(query).scalar_one_or_none()


def newest(list_id: UUID, unit_id: int) -> ListClaim | None:
    """The last claim on the list inside the unit, ended or not."""
    query = select(ListClaim).where(ListClaim.list_id == list_id, ListClaim.unit_id == unit_id)
    query = query.options(joinedload(ListClaim.member).joinedload(Membership.user))
    return db.session.execute(query.order_by(ListClaim.id.desc()).limit(1)).scalar_one_or_none()


def unended_of(membership_id: int) -> Sequence[ListClaim]:
    """Every claim of the membership that has not ended."""
    query = select(ListClaim).where(ListClaim.membership_id == membership_id, ListClaim.ended_at.is_(None))
    return db.session.execute(query).scalars().all()


def holding_units(actor: Actor, list_ids: Sequence[UUID]) -> set[int]:
    """The units that hold these lists, as far as the actor may see them."""
    query = select(CorrectionList.holder_unit_id).where(
        CorrectionList.id.in_(list_ids), visible_to(actor, Permission.LIST_READ)
    )
    return set(db.session.execute(query.distinct()).scalars())


def busy(membership_ids: Sequence[int]) -> dict[int, int]:
    """How many lists each of these memberships works on, where its unit holds them now."""
    query = (
        select(ListClaim.membership_id, func.count().label("lists"))
        .join(CorrectionList, ListClaim.list_id == CorrectionList.id)
        .where(
            ListClaim.membership_id.in_(membership_ids),
            ListClaim.ended_at.is_(None),
            ListClaim.unit_id == CorrectionList.holder_unit_id,
            CorrectionList.stage.not_in([stage.value for stage in FINAL_STAGES]),
        )
        .group_by(ListClaim.membership_id)
    )
    return {row.membership_id: row.lists for row in db.session.execute(query)}


def workers(rows: Iterable[tuple[UUID, int]], on: date) -> dict[UUID, str]:
    """For lists with their holding units: the name of who works on each, in one select."""
    holders = dict(rows)
    if not holders:
        return {}
    found = db.session.execute(_living(on).where(ListClaim.list_id.in_(holders))).scalars()
    return {each.list_id: each.member.user.full_name for each in found if holders[each.list_id] == each.unit_id}


def is_mine(actor: Actor) -> ColumnElement[bool]:
    """A condition on CorrectionList: the holding unit's claim on it is the actor's (or of whom he acts for)."""
    return exists().where(
        _HoldersClaim.list_id == CorrectionList.id,
        _HoldersClaim.unit_id == CorrectionList.holder_unit_id,
        _HoldersClaim.membership_id.in_(actor.seats),
        _HoldersClaim.ended_at.is_(None),
    )


def untold_losses(actor: Actor) -> Sequence[tuple[ListClaim, CorrectionList, str]]:
    """Claims of the actor that others ended and that he was not told of: the claim, its list, who ended it."""
    query = (
        select(ListClaim, CorrectionList, _EndersUser.full_name)
        .join(CorrectionList, ListClaim.list_id == CorrectionList.id)
        .join(_Ender, ListClaim.ended_by == _Ender.id)
        .join(_EndersUser, _Ender.user_id == _EndersUser.id)
        .where(
            ListClaim.membership_id == actor.membership_id,
            ListClaim.told_at.is_(None),
            ListClaim.end_kind.in_(LOST_BY_OTHERS),
            visible_to(actor, Permission.LIST_READ),
        )
        .order_by(ListClaim.ended_at)
        .limit(10)
    )
    return [(claim, of_list, name) for claim, of_list, name in db.session.execute(query)]


def _holds(on: date) -> tuple[ColumnElement[bool], ...]:
    return ListClaim.ended_at.is_(None), in_force(on), User.disabled_at.is_(None)


def _living(on: date) -> Select[ListClaim]:
    return (
        select(ListClaim)
        .join(ListClaim.member)
        .join(User, Membership.user_id == User.id)
        .where(*_holds(on))
        .options(contains_eager(ListClaim.member).joinedload(Membership.user))
    )
