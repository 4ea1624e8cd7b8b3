"""What a countersignature does to the entries when custody moves."""

from sqlalchemy import ColumnElement, case, func, select, update

from portal.domain.lanes import lane_of
from portal.domain.stages import HOLDER, LEGS, Leg, Party, Stage
from portal.domain.verdicts import Reason, Verdict
from portal.models import CorrectionList, Entry, db
from portal.queries.entries import settled

_RETURNED = Verdict.RETURNED.value


def arrive(of_list: CorrectionList, leg: Leg) -> None:
    """Prepare the entries for the new holder and count what is decided; a return opens the next round."""
    shape = LEGS[leg]
    if shape.is_return:
        of_list.round += 1
        _reopen_returned(of_list, shape.giver, shape.receiver)
    if shape.receiver_stage is Stage.VILLAGE_REVIEW:
        of_list.known_to_village = True
        if not shape.is_return:
            _clear(of_list, Party.VILLAGE, Entry.village_verdict == _RETURNED)
    if shape.receiver_stage is Stage.POLICE_VERIFICATION:
        of_list.known_to_police = True
    if shape.receiver_stage is Stage.STATION_UPDATE:
        _open_lanes(of_list)
    recount(of_list)


def recount(of_list: CorrectionList) -> None:
    """Set the list's counters from its entries, for the party that holds it now."""
    db.session.flush()
    stage = Stage(of_list.stage)
    party = HOLDER[stage]
    if stage is Stage.DRAFTING:
        of_list.decided = of_list.returned = 0
        return
    verdict = getattr(Entry, f"{party}_verdict")
    of_list.decided, of_list.returned = db.session.execute(
        select(
            func.count().filter(settled(party)),
            func.count().filter(verdict == _RETURNED),
        ).where(Entry.list_id == of_list.id)
    ).one()


def _reopen_returned(of_list: CorrectionList, giver: Party, receiver: Party) -> None:
    """Clear the receiver's verdict where the giver returned the entry; the giver's reason stays to be read."""
    _clear(of_list, receiver, getattr(Entry, f"{giver}_verdict") == _RETURNED)


def _clear(of_list: CorrectionList, party: Party, condition: ColumnElement[bool]) -> None:
    db.session.flush()
    db.session.execute(
        update(Entry)
        .where(Entry.list_id == of_list.id, condition)
        .values({f"{party}_verdict": "", f"{party}_reason": "", f"{party}_note": "", "rev": Entry.rev + 1})
        .execution_options(synchronize_session=False)
    )


def _open_lanes(of_list: CorrectionList) -> None:
    """At the station: end what cannot be updated with its reason, give every verified entry its lane."""
    db.session.flush()
    db.session.execute(
        update(Entry)
        .where(Entry.list_id == of_list.id, Entry.outcome == "")
        .values(
            outcome=case(
                (Entry.police_verdict == Verdict.NOT_IN_DATABASE.value, Reason.NOT_IN_DATABASE.value),
                (Entry.police_verdict == Verdict.OUTCOME_ACCEPTED.value, Entry.village_reason),
                else_="",
            )
        )
        .execution_options(synchronize_session=False)
    )
    rows = db.session.execute(
        select(Entry.id, Entry.recorded, Entry.verified, Entry.classes).where(
            Entry.list_id == of_list.id, Entry.outcome == "", Entry.station_verdict == ""
        )
    ).all()
    lanes = [{"id": row.id, "lane": lane_of(row.recorded, row.verified, row.classes).value} for row in rows]
    if lanes:
        db.session.execute(update(Entry), lanes)
