"""Acting for an absent person: in which capacity, on which paper, and how the signature block says it.

Nghị định 30/2020/NĐ-CP, điều 13 (who may sign for whom; what is authorised is not passed on) and Phụ lục I, mục II.7.
"""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from portal.domain.units import UnitKind


class Capacity(StrEnum):
    """By which right somebody signs in the place of the head."""

    DEPUTY = "deputy"
    BY_ORDER = "by_order"
    AUTHORISED = "authorised"


ABBREVIATION: dict[Capacity, str] = {Capacity.DEPUTY: "KT.", Capacity.BY_ORDER: "TL.", Capacity.AUTHORISED: "TUQ."}
"""What stands before the head's position: ký thay, thừa lệnh, thừa ủy quyền."""
COLLECTIVE = "TM."
COLLECTIVES = frozenset({UnitKind.VILLAGE_TASK_FORCE, UnitKind.COMMUNE_TASK_FORCE})
"""Units that act as a body: their head signs on behalf of it (thay mặt)."""


@dataclass(frozen=True)
class Mandate:
    """A delegation as its holder acts under it: for whom, with which right to sign, by which document."""

    delegation_id: int
    principal_id: UUID
    principal_name: str
    principal_membership_id: int
    principal_position: str
    principal_leads: bool
    capacity: Capacity | None
    document: str


def authority_lines(kind: UnitKind, unit_name: str, mandate: Mandate | None = None) -> tuple[str, ...]:
    """The lines of a signature block above the signer's own position.

    `TM. TỔ CÔNG TÁC …` for a body, `KT. TRƯỞNG TRẠM` for a deputy; by order or authority the body is not named
    (the head alone gives the order).
    """
    body = (f"{COLLECTIVE} {unit_name}",) if kind in COLLECTIVES else ()
    if mandate is None or mandate.capacity is None:
        return body
    head = f"{ABBREVIATION[mandate.capacity]} {mandate.principal_position}"
    return (*body, head) if mandate.capacity is Capacity.DEPUTY else (head,)


def signing_position(position: str, mandate: Mandate | None) -> str:
    """The position in one line, as a signature and its row state it: `KT. Trưởng trạm, Phó trưởng trạm`."""
    if mandate is None or mandate.capacity is None:
        return position
    return f"{ABBREVIATION[mandate.capacity]} {mandate.principal_position}, {position}"
