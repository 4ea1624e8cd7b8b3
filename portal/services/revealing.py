"""A whole identity number shown to somebody who works on the list: with a reason, counted, written down."""

from dataclasses import dataclass
from uuid import UUID

from portal.domain.errors import InvalidInput, NotFound
from portal.domain.events import EventTag
from portal.domain.fields import Field
from portal.domain.permissions import Actor, Permission, require
from portal.domain.phrases import ORIGIN_WORDS
from portal.domain.reading_limits import Limited, RevealReason
from portal.domain.wording import say
from portal.queries import entries as queries
from portal.queries.scope import place_of
from portal.services import reading_limits
from portal.services.auditing import record
from portal.services.transitions import load_list
from portal.services.unit_of_work import transaction


@dataclass(frozen=True)
class Revealed:
    """One whole number and where it stands: as recorded, or as somebody stated it."""

    origin: str
    number: str


def reveal(actor: Actor, list_id: UUID, number: int, why: str) -> list[Revealed]:
    """Every identity number of the `number`-th person of the list, whole.

    Raises NotFound, NotPermitted, InvalidInput without a reason (then nothing is counted), TooManyReadings.
    """
    of_list = load_list(actor, list_id)
    require(actor, Permission.NUMBER_REVEAL, place_of(of_list), Permission.LIST_READ)
    if queries.find(actor, list_id, number) is None:
        raise NotFound(say("Không có người này trong danh sách, hoặc đơn vị của bạn không được xem."))
    if why not in set(RevealReason):
        raise InvalidInput(
            say("Chưa chọn lý do cần xem đủ số. Hãy chọn một lý do rồi bấm lại."),
            fields={"why": say("Chọn một lý do.")},
        )
    reading_limits.count(actor, Limited.REVEAL, of_list)
    with transaction():
        of_list = load_list(actor, list_id)
        entry = queries.find(actor, list_id, number)
        assert entry is not None  # noqa: S101  entries are never taken off a list's table
        record(EventTag.NUMBER_REVEALED, actor, of_list=of_list, entry_id=entry.id, why=why)
        sides = {
            "recorded": entry.recorded,
            "proposed": entry.proposed,
            "verified": entry.verified,
            "final": entry.final,
        }
        return [
            Revealed(ORIGIN_WORDS.get(origin, say("đang ghi")), values[Field.ID_NUMBER.value])
            for origin, values in sides.items()
            if values.get(Field.ID_NUMBER.value)
        ]
