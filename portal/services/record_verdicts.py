"""The verdict on a record's stored bytes, in words; each file is verified once per process."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from cryptography.x509 import Certificate, load_pem_x509_certificates

from portal.clock import now
from portal.models import Handover
from portal.services.context import ground
from portal.signatures.authority import ROOT_CERTIFICATE
from portal.storage import StoredFileDamaged, StoredFileMissing
from portal.verification import verdicts

KEPT = 4096
"""How many verdicts a process remembers."""


@dataclass(frozen=True)
class RecordVerdict:
    """One word of `portal.verification` (genuine, not_genuine, undecided; empty: not looked at) and a sentence."""

    word: str
    text: str


NOT_LOOKED_AT = RecordVerdict("", "Mở hồ sơ của danh sách để kiểm tra")
NOT_SIGNED = RecordVerdict("", "Chưa ký")

_known: OrderedDict[str, RecordVerdict] = OrderedDict()
_lock = Lock()


def verdict_of(found: Handover, *, at_most_known: bool = False) -> RecordVerdict:
    """The verdict on the newest stored revision, trusting the internal CA alone.

    `at_most_known` answers NOT_LOOKED_AT rather than spend the time of a verification (some 0.3 s).
    """
    if not found.signatures or not found.pdf_sha256:
        return NOT_SIGNED
    known = _known.get(found.pdf_sha256)
    if known is not None:
        return known
    if at_most_known:
        return NOT_LOOKED_AT
    told = _verify(found.pdf_sha256, len(found.signatures), 2 if found.receiver_unit_id else 1)
    with _lock:
        _known[found.pdf_sha256] = told
        while len(_known) > KEPT:
            _known.popitem(last=False)
    return told


def _verify(digest: str, signed: int, wanted: int) -> RecordVerdict:
    from portal.verification.files import verify_pdf  # pyHanko is loaded by whoever looks at a record

    try:
        data = ground().store.get(digest)
    except StoredFileMissing:
        return RecordVerdict(verdicts.Word.UNDECIDED, "Không thấy tệp trong kho")
    except StoredFileDamaged:
        return RecordVerdict(verdicts.Word.NOT_GENUINE, "Tệp trong kho đã bị thay đổi")
    verdict = verify_pdf(data, _roots(), now=now())
    return RecordVerdict(verdict.verdict, _words(verdict, signed, wanted))


def _roots() -> list[Certificate]:
    path = ground().settings.authority_folder / ROOT_CERTIFICATE
    return load_pem_x509_certificates(path.read_bytes()) if path.exists() else []


def _words(verdict: verdicts.Verdict, signed: int, wanted: int) -> str:
    word = verdicts.WORDS[verdict.verdict].capitalize()
    if verdict.verdict is verdicts.Word.GENUINE:
        told = f"{word}: {signed} chữ ký và dấu của cổng"
        return told if signed >= wanted else f"{told}, chưa đủ chữ ký ({signed}/{wanted})"
    fault = next((line.text for line in verdict.lines if not line.ok), "")
    return f"{word}: {fault}" if fault else word
