"""What is typed into a report's cells, and the verdict of the form's rules on it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from portal.domain.errors import InvalidInput
from portal.domain.report_forms import COUNT, EXPLAIN, LINES, NOTE, REFUSE, Form, FormField
from portal.domain.wording import say

Value = int | str | None
MOST_COUNT = 10**12
MOST_TEXT, MOST_LINES = 300, 4_000
_GROUPED = re.compile(r"\d{1,3}(?:[.,\s\u00a0]\d{3})+|\d+")
_SEPARATORS = re.compile(r"[.,\s\u00a0]")


@dataclass(frozen=True)
class Fault:
    """A rule that does not hold, beside the cell it is about. `rule` is empty for a cell left empty."""

    at: str
    words: str
    level: str
    rule: str = ""
    explained: bool = False

    @property
    def forbids(self) -> bool:
        """Whether the report cannot be sent like this."""
        return self.level == REFUSE or (self.level == EXPLAIN and not self.explained)


def read_cell(field: FormField, typed: str) -> Value:
    """The value of what was typed: `5.636.122`, `5 636 122` or `5636122` for a count. Raises InvalidInput.

    An empty cell is None: nobody said nothing and zero are two things.
    """
    text = typed.strip()
    if not text:
        return None
    if field.kind == COUNT:
        return _count(field, text)
    most = MOST_LINES if field.kind == LINES else MOST_TEXT
    if len(text) > most:
        raise _refused(field, say("Tối đa {most} chữ. Hãy rút ngắn.", most=most))
    kept = "".join(letter for letter in text if letter.isprintable() or (letter == "\n" and field.kind == LINES))
    return kept or None


def faults_of(
    form: Form, values: Mapping[str, Value], previous: Mapping[str, Value], reasons: Mapping[str, str]
) -> list[Fault]:
    """Every rule of the form that does not hold, and every needed cell left empty, in the form's order."""
    order = {each.key: place for place, each in enumerate(form.fields)}
    found = [*_empty(form, values), *_broken(form, values, previous, reasons)]
    return sorted(found, key=lambda fault: order[fault.at])


def sendable(faults: Sequence[Fault]) -> bool:
    """Whether nothing forbids sending."""
    return not any(each.forbids for each in faults)


def differences(form: Form, values: Mapping[str, Value], counted: Mapping[str, Value]) -> dict[str, int]:
    """By how much the entered count differs from what the portal itself counted, where it does."""
    found = {}
    for each in form.fields:
        said, known = values.get(each.key), counted.get(each.key)
        if each.counts and isinstance(said, int) and isinstance(known, int) and said != known:
            found[each.key] = said - known
    return found


def _count(field: FormField, text: str) -> int:
    if text.startswith(("-", "−")):
        raise _refused(field, say("Số không được âm. Ghi 0 nếu không có."))
    if not text.isascii() and any(letter.isdigit() and not letter.isascii() for letter in text):
        raise _refused(field, say("Hãy ghi bằng chữ số 0–9."))
    if not _GROUPED.fullmatch(text):
        raise _refused(field, say("Ghi số nguyên, ví dụ 5.636.122; không ghi chữ hay số lẻ."))
    number = int(_SEPARATORS.sub("", text)[:20])
    if number > MOST_COUNT:
        raise _refused(field, say("Số quá lớn. Hãy kiểm tra lại."))
    return number


def _refused(field: FormField, words: str) -> InvalidInput:
    return InvalidInput(words, fields={field.key: words})


def _empty(form: Form, values: Mapping[str, Value]) -> Iterator[Fault]:
    for each in form.fields:
        if each.required and values.get(each.key) in (None, ""):
            words = say("Chưa nhập; ghi 0 nếu không có.") if each.counts else say("Chưa nhập.")
            yield Fault(each.key, words, REFUSE)


def _broken(
    form: Form, values: Mapping[str, Value], previous: Mapping[str, Value], reasons: Mapping[str, str]
) -> Iterator[Fault]:
    for rule in form.rules:
        if rule.check.holds(values, previous) is False:
            explained = rule.level == EXPLAIN and bool(reasons.get(rule.key, "").strip())
            yield Fault(rule.at, rule.words, NOTE if rule.level == NOTE else rule.level, rule.key, explained)
