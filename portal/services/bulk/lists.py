"""One deed over many lists: those ticked, or all that match a filter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from portal.clock import now
from portal.domain.bulk import BulkKind
from portal.domain.errors import InvalidInput, StaleVersion
from portal.domain.permissions import Actor, Permission, has_permission
from portal.domain.wording import say
from portal.queries.lists import ListFilter, matching
from portal.services import claims
from portal.services.bulk import acts
from portal.services.claims import Candidate

RIGHTS: dict[BulkKind, Permission] = {
    BulkKind.REMIND: Permission.LIST_REMIND,
    BulkKind.CHANGE_DUE: Permission.LIST_ARRANGE,
    BulkKind.ASSIGN_VILLAGE: Permission.LIST_ARRANGE,
    BulkKind.PREPARE: Permission.HANDOVER_PREPARE,
    BulkKind.ASSIGN_PERSON: Permission.LIST_ASSIGN,
}
"""Each deed over lists with the right it needs; whether a list takes part, its single act says."""


@dataclass(frozen=True)
class Chosen:
    """Which lists: those ticked, else all that match the filter. `expected` is the count the person confirmed."""

    ticked: Sequence[UUID] = ()
    matching: ListFilter | None = None
    expected: int | None = None


def deeds_for(actor: Actor) -> tuple[BulkKind, ...]:
    """The deeds over lists that the actor may have a right to somewhere."""
    return tuple(kind for kind, right in RIGHTS.items() if has_permission(actor, right))


def assign_village(actor: Actor, chosen: Chosen, unit_id: int, *, key: str = "") -> UUID:
    """Choose one village for every list. Returns the bulk act's id, as all of these do."""
    return _start(actor, BulkKind.ASSIGN_VILLAGE, chosen, {"village": unit_id}, key)


def change_due(actor: Actor, chosen: Chosen, due_at: datetime, *, key: str = "") -> UUID:
    """Set one due date on every list."""
    if due_at <= now():
        raise InvalidInput(say("Hạn mới phải ở sau lúc này."), fields={"due_day": say("Chọn ngày giờ sau lúc này.")})
    return _start(actor, BulkKind.CHANGE_DUE, chosen, {"due_at": due_at.isoformat()}, key)


def remind(actor: Actor, chosen: Chosen, *, key: str = "") -> UUID:
    """Remind whoever must act on each list."""
    return _start(actor, BulkKind.REMIND, chosen, {}, key)


def prepare_records(actor: Actor, chosen: Chosen, *, key: str = "") -> UUID:
    """Prepare, for each list, the record that takes it onward."""
    return _start(actor, BulkKind.PREPARE, chosen, {}, key)


def assign_person(actor: Actor, chosen: Chosen, person: UUID, *, key: str = "") -> UUID:
    """Give every list to one person, who must have the right on all of them: else nothing is given."""
    claims.require_right_on_all(actor, sorted(_ids(actor, chosen)), person)
    return _start(actor, BulkKind.ASSIGN_PERSON, chosen, {"person": str(person)}, key)


def people_for(actor: Actor, chosen: Chosen) -> tuple[int, list[Candidate]]:
    """How many lists are chosen, and the people to whom all of them may be given."""
    found = sorted(_ids(actor, chosen))
    return len(found), claims.candidates(actor, found)


def _start(actor: Actor, kind: BulkKind, chosen: Chosen, what: dict[str, Any], key: str) -> UUID:
    # Lists are locked in the order of their ids, so that two bulk acts never wait for each other.
    return acts.start(actor, kind, lambda: [acts.Target(one) for one in sorted(_ids(actor, chosen))], what, key=key)


def _ids(actor: Actor, chosen: Chosen) -> set[UUID]:
    if chosen.matching is None:
        return set(chosen.ticked)
    found = set(matching(actor, chosen.matching, now()))
    if chosen.expected is not None and len(found) != chosen.expected:
        raise StaleVersion(
            say(
                "Lúc bạn xem có {expected} danh sách khớp bộ lọc, nay có {found}. Chưa làm gì; hãy xem lại rồi làm.",
                expected=chosen.expected,
                found=len(found),
            )
        )
    return found
