"""One fix over many alike: the rules' suggestion for one kind of finding, taken for all whom it puts in order."""

from collections.abc import Sequence
from uuid import UUID

from portal.domain.bulk import BulkKind
from portal.domain.errors import StaleVersion
from portal.domain.fields import Field
from portal.domain.permissions import Actor
from portal.domain.stages import Party
from portal.domain.transitions import WORK_ACTION
from portal.domain.verdicts import Verdict
from portal.domain.wording import say
from portal.models import BulkAct, BulkItem
from portal.queries import facets
from portal.services.bulk import acts
from portal.services.bulk.concluding import entry_of, held
from portal.services.bulk.singles import Single
from portal.services.entries import Conclusion, apply_conclusion, check_unchanged
from portal.services.restoring import standing
from portal.services.transitions import load_list, permit


def take_suggestions(
    actor: Actor, list_id: UUID, code: str, field: Field, *, expected: int | None = None, key: str = ""
) -> UUID:
    """Take the suggestion for one kind of finding for all whom it alone puts in order; returns the bulk act's id.

    It is one act that can be undone until the list is sent. `expected` is the count the person saw: where it changed
    meanwhile nothing is done (StaleVersion).
    """

    def choose() -> Sequence[acts.Target]:
        permit(actor, load_list(actor, list_id, lock=True), WORK_ACTION[Party.VILLAGE])
        found = facets.fixable(actor, list_id, code, field)
        if expected is not None and len(found) != expected:
            raise StaleVersion(
                say(
                    "Lúc bạn xem có {expected} người sửa được như nhau, nay có {found}. "
                    "Chưa ghi gì; hãy xem lại rồi làm.",
                    expected=expected,
                    found=len(found),
                )
            )
        return [acts.Target(list_id, entry_id) for entry_id in found]

    what = {"code": code, "field": field.value, "round": None, "party": ""}
    return acts.start(actor, BulkKind.TAKE_SUGGESTION, choose, what, list_id=list_id, key=key)


def begin_taking(actor: Actor, act: BulkAct) -> Single:
    """The single act: the village's «fixed» with the suggested value, as `entries.conclude` makes it."""
    of_list, party = held(actor, act)
    field = Field(act.what["field"])

    def single(item: BulkItem) -> None:
        entry = entry_of(of_list, item)
        check_unchanged(entry, item.seen_rev)
        if not facets.is_fixed_by(entry, field):
            raise StaleVersion(say("Người này đã có kết luận, hoặc còn điều khác phải sửa; hãy mở xem riêng."))
        item.before = standing(entry, party)
        said = Conclusion(Verdict.FIXED, {field: entry.suggestions[field.value]}, source="rule")
        apply_conclusion(actor, of_list, entry, party, said)
        item.rev = entry.rev

    return single
