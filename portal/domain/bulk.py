"""Bulk acts: the same single act on many items, judged item by item."""

from enum import StrEnum

from portal.domain.stages import LEGS, Leg, ListState
from portal.domain.transitions import TRANSITIONS, Action, Transition


class BulkKind(StrEnum):
    """Which single act is done to every chosen item."""

    CONCLUDE = "conclude"
    TAKE_SUGGESTION = "take_suggestion"
    ASSIGN_VILLAGE = "assign_village"
    CHANGE_DUE = "change_due"
    REMIND = "remind"
    PREPARE = "prepare"
    ASSIGN_PERSON = "assign_person"
    SIGN = "sign"
    WORK_FILE = "work_file"


class ItemState(StrEnum):
    """How one item of a bulk act came out."""

    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"


LIMIT = 10_000
"""Items of one bulk act; who has more narrows the filter."""


def onward_leg(state: ListState) -> Leg | None:
    """The leg of the record that takes a list onward from this state; None for the completion record, or nothing.

    Whether the record may be prepared at all, the table of transitions says when it is tried.
    """
    rows = (row for row in TRANSITIONS if row.state == state and row.action is Action.PREPARE and _goes_on(row))
    return next((row.leg for row in rows), None)


def _goes_on(row: Transition) -> bool:
    return row.leg is None or not LEGS[row.leg].is_return
