"""Signing in and out: passwords, slowed guessing, sessions in our own table."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import joinedload

from portal.clock import now, today
from portal.domain.errors import InvalidInput, NotFound, NotPermitted
from portal.domain.events import EventTag
from portal.domain.permissions import Actor, Role
from portal.domain.wording import say
from portal.models import Delegation, Membership, SignInSession, User, db
from portal.queries import accounts, delegations, sessions
from portal.services import auditing, second_factors
from portal.services.context import ground
from portal.services.delegations import mandate_of
from portal.services.passwords import hash_password, matches, needs_new_hash
from portal.services.throttling import clear, count_failure, counter_of, refuse_while_slowed
from portal.services.unit_of_work import transaction

SEEN_EVERY = timedelta(minutes=1)
"""How often a session's last use is written down."""

SLEEPS_AFTER = timedelta(days=45)
"""An account that nobody used for so long is put to sleep; an administrator of its territory wakes it."""
PROOF_HOLDS = timedelta(minutes=5)
"""How long a proof of who sits there counts for what needs a fresh one (`web.access.requires(proof=…)`)."""

FACTOR_WITHIN = timedelta(minutes=10)
"""How long a right password waits for the second factor."""

WRONG = say("Tên đăng nhập hoặc mật khẩu chưa đúng. Hãy kiểm tra phím Caps Lock và bộ gõ tiếng Việt rồi thử lại.")


@dataclass(frozen=True)
class SignedIn:
    """A person with a living session. `actor` is None without a current membership.

    `choices` counts the memberships and delegations to act in. `lapsed` says in words that the one chosen has ended:
    nothing is done in another one before the person has chosen it. `awaits_factor`: only the password was right yet,
    nobody is signed in.
    """

    token: str
    user_id: UUID
    username: str
    full_name: str
    language: str
    must_change_password: bool
    actor: Actor | None
    choices: int
    since: datetime
    proved_at: datetime
    awaits_factor: bool = False
    lapsed: str = ""

    @property
    def proof_is_fresh(self) -> bool:
        """Whether the person proved who he is a moment ago."""
        return now() - self.proved_at < PROOF_HOLDS


def sign_in(username: str, password: str, agent: str = "", known: frozenset[UUID] = frozenset()) -> SignedIn:
    """Open a session for the right password; where the person has a second factor, it waits for that.

    `known` are the people who signed in with this browser before. Raises InvalidInput, also for an account that
    sleeps, or TooManyAttempts while the account is slowed for such browsers.
    """
    user = accounts.by_username(username)
    counter = counter_of(user.id if user else None, known)
    refuse_while_slowed(user, counter)
    right = matches(user.password_hash if user else None, password)
    if user is None or not right or user.disabled_at is not None:
        count_failure(user.id if user else None, counter)
        raise InvalidInput(WRONG, fields={"username": WRONG})
    _refuse_while_asleep(user)
    with transaction():
        awaits_factor = second_factors.has_one(user.id)
        if not awaits_factor:
            # Who still owes the code has guessed nothing yet: his wrong codes go on counting.
            clear(user, counter)
        if needs_new_hash(user.password_hash):
            user.password_hash = hash_password(password)
        return _open(user, agent, awaits_factor=awaits_factor)


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
    found = sessions.session_with_holder(hash_of(token), today())
    if found is None:
        return None
    session, user, held, stands_in = found
    if session.ended_at is not None or user.disabled_at is not None:
        return None
    signed_in = _signed_in(token, user, session, held, stands_in=stands_in)
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


def end_session(user_id: UUID, mark: str) -> None:
    """End one of the person's own sessions, named by `mark_of`. Raises NotFound where there is none."""
    for session in sessions.live_sessions_of(user_id):
        if mark_of(session) == mark:
            with transaction():
                session.ended_at = now()
            return
    raise NotFound(say("Không tìm thấy phiên đăng nhập này, hoặc phiên đã kết thúc."))


def mark_of(session: SignInSession) -> str:
    """How a page names a session: enough to tell one's own apart, worthless as a token."""
    return session.token_hash[:16]


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


def act_in(signed_in: SignedIn, membership_id: int, delegation_id: int | None = None) -> None:
    """Act in another of the own memberships from now on, or under a delegation to it.

    Raises NotFound where it is not one of today's.
    """
    on = today()
    if delegation_id is not None:
        found = delegations.one_held_by(signed_in.user_id, delegation_id, on)
        if found is None or found.to_membership_id != membership_id:
            raise NotFound(say("Bạn không có ủy quyền này, hoặc ủy quyền đã hết hiệu lực."))
    if membership_id not in {membership.id for membership in accounts.memberships_of(signed_in.user_id, on)}:
        raise NotFound(say("Bạn không có phân công này, hoặc phân công đã hết hiệu lực."))
    with transaction():
        session = db.session.get_one(SignInSession, hash_of(signed_in.token))
        session.membership_id, session.delegation_id = membership_id, delegation_id


def is_alive(session: SignInSession) -> bool:
    """Whether the session may still be used now (account and membership aside)."""
    return session.ended_at is None and _is_alive(session, None, now())


def author_of(token: str) -> UUID | None:
    """Whose session this token was, living or ended; None where it was never ours."""
    session = _find(token)
    return session.user_id if session else None


def actor_for(membership_id: int, delegation_id: int | None = None) -> Actor:
    """Who acts in a membership, and under a delegation to it.

    Raises NotFound where there is none, NotPermitted where membership or delegation does not hold today.
    """
    membership = db.session.get(
        Membership, membership_id, options=[joinedload(Membership.unit), joinedload(Membership.user)]
    )
    if membership is None:
        raise NotFound(say("Không tìm thấy phân công này."))
    on = today()
    if membership.valid_from > on or (membership.valid_to is not None and membership.valid_to < on):
        raise NotPermitted(say("Phân công này không còn hiệu lực. Hãy chọn phân công khác."))
    if delegation_id is None:
        return _actor(membership.user, membership)
    found = delegations.one_held_by(membership.user_id, delegation_id, on)
    if found is None or found.to_membership_id != membership.id:
        raise NotPermitted(say("Ủy quyền này không còn hiệu lực. Hãy chọn lại phân công của mình."))
    return _actor(membership.user, membership, found)


def _actor(user: User, membership: Membership, delegation: Delegation | None = None) -> Actor:
    """Under a delegation the right to sign is the delegation's; everything else is the membership's own."""
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
        can_sign=membership.can_sign if delegation is None else delegation.may_sign and delegation.principal.can_sign,
        mandate=mandate_of(delegation) if delegation else None,
    )


def _signed_in(
    token: str, user: User, session: SignInSession, held: Sequence[Membership], *, stands_in: int = 0
) -> SignedIn:
    chosen = next((one for one in held if one.id == session.membership_id), None)
    delegation = None
    if session.delegation_id is not None and chosen is not None:
        delegation = delegations.one_held_by(user.id, session.delegation_id, today())
    own = chosen or (held[0] if held else None)
    return SignedIn(
        token=token,
        user_id=user.id,
        username=user.username,
        full_name=user.full_name,
        language=user.language,
        must_change_password=user.must_change_password,
        actor=_actor(user, own, delegation) if own else None,
        choices=len(held) + stands_in,
        lapsed=_lapsed(session, chosen, delegation) if own else "",
        since=session.created_at,
        proved_at=session.proved_at,
        awaits_factor=session.awaits_factor,
    )


def _lapsed(session: SignInSession, chosen: Membership | None, delegation: Delegation | None) -> str:
    if session.membership_id is not None and chosen is None:
        return say("Phân công bạn đang dùng đã kết thúc. Những gì đã lưu vẫn ở đơn vị cũ cho người kế nhiệm.")
    if session.delegation_id is not None and delegation is None:
        return say("Ủy quyền bạn đang dùng đã kết thúc hoặc đã được thu lại. Bạn không còn làm thay được nữa.")
    return ""


def _is_alive(session: SignInSession, actor: Actor | None, moment: datetime) -> bool:
    settings = ground().settings
    if session.awaits_factor and moment - session.created_at > FACTOR_WITHIN:
        return False
    administrator = actor is not None and actor.role is Role.ADMINISTRATOR
    idle = timedelta(minutes=settings.administrator_idle_minutes if administrator else settings.idle_minutes)
    return moment - session.seen_at < idle and moment - session.created_at < timedelta(hours=settings.session_hours)


def _refuse_while_asleep(user: User) -> None:
    if not is_asleep(user):
        return
    with transaction():
        auditing.record(EventTag.ACCOUNT_REFUSED, None, cause="asleep").user_id = user.id
    message = say(
        "Tài khoản đã tạm ngủ vì {days} ngày không ai dùng. Hãy nhờ người quản trị địa bàn đánh thức.",
        days=SLEEPS_AFTER.days,
    )
    raise InvalidInput(message, fields={"username": message})


def is_asleep(user: User) -> bool:
    """Whether the account has been put to sleep because nobody used it."""
    return now() - (user.woken_at or user.created_at) > SLEEPS_AFTER


def _open(user: User, agent: str, *, awaits_factor: bool = False) -> SignedIn:
    token, moment = secrets.token_urlsafe(32), now()
    session = SignInSession(
        token_hash=hash_of(token),
        user_id=user.id,
        created_at=moment,
        seen_at=moment,
        agent=agent[:200],
        proved_at=moment,
        awaits_factor=awaits_factor,
    )
    user.woken_at = moment
    on = today()
    stands_in = len(delegations.held_by(user.id, on))
    opened = _signed_in(token, user, session, accounts.memberships_of(user.id, on), stands_in=stands_in)
    session.membership_id = opened.actor.membership_id if opened.actor else None
    db.session.add(session)
    event = auditing.record(EventTag.ACCOUNT_SIGNED_IN, opened.actor)
    event.user_id = user.id
    return opened


def _find(token: str) -> SignInSession | None:
    return db.session.get(SignInSession, hash_of(token))


def hash_of(token: str) -> str:
    """What the table keeps of a session's token: its SHA-256."""
    return hashlib.sha256(token.encode()).hexdigest()
