"""Accounts and memberships: who may act where on a day, and what an administrator may see."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from portal.domain.permissions import Actor
from portal.models import Membership, SignerCertificate, SigningKey, Unit, User, db


def in_force(on: date, of: type[Membership] = Membership) -> ColumnElement[bool]:
    """A condition on Membership (or the alias `of` it): it holds on the day."""
    return and_(of.valid_from <= on, or_(of.valid_to.is_(None), of.valid_to >= on))


def memberships_of(user_id: UUID, on: date) -> Sequence[Membership]:
    """The person's memberships of the day with their units, oldest first."""
    query = (
        select(Membership)
        .join(Membership.unit)
        .where(Membership.user_id == user_id, in_force(on))
        .options(contains_eager(Membership.unit))
        .order_by(Membership.id)
    )
    return db.session.execute(query).scalars().all()


def all_memberships_of(user_id: UUID) -> Sequence[Membership]:
    """Every membership the person ever had, newest first."""
    query = select(Membership).where(Membership.user_id == user_id).options(joinedload(Membership.unit))
    return db.session.execute(query.order_by(Membership.valid_from.desc(), Membership.id.desc())).scalars().all()


def by_username(username: str) -> User | None:
    """The account with this user name, letter case aside."""
    return db.session.execute(select(User).where(User.username == username.strip().casefold())).scalar_one_or_none()


def active_key_of(membership_id: int) -> SigningKey | None:
    """The membership's signing key that is not revoked."""
    query = select(SigningKey).where(SigningKey.membership_id == membership_id, SigningKey.revoked_at.is_(None))
    return db.session.execute(query).scalar_one_or_none()


def confirmed_certificates_of(membership_ids: Collection[int]) -> Sequence[SignerCertificate]:
    """The certificates of other authorities that count now for these appointments."""
    query = select(SignerCertificate).where(
        SignerCertificate.membership_id.in_(membership_ids),
        SignerCertificate.confirmed_at.is_not(None),
        SignerCertificate.ended_at.is_(None),
    )
    return db.session.execute(query.order_by(SignerCertificate.id)).scalars().all()


def certificates_of(membership_id: int) -> list[bytes]:
    """Every certificate (DER) with which this appointment may sign: the internal key's, and confirmed ones."""
    own = active_key_of(membership_id)
    others = [each.certificate for each in confirmed_certificates_of([membership_id])]
    return [*([own.certificate] if own else []), *others]


def manageable(administrator: Actor) -> ColumnElement[bool]:
    """A condition on User: every unit the person ever belonged to lies in the administrator's territory."""
    inside = Unit.territory_path.startswith(administrator.territory_path, autoescape=True)
    belongs = select(Membership.id).join(Unit).where(Membership.user_id == User.id)
    return and_(exists(belongs.where(inside)), ~exists(belongs.where(~inside)))


def accounts_page(administrator: Actor, search: str, page: int, size: int) -> tuple[Sequence[User], int]:
    """One page of the accounts the administrator may manage, with memberships, and how many match."""
    wanted = [manageable(administrator)]
    if search:
        wanted.append(
            or_(
                User.full_name.icontains(search, autoescape=True),
                User.username.icontains(search, autoescape=True),
            )
        )
    total = db.session.execute(select(func.count()).select_from(User).where(*wanted)).scalar_one()
    query = (
        select(User)
        .where(*wanted)
        .options(selectinload(User.memberships).joinedload(Membership.unit))
        .order_by(User.username)
        .limit(size)
        .offset((page - 1) * size)
    )
    return db.session.execute(query).scalars().all(), total


def manageable_account(administrator: Actor, user_id: UUID) -> User | None:
    """The account if the administrator may manage it."""
    query = select(User).where(User.id == user_id, manageable(administrator))
    query = query.options(selectinload(User.memberships).joinedload(Membership.unit))
    return db.session.execute(query).scalar_one_or_none()


def demonstration_accounts(on: date) -> Sequence[Membership]:
    """Every account of a demonstration with its first membership of the day, by unit."""
    query = (
        select(Membership)
        .join(Membership.user)
        .join(Membership.unit)
        .where(in_force(on), User.disabled_at.is_(None))
        .options(contains_eager(Membership.user), contains_eager(Membership.unit))
        .order_by(Unit.territory_path, Unit.id, Membership.id)
        .limit(200)
    )
    return db.session.execute(query).scalars().all()
