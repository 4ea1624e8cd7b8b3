"""Whatever single bit of a record or a package is turned over, nobody is told that it is genuine."""

import struct
from collections import Counter
from collections.abc import Callable
from io import BytesIO
from random import Random
from zipfile import ZipFile, ZipInfo

import pytest

from portal.verification.files import verify_file
from portal.verification.verdicts import Verdict, Word
from tests.unit.evidence.test_package import real as package
from tests.unit.signatures import papers
from tests.unit.verification.flips import (
    Places,
    archived_record,
    chosen,
    flipped,
    places_of_package,
    plain_record,
)


def verdict(data: bytes) -> Verdict:
    return verify_file(data, [papers.authority().certificate], now=papers.NOW + 5 * papers.MINUTE)


def turn_over(data: bytes, places: Places, count: int, chance: Random) -> None:
    """Turn over `count` bits, one at a time; a verdict of genuine names kind, place and bit."""
    assert verdict(data).verdict is Word.GENUINE
    believed, tried = [], Counter[str]()
    for kind, at, bit in chosen(places, count, chance):
        tried[kind] += 1
        if verdict(flipped(data, at, bit)).verdict is Word.GENUINE:
            believed.append((kind, at, bit))
    assert not believed
    assert min(tried.values()) >= count // len(places)


SUBJECTS: dict[str, tuple[Callable[[], tuple[bytes, Places]], int]] = {
    "a record at B-LTA": (archived_record, 450),
    "a record at B-B": (plain_record, 200),
    "a package": (lambda: (data := package_once(), places_of_package(data)), 290),
}
"""What is turned over, and how many bits of it are in `make test`: a thousand together, ten thousand in `make long`."""


@pytest.mark.parametrize("subject", SUBJECTS)
def test_no_bit_turned_over_leaves_it_genuine(subject):
    made, count = SUBJECTS[subject]
    data, places = made()
    turn_over(data, places, count, Random(subject))


def turn_over_and_hide(count: int, chance: Random) -> None:
    """As `turn_over` inside a package's members, the zip's own checksums set right again."""
    names = ZipFile(BytesIO(package_once())).namelist()
    for turn in range(count):
        # Every second one in what vouches for the others: manifest and signature.
        name = names[-1 - turn % 4 // 2] if turn % 2 else chance.choice(names)

        def spoil(content: bytes) -> bytes:
            return flipped(content, chance.randrange(len(content)), chance.randrange(8))

        hidden = written_anew(package_once(), nothing, changed=(name, spoil))
        assert verdict(hidden).verdict is not Word.GENUINE, name


def test_no_bit_turned_over_in_a_package_is_hidden_by_a_right_checksum():
    turn_over_and_hide(60, Random("hidden"))


@pytest.mark.long
def test_many_bits_turned_over_in_a_package_are_not_hidden_by_right_checksums():
    turn_over_and_hide(600, Random())


@pytest.mark.long
@pytest.mark.parametrize("subject", SUBJECTS)
def test_ten_thousand_bits_turned_over_leave_nothing_genuine(subject):
    made, count = SUBJECTS[subject]
    data, places = made()
    turn_over(data, places, 10 * count, Random())


def test_every_bit_of_the_marks_around_a_container_counts():
    """The few bytes that no signature covers: digits of both cases, brackets, the first and last of the padding."""
    data, places = archived_record()
    for hole in places["brackets"] + [range(each.start, each.start + 2) for each in places["padding"]]:
        for at in hole:
            for bit in range(8):
                assert verdict(flipped(data, at, bit)).verdict is not Word.GENUINE, (at, bit)


def with_extra(data: bytes, at: int, header: int) -> bytes:
    """An extra field of four bytes put into the zip header at `at`, whose fixed part is `header` long."""
    place = 28 if header == 30 else 30
    name, extra = struct.unpack_from("<HH", data, at + (26 if header == 30 else 28))
    changed = bytearray(data)
    struct.pack_into("<H", changed, at + place, extra + 4)
    end = at + header + name + extra
    return bytes(changed[:end]) + b"\xfe\xca\x00\x00" + bytes(changed[end:])


def written_anew(
    data: bytes,
    change: Callable[[ZipInfo], None],
    comment: bytes = b"",
    changed: tuple[str, Callable[[bytes], bytes]] | None = None,
) -> bytes:
    """The same zip written by Python, checksums right; `changed` names a member and what becomes of its bytes."""
    out = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(out, "w") as new:
        for info in old.infolist():
            content = old.read(info)
            if changed is not None and info.filename == changed[0]:
                content = changed[1](content)
            change(info)
            new.writestr(info, content)
        new.comment = comment
    return out.getvalue()


def nothing(_: ZipInfo) -> None:
    """As it was."""


RESHAPED: dict[str, Callable[[bytes], bytes]] = {
    "an extra field in a local header": lambda data: with_extra(data, 0, 30),
    "an extra field in the directory": lambda data: with_extra(data, data.index(b"PK\x01\x02"), 46),
    "extra fields everywhere": lambda data: written_anew(data, lambda i: setattr(i, "extra", b"\xfe\xca\x00\x00")),
    "a comment on a member": lambda data: written_anew(data, lambda info: setattr(info, "comment", b"x")),
    "a comment on the whole": lambda data: written_anew(data, nothing, b"x"),
    "another date": lambda data: written_anew(data, lambda info: setattr(info, "date_time", (2023, 1, 1, 0, 0, 0))),
    "other rights": lambda data: written_anew(data, lambda info: setattr(info, "external_attr", 0)),
    "another system": lambda data: written_anew(data, lambda info: setattr(info, "create_system", 0)),
    "bytes before": lambda data: b"#!/bin/sh\n" + data,
    "bytes between members and directory": lambda data: data.replace(b"PK\x01\x02", b"\x00PK\x01\x02", 1),
    "bytes behind": lambda data: data + b"\x00",
    "a second archive behind": lambda data: data + data,
}


@pytest.mark.parametrize("shape", RESHAPED)
def test_the_same_members_in_another_shape_are_no_genuine_package(shape):
    assert written_anew(package_once(), nothing) == package_once()
    assert verdict(RESHAPED[shape](package_once())).verdict is not Word.GENUINE


_made: list[bytes] = []


def package_once() -> bytes:
    if not _made:
        _made.append(package())
    return _made[0]
