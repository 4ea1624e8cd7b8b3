"""Bytes from a stranger are read in a process of its own under limits of memory and time.

A file of two kilobytes can keep the PDF reader busy for ever (a tree of form fields that doubles at every level): the
one that asks must get an answer all the same. `portal verify` reads its owner's files and does without, but for the
pictures of an altered one, which another library draws.
"""

import json
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from portal.confined import SECONDS_LIMIT, WALL_SECONDS, OutOfTime, confined
from portal.documents.page_differences import PagePair
from portal.domain.wording import restored, say, stored
from portal.verification.alterations import Alterations
from portal.verification.proofs import Trust, as_pem, read_lists
from portal.verification.verdicts import DocumentStamp, Line, SignatureResult, Verdict, Word


@dataclass(frozen=True)
class Limits:
    """How long one process may take: seconds of processor time, and by the clock."""

    processor: int = SECONDS_LIMIT
    wall: float = WALL_SECONDS


USUAL = Limits()
TOO_HEAVY = say("Tệp quá nặng hoặc có cấu trúc bất thường, không đọc hết được trong giới hạn của cổng.")
LIGHTEN = say(
    "Gửi lại tệp này cũng không khác. Nếu là gói lớn, hãy đăng nhập rồi kiểm tra lại (được xét lâu hơn), "
    "hoặc nhờ người quản trị kiểm tra bằng lệnh «portal verify»."
)
BUSY = say("Máy chủ đang bận nên chưa xét xong tệp này; điều đó không nói gì về tệp.")
COME_AGAIN = say("Hãy chờ một phút rồi gửi lại chính tệp này.")
BUSY_DRAWING = say("Máy chủ đang bận nên chưa so được từng trang. Hãy chờ một phút rồi gửi lại chính tệp này.")
NOT_DRAWN = say("Tệp quá nặng hoặc có cấu trúc bất thường, không so được từng trang trong giới hạn của cổng.")


def verify_apart(
    data: bytes,
    roots: Sequence[x509.Certificate],
    *,
    now: datetime,
    lists: Sequence[x509.CertificateRevocationList] = (),
    limits: Limits = USUAL,
) -> Verdict:
    """As `verify_file`; undecided where the reader runs out of memory or time, or the machine is too busy."""
    try:
        told = _asked("verdict", data, b"", Trust(roots, now, lists), limits)
    except OutOfTime:
        return _unread(BUSY, COME_AGAIN)
    return _verdict(told) if told is not None else _unread(TOO_HEAVY, LIGHTEN)


def _unread(reason: str, advice: str) -> Verdict:
    line = Line("intact", False, reason, examined=False)
    return Verdict("", Word.UNDECIDED, (), (line,), reason=reason, advice=advice)


def alterations_apart(
    data: bytes,
    roots: Sequence[x509.Certificate],
    *,
    now: datetime,
    lists: Sequence[x509.CertificateRevocationList] = (),
    original: bytes = b"",
    limits: Limits = USUAL,
) -> tuple[Alterations, list[str]]:
    """As `alterations_of`, and the lookup codes that the file prints; no pictures where time or memory ran out."""
    try:
        told = _asked("alterations", data, original, Trust(roots, now, lists), limits)
    except OutOfTime:
        return Alterations((BUSY_DRAWING,)), []
    if told is None:
        return Alterations((NOT_DRAWN,)), []
    return Alterations(
        tuple(restored(each) for each in told["named"]),
        tuple(_pair(each) for each in told["pages"]),
        signed=told["signed"],
    ), told["codes"]


def altered_record_apart(
    data: bytes,
    roots: Sequence[x509.Certificate],
    *,
    now: datetime,
    lists: Sequence[x509.CertificateRevocationList] = (),
    limits: Limits = USUAL,
) -> tuple[str, bytes] | None:
    """As `altered_record`; None too where time or memory ran out."""
    try:
        told = _asked("record", data, b"", Trust(roots, now, lists), limits)
    except OutOfTime:
        return None
    return (told["name"], b64decode(told["data"])) if told else None


def main() -> None:
    """The process: what is asked in one line of JSON, then the file(s); the answer as JSON to standard output."""
    told = json.loads(sys.stdin.buffer.readline())
    roots = [x509.load_pem_x509_certificate(pem.encode()) for pem in told["roots"]]
    trust = Trust(roots, datetime.fromisoformat(told["now"]), read_lists(told["lists"].encode()))
    original, data = sys.stdin.buffer.read(told["original"]), sys.stdin.buffer.read()
    sys.stdout.write(json.dumps(_ANSWERS[told["wanted"]](data, original, trust)))


def _asked(wanted: str, data: bytes, original: bytes, trust: Trust, limits: Limits) -> dict[str, Any] | None:
    """The answer of the process; None where it had to be ended. Raises OutOfTime where the machine was busy."""
    question = {
        "wanted": wanted,
        "original": len(original),
        "now": trust.now.isoformat(),
        "roots": [root.public_bytes(Encoding.PEM).decode() for root in trust.roots],
        "lists": as_pem(trust.lists).decode(),
    }
    asked = json.dumps(question).encode() + b"\n" + original + data
    told = confined(__name__, asked, wall_seconds=limits.wall, seconds=limits.processor)
    answer: dict[str, Any] | None = json.loads(told) if told is not None else None
    return answer


def _tell_verdict(data: bytes, _original: bytes, trust: Trust) -> dict[str, Any]:
    from portal.verification.files import verify_file

    answer = verify_file(data, trust.roots, now=trust.now, lists=trust.lists).as_dict()
    lines = [{**line, "text": stored(line["text"])} for line in answer["lines"]]
    return {**answer, "lines": lines, "reason": stored(answer["reason"]), "advice": stored(answer["advice"])}


def _tell_alterations(data: bytes, original: bytes, trust: Trust) -> dict[str, Any]:
    from portal.verification.alterations import alterations_of, printed_codes

    found = alterations_of(data, trust.roots, now=trust.now, lists=trust.lists, original=original or None)
    pages = [
        {
            "number": each.number,
            "before": b64encode(each.before or b"").decode(),
            "after": b64encode(each.after or b"").decode(),
            "lines": each.lines,
        }
        for each in found.pages
    ]
    codes = [] if original else printed_codes(data)
    named = [stored(each) for each in found.named]
    return {"named": named, "pages": pages, "signed": found.signed, "codes": codes}


def _tell_record(data: bytes, _original: bytes, trust: Trust) -> dict[str, Any]:
    from portal.verification.alterations import altered_record

    found = altered_record(data, trust.roots, now=trust.now, lists=trust.lists)
    return {"name": found[0], "data": b64encode(found[1]).decode()} if found else {}


_ANSWERS: dict[str, Callable[[bytes, bytes, Trust], dict[str, Any]]] = {
    "verdict": _tell_verdict,
    "alterations": _tell_alterations,
    "record": _tell_record,
}


def _pair(told: dict[str, Any]) -> PagePair:
    was, now = (b64decode(told[side]) if told[side] else None for side in ("before", "after"))
    return PagePair(told["number"], was, now, tuple((before, after) for before, after in told["lines"]))


def _verdict(told: dict[str, Any]) -> Verdict:
    signatures = tuple(SignatureResult(**{**each, "verdict": Word(each["verdict"])}) for each in told["signatures"])
    lines, stamps = (
        tuple(Line(**{**each, "text": restored(each["text"])}) for each in told["lines"]),
        tuple(DocumentStamp(**e) for e in told["stamps"]),
    )
    words = {name: restored(told[name]) for name in ("reason", "advice")}
    return Verdict(told["path"], Word(told["verdict"]), signatures, lines, stamps, **words)
