"""Figures and how they are taken: ours and the bare part in turns, so that a busy machine slows both alike."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

ROUNDS = 15
"""Rounds where one of ours and one of the bare part take little; slower work is measured fewer times."""
_SHORT, _LONG = 2.0, 12.0


@dataclass(frozen=True)
class Figure:
    """One figure. `baseline` is the bare part's value in the same unit, `ratio` the median over the rounds."""

    name: str
    size: int
    value: float
    unit: str
    baseline: float | None
    ratio: float | None

    def as_dict(self) -> dict[str, Any]:
        """The figure with the keys of `portal bench --json`."""
        return asdict(self)


def beside(
    name: str,
    size: int,
    ours: Callable[[], object],
    bare: Callable[[], object],
    *,
    unit: str = "s",
    clock: Callable[[], float] = time.perf_counter,
    scale: float = 1.0,
    before: Callable[[], object] = lambda: None,
) -> Figure:
    """Measure `ours` and `bare` in turns and give medians times `scale`; `before` each turn is not measured.

    One run of each goes before, unmeasured, unless the work is so long that this run is the measurement.
    """

    def turn() -> tuple[float, float]:
        before()
        return _timed(ours, clock), _timed(bare, clock)

    before()
    begun = time.perf_counter()
    pairs = [(_timed(ours, clock), _timed(bare, clock))]
    took = time.perf_counter() - begun
    if took < _LONG:
        pairs = [turn() for _ in range(ROUNDS if took < _SHORT else 3)]
    value, baseline = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(one / other for one, other in pairs if other) if baseline else None
    return Figure(name, size, _rounded(value * scale), unit, _rounded(baseline * scale), ratio and _rounded(ratio))


def percentile_beside(name: str, size: int, ours: Callable[[], object], bare: Callable[[], object]) -> Figure:
    """The 95th percentile of the time in milliseconds over four times as many rounds, both in turns."""
    pairs = [(_timed(ours, time.perf_counter), _timed(bare, time.perf_counter)) for _ in range(4 * ROUNDS)]
    value, baseline = (at_95(column) for column in zip(*pairs, strict=True))
    return Figure(name, size, value, "ms p95", baseline, _rounded(value / baseline))


def at_95(seconds: Sequence[float]) -> float:
    """The 95th percentile of times in seconds, in milliseconds."""
    return _rounded(sorted(seconds)[int(0.95 * len(seconds))] * 1_000)


def growth(name: str, small: Figure, large: Figure) -> Figure:
    """How many times more the larger size costs than the smaller one."""
    times = large.value / small.value if small.value else 0.0
    return Figure(name, large.size, _rounded(times), f"times the cost at {small.size}", None, None)


def _timed(work: Callable[[], object], clock: Callable[[], float]) -> float:
    begun = clock()
    work()
    return clock() - begun


def _rounded(value: float) -> float:
    """Four significant digits."""
    return float(f"{value:.4g}")
