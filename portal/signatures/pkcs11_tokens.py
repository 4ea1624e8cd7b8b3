"""A USB token or HSM plugged in where the portal runs (PKCS#11): found by its serial number, opened by its PIN.

Two tokens may bear one label, so the serial counts. A wrong PIN is counted by the token itself: before the last tries
the portal stops, because a locked token means a journey to the authority that issued it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pkcs11
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from pkcs11 import Attribute, ObjectClass, TokenFlag
from pkcs11.exceptions import PinIncorrect, PinInvalid, PinLenRange, PinLocked, PKCS11Error
from pyhanko.sign.pkcs11 import PKCS11Signer

from portal.domain.errors import InvalidInput, NotFound
from portal.domain.wording import say
from portal.signatures.keys import SigningKey, key_of
from portal.signatures.stamping import TimedIfAnswered


class TokenLocked(InvalidInput):
    """The token takes no PIN any more, or the next wrong one could lock it."""


class WrongPin(InvalidInput):
    """The token refused the PIN."""


class TokenMissing(NotFound):
    """No token with this serial number is plugged in, or its driver does not answer."""


@dataclass(frozen=True)
class FoundCertificate:
    """A certificate on a plugged-in token that has its private key beside it."""

    token_serial: str
    token_label: str
    certificate: bytes
    key_id: bytes
    warning: str
    """What the token says of its PIN; empty where all is well."""


class TokenSigner(TimedIfAnswered, PKCS11Signer):
    """pyHanko's PKCS#11 signer with our way with time-stamps."""


def certificates_on_tokens(module: Path) -> list[FoundCertificate]:
    """Every certificate on every token in the readers; needs no PIN."""
    found: list[FoundCertificate] = []
    for token in _tokens(module):
        with token.open() as session:
            for each in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE}):
                found.append(
                    FoundCertificate(
                        _text(token.serial),
                        token.label,
                        bytes(each[Attribute.VALUE]),
                        bytes(each[Attribute.ID]),
                        _warning(token.flags),
                    )
                )
    return found


@contextmanager
def opened(module: Path, token_serial: str, key_id: bytes, pin: str, *, insist: bool = False) -> Iterator[SigningKey]:
    """The key on the token, its session open while the block runs.

    Raises TokenMissing, WrongPin, or TokenLocked: also where the token says that a wrong PIN came before and the
    caller does not know of it (`insist`), so that the portal itself never uses up the last tries.
    """
    token = next((each for each in _tokens(module) if _text(each.serial) == token_serial), None)
    if token is None:
        raise TokenMissing(say("Không thấy thẻ ký số {serial}. Hãy cắm thẻ rồi thử lại.", serial=token_serial))
    _require_tries(token.flags, insist=insist)
    try:
        session = token.open(user_pin=pin)
    except PinLocked as error:
        raise TokenLocked(_LOCKED, fields={"pin": _LOCKED}) from error
    except (PinIncorrect, PinInvalid, PinLenRange) as error:
        words = say("Mã PIN không đúng. {left}", left=_warning(_flags_now(module, token_serial)) or _FIRST)
        raise WrongPin(words, fields={"pin": words}) from error
    except PKCS11Error as error:
        raise TokenMissing(say("Thẻ ký số không trả lời. Hãy rút ra, cắm lại rồi thử lại.")) from error
    with session:
        yield _key(session, key_id)


_LOCKED = say("Thẻ đã bị khóa vì nhập sai mã PIN nhiều lần. Hãy mở khóa bằng phần mềm của thẻ (mã PUK) rồi ký lại.")
_LAST = say("Thẻ chỉ còn một lần nhập PIN trước khi bị khóa.")
_LOW = say("Đã có lần nhập sai mã PIN; thẻ chỉ cho sai vài lần.")
_FIRST = say("Thẻ chỉ cho nhập sai vài lần; sau hai lần sai, cổng dừng lại để thẻ không bị khóa.")
_STOPPED = say(
    "Đã nhập sai mã PIN; cổng dừng lại để thẻ không bị khóa. Hãy kiểm tra mã PIN bằng phần mềm của thẻ, "
    "đăng nhập đúng một lần ở đó rồi ký lại."
)


def _require_tries(flags: Any, *, insist: bool) -> None:  # noqa: ANN401
    if flags & TokenFlag.USER_PIN_LOCKED:
        raise TokenLocked(_LOCKED, fields={"pin": _LOCKED})
    if flags & TokenFlag.USER_PIN_FINAL_TRY or (flags & TokenFlag.USER_PIN_COUNT_LOW and not insist):
        raise TokenLocked(_STOPPED, fields={"pin": _STOPPED})


def _warning(flags: Any) -> str:  # noqa: ANN401
    if flags & TokenFlag.USER_PIN_LOCKED:
        return _LOCKED
    if flags & TokenFlag.USER_PIN_FINAL_TRY:
        return _LAST
    return _LOW if flags & TokenFlag.USER_PIN_COUNT_LOW else ""


def _flags_now(module: Path, serial: str) -> Any:  # noqa: ANN401
    return next((each.flags for each in _tokens(module) if _text(each.serial) == serial), TokenFlag(0))


def _tokens(module: Path) -> list[Any]:
    try:
        found = pkcs11.lib(str(module)).get_tokens()
        return [each for each in found if each.flags & TokenFlag.TOKEN_INITIALIZED]
    except (PKCS11Error, RuntimeError, OSError) as error:
        raise TokenMissing(
            say("Chưa dùng được trình điều khiển thẻ ký {module}. Hãy cài lại phần mềm của thẻ.", module=module.name)
        ) from error


def _key(session: Any, key_id: bytes) -> SigningKey:  # noqa: ANN401
    found = list(session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE, Attribute.ID: key_id}))
    if not found:
        raise TokenMissing(say("Trên thẻ không còn chứng thư đã đăng ký."))
    der = bytes(found[0][Attribute.VALUE])
    signer = TokenSigner(
        session,
        signing_cert=asn1_x509.Certificate.load(der),
        key_id=key_id,
        prefer_pss=True,
        embed_roots=False,
        use_raw_mechanism=_is_elliptic(der),
    )
    return key_of(signer, x509.load_der_x509_certificate(der))


def _is_elliptic(der: bytes) -> bool:
    return bool(asn1_x509.Certificate.load(der).public_key.algorithm == "ec")


def _text(serial: bytes | str) -> str:
    return (serial.decode("ascii", "replace") if isinstance(serial, bytes) else serial).strip()
