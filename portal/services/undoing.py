"""Taking back the last verdict on the police's grid: what stood before stands again, and both stay written."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from portal.domain.errors import InvalidInput, StaleVersion
from portal.domain.permissions import Actor
from portal.domain.stages import Party
from portal.domain.transitions import WORK_ACTION
from portal.domain.verdicts import Verdict
from portal.domain.wording import say
from portal.models import CorrectionList, Entry, EntryValue, EntryVerdict, User, db
from portal.services.restoring import restore, standing
from portal.services.transitions import load_list, permit
from portal.services.unit_of_work import once

NOTHING = say("Không còn kết luận nào của bạn trong phiên làm việc này để hoàn tác.")


def undo_last(actor: Actor, list_id: UUID, *, since: datetime, key: str = "") -> dict[str, Any]:
    """Take back the actor's newest verdict on the list given after `since` (the sign-in); answers with its row.

    Each call goes one verdict further back. The verdict stays in the trail beside the event that takes it back.
    Raises InvalidInput where there is none left, StaleVersion where somebody else concluded the row afterwards,
    WrongStage once the list is pending or has gone on.
    """

    def act() -> dict[str, Any]:
        of_list = load_list(actor, list_id, lock=True)
        permit(actor, of_list, WORK_ACTION[Party.POLICE])
        undone = _newest(actor, of_list, since)
        if undone is None:
            raise InvalidInput(NOTHING)
        entry = db.session.get_one(Entry, undone.entry_id, with_for_update=True, populate_existing=True)
        _refuse_overtaken(entry, undone)
        restore(actor, of_list, entry, Party.POLICE, _before(entry, undone), undoes=undone.id)
        return {"number": entry.number, "rev": entry.rev, "decided": of_list.decided}

    return once(actor.user_id, key, f"undo:{list_id}", act)


def _newest(actor: Actor, of_list: CorrectionList, since: datetime) -> EntryVerdict | None:
    """The newest verdict of the actor that no later one takes back."""
    later = aliased(EntryVerdict)
    query = (
        select(EntryVerdict)
        .join(Entry, Entry.id == EntryVerdict.entry_id)
        .where(
            Entry.list_id == of_list.id,
            EntryVerdict.party == Party.POLICE.value,
            EntryVerdict.round == of_list.round,
            EntryVerdict.user_id == actor.user_id,
            EntryVerdict.at >= since,
            EntryVerdict.undoes.is_(None),
            ~exists().where(later.undoes == EntryVerdict.id, later.entry_id == EntryVerdict.entry_id),
        )
        .order_by(EntryVerdict.id.desc())
        .limit(1)
    )
    return db.session.execute(query).scalar_one_or_none()


def _refuse_overtaken(entry: Entry, undone: EntryVerdict) -> None:
    """Somebody else's later verdict is not touched; verdicts that were taken back themselves do not count."""
    query = (
        select(User.full_name)
        .join(EntryVerdict, EntryVerdict.user_id == User.id)
        .where(
            EntryVerdict.entry_id == entry.id,
            EntryVerdict.party == Party.POLICE.value,
            EntryVerdict.id > undone.id,
            EntryVerdict.user_id != undone.user_id,
        )
        .limit(1)
    )
    by = db.session.execute(query).scalar_one_or_none()
    if by is not None:
        raise StaleVersion(
            say(
                "Dòng {number} đã được {by} kết luận lại sau bạn nên không hoàn tác được. "
                "Hãy xem dòng đó rồi kết luận lại nếu cần.",
                number=entry.number,
                by=by,
            )
        )


def _before(entry: Entry, undone: EntryVerdict) -> dict[str, Any]:
    """What stood on the entry until the verdict, as `restore` takes it, read from the append-only rows."""
    query = (
        select(EntryVerdict)
        .where(
            EntryVerdict.entry_id == entry.id,
            EntryVerdict.party == Party.POLICE.value,
            EntryVerdict.id < undone.id,
        )
        .order_by(EntryVerdict.id.desc())
        .limit(1)
    )
    earlier = db.session.execute(query).scalar_one_or_none()
    before = {**standing(entry, Party.POLICE), "verified": _values_at(earlier)}
    stands = earlier is not None and earlier.round == undone.round and earlier.verdict
    before |= _marks(Party.POLICE, earlier if stands else None)
    return before if stands else before | _marks(Party.STATION, _sent_back(entry, undone.round))


def _marks(party: Party, verdict: EntryVerdict | None) -> dict[str, str]:
    return {f"{party}_{part}": getattr(verdict, part) if verdict else "" for part in ("verdict", "reason", "note")}


def _values_at(earlier: EntryVerdict | None) -> dict[str, str]:
    """The verified values as that verdict left them: the append-only rows folded up to its moment."""
    if earlier is None:
        return {}
    query = (
        select(EntryValue.field, EntryValue.value)
        .where(
            EntryValue.entry_id == earlier.entry_id,
            EntryValue.origin == "verified",
            EntryValue.at <= earlier.at,
        )
        .order_by(EntryValue.id)
    )
    folded = {row.field: row.value for row in db.session.execute(query)}
    return folded if any(folded.values()) else {}


def _sent_back(entry: Entry, current_round: int) -> EntryVerdict | None:
    """Why the station sent the entry back in the round before: a row without a verdict shows it again."""
    query = (
        select(EntryVerdict)
        .where(
            EntryVerdict.entry_id == entry.id,
            EntryVerdict.party == Party.STATION.value,
            EntryVerdict.round == current_round - 1,
        )
        .order_by(EntryVerdict.id.desc())
        .limit(1)
    )
    found = db.session.execute(query).scalar_one_or_none()
    return found if found is not None and found.verdict == Verdict.RETURNED.value else None
