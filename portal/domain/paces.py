"""How long an officer took per row: a figure for the auditor, never a judgement (reference/interface.md §4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from portal.domain.wording import say

BOUNDS = (2, 5, 10, 30, 60, 300)
"""Upper bounds of the histogram's classes, in seconds; the last class is open."""


@dataclass(frozen=True)
class Pace:
    """One signer's times: rows counted, those without a measured time, the median and the histogram's counts."""

    rows: int
    unmeasured: int
    median: float | None
    counts: tuple[int, ...]


def pace_of(seconds: Iterable[float | None]) -> Pace:
    """The figures over the rows of one person; None stands for a row whose time was not measured."""
    told = list(seconds)
    measured = [one for one in told if one is not None]
    counts = [0] * (len(BOUNDS) + 1)
    for one in measured:
        counts[sum(one >= bound for bound in BOUNDS)] += 1
    return Pace(len(told), len(told) - len(measured), median(measured) if measured else None, tuple(counts))


def class_words() -> tuple[str, ...]:
    """The histogram's classes in words: `dưới 2 giây`, `từ 2 giây đến dưới 5 giây`, … `từ 5 phút`."""
    inner = [
        say("từ {low} đến dưới {high}", low=span_words(low), high=span_words(high)) for low, high in pairwise(BOUNDS)
    ]
    return (say("dưới {high}", high=span_words(BOUNDS[0])), *inner, say("từ {low}", low=span_words(BOUNDS[-1])))


def span_words(seconds: float) -> str:
    """`5 giây`, `2 phút`, `2 phút 5 giây`; the fraction of a second with one digit where it is under ten."""
    if seconds < _EXACT and seconds != int(seconds):
        return say("{count} giây", count=f"{seconds:.1f}".replace(".", ","))
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return say("{count} giây", count=rest)
    return (
        say("{minutes} phút {rest} giây", minutes=minutes, rest=rest) if rest else say("{count} phút", count=minutes)
    )


_EXACT = 10
