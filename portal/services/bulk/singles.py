"""What the generic part asks of each kind of bulk act."""

from collections.abc import Callable
from dataclasses import dataclass

from portal.domain.permissions import Actor
from portal.models import BulkAct, BulkItem

Single = Callable[[BulkItem], None]
"""Does one item in the running transaction; a DomainError refuses that item alone."""


@dataclass(frozen=True)
class Work:
    """One kind of bulk act.

    `begin` is called once in each transaction and gives the single act; what it raises refuses every item. `undo`
    is its counterpart for taking back (None: it cannot be taken back). `afterwards` runs for each done item when
    its transaction is over. Up to `at_once` items are done within the request.
    """

    begin: Callable[[Actor, BulkAct], Single]
    undo: Callable[[Actor, BulkAct], Single] | None = None
    afterwards: Callable[[Actor, BulkItem], None] | None = None
    at_once: int = 100
