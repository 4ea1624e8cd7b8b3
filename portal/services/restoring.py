"""Taking a conclusion back: what stood before stands again, as a new fact; the conclusion stays in the log."""

from typing import Any

from sqlalchemy import func, select

from portal.clock import now
from portal.domain.events import EventTag
from portal.domain.permissions import Actor
from portal.domain.stages import Party
from portal.models import CorrectionList, Entry, EntryValue, EntryVerdict, db
from portal.services import sights
from portal.services.auditing import record
from portal.services.entries import ORIGIN, is_decided, is_returned, touch

_MARKS = tuple(f"{party}_{part}" for party in Party for part in ("verdict", "reason", "note"))
_COLUMNS = (*_MARKS, "lane", "marks", "outcome")


def standing(entry: Entry, party: Party) -> dict[str, Any]:
    """What a conclusion of the party may change on the entry, as it stands now; `restore` takes it."""
    origin = ORIGIN[party]
    return {name: _copy(getattr(entry, name)) for name in (*_COLUMNS, origin)}


def restore(
    actor: Actor,
    of_list: CorrectionList,
    entry: Entry,
    party: Party,
    before: dict[str, Any],
    undoes: int | None = None,
) -> None:
    """Bring back what stood before a conclusion, within the running transaction: values, verdicts, counts, event.

    The caller has locked the list and made sure that nothing changed since. Values and verdicts are append-only:
    what comes back is written down again, by whoever took the conclusion back. `undoes` is the verdict that is taken
    back; where none is named it is the newest.
    """
    was_decided, was_returned = is_decided(entry, party), is_returned(entry, party)
    value_ids = _store_values(actor, of_list, entry, party, before[ORIGIN[party]])
    for name in _COLUMNS:
        setattr(entry, name, _copy(before[name]))
    verdict, reason, note = (before[f"{party}_{part}"] for part in ("verdict", "reason", "note"))
    db.session.add(
        EntryVerdict(
            province_id=entry.province_id, entry_id=entry.id, party=party.value, verdict=verdict, reason=reason,
            note=note, round=of_list.round, user_id=actor.user_id, membership_id=actor.membership_id,
            delegation_id=actor.delegation_id, at=now(), undoes=undoes or _newest(entry, party),
        )
    )  # fmt: skip
    of_list.decided += int(is_decided(entry, party)) - int(was_decided)
    of_list.returned += int(is_returned(entry, party)) - int(was_returned)
    touch(actor, of_list, entry)
    if party is Party.POLICE:
        sights.follow_own(sights.sight_of(actor, entry), entry)
    record(
        EventTag.ENTRY_RESTORED,
        actor,
        of_list=of_list,
        entry_id=entry.id,
        verdict=verdict,
        values=value_ids,
        reason=reason,
        note=note,
    )


def _newest(entry: Entry, party: Party) -> int | None:
    query = select(func.max(EntryVerdict.id)).where(
        EntryVerdict.entry_id == entry.id, EntryVerdict.party == party.value
    )
    return db.session.execute(query).scalar_one()


def _store_values(
    actor: Actor, of_list: CorrectionList, entry: Entry, party: Party, values: dict[str, str]
) -> list[int]:
    origin = ORIGIN[party]
    present: dict[str, str] = getattr(entry, origin)
    rows = [
        EntryValue(
            province_id=entry.province_id, entry_id=entry.id, field=name, origin=origin, value=values.get(name, ""),
            previous=present.get(name, ""), source=party.value, round=of_list.round, user_id=actor.user_id,
            membership_id=actor.membership_id,
            delegation_id=actor.delegation_id, at=now(),
        )
        for name in sorted(set(values) | set(present))
        if values.get(name) != present.get(name)
    ]  # fmt: skip
    db.session.add_all(rows)
    setattr(entry, origin, dict(values))
    db.session.flush()
    return [row.id for row in rows]


def _copy(value: Any) -> Any:  # noqa: ANN401  a column's value
    return value.copy() if isinstance(value, (dict, list)) else value
