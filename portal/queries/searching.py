"""Words typed by people against the words stored with lists and entries: without marks, in any order, exact first.

A stored row carries its words twice, without marks and as written (see the functions of migration 0011), an entry
also the last three digits of its number as `#423`. One index answers all of it.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, bindparam, cast, func
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import InstrumentedAttribute

from portal.domain.names import clean_name, folding_key

LIMIT = 100
"""Letters of a search that are read."""
_TONE = re.compile("([\u0300\u0301\u0303\u0309\u0323])([^ ]*)")
_TAIL = re.compile(r"[0-9]{3}")
_BORNE_BY_MANY = frozenset({"nguyen", "thi", "van"})
"""Without marks: each stands in the names of a quarter of all people or more."""
_LEAST_FOR_THE_INDEX = 2


def matches(
    column: InstrumentedAttribute[Any], words: str, *, tails: bool = False, begun: bool = True
) -> ColumnElement[bool]:
    """A condition: every word is among the row's, case and marks aside; the last may be only begun, unless told not.

    With `tails` a word of three digits is the end of an identity number.
    """
    return _asks(column, folding_key(words[:LIMIT]).split(), tails=tails, begun=begun)


def matches_as_written(
    column: InstrumentedAttribute[Any], words: str, *, tails: bool = False, begun: bool = True
) -> ColumnElement[bool]:
    """A condition: as `matches`, marks included; only where the tone stands in its syllable makes no difference."""
    return _asks(column, as_written(words[:LIMIT]).split(), tails=tails, begun=begun)


def is_marked(words: str) -> bool:
    """Whether the words bear marks, so that rows with the same marks are the better answer."""
    return as_written(words[:LIMIT]) != folding_key(words[:LIMIT])


def as_written(words: str) -> str:
    """Small letters taken apart, each syllable's tone at its end; the twin of the SQL function `search_words`."""
    return _TONE.sub(r"\2\1", unicodedata.normalize("NFD", clean_name(words).lower()))


def _asks(column: InstrumentedAttribute[Any], words: list[str], *, tails: bool, begun: bool) -> ColumnElement[bool]:
    lexemes = [f"#{word}" if tails and _TAIL.fullmatch(word) else word for word in words]
    terms = [_quoted(word) for word in lexemes]
    if begun and lexemes and len(lexemes[-1]) > 1 and not lexemes[-1].startswith("#"):
        terms[-1] += ":*"
    late = _left_to_the_rows(words)
    found: ColumnElement[bool] = column.bool_op("@@")(
        _asked(term for place, term in enumerate(terms) if place not in late)
    )
    if not late:
        return found
    # The function behind the operator: no index answers it, so that it is asked of the rows found alone.
    return and_(found, func.ts_match_vq(column, _asked(terms[place] for place in sorted(late))))


def _left_to_the_rows(words: list[str]) -> set[int]:
    """The places of the words that nearly everybody bears, as long as two other words are left to the index.

    It intersects the places of every word: those of a third of all people cost more than the few rows they rule out.
    The last word is never one of them: it may be only begun.
    """
    common = [place for place, word in enumerate(words[:-1]) if folding_key(word) in _BORNE_BY_MANY]
    return set(common[: max(len(words) - _LEAST_FOR_THE_INDEX, 0)])


def _asked(terms: Iterable[str]) -> ColumnElement[Any]:
    # Written into the statement: a prepared plan that does not know the words walks the wrong way.
    return cast(bindparam(None, " & ".join(terms), type_=Text, literal_execute=True), TSQUERY)


def _quoted(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
