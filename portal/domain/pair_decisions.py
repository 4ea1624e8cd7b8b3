"""Who decides a pair and when: one opinion where it is clear, two that agree where it is hard, none seen before."""

from collections import Counter
from collections.abc import Sequence
from enum import StrEnum

from portal.domain.wording import say


class PairVerdict(StrEnum):
    """What a reviewer says of a pair."""

    SAME = "same"
    DIFFERENT = "different"


class PairState(StrEnum):
    """How far a pair is. `gone` pairs were open when the values that made them alike were corrected."""

    OPEN = "open"
    SECOND = "second"
    DECIDED = "decided"
    GONE = "gone"


PAIR_VERDICT_LABELS: dict[PairVerdict, str] = {
    PairVerdict.SAME: say("Cùng một người"),
    PairVerdict.DIFFERENT: say("Hai người khác nhau, không trùng"),
}
PAIR_STATE_LABELS: dict[PairState, str] = {
    PairState.OPEN: say("Chờ xem"),
    PairState.SECOND: say("Chờ người xem thứ hai"),
    PairState.DECIDED: say("Đã kết luận"),
    PairState.GONE: say("Không còn giống"),
}

OPEN_PAIRS = (PairState.OPEN, PairState.SECOND)


def decision(opinions: Sequence[PairVerdict], *, is_hard: bool) -> PairVerdict | None:
    """What the opinions, each of another person, decide; None while somebody else has to look.

    A hard pair needs two who agree; where the first two differ, the third decides. Nobody sees another's opinion
    before the pair is decided (edenlab eHealth#4042: a second reviewer who knows the first opinion repeats it).
    """
    needed = 2 if is_hard else 1
    for verdict, count in Counter(opinions).most_common(1):
        if count >= needed:
            return verdict
    return None
