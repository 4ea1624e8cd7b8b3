"""The stages of a correction list, the parties that hold it and the legs between them (2262/BYT-CNTT)."""

from dataclasses import dataclass
from enum import StrEnum


class Party(StrEnum):
    """The three sides a list travels between."""

    STATION = "station"
    VILLAGE = "village"
    POLICE = "police"


class Stage(StrEnum):
    """Where a correction list stands; custody stays with the stage's party while a handover is pending."""

    DRAFTING = "drafting"
    VILLAGE_REVIEW = "village_review"
    POLICE_VERIFICATION = "police_verification"
    STATION_UPDATE = "station_update"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    SPLIT = "split"
    MERGED = "merged"


HOLDER: dict[Stage, Party] = {
    Stage.DRAFTING: Party.STATION,
    Stage.VILLAGE_REVIEW: Party.VILLAGE,
    Stage.POLICE_VERIFICATION: Party.POLICE,
    Stage.STATION_UPDATE: Party.STATION,
    Stage.CLOSED: Party.STATION,
    Stage.CANCELLED: Party.STATION,
}
"""The party that holds a list at each stage; a dissolved list has none, its people are on other lists."""

DISSOLVED_STAGES = frozenset({Stage.SPLIT, Stage.MERGED})
"""A list that gave all its people to its parts, or to the list it was merged into."""
FINAL_STAGES = frozenset({Stage.CLOSED, Stage.CANCELLED, *DISSOLVED_STAGES})
OPEN_STAGES = tuple(stage for stage in Stage if stage not in FINAL_STAGES)


class Leg(StrEnum):
    """One handover between two stages; the last three are the back legs (returns)."""

    STATION_TO_VILLAGE = "station_to_village"
    VILLAGE_TO_POLICE = "village_to_police"
    POLICE_TO_STATION = "police_to_station"
    VILLAGE_TO_STATION = "village_to_station"
    POLICE_TO_VILLAGE = "police_to_village"
    STATION_TO_POLICE = "station_to_police"


@dataclass(frozen=True)
class LegShape:
    """What a leg joins: the giver's stage, the receiver's stage, and whether it goes back."""

    giver_stage: Stage
    receiver_stage: Stage
    is_return: bool = False

    @property
    def giver(self) -> Party:
        """The party that signs first and holds the list until the countersignature."""
        return HOLDER[self.giver_stage]

    @property
    def receiver(self) -> Party:
        """The party that countersigns or refuses."""
        return HOLDER[self.receiver_stage]


LEGS: dict[Leg, LegShape] = {
    Leg.STATION_TO_VILLAGE: LegShape(Stage.DRAFTING, Stage.VILLAGE_REVIEW),
    Leg.VILLAGE_TO_POLICE: LegShape(Stage.VILLAGE_REVIEW, Stage.POLICE_VERIFICATION),
    Leg.POLICE_TO_STATION: LegShape(Stage.POLICE_VERIFICATION, Stage.STATION_UPDATE),
    Leg.VILLAGE_TO_STATION: LegShape(Stage.VILLAGE_REVIEW, Stage.DRAFTING, is_return=True),
    Leg.POLICE_TO_VILLAGE: LegShape(Stage.POLICE_VERIFICATION, Stage.VILLAGE_REVIEW, is_return=True),
    Leg.STATION_TO_POLICE: LegShape(Stage.STATION_UPDATE, Stage.POLICE_VERIFICATION, is_return=True),
}


def back_leg(leg: Leg) -> Leg:
    """The return that goes the way of a forward leg backwards; exceptions to a handover go back on it."""
    shape = LEGS[leg]
    return next(
        each
        for each, back in LEGS.items()
        if back.is_return and (back.giver_stage, back.receiver_stage) == (shape.receiver_stage, shape.giver_stage)
    )


@dataclass(frozen=True)
class ListState:
    """A list's state: its stage and, while a handover waits for the receiver, the leg of that handover."""

    stage: Stage
    pending: Leg | None = None

    def __post_init__(self) -> None:
        if self.pending is not None and LEGS[self.pending].giver_stage is not self.stage:
            raise ValueError(f"{self.pending} cannot be pending at {self.stage}")


def all_states() -> tuple[ListState, ...]:
    """Every state a list can be in; the test matrix is generated over these."""
    pending = (ListState(shape.giver_stage, leg) for leg, shape in LEGS.items())
    return (*(ListState(stage) for stage in Stage), *pending)


class HandoverStatus(StrEnum):
    """A record's life: `proposed` is an adjustment that waits for the other side; the last five are final."""

    PREPARED = "prepared"
    SENT = "sent"
    PROPOSED = "proposed"
    COUNTERSIGNED = "countersigned"
    COUNTERSIGNED_EXCEPT = "countersigned_except"
    REFUSED = "refused"
    RECALLED = "recalled"
    ABANDONED = "abandoned"


BOTH_SIGNED = frozenset({HandoverStatus.COUNTERSIGNED, HandoverStatus.COUNTERSIGNED_EXCEPT})
"""The receiver has signed too, for all people or for all but the exceptions."""


SIGNED_ENDS = frozenset({*BOTH_SIGNED, HandoverStatus.REFUSED, HandoverStatus.RECALLED})
"""Nobody will sign such a record any more: it is closed for keeping."""


class RecordKind(StrEnum):
    """The papers that bear a number of a unit's yearly series."""

    HANDOVER = "handover"
    RETURN = "return"
    REFUSAL = "refusal"
    COMPLETION = "completion"
    EXCEPTIONS = "exceptions"
    ADJUSTMENT = "adjustment"


SLIPS = frozenset({RecordKind.REFUSAL, RecordKind.EXCEPTIONS})
"""The receiver's answers to a sent record: signed by one side; they never hinder the list's own draft."""
CUSTODY_RECORDS = frozenset({RecordKind.HANDOVER, RecordKind.RETURN, RecordKind.COMPLETION})
"""The records under which a list moves on; a list has at most one draft of these."""
TWO_SIDED = frozenset({RecordKind.HANDOVER, RecordKind.RETURN})
"""Records that both sides sign and that an adjustment may mend."""
