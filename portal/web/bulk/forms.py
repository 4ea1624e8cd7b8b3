"""The forms of bulk acts: what was ticked or matches, and the one thing to be done to all of it."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, RadioField, SelectField

from portal.domain.errors import InvalidInput
from portal.domain.stages import Party
from portal.domain.verdicts import CARRIES_VALUES, PARTY_VERDICTS, Verdict
from portal.web.entries.forms import ConclusionForm
from portal.web.fields import DayField, HourField, at_most, required
from portal.web.forms import PortalForm

TICKED, MATCHING = "ticked", "matching"
_SHOWN, _UUID = re.compile(r"[0-9a-f]{64}"), re.compile(r"[0-9a-f-]{36}")
_TICK = re.compile(r"([0-9]{1,9}):([0-9]{1,9})")


class BulkForm(ConclusionForm):
    """One conclusion for many people; verdicts that carry values of a person's own are not offered."""

    scope = HiddenField(default=TICKED)
    expected = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  WTForms' own signature
        super().__init__(*args, **kwargs)
        # The rows of the page may open a form of their own with the same fields.
        for field in self:
            field.id = field.label.field_id = f"bulk-{field.id}"

    def offered_verdicts(self) -> tuple[Verdict, ...]:
        """Those that are the same for everybody."""
        return tuple(one for one in PARTY_VERDICTS[self.party] if one not in CARRIES_VALUES)

    def ticked(self) -> dict[int, int]:
        """The numbers that were ticked, each with the version that was shown."""
        return {int(number): int(rev) for number, rev in (_read(tick) for tick in request.form.getlist("tick"))}


class VillageBulkForm(BulkForm):
    """The village's."""

    party = Party.VILLAGE


class PoliceBulkForm(BulkForm):
    """The police's: over rows that were shown, no others."""

    party = Party.POLICE


class StationBulkForm(BulkForm):
    """The station's."""

    party = Party.STATION


BULK_FORMS: dict[Party, type[BulkForm]] = {
    form.party: form for form in (VillageBulkForm, PoliceBulkForm, StationBulkForm)
}


class ListsBulkForm(PortalForm):
    """A deed over many lists; which of the fields are read, its button decides."""

    scope = HiddenField(default=TICKED)
    expected = HiddenField()
    due_day = DayField(_l("Hạn mới: ngày"))
    due_hour = HourField(_l("Giờ"), default="17:00")
    village = SelectField(_l("Tổ công tác thôn nhận"), coerce=int, validate_choice=False)
    person = RadioField(_l("Người làm"), validate_choice=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  WTForms' own signature
        super().__init__(*args, **kwargs)
        self.village.choices, self.person.choices = [], []

    def ticked(self) -> list[UUID]:
        """The lists that were ticked."""
        try:
            return [UUID(text) for text in request.form.getlist("tick")]
        except ValueError:
            raise InvalidInput(_("Dòng đã chọn không đọc được. Hãy tải lại trang rồi chọn lại.")) from None


def chosen_person(form: ListsBulkForm) -> UUID | None:
    """The account chosen; None where none was, or where it is not readable."""
    try:
        return UUID(form.person.data or "")
    except ValueError:
        return None


class SignManyForm(PortalForm):
    """Ticked records, each with the SHA-256 of the pages that were shown, and the passphrase of the own key."""

    passphrase = PasswordField(
        _l("Mật khẩu khóa ký"), validators=[required(_l("Nhập mật khẩu khóa ký.")), at_most(128)]
    )

    def ticked(self) -> list[tuple[UUID, str]]:
        """The records with what was shown of them."""
        found = []
        for text in request.form.getlist("tick"):
            record, _colon, shown = text.partition(":")
            if not _SHOWN.fullmatch(shown) or not _UUID.fullmatch(record):
                raise InvalidInput(_("Dòng đã chọn không đọc được. Hãy tải lại trang rồi chọn lại."))
            found.append((UUID(record), shown))
        return found


def expected_count(form: BulkForm | ListsBulkForm) -> int | None:
    """How many items the person confirmed; None before the confirmation."""
    text = form.expected.data or ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 8 else None


def _read(tick: str) -> tuple[str, str]:
    found = _TICK.fullmatch(tick)
    if found is None:
        raise InvalidInput(_("Dòng đã chọn không đọc được. Hãy tải lại trang rồi chọn lại."))
    return found.group(1), found.group(2)
