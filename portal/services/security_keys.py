"""Security keys (WebAuthn): a token, a phone or the computer itself signs a challenge after it has seen its owner.

The device checks PIN, finger or face (user verification) each time, and signs only for this portal's own address:
what a copy of the page elsewhere gets is worth nothing here.
"""

import json
import struct
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from sqlalchemy import Select, delete, select

from portal.clock import now
from portal.domain.errors import InvalidInput, NotFound
from portal.domain.events import EventTag
from portal.domain.wording import say
from portal.models import SecurityKey, SignInSession, User, db
from portal.services import auditing, second_factors
from portal.services.context import ground
from portal.services.sign_in import hash_of
from portal.services.unit_of_work import transaction

CHALLENGE_HOLDS = timedelta(minutes=5)
MOST_KEYS = 10
LONGEST_NAME = 60
_REGISTER, _PROVE = "register", "prove"
_UNREADABLE = (
    ValueError,
    KeyError,
    TypeError,
    IndexError,
    AttributeError,
    AssertionError,
    RecursionError,
    struct.error,
)
"""What the library raises for an answer that is refused or no answer at all."""


@dataclass(frozen=True)
class OwnKey:
    """A security key as its owner sees it."""

    id: int
    name: str
    made_at: datetime
    used_at: datetime | None


def own(user_id: UUID) -> list[OwnKey]:
    """The person's keys, the oldest first."""
    query = select(SecurityKey).where(SecurityKey.user_id == user_id).order_by(SecurityKey.id)
    return [OwnKey(each.id, each.name, each.made_at, each.used_at) for each in db.session.scalars(query)]


def has_one(user_id: UUID) -> bool:
    """Whether the person has a security key."""
    return bool(_credentials(user_id))


def begin_registration(user_id: UUID, token: str) -> dict[str, Any]:
    """What the browser needs to have a device make a key for this person; the challenge waits in the session."""
    user = db.session.get_one(User, user_id)
    options, state = _server().register_begin(
        PublicKeyCredentialUserEntity(id=user.id.bytes, name=user.username, display_name=user.full_name),
        _credentials(user_id),
        resident_key_requirement=ResidentKeyRequirement.DISCOURAGED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    _keep_challenge(token, _REGISTER, state)
    return dict(options.public_key)


def register(user_id: UUID, token: str, name: str, answer: str) -> list[str]:
    """Take a device's new key into force. Returns recovery codes where it is the person's first factor, else none.

    Raises InvalidInput for an answer that does not fit the challenge, the address or the owner's check by the device.
    """
    state = _take_challenge(token, _REGISTER)
    try:
        read = RegistrationResponse.from_dict(json.loads(answer))
        made = _server().register_complete(state, read)
    except _UNREADABLE as fault:
        raise InvalidInput(_not_taken(), code="wrong_key") from fault
    credential = made.credential_data
    if credential is None or db.session.scalar(_by_credential(credential.credential_id)) is not None:
        raise InvalidInput(say("Khóa này đã được đăng ký rồi. Hãy dùng khóa khác, hoặc gỡ khóa cũ trước."))
    with transaction():
        if len(_credentials(user_id, lock=True)) >= MOST_KEYS:
            raise InvalidInput(say("Mỗi người có tối đa {most} khóa. Hãy gỡ khóa không còn dùng.", most=MOST_KEYS))
        codes = [] if second_factors.has_one(user_id) else second_factors.fresh_codes(user_id)
        db.session.add(
            SecurityKey(
                user_id=user_id,
                name=name,
                credential_id=credential.credential_id,
                credential=bytes(credential),
                counter=made.counter,
                made_at=now(),
            )
        )
        auditing.record(EventTag.SECURITY_KEY_ADDED, None).user_id = user_id
        return codes


def remove(user_id: UUID, mark: str) -> None:
    """Take one of the person's keys away, named by its number; the recovery codes go with the last factor.

    Raises NotFound.
    """
    key_id = int(mark) if mark.isascii() and mark.isdecimal() and len(mark) < 18 else 0
    with transaction():
        gone = db.session.execute(
            delete(SecurityKey)
            .where(SecurityKey.id == key_id, SecurityKey.user_id == user_id)
            .returning(SecurityKey.id)
        ).scalar_one_or_none()
        if gone is None:
            raise NotFound(say("Không tìm thấy khóa bảo mật này, hoặc khóa đã được gỡ."))
        if not second_factors.has_one(user_id):
            second_factors.remove(user_id)
        auditing.record(EventTag.SECURITY_KEY_REMOVED, None).user_id = user_id


def begin_proof(token: str) -> dict[str, Any]:
    """What the browser needs to have one of the keys sign; also while a sign-in still owes the factor.

    Raises InvalidInput where the person has none.
    """
    session = db.session.get_one(SignInSession, hash_of(token))
    credentials = _credentials(session.user_id)
    if not credentials:
        raise InvalidInput(say("Tài khoản này chưa có khóa bảo mật. Hãy dùng mã của ứng dụng hoặc mã dự phòng."))
    options, state = _server().authenticate_begin(credentials, UserVerificationRequirement.REQUIRED)
    _keep_challenge(token, _PROVE, state)
    return dict(options.public_key)


def accept(user_id: UUID, token: str, answer: str) -> None:
    """Take a key's answer to the session's challenge, once.

    Raises InvalidInput: `wrong_key` where challenge, address, owner's check or signature do not fit, `key_copied`
    where the device has not counted on since its last use, as a copy of it would.
    """
    state = _take_challenge(token, _PROVE)
    try:
        read = AuthenticationResponse.from_dict(json.loads(answer))
        used = _server().authenticate_complete(state, _credentials(user_id), read)
        counted = read.response.authenticator_data.counter
    except _UNREADABLE as fault:
        raise InvalidInput(_not_taken(), code="wrong_key") from fault
    with transaction():
        key = db.session.execute(_by_credential(used.credential_id).with_for_update()).scalar_one()
        if (counted or key.counter) and counted <= key.counter:
            raise InvalidInput(
                say(
                    "Khóa «{name}» đếm lùi so với lần dùng trước, như khi có bản sao của nó. "
                    "Hãy dùng cách khác để vào, gỡ khóa này và báo người quản trị.",
                    name=key.name,
                ),
                code="key_copied",
            )
        key.counter, key.used_at = counted, now()


def _server() -> Fido2Server:
    """Judged by the portal's public address alone, to the letter: scheme, name and port."""
    address = urlsplit(ground().settings.public_url)
    origin = f"{address.scheme}://{address.netloc}"
    party = PublicKeyCredentialRpEntity(name="Ban giao", id=address.hostname or "localhost")
    return Fido2Server(party, attestation="none", verify_origin=lambda said: said == origin)  # type: ignore[arg-type]


def _credentials(user_id: UUID, *, lock: bool = False) -> list[AttestedCredentialData]:
    if lock:
        db.session.execute(select(User.id).where(User.id == user_id).with_for_update())
    query = select(SecurityKey.credential).where(SecurityKey.user_id == user_id).order_by(SecurityKey.id)
    return [AttestedCredentialData(each) for each in db.session.scalars(query)]


def _by_credential(credential_id: bytes) -> Select[SecurityKey]:
    return select(SecurityKey).where(SecurityKey.credential_id == credential_id)


def _keep_challenge(token: str, purpose: str, state: dict[str, Any]) -> None:
    """One challenge waits in each session: a later one replaces it."""
    with transaction():
        session = db.session.get_one(SignInSession, hash_of(token))
        session.challenge = json.dumps({"for": purpose, "at": now().isoformat(), "state": state})


def _take_challenge(token: str, purpose: str) -> dict[str, Any]:
    """The challenge that waits, spent from now on whatever the answer is worth. Raises InvalidInput without one."""
    with transaction():
        session = db.session.get(SignInSession, hash_of(token), with_for_update=True, populate_existing=True)
        text = session.challenge if session else ""
        if session is not None:
            session.challenge = ""
    kept = json.loads(text) if text else {}
    if kept.get("for") != purpose or now() - datetime.fromisoformat(kept["at"]) > CHALLENGE_HOLDS:
        raise InvalidInput(
            say("Lượt xác nhận bằng khóa này đã hết hạn hoặc đã dùng rồi. Hãy bấm nút để làm lại."), code="wrong_key"
        )
    state: dict[str, Any] = kept["state"]
    return state


def _not_taken() -> str:
    return say(
        "Khóa bảo mật chưa xác nhận được. Hãy mở cổng bằng đúng địa chỉ được cấp, "
        "nhập PIN hoặc vân tay khi khóa hỏi, rồi làm lại."
    )
