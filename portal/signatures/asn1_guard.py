"""Guard against a trap of asn1crypto 1.5.1: a length that ends in 0x80 is taken for an indefinite length.

`dump()` looks at the last byte of a value's header only. Where a definite length ends in 0x80 (such as `82 01 80`) it
re-encodes the whole tree below, at every level again: seconds to half a minute for a signature container of an
unlucky size (upstream issues 249 and 256). `install()` makes `dump()` give back the known encoding in that case.
"""

from collections.abc import Callable
from typing import Any

from asn1crypto import core

INDEFINITE = 0x80
HIGH_TAG = 0x1F
LONG = 0x80
"""The bit that marks a tag of more bytes, or a length of more bytes."""

Dump = Callable[..., bytes]


def is_definite(header: bytes) -> bool:
    """Whether a value's header states definite lengths only; with explicit tags it holds several tags and lengths."""
    at = 0
    while at < len(header):
        high = header[at] & HIGH_TAG == HIGH_TAG
        at += 1
        while high and header[at] & LONG:
            at += 1
        at += high
        if header[at] == INDEFINITE:
            return False
        at += 1 + (header[at] & ~LONG if header[at] & LONG else 0)
    return True


def install() -> None:
    """Put the guard into asn1crypto's `dump` methods; a second call changes nothing."""
    for kind in (core.Asn1Value, core.Primitive, core.Sequence, core.SequenceOf):
        _guard(kind, _known_encoding)
    _guard(core.Choice, _known_choice)


def _guard(kind: Any, known: Callable[[Any], bytes | None]) -> None:  # noqa: ANN401
    original: Dump = kind.dump
    if getattr(original, "guarded", False):
        return

    def dump(self: Any, force: bool = False) -> bytes:  # noqa: ANN401
        if not force and _misleading(self._header):
            encoded = known(self)
            if encoded is not None:
                return encoded
        return original(self, force=force)

    dump.guarded = True  # type: ignore[attr-defined]
    dump.__doc__ = original.__doc__
    kind.dump = dump


def _misleading(header: bytes | None) -> bool:
    return bool(header) and header[-1] == INDEFINITE and is_definite(header)  # type: ignore[index, arg-type]


def _known_encoding(value: Any) -> bytes | None:  # noqa: ANN401
    """Header and contents as they stand; None where a changed child made the contents drop the header."""
    contents = value.contents
    if value._header is None:
        return None
    return bytes(value._header + contents + value._trailer)


def _known_choice(value: Any) -> bytes | None:  # noqa: ANN401
    return bytes(value._header + value.chosen.dump())


install()
