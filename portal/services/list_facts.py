"""What the guards look at, read for one list and one actor in one select."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Exists, ScalarSelect, and_, exists, func, or_, select

from portal.clock import local, now, today
from portal.domain.extensions import ExtensionStatus
from portal.domain.obstacles import COMPLETION_DRAFT, ListFacts
from portal.domain.permissions import Actor
from portal.domain.stages import BOTH_SIGNED, CUSTODY_RECORDS, FINAL_STAGES, TWO_SIDED, HandoverStatus, Leg, Stage
from portal.models import (
    Clock,
    CorrectionList,
    Entry,
    Extension,
    Handover,
    Membership,
    PaperScan,
    Signature,
    User,
    db,
)
from portal.queries.claims import claimant
from portal.queries.delegations import acted_for
from portal.services.separation import asker_connection, giver_connection, proposer_connection, wisher_connection

LONGEST_WITHOUT_STAMP = timedelta(hours=4)
"""A signature may wait so long for its time-stamp before the list's next step waits with it (promise R6)."""


def facts_of(of_list: CorrectionList, actor: Actor) -> ListFacts:
    """The facts the guards look at, read in the running transaction in one select."""
    found = db.session.execute(
        select(
            _signed_by(of_list, actor, HandoverStatus.SENT).label("is_giver"),
            _signed_by(of_list, actor, HandoverStatus.PROPOSED).label("is_proposer"),
            _own_draft(of_list).label("prepared"),
            exists().where(Entry.list_id == of_list.id, Entry.station_verdict != "").label("applied"),
            select(func.count()).where(mergeable(of_list)).scalar_subquery().label("siblings"),
            _binding_record(of_list, actor).label("binds"),
            _adjusting(of_list, Handover.receiver_unit_id == actor.unit_id).label("waits"),
            _adjusting(of_list, Handover.giver_unit_id == actor.unit_id).label("proposed"),
            _unstamped_too_long(of_list).label("unstamped_since"),
            _step_is_due(of_list).label("step_is_due"),
            _waits_for_time(of_list).label("extension_asked"),
            claimant(of_list.id, of_list.holder_unit_id, today(), User.full_name).label("claimant"),
            claimant(of_list.id, of_list.holder_unit_id, today(), Membership.id).label("claimed_by"),
            _taken_by_hand(of_list).label("on_paper"),
            _open_scan(of_list).label("ink_entered"),
            _open_scan(of_list, PaperScan.entered_by.in_(actor.persons)).label("is_enterer"),
        )
    ).one()
    return ListFacts(
        entries=of_list.entries,
        decided=of_list.decided,
        returned=of_list.returned,
        village_known=of_list.village_unit_id is not None,
        anything_applied=of_list.stage == Stage.DRAFTING.value and found.applied,
        prepared=found.prepared or "",
        is_giver=giver_connection(actor, of_list.id) if found.is_giver else "",
        unstamped_since=f"{local(found.unstamped_since):%H:%M %d/%m/%Y}" if found.unstamped_since else "",
        on_paper=found.on_paper,
        ink_entered=found.ink_entered,
        is_enterer=found.is_enterer,
        siblings=found.siblings,
        record_binds=found.binds,
        adjustment_waits=found.waits,
        adjustment_proposed=found.proposed,
        is_proposer=proposer_connection(actor, of_list.id) if found.is_proposer else "",
        reopening_asked=of_list.reopening_asked_at is not None,
        is_asker=asker_connection(actor, of_list.id) if of_list.reopening_asked_at else "",
        is_offered=of_list.offered_to_unit_id is not None,
        step_is_due=found.step_is_due,
        extension_asked=found.extension_asked,
        asked_extension=wisher_connection(actor, of_list.id) if found.extension_asked else "",
        claimant=found.claimant or "",
        claim_is_mine=found.claimed_by in actor.seats,
    )


def _step_is_due(of_list: CorrectionList) -> Exists:
    return exists().where(Clock.list_id == of_list.id, Clock.stopped_at.is_(None), Clock.due_at.is_not(None))


def _waits_for_time(of_list: CorrectionList) -> Exists:
    return exists().where(Extension.list_id == of_list.id, Extension.status == ExtensionStatus.ASKED.value)


def mergeable(into: CorrectionList) -> ColumnElement[bool]:
    """A condition on CorrectionList: another part of the same list that may be merged with this one now."""
    return and_(
        CorrectionList.batch_id == into.batch_id,
        CorrectionList.number == into.number,
        CorrectionList.id != into.id,
        CorrectionList.stage == into.stage,
        CorrectionList.stage.not_in([stage.value for stage in FINAL_STAGES]),
        CorrectionList.pending_leg.is_(None),
        CorrectionList.offered_to_unit_id.is_(None),
        CorrectionList.holder_unit_id == into.holder_unit_id,
        CorrectionList.village_unit_id.is_not_distinct_from(into.village_unit_id),
    )


def binds_both(unit_id: int) -> ColumnElement[bool]:
    """A condition on Handover: two sides signed it, the unit is one of them."""
    return and_(
        Handover.status.in_([status.value for status in BOTH_SIGNED]),
        Handover.kind.in_([kind.value for kind in TWO_SIDED]),
        or_(Handover.giver_unit_id == unit_id, Handover.receiver_unit_id == unit_id),
    )


def _signed_by(of_list: CorrectionList, actor: Actor, status: HandoverStatus) -> Exists:
    return exists().where(
        Signature.handover_id == Handover.id,
        Handover.list_id == of_list.id,
        Handover.status == status.value,
        or_(Signature.user_id.in_(actor.persons), acted_for(Signature.delegation_id, actor.persons)),
    )


def _own_draft(of_list: CorrectionList) -> ScalarSelect[str]:
    return (
        select(func.coalesce(Handover.leg, COMPLETION_DRAFT))
        .where(
            Handover.list_id == of_list.id,
            Handover.status == HandoverStatus.PREPARED.value,
            Handover.kind.in_([kind.value for kind in CUSTODY_RECORDS]),
        )
        .scalar_subquery()
    )


def _binding_record(of_list: CorrectionList, actor: Actor) -> Exists:
    return exists().where(Handover.list_id == of_list.id, binds_both(actor.unit_id))


def _adjusting(of_list: CorrectionList, side: ColumnElement[bool]) -> Exists:
    return exists().where(Handover.list_id == of_list.id, Handover.status == HandoverStatus.PROPOSED.value, side)


def _taken_by_hand(of_list: CorrectionList) -> ColumnElement[bool]:
    """Whether the village took the list with a signature in ink: the newest handover to it says so."""
    newest = (
        select(Handover.id)
        .where(
            Handover.list_id.in_([of_list.id, of_list.parent_list_id]),
            Handover.leg == Leg.STATION_TO_VILLAGE.value,
            Handover.status.in_([status.value for status in BOTH_SIGNED]),
        )
        .order_by(Handover.decided_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    return exists().where(
        PaperScan.handover_id == newest, PaperScan.side == "receiver", PaperScan.confirmed_at.is_not(None)
    )


def _open_scan(of_list: CorrectionList, *more: ColumnElement[bool]) -> Exists:
    """A scan that waits for its confirmation, on the record that waits or lies ready."""
    return exists().where(
        PaperScan.handover_id == Handover.id,
        Handover.list_id == of_list.id,
        Handover.status.in_([HandoverStatus.SENT.value, HandoverStatus.PREPARED.value]),
        PaperScan.confirmed_at.is_(None),
        PaperScan.replaced_at.is_(None),
        *more,
    )


def _unstamped_too_long(of_list: CorrectionList) -> ScalarSelect[datetime | None]:
    return (
        select(func.min(Handover.unstamped_since))
        .where(Handover.list_id == of_list.id, Handover.unstamped_since < now() - LONGEST_WITHOUT_STAMP)
        .where(Handover.status.not_in([HandoverStatus.PREPARED.value, HandoverStatus.ABANDONED.value]))
        .scalar_subquery()
    )
