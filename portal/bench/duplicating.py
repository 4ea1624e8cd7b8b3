"""`duplicates`: pairs among so many persons, their growth and memory, and how right they are on labelled pairs."""

import itertools
import math
import time
import tracemalloc
from collections.abc import Iterator
from functools import partial

from rapidfuzz.distance import OSA

from portal.bench.labelled_pairs import LabelledPair, Population, labelled_pairs
from portal.bench.measuring import Figure, beside
from portal.domain.pairs import PairKind, Traits
from portal.matching.pairs import find_pairs

SIZES = (10_000, 100_000)
_DOUBLED = 0.05


def measure(sizes: tuple[int, ...] = SIZES) -> Iterator[Figure]:
    """`duplicates.pairs` beside the library's bare distance of as many pairs of names; growth; memory; rightness."""
    taken: list[Figure] = []
    for size in sizes:
        persons = population(size)
        taken.append(beside("duplicates.pairs", size, partial(_count, persons), partial(_bare, persons),
                            clock=time.process_time))  # fmt: skip
        yield taken[-1]
        yield Figure("duplicates.memory", size, _memory(persons), "MiB", None, None)
    if len(taken) > 1:
        small, large = taken[0], taken[-1]
        allowed = large.size * math.log(large.size) / (small.size * math.log(small.size))
        grown = round(large.value / small.value, 2)
        yield Figure("duplicates.growth", large.size, grown, f"lần ({small.size:,} trước đó)", round(allowed, 2),
                     round(grown / allowed, 3))  # fmt: skip
    yield from rightness()


def population(size: int) -> list[Traits]:
    """So many records of a province; one in twenty is somebody's second record with a slip."""
    people = Population(size)
    doubled = int(size * _DOUBLED)
    records = [people.sample() for _ in range(size - doubled)]
    pairs = (each for each in labelled_pairs(2 * doubled, seed=size) if each.is_one)
    found = [each.traits for each in records]
    for place, pair in zip(range(doubled), pairs, strict=False):
        found[place] = pair.one.traits
        found.append(pair.other.traits)
    return found


def rightness() -> Iterator[Figure]:
    """Precision and recall over the labelled pairs, blocking included: all records are looked through at once.

    A pair that is told as one person and is not counts against precision, also between records of two labelled pairs.
    """
    pairs = list(labelled_pairs())
    told = told_as_one(pairs)
    wanted = {(2 * place, 2 * place + 1) for place, pair in enumerate(pairs) if pair.is_one}
    right = len(told & wanted)
    yield Figure("duplicates.precision", len(pairs), round(right / len(told), 4), "≥ 0.98", None, None)
    yield Figure("duplicates.recall", len(pairs), round(right / len(wanted), 4), "≥ 0.95", None, None)


def told_as_one(pairs: list[LabelledPair]) -> set[tuple[int, int]]:
    """The places of the records that are told as perhaps one person."""
    records = [record.traits for pair in pairs for record in (pair.one, pair.other)]
    return {
        (found.one, found.other)
        for found in find_pairs(records)
        if found.judgement.kind is not PairKind.SHARED_NUMBER
    }


def _count(persons: list[Traits]) -> int:
    return sum(1 for _ in find_pairs(persons))


def _bare(persons: list[Traits]) -> int:
    """One distance for each person and the next: what the library alone takes for as many names."""
    return sum(OSA.distance(one.folded, other.folded) for one, other in itertools.pairwise(persons))


def _memory(persons: list[Traits]) -> float:
    """The most that finding the pairs holds at once, besides the persons themselves."""
    tracemalloc.start()
    _count(persons)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return round(peak / 2**20, 1)
