"""The verdict on a record's stored bytes, in words; each file is verified once per process."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from portal.clock import now
from portal.domain.wording import say, together
from portal.models import Handover
from portal.services.authority import trusted_roots
from portal.services.context import ground
from portal.storage import StoredFileDamaged, StoredFileMissing
from portal.verification import verdicts

KEPT = 4096
"""How many verdicts a process remembers."""


@dataclass(frozen=True)
class RecordVerdict:
    """One word of `portal.verification` (genuine, not_genuine, undecided; empty: not looked at) and a sentence."""

    word: str
    text: str


NOT_LOOKED_AT = RecordVerdict("", say("Mở hồ sơ của danh sách để kiểm tra"))
NOT_SIGNED = RecordVerdict("", say("Chưa ký"))
SIGNED_BY_HAND = RecordVerdict("", say("Chưa ký số; thôn ký tay (bản quét)"))

_known: OrderedDict[str, verdicts.Verdict] = OrderedDict()
_lock = Lock()


def verified(digest: str) -> verdicts.Verdict:
    """The verdict on the stored file of this name, trusting the internal CA alone; found once per process.

    The store is write-once and named by content, so it holds as long as the process. Raises StoredFileMissing or
    StoredFileDamaged.
    """
    known = _known.get(digest)
    if known is not None:
        return known
    from portal.verification.files import verify_pdf  # pyHanko is loaded by whoever looks at a record

    told = verify_pdf(ground().store.get(digest), trusted_roots(ground().settings), now=now())
    with _lock:
        _known[digest] = told
        while len(_known) > KEPT:
            _known.popitem(last=False)
    return told


def verdict_of(found: Handover, *, at_most_known: bool = False) -> RecordVerdict:
    """The verdict on the newest stored revision in one sentence.

    `at_most_known` answers NOT_LOOKED_AT rather than spend the time of a verification (some 0.3 s).
    """
    by_hand = any(scan.confirmed_at for scan in found.scans)
    if not found.signatures or not found.pdf_sha256:
        return SIGNED_BY_HAND if by_hand else NOT_SIGNED
    if at_most_known and found.pdf_sha256 not in _known:
        return NOT_LOOKED_AT
    try:
        told = verified(found.pdf_sha256)
    except StoredFileMissing:
        return RecordVerdict(verdicts.Word.UNDECIDED, say("Không thấy tệp trong kho"))
    except StoredFileDamaged:
        return RecordVerdict(verdicts.Word.NOT_GENUINE, say("Tệp trong kho đã bị thay đổi"))
    words = _words(told, len(found.signatures), 2 if found.receiver_unit_id else 1)
    return RecordVerdict(told.verdict, together(words, say("thôn ký tay (bản quét)"), by="; ") if by_hand else words)


def _words(verdict: verdicts.Verdict, signed: int, wanted: int) -> str:
    word = verdicts.WORDS[verdict.verdict]
    if verdict.verdict is verdicts.Word.GENUINE:
        if signed >= wanted:
            return say("{word:capital}: {signed} chữ ký và dấu của cổng", word=word, signed=signed)
        return say(
            "{word:capital}: {signed} chữ ký và dấu của cổng, chưa đủ chữ ký số ({signed}/{wanted})",
            word=word,
            signed=signed,
            wanted=wanted,
        )
    fault = verdict.reason
    return say("{word:capital}: {fault}", word=word, fault=fault) if fault else say("{word:capital}", word=word)
