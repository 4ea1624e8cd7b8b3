"""Whom to call where a button is closed: the unit that can lift the obstacle, its person and phone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from portal.clock import today
from portal.domain.lifters import Lifter
from portal.domain.permissions import Actor
from portal.queries.contacts import NOBODY, Contact, contacts
from portal.queries.parties import overseeing_unit
from portal.services.transitions import Offer, lifting_unit

if TYPE_CHECKING:
    from portal.models import CorrectionList

    Lifting = dict[Lifter, Contact]


def lifting_contacts(actor: Actor, of_list: CorrectionList, offered: Iterable[Offer]) -> Lifting:
    """The contact behind each lifter that a blocked offer names, in one select.

    In the own unit only somebody else is named; where nobody else is, the reader can lift it alone.
    """
    wanted = {offer.lifter for offer in offered if offer.lifter is not None}
    units = {lifter: lifting_unit(of_list, actor, lifter) for lifter in wanted}
    if Lifter.PARENT in units:
        above = overseeing_unit(of_list.station, today())
        units[Lifter.PARENT] = above.id if above else None
    if Lifter.OTHER_SIDE in units:
        held = of_list.holder_unit_id
        units[Lifter.OTHER_SIDE] = held if held != actor.unit_id else of_list.station_unit_id
    people = contacts(units.values(), today(), besides=frozenset({actor.user_id}))
    if not people.get(actor.unit_id, NOBODY).person:
        people.pop(actor.unit_id, None)
    return {lifter: people[unit] for lifter, unit in units.items() if unit in people}


class Button(Protocol):
    """A button that may be closed: its words, the reason, whom to call about it."""

    @property
    def words(self) -> str:
        """What it would do."""

    @property
    def blocked(self) -> str:
        """Why it is closed; empty where it is open."""

    @property
    def lifted_by(self) -> Contact | None:
        """Whom to call about it."""


@dataclass(frozen=True)
class Closed:
    """Buttons that one reason closes, with whom to call about it: said once for all of them."""

    buttons: tuple[str, ...]
    reason: str
    lifted_by: Contact | None


def closed(buttons: Iterable[Button]) -> list[Closed]:
    """The closed ones of the buttons, together by their reason, in the order of the first of each."""
    found: dict[tuple[str, Contact | None], list[str]] = {}
    for each in buttons:
        if each.blocked:
            found.setdefault((each.blocked, each.lifted_by), []).append(each.words)
    return [Closed(tuple(words), reason, whom) for (reason, whom), words in found.items()]
