"""The only commit: one transaction per user action, repeat-safe by the form's key."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from psycopg.errors import DeadlockDetected, LockNotAvailable, UniqueViolation
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError

from portal.clock import now
from portal.domain.errors import DomainError, StaleVersion
from portal.domain.wording import say
from portal.models import Receipt, db


@contextmanager
def transaction() -> Iterator[None]:
    """Commit what the block did, or roll all of it back; races that the database refuses become StaleVersion."""
    try:
        yield
        db.session.commit()
    except DBAPIError as error:
        db.session.rollback()
        if isinstance(error.orig, (UniqueViolation, LockNotAvailable, DeadlockDetected)):
            raise StaleVersion(
                say("Có người vừa làm việc này trước bạn. Hãy tải lại trang để xem tình trạng mới nhất.")
            ) from error
        raise
    except BaseException:
        db.session.rollback()
        raise


def once(user_id: UUID, key: str, action: str, act: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Run `act` in one transaction, at most once for the user's key, and return its JSON answer.

    The same key again (double click, repeated POST, proxy retry, refresh) returns the first answer and writes
    nothing; a racing twin waits for the first. A key used for another action is refused. An empty key runs plainly.
    """
    with transaction():
        if not key:
            return act()
        row = {"user_id": user_id, "key": key, "action": action, "answer": {}, "at": now()}
        claimed = db.session.execute(
            insert(Receipt).values(row).on_conflict_do_nothing().returning(Receipt.key)
        ).scalar_one_or_none()
        receipt = db.session.get_one(Receipt, (user_id, key))
        if claimed is None:
            if receipt.action != action:
                raise DomainError(say("Biểu mẫu này đã dùng cho việc khác. Hãy tải lại trang rồi làm lại."))
            return receipt.answer
        receipt.answer = act()
        return receipt.answer


def let_go() -> None:
    """Give up what a failed statement left behind, so that the page that tells of it can be drawn."""
    db.session.rollback()
