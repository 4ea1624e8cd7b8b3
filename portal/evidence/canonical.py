"""One way to write data as bytes, so that equal data have equal digests everywhere.

Canonical JSON here: UTF-8, no spaces, object keys sorted by code point, every text in NFC, no floats (their text
differs between programs), no escapes but those JSON demands. Lists keep their order.
"""

import hashlib
import json
import secrets
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without 0 and O, 1, I and L, and U, so that a printed code survives reading aloud and typing."""
CODE_LENGTH = 10


def canonical_json(value: object) -> bytes:
    """`value` as canonical JSON. Raises TypeError for floats and anything JSON lacks, ValueError for doubled keys."""
    text = json.dumps(_canonical(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode()


def sha256_hex(data: bytes) -> str:
    """The SHA-256 of bytes, in 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def short_code(choose: Callable[[str], str] = secrets.choice) -> str:
    """A record's printed code: 10 letters, about 49 bits, chosen by `choose` (by default the system's randomness)."""
    return "".join(choose(CODE_LETTERS) for _ in range(CODE_LENGTH))


def _canonical(value: object) -> object:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return unicodedata.normalize("NFC", str(value))
    if isinstance(value, Mapping):
        return _canonical_object(value)
    if isinstance(value, list | tuple):
        return [_canonical(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no canonical form")


def _canonical_object(value: Mapping[Any, Any]) -> dict[str, object]:
    result: dict[str, object] = {}
    for key, item in value.items():
        if not isinstance(key, str):
            raise TypeError(f"an object's key must be text, not {type(key).__name__}")
        composed = unicodedata.normalize("NFC", str(key))
        if composed in result:
            raise ValueError(f"the key {composed!r} stands twice once composed")
        result[composed] = _canonical(item)
    return result
