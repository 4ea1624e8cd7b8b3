"""One conclusion over many people of a list: those ticked, or all who match a filter."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from portal.domain.bulk import BulkKind
from portal.domain.errors import InvalidInput, StaleVersion
from portal.domain.permissions import Actor
from portal.domain.stages import Party
from portal.domain.transitions import WORK_ACTION
from portal.domain.verdicts import check_verdict
from portal.domain.wording import say
from portal.models import Entry, db
from portal.queries.entries import PeopleFilter, matching
from portal.services.bulk import acts
from portal.services.entries import Conclusion, working_party
from portal.services.transitions import load_list, permit


def conclude_ticked(
    actor: Actor, list_id: UUID, ticked: Mapping[int, int], said: Conclusion, *, key: str = ""
) -> UUID:
    """Give the people with these numbers one conclusion; each number comes with the version that was shown.

    Returns the bulk act's id. A person who changed since the page was shown is left alone and reported.
    """

    def choose() -> Sequence[acts.Target]:
        _permitted(actor, list_id, said)
        found = db.session.execute(
            select(Entry.number, Entry.id).where(Entry.list_id == list_id, Entry.number.in_(ticked))
        )
        ids = {row.number: row.id for row in found}
        if missing := sorted(set(ticked) - set(ids)):
            raise StaleVersion(
                say("Dòng {number} không còn trong danh sách này. Hãy tải lại trang rồi chọn lại.", number=missing[0])
            )
        return [acts.Target(list_id, ids[number], ticked[number]) for number in sorted(ids)]

    return acts.start(actor, BulkKind.CONCLUDE, choose, _what(said), list_id=list_id, key=key)


def conclude_matching(
    actor: Actor, list_id: UUID, wanted: PeopleFilter, said: Conclusion, *, expected: int | None = None, key: str = ""
) -> UUID:
    """Give everybody who matches the filter one conclusion; the filter is evaluated in the act's own transaction.

    `expected` is the count the person confirmed: when it changed meanwhile nothing is done (StaleVersion). Not for
    the police: a row that was not shown is never called right (InvalidInput).
    """

    def choose() -> Sequence[acts.Target]:
        if _permitted(actor, list_id, said) is Party.POLICE:
            raise InvalidInput(
                say(
                    "Công an chỉ kết luận những dòng đã hiện trên trang. "
                    "Hãy chọn từng dòng, hoặc cả trang, rồi làm lại."
                )
            )
        found = matching(actor, list_id, working_party(actor), wanted)
        if expected is not None and len(found) != expected:
            raise StaleVersion(
                say(
                    "Lúc bạn xem có {expected} người khớp bộ lọc, nay có {found}. Chưa ghi gì; hãy xem lại rồi làm.",
                    expected=expected,
                    found=len(found),
                )
            )
        return [acts.Target(list_id, entry_id) for entry_id in found]

    return acts.start(actor, BulkKind.CONCLUDE, choose, _what(said), list_id=list_id, key=key)


def _permitted(actor: Actor, list_id: UUID, said: Conclusion) -> Party:
    """The party that may work on the list now, after a look at the conclusion itself; takes the list's lock."""
    of_list = load_list(actor, list_id, lock=True)
    party = working_party(actor)
    permit(actor, of_list, WORK_ACTION[party])
    check_verdict(party, said.verdict, said.reason, said.note)
    return party


def _what(said: Conclusion) -> dict[str, object]:
    return {"verdict": said.verdict.value, "reason": said.reason, "note": said.note, "round": None, "party": ""}
