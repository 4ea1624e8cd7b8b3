"""What an officer has seen: rows shown, rows that changed since, the moment a verdict's clock starts."""

from collections.abc import Iterable

from sqlalchemy import case, or_
from sqlalchemy.dialects.postgresql import insert

from portal.clock import now
from portal.domain.errors import NotPermitted
from portal.domain.permissions import Actor
from portal.domain.wording import say
from portal.models import Entry, EntrySight, db
from portal.services.unit_of_work import transaction


def note_shown(actor: Actor, rows: Iterable[tuple[int, int]], *, restart: bool = True) -> None:
    """Write down that these entries, as (id, version), now stand on the actor's page; their clocks start anew.

    `restart=False` lets the clock of an unchanged row run on, as when a row of the page is only opened.

    A row that somebody else changed since the actor last saw it stays marked until the actor concludes it anew.
    """
    at = now()
    values = [
        {"user_id": actor.user_id, "entry_id": entry_id, "rev": rev, "at": at, "changed": False}
        for entry_id, rev in sorted(rows)
    ]
    if not values:
        return
    put = insert(EntrySight).values(values)
    same = EntrySight.rev == put.excluded.rev
    put = put.on_conflict_do_update(
        index_elements=["user_id", "entry_id"],
        set_={
            "rev": put.excluded.rev,
            "at": put.excluded.at if restart else case((same, EntrySight.at), else_=put.excluded.at),
            "changed": or_(EntrySight.changed, EntrySight.rev < put.excluded.rev),
        },
    )
    with transaction():
        db.session.execute(put)


def require_shown(actor: Actor, entry: Entry) -> None:
    """Raise NotPermitted unless the entry, as it stands, was shown to the actor: nobody verifies a row unseen."""
    sight = sight_of(actor, entry)
    if sight is None or sight.rev != entry.rev:
        raise NotPermitted(
            say(
                "Dòng {number} chưa hiện ra trước mắt bạn ở bản mới nhất nên chưa kết luận được. "
                "Hãy mở bảng đối chiếu, xem dòng này rồi kết luận.",
                number=entry.number,
            )
        )


def follow_own(sight: EntrySight | None, entry: Entry) -> None:
    """After the actor's own change the new version counts as seen; part of the running transaction."""
    if sight is not None:
        sight.rev, sight.at, sight.changed = entry.rev, now(), False


def sight_of(actor: Actor, entry: Entry) -> EntrySight | None:
    """What the actor has seen of the entry; None where it was never shown. Asked once for each conclusion."""
    return db.session.get(EntrySight, (actor.user_id, entry.id))
