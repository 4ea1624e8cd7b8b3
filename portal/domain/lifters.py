"""Who can lift an obstacle: the party behind the name and the telephone number beside a button that is closed."""

from enum import StrEnum

from portal.domain.transitions import Guard


class Lifter(StrEnum):
    """Who can lift an obstacle: the own unit, one of its signers, or a unit on another side of the list."""

    OWN_UNIT = "own_unit"
    OWN_SIGNER = "own_signer"
    HOLDER = "holder"
    GIVER = "giver"
    RECEIVER = "receiver"
    STATION = "station"
    OTHER_SIDE = "other_side"
    PARENT = "parent"
    ADMINISTRATION = "administration"


LIFTERS: dict[Guard, Lifter] = {
    Guard.HAS_ENTRIES: Lifter.OWN_UNIT,
    Guard.VILLAGE_KNOWN: Lifter.STATION,
    Guard.ALL_DECIDED: Lifter.OWN_UNIT,
    Guard.NONE_RETURNED: Lifter.OWN_UNIT,
    Guard.SOME_RETURNED: Lifter.OWN_UNIT,
    Guard.ALL_ENDED: Lifter.OWN_UNIT,
    Guard.NOTHING_APPLIED: Lifter.STATION,
    Guard.RECORD_PREPARED: Lifter.OWN_UNIT,
    Guard.ON_PAPER: Lifter.HOLDER,
    Guard.INK_ENTERED: Lifter.STATION,
    Guard.NOT_THE_ENTERER: Lifter.STATION,
    Guard.NOT_THE_GIVER: Lifter.RECEIVER,
    Guard.TIME_STAMPED: Lifter.ADMINISTRATION,
    Guard.SEVERAL_ENTRIES: Lifter.HOLDER,
    Guard.HAS_SIBLING: Lifter.HOLDER,
    Guard.RECORD_BINDS: Lifter.HOLDER,
    Guard.ADJUSTMENT_WAITS: Lifter.OTHER_SIDE,
    Guard.ADJUSTMENT_PROPOSED: Lifter.OWN_UNIT,
    Guard.NOT_THE_PROPOSER: Lifter.OWN_SIGNER,
    Guard.REOPENING_ASKED: Lifter.STATION,
    Guard.REOPENING_NOT_ASKED: Lifter.PARENT,
    Guard.NOT_THE_ASKER: Lifter.PARENT,
    Guard.NOT_ANOTHERS: Lifter.OWN_UNIT,
    Guard.UNCLAIMED: Lifter.OWN_UNIT,
    Guard.CLAIMED_BY_ANOTHER: Lifter.OWN_UNIT,
    Guard.CLAIMED_BY_ME: Lifter.OWN_UNIT,
    Guard.NOT_OFFERED: Lifter.STATION,
    Guard.OFFERED: Lifter.STATION,
    Guard.STEP_IS_DUE: Lifter.STATION,
    Guard.EXTENSION_ASKED: Lifter.HOLDER,
    Guard.EXTENSION_NOT_ASKED: Lifter.PARENT,
    Guard.NOT_OWN_EXTENSION: Lifter.PARENT,
}
"""Who can make each condition true."""
