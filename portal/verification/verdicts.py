"""What a verification says: one word, the signatures, and five lines in Vietnamese."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from portal.domain.wording import Sentence, say


class Word(StrEnum):
    """The verdict. Not genuine: the bytes contradict a signature or the structure. Undecided: proof is missing."""

    GENUINE = "genuine"
    NOT_GENUINE = "not_genuine"
    UNDECIDED = "undecided"


WORDS = {Word.GENUINE: say("hợp lệ"), Word.NOT_GENUINE: say("không hợp lệ"), Word.UNDECIDED: say("chưa xác định")}
"""The words that Circular 15/2025/TT-BKHCN asks a verifier to show."""

HEADINGS = {
    "intact": say("Nguyên vẹn"),
    "unchanged": say("Không thêm gì về sau"),
    "signers": say("Ai ký, với tư cách gì"),
    "time": say("Khi nào, theo đồng hồ nào"),
    "provable": say("Còn chứng minh được"),
    "records": say("Biên bản trong gói"),
    "log": say("Nhật ký sự kiện"),
}
"""What each line is about, on pages and in the terminal."""


@dataclass(frozen=True)
class Line:
    """One statement: intact, unchanged, signers, time or provable. `ok`: it holds at the declared level.

    `examined`: whether it was looked at to the end; what was not looked at has not failed.
    """

    name: str
    ok: bool
    text: str
    examined: bool = True

    @property
    def heading(self) -> Sentence:
        """What the line is about."""
        return HEADINGS[self.name]

    @property
    def mark(self) -> str:
        """How the line begins, on pages and in the terminal."""
        return "✓" if self.ok else "✗" if self.examined else "–"

    @property
    def spoken_mark(self) -> Sentence:
        """The mark in words, for those who hear the page."""
        return say("Đạt") if self.ok else say("Không đạt") if self.examined else say("Chưa xét")


@dataclass(frozen=True)
class SignatureResult:
    """One signature: its field, the certificate's names, the time it claims (ISO 8601, +07:00), level and verdict."""

    field: str
    signer: str
    position: str
    unit: str
    time: str
    level: str
    algorithm: str
    verdict: Word


@dataclass(frozen=True)
class DocumentStamp:
    """A time-stamp over the whole document: by whom, when (+07:00), until when its certificate lasts, whose clock."""

    authority: str
    time: str
    not_after: str
    internal: bool


@dataclass(frozen=True)
class Verdict:
    """The answer for one file."""

    path: str
    verdict: Word
    signatures: tuple[SignatureResult, ...]
    lines: tuple[Line, ...]
    stamps: tuple[DocumentStamp, ...] = ()
    reason: str = ""
    """Why the word is what it is, in one sentence for everybody (`verification.reasons`)."""
    advice: str = ""
    """What to do now; empty where nothing is to be done."""

    def as_dict(self) -> dict[str, Any]:
        """The machine-readable form of `portal verify --json`."""
        return asdict(self)


def overall(words: list[Word]) -> Word:
    """The worst of several verdicts; undecided for none at all."""
    if Word.NOT_GENUINE in words:
        return Word.NOT_GENUINE
    return Word.GENUINE if words and set(words) == {Word.GENUINE} else Word.UNDECIDED
