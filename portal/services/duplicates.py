"""Persons who stand twice: what reviewers say of a pair. Nothing is merged."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from portal.clock import now
from portal.domain.errors import NotPermitted, WrongStage
from portal.domain.events import EventTag
from portal.domain.fields import Field, Person
from portal.domain.pair_decisions import OPEN_PAIRS, PairState, PairVerdict, decision
from portal.domain.pairs import PairKind, traits_of
from portal.domain.permissions import Actor
from portal.domain.verdicts import check_note
from portal.domain.wording import say
from portal.matching.pairs import hashed_keys
from portal.models import CorrectionList, DuplicateOpinion, DuplicatePair, EarlierNumber, Entry, EntryBlock, db
from portal.queries.duplicates import PairRow, find_pair, newest, said_of, sees_both
from portal.services.auditing import record
from portal.services.reading import log_read
from portal.services.unit_of_work import once


def judge(actor: Actor, pair_id: UUID, verdict: PairVerdict, note: str = "", *, key: str = "") -> PairState:
    """Say whether a pair is one person. Returns the pair's state afterwards; nothing is merged.

    Raises NotFound where neither person may be seen, NotPermitted where only one may be (the unit above both
    decides), WrongStage where the pair is decided already or the same person judged it before.
    """
    check_note("", note)

    def act() -> dict[str, Any]:
        pair = find_pair(actor, pair_id, lock=True)
        if not sees_both(actor, pair):
            raise NotPermitted(
                say(
                    "Người kia thuộc xã khác nên cơ quan giám sát của cả hai xã kết luận; "
                    "mỗi xã chỉ xem người của mình."
                )
            )
        _check_open(actor, pair)
        db.session.add(
            DuplicateOpinion(
                pair_id=pair.id, user_id=actor.user_id, membership_id=actor.membership_id,
                delegation_id=actor.delegation_id, memory=pair.memory,
                verdict=verdict.value, note=note.strip(), at=now(),
            )
        )  # fmt: skip
        db.session.flush()
        said = db.session.scalars(select(DuplicateOpinion.verdict).where(said_of(pair)).order_by(DuplicateOpinion.id))
        decided = decision([PairVerdict(each) for each in said], is_hard=pair.is_hard)
        pair.state = PairState.SECOND.value
        if decided:
            pair.state, pair.decision, pair.decided_at = PairState.DECIDED.value, decided.value, now()
        _tell(actor, pair, EventTag.PAIR_REVIEWED)
        if decided:
            _tell(actor, pair, EventTag.PAIR_DECIDED, decision=decided.value)
            _keep_numbers(pair)
        return {"state": pair.state}

    return PairState(once(actor.user_id, key, f"judge_pair:{pair_id}", act)["state"])


def _check_open(actor: Actor, pair: DuplicatePair) -> None:
    if PairState(pair.state) not in OPEN_PAIRS:
        raise WrongStage(say("Cặp này đã được kết luận rồi. Hãy tải lại trang để xem."))
    mine = select(DuplicateOpinion.id).where(said_of(pair), DuplicateOpinion.user_id.in_(actor.persons))
    if db.session.scalar(mine.limit(1)):
        raise WrongStage(say("Bạn đã xem cặp này rồi. Cặp khó cần một người khác xem độc lập."))


def _tell(actor: Actor, pair: DuplicatePair, tag: EventTag, **said: Any) -> None:  # noqa: ANN401  payload
    """The same event in the trail of both lists; what a reviewer said stays untold until the pair is decided."""
    for entry_id in (pair.one_entry_id, pair.other_entry_id):
        of_list = db.session.get_one(CorrectionList, db.session.get_one(Entry, entry_id).list_id)
        record(tag, actor, of_list=of_list, entry_id=entry_id, pair=str(pair.id), **said)


def _keep_numbers(pair: DuplicatePair) -> None:
    """One person with two numbers: each entry remembers the other's number, so that both find him or her."""
    if pair.kind != PairKind.TWO_NUMBERS.value or pair.decision != PairVerdict.SAME.value:
        return
    one, other = (db.session.get_one(Entry, each) for each in (pair.one_entry_id, pair.other_entry_id))
    rows = [
        {"province_id": mine.province_id, "entry_id": mine.id, "number": number, "pair_id": pair.id, "at": now()}
        for mine, theirs in ((one, other), (other, one))
        if (number := newest(theirs)[Field.ID_NUMBER.value])
    ]
    if not rows:
        return
    db.session.execute(insert(EarlierNumber).values(rows).on_conflict_do_nothing())
    blocks = [
        {"key": key, "entry_id": row["entry_id"]}
        for row in rows
        for key in hashed_keys(traits_of(Person(id_number=str(row["number"]))))
    ]
    db.session.execute(insert(EntryBlock).values(blocks).on_conflict_do_nothing())


def note_reading(actor: Actor, row: PairRow) -> bool:
    """Write down that the lists of both, as far as the actor may see them, were opened; True where it was new."""
    lists = {side.list_id for side in (row.one, row.other) if side.is_seen and side.list_id}
    found = [db.session.get_one(CorrectionList, each) for each in sorted(lists)]
    written = [log_read(actor, EventTag.LIST_OPENED, each) for each in found]
    return any(written)
