"""What the portal itself knows of a unit's lists and signed records: first values for reports, and their checks.

Counts alone, of the unit whose report it is: the right to the report (`reports.duty_of`) is the right to them,
so that a merged unit's successor, who has none to its lists, still reports what they say.
"""

from sqlalchemy import and_, case, func, select

from portal.domain.stages import DISSOLVED_STAGES, HandoverStatus, RecordKind, Stage
from portal.domain.verdicts import REASON_GROUP, Reason
from portal.models import CorrectionList, Entry, Handover, db

_OUTSIDE = tuple(stage.value for stage in (Stage.CANCELLED, *DISSOLVED_STAGES))
_SETTLED_RIGHT = "done"


def list_figures(unit_id: int) -> dict[str, int]:
    """People on the station's lists: total = no or bad number + right + wrong + pending, one of them each."""
    right = Entry.outcome == _SETTLED_RIGHT
    bad = Entry.classes.overlap(["E1", "E2"])
    open_ = and_(Entry.outcome == "", Entry.police_verdict == "")
    kind = case((right, "right"), (bad, "no_or_bad"), (open_, "pending"), else_="wrong")
    query = (
        select(kind.label("kind"), func.count().label("people"))
        .join(CorrectionList, Entry.list_id == CorrectionList.id)
        .where(
            CorrectionList.station_unit_id == unit_id,
            CorrectionList.stage.not_in(_OUTSIDE),
        )
        .group_by(kind)
    )
    found = dict.fromkeys(("right", "no_or_bad", "pending", "wrong"), 0)
    found |= {row.kind: row.people for row in db.session.execute(query)}
    return found | {"total": sum(found.values())}


def group_figures(unit_id: int) -> dict[int, int]:
    """People who could not be settled, by the groups 1–7 of the report form."""
    query = (
        select(Entry.outcome, func.count().label("people"))
        .join(CorrectionList, Entry.list_id == CorrectionList.id)
        .where(
            CorrectionList.station_unit_id == unit_id,
            Entry.outcome.in_([reason.value for reason in Reason]),
        )
        .group_by(Entry.outcome)
    )
    groups = dict.fromkeys(range(1, 8), 0)
    for row in db.session.execute(query):
        groups[REASON_GROUP[Reason(row.outcome)]] += row.people
    return groups


def completed_people(unit_id: int) -> int:
    """How many people stand in the unit's signed completion records."""
    query = (
        select(func.coalesce(func.sum(Handover.entries), 0))
        .join(CorrectionList, Handover.list_id == CorrectionList.id)
        .where(
            Handover.giver_unit_id == unit_id,
            Handover.kind == RecordKind.COMPLETION.value,
            Handover.status == HandoverStatus.COUNTERSIGNED.value,
        )
    )
    return int(db.session.execute(query).scalar_one())
