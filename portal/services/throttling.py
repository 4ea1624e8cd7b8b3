"""Slowed guessing. Strangers and the person's own browsers are counted apart, so that nobody is locked out by others.

A browser in which the person has signed in before keeps a mark (`web.known_browsers`); inside a session the person is
known anyway. Wrong passwords from elsewhere slow only elsewhere.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from portal.clock import now
from portal.domain.errors import DomainError
from portal.domain.events import EventTag
from portal.domain.wording import say
from portal.models import User, db
from portal.services import auditing
from portal.services.unit_of_work import transaction

FREE_ATTEMPTS = 5
"""Wrong passwords before an account is slowed."""
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)


class TooManyAttempts(DomainError):
    """The account is slowed after wrong passwords (HTTP 429)."""


@dataclass(frozen=True)
class Counter:
    """Which of the account's two counters counts: `known` for its person's own browsers."""

    known: bool

    @property
    def failures(self) -> str:
        """The column of wrong attempts in a row."""
        return "known_failures" if self.known else "failed_attempts"

    @property
    def until(self) -> str:
        """The column of the moment before which nothing is tried."""
        return "known_slowed_until" if self.known else "slowed_until"


STRANGERS, OWN = Counter(known=False), Counter(known=True)


def counter_of(user_id: UUID | None, known: frozenset[UUID]) -> Counter:
    """Which counter counts in a browser where `known` have signed in before."""
    return OWN if user_id in known else STRANGERS


def refuse_while_slowed(user: User | None, counter: Counter) -> None:
    """Raise TooManyAttempts, with the wait in words, while the account is slowed for such browsers."""
    until = getattr(user, counter.until) if user else None
    if user is None or until is None:
        return
    left = (until - now()).total_seconds()
    if left > 0:
        raise TooManyAttempts(
            say(
                "Tài khoản này vừa nhập sai mật khẩu {count} lần. "
                "Hãy chờ {wait} rồi thử lại; các tài khoản khác không bị ảnh hưởng.",
                count=getattr(user, counter.failures),
                wait=_wait_words(left),
            )
        )


def count_failure(user_id: UUID | None, counter: Counter, cause: str = "wrong_password") -> None:
    """Write the failure down and count it; from the fifth on each doubles the wait."""
    with transaction():
        event = auditing.record(EventTag.ACCOUNT_REFUSED, None, cause=cause if user_id else "unknown")
        event.user_id = user_id
        if user_id is None:
            return
        user = db.session.execute(select(User).where(User.id == user_id).with_for_update()).scalar_one()
        failures = getattr(user, counter.failures) + 1
        setattr(user, counter.failures, failures)
        beyond = failures - FREE_ATTEMPTS
        if beyond >= 0:
            setattr(user, counter.until, now() + min(FIRST_WAIT * 2 ** min(beyond, 10), LONGEST_WAIT))


def clear(user: User, counter: Counter) -> None:
    """Forget the failures counted, within the running transaction."""
    setattr(user, counter.failures, 0)
    setattr(user, counter.until, None)


def _wait_words(seconds: float) -> str:
    return (
        say("{count} giây", count=int(seconds) + 1)
        if seconds < 60
        else say("{count} phút", count=int(seconds // 60) + 1)
    )
