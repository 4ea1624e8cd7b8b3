"""What a bulk act does to one person of a list: the party's conclusion, and taking it back."""

from portal.domain.errors import NotFound, StaleVersion
from portal.domain.permissions import Actor
from portal.domain.stages import Party
from portal.domain.transitions import WORK_ACTION
from portal.domain.verdicts import Verdict
from portal.domain.wording import say
from portal.models import BulkAct, BulkItem, CorrectionList, Entry, db
from portal.services.bulk.singles import Single
from portal.services.entries import Conclusion, apply_conclusion, check_unchanged, working_party
from portal.services.restoring import restore, standing
from portal.services.sights import require_shown
from portal.services.transitions import load_list, permit


def begin_concluding(actor: Actor, act: BulkAct) -> Single:
    """The single act: the party's conclusion on one person, as `entries.conclude` makes it."""
    of_list, party = held(actor, act)
    said = Conclusion(Verdict(act.what["verdict"]), reason=act.what["reason"], note=act.what["note"])

    def single(item: BulkItem) -> None:
        entry = entry_of(of_list, item)
        check_unchanged(entry, item.seen_rev)
        if party is Party.POLICE:
            require_shown(actor, entry)
        item.before = standing(entry, party)
        apply_conclusion(actor, of_list, entry, party, said)
        item.rev = entry.rev

    return single


def begin_restoring(actor: Actor, act: BulkAct) -> Single:
    """Taking back: what stood before, for whoever has not been changed since."""
    of_list, party = held(actor, act)

    def single(item: BulkItem) -> None:
        entry = entry_of(of_list, item)
        check_unchanged(entry, item.seen_rev)
        restore(actor, of_list, entry, party, item.before)

    return single


def held(actor: Actor, act: BulkAct) -> tuple[CorrectionList, Party]:
    """The act's list, locked, and the party that works on it; StaleVersion where it has moved on since."""
    assert act.list_id is not None  # noqa: S101  a bulk act over entries names their list
    of_list = load_list(actor, act.list_id, lock=True)
    party = working_party(actor)
    permit(actor, of_list, WORK_ACTION[party])
    if act.what["round"] not in (None, of_list.round) or act.what["party"] not in ("", party.value):
        raise StaleVersion(say("Danh sách đã sang bước hoặc vòng khác nên việc này không làm tiếp được."))
    act.what = {**act.what, "round": of_list.round, "party": party.value}
    return of_list, party


def entry_of(of_list: CorrectionList, item: BulkItem) -> Entry:
    """The item's person, locked; NotFound where it left the list."""
    entry = db.session.get(Entry, item.entry_id, with_for_update=True, populate_existing=True)
    if entry is None or entry.list_id != of_list.id:
        raise NotFound(say("Người này không còn trong danh sách."))
    return entry
