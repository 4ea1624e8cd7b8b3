"""What was typed into a report's cells against what stands there: read, merged with a colleague's, explained."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.domain.errors import InvalidInput
from portal.domain.report_forms import Form
from portal.domain.report_values import Value, read_cell
from portal.domain.wording import say
from portal.models import Report, ReportDuty

MOST_REASON = 1_000


@dataclass(frozen=True)
class Typed:
    """A posted sheet: cells as typed, what the page had shown of them, explanations by rule."""

    cells: Mapping[str, str]
    was: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)


def read_cells(form: Form, duty: ReportDuty, typed: Mapping[str, str]) -> tuple[dict[str, Value], dict[str, str]]:
    """The cells that may be typed, and every one that cannot be read with the reason."""
    values: dict[str, Value] = {}
    wrong: dict[str, str] = {}
    for each in form.fields:
        if each.key not in typed or each.computed or (duty.gathers and each.counts):
            continue
        try:
            values[each.key] = read_cell(each, typed[each.key])
        except InvalidInput as refused:
            wrong |= refused.fields
    return values, wrong


def merged(
    form: Form, draft: Report, typed: Mapping[str, Value], was: Mapping[str, str]
) -> tuple[dict[str, Value], dict[str, str]]:
    """The cells that really change, and those into which somebody else wrote another thing meanwhile, with words."""
    changed: dict[str, Value] = {}
    taken: dict[str, str] = {}
    for name, value in typed.items():
        now_there = draft.values.get(name)
        seen = read_cell(form.field(name), was[name]) if name in was else now_there
        if value in (seen, now_there):
            # Sent back as it was shown, or the same as somebody else wrote: the newer value stays.
            continue
        if now_there == seen:
            changed[name] = value
            continue
        taken[name] = say(
            "Ô «{field}» vừa được người khác ghi «{now}»; bạn nhập «{typed}». Hãy xem lại rồi lưu.",
            field=form.field(name).label,
            now=now_there if now_there is not None else "–",
            typed=value if value is not None else "–",
        )
    return changed, taken


def explained(form: Form, typed: Mapping[str, str]) -> dict[str, str]:
    """Explanations of the form's own rules. Raises InvalidInput by rule where one is too long."""
    known = {rule.key for rule in form.rules}
    said = {name: words.strip() for name, words in typed.items() if name in known}
    too_long = say("Ghi không quá {most} chữ.", most=MOST_REASON)
    wrong: dict[str, str] = {f"reason-{name}": too_long for name, words in said.items() if len(words) > MOST_REASON}
    if wrong:
        raise InvalidInput(say("Lời giải thích quá dài."), fields=wrong)
    return said
