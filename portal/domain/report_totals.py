"""A total up the tree: the sum of the children's latest accepted figures, and by name who is missing from it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Total:
    """A sum with what is in it and what is not; made by `queries.reports.total_of`, the only sum there is.

    `included` and `missing` are the children by name; `within` those whom the included children's own totals lack.
    """

    values: dict[str, int]
    included: tuple[str, ...]
    missing: tuple[str, ...]
    within: tuple[str, ...] = ()

    @property
    def absent(self) -> tuple[str, ...]:
        """Everybody whose figures the sum lacks, at whatever level."""
        return (*self.missing, *self.within)
