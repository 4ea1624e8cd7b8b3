"""Forms kept for their author when they could not be taken."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.dialects.postgresql import insert

from portal.clock import now
from portal.models import Draft, db
from portal.services.unit_of_work import transaction

LARGEST_FIELD = 20_000
"""Characters of one kept field; a longer one is left out and the rest is kept."""
MOST_FIELDS = 500
KEPT_FOR = timedelta(hours=24)
KEPT_WITH_A_LIST = timedelta(days=30)
"""What was typed for a person of a list that had just gone away waits for the list to come back."""


@dataclass(frozen=True)
class KeptForm:
    """A kept form: where it was sent, and its fields as typed."""

    id: int
    path: str
    fields: dict[str, list[str]]
    saved_at: datetime


def keep(user_id: UUID, path: str, fields: dict[str, list[str]]) -> int:
    """Keep the form for its author; a newer one for the same path replaces it. Returns its number."""
    small = {
        name: values for name, values in list(fields.items())[:MOST_FIELDS] if sum(map(len, values)) <= LARGEST_FIELD
    }
    values: dict[str, Any] = {"user_id": user_id, "path": path, "fields": small, "saved_at": now()}
    with transaction():
        statement = insert(Draft).values(values)
        statement = statement.on_conflict_do_update(
            index_elements=["user_id", "path"], set_={"fields": small, "saved_at": values["saved_at"]}
        )
        return db.session.execute(statement.returning(Draft.id)).scalar_one()


def find(user_id: UUID, draft_id: int) -> KeptForm | None:
    """The author's own kept form of this number."""
    query = select(Draft).where(Draft.id == draft_id, Draft.user_id == user_id)
    return _read(db.session.execute(query).scalar_one_or_none())


def find_for(user_id: UUID, path: str) -> KeptForm | None:
    """The author's own kept form that was sent to this path."""
    query = select(Draft).where(Draft.user_id == user_id, Draft.path == path)
    return _read(db.session.execute(query).scalar_one_or_none())


def latest(user_id: UUID) -> KeptForm | None:
    """The author's newest kept form of the last day."""
    query = select(Draft).where(Draft.user_id == user_id, Draft.saved_at > now() - KEPT_FOR)
    return _read(db.session.execute(query.order_by(Draft.saved_at.desc()).limit(1)).scalar_one_or_none())


def drop(user_id: UUID, draft_id: int) -> None:
    """Forget the author's kept form."""
    with transaction():
        db.session.execute(delete(Draft).where(Draft.id == draft_id, Draft.user_id == user_id))


def drop_old() -> int:
    """Forget forms that nobody came back for: after a day, those of a person on a list after thirty. How many."""
    at = now()
    of_a_person = Draft.path.regexp_match("^/lists/[0-9a-f-]{36}/entries/")
    old = or_(and_(~of_a_person, Draft.saved_at < at - KEPT_FOR), Draft.saved_at < at - KEPT_WITH_A_LIST)
    with transaction():
        return len(db.session.execute(delete(Draft).where(old).returning(Draft.id)).all())


def _read(draft: Draft | None) -> KeptForm | None:
    return KeptForm(draft.id, draft.path, draft.fields, draft.saved_at) if draft else None
