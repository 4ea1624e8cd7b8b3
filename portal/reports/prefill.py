"""Where a form's first values come from: a table of named sources that any definition file may use."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from portal.clock import today
from portal.domain.report_forms import Form
from portal.domain.report_values import Value
from portal.queries import report_sources
from portal.queries.contacts import NOBODY, contacts


@dataclass(frozen=True)
class Known:
    """What the portal knows for one unit's report; each part is looked up once, when a form asks for it."""

    unit_id: int
    previous: Mapping[str, Value]

    @cached_property
    def lists(self) -> dict[str, int]:
        """People on the unit's lists by how they stand."""
        return report_sources.list_figures(self.unit_id)

    @cached_property
    def groups(self) -> dict[int, int]:
        """People who could not be settled, by group 1–7."""
        return report_sources.group_figures(self.unit_id)

    @cached_property
    def leader(self) -> str:
        """The unit's first signer of today with his phone."""
        found = contacts([self.unit_id], today()).get(self.unit_id, NOBODY)
        return ", ".join(filter(None, (found.person, found.phone)))


Source = Callable[[Known, str], Value]


def _group(number: int) -> Source:
    return lambda known, _key: known.groups[number]


def _lists(name: str) -> Source:
    return lambda known, _key: known.lists[name]


SOURCES: dict[str, Source] = {
    **{f"lists.group_{number}": _group(number) for number in range(1, 8)},
    **{f"lists.{name}": _lists(name) for name in ("total", "no_or_bad", "right", "wrong", "pending")},
    "records.completed": lambda known, _key: report_sources.completed_people(known.unit_id),
    "unit.leader": lambda known, _key: known.leader,
    "previous": lambda known, key: known.previous.get(key),
}
"""Names a form's `prefill` may use. `previous` is the unit's own last report of the same form."""


def first_values(form: Form, known: Known) -> dict[str, Value]:
    """The values a fresh report begins with; fields without a source stay empty."""
    return {each.key: SOURCES[each.prefill](known, each.key) for each in form.fields if each.prefill in SOURCES}


def unknown_sources(form: Form) -> list[str]:
    """Sources that the form names and nobody has: such a form is not opened."""
    return sorted({each.prefill for each in form.fields if each.prefill} - set(SOURCES))
