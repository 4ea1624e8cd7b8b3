"""The tags of the append-only event log and the payload keys each tag carries (ids and words, no citizens' data)."""

from enum import StrEnum

from portal.domain.errors import DomainError


class EventTag(StrEnum):
    """What happened, in the past tense: `subject:act`."""

    ACCOUNT_SIGNED_IN = "account:signed_in"
    ACCOUNT_SIGNED_OUT = "account:signed_out"
    ACCOUNT_REFUSED = "account:refused"
    ACCOUNT_CREATED = "account:created"
    ACCOUNT_CHANGED = "account:changed"
    PASSWORD_CHANGED = "account:password_changed"
    FACTOR_ENROLLED = "account:factor_enrolled"
    FACTOR_REMOVED = "account:factor_removed"
    SECURITY_KEY_ADDED = "account:security_key_added"
    SECURITY_KEY_REMOVED = "account:security_key_removed"
    RECOVERY_CODE_USED = "account:recovery_code_used"
    KEY_ENROLLED = "key:enrolled"
    CERTIFICATE_PROPOSED = "certificate:proposed"
    CERTIFICATE_CONFIRMED = "certificate:confirmed"
    CERTIFICATE_ENDED = "certificate:ended"
    UNIT_CREATED = "unit:created"
    UNIT_CHANGED = "unit:changed"
    UNIT_SUCCEEDED = "unit:succeeded"
    LIST_MOVED = "list:moved"
    MEMBERSHIP_GIVEN = "membership:given"
    MEMBERSHIP_ENDED = "membership:ended"
    DELEGATION_GIVEN = "delegation:given"
    DELEGATION_ENDED = "delegation:ended"
    FILE_UPLOADED = "file:uploaded"
    MAPPING_CORRECTED = "mapping:corrected"
    BATCH_IMPORTED = "batch:imported"
    LIST_CREATED = "list:created"
    VILLAGE_ASSIGNED = "list:village_assigned"
    DUE_CHANGED = "list:due_changed"
    LIST_REMINDED = "list:reminded"
    LIST_CLAIMED = "list:claimed"
    LIST_RELEASED = "list:released"
    LIST_TAKEN_OVER = "list:taken_over"
    LIST_ASSIGNED = "list:assigned"
    CLAIM_FELL_FREE = "list:claim_fell_free"
    ENTRY_CORRECTED = "entry:corrected"
    ENTRY_VERIFIED = "entry:verified"
    ENTRY_MARKED = "entry:marked"
    ENTRY_RESTORED = "entry:restored"
    HANDOVER_PREPARED = "handover:prepared"
    HANDOVER_ABANDONED = "handover:abandoned"
    HANDOVER_SENT = "handover:sent"
    HANDOVER_OPENED = "handover:opened"
    HANDOVER_COUNTERSIGNED = "handover:countersigned"
    HANDOVER_TAKEN_IN_PART = "handover:taken_in_part"
    HANDOVER_REFUSED = "handover:refused"
    HANDOVER_RECALLED = "handover:recalled"
    RECORD_STAMPED = "record:stamped"
    RECORD_ARCHIVED = "record:archived"
    RECORD_RENEWED = "record:renewed"
    INK_ENTERED = "handover:ink_entered"
    HANDOVER_SENT_BY_HAND = "handover:sent_by_hand"
    HANDOVER_TAKEN_BY_HAND = "handover:taken_by_hand"
    IMPORT_FILE_MADE = "list:import_file_made"
    IMPORT_ANSWER_READ = "list:import_answer_read"
    VERIFICATION_LIST_READ = "list:verification_list_read"
    WORK_FILE_TAKEN = "list:work_file_taken"
    SHEETS_PRINTED = "sheet:printed"
    SHEET_TYPED = "sheet:typed"
    SHEET_DECIDED = "sheet:decided"
    LIST_COMPLETED = "list:completed"
    LIST_CANCELLED = "list:cancelled"
    LIST_SPLIT = "list:split"
    LIST_PARTED = "list:parted"
    LIST_MERGED = "list:merged"
    LIST_ENLARGED = "list:enlarged"
    ENTRY_WITHDRAWN = "entry:withdrawn"
    LIST_OFFERED = "list:offered"
    LIST_TRANSFERRED = "list:transferred"
    OFFER_DECLINED = "list:offer_declined"
    OFFER_TAKEN_BACK = "list:offer_taken_back"
    PAIR_REVIEWED = "pair:reviewed"
    PAIR_DECIDED = "pair:decided"
    ADJUSTMENT_PROPOSED = "adjustment:proposed"
    ADJUSTMENT_AGREED = "adjustment:agreed"
    ADJUSTMENT_REFUSED = "adjustment:refused"
    ADJUSTMENT_RETRACTED = "adjustment:retracted"
    EXTENSION_ASKED = "extension:asked"
    EXTENSION_GRANTED = "extension:granted"
    EXTENSION_REFUSED = "extension:refused"
    CLOCK_REMINDED = "clock:reminded"
    STEP_DAYS_SET = "batch:step_days_set"
    REOPENING_ASKED = "list:reopening_asked"
    REOPENING_DECLINED = "list:reopening_declined"
    LIST_REOPENED = "list:reopened"
    TRAIL_READ = "trail:read"
    EXAMINATION_STARTED = "examination:started"
    LIST_OPENED = "list:opened"
    RECORD_DOWNLOADED = "record:downloaded"
    LIST_EXPORTED = "list:exported"
    PEOPLE_SEARCHED = "people:searched"
    NUMBER_REVEALED = "number:revealed"
    READING_LIMITED = "reading:limited"
    REPORT_PERIOD_OPENED = "report:period_opened"
    REPORT_FILLED = "report:filled"
    REPORT_HANDED = "report:handed_to_leader"
    REPORT_GIVEN_BACK = "report:given_back"
    REPORT_SENT = "report:sent"
    REPORT_ACCEPTED = "report:accepted"
    REPORT_RETURNED = "report:returned"
    REPORT_RESTATED = "report:restated"
    REPORT_PAPER_DRAWN = "report:paper_drawn"
    REPORT_PAPER_SIGNED = "report:paper_signed"
    REPORT_LEAVE_ASKED = "report:leave_asked"
    REPORT_LEAVE_GRANTED = "report:leave_granted"
    REPORT_LEAVE_REFUSED = "report:leave_refused"
    REPORT_DUTY_PASSED = "report:duty_passed"
    REGISTER_BEGUN = "register:begun"
    REGISTER_CHANGED = "register:changed"
    REGISTER_FILLED = "register:filled"


READING_TAGS = frozenset(
    {
        EventTag.TRAIL_READ,
        EventTag.LIST_OPENED,
        EventTag.RECORD_DOWNLOADED,
        EventTag.LIST_EXPORTED,
        EventTag.PEOPLE_SEARCHED,
        EventTag.NUMBER_REVEALED,
        EventTag.READING_LIMITED,
    }
)
"""Events that only tell who looked; a trail counts them and shows them on demand."""

_REASON = frozenset({"reason", "note"})
_DELEGATION = frozenset({"delegation", "from_member", "to_member"})
_CERTIFICATE = frozenset({"account", "serial", "issuer"})
_MOVING = frozenset({"unit", "from_unit", "to_unit", "entries"})
_NUMBER = frozenset({"number", "manifest_sha256"})
_REPORT = frozenset({"duty", "version"})

PAYLOAD_KEYS: dict[EventTag, frozenset[str]] = {
    EventTag.ACCOUNT_REFUSED: frozenset({"cause"}),
    EventTag.ACCOUNT_CREATED: frozenset({"account"}),
    EventTag.ACCOUNT_CHANGED: frozenset({"account", "changes"}),
    EventTag.KEY_ENROLLED: frozenset({"serial", "not_after"}),
    EventTag.CERTIFICATE_PROPOSED: _CERTIFICATE,
    EventTag.CERTIFICATE_CONFIRMED: _CERTIFICATE,
    EventTag.CERTIFICATE_ENDED: _CERTIFICATE | {"note"},
    EventTag.UNIT_CREATED: frozenset({"unit", "name"}),
    EventTag.UNIT_SUCCEEDED: frozenset({"unit", "from_unit", "to_unit", "document", "lists"}),
    EventTag.LIST_MOVED: frozenset({"from_unit", "to_unit"}),
    EventTag.UNIT_CHANGED: frozenset({"unit", "changes"}),
    EventTag.MEMBERSHIP_GIVEN: frozenset({"account", "unit", "role", "can_sign"}),
    EventTag.MEMBERSHIP_ENDED: frozenset({"account", "unit", "role"}),
    EventTag.DELEGATION_GIVEN: _DELEGATION | {"may_sign", "valid_from", "valid_to"},
    EventTag.DELEGATION_ENDED: _DELEGATION,
    EventTag.FILE_UPLOADED: frozenset({"sha256", "rows", "accepted", "parked"}),
    EventTag.MAPPING_CORRECTED: frozenset({"columns"}),
    EventTag.BATCH_IMPORTED: frozenset({"sha256", "rows", "accepted", "parked", "lists"}),
    EventTag.LIST_CREATED: frozenset({"entries"}),
    EventTag.VILLAGE_ASSIGNED: frozenset({"from_unit", "to_unit"}),
    EventTag.DUE_CHANGED: frozenset({"old", "new"}),
    EventTag.LIST_REMINDED: frozenset({"unit"}),
    EventTag.LIST_TAKEN_OVER: frozenset({"from_member", *_REASON}),
    EventTag.LIST_ASSIGNED: frozenset({"from_member", "to_member"}),
    EventTag.CLAIM_FELL_FREE: frozenset({"from_member"}),
    EventTag.ENTRY_CORRECTED: frozenset({"verdict", "values", *_REASON}),
    EventTag.ENTRY_VERIFIED: frozenset({"verdict", "values", *_REASON}),
    EventTag.ENTRY_MARKED: frozenset({"verdict", "values", *_REASON}),
    EventTag.ENTRY_RESTORED: frozenset({"verdict", "values", *_REASON}),
    EventTag.HANDOVER_PREPARED: _NUMBER,
    EventTag.HANDOVER_ABANDONED: _NUMBER,
    EventTag.HANDOVER_SENT: _NUMBER,
    EventTag.HANDOVER_OPENED: frozenset({"number"}),
    EventTag.HANDOVER_COUNTERSIGNED: _NUMBER,
    EventTag.HANDOVER_TAKEN_IN_PART: _NUMBER | {"taken", "exceptions", "exceptions_number", "exceptions_sha256"},
    EventTag.HANDOVER_REFUSED: _NUMBER | _REASON,
    EventTag.HANDOVER_RECALLED: _NUMBER | _REASON,
    EventTag.RECORD_STAMPED: frozenset({"number", "level"}),
    EventTag.RECORD_ARCHIVED: frozenset({"number", "level"}),
    EventTag.RECORD_RENEWED: frozenset({"number", "level"}),
    EventTag.INK_ENTERED: frozenset({"number", "sha256", "signer"}),
    EventTag.HANDOVER_SENT_BY_HAND: _NUMBER | {"sha256", "signer"},
    EventTag.HANDOVER_TAKEN_BY_HAND: _NUMBER | {"sha256", "signer"},
    EventTag.IMPORT_FILE_MADE: frozenset({"sha256", "entries"}),
    EventTag.IMPORT_ANSWER_READ: frozenset({"sha256", "applied", "failed", "unmatched"}),
    EventTag.WORK_FILE_TAKEN: frozenset({"sha256", "entries", "conflicts"}),
    EventTag.SHEETS_PRINTED: frozenset({"print", "sheets", "entries", "twice"}),
    EventTag.SHEET_TYPED: frozenset({"sheet", "outcome"}),
    EventTag.SHEET_DECIDED: frozenset({"sheet"}),
    EventTag.VERIFICATION_LIST_READ: frozenset({"sha256", "confirmed", "failed", "unmatched"}),
    EventTag.LIST_COMPLETED: _NUMBER,
    EventTag.LIST_CANCELLED: _REASON,
    EventTag.LIST_SPLIT: frozenset({"parts", "entries", "numbers"}),
    EventTag.LIST_PARTED: frozenset({"list", "entries"}),
    EventTag.LIST_MERGED: frozenset({"list", "entries"}),
    EventTag.LIST_ENLARGED: frozenset({"list", "entries"}),
    EventTag.ENTRY_WITHDRAWN: _REASON,
    EventTag.LIST_OFFERED: _MOVING | _REASON,
    EventTag.LIST_TRANSFERRED: _MOVING | _REASON,
    EventTag.OFFER_DECLINED: _MOVING | _REASON,
    EventTag.OFFER_TAKEN_BACK: _MOVING,
    EventTag.PAIR_REVIEWED: frozenset({"pair"}),
    EventTag.PAIR_DECIDED: frozenset({"pair", "decision"}),
    EventTag.ADJUSTMENT_PROPOSED: _NUMBER,
    EventTag.ADJUSTMENT_AGREED: _NUMBER,
    EventTag.ADJUSTMENT_REFUSED: _NUMBER | _REASON,
    EventTag.ADJUSTMENT_RETRACTED: _NUMBER | _REASON,
    EventTag.EXTENSION_ASKED: frozenset({"old", "wished", *_REASON}),
    EventTag.EXTENSION_GRANTED: frozenset({"old", "new", "document", *_REASON}),
    EventTag.EXTENSION_REFUSED: frozenset({"old", "document", *_REASON}),
    EventTag.CLOCK_REMINDED: frozenset({"unit", "step", "due"}),
    EventTag.STEP_DAYS_SET: frozenset({"days"}),
    EventTag.REOPENING_ASKED: _REASON,
    EventTag.REOPENING_DECLINED: _REASON,
    EventTag.LIST_REOPENED: _REASON,
    EventTag.RECORD_DOWNLOADED: frozenset({"number"}),
    EventTag.LIST_EXPORTED: frozenset({"kind", "mark"}),
    EventTag.NUMBER_REVEALED: frozenset({"why"}),
    EventTag.READING_LIMITED: frozenset({"what", "most"}),
    EventTag.EXAMINATION_STARTED: frozenset({"examination", "records"}),
    EventTag.REPORT_PERIOD_OPENED: frozenset({"period", "form", "as_of", "duties"}),
    EventTag.REPORT_FILLED: _REPORT | {"fields"},
    EventTag.REPORT_HANDED: _REPORT,
    EventTag.REPORT_GIVEN_BACK: _REPORT,
    EventTag.REPORT_SENT: _REPORT | {"values_sha256"},
    EventTag.REPORT_ACCEPTED: _REPORT,
    EventTag.REPORT_RETURNED: _REPORT | {"note"},
    EventTag.REPORT_RESTATED: _REPORT | {"note"},
    EventTag.REPORT_PAPER_DRAWN: _REPORT | {"sha256"},
    EventTag.REPORT_PAPER_SIGNED: _REPORT | {"sha256"},
    EventTag.REPORT_LEAVE_ASKED: frozenset({"duty", "wished", "note"}),
    EventTag.REPORT_LEAVE_GRANTED: frozenset({"duty", "until", "document", "note"}),
    EventTag.REPORT_LEAVE_REFUSED: frozenset({"duty", "document", "note"}),
    EventTag.REPORT_DUTY_PASSED: frozenset({"duty", "from_unit", "to_unit"}),
    EventTag.REGISTER_BEGUN: frozenset({"register", "rows"}),
    EventTag.REGISTER_CHANGED: frozenset({"register", "row"}),
    EventTag.REGISTER_FILLED: frozenset({"register", "rows", "sha256"}),
}
"""The exact keys of each tag's payload; tags not named here carry an empty payload."""


def check_payload(tag: EventTag, keys: frozenset[str]) -> None:
    """Raise DomainError when a payload does not have exactly its tag's keys."""
    wanted = PAYLOAD_KEYS.get(tag, frozenset())
    if keys != wanted:
        raise DomainError(f"Sự kiện {tag} cần đúng các khóa {sorted(wanted)}, nhận được {sorted(keys)}.")
