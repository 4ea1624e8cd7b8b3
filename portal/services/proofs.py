"""Fresh proof of who sits at the browser: the password again, the second factor after it, or a security key."""

import secrets
from uuid import UUID

from sqlalchemy import update

from portal.clock import now
from portal.domain.errors import InvalidInput, NotFound, NotPermitted
from portal.domain.events import EventTag
from portal.domain.wording import say
from portal.models import SignInSession, User, db
from portal.services import auditing, second_factors, security_keys
from portal.services.context import ground
from portal.services.passwords import matches
from portal.services.sign_in import hash_of
from portal.services.throttling import OWN, STRANGERS, Counter, clear, count_failure, counter_of, refuse_while_slowed
from portal.services.unit_of_work import transaction


def prove(user_id: UUID, password: str) -> None:
    """Have the person inside a session prove the own password again: an open browser alone is no proof (T17).

    Raises InvalidInput (no field named) for a wrong one, TooManyAttempts while the account is slowed from inside.
    """
    user = db.session.get_one(User, user_id)
    refuse_while_slowed(user, OWN)
    if not matches(user.password_hash, password):
        count_failure(user_id, OWN)
        raise InvalidInput(say("Mật khẩu đăng nhập chưa đúng. Hãy kiểm tra phím Caps Lock rồi nhập lại."))


def renew_proof(token: str, password: str, code: str = "") -> str:
    """Note that the person of the session proved just now who he is; the session's new token, the old is dead.

    The password, and the code too of who has a second factor. Raises as `prove`; for a wrong code with its field.
    """
    user = db.session.get_one(User, db.session.get_one(SignInSession, hash_of(token)).user_id)
    prove(user.id, password)
    if second_factors.has_one(user.id):
        _take_code(user, code, OWN)
    with transaction():
        clear(user, OWN)
        return _renewed(token)


def renew_proof_by_key(token: str, assertion: str) -> str:
    """As `renew_proof`, by a security key alone: it has seen its owner, and answers at no other address.

    Raises InvalidInput, TooManyAttempts while the account is slowed from inside.
    """
    user = db.session.get_one(User, db.session.get_one(SignInSession, hash_of(token)).user_id)
    _take_assertion(user, token, assertion, OWN)
    with transaction():
        clear(user, OWN)
        return _renewed(token)


def renew_proof_for_demonstration(token: str) -> str:
    """As `renew_proof`, with one click. Raises NotPermitted unless this portal is a demonstration."""
    if not ground().settings.demo:
        raise NotPermitted(say("Xác nhận một chạm chỉ có ở bản trình diễn. Hãy nhập mật khẩu."))
    with transaction():
        return _renewed(token)


def give_factor(token: str, code: str, *, assertion: str = "", known: frozenset[UUID] = frozenset()) -> str:
    """Finish a sign-in with the second factor: a code, or what a security key answered (`assertion`).

    Returns the session's new token. Raises InvalidInput, TooManyAttempts.
    `known` as in `sign_in`: who only stole the password locks nobody out of the own browser.
    """
    session = db.session.get(SignInSession, hash_of(token))
    if session is None or session.ended_at is not None or not session.awaits_factor:
        raise NotFound(say("Lần đăng nhập này không còn. Hãy đăng nhập lại."))
    user = db.session.get_one(User, session.user_id)
    counter = counter_of(user.id, known)
    if assertion:
        _take_assertion(user, token, assertion, counter)
    else:
        _take_code(user, code, counter)
    with transaction():
        for each in (STRANGERS, OWN):
            clear(user, each)
        db.session.refresh(session)
        session.awaits_factor = False
        return _renewed(token)


def switch_factor_off(user_id: UUID, code: str) -> None:
    """The person does without a second factor from now on, and shows once more to have it.

    Raises InvalidInput for a wrong code, TooManyAttempts while the account is slowed from inside.
    """
    user = db.session.get_one(User, user_id)
    _take_code(user, code, OWN)
    with transaction():
        clear(user, OWN)
        second_factors.remove_app(user_id)
        auditing.record(EventTag.FACTOR_REMOVED, None).user_id = user_id


def _take_code(user: User, code: str, counter: Counter) -> None:
    """Raise InvalidInput unless the code is right, once; guesses are slowed."""
    refuse_while_slowed(user, counter)
    if not second_factors.accept(user.id, code):
        count_failure(user.id, counter, "wrong_factor")
        message = say("Mã chưa đúng hoặc đã dùng. Hãy chờ mã mới trên điện thoại, hoặc dùng một mã dự phòng.")
        raise InvalidInput(message, fields={"code": message})


def _take_assertion(user: User, token: str, assertion: str, counter: Counter) -> None:
    """Raise InvalidInput unless one of the person's keys signed this session's challenge; guesses are slowed."""
    refuse_while_slowed(user, counter)
    try:
        security_keys.accept(user.id, token, assertion)
    except InvalidInput as refusal:
        count_failure(user.id, counter, refusal.code)
        raise


def _renewed(token: str) -> str:
    """Another token for the same session, proved now, within the running transaction."""
    fresh = secrets.token_urlsafe(32)
    renewed = db.session.execute(
        update(SignInSession)
        .where(SignInSession.token_hash == hash_of(token), SignInSession.ended_at.is_(None))
        .values(token_hash=hash_of(fresh), proved_at=now())
        .returning(SignInSession.user_id)
    ).scalar_one_or_none()
    if renewed is None:
        raise NotFound(say("Phiên đăng nhập này đã kết thúc. Hãy đăng nhập lại."))
    return fresh
