"""What a person sees of the own account: facts, memberships, open sessions."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from portal.clock import today
from portal.domain.errors import InvalidInput
from portal.domain.permissions import Role
from portal.domain.wording import say
from portal.languages import LANGUAGES
from portal.models import User, db
from portal.queries import accounts, delegations, sessions
from portal.services import sign_in
from portal.services.memberships import HeldMembership, as_held
from portal.services.unit_of_work import transaction

_BROWSERS = (
    ("coc_coc", "Cốc Cốc"), ("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("Windows", "Windows"),
    ("Mac OS", say("máy Mac")),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class OpenSession:
    """A signed-in browser."""

    browser: str
    created_at: datetime
    seen_at: datetime
    is_this: bool
    mark: str


@dataclass(frozen=True)
class Place:
    """Something to act in: an own membership, or the place of an absent colleague."""

    membership_id: int
    delegation_id: int | None
    unit_name: str
    position: str
    role: Role
    principal_name: str = ""
    may_sign: bool = False
    until: date | None = None

    @property
    def value(self) -> str:
        """How a form names it."""
        return f"d{self.delegation_id}" if self.delegation_id else f"m{self.membership_id}"


@dataclass(frozen=True)
class OwnAccount:
    """The own account at a glance."""

    username: str
    full_name: str
    phone: str
    memberships: list[HeldMembership]
    sessions: list[OpenSession]


def overview(user_id: UUID, token: str) -> OwnAccount:
    """The person's facts, memberships (newest first) and sessions that are still open."""
    user, on = db.session.get_one(User, user_id), today()
    return OwnAccount(
        username=user.username,
        full_name=user.full_name,
        phone=user.phone,
        memberships=[as_held(held, on) for held in accounts.all_memberships_of(user_id)],
        sessions=_sessions(user_id, sign_in.hash_of(token)),
    )


def choose_language(user_id: UUID, language: str) -> None:
    """Keep the language the person reads in. Raises InvalidInput for one the portal does not speak."""
    if language not in LANGUAGES:
        raise InvalidInput(say("Cổng chưa có ngôn ngữ này. Hãy chọn một ngôn ngữ trong danh sách."))
    with transaction():
        db.session.get_one(User, user_id).language = language


def places(user_id: UUID) -> list[Place]:
    """Everything the person may act in today: own memberships first, then for whom he stands in."""
    on = today()
    own = [
        Place(held.id, None, held.unit.name, held.position, Role(held.role))
        for held in accounts.memberships_of(user_id, on)
    ]
    return own + [
        Place(
            membership_id=each.to_membership_id,
            delegation_id=each.id,
            unit_name=each.principal.unit.name,
            position=each.principal.position,
            role=Role(each.principal.role),
            principal_name=each.principal.user.full_name,
            may_sign=each.may_sign,
            until=each.valid_to,
        )
        for each in delegations.held_by(user_id, on)
    ]


def end_other_sessions(user_id: UUID, token: str) -> int:
    """End the person's sessions in other browsers; returns how many."""
    with transaction():
        return sign_in.end_other_sessions(user_id, but_token=token)


def end_session(user_id: UUID, mark: str) -> None:
    """End one of the person's own sessions. Raises NotFound."""
    sign_in.end_session(user_id, mark)


def _browser(agent: str) -> str:
    """`Firefox trên Windows`: enough for a person to know the own machine again."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    if browser and system:
        return say("{browser} trên {system}", browser=browser, system=system)
    return browser or system or say("Trình duyệt không rõ")


def _sessions(user_id: UUID, own_hash: str) -> list[OpenSession]:
    return [
        OpenSession(
            _browser(found.agent),
            found.created_at,
            found.seen_at,
            found.token_hash == own_hash,
            sign_in.mark_of(found),
        )
        for found in sessions.live_sessions_of(user_id)
        if sign_in.is_alive(found)
    ]
