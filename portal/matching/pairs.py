"""Pairs among many persons, in the time of a sort: only who shares a blocking key is compared."""

import hashlib
from array import array
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from portal.domain.pairs import BLOCKING_KEYS, Judgement, Traits, judge

MOST_COMPARED = 40
"""Where more share a key (a filler instead of a number, one phone for a whole school) a person is compared with the
last so many before it: work grows with the number of persons, not with its square. Other keys find the rest."""


@dataclass(frozen=True)
class FoundPair:
    """Two persons by their places in the sequence, the smaller place first, and what they are to each other."""

    one: int
    other: int
    judgement: Judgement


def find_pairs(persons: Sequence[Traits], *, among: Collection[int] | None = None) -> Iterator[FoundPair]:
    """Every pair worth a look, each once; with `among` only pairs of which at least one stands at such a place."""
    wanted = None if among is None else frozenset(among)
    compared: set[int] = set()
    for one, other in _sharers(persons):
        if wanted is not None and one not in wanted and other not in wanted:
            continue
        place = one * len(persons) + other
        if place in compared:
            continue
        compared.add(place)
        judgement = judge(persons[one], persons[other], OSA.distance)
        if judgement is not None:
            yield FoundPair(one, other, judgement)


def hashed_keys(person: Traits) -> Iterator[int]:
    """The blocking keys as numbers for a table, which then tells nobody's number or name."""
    for text in (key_of(person) for key_of in BLOCKING_KEYS):
        if text:
            yield int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


def _sharers(persons: Sequence[Traits]) -> Iterator[tuple[int, int]]:
    """The places of two who share a key, key by key. A chain of numbers, because a list for each key costs more."""
    columns = [array("q") for _ in BLOCKING_KEYS]
    for person in persons:
        for column, key_of in zip(columns, BLOCKING_KEYS, strict=True):
            text = key_of(person)
            column.append(hash(text) if text else 0)
    for column in columns:
        last: dict[int, int] = {}
        before = array("q", [-1]) * len(persons)
        for place, key in enumerate(column):
            if not key:
                continue
            earlier = before[place] = last.get(key, -1)
            last[key] = place
            left = MOST_COMPARED
            while earlier >= 0 and left:
                yield earlier, place
                earlier, left = before[earlier], left - 1
