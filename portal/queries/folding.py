"""Searching without case and marks in SQL, for columns that have no stored folded twin."""

import unicodedata

from sqlalchemy import ColumnElement, func
from sqlalchemy.orm import InstrumentedAttribute

_PLAIN = "aeiouyd"


def _marked_letters() -> tuple[str, str]:
    """Every marked Vietnamese small letter beside its plain one."""
    marked, plain = ["đ"], ["d"]
    for code in (*range(0xC0, 0x250), *range(0x1EA0, 0x1EFA)):
        letter = chr(code).lower()
        base = unicodedata.normalize("NFD", letter)[0]
        if base in _PLAIN and letter != base and letter not in marked:
            marked.append(letter)
            plain.append(base)
    return "".join(marked), "".join(plain)


MARKED, PLAIN = _marked_letters()


def folded(column: InstrumentedAttribute[str]) -> ColumnElement[str]:
    """The column in small letters without marks, as `domain.names.folding_key` makes it."""
    return func.translate(func.lower(column), MARKED, PLAIN)
