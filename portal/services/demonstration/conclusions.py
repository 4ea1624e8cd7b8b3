"""What village and police would say of an invented person, knowing the truth that the builder knows."""

import random
from collections.abc import Mapping

from portal.domain.fields import IDENTITY_FIELDS, Field, Person
from portal.domain.verdicts import Reason, Verdict
from portal.models import Entry
from portal.services.entries import Conclusion

_UNRESOLVED_SHARE, _SLIP_SHARE, _ABSENT_SHARE = 0.06, 0.06, 0.02
_VILLAGE_REASONS = (
    (Reason.MOVED_AWAY, ""),
    (Reason.NOT_FOUND, ""),
    (Reason.DECEASED, ""),
    (Reason.ARMY, ""),
    (Reason.DUPLICATE, ""),
    (Reason.NO_INFORMATION, ""),
    (Reason.OTHER, "Đang đi làm xa, gia đình chưa có giấy tờ"),
)


def differences(shown: Mapping[str, str], truth: Person) -> dict[Field, str]:
    """The identity fields in which the truth differs from what is shown, with the true values."""
    right = truth.as_dict()
    return {
        field: right[field.value] for field in IDENTITY_FIELDS if shown.get(field.value, "") != right[field.value]
    }


def village_says(entry: Entry, truth: Person, chance: random.Random) -> Conclusion:
    """The village knows its people: mostly the truth, now and then a slip of the pen, some cannot be settled."""
    if chance.random() < _UNRESOLVED_SHARE:
        reason, note = chance.choice(_VILLAGE_REASONS)
        return Conclusion(Verdict.UNRESOLVED, reason=reason.value, note=note)
    values = differences(entry.recorded, truth)
    if not values:
        return Conclusion(Verdict.ALREADY_RIGHT)
    if Field.ID_NUMBER in values and chance.random() < _SLIP_SHARE:
        number = values[Field.ID_NUMBER]
        values[Field.ID_NUMBER] = number[:-1] + str((int(number[-1]) + 1) % 10)
    return Conclusion(Verdict.FIXED, values)


def police_says(entry: Entry, truth: Person, chance: random.Random) -> Conclusion:
    """The police compare with the population database: verified, corrected, not found, or the outcome accepted."""
    if entry.village_verdict == Verdict.UNRESOLVED.value:
        return Conclusion(Verdict.OUTCOME_ACCEPTED)
    if chance.random() < _ABSENT_SHARE:
        return Conclusion(Verdict.NOT_IN_DATABASE)
    values = differences({**entry.recorded, **entry.proposed}, truth)
    return Conclusion(Verdict.CORRECTED, values) if values else Conclusion(Verdict.VERIFIED)
