"""Findings: what the rules noticed about a value, a row or a file, in one plain Vietnamese sentence each."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from portal.domain.fields import Field
from portal.domain.wording import Sentence, restored, stored


class Severity(StrEnum):
    """How much a finding weighs: an error needs a correction, a warning a decision, a note only a reader."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing noticed. `code` is a stable short name; `field` is None where it concerns the row or the file.

    `message` says cause and next step. `evidence` states what contradicts what. Neither repeats a whole number.
    """

    code: str
    field: Field | None
    message: str
    severity: Severity = Severity.ERROR
    evidence: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The finding as plain values for other programs."""
        return {
            "code": self.code,
            "field": self.field.value if self.field else None,
            "message": self.message,
            "severity": self.severity.value,
            "evidence": self.evidence,
        }

    def as_stored(self) -> dict[str, Any]:
        """As `as_dict`, but the sentence taken apart so that any reader's language can be made of it later."""
        return {**self.as_dict(), "message": stored(self.message)}


def told_by(finding: Mapping[str, Any]) -> str:
    """The sentence of a finding that `as_stored` wrote."""
    message = restored(finding["message"])
    # Releases before English stored the plain sentence.
    return message if isinstance(message, Sentence) else Sentence(message)


class Examined(NamedTuple):
    """A value after examination: cleaned, what was noticed, and a suggestion (empty where there is none).

    A tuple because six are made for each row of a file, and a tuple is made four times faster.
    """

    value: str
    findings: tuple[Finding, ...] = ()
    suggestion: str = ""
