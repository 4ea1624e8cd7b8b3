"""People of another commune: offered by their station, accepted or declined by the other; always on one list."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import update

from portal.clock import now, today
from portal.domain.errors import InvalidInput
from portal.domain.events import EventTag
from portal.domain.permissions import Actor
from portal.domain.transitions import Action
from portal.domain.units import UNKNOWN_VILLAGE
from portal.domain.verdicts import check_note
from portal.domain.wording import say
from portal.models import CorrectionList, Entry, Unit, db
from portal.queries.parties import commune_police, neighbour_stations
from portal.services import clocks
from portal.services.auditing import record
from portal.services.parts import check_numbers, part_off
from portal.services.record_drafts import abandon_draft
from portal.services.transitions import check_rev, load_list, move, permit, state_of
from portal.services.unit_of_work import once


def offer(
    actor: Actor,
    list_id: UUID,
    numbers: Collection[int],
    to_station: int,
    note: str,
    *,
    rev: int | None = None,
    key: str = "",
) -> UUID:
    """Ask another commune's station to take these people; returns the list they wait on (a part, or the list itself).

    Until the other station accepts they stay here and nothing else can be done to that list.
    """
    if not note.strip():
        raise InvalidInput(say("Chuyển người sang xã khác cần ghi lý do."), fields={"note": say("Ghi lý do chuyển.")})
    check_note("", note)

    def act() -> dict[str, Any]:
        of_list = load_list(actor, list_id, lock=True)
        row = permit(actor, of_list, Action.OFFER)
        check_rev(of_list, rev)
        if to_station not in {unit.id for unit in neighbour_stations(of_list.station, today())}:
            raise InvalidInput(
                say("Chọn trạm Y tế của xã khác trong danh sách."), fields={"station": say("Chọn trạm.")}
            )
        check_numbers(of_list, numbers)
        waiting = of_list
        if len(set(numbers)) < of_list.entries:
            waiting = part_off(actor, of_list, numbers)
            of_list.rev += 1
        else:
            abandon_draft(actor, of_list)
        waiting.offered_to_unit_id, waiting.offered_at, waiting.offer_note = to_station, now(), note.strip()
        move(waiting, row)
        _tell(actor, waiting, EventTag.LIST_OFFERED, to_station, told=to_station, reason="", note=note.strip())
        return {"list": str(waiting.id)}

    return UUID(once(actor.user_id, key, f"offer:{list_id}", act)["list"])


def take_back(actor: Actor, list_id: UUID, *, key: str = "") -> None:
    """Withdraw an offer nobody has answered yet."""

    def act() -> dict[str, Any]:
        of_list = load_list(actor, list_id, lock=True)
        row = permit(actor, of_list, Action.TAKE_OFFER_BACK)
        other = _settle(of_list)
        move(of_list, row)
        _tell(actor, of_list, EventTag.OFFER_TAKEN_BACK, other, told=other)
        return {"ok": True}

    once(actor.user_id, key, f"take_offer_back:{list_id}", act)


def decline(actor: Actor, list_id: UUID, note: str, *, key: str = "") -> None:
    """Leave the people with their station, with words why."""
    if not note.strip():
        raise InvalidInput(say("Không nhận cần ghi lý do."), fields={"note": say("Ghi lý do không nhận.")})
    check_note("", note)

    def act() -> dict[str, Any]:
        of_list = load_list(actor, list_id, lock=True)
        row = permit(actor, of_list, Action.DECLINE_OFFER)
        other, home = _settle(of_list), of_list.station_unit_id
        move(of_list, row)
        _tell(actor, of_list, EventTag.OFFER_DECLINED, other, told=home, reason="", note=note.strip())
        return {"ok": True}

    once(actor.user_id, key, f"decline_offer:{list_id}", act)


def accept(actor: Actor, list_id: UUID, *, key: str = "") -> None:
    """Take the list over: it is this commune's now, with its code and its people's numbers, one round further.

    The village is chosen anew; who knew of the list before knows of it no more. Verdicts and values stay.
    """

    def act() -> dict[str, Any]:
        of_list = load_list(actor, list_id, lock=True)
        row = permit(actor, of_list, Action.ACCEPT_OFFER)
        home, note = of_list.station_unit_id, of_list.offer_note
        other = _settle(of_list)
        _hand_over(of_list, db.session.get_one(Unit, other))
        move(of_list, row)
        state = state_of(of_list)
        clocks.pass_on(of_list, state, state, None)
        of_list.round += 1
        _tell(actor, of_list, EventTag.LIST_TRANSFERRED, other, home, told=home, reason="", note=note)
        return {"ok": True}

    once(actor.user_id, key, f"accept_offer:{list_id}", act)


def _hand_over(of_list: CorrectionList, station: Unit) -> None:
    police = commune_police(station, today())
    of_list.station_unit_id = of_list.holder_unit_id = station.id
    of_list.police_unit_id = police.id if police else None
    of_list.village_unit_id, of_list.name = None, UNKNOWN_VILLAGE
    of_list.known_to_village = of_list.known_to_police = False
    of_list.territory_path, of_list.held_since = station.territory_path, now()
    if of_list.province_id != station.province_id:
        of_list.province_id = station.province_id
        moved = update(Entry).where(Entry.list_id == of_list.id).values(province_id=station.province_id)
        db.session.execute(moved.execution_options(synchronize_session=False))


def _settle(of_list: CorrectionList) -> int:
    other = of_list.offered_to_unit_id
    assert other is not None  # noqa: S101  the guard OFFERED holds
    of_list.offered_to_unit_id, of_list.offered_at, of_list.offer_note = None, None, ""
    return other


def _tell(
    actor: Actor,
    of_list: CorrectionList,
    tag: EventTag,
    to_unit: int,
    home: int | None = None,
    *,
    told: int,
    **said: str,
) -> None:
    record(
        tag,
        actor,
        of_list=of_list,
        unit=told,
        from_unit=home or of_list.station_unit_id,
        to_unit=to_unit,
        entries=of_list.entries,
        **said,  # type: ignore[arg-type]
    )
