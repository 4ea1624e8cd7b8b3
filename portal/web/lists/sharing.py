"""Who of the unit works on a list, as its page says it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from portal.clock import today
from portal.domain.permissions import Actor
from portal.domain.transitions import Action
from portal.queries import claims as queries
from portal.services.transitions import Offer

if TYPE_CHECKING:
    from portal.models import CorrectionList, ListClaim


@dataclass(frozen=True)
class Sharing:
    """Who works on the list, and which of claim, release, take_over and assign is open to the reader.

    `name` is empty where nobody does; `left` then names who did and has left the unit.
    """

    name: str
    since: datetime | None
    seen_at: datetime | None
    is_mine: bool
    left: str
    may: frozenset[str]


_SHARING = frozenset({Action.CLAIM, Action.RELEASE, Action.TAKE_OVER, Action.ASSIGN})


def _has_left(claim: ListClaim) -> bool:
    """Whether the work lies free because its person left the unit, by an act or by the calendar."""
    return claim.end_kind in {"", "fell_free"}


def sharing_of(actor: Actor, of_list: CorrectionList, offered: Sequence[Offer]) -> Sharing | None:
    """What the page says of who works on the list; None where sharing out is not a question (pending, ended)."""
    if not any(offer.transition.action is Action.CLAIM for offer in offered) and of_list.pending_leg:
        return None
    newest = queries.newest(of_list.id, of_list.holder_unit_id)
    live = queries.live_claim(of_list.id, of_list.holder_unit_id, today()) if newest else None
    may = frozenset(o.transition.action.value for o in offered if o.enabled and o.transition.action in _SHARING)
    if live is None and not may:
        return None
    return Sharing(
        name=live.member.user.full_name if live else "",
        since=live.since if live else None,
        seen_at=live.seen_at if live else None,
        is_mine=live is not None and live.membership_id in actor.seats,
        left=newest.member.user.full_name if newest and not live and _has_left(newest) else "",
        may=may,
    )
