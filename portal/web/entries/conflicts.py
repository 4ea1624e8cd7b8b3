"""Two people saved the same person: both values of each item, and which of the two is to stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import request
from flask_babel import gettext as _

from portal.domain.fields import IDENTITY_FIELDS, Field
from portal.domain.phrases import verdict_words
from portal.domain.stages import Party
from portal.domain.verdicts import Reason, ReturnReason, Verdict
from portal.web.entries.forms import ConclusionForm, CorrectionForm
from portal.web.lists.grid import said_by
from portal.web.lists.words import FIELD_WORDS

if TYPE_CHECKING:
    from portal.models import Entry

MINE, THEIRS = "mine", "theirs"
_CHOICE = "take_"
"""What the names of the choice fields begin with: `take_full_name`, `take_verdict`, `take_note`."""


@dataclass(frozen=True)
class Conflict:
    """One item as it stands now and as it was typed, after somebody else saved first; `chosen` is MINE or THEIRS."""

    name: str
    words: str
    now: str
    typed: str
    chosen: str

    @property
    def choice(self) -> str:
        """The name of the field that says which of the two is to stand."""
        return f"{_CHOICE}{self.name}"


def conflicts(entry: Entry, form: ConclusionForm) -> list[Conflict]:
    """Both values of each item that differs, where the form was drawn from an older version of the person."""
    is_filled = form.is_submitted() or form.is_kept
    if not is_filled or form.rev.data in ("", None, str(entry.rev)):
        return []
    found = _of_correction(entry, form) if isinstance(form, CorrectionForm) else _of_conclusion(entry, form)
    return [one for one in found if one.now != one.typed]


def settle(entry: Entry, form: CorrectionForm) -> None:
    """Put the other one's value wherever the person at the form chose it.

    Nothing happens where the entry has changed again since both values were shown: then they are asked anew.
    """
    if form.rev.data != str(entry.rev):
        return
    for field in IDENTITY_FIELDS:
        if _chose_theirs(field.value):
            form.take(field, _proposed(entry, field), entry.recorded.get(field.value, ""))
    if _chose_theirs("verdict"):
        form.verdict.data = entry.village_verdict or None
        form.reason.data = form.return_reason.data = entry.village_reason
    if _chose_theirs("note"):
        form.note.data = entry.village_note


def _chose_theirs(name: str) -> bool:
    return request.form.get(f"{_CHOICE}{name}") == THEIRS


def _of_correction(entry: Entry, form: CorrectionForm) -> list[Conflict]:
    """Chosen beforehand: what was typed here; for items left alone beside a correction, what the other one typed."""
    is_correction = form.verdict.data == Verdict.FIXED.value
    fixed = form.fixed_fields()
    found = [
        Conflict(
            field.value,
            FIELD_WORDS[field],
            _proposed(entry, field),
            form.stated(field, entry.recorded.get(field.value, "")) if is_correction else _recorded(entry, field),
            THEIRS if is_correction and field not in fixed else MINE,
        )
        for field in IDENTITY_FIELDS
    ]
    note = form.note.data or ""
    return [
        *found,
        Conflict("verdict", _("Kết luận"), _said(entry.village_verdict, entry.village_reason), _typed(form), MINE),
        Conflict("note", _("Ghi rõ thêm"), entry.village_note, note, MINE if note else THEIRS),
    ]


def _of_conclusion(entry: Entry, form: ConclusionForm) -> list[Conflict]:
    now = {**entry.recorded, **entry.proposed, **(entry.verified if form.party is Party.POLICE else {})}
    found = [
        Conflict(field.value, FIELD_WORDS[field], now.get(field.value, ""), form[field.value].data or "", MINE)
        for field in IDENTITY_FIELDS
        if field.value in form
    ]
    typed = next((words for value, words in form.verdict.choices or [] if value == form.verdict.data), "")
    return [*found, Conflict("verdict", _("Kết luận"), said_by(form.party, entry), typed, MINE)]


def _typed(form: ConclusionForm) -> str:
    reason = form.return_reason.data if form.verdict.data == Verdict.RETURNED.value else form.reason.data
    carries_reason = form.verdict.data in {Verdict.RETURNED.value, Verdict.UNRESOLVED.value}
    return _said(form.verdict.data or "", (reason or "") if carries_reason else "")


def _said(verdict: str, reason: str) -> str:
    """The conclusion in words; what no list offers (a tampered form) is not put into words."""
    reasons = {each.value for each in (*Reason, *ReturnReason)}
    known = verdict if verdict in {each.value for each in Verdict} else ""
    return verdict_words(known, reason if reason in reasons else "")


def _recorded(entry: Entry, field: Field) -> str:
    return entry.recorded.get(field.value, "")


def _proposed(entry: Entry, field: Field) -> str:
    return entry.proposed.get(field.value, _recorded(entry, field))
