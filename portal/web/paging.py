"""Pages of a long list: the number from the address (anything odd is page 1) and the links between them."""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request

SIZE = 50
LAST = 1_000_000
"""The largest page number taken from an address; beyond it page 1 is meant."""


@dataclass(frozen=True)
class Page:
    """Where the reader is. `matching` counts the rows that fit the filters, `total` all (None: the same)."""

    number: int
    matching: int
    total: int | None = None
    size: int = SIZE

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.matching // self.size))

    def address(self, number: int) -> str:
        """The present address with its filters, at another page."""
        # Only the path and our own query: a name like `_external` in the address must not reach url_for.
        arguments = [(name, value) for name, value in request.args.items(multi=True) if name != "page"]
        return f"{request.path}?{urlencode([*arguments, ('page', number)])}"


def page_number() -> int:
    """The page asked for; 1 where the address says nothing usable (`abc`, `-1`, `10^9`)."""
    text = request.args.get("page", "1")
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 8 else 1
    return number if 1 <= number <= LAST else 1
