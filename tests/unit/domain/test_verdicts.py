"""Verdicts: only the party's own, reasons where they belong, words where a reason says nothing."""

import pytest

from portal.domain.errors import InvalidInput
from portal.domain.stages import Party
from portal.domain.verdicts import PARTY_VERDICTS, REASON_GROUP, Reason, Verdict, check_verdict


@pytest.mark.parametrize("party", list(Party))
@pytest.mark.parametrize("verdict", list(Verdict))
def test_a_party_gives_only_its_own_verdicts(party: Party, verdict: Verdict) -> None:
    reason = {"unresolved": "moved_away", "ended": "moved_away", "returned": "card_needed"}.get(verdict.value, "")
    if verdict in PARTY_VERDICTS[party]:
        check_verdict(party, verdict, reason, "")
    else:
        with pytest.raises(InvalidInput):
            check_verdict(party, verdict, reason, "")


def test_every_reason_belongs_to_one_of_the_seven_groups() -> None:
    assert set(REASON_GROUP) == set(Reason)
    assert set(REASON_GROUP.values()) == set(range(1, 8))


@pytest.mark.parametrize(
    ("verdict", "reason", "note"),
    [
        (Verdict.UNRESOLVED, "", ""),
        (Verdict.UNRESOLVED, "card_needed", ""),
        (Verdict.RETURNED, "moved_away", ""),
        (Verdict.FIXED, "moved_away", ""),
        (Verdict.UNRESOLVED, "other", "   "),
        (Verdict.FIXED, "", "x" * 501),
    ],
)
def test_a_reason_that_does_not_fit_is_refused(verdict: Verdict, reason: str, note: str) -> None:
    with pytest.raises(InvalidInput):
        check_verdict(Party.VILLAGE, verdict, reason, note)
