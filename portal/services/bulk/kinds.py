"""What each kind of bulk act does to one item: always the single act's own function, never a second way."""

from portal.domain.bulk import BulkKind
from portal.services.bulk import arranging, concluding, returning, sharing, signing, suggesting
from portal.services.bulk.singles import Work

WORKS: dict[BulkKind, Work] = {
    BulkKind.CONCLUDE: Work(concluding.begin_concluding, concluding.begin_restoring, at_once=200),
    BulkKind.TAKE_SUGGESTION: Work(suggesting.begin_taking, concluding.begin_restoring, at_once=200),
    BulkKind.ASSIGN_VILLAGE: Work(arranging.begin_assigning, arranging.begin_assigning_back),
    BulkKind.CHANGE_DUE: Work(arranging.begin_changing_due, arranging.begin_changing_due_back),
    BulkKind.REMIND: Work(arranging.begin_reminding),
    BulkKind.PREPARE: Work(arranging.begin_preparing, afterwards=arranging.draw_prepared, at_once=3),
    BulkKind.ASSIGN_PERSON: Work(sharing.begin_giving, sharing.begin_giving_back),
    BulkKind.WORK_FILE: Work(returning.begin_taking, concluding.begin_restoring, at_once=200),
    BulkKind.SIGN: Work(signing.needs_the_key),
}
"""A new kind is one line here, a member of `BulkKind` and its words; see docs/architecture.md."""
