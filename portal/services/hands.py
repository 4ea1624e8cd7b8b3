"""Opening what a signer signs with, and what the gate expects of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from portal.clock import now
from portal.domain.errors import InvalidInput, NotPermitted, WrongStage
from portal.domain.events import EventTag
from portal.domain.permissions import Actor
from portal.domain.wording import say
from portal.models import Event, SigningKey, db
from portal.queries.accounts import active_key_of, certificates_of
from portal.services.auditing import record
from portal.services.authority import known_lists, trusted_roots
from portal.services.context import ground
from portal.services.throttling import TooManyAttempts
from portal.services.unit_of_work import once, transaction
from portal.signatures.hands import Hand, KeyHand
from portal.signatures.keys import WrongPassphrase, open_key
from portal.verification.acceptance import Expected, fingerprint
from portal.verification.proofs import Trust

MOST_GUESSES = 5
"""Wrong passphrases within `GUESSES_COUNT_FOR` before a key stays closed."""
GUESSES_COUNT_FOR = timedelta(minutes=15)
WRONG_PASSPHRASE, WRONG_PIN = "wrong_passphrase", "wrong_pin"
MOST_PINS = 2
"""Wrong PINs before the portal stops."""
_PIN_LOCK = 0x70696E
"""Number of the advisory locks: one try of a PIN for one person."""


def hand_of(actor: Actor, by: str | Hand) -> Hand:
    """The hand that signs: the actor's own key opened by the passphrase, or the one given.

    Opened before any lock is taken: a passphrase's derivation is slow on purpose.
    """
    if not actor.can_sign:
        raise NotPermitted(say("Bạn chưa được phân công ký thay đơn vị."))
    return _own_key(actor, by) if isinstance(by, str) else by


@contextmanager
def counting_pins(actor: Actor) -> Iterator[bool]:
    """A wrong PIN leaves its event; after two within a quarter of an hour the token is not asked again (S1).

    The third or fifth wrong one would lock it, and only its issuer could open it. Yields whether a wrong one came
    from this person just now: then the token's own warning is about that one. One try at a time: tries at once would
    all stand before the first wrong one is counted.
    """
    with _alone(actor):
        yield from _counted(actor)


@contextmanager
def _alone(actor: Actor) -> Iterator[None]:
    """Raise WrongStage while the same person's PIN is being tried; a dead process lets go by itself."""
    number = actor.user_id.int & 0x7FFFFFFF
    with db.engine.connect() as holding:
        if not holding.scalar(select(func.pg_try_advisory_lock(_PIN_LOCK, number))):
            raise WrongStage(say("Lần ký trước của bạn chưa xong. Hãy chờ nó xong rồi thử lại."))
        try:
            yield
        finally:
            holding.scalar(select(func.pg_advisory_unlock(_PIN_LOCK, number)))


def _counted(actor: Actor) -> Iterator[bool]:
    wrong = _refused_lately(actor, WRONG_PIN, now() - GUESSES_COUNT_FOR)
    if wrong >= MOST_PINS:
        raise TooManyAttempts(
            say("Mã PIN đã sai hai lần; cổng dừng 15 phút để thẻ không bị khóa. Hãy thử lại bằng phần mềm của thẻ.")
        )
    try:
        yield wrong > 0
    except InvalidInput as refusal:
        if "pin" in refusal.fields:
            with transaction():
                record(EventTag.ACCOUNT_REFUSED, actor, cause=WRONG_PIN)
        raise


def expected_of(actor: Actor, field: str, *, since: datetime, at: datetime) -> Expected:
    """What the gate asks for: this field signed by a certificate enrolled for the actor's appointment, since then."""
    settings = ground().settings
    trust = Trust(trusted_roots(settings), at, tuple(known_lists(settings)))
    enrolled = frozenset(fingerprint(each) for each in certificates_of(actor.membership_id))
    return Expected(field, enrolled, since, trust)


def once_with_key(actor: Actor, key: str, action: str, act: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """As `once`; a wrong passphrase leaves its event, which `_refuse_guessing` counts."""
    try:
        return once(actor.user_id, key, action, act)
    except WrongPassphrase:
        with transaction():
            record(EventTag.ACCOUNT_REFUSED, actor, cause=WRONG_PASSPHRASE)
        raise


def _refuse_guessing(actor: Actor, stored: SigningKey) -> None:
    """Raise TooManyAttempts after too many wrong passphrases for this key: an open browser is no key (T17)."""
    wrong = _refused_lately(actor, WRONG_PASSPHRASE, max(now() - GUESSES_COUNT_FOR, stored.created_at))
    if wrong >= MOST_GUESSES:
        raise TooManyAttempts(
            say(
                "Mật khẩu khóa ký đã nhập sai {wrong} lần. Chưa ký gì; hãy chờ 15 phút rồi ký lại. "
                "Nếu đã quên mật khẩu khóa ký, mở «Tài khoản của tôi» để tạo khóa ký mới.",
                wrong=wrong,
            )
        )


def _own_key(actor: Actor, passphrase: str) -> KeyHand:
    """The actor's own key, opened by the passphrase before any lock is taken: its derivation is slow on purpose."""
    if not actor.can_sign:
        raise NotPermitted(say("Bạn chưa được phân công ký thay đơn vị."))
    stored = active_key_of(actor.membership_id)
    if stored is None:
        raise NotPermitted(
            say("Bạn chưa có khóa ký nội bộ. Mở «Tài khoản của tôi», chọn «Tạo khóa ký», rồi quay lại ký."),
            code="key_missing",
        )
    _refuse_guessing(actor, stored)
    return KeyHand(open_key(stored.p12, passphrase))


def _refused_lately(actor: Actor, cause: str, since: datetime) -> int:
    """How often the person was refused for this cause."""
    return db.session.execute(
        select(func.count(Event.id)).where(
            Event.user_id == actor.user_id,
            Event.at > since,
            Event.tag == EventTag.ACCOUNT_REFUSED.value,
            Event.payload["cause"].astext == cause,
        )
    ).scalar_one()
