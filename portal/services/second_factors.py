"""The second factor: an authenticator app (TOTP, RFC 6238) or a security key, and ten recovery codes on paper."""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pyotp
from cryptography.fernet import Fernet
from sqlalchemy import delete, func, select, update

from portal.clock import now
from portal.domain.errors import InvalidInput, WrongStage
from portal.domain.events import EventTag
from portal.domain.wording import say
from portal.models import RecoveryCode, SecurityKey, TotpFactor, User, db
from portal.services import auditing
from portal.services.context import ground
from portal.services.unit_of_work import transaction
from portal.settings import read_secret

STEP = 30
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
CODES = 10


@dataclass(frozen=True)
class OwnFactor:
    """What a person sees of the own second factor."""

    since: datetime
    codes_left: int


def has_one(user_id: UUID) -> bool:
    """Whether the person's sign-in needs the second factor."""
    app = select(TotpFactor.user_id).where(TotpFactor.user_id == user_id, TotpFactor.confirmed_at.is_not(None))
    key = select(SecurityKey.user_id).where(SecurityKey.user_id == user_id)
    return db.session.execute(app.union(key)).first() is not None


def own(user_id: UUID) -> OwnFactor | None:
    """The person's authenticator app; None where there is none in force."""
    found = db.session.get(TotpFactor, user_id)
    if found is None or found.confirmed_at is None:
        return None
    return OwnFactor(found.confirmed_at, codes_left(user_id))


def codes_left(user_id: UUID) -> int:
    """How many recovery codes the person still has."""
    left = select(func.count()).where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    return db.session.execute(left).scalar_one()


def begin(user_id: UUID) -> None:
    """Have a fresh secret ready to be scanned; it counts only once a code has shown that the app has it.

    One that waited before is thrown away: somebody else may have seen it.
    """
    with transaction():
        found = db.session.get(TotpFactor, user_id, with_for_update=True)
        if found is not None and found.confirmed_at is not None:
            raise WrongStage(say("Bạn đã có xác thực hai bước. Muốn đổi ứng dụng, hãy tắt rồi bật lại."))
        if found is None:
            found = TotpFactor(user_id=user_id)
            db.session.add(found)
        found.secret, found.made_at, found.last_step = _closed(pyotp.random_base32()), now(), 0


def waiting_secret(user_id: UUID) -> str:
    """The secret that waits to be scanned. Raises WrongStage where none does: one in force is never shown again."""
    found = db.session.get(TotpFactor, user_id)
    if found is None or found.confirmed_at is not None:
        raise WrongStage(say("Không có mã nào đang chờ quét. Hãy bắt đầu lại từ trang Tài khoản."))
    return _opened(found.secret)


def address_to_scan(user_id: UUID) -> str:
    """What the authenticator app scans: `otpauth://…` with the waiting secret."""
    user = db.session.get_one(User, user_id)
    return pyotp.TOTP(waiting_secret(user_id)).provisioning_uri(name=user.username, issuer_name="Ban giao")


def confirm(user_id: UUID, code: str) -> list[str]:
    """Take the factor into force and return ten recovery codes, which are stored nowhere. Raises InvalidInput."""
    with transaction():
        found = db.session.get(TotpFactor, user_id, with_for_update=True)
        if found is None or found.confirmed_at is not None:
            raise WrongStage(say("Không có mã nào đang chờ quét. Hãy bắt đầu lại từ trang Tài khoản."))
        if not _takes(found, code):
            message = say("Mã chưa đúng. Hãy kiểm tra giờ của điện thoại rồi nhập 6 số đang hiện.")
            raise InvalidInput(message, fields={"code": message})
        found.confirmed_at = now()
        codes = fresh_codes(user_id)
        auditing.record(EventTag.FACTOR_ENROLLED, None).user_id = user_id
        return codes


def fresh_codes(user_id: UUID) -> list[str]:
    """Ten new recovery codes instead of those of before, within the running transaction; only hashes are kept."""
    codes = ["-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(2)) for _ in range(CODES)]
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    db.session.add_all([RecoveryCode(code_hash=_hash(user_id, each), user_id=user_id) for each in codes])
    return codes


def accept(user_id: UUID, code: str) -> bool:
    """Whether the code is right, once: no code of the app and no recovery code serves a second time."""
    with transaction():
        found = db.session.get(TotpFactor, user_id, with_for_update=True)
        if found is not None and found.confirmed_at is not None and _takes(found, code):
            return True
        used = update(RecoveryCode).where(
            RecoveryCode.code_hash == _hash(user_id, code), RecoveryCode.used_at.is_(None)
        )
        burned = db.session.execute(used.values(used_at=now()).returning(RecoveryCode.user_id)).scalar_one_or_none()
        if burned is not None:
            auditing.record(EventTag.RECOVERY_CODE_USED, None).user_id = user_id
        return burned is not None


def remove(user_id: UUID) -> None:
    """Take every factor of the person and the codes away, within the running transaction."""
    for kind in (RecoveryCode, TotpFactor, SecurityKey):
        db.session.execute(delete(kind).where(kind.user_id == user_id))


def remove_app(user_id: UUID) -> None:
    """Take the authenticator app away, within the running transaction; the codes stay while a security key does."""
    db.session.execute(delete(TotpFactor).where(TotpFactor.user_id == user_id))
    if not has_one(user_id):
        remove(user_id)


def forget_waiting(user_id: UUID) -> None:
    """Throw a secret away that still waits for its first code, within the running transaction."""
    db.session.execute(delete(TotpFactor).where(TotpFactor.user_id == user_id, TotpFactor.confirmed_at.is_(None)))


def _takes(factor: TotpFactor, code: str) -> bool:
    """Whether the app shows this code now, or did half a minute ago or will; each step counts once."""
    digits = "".join(code.split())
    totp, step = pyotp.TOTP(_opened(factor.secret)), int(now().timestamp()) // STEP
    for each in (step - 1, step, step + 1):
        if each > factor.last_step and digits.isascii() and secrets.compare_digest(totp.at(each * STEP), digits):
            factor.last_step = each
            return True
    return False


def _hash(user_id: UUID, code: str) -> str:
    """Slow and salted by its person: fifty random bits alone would be guessed from a stolen table (ASVS 6.5.2)."""
    plain = "".join(code.casefold().split()).encode()
    return hashlib.scrypt(plain, salt=user_id.bytes, n=2**14, r=8, p=1, dklen=32).hex()


def _key() -> Fernet:
    """Secrets of apps lie encrypted: the key stands in the home folder, not in the database."""
    secret = read_secret(ground().settings.secrets_folder / "second-factor-key")
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(secret.encode()).digest()))


def _closed(secret: str) -> bytes:
    return _key().encrypt(secret.encode())


def _opened(closed: bytes) -> str:
    return _key().decrypt(closed).decode()
