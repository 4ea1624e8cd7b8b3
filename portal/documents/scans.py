"""Scans of papers signed in ink: is it really a PDF or a picture, what does it print, how does it look.

The files come from offices' scanners and telephones, and from whoever holds an account: they are read in a process of
its own, under limits of memory and time.
"""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portal.confined import OutOfTime, confined
from portal.domain.errors import InvalidInput, NotFound
from portal.domain.wording import restored, say

MOST_BYTES = 20 * 1024 * 1024
WALL_SECONDS = 40
_READER = "portal.documents.scan_process"


class ScanKind(StrEnum):
    """The formats a scanner or a telephone gives."""

    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"


@dataclass(frozen=True)
class Scan:
    """What a file really is, how many pages it has, and the text it prints where it prints any."""

    kind: ScanKind
    pages: int
    text: str = ""


def examine_scan(data: bytes) -> Scan:
    """Judge the bytes, not the name. Raises InvalidInput with what is wrong and what to do."""
    if not data:
        raise InvalidInput(say("Tệp trống. Hãy quét lại biên bản rồi chọn tệp."))
    if len(data) > MOST_BYTES:
        raise InvalidInput(
            say(
                "Tệp lớn {size} MB, tối đa {most} MB. Hãy quét ở 200–300 dpi, hoặc lưu thành PDF rồi chọn lại.",
                size=-(-len(data) // (1024 * 1024)),
                most=MOST_BYTES // (1024 * 1024),
            )
        )
    found, _ = _ask(data, asked="examine")
    return Scan(ScanKind(found["kind"]), found["pages"], found["text"])


def scan_picture(data: bytes, kind: ScanKind, page: int, *, width_px: int = 1000) -> bytes:
    """One page (from 0) of an examined scan as PNG."""
    return _ask(data, asked="picture", kind=kind.value, page=page, width=width_px)[1]


def scan_pages(data: bytes, kind: ScanKind) -> int:
    """How many pages an examined scan has."""
    return examine_scan(data).pages if kind is ScanKind.PDF else 1


def _ask(data: bytes, **asked: str | int) -> tuple[dict[str, Any], bytes]:
    try:
        told = confined(_READER, json.dumps(asked).encode() + b"\n" + data, wall_seconds=WALL_SECONDS)
    except OutOfTime as late:
        raise InvalidInput(
            say("Máy chủ đang bận nên chưa đọc xong tệp. Hãy chờ một phút rồi gửi lại chính tệp này.")
        ) from late
    if told is None:
        raise InvalidInput(
            say(
                "Tệp quá nặng hoặc có cấu trúc bất thường, không đọc hết được. "
                "Hãy chụp hoặc quét lại biên bản, lưu thành PDF hoặc JPEG rồi chọn tệp mới."
            )
        )
    first, _, rest = told.partition(b"\n")
    answer = json.loads(first)
    if "refused" in answer:
        raise (NotFound if answer["missing"] else InvalidInput)(restored(answer["refused"]))
    return answer, rest
