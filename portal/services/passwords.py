"""Password hashes: Argon2id with the library's present figures (RFC 9106, second choice: 64 MiB, 3 rounds)."""

import secrets
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from portal.domain.errors import InvalidInput
from portal.domain.wording import say

_HASHER = PasswordHasher()
_TRADE = (
    *("matkhau", "tiemchung", "congan", "congan xa", "tram y te", "tramyte", "bangiao", "ban giao", "dean06"),
    *("de an 06", "tocongtac", "lam sach", "lamsach", "vietnam", "viet nam", "anhyeuem", "laocai", "yenbai"),
)
_JUDGED = 72
"""Letters that zxcvbn looks at: beyond them a password is long enough."""
_SAFE = 3
"""Of 0 to 4: safely unguessable, against an attacker who holds the table of hashes too."""
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def hash_password(password: str) -> str:
    """The Argon2id hash to store."""
    return _HASHER.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password is the account's. Without an account the same work is done and the answer is no."""
    try:
        _HASHER.verify(password_hash or _nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def needs_new_hash(password_hash: str) -> bool:
    """Whether the stored hash was made with older figures."""
    return _HASHER.check_needs_rehash(password_hash)


def refuse_known_password(password: str, username: str, full_name: str) -> None:
    """Raise InvalidInput (field `password`) for a password that guessing programs try early.

    Judged offline by zxcvbn: its list of 30,000 leaked passwords, common words and names, keyboard rows, repeats,
    and the words of this trade and this person.
    """
    own = [*_TRADE, username, *username.replace(".", " ").split(), *full_name.casefold().split()]
    if int(zxcvbn(password[:_JUDGED], user_inputs=own)["score"]) < _SAFE:
        message = say(
            "Mật khẩu này nằm trong những mật khẩu đã lộ hoặc dễ đoán. Hãy dùng một câu khác của riêng bạn."
        )
        raise InvalidInput(message, fields={"password": message})


def one_time_password() -> str:
    """A first password to be read aloud: four groups of four letters, none that look alike (78 bits)."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
    return "-".join(groups)


@lru_cache(maxsize=1)
def _nobody() -> str:
    return _HASHER.hash(secrets.token_hex(16))
