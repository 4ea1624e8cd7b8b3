"""The way of a report: one table of acts that drives buttons, server guards and tests.

The section prepares, the leader signs off, then it counts as sent (Đồng Nai 9/2021); the unit above takes it or not.
"""

from dataclasses import dataclass
from enum import StrEnum

from portal.domain.permissions import Permission


class ReportStatus(StrEnum):
    """Where one version of a report stands."""

    DRAFT = "draft"
    FOR_SIGN_OFF = "for_sign_off"
    SENT = "sent"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    SUPERSEDED = "superseded"


class ReportAct(StrEnum):
    """What may be done with a report."""

    FILL = "fill"
    HAND_TO_LEADER = "hand_to_leader"
    GIVE_BACK = "give_back"
    SIGN_OFF = "sign_off"
    ACCEPT = "accept"
    RETURN = "return"
    RESTATE = "restate"


class ReportSide(StrEnum):
    """Who an act belongs to: the unit that owes the report, or the unit above it."""

    OWN = "own"
    PARENT = "parent"


@dataclass(frozen=True)
class ReportMove:
    """One row: who may do what in which status, and what it becomes (None: it stays)."""

    act: ReportAct
    side: ReportSide
    permission: Permission
    before: frozenset[ReportStatus]
    after: ReportStatus | None


_OPEN = frozenset({ReportStatus.DRAFT, ReportStatus.RETURNED})

MOVES: tuple[ReportMove, ...] = (
    ReportMove(ReportAct.FILL, ReportSide.OWN, Permission.REPORT_FILL, _OPEN, None),
    ReportMove(ReportAct.HAND_TO_LEADER, ReportSide.OWN, Permission.REPORT_FILL, _OPEN, ReportStatus.FOR_SIGN_OFF),
    ReportMove(
        ReportAct.GIVE_BACK,
        ReportSide.OWN,
        Permission.REPORT_FILL,
        frozenset({ReportStatus.FOR_SIGN_OFF}),
        ReportStatus.DRAFT,
    ),
    ReportMove(
        ReportAct.SIGN_OFF,
        ReportSide.OWN,
        Permission.REPORT_SIGN,
        frozenset({ReportStatus.FOR_SIGN_OFF}),
        ReportStatus.SENT,
    ),
    ReportMove(
        ReportAct.ACCEPT,
        ReportSide.PARENT,
        Permission.REPORT_ACCEPT,
        frozenset({ReportStatus.SENT}),
        ReportStatus.ACCEPTED,
    ),
    ReportMove(
        ReportAct.RETURN,
        ReportSide.PARENT,
        Permission.REPORT_ACCEPT,
        frozenset({ReportStatus.SENT, ReportStatus.ACCEPTED}),
        ReportStatus.RETURNED,
    ),
    ReportMove(
        ReportAct.RESTATE,
        ReportSide.OWN,
        Permission.REPORT_FILL,
        # What the unit above has not taken yet is given back by it: else it would leave the desk there unseen.
        frozenset({ReportStatus.ACCEPTED}),
        None,
    ),
)


def move_of(act: ReportAct) -> ReportMove:
    """The table's row of an act."""
    return next(each for each in MOVES if each.act is act)


def acts_in(status: ReportStatus, side: ReportSide) -> tuple[ReportAct, ...]:
    """What that side may do with a report in the status."""
    return tuple(each.act for each in MOVES if status in each.before and each.side is side)
