"""The one thing to do next with a list, read off the table of transitions without the cost of its guards."""

from collections.abc import Iterable
from dataclasses import dataclass

from portal.domain.permissions import Actor, has_permission
from portal.domain.stages import ListState, RecordKind
from portal.domain.transitions import Action, Side, Transition, transitions_from
from portal.domain.wording import say

_PENDING_FIRST = (Action.COUNTERSIGN, Action.OPEN)
_READY_FIRST = (Action.PREPARE,)
_WORK = (Action.ACCEPT_OFFER, Action.REOPEN, Action.CORRECT, Action.VERIFY, Action.APPLY, Action.ARRANGE)


@dataclass(frozen=True)
class NextAct:
    """The act and the words of its link; `on_record` leads to the pending record instead of the list."""

    action: Action
    words: str
    on_record: bool = False


_WORDS: dict[Action, NextAct] = {
    act.action: act
    for act in (
        NextAct(Action.COUNTERSIGN, say("Xem và ký nhận"), on_record=True),
        NextAct(Action.OPEN, say("Mở xem"), on_record=True),
        NextAct(Action.PREPARE, say("Bàn giao")),
        NextAct(Action.CORRECT, say("Rà soát")),
        NextAct(Action.VERIFY, say("Đối chiếu")),
        NextAct(Action.APPLY, say("Cập nhật")),
        NextAct(Action.ACCEPT_OFFER, say("Trả lời đề nghị chuyển xã")),
        NextAct(Action.REOPEN, say("Trả lời đề nghị mở lại")),
        NextAct(Action.ARRANGE, say("Sắp xếp")),
    )
}
_COMPLETION = NextAct(Action.PREPARE, say("Lập biên bản hoàn thành"))


def next_act(actor: Actor, state: ListState, sides: Iterable[Side], *, ready: bool) -> NextAct | None:
    """The act to offer first, or None where the actor only reads.

    `ready`: the holder's work on the list is done, so handing over comes before working on.
    """
    standing = frozenset(sides)
    possible = [
        row
        for row in transitions_from(state)
        if row.side in standing and has_permission(actor, row.permission) and not _is_return(row)
    ]
    order = (*_PENDING_FIRST, *(_READY_FIRST if ready else ()), *_WORK)
    for action in order:
        row = next((each for each in possible if each.action is action), None)
        if row is not None:
            return _COMPLETION if row.record is RecordKind.COMPLETION else _WORDS[action]
    return None


def _is_return(row: Transition) -> bool:
    return row.record is RecordKind.RETURN
