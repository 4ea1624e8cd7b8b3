"""Signing in and out: passwords, slowed guessing, sessions in our own table."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from portal.clock import now, today
from portal.domain.errors import DomainError, InvalidInput, NotFound, NotPermitted
from portal.domain.events import EventTag
from portal.domain.permissions import Actor, Role
from portal.domain.wording import say
from portal.models import Membership, SignInSession, User, db
from portal.queries import accounts
from portal.services import auditing
from portal.services.context import ground
from portal.services.passwords import hash_password, matches, needs_new_hash
from portal.services.unit_of_work import transaction

FREE_ATTEMPTS = 5
"""Wrong passwords before an account is slowed."""
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)
SEEN_EVERY = timedelta(minutes=1)
"""How often a session's last use is written down."""

WRONG = say("Tên đăng nhập hoặc mật khẩu chưa đúng. Hãy kiểm tra phím Caps Lock và bộ gõ tiếng Việt rồi thử lại.")


class TooManyAttempts(DomainError):
    """The account is slowed after wrong passwords (HTTP 429)."""


@dataclass(frozen=True)
class SignedIn:
    """A person with a living session. `actor` is None without a current membership."""

    token: str
    user_id: UUID
    username: str
    full_name: str
    language: str
    must_change_password: bool
    actor: Actor | None
    memberships: int
    since: datetime


def sign_in(username: str, password: str, agent: str = "") -> SignedIn:
    """Open a session for the right password. Raises InvalidInput, or TooManyAttempts while the account is slowed."""
    user = accounts.by_username(username)
    _refuse_while_slowed(user)
    right = matches(user.password_hash if user else None, password)
    if user is None or not right or user.disabled_at is not None:
        _count_failure(user.id if user else None)
        raise InvalidInput(WRONG, fields={"username": WRONG})
    with transaction():
        user.failed_attempts, user.slowed_until = 0, None
        if needs_new_hash(user.password_hash):
            user.password_hash = hash_password(password)
        return _open(user, agent)


def prove(user_id: UUID, password: str) -> None:
    """Have the person inside a session prove the own password again: an open browser alone is no proof (T17).

    Raises InvalidInput (no field named) for a wrong one, TooManyAttempts while the account is slowed.
    """
    user = db.session.get_one(User, user_id)
    _refuse_while_slowed(user)
    if not matches(user.password_hash, password):
        _count_failure(user_id)
        raise InvalidInput(say("Mật khẩu đăng nhập chưa đúng. Hãy kiểm tra phím Caps Lock rồi nhập lại."))


def sign_in_for_demonstration(username: str, agent: str = "") -> SignedIn:
    """Open a session with one click. Raises NotPermitted unless this portal is a demonstration."""
    if not ground().settings.demo:
        raise NotPermitted(say("Đăng nhập một chạm chỉ có ở bản trình diễn. Hãy dùng tên đăng nhập và mật khẩu."))
    user = accounts.by_username(username)
    if user is None or user.disabled_at is not None:
        raise NotFound(say("Không có tài khoản trình diễn này. Hãy chọn một tài khoản trong danh sách."))
    with transaction():
        return _open(user, agent)


def resume(token: str) -> SignedIn | None:
    """The person of a living session, or None once it is ended, idle too long, too old or the account is disabled."""
    found = accounts.session_with_holder(hash_of(token), today())
    if found is None:
        return None
    session, user, held = found
    if session.ended_at is not None or user.disabled_at is not None:
        return None
    signed_in = _signed_in(token, user, session, held)
    moment = now()
    if not _is_alive(session, signed_in.actor, moment):
        return None
    if moment - session.seen_at >= SEEN_EVERY:
        with transaction():
            # Guarded in SQL: a session ended meanwhile by another request is not brought back.
            db.session.execute(
                update(SignInSession)
                .where(SignInSession.token_hash == session.token_hash, SignInSession.ended_at.is_(None))
                .values(seen_at=moment)
            )
    return signed_in


def sign_out(token: str) -> None:
    """End the session for good."""
    session = _find(token)
    if session is None or session.ended_at is not None:
        return
    with transaction():
        session.ended_at = now()
        event = auditing.record(EventTag.ACCOUNT_SIGNED_OUT, None)
        event.user_id = session.user_id


def end_other_sessions(user_id: UUID, but_token: str | None = None) -> int:
    """End the person's other sessions inside the running transaction; returns how many."""
    kept = hash_of(but_token) if but_token else ""
    ended = db.session.execute(
        update(SignInSession)
        .where(
            SignInSession.user_id == user_id,
            SignInSession.ended_at.is_(None),
            SignInSession.token_hash != kept,
        )
        .values(ended_at=now())
        .returning(SignInSession.token_hash)
    )
    return len(ended.all())


def switch_membership(signed_in: SignedIn, membership_id: int) -> None:
    """Act in another of the own memberships from now on. Raises NotFound where it is not one of today's."""
    if membership_id not in {membership.id for membership in accounts.memberships_of(signed_in.user_id, today())}:
        raise NotFound(say("Bạn không có phân công này, hoặc phân công đã hết hiệu lực."))
    with transaction():
        session = db.session.get_one(SignInSession, hash_of(signed_in.token))
        session.membership_id = membership_id


def is_alive(session: SignInSession) -> bool:
    """Whether the session may still be used now (account and membership aside)."""
    return session.ended_at is None and _is_alive(session, None, now())


def author_of(token: str) -> UUID | None:
    """Whose session this token was, living or ended; None where it was never ours."""
    session = _find(token)
    return session.user_id if session else None


def actor_for(membership_id: int) -> Actor:
    """Who acts in a membership. Raises NotFound where there is none, NotPermitted where it does not hold today."""
    membership = db.session.get(
        Membership, membership_id, options=[joinedload(Membership.unit), joinedload(Membership.user)]
    )
    if membership is None:
        raise NotFound(say("Không tìm thấy phân công này."))
    on = today()
    if membership.valid_from > on or (membership.valid_to is not None and membership.valid_to < on):
        raise NotPermitted(say("Phân công này không còn hiệu lực. Hãy chọn phân công khác."))
    return _actor(membership.user, membership)


def _actor(user: User, membership: Membership) -> Actor:
    return Actor(
        user_id=user.id,
        user_name=user.full_name,
        membership_id=membership.id,
        role=Role(membership.role),
        unit_id=membership.unit_id,
        unit_name=membership.unit.name,
        position=membership.position,
        territory_path=membership.unit.territory_path,
        province_id=membership.unit.province_id,
        can_sign=membership.can_sign,
    )


def _signed_in(token: str, user: User, session: SignInSession, held: Sequence[Membership]) -> SignedIn:
    chosen = next((one for one in held if one.id == session.membership_id), held[0] if held else None)
    return SignedIn(
        token=token,
        user_id=user.id,
        username=user.username,
        full_name=user.full_name,
        language=user.language,
        must_change_password=user.must_change_password,
        actor=_actor(user, chosen) if chosen else None,
        memberships=len(held),
        since=session.created_at,
    )


def _is_alive(session: SignInSession, actor: Actor | None, moment: datetime) -> bool:
    settings = ground().settings
    administrator = actor is not None and actor.role is Role.ADMINISTRATOR
    idle = timedelta(minutes=settings.administrator_idle_minutes if administrator else settings.idle_minutes)
    return moment - session.seen_at < idle and moment - session.created_at < timedelta(hours=settings.session_hours)


def _open(user: User, agent: str) -> SignedIn:
    token, moment = secrets.token_urlsafe(32), now()
    session = SignInSession(
        token_hash=hash_of(token),
        user_id=user.id,
        created_at=moment,
        seen_at=moment,
        agent=agent[:200],
    )
    opened = _signed_in(token, user, session, accounts.memberships_of(user.id, today()))
    session.membership_id = opened.actor.membership_id if opened.actor else None
    db.session.add(session)
    event = auditing.record(EventTag.ACCOUNT_SIGNED_IN, opened.actor)
    event.user_id = user.id
    return opened


def _refuse_while_slowed(user: User | None) -> None:
    if user is None or user.slowed_until is None:
        return
    left = (user.slowed_until - now()).total_seconds()
    if left > 0:
        raise TooManyAttempts(
            say(
                "Tài khoản này vừa nhập sai mật khẩu {count} lần. "
                "Hãy chờ {wait} rồi thử lại; các tài khoản khác không bị ảnh hưởng.",
                count=user.failed_attempts,
                wait=_wait_words(left),
            )
        )


def _count_failure(user_id: UUID | None) -> None:
    with transaction():
        event = auditing.record(EventTag.ACCOUNT_REFUSED, None, cause="wrong_password" if user_id else "unknown")
        event.user_id = user_id
        if user_id is None:
            return
        user = db.session.execute(select(User).where(User.id == user_id).with_for_update()).scalar_one()
        user.failed_attempts += 1
        beyond = user.failed_attempts - FREE_ATTEMPTS
        if beyond >= 0:
            user.slowed_until = now() + min(FIRST_WAIT * 2 ** min(beyond, 10), LONGEST_WAIT)


def _wait_words(seconds: float) -> str:
    return (
        say("{count} giây", count=int(seconds) + 1)
        if seconds < 60
        else say("{count} phút", count=int(seconds // 60) + 1)
    )


def _find(token: str) -> SignInSession | None:
    return db.session.get(SignInSession, hash_of(token))


def hash_of(token: str) -> str:
    """What the table keeps of a session's token: its SHA-256."""
    return hashlib.sha256(token.encode()).hexdigest()
