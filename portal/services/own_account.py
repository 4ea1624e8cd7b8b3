"""What a person sees of the own account: facts, memberships, open sessions."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from portal.clock import today
from portal.domain.permissions import Role
from portal.models import User, db
from portal.queries import accounts
from portal.services import sign_in
from portal.services.unit_of_work import transaction

_BROWSERS = (
    ("coc_coc", "Cốc Cốc"), ("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("Windows", "Windows"),
    ("Mac OS", "máy Mac"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class HeldMembership:
    """A place in a unit, past or present."""

    unit_name: str
    role: Role
    position: str
    can_sign: bool
    appointment_document: str
    valid_from: date
    valid_to: date | None
    holds_today: bool


@dataclass(frozen=True)
class OpenSession:
    """A signed-in browser."""

    browser: str
    created_at: datetime
    seen_at: datetime
    is_this: bool


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
    user = db.session.get_one(User, user_id)
    return OwnAccount(
        username=user.username,
        full_name=user.full_name,
        phone=user.phone,
        memberships=held_memberships(user_id),
        sessions=_sessions(user_id, hashlib.sha256(token.encode()).hexdigest()),
    )


def held_memberships(user_id: UUID) -> list[HeldMembership]:
    """Every membership the person ever had, newest first."""
    on = today()
    return [
        HeldMembership(
            unit_name=held.unit.name,
            role=Role(held.role),
            position=held.position,
            can_sign=held.can_sign,
            appointment_document=held.appointment_document,
            valid_from=held.valid_from,
            valid_to=held.valid_to,
            holds_today=held.valid_from <= on and (held.valid_to is None or held.valid_to >= on),
        )
        for held in accounts.all_memberships_of(user_id)
    ]


def end_other_sessions(user_id: UUID, token: str) -> int:
    """End the person's sessions in other browsers; returns how many."""
    with transaction():
        return sign_in.end_other_sessions(user_id, but_token=token)


def _browser(agent: str) -> str:
    """`Firefox trên Windows`: enough for a person to know the own machine again."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return " trên ".join(part for part in (browser, system) if part) or "Trình duyệt không rõ"


def _sessions(user_id: UUID, own_hash: str) -> list[OpenSession]:
    return [
        OpenSession(_browser(found.agent), found.created_at, found.seen_at, found.token_hash == own_hash)
        for found in accounts.live_sessions_of(user_id)
        if sign_in.is_alive(found)
    ]
