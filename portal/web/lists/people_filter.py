"""Which people of a list its page shows: the part, words of a name, an error class; all in the address.

A number is a citizen's: of one that is typed or pasted only the last three digits ever reach an address.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import UUID

from flask import request, url_for

from portal.domain.error_classes import ErrorClass
from portal.queries.entries import Part, PeopleFilter
from portal.queries.searching import LIMIT

if TYPE_CHECKING:
    from portal.models import CorrectionList

KEPT = frozenset({"part", "page", "q", "class"})
"""The filters of the address; a form that comes back to the list's page keeps them."""
_LONG_NUMBER = re.compile(r"[0-9](?:[ .]?[0-9]){4,}")
"""A year may be typed, and the number of a row; five digits are a part of an identity number."""


def harmless(words: str) -> str:
    """The words as an address may hold them: of a longer number its last three digits."""
    shortened = _LONG_NUMBER.sub(lambda found: re.sub("[ .]", "", found.group())[-3:], words)
    return " ".join("".join(letter for letter in shortened if letter.isprintable()).split())[:LIMIT]


def harmless_address() -> str:
    """The present address without the number that somebody wrote into it; empty where it holds none."""
    kept = [(name, harmless(value)) for name, value in request.args.items() if name in ("q", "village")]
    if all(not _LONG_NUMBER.search(request.args[name]) for name, _ in kept):
        return ""
    others = [(name, value) for name, value in request.args.items() if name not in ("q", "village")]
    return f"{request.path}?{urlencode([*kept, *others])}"


def asked_part() -> Part:
    """The part named in the address; everybody where it names none."""
    asked = request.args.get("part", "")
    return next((part for part in Part if part.value == asked), Part.ALL)


def asked_people(part: Part = Part.ALL) -> PeopleFilter:
    """The people of this part that the address asks for; anything odd asks for nothing."""
    return PeopleFilter(part, harmless(request.args.get("q", "")), error_class(request.args.get("class", "")))


def error_class(text: str) -> str:
    """The text where it is an error class, else nothing."""
    return text if text in {one.value for one in ErrorClass} else ""


@dataclass(frozen=True)
class PeopleSearch:
    """The search form of a list's page: where it goes, what it shows, how to be rid of it."""

    action: str
    words: str
    chosen: str
    classes: tuple[str, ...]
    part: str
    without: str

    @property
    def is_set(self) -> bool:
        """Whether the page shows fewer people than it could."""
        return bool(self.words or self.chosen)


def people_search(of_list: CorrectionList) -> PeopleSearch:
    """The form as the address has filled it."""
    wanted, base = asked_people(), url_for("lists.show", list_id=of_list.id)
    part = request.args.get("part", "")
    return PeopleSearch(
        action=url_for("lists.search_people", list_id=of_list.id),
        words=wanted.words,
        chosen=wanted.error_class,
        classes=tuple(one.value for one in ErrorClass),
        part=part,
        without=f"{base}?{urlencode({'part': part})}" if part else base,
    )


def address_of_search(list_id: UUID) -> str:
    """The address that a posted search leads to."""
    asked = {
        "part": request.form.get("part", ""),
        "q": harmless(request.form.get("q", "")),
        "class": error_class(request.form.get("class", "")),
    }
    filled = {name: value for name, value in asked.items() if value}
    base = url_for("lists.show", list_id=list_id)
    return f"{base}?{urlencode(filled)}#people" if filled else base
