"""Looking for persons who stand twice: a batch's people against each other and against everybody known."""

import hashlib
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from portal.clock import now
from portal.domain.fields import Person
from portal.domain.pair_decisions import OPEN_PAIRS, PairState, PairVerdict
from portal.domain.pairs import Judgement, Traits, traits_of
from portal.matching.pairs import MOST_COMPARED, find_pairs, hashed_keys
from portal.models import Batch, CorrectionList, DuplicatePair, EarlierNumber, Entry, EntryBlock, db
from portal.queries.duplicates import newest
from portal.services.unit_of_work import transaction

TASK = "duplicates.search"
_AT_ONCE = 4_000
_CHANGED_WITHIN = timedelta(hours=26)
_LOCK = 7_105
_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Record:
    """An entry as it is compared; one with an earlier number stands twice, once under each."""

    entry_id: int
    province_id: int
    traits: Traits


_Ends = tuple[int, int]


def search(batch_id: UUID) -> int:
    """Compare a batch's people with each other and with all who share a blocking key; returns the pairs written.

    Safe to be run again: decided pairs stay, open ones whose values no longer match are set aside, and two persons
    once called different are not told again.
    """
    with transaction():
        # One search at a time: two would not see each other's keys.
        db.session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        own = _records(Entry.batch_id == batch_id)
        if not own:
            return 0
        known = sorted({each.entry_id for each in own})
        partners = sorted(_sharers(_store_keys(own, known)).difference(known))
        others = [each for chunk in _chunks(partners) for each in _records(Entry.id.in_(chunk))]
        everybody = own + others
        found = _judgements(everybody, len(own))
        made = _store_pairs({each.entry_id: each for each in reversed(everybody)}, found)
        _set_aside(known, set(found))
        return made


def search_each(batch_ids: Iterable[UUID]) -> list[UUID]:
    """Search batch after batch; returns those that failed.

    The program's log names the kind of failure only: an error's own words may hold a citizen's values.
    """
    failed = []
    for batch_id in batch_ids:
        try:
            search(batch_id)
        except Exception as error:
            _LOGGER.warning("looking for duplicates in batch %s failed: %s", batch_id, type(error).__name__)
            failed.append(batch_id)
    return failed


def changed_batches() -> Sequence[UUID]:
    """The batches in which somebody's values changed within a day, and those that were never searched."""
    changed = select(Entry.batch_id).where(Entry.changed_at > now() - _CHANGED_WITHIN)
    of_batch = select(Entry.id).where(Entry.batch_id == Batch.id).correlate(Batch)
    searched = of_batch.join(EntryBlock, EntryBlock.entry_id == Entry.id)
    never = select(Batch.id).where(of_batch.exists(), ~searched.exists())
    return db.session.scalars(changed.union(never)).all()


def _records(*conditions: Any) -> list[_Record]:  # noqa: ANN401  conditions on Entry
    query = (
        select(
            Entry.id, Entry.province_id, Entry.recorded, Entry.proposed, Entry.verified, Entry.final,
            CorrectionList.station_unit_id, CorrectionList.village_unit_id,
        )
        .join(CorrectionList, CorrectionList.id == Entry.list_id)
        .where(*conditions)
        .order_by(Entry.id)
    )  # fmt: skip
    found = []
    for row in db.session.execute(query):
        traits = traits_of(Person(**newest(row)), commune=row.station_unit_id, village=row.village_unit_id or 0)
        found.append(_Record(row.id, row.province_id, traits))
    earlier = select(EarlierNumber.entry_id, EarlierNumber.number).join(Entry, Entry.id == EarlierNumber.entry_id)
    by_id = {each.entry_id: each for each in found}
    for entry_id, number in db.session.execute(earlier.where(*conditions)):
        borne = by_id[entry_id]
        found.append(_Record(entry_id, borne.province_id, borne.traits._replace(number=number)))
    return found


def _judgements(everybody: Sequence[_Record], own: int) -> dict[_Ends, Judgement]:
    """The pairs by their entries, the older one first; of two under several numbers the stronger likeness."""
    found: dict[_Ends, Judgement] = {}
    for pair in find_pairs([each.traits for each in everybody], among=range(own)):
        one, other = sorted((everybody[pair.one].entry_id, everybody[pair.other].entry_id))
        known = found.get((one, other))
        if one != other and (known is None or known.weight < pair.judgement.weight):
            found[one, other] = pair.judgement
    return found


def _store_keys(own: Sequence[_Record], entry_ids: Sequence[int]) -> set[int]:
    """Write the batch's blocking keys anew; returns all of them."""
    rows = {(key, each.entry_id) for each in own for key in hashed_keys(each.traits)}
    for chunk in _chunks(entry_ids):
        db.session.execute(delete(EntryBlock).where(EntryBlock.entry_id.in_(chunk)))
    # A decision about a pair may write one of them meanwhile.
    write = upsert(EntryBlock).on_conflict_do_nothing()
    for part in _chunks(sorted(rows)):
        db.session.execute(write, [{"key": key, "entry_id": entry_id} for key, entry_id in part])
    return {key for key, _ in rows}


def _sharers(keys: set[int]) -> set[int]:
    """Everybody who has one of the keys; of a key that many share (a filler for a number) the newest only."""
    found: set[int] = set()
    ids = func.array_agg(EntryBlock.entry_id)
    for chunk in _chunks(sorted(keys)):
        for shared in db.session.scalars(select(ids).where(EntryBlock.key.in_(chunk)).group_by(EntryBlock.key)):
            found.update(sorted(shared)[-MOST_COMPARED:])
    return found


def _store_pairs(by_id: dict[int, _Record], found: dict[_Ends, Judgement]) -> int:
    """Write the pairs that are new, judge open ones anew; a pair whose two persons were told apart stays away."""
    rows = [_row(by_id[ends[0]], by_id[ends[1]], judgement) for ends, judgement in found.items()]
    apart: set[str] = set()
    for chunk in _chunks(sorted({row["memory"] for row in rows})):
        told_apart = DuplicatePair.decision == PairVerdict.DIFFERENT.value
        apart.update(
            db.session.scalars(select(DuplicatePair.memory).where(DuplicatePair.memory.in_(chunk), told_apart))
        )
    made = 0
    for part in _chunks([row for row in rows if row["memory"] not in apart]):
        statement = upsert(DuplicatePair).values(part)
        fresh = {name: statement.excluded[name] for name in ("kind", "weight", "is_hard", "evidence", "memory")}
        statement = statement.on_conflict_do_update(
            index_elements=["one_entry_id", "other_entry_id"],
            set_={**fresh, "state": PairState.OPEN.value},
            where=or_(
                DuplicatePair.state.in_((PairState.OPEN.value, PairState.GONE.value)),
                # Half judged, and written otherwise since: the first look was at other values.
                and_(
                    DuplicatePair.state == PairState.SECOND.value, DuplicatePair.memory != statement.excluded.memory
                ),
            ),
        )
        db.session.execute(statement)
        made += len(part)
    return made


def _row(one: _Record, other: _Record, judgement: Judgement) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "province_id": one.province_id,
        "one_entry_id": one.entry_id,
        "other_entry_id": other.entry_id,
        "kind": judgement.kind.value,
        "weight": round(judgement.weight, 1),
        "is_hard": judgement.is_hard,
        "evidence": {str(each.field or "place"): each.weight for each in judgement.evidence},
        "memory": _memory(one.traits, other.traits),
        "state": PairState.OPEN.value,
        "decision": "",
        "found_at": now(),
    }


def _memory(one: Traits, other: Traits) -> str:
    """A digest of the two persons as they are written, whatever list they stand on."""
    texts = sorted("\x1f".join((each.number, each.name, each.date, each.sex)) for each in (one, other))
    return hashlib.sha256("\x1e".join(texts).encode()).hexdigest()


def _set_aside(entry_ids: Sequence[int], found: set[_Ends]) -> None:
    """Open pairs of these entries that are no longer alike: their values were corrected."""
    for chunk in _chunks(entry_ids):
        open_ones = db.session.execute(
            select(DuplicatePair.id, DuplicatePair.one_entry_id, DuplicatePair.other_entry_id).where(
                DuplicatePair.state.in_(OPEN_PAIRS),
                DuplicatePair.one_entry_id.in_(chunk) | DuplicatePair.other_entry_id.in_(chunk),
            )
        ).all()
        gone = [row.id for row in open_ones if (row.one_entry_id, row.other_entry_id) not in found]
        if gone:
            # Asked again: somebody may have decided one since it was read.
            still_open = DuplicatePair.state.in_(OPEN_PAIRS)
            set_aside = update(DuplicatePair).where(DuplicatePair.id.in_(gone), still_open)
            db.session.execute(set_aside.values(state=PairState.GONE.value))


def _chunks(rows: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (rows[start : start + _AT_ONCE] for start in range(0, len(rows), _AT_ONCE))
