"""Verdicts of the three parties on an entry, their reasons, and the groups 1–7 of the Bắc Giang form."""

from enum import StrEnum

from portal.domain.errors import InvalidInput
from portal.domain.stages import Party
from portal.domain.wording import say


class Verdict(StrEnum):
    """What one party concludes of one entry in one round."""

    FIXED = "fixed"
    ALREADY_RIGHT = "already_right"
    UNRESOLVED = "unresolved"
    VERIFIED = "verified"
    CORRECTED = "corrected"
    NOT_IN_DATABASE = "not_in_database"
    OUTCOME_ACCEPTED = "outcome_accepted"
    APPLIED = "applied"
    APPLY_FAILED = "apply_failed"
    CONFIRMED = "confirmed"
    ENDED = "ended"
    RETURNED = "returned"


PARTY_VERDICTS: dict[Party, tuple[Verdict, ...]] = {
    Party.VILLAGE: (Verdict.FIXED, Verdict.ALREADY_RIGHT, Verdict.UNRESOLVED, Verdict.RETURNED),
    Party.POLICE: (
        Verdict.VERIFIED,
        Verdict.CORRECTED,
        Verdict.NOT_IN_DATABASE,
        Verdict.OUTCOME_ACCEPTED,
        Verdict.RETURNED,
    ),
    Party.STATION: (
        Verdict.APPLIED,
        Verdict.APPLY_FAILED,
        Verdict.CONFIRMED,
        Verdict.ENDED,
        Verdict.RETURNED,
    ),
}
"""The verdicts each party may give."""


class Reason(StrEnum):
    """Why an entry cannot be settled; each belongs to a group of the Bắc Giang form."""

    NO_INFORMATION = "no_information"
    NOT_FOUND = "not_found"
    NOT_IN_DATABASE = "not_in_database"
    MOVED_AWAY = "moved_away"
    POLICE_FORCE = "police_force"
    ARMY = "army"
    PRISONER = "prisoner"
    SOCIAL_CENTRE = "social_centre"
    DECEASED = "deceased"
    DUPLICATE = "duplicate"
    NOT_RESIDENT = "not_resident"
    OTHER = "other"


REASON_GROUP: dict[Reason, int] = {
    Reason.NO_INFORMATION: 1,
    Reason.NOT_FOUND: 1,
    Reason.NOT_IN_DATABASE: 1,
    Reason.MOVED_AWAY: 2,
    Reason.POLICE_FORCE: 3,
    Reason.ARMY: 4,
    Reason.PRISONER: 5,
    Reason.SOCIAL_CENTRE: 6,
    Reason.DECEASED: 7,
    Reason.DUPLICATE: 7,
    Reason.NOT_RESIDENT: 7,
    Reason.OTHER: 7,
}
"""Reason → group 1–7 (form with the Bắc Giang letter of 3/2023; group 7 is «khác, ghi rõ»)."""


class ReturnReason(StrEnum):
    """Why an entry goes back to the party before."""

    NUMBER_MISMATCH = "number_mismatch"
    NAME_UNCLEAR = "name_unclear"
    BIRTH_DATE_UNCLEAR = "birth_date_unclear"
    CARD_NEEDED = "card_needed"
    WRONG_VILLAGE = "wrong_village"
    OTHER_RETURN = "other_return"


class RefusalReason(StrEnum):
    """Why a receiver refuses a whole handover."""

    WRONG_COUNT = "wrong_count"
    WRONG_UNIT = "wrong_unit"
    CONTENT_UNCLEAR = "content_unclear"
    WRONG_SIGNER = "wrong_signer"
    OTHER_REFUSAL = "other_refusal"


NEEDS_NOTE = frozenset({Reason.OTHER.value, ReturnReason.OTHER_RETURN.value, RefusalReason.OTHER_REFUSAL.value})
"""Reasons that say nothing without words."""

CARRIES_VALUES = frozenset({Verdict.FIXED, Verdict.CORRECTED})
"""Verdicts that come with values of their own."""

NOTE_LIMIT = 500
"""Longest note, in characters."""


def check_verdict(party: Party, verdict: Verdict, reason: str, note: str) -> None:
    """Raise InvalidInput unless the party may give this verdict with this reason and note."""
    if verdict not in PARTY_VERDICTS[party]:
        raise InvalidInput(say("Kết luận này không thuộc bước hiện tại. Hãy chọn lại kết luận."))
    allowed = _reasons_for(verdict)
    if allowed and reason not in allowed:
        raise InvalidInput(
            say("Chưa chọn lý do. Hãy chọn một lý do trong danh sách."), fields={"reason": say("Chọn lý do.")}
        )
    if not allowed and reason:
        raise InvalidInput(say("Kết luận này không kèm lý do. Hãy bỏ chọn lý do."))
    check_note(reason, note)


def check_note(reason: str, note: str) -> None:
    """Raise InvalidInput when the reason needs words that are missing, or the words are too long."""
    if reason in NEEDS_NOTE and not note.strip():
        raise InvalidInput(say("Lý do «khác» cần ghi rõ."), fields={"note": say("Ghi rõ lý do.")})
    if len(note) > NOTE_LIMIT:
        raise InvalidInput(
            say("Ghi chú dài {length} ký tự, tối đa {most}.", length=len(note), most=NOTE_LIMIT),
            fields={"note": say("Rút ngắn ghi chú.")},
        )


def _reasons_for(verdict: Verdict) -> frozenset[str]:
    if verdict in {Verdict.UNRESOLVED, Verdict.ENDED}:
        return frozenset(reason.value for reason in Reason)
    if verdict is Verdict.RETURNED:
        return frozenset(reason.value for reason in ReturnReason)
    return frozenset()
