"""Totals up the tree: a parent is the sum of its children's latest accepted figures, and who is missing from it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portal.domain.report_forms import Form
from portal.domain.report_values import Value


@dataclass(frozen=True)
class Figures:
    """One accepted report of a child: whose, which version, its values."""

    child: str
    version: int
    values: Mapping[str, Value]


@dataclass(frozen=True)
class Total:
    """A sum with what is in it and what is not."""

    values: dict[str, int]
    included: tuple[str, ...]
    missing: tuple[str, ...]


def roll_up(form: Form, children: Iterable[str], accepted: Iterable[Figures]) -> Total:
    """Σ of the latest accepted figures of each child, whatever order they came in; children without any are missing.

    What comes from somebody who is no child is not counted (reference/workflow.md §4, invariant 17).
    """
    latest: dict[str, Figures] = {}
    wanted = tuple(dict.fromkeys(children))
    for each in accepted:
        known = latest.get(each.child)
        if known is None or each.version > known.version:
            latest[each.child] = each
    included = tuple(child for child in wanted if child in latest)
    sums = {field.key: 0 for field in form.fields if field.counts}
    for child in included:
        for key in sums:
            value = latest[child].values.get(key)
            sums[key] += value if isinstance(value, int) else 0
    return Total(sums, included, tuple(child for child in wanted if child not in latest))
