"""Pages of a long list: the number from the address (anything odd is page 1) and the links between them."""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request

SIZE = 50
COUNTED_UP_TO = 1000
"""Where the rows were not counted further, the pages up to here can be opened."""
LAST = 1_000_000
"""The largest page number taken from an address; beyond it page 1 is meant."""


@dataclass(frozen=True)
class Page:
    """Where the reader is. `matching` counts the rows that fit the filters (None: more than a thousand), `total` all.

    A `total` of None is the same as `matching`. `base` is the address without a page, if not the request's own.
    """

    number: int
    matching: int | None
    total: int | None = None
    size: int = SIZE
    base: str = ""

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        matching = COUNTED_UP_TO if self.matching is None else self.matching
        return max(1, -(-matching // self.size))

    def address(self, number: int) -> str:
        """The present address with its filters, at another page."""
        if self.base:
            return f"{self.base}{'&' if '?' in self.base else '?'}page={number}"
        # Only the path and our own query: a name like `_external` in the address must not reach url_for.
        arguments = [(name, value) for name, value in request.args.items(multi=True) if name != "page"]
        return f"{request.path}?{urlencode([*arguments, ('page', number)])}"


def page_number() -> int:
    """The page asked for; 1 where the address says nothing usable (`abc`, `-1`, `10^9`)."""
    text = request.args.get("page", "1")
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 8 else 1
    return number if 1 <= number <= LAST else 1
