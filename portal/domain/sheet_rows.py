"""What a paper sheet asks of each person, and how what two people typed from it compares."""

from collections.abc import Mapping
from enum import StrEnum

from portal.domain.fields import IDENTITY_FIELDS
from portal.domain.names import clean_name, comparison_key
from portal.domain.verdicts import Reason
from portal.domain.wording import say

ROWS = 9
"""People on one sheet: two lines of boxes 6 mm high each, on A4 across."""

REASON_MARKS: Mapping[str, Reason] = {
    "1a": Reason.NO_INFORMATION,
    "1b": Reason.NOT_FOUND,
    "2": Reason.MOVED_AWAY,
    "3": Reason.POLICE_FORCE,
    "4": Reason.ARMY,
    "5": Reason.PRISONER,
    "6": Reason.SOCIAL_CENTRE,
    "7a": Reason.DECEASED,
    "7b": Reason.DUPLICATE,
    "7c": Reason.NOT_RESIDENT,
    "7d": Reason.OTHER,
}
"""What stands in a sheet's tick boxes: the group of the Bắc Giang form, with a letter where it has several reasons.

«Không có trong CSDLQG» is missing: only the police can know it.
"""


class RowState(StrEnum):
    """How far a row of a sheet has been entered."""

    EMPTY = "empty"
    WAITING = "waiting"
    DIFFERS = "differs"
    TAKEN = "taken"


class Typed(StrEnum):
    """What became of what one person typed from a row."""

    ALONE = "alone"
    WAITS = "waits"
    AGREES = "agrees"
    DIFFERS = "differs"


ROW_STATE_LABELS: Mapping[RowState, str] = {
    RowState.EMPTY: say("Chưa nhập"),
    RowState.WAITING: say("Chờ người thứ hai nhập"),
    RowState.DIFFERS: say("Hai lần nhập khác nhau"),
    RowState.TAKEN: say("Đã ghi vào danh sách"),
}
TYPED_LABELS: Mapping[Typed, str] = {
    Typed.ALONE: say("Một người nhập, đã ghi"),
    Typed.WAITS: say("Lần nhập thứ nhất"),
    Typed.AGREES: say("Lần nhập thứ hai, khớp, đã ghi"),
    Typed.DIFFERS: say("Lần nhập thứ hai, khác lần thứ nhất"),
}

VERDICT, REASON, NOTE = "verdict", "reason", "note"
SAID = (VERDICT, *(field.value for field in IDENTITY_FIELDS), REASON, NOTE)
"""The parts of what is typed from a row, in the sheet's order."""


def differing(one: Mapping[str, str], other: Mapping[str, str]) -> tuple[str, ...]:
    """The parts that two people typed differently from one row; empty where they agree.

    Values are compared cleaned, as they would be stored; of notes only the words count, not how they are spaced or
    capitalised.
    """
    return tuple(part for part in SAID if _sign(part, one.get(part, "")) != _sign(part, other.get(part, "")))


def _sign(part: str, text: str) -> str:
    return comparison_key(clean_name(text)) if part == NOTE and text else text
