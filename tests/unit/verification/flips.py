"""The kinds of bytes that a record and an evidence package consist of, and single bits of them turned over."""

import re
import struct
from collections.abc import Iterator
from io import BytesIO
from random import Random
from zipfile import ZipFile

from tests.unit.signatures import papers

Places = dict[str, list[range]]


def flipped(data: bytes, at: int, bit: int) -> bytes:
    """The bytes with one bit turned over."""
    changed = bytearray(data)
    changed[at] ^= 1 << bit
    return bytes(changed)


def chosen(places: Places, count: int, chance: Random) -> Iterator[tuple[str, int, int]]:
    """`count` bits, the kinds in turns so that a small kind is hit as often as a large one: kind, place, bit."""
    kinds = list(places)
    assert all(any(ranges) for ranges in places.values())
    for turn in range(count):
        kind = kinds[turn % len(kinds)]
        at = chance.randrange(sum(len(each) for each in places[kind]))
        for each in places[kind]:
            if at < len(each):
                yield kind, each[at], chance.randrange(8)
                break
            at -= len(each)


def holes(data: bytes) -> list[range]:
    """Where the containers of signatures and time-stamps lie, padding included."""
    found = []
    for mark in re.finditer(rb"/Contents <(?=[0-9A-Fa-f]{2000})", data):
        found.append(range(mark.end(), data.index(b">", mark.end())))
    return found


def places_of_record(data: bytes, revisions: list[bytes]) -> Places:
    """A record's bytes by kind; `revisions` are the files it grew from, each a prefix of the next."""
    ends = [len(each) for each in revisions]
    whole = holes(data)
    paddings = [_padding(data, hole) for hole in whole]
    tables = [
        range(mark.start(), data.index(b"%%EOF", mark.start()) + 5)
        for mark in re.finditer(rb"\nxref\n|\n\d+ 0 obj\n<<[^>]*/XRef", data)
    ]
    return {
        "header": [range(20)],
        **{f"revision {n}": [range(*pair)] for n, pair in enumerate(zip([0, *ends], ends, strict=False))},
        "containers": [range(hole.start, padding.start) for hole, padding in zip(whole, paddings, strict=True)],
        "padding": paddings,
        "brackets": [range(at, at + 1) for hole in whole for at in (hole.start - 1, hole.stop)],
        "byte ranges": [range(*mark.span()) for mark in re.finditer(rb"/ByteRange ?\[[^\]]*\]", data)],
        "cross-references and trailers": tables,
        "ends": [range(end - 24, end) for end in ends],
    }


def _padding(data: bytes, hole: range) -> range:
    """The zeros behind a container's one DER structure, whose length its header states."""
    size = int(data[hole.start + 4 : hole.start + 8], 16) + 4
    return range(hole.start + 2 * size, hole.stop)


def archived_record() -> tuple[bytes, Places]:
    """A record at B-LTA."""
    once = papers.closed_once(papers.timed(), papers.NOW + papers.MINUTE)
    twice = papers.closed_once(once, papers.NOW + 2 * papers.MINUTE)
    return twice, places_of_record(twice, [papers.drawn().pdf, papers.with_fields(), papers.timed(), once, twice])


def plain_record() -> tuple[bytes, Places]:
    """A record at B-B."""
    grown = [papers.drawn().pdf, papers.with_fields(), papers.sealed(), papers.given(), papers.received()]
    return grown[-1], places_of_record(grown[-1], grown)


def places_of_package(data: bytes) -> Places:
    """A zip's bytes by kind: each member's local header and data, the directory, the end."""
    found: Places = {"local headers": [], "data": [], "manifest and signature": []}
    with ZipFile(BytesIO(data)) as archive:
        directory = archive.start_dir
        for info in archive.infolist():
            name, extra = struct.unpack_from("<HH", data, info.header_offset + 26)
            start = info.header_offset + 30 + name + extra
            found["local headers"].append(range(info.header_offset, start))
            kind = "manifest and signature" if info.filename.startswith("META-INF/") else "data"
            found[kind].append(range(start, start + info.file_size))
    end = data.rindex(b"PK\x05\x06")
    return {**found, "central directory": [range(directory, end)], "end record": [range(end, len(data))]}
