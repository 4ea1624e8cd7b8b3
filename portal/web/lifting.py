"""Whom to call where a button is closed: the unit that can lift the obstacle, its person and phone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from portal.clock import today
from portal.domain.lifters import Lifter
from portal.domain.permissions import Actor
from portal.queries.contacts import Contact, contacts
from portal.queries.parties import overseeing_unit
from portal.services.transitions import Offer, lifting_unit

if TYPE_CHECKING:
    from portal.models import CorrectionList

    Lifting = dict[Lifter, Contact]


def lifting_contacts(actor: Actor, of_list: CorrectionList, offered: Iterable[Offer]) -> Lifting:
    """The contact behind each lifter that a blocked offer names, in one select."""
    wanted = {offer.lifter for offer in offered if offer.lifter is not None}
    units = {lifter: lifting_unit(of_list, actor, lifter) for lifter in wanted}
    if Lifter.PARENT in units:
        above = overseeing_unit(of_list.station, today())
        units[Lifter.PARENT] = above.id if above else None
    if Lifter.OTHER_SIDE in units:
        held = of_list.holder_unit_id
        units[Lifter.OTHER_SIDE] = held if held != actor.unit_id else of_list.station_unit_id
    people = contacts(units.values(), today())
    return {lifter: people[unit] for lifter, unit in units.items() if unit in people}
