"""Who is told what: which events become lines of somebody's daily digest (reference/workflow.md §2 U12, §1 G1)."""

from enum import StrEnum

from portal.domain.deadlines import Reminder
from portal.domain.events import EventTag


class NoticeKind(StrEnum):
    """What a line of the digest is about, the most urgent first."""

    LATE = "late"
    DUE = "due"
    ESCALATED = "escalated"
    REMINDED = "reminded"
    TO_ANSWER = "to_answer"
    ARRIVED = "arrived"
    RETURNED = "returned"
    REFUSED = "refused"
    RECALLED = "recalled"
    EXCEPTED = "excepted"
    ANSWERED = "answered"
    TAKEN = "taken"
    WATCHED = "watched"


class Addressee(StrEnum):
    """Whom an event is told to: a side of its record, who must act now, the commune's coordinators, a named unit."""

    GIVER = "giver"
    RECEIVER = "receiver"
    ACTING = "acting"
    LEAD = "lead"
    NAMED = "named"


Told = tuple[tuple[Addressee, NoticeKind], ...]

_TOLD: dict[EventTag, Told] = {
    EventTag.HANDOVER_SENT: ((Addressee.RECEIVER, NoticeKind.ARRIVED),),
    EventTag.HANDOVER_COUNTERSIGNED: ((Addressee.GIVER, NoticeKind.TAKEN),),
    EventTag.HANDOVER_TAKEN_IN_PART: (
        (Addressee.GIVER, NoticeKind.EXCEPTED),
        (Addressee.LEAD, NoticeKind.EXCEPTED),
    ),
    EventTag.HANDOVER_REFUSED: ((Addressee.GIVER, NoticeKind.REFUSED), (Addressee.LEAD, NoticeKind.REFUSED)),
    EventTag.HANDOVER_RECALLED: ((Addressee.RECEIVER, NoticeKind.RECALLED), (Addressee.LEAD, NoticeKind.RECALLED)),
    EventTag.ADJUSTMENT_PROPOSED: ((Addressee.RECEIVER, NoticeKind.TO_ANSWER),),
    EventTag.ADJUSTMENT_AGREED: ((Addressee.GIVER, NoticeKind.ANSWERED),),
    EventTag.ADJUSTMENT_REFUSED: ((Addressee.GIVER, NoticeKind.ANSWERED),),
    EventTag.ADJUSTMENT_RETRACTED: ((Addressee.RECEIVER, NoticeKind.RECALLED),),
    EventTag.REOPENING_ASKED: ((Addressee.LEAD, NoticeKind.TO_ANSWER),),
    EventTag.LIST_REOPENED: ((Addressee.ACTING, NoticeKind.ANSWERED),),
    EventTag.EXTENSION_ASKED: ((Addressee.LEAD, NoticeKind.TO_ANSWER),),
    EventTag.EXTENSION_GRANTED: ((Addressee.ACTING, NoticeKind.ANSWERED),),
    EventTag.EXTENSION_REFUSED: ((Addressee.ACTING, NoticeKind.ANSWERED),),
    EventTag.LIST_OFFERED: ((Addressee.NAMED, NoticeKind.TO_ANSWER),),
    EventTag.LIST_TRANSFERRED: ((Addressee.NAMED, NoticeKind.ANSWERED),),
    EventTag.OFFER_DECLINED: ((Addressee.NAMED, NoticeKind.ANSWERED),),
    EventTag.OFFER_TAKEN_BACK: ((Addressee.NAMED, NoticeKind.RECALLED),),
    EventTag.READING_LIMITED: ((Addressee.LEAD, NoticeKind.WATCHED),),
    EventTag.LIST_REMINDED: ((Addressee.NAMED, NoticeKind.REMINDED),),
}
_RETURNED: Told = ((Addressee.RECEIVER, NoticeKind.RETURNED), (Addressee.LEAD, NoticeKind.RETURNED))
_REMINDED: dict[Reminder, NoticeKind] = {
    Reminder.BEFORE: NoticeKind.DUE,
    Reminder.ON_DAY: NoticeKind.DUE,
    Reminder.AFTER: NoticeKind.LATE,
    Reminder.TO_COORDINATOR: NoticeKind.ESCALATED,
    Reminder.TO_SUPERVISOR: NoticeKind.ESCALATED,
}


TOLD_TAGS = frozenset({*_TOLD, EventTag.CLOCK_REMINDED})
"""Events that somebody is told of."""


def told_of(tag: EventTag, *, is_return: bool = False, step: str = "") -> Told:
    """To whom an event is told and as what; empty where nobody is."""
    if tag is EventTag.HANDOVER_SENT and is_return:
        return _RETURNED
    if tag is EventTag.CLOCK_REMINDED:
        return ((Addressee.NAMED, _REMINDED[Reminder(step)]),)
    return _TOLD.get(tag, ())
