"""Guessing slows only where it comes from; a second factor serves once; what nobody uses sleeps; proofs change the token."""

import contextlib
import hashlib
from datetime import datetime, timedelta

import pyotp
import pytest
from sqlalchemy import delete, select

from portal.clock import at, now
from portal.domain.errors import InvalidInput, NotFound, NotPermitted, WrongStage
from portal.models import Event, RecoveryCode, SignInSession, TotpFactor, User, db
from portal.services import accounts, passwords, proofs, second_factors, sign_in
from portal.services.throttling import TooManyAttempts
from tests.integration.scene import Scene

PASSWORD = "con trau an co ngoai dong"
HASH = passwords.hash_password(PASSWORD)


@pytest.fixture
def officer(scene: Scene) -> User:
    user = db.session.get_one(User, scene.actors["police_officer"].user_id)
    user.password_hash, user.failed_attempts, user.slowed_until = HASH, 0, None
    user.known_failures, user.known_slowed_until, user.woken_at = 0, None, None
    db.session.execute(delete(TotpFactor).where(TotpFactor.user_id == user.id))
    db.session.commit()
    return user


def enter(code: str = "", **more: object) -> sign_in.SignedIn:
    return sign_in.sign_in("police_officer", PASSWORD, **more)  # type: ignore[arg-type]


def enrolled(user: User) -> tuple[pyotp.TOTP, list[str]]:
    second_factors.begin(user.id)
    app = pyotp.TOTP(second_factors.waiting_secret(user.id))
    return app, second_factors.confirm(user.id, app.at(now()))


def test_strangers_who_flood_the_sign_in_lock_nobody_out(officer: User) -> None:
    inside = enter()
    for _ in range(8):
        with contextlib.suppress(InvalidInput, TooManyAttempts):
            sign_in.sign_in("police_officer", "doan mo")
    with pytest.raises(TooManyAttempts):
        enter()
    assert sign_in.resume(inside.token) is not None
    proofs.prove(officer.id, PASSWORD)
    assert enter(known=frozenset({officer.id})).actor is not None


def test_guessing_in_a_known_browser_is_slowed_too(officer: User) -> None:
    known = frozenset({officer.id})
    for _ in range(5):
        with pytest.raises(InvalidInput):
            sign_in.sign_in("police_officer", "doan mo", known=known)
    with pytest.raises(TooManyAttempts):
        enter(known=known)
    assert enter().actor is not None, "and strangers' browsers are counted apart"


def test_with_a_second_factor_the_password_alone_signs_nobody_in(officer: User) -> None:
    app, codes = enrolled(officer)
    half = enter()
    assert half.awaits_factor
    with pytest.raises(InvalidInput):
        proofs.give_factor(half.token, "000000")
    with at(now() + timedelta(seconds=30)):
        token = proofs.give_factor(half.token, app.at(now()))
    whole = sign_in.resume(token)
    assert whole is not None
    assert not whole.awaits_factor
    assert sign_in.resume(half.token) is None, "the token of the half is dead"
    assert len(set(codes)) == 10


def test_no_code_serves_twice_and_none_of_another(officer: User, scene: Scene) -> None:
    app, codes = enrolled(officer)
    moment = now() + timedelta(seconds=60)
    with at(moment):
        code = app.at(moment)
        assert second_factors.accept(officer.id, code)
        assert not second_factors.accept(officer.id, code)
        assert second_factors.accept(officer.id, f" {codes[0].upper()} ")
        assert not second_factors.accept(officer.id, codes[0])
        assert not second_factors.accept(scene.actors["police_head"].user_id, codes[1])
    own = second_factors.own(officer.id)
    assert own is not None
    assert own.codes_left == 9


@pytest.mark.parametrize("seconds", [-90, 90])
def test_a_code_of_another_time_is_refused(officer: User, seconds: int) -> None:
    app, _ = enrolled(officer)
    later = now() + timedelta(minutes=10)
    with at(later):
        assert not second_factors.accept(officer.id, app.at(later + timedelta(seconds=seconds)))


def test_a_secret_that_somebody_else_saw_waiting_is_worth_nothing(officer: User) -> None:
    """Who sat at the open browser for a moment scanned; the officer begins anew, or changes the password."""
    second_factors.begin(officer.id)
    seen = second_factors.waiting_secret(officer.id)
    with pytest.raises(InvalidInput):
        second_factors.confirm(officer.id, "000000")
    assert second_factors.waiting_secret(officer.id) == seen, "a wrong code leaves what is on the page"
    second_factors.begin(officer.id)
    assert second_factors.waiting_secret(officer.id) != seen
    accounts.change_password(officer.id, PASSWORD, "mot con duong di len nui")
    with pytest.raises(WrongStage):
        second_factors.waiting_secret(officer.id)


def test_a_changed_password_leaves_the_factor_in_force(officer: User) -> None:
    enrolled(officer)
    accounts.change_password(officer.id, PASSWORD, "mot con duong di len nui")
    assert second_factors.has_one(officer.id)


def test_secrets_lie_closed_and_codes_hashed(officer: User) -> None:
    second_factors.begin(officer.id)
    secret = second_factors.waiting_secret(officer.id)
    codes = second_factors.confirm(officer.id, pyotp.TOTP(secret).at(now()))
    assert secret.encode() not in db.session.get_one(TotpFactor, officer.id).secret
    kept = db.session.scalars(select(RecoveryCode.code_hash).where(RecoveryCode.user_id == officer.id)).all()
    assert not set(codes) & set(kept)
    assert all(len(each) == hashlib.sha256().digest_size * 2 for each in kept)
    with pytest.raises(WrongStage):
        second_factors.waiting_secret(officer.id)


def test_guessing_codes_is_slowed(officer: User) -> None:
    enrolled(officer)
    half = enter()
    for _ in range(5):
        with pytest.raises(InvalidInput):
            proofs.give_factor(half.token, "123456")
    with pytest.raises(TooManyAttempts):
        proofs.give_factor(half.token, "123456")


def test_who_has_the_password_cannot_guess_codes_by_signing_in_anew(officer: User) -> None:
    """A right password alone forgives no wrong code; the right code does."""
    app, _ = enrolled(officer)
    known = frozenset({officer.id})
    for _ in range(5):
        half = enter(known=known)
        with pytest.raises(InvalidInput):
            proofs.give_factor(half.token, "123456", known=known)
    with pytest.raises(TooManyAttempts):
        enter(known=known)
    with at(now() + timedelta(minutes=1)):
        half = enter(known=known)
        proofs.give_factor(half.token, app.at(now()), known=known)
        assert (officer.failed_attempts, officer.known_failures) == (0, 0)


def test_a_stranger_with_the_password_who_guesses_codes_slows_only_strangers(officer: User) -> None:
    app, _ = enrolled(officer)
    half, known = enter(), frozenset({officer.id})
    for _ in range(5):
        with pytest.raises(InvalidInput):
            proofs.give_factor(half.token, "123456")
    with pytest.raises(TooManyAttempts):
        proofs.give_factor(half.token, "123456")
    with at(now() + timedelta(seconds=25)):
        assert proofs.give_factor(enter(known=known).token, app.at(now() + timedelta(seconds=30)), known=known)


def test_a_right_password_waits_ten_minutes_for_the_code(officer: User) -> None:
    enrolled(officer)
    half = enter()
    row = db.session.get_one(SignInSession, sign_in.hash_of(half.token))
    row.created_at = row.created_at - timedelta(minutes=11)
    db.session.commit()
    assert sign_in.resume(half.token) is None


def test_the_password_alone_neither_switches_the_factor_off_nor_proves_anew(officer: User) -> None:
    opened = enter()
    app, codes = enrolled(officer)
    for code in ("", "000000"):
        with pytest.raises(InvalidInput) as refusal:
            proofs.renew_proof(opened.token, PASSWORD, code)
        assert set(refusal.value.fields) == {"code"}
    with at(now() + timedelta(minutes=1)):
        proofs.renew_proof(opened.token, PASSWORD, app.at(now()))
        for _ in range(5):
            with pytest.raises(InvalidInput):
                proofs.switch_factor_off(officer.id, "000000")
        with pytest.raises(TooManyAttempts):
            proofs.switch_factor_off(officer.id, codes[0])
    assert second_factors.has_one(officer.id)
    with at(now() + timedelta(minutes=3)):
        proofs.switch_factor_off(officer.id, codes[0])
    assert not second_factors.has_one(officer.id)
    assert officer.known_failures == 0


def test_an_administrators_new_password_takes_the_lost_phones_place(officer: User, scene: Scene) -> None:
    enrolled(officer)
    password = accounts.reset_password(scene.actors["administrator"], officer.id)
    assert not sign_in.sign_in("police_officer", password).awaits_factor


@pytest.mark.parametrize(("days", "sleeps"), [(44, False), (46, True)])
def test_an_account_that_nobody_used_for_45_days_sleeps_until_it_is_woken(
    officer: User, scene: Scene, days: int, sleeps: bool
) -> None:
    _last_used(officer, now() - timedelta(days=days))
    if not sleeps:
        assert enter().actor is not None
        return
    with pytest.raises(InvalidInput, match="tạm ngủ"):
        enter()
    with pytest.raises(InvalidInput, match="chưa đúng"):
        sign_in.sign_in("police_officer", "mat khau khac")
    accounts.set_disabled(scene.actors["administrator"], officer.id, disabled=False)
    assert enter().actor is not None
    causes = db.session.scalars(select(Event.payload["cause"].astext).where(Event.user_id == officer.id)).all()
    assert "asleep" in causes


def _last_used(user: User, moment: datetime) -> None:
    user.woken_at = moment
    db.session.commit()


def test_a_fresh_proof_gives_a_new_token_and_kills_the_old(officer: User) -> None:
    opened = enter()
    with pytest.raises(InvalidInput):
        proofs.renew_proof(opened.token, "sai")
    token = proofs.renew_proof(opened.token, PASSWORD)
    assert sign_in.resume(opened.token) is None
    again = sign_in.resume(token)
    assert again is not None
    assert again.proof_is_fresh


@pytest.mark.parametrize(("seconds", "fresh"), [(299, True), (301, False)])
def test_a_proof_holds_for_five_minutes(officer: User, seconds: int, fresh: bool) -> None:
    opened = enter()
    with at(opened.proved_at + timedelta(seconds=seconds)):
        assert opened.proof_is_fresh is fresh


def test_no_one_click_proof_outside_a_demonstration(officer: User) -> None:
    with pytest.raises(NotPermitted):
        proofs.renew_proof_for_demonstration(enter().token)


def test_an_ended_session_is_never_brought_back(officer: User) -> None:
    opened = enter()
    sign_in.sign_out(opened.token)
    with pytest.raises(NotFound):
        proofs.renew_proof(opened.token, PASSWORD)


@pytest.mark.parametrize("password", ["matkhau123456789", "qwertyuiop123456", "passwordpassword1"])
def test_leaked_and_expected_passwords_are_refused_offline(password: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        passwords.refuse_known_password(password, "police_officer", "Police Officer")
    assert refusal.value.fields["password"]


@pytest.mark.parametrize("password", ["con trâu ăn cỏ non", "correct horse battery staple", "ban lam viec mau xanh"])
def test_a_sentence_of_ones_own_is_taken(password: str) -> None:
    passwords.refuse_known_password(password, "giang.a.chu", "Giàng A Chư")
