"""A list looked at by what is alike in it: findings with their counts and fixes, and spellings of one value."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.clock import today
from portal.domain.classification import classify
from portal.domain.fields import IDENTITY_FIELDS, Field, Person
from portal.domain.names import folding_key
from portal.domain.permissions import Actor, Permission
from portal.domain.wording import restored
from portal.models import CorrectionList, Entry, db
from portal.queries.scope import visible_to
from portal.spreadsheets.columns import COLUMN_BY_NAME, named_values

_EXAMPLES = 3
_CLUSTERED = ("village", "group", "commune")
"""Columns that hold one of few values, so that two spellings of one are worth a look."""


@dataclass(frozen=True)
class Facet:
    """One kind of finding. `fixable` are those whom its suggestion alone puts in order; `examples` old and new."""

    code: str
    field: Field
    count: int
    fixable: int
    words: str
    examples: tuple[tuple[int, str, str], ...]


@dataclass(frozen=True)
class Cluster:
    """Spellings of one value in one column, the most frequent first."""

    heading: str
    spellings: tuple[tuple[str, int], ...]


def facets(actor: Actor, list_id: UUID) -> list[Facet]:
    """The kinds of findings on the list that concern a field, the most frequent first."""
    people: dict[tuple[str, Field], list[Any]] = defaultdict(list)
    words: dict[tuple[str, Field], str] = {}
    for row in _rows(actor, list_id):
        for finding in row.findings:
            if finding["field"]:
                key = (finding["code"], Field(finding["field"]))
                people[key].append(row)
                words.setdefault(key, restored(finding["message"]))
    found = []
    for (code, field), rows in people.items():
        fixable = [row for row in rows if is_fixed_by(row, field)]
        examples = tuple(
            (row.number, row.recorded.get(field.value, ""), row.suggestions[field.value])
            for row in fixable[:_EXAMPLES]
        )
        found.append(Facet(code, field, len(rows), len(fixable), words[code, field], examples))
    return sorted(found, key=lambda each: (-each.count, each.code))


def fixable(actor: Actor, list_id: UUID, code: str, field: Field) -> list[int]:
    """The ids of the people whom the suggestion for this kind of finding puts in order, in the list's order."""
    return [
        row.id
        for row in _rows(actor, list_id)
        if is_fixed_by(row, field)
        and any(each["code"] == code and each["field"] == field.value for each in row.findings)
    ]


def is_fixed_by(row: Any, field: Field) -> bool:  # noqa: ANN401  an Entry or a row with its columns
    """Whether nobody has concluded the entry and its suggestion for the field leaves nothing wrong with it.

    Never for a phone or an insurance number: a verdict carries the four items that are matched.
    """
    suggestion = row.suggestions.get(field.value, "")
    if field not in IDENTITY_FIELDS or not suggestion or row.village_verdict:
        return False
    mended = Person(**{**_person(row.recorded), field.value: suggestion})
    return not classify(mended, today=today()).classes


def clusters(actor: Actor, list_id: UUID) -> list[Cluster]:
    """Values of the file that differ in marks, case or blanks only, column by column."""
    spelled: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for row in _rows(actor, list_id):
        said = named_values(row.raw)
        for name in _CLUSTERED:
            if said.get(name):
                spelled[name, folding_key(said[name])][said[name]] += 1
    return [
        Cluster(COLUMN_BY_NAME[name].heading, tuple(counts.most_common()))
        for (name, _), counts in sorted(spelled.items())
        if len(counts) > 1
    ]


def _person(recorded: Mapping[str, str]) -> dict[str, str]:
    return {field.value: recorded.get(field.value, "") for field in Field}


def _rows(actor: Actor, list_id: UUID) -> Iterator[Any]:
    query = (
        select(
            Entry.id,
            Entry.number,
            Entry.recorded,
            Entry.raw,
            Entry.findings,
            Entry.suggestions,
            Entry.village_verdict,
        )
        .join(CorrectionList, CorrectionList.id == Entry.list_id)
        .where(Entry.list_id == list_id, visible_to(actor, Permission.LIST_READ))
        .order_by(Entry.number)
    )
    rows: Sequence[Any] = db.session.execute(query).all()
    return iter(rows)
