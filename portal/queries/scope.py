"""Which rows an actor may see: the SQL twin of `domain.permissions.covers`."""

from sqlalchemy import ColumnElement, and_, false, or_, true

from portal.domain.permissions import ASKED, Actor, Permission, Place, Reach, reach_of
from portal.domain.stages import HandoverStatus, Party
from portal.models import Batch, CorrectionList, Handover


def visible_to(actor: Actor, permission: Permission) -> ColumnElement[bool]:
    """A condition on CorrectionList that holds exactly where `covers(actor, permission, place_of(list))`."""
    reach = reach_of(actor.role, permission)
    if reach is Reach.TERRITORY and has_whole_province(actor):
        # The same lists as by their path; a column with statistics tells the planner that they are all of them.
        return CorrectionList.province_id == actor.province_id
    if reach is Reach.TERRITORY:
        return CorrectionList.territory_path.startswith(actor.territory_path, autoescape=True)
    if reach is Reach.OWN:
        return or_(
            CorrectionList.station_unit_id == actor.unit_id,
            CorrectionList.offered_to_unit_id == actor.unit_id if permission in ASKED else false(),
            and_(CorrectionList.village_unit_id == actor.unit_id, CorrectionList.known_to_village),
            and_(CorrectionList.police_unit_id == actor.unit_id, CorrectionList.known_to_police),
        )
    return false()


def has_whole_province(actor: Actor) -> bool:
    """Whether the actor's territory is a province, no less and no more; a path begins with the province's id."""
    return actor.territory_path == f"/{actor.province_id}/"


def visible_batches(actor: Actor) -> ColumnElement[bool]:
    """A condition on Batch: the own station's batches, or those of the own territory for oversight."""
    reach = reach_of(actor.role, Permission.BATCH_READ)
    if reach is Reach.TERRITORY:
        return Batch.territory_path.startswith(actor.territory_path, autoescape=True)
    return Batch.station_unit_id == actor.unit_id if reach is Reach.OWN else false()


def known_records(actor: Actor) -> ColumnElement[bool]:
    """A condition on Handover, besides the right to its list: signed records, and the own unit's open drafts."""
    prepares_for_villages = true() if reach_of(actor.role, Permission.PAPER_SCAN) else false()
    return or_(
        Handover.status.not_in((HandoverStatus.PREPARED.value, HandoverStatus.ABANDONED.value)),
        and_(
            Handover.status == HandoverStatus.PREPARED.value,
            or_(Handover.giver_unit_id == actor.unit_id, and_(Handover.by_hand, prepares_for_villages)),
        ),
    )


def place_of(of_list: CorrectionList) -> Place:
    """The list as the permission rules see it: its territory, the units that know of it, the one that is asked."""
    units = {of_list.station_unit_id}
    if of_list.known_to_village and of_list.village_unit_id is not None:
        units.add(of_list.village_unit_id)
    if of_list.known_to_police and of_list.police_unit_id is not None:
        units.add(of_list.police_unit_id)
    return Place(of_list.territory_path, frozenset(units), asked_unit=of_list.offered_to_unit_id)


def unit_of(of_list: CorrectionList, party: Party) -> int | None:
    """The unit that plays the party for this list; None where it is not known yet."""
    units = {
        Party.STATION: of_list.station_unit_id,
        Party.VILLAGE: of_list.village_unit_id,
        Party.POLICE: of_list.police_unit_id,
    }
    return units[party]
