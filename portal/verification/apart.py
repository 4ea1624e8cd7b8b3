"""The verdict on bytes from a stranger, found in a process of its own under limits of memory and time.

A file of two kilobytes can keep the PDF reader busy for ever (a tree of form fields that doubles at every level): the
one that asks must get an answer all the same. `portal verify` reads its owner's files and does without.
"""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from portal.domain.wording import restored, say, stored
from portal.verification.proofs import as_pem, read_lists
from portal.verification.verdicts import DocumentStamp, Line, SignatureResult, Verdict, Word

MEMORY_LIMIT = 1024 * 1024 * 1024
SECONDS_LIMIT = 20
"""Processor time; a record of 5,000 people needs two or three seconds."""
WALL_SECONDS = 40
TOO_HEAVY = say("Tệp quá nặng hoặc có cấu trúc bất thường, không đọc hết được trong giới hạn của cổng.")

_ROOT = Path(__file__).resolve().parents[2]
_START = "import sys; sys.path.insert(0, sys.argv[1]); from portal.verification.apart import main; main()"


def verify_apart(
    data: bytes,
    roots: list[x509.Certificate],
    *,
    now: datetime,
    lists: Sequence[x509.CertificateRevocationList] = (),
) -> Verdict:
    """As `verify_file`; undecided where the reader runs out of memory or time."""
    told = {
        "now": now.isoformat(),
        "roots": [root.public_bytes(Encoding.PEM).decode() for root in roots],
        "lists": as_pem(lists).decode(),
    }
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-c", _START, str(_ROOT)],
            input=json.dumps(told).encode() + b"\n" + data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={},
            timeout=WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return _too_heavy()
    return _verdict(json.loads(done.stdout)) if done.returncode == 0 else _too_heavy()


def main() -> None:
    """The process: what is known in one line of JSON, then the file; the verdict as JSON to standard output."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_LIMIT, SECONDS_LIMIT))
    os.nice(10)
    from portal.verification.files import verify_file

    told = json.loads(sys.stdin.buffer.readline())
    roots = [x509.load_pem_x509_certificate(pem.encode()) for pem in told["roots"]]
    known, at = read_lists(told["lists"].encode()), datetime.fromisoformat(told["now"])
    verdict = verify_file(sys.stdin.buffer.read(), roots, now=at, lists=known)
    answer = verdict.as_dict()
    answer["lines"] = [{**line, "text": stored(line["text"])} for line in answer["lines"]]
    sys.stdout.write(json.dumps(answer))


def _verdict(told: dict[str, Any]) -> Verdict:
    signatures = tuple(SignatureResult(**{**each, "verdict": Word(each["verdict"])}) for each in told["signatures"])
    lines, stamps = (
        tuple(Line(each["name"], each["ok"], restored(each["text"])) for each in told["lines"]),
        tuple(DocumentStamp(**e) for e in told["stamps"]),
    )
    return Verdict(told["path"], Word(told["verdict"]), signatures, lines, stamps)


def _too_heavy() -> Verdict:
    return Verdict("", Word.UNDECIDED, (), (Line("intact", False, TOO_HEAVY),))
