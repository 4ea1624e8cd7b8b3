"""What a returned workbook does to one person of a list: the conclusion that its row states."""

from portal.domain.fields import Field
from portal.domain.permissions import Actor
from portal.domain.stages import Party
from portal.domain.verdicts import Verdict
from portal.models import BulkAct, BulkItem
from portal.services.bulk.concluding import entry_of, held
from portal.services.bulk.singles import Single
from portal.services.entries import Conclusion, apply_conclusion, check_unchanged
from portal.services.restoring import standing
from portal.services.sights import require_shown

SOURCE = "excel"
"""Where a value came from that a workbook brought."""


def begin_taking(actor: Actor, act: BulkAct) -> Single:
    """The single act: the party's conclusion on one person as its row in the workbook states it."""
    of_list, party = held(actor, act)

    def single(item: BulkItem) -> None:
        entry = entry_of(of_list, item)
        check_unchanged(entry, item.seen_rev)
        if party is Party.POLICE:
            require_shown(actor, entry)
        item.before = standing(entry, party)
        apply_conclusion(actor, of_list, entry, party, _said(act.what["rows"][str(entry.id)]))
        item.rev = entry.rev

    return single


def _said(row: dict[str, object]) -> Conclusion:
    values = row["values"]
    stated = {Field(name): str(text) for name, text in values.items()} if isinstance(values, dict) else {}
    return Conclusion(
        Verdict(str(row["verdict"])), stated, reason=str(row["reason"]), note=str(row["note"]), source=SOURCE
    )
