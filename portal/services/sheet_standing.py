"""What a sheet knows of a person and what has changed since: printed as it stood then, entered as it stands now."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.domain.fields import IDENTITY_FIELDS
from portal.domain.labels import label
from portal.domain.masking import SHOWN_DIGITS
from portal.domain.phrases import verdict_words
from portal.domain.stages import Party
from portal.domain.verdicts import Verdict
from portal.domain.wording import say
from portal.models import Entry

FIRST_DIGITS = 6
_PARTS = ("verdict", "reason", "note")


@dataclass(frozen=True)
class SinceThen:
    """One thing of a person that is no longer as the sheet has it; words and two texts."""

    what: str
    before: str
    now: str
    is_value: bool = True


def printed_facts(entry: Entry) -> dict[str, str]:
    """What the sheet prints of a person: of the number only its first and last digits."""
    facts = {field.value: entry.recorded.get(field.value, "") for field in IDENTITY_FIELDS}
    return facts | {"id_number": shortened(facts["id_number"]), "said": _returned_words(standing_of(entry))}


def standing_of(entry: Entry) -> dict[str, Any]:
    """All that a sheet depends on: the village's values and verdict, and why the police or station sent it back."""
    return {
        "values": dict(entry.proposed),
        "said": [getattr(entry, f"village_{part}") for part in _PARTS],
        "returned": _returned(entry),
    }


def changes_since(known: Mapping[str, Any], entry: Entry) -> tuple[SinceThen, ...]:
    """What is otherwise now than the sheet knows it; empty where nothing is."""
    now = standing_of(entry)
    found = [
        SinceThen(label(field), before, after)
        for field in IDENTITY_FIELDS
        if (before := _shown(known, entry, field.value)) != (after := _shown(now, entry, field.value))
    ]
    if known["said"] != now["said"]:
        none = say("chưa có")
        before, after = verdict_words(*known["said"]) or none, verdict_words(*now["said"]) or none
        found.append(SinceThen(say("Kết luận của thôn"), before, after, is_value=False))
    if known["returned"] != now["returned"]:
        none = say("không")
        before, after = _returned_words(known) or none, _returned_words(now) or none
        found.append(SinceThen(say("Bị trả lại"), before, after, is_value=False))
    return tuple(found)


def shortened(number: str) -> str:
    """`015185…423`: enough to find the card by, not the whole number; short ones keep their last digits only."""
    if len(number) > FIRST_DIGITS + SHOWN_DIGITS:
        return f"{number[:FIRST_DIGITS]}…{number[-SHOWN_DIGITS:]}"
    return f"…{number[-SHOWN_DIGITS:]}" if number else ""


def _shown(standing: Mapping[str, Any], entry: Entry, field: str) -> str:
    return str(standing["values"].get(field, entry.recorded.get(field, "")))


def _returned(entry: Entry) -> list[str]:
    for party in (Party.POLICE, Party.STATION):
        if getattr(entry, f"{party}_verdict") == Verdict.RETURNED.value:
            return [getattr(entry, f"{party}_{part}") for part in _PARTS]
    return []


def _returned_words(standing: Mapping[str, Any]) -> str:
    return verdict_words(*standing["returned"]) if standing["returned"] else ""
