"""The due moment of a list's running step on its page: old and new, what was asked for, who spent how much time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.clock import now
from portal.domain.extensions import ExtensionStatus
from portal.domain.transitions import Action
from portal.queries.deadlines import AskedExtension, StepDue, clocks_of, newest_extension, steps_running
from portal.services.routes import Held, route_of
from portal.services.transitions import Offer

if TYPE_CHECKING:
    from portal.models import CorrectionList


@dataclass(frozen=True)
class Deadline:
    """What the page shows: the running step, the request for it, the buttons that are offered, times so far."""

    step: StepDue | None
    extension: AskedExtension | None
    ask: Offer | None
    answer: Offer | None
    held: tuple[Held, ...]


def deadline_of(of_list: CorrectionList, offered: Sequence[Offer]) -> Deadline:
    """The deadline of a list for the reader to whom these transitions are offered."""
    step = steps_running([of_list.id]).get(of_list.id)
    extension = newest_extension(of_list.id) if step else None
    by_action = {offer.transition.action: offer for offer in offered}
    waits = extension is not None and extension.status is ExtensionStatus.ASKED
    ask = by_action.get(Action.ASK_EXTENSION)
    return Deadline(
        step=step,
        extension=extension,
        ask=ask if step and step.due_at else None,
        answer=by_action.get(Action.GRANT_EXTENSION) if waits else None,
        held=route_of(of_list, {}, [], clocks_of([of_list.id]), now()).held,
    )
