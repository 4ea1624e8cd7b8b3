"""Report forms as data: what a definition file may say, read into frozen values or refused with every fault in it.

A form is fields with their measures, grouped in sections; rules over them; who fills in and signs; its dates. A new
form is a new file, a changed one a new version: no code knows any form by name.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any

from portal.domain.errors import InvalidInput
from portal.domain.report_expressions import Expression, ExpressionRefused, compile_expression
from portal.domain.units import UnitKind
from portal.domain.wording import Worded, say

ENGLISH = "en"
"""Each text of a definition may have its English beside it, under its own name and `_en`."""
COUNT, TEXT, LINES = "count", "text", "lines"
KINDS = (COUNT, TEXT, LINES)
"""A whole number of something, one line of words, several lines of words."""
ONCE, DAY, MONTH = "once", "day", "month"
REFUSE, EXPLAIN, NOTE = "refuse", "explain", "note"
LEVELS = (REFUSE, EXPLAIN, NOTE)
"""A broken rule forbids sending, asks for an explanation, or is only pointed out."""
BY_PARENT, ON_RECEIPT = "parent", "receipt"
KEY, ACT = "key", "act"
"""Signed with the leader's key on the paper, or by the leader's own act in the log."""
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")


class FormRefused(InvalidInput):
    """A definition file cannot be used; `faults` names every fault with its place."""

    def __init__(self, name: str, faults: Sequence[str]) -> None:
        super().__init__(say("Biểu mẫu {name} chưa dùng được: {faults}", name=name, faults="; ".join(faults)))
        self.faults = tuple(faults)


@dataclass(frozen=True)
class FormField:
    """One cell of a form. `measure` is what a count counts; `prefill` names where a first value comes from."""

    key: str
    label: str
    kind: str
    measure: str = ""
    required: bool = True
    prefill: str = ""
    computed: bool = False
    hint: str = ""
    row: str = ""
    column: str = ""

    @property
    def counts(self) -> bool:
        """Whether the field is a number, which goes into totals."""
        return self.kind == COUNT


@dataclass(frozen=True)
class Section:
    """A part of a form: single fields, or a table of `rows` by `columns` (key and label each)."""

    key: str
    title: str
    fields: tuple[FormField, ...]
    rows: tuple[tuple[str, str], ...] = ()
    columns: tuple[tuple[str, str], ...] = ()

    def cell(self, row: str, column: str) -> FormField:
        """The field of a table at this row and column."""
        return next(each for each in self.fields if (each.row, each.column) == (row, column))


@dataclass(frozen=True)
class Rule:
    """What must hold among the values; the reason stands beside the cell `at`."""

    key: str
    check: Expression
    words: str
    level: str
    at: str


@dataclass(frozen=True)
class Form:
    """One version of a report form."""

    key: str
    version: int
    title: str
    short: str
    source: str
    measures: Mapping[str, str]
    filled_by: frozenset[str]
    apart: bool
    sign: str
    accept: str
    period: str
    due_time: time
    due_days: int
    locks_after_hours: int | None
    due_inclusive: bool | None
    sections: tuple[Section, ...]
    rules: tuple[Rule, ...]

    @property
    def fields(self) -> tuple[FormField, ...]:
        """Every cell, in the order of the paper."""
        return tuple(each for section in self.sections for each in section.fields)

    def field(self, key: str) -> FormField:
        """The cell of this name. Raises KeyError."""
        return {each.key: each for each in self.fields}[key]

    @property
    def computed(self) -> bool:
        """Whether nobody types a number: all of them come from the lists themselves."""
        return all(each.computed for each in self.fields if each.counts)

    @property
    def english(self) -> bool:
        """Whether every word of the form has its English; else an English page says that the words are Vietnamese."""
        tables = [label for section in self.sections for _key, label in (*section.rows, *section.columns)]
        words = [
            *(self.title, self.short, *self.measures.values(), *tables),
            *(section.title for section in self.sections),
            *(words for each in self.fields for words in (each.label, each.hint) if words),
            *(rule.words for rule in self.rules),
        ]
        return all(isinstance(each, Worded) and ENGLISH in each.others for each in words)


def read_form(said: Mapping[str, Any], name: str = "") -> Form:
    """The form a definition file describes. Raises FormRefused with every fault that it has."""
    reader = _Reader(said)
    form = reader.form()
    if reader.faults or form is None:
        raise FormRefused(name or str(said.get("key", "?")), reader.faults)
    return form


class _Reader:
    """Takes a definition apart and gathers its faults."""

    def __init__(self, said: Mapping[str, Any]) -> None:
        self.said = said
        self.faults: list[str] = []
        english = said.get("measures_en", {})
        self.measures: dict[str, str] = {
            key: Worded(str(words), {ENGLISH: str(english.get(key, ""))})
            for key, words in said.get("measures", {}).items()
        }

    def form(self) -> Form | None:
        said, filling, period = self.said, self._table("filling"), self._table("period")
        sections = tuple(self._sections())
        fields = [each for section in sections for each in section.fields]
        self._no_doubles(fields)
        parts: dict[str, Any] = {
            "key": self._name("key"),
            "version": self._number("version", said, 1),
            "title": self._words("title"),
            "short": self._words("short"),
            "source": str(said.get("source", "")),
            "measures": self.measures,
            "filled_by": self._units(filling),
            "apart": bool(filling.get("apart", False)),
            "sign": self._one_of("sign", filling, (KEY, ACT), ACT),
            "accept": self._one_of("accept", filling, (BY_PARENT, ON_RECEIPT), BY_PARENT),
            "period": self._one_of("kind", period, (ONCE, DAY, MONTH), ONCE),
            "due_days": self._number("due_days", period, 0),
            "locks_after_hours": period.get("locks_after_hours"),
            "due_inclusive": period.get("due_inclusive"),
            "sections": sections,
            "rules": tuple(self._rules({each.key: each for each in fields})),
        }
        due_time = self._time(period)
        return None if self.faults or due_time is None else Form(**parts, due_time=due_time)

    def _sections(self) -> Iterator[Section]:
        for said in self.said.get("sections", []):
            key, title = str(said.get("key", "")), _worded(said, "title")
            if "rows" in said:
                rows = tuple((str(each["key"]), _worded(each, "label")) for each in said["rows"])
                columns = tuple((str(each["key"]), _worded(each, "label")) for each in said["columns"])
                yield Section(key, title, tuple(self._cells(said)), rows, columns)
            else:
                yield Section(key, title, tuple(self._field(each) for each in said.get("fields", [])))
        if not self.said.get("sections"):
            self.faults.append("sections: ?")

    def _cells(self, said: Mapping[str, Any]) -> Iterator[FormField]:
        """A table's fields: `row_column`, the column's settings under the row's."""
        for row in said["rows"]:
            for column in said["columns"]:
                both = {**column, **{name: row[name] for name in row if name not in _ROW_WORDS}}
                both_told = bool(row.get("label_en") and column.get("label_en"))
                source = row.get("prefill", {}).get(column["key"], column.get("prefill", ""))
                yield self._field(
                    {
                        **both,
                        "key": f"{row['key']}_{column['key']}",
                        "label": f"{row['label']} – {column['label']}",
                        "label_en": f"{row['label_en']} – {column['label_en']}" if both_told else "",
                        "prefill": source,
                        "row": row["key"],
                        "column": column["key"],
                    }
                )

    def _field(self, said: Mapping[str, Any]) -> FormField:
        key, kind = str(said.get("key", "")), str(said.get("kind", COUNT))
        if not _NAME.fullmatch(key):
            self.faults.append(f"field {key!r}")
        if kind not in KINDS:
            self.faults.append(f"{key}.kind = {kind!r}")
        measure = str(said.get("measure", ""))
        if kind == COUNT and measure not in self.measures:
            self.faults.append(f"{key}.measure = {measure!r}")
        known = {"required", "prefill", "computed", "row", "column"}
        unknown = set(said) - known - {"key", "label", "label_en", "hint", "hint_en", "kind", "measure"}
        if unknown:
            self.faults.append(f"{key}: {', '.join(sorted(unknown))}")
        more = {name: said[name] for name in known & set(said)}
        if more.get("computed") and not more.get("prefill"):
            self.faults.append(f"{key}.prefill")
        label, hint = _worded(said, "label", key), _worded(said, "hint")
        return FormField(key, label, kind, measure if kind == COUNT else "", hint=hint, **more)

    def _rules(self, fields: Mapping[str, FormField]) -> Iterator[Rule]:
        measures = {key: each.measure for key, each in fields.items() if each.counts}
        texts = frozenset(key for key, each in fields.items() if not each.counts)
        for said in self.said.get("rules", []):
            key, at = str(said.get("key", "")), str(said.get("at", ""))
            level = self._one_of("level", said, LEVELS, REFUSE)
            if at not in fields:
                self.faults.append(f"rule {key}.at = {at!r}")
            try:
                check = compile_expression(str(said["check"]), measures, texts)
                yield Rule(key, check, Worded(str(said["say"]), {ENGLISH: str(said.get("say_en", ""))}), level, at)
            except (ExpressionRefused, KeyError) as error:
                self.faults.append(f"rule {key}: {error}")

    def _no_doubles(self, fields: Sequence[FormField]) -> None:
        keys = [each.key for each in fields]
        self.faults += [f"field {key!r}: 2" for key in sorted({key for key in keys if keys.count(key) > 1})]

    def _table(self, name: str) -> Mapping[str, Any]:
        found = self.said.get(name, {})
        return found if isinstance(found, Mapping) else {}

    def _name(self, name: str) -> str:
        found = str(self.said.get(name, ""))
        if not _NAME.fullmatch(found):
            self.faults.append(f"{name} = {found!r}")
        return found

    def _words(self, name: str) -> str:
        found = _worded(self.said, name)
        if not found:
            self.faults.append(f"{name} = ''")
        return found

    def _number(self, name: str, said: Mapping[str, Any], least: int) -> int:
        found = said.get(name, least)
        if not isinstance(found, int) or found < 0:
            self.faults.append(f"{name} = {found!r}")
            return least
        return found

    def _one_of(self, name: str, said: Mapping[str, Any], known: Sequence[str], usual: str) -> str:
        found = str(said.get(name, usual))
        if found not in known:
            self.faults.append(f"{name} = {found!r}")
        return found

    def _units(self, said: Mapping[str, Any]) -> frozenset[str]:
        found = frozenset(str(each) for each in said.get("units", []))
        if not found or not found <= {kind.value for kind in UnitKind}:
            self.faults.append(f"filling.units = {sorted(found)}")
        return found

    def _time(self, said: Mapping[str, Any]) -> time | None:
        try:
            return time.fromisoformat(str(said.get("due_time", "17:00")))
        except ValueError:
            self.faults.append(f"period.due_time = {said.get('due_time')!r}")
            return None


_ROW_WORDS = ("key", "label", "label_en", "prefill")
"""What a table's row says of itself, not of its cells."""


def _worded(said: Mapping[str, Any], name: str, usual: str = "") -> Worded:
    """The words of this name with their English."""
    return Worded(str(said.get(name, usual)).strip(), {ENGLISH: str(said.get(f"{name}_en", "")).strip()})
