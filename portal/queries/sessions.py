"""Sessions: the person behind a cookie's token with all he may act in, and the browsers that are open."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, select
from sqlalchemy.orm import contains_eager

from portal.models import Membership, SignInSession, Unit, User, db
from portal.queries.accounts import in_force
from portal.queries.delegations import stands_in_for


def session_with_holder(token_hash: str, on: date) -> tuple[SignInSession, User, list[Membership], int] | None:
    """The session, its person, the memberships of the day and how many colleagues he may stand in for.

    One round trip, as every page needs it.
    """
    rows = db.session.execute(_with_holder(on), {"token_hash": token_hash}).all()
    if not rows:
        return None
    return rows[0][0], rows[0][1], [row[2] for row in rows if row[2] is not None], rows[0].stands_in


@lru_cache(maxsize=2)
def _with_holder(on: date) -> Select[SignInSession, User, Membership, int]:
    # Built once a day: putting it together took a fifth of a page's processor time.
    return (
        select(SignInSession, User, Membership, stands_in_for(on).label("stands_in"))
        .join(User, SignInSession.user_id == User.id)
        .outerjoin(Membership, and_(Membership.user_id == User.id, in_force(on)))
        .outerjoin(Unit, Membership.unit_id == Unit.id)
        .where(SignInSession.token_hash == bindparam("token_hash"))
        .options(contains_eager(Membership.unit))
        .order_by(Membership.id)
    )


def live_sessions_of(user_id: UUID) -> Sequence[SignInSession]:
    """Sessions not ended by hand, newest first."""
    query = select(SignInSession).where(SignInSession.user_id == user_id, SignInSession.ended_at.is_(None))
    return db.session.execute(query.order_by(SignInSession.seen_at.desc()).limit(50)).scalars().all()
