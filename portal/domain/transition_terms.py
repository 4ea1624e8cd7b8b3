"""The terms of the table of transitions: acts, sides, conditions, and the shape of a row."""

from dataclasses import dataclass
from enum import StrEnum

from portal.domain.events import EventTag
from portal.domain.permissions import Permission
from portal.domain.stages import Leg, ListState, RecordKind


class Action(StrEnum):
    """What a person does to a list."""

    ARRANGE = "arrange"
    CORRECT = "correct"
    VERIFY = "verify"
    APPLY = "apply"
    PREPARE = "prepare"
    SEND = "send"
    RETURN = "return"
    OPEN = "open"
    COUNTERSIGN = "countersign"
    COUNTERSIGN_EXCEPT = "countersign_except"
    REFUSE = "refuse"
    RECALL = "recall"
    ENTER_INK = "enter_ink"
    TAKE_INK = "take_ink"
    TRANSCRIBE = "transcribe"
    PREPARE_INK = "prepare_ink"
    SEND_INK = "send_ink"
    COMPLETE = "complete"
    CANCEL = "cancel"
    SPLIT = "split"
    DISSOLVE = "dissolve"
    MERGE = "merge"
    WITHDRAW = "withdraw"
    ADJUST = "adjust"
    AGREE = "agree"
    DISAGREE = "disagree"
    RETRACT = "retract"
    ASK_REOPENING = "ask_reopening"
    REOPEN = "reopen"
    DECLINE_REOPENING = "decline_reopening"
    OFFER = "offer"
    TAKE_OFFER_BACK = "take_offer_back"
    ACCEPT_OFFER = "accept_offer"
    DECLINE_OFFER = "decline_offer"
    CLAIM = "claim"
    RELEASE = "release"
    TAKE_OVER = "take_over"
    ASSIGN = "assign"
    ASK_EXTENSION = "ask_extension"
    GRANT_EXTENSION = "grant_extension"
    REFUSE_EXTENSION = "refuse_extension"


class Side(StrEnum):
    """How the acting unit stands to the list at that moment."""

    HOLDER = "holder"
    GIVER = "giver"
    RECEIVER = "receiver"
    ARRANGER = "arranger"
    PARTY = "party"
    PARENT = "parent"
    ASSIGNER = "assigner"
    NEIGHBOUR = "neighbour"


class Guard(StrEnum):
    """A condition beyond state and right; `obstacles` decides each over facts and says why it blocks."""

    HAS_ENTRIES = "has_entries"
    VILLAGE_KNOWN = "village_known"
    ALL_DECIDED = "all_decided"
    NONE_RETURNED = "none_returned"
    SOME_RETURNED = "some_returned"
    ALL_ENDED = "all_ended"
    NOTHING_APPLIED = "nothing_applied"
    RECORD_PREPARED = "record_prepared"
    NOT_THE_GIVER = "not_the_giver"
    ON_PAPER = "on_paper"
    INK_ENTERED = "ink_entered"
    NOT_THE_ENTERER = "not_the_enterer"
    TIME_STAMPED = "time_stamped"
    SEVERAL_ENTRIES = "several_entries"
    HAS_SIBLING = "has_sibling"
    RECORD_BINDS = "record_binds"
    ADJUSTMENT_WAITS = "adjustment_waits"
    ADJUSTMENT_PROPOSED = "adjustment_proposed"
    NOT_THE_PROPOSER = "not_the_proposer"
    REOPENING_ASKED = "reopening_asked"
    REOPENING_NOT_ASKED = "reopening_not_asked"
    NOT_THE_ASKER = "not_the_asker"
    NOT_ANOTHERS = "not_anothers"
    UNCLAIMED = "unclaimed"
    CLAIMED_BY_ANOTHER = "claimed_by_another"
    CLAIMED_BY_ME = "claimed_by_me"
    NOT_OFFERED = "not_offered"
    OFFERED = "offered"
    STEP_IS_DUE = "step_is_due"
    EXTENSION_ASKED = "extension_asked"
    EXTENSION_NOT_ASKED = "extension_not_asked"
    NOT_OWN_EXTENSION = "not_own_extension"


@dataclass(frozen=True)
class Transition:
    """One row: in `state`, the unit on `side` with `permission` may take the list to `target`."""

    action: Action
    state: ListState
    target: ListState
    side: Side
    permission: Permission
    event: EventTag | None = None
    guards: tuple[Guard, ...] = ()
    leg: Leg | None = None
    record: RecordKind | None = None
    signs: bool = False

    @property
    def name(self) -> str:
        """A stable name for addresses, documentation and tests."""
        place = self.leg or self.state.stage
        return f"{self.action}:{place}"
