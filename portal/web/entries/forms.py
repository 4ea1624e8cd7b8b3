"""What a party says of one person: the village's correction, the police's verification, the station's update."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField

from portal.domain.errors import InvalidInput
from portal.domain.fields import IDENTITY_FIELDS, Field
from portal.domain.labels import label
from portal.domain.reading_limits import RevealReason
from portal.domain.stages import Party
from portal.domain.verdicts import CARRIES_VALUES, PARTY_VERDICTS, REASON_GROUP, Reason, ReturnReason, Verdict
from portal.services.entries import Conclusion
from portal.web.fields import TextField, at_most
from portal.web.form_keys import NoteField, seen_rev
from portal.web.forms import PortalForm
from portal.web.wording import spoken

if TYPE_CHECKING:
    from portal.models import Entry

RIGHT, FIX = "right", "fix"
_GROUP_WORDS = {
    1: _l("N1: không có thông tin"),
    2: _l("N2: đã đi khỏi địa phương"),
    3: _l("N3: công an"),
    4: _l("N4: quân đội"),
    5: _l("N5: phạm nhân"),
    6: _l("N6: cai nghiện, bảo trợ xã hội"),
    7: _l("N7: khác"),
}
_NO_ENDING = (Reason.NOT_IN_DATABASE,)
"""Reasons that only the police can know."""


def reason_choices() -> dict[str, list[tuple[str, str]]]:
    """The reasons of the Bắc Giang form by group, for a select with groups."""
    groups: dict[str, list[tuple[str, str]]] = {"": [("", _("Chọn lý do"))]}
    for reason, group in REASON_GROUP.items():
        if reason not in _NO_ENDING:
            groups.setdefault(str(_GROUP_WORDS[group]), []).append((reason.value, spoken(label(reason))))
    return groups


def return_choices() -> list[tuple[str, str]]:
    """The reasons for sending a person back."""
    return [("", _("Chọn lý do")), *((reason.value, spoken(label(reason))) for reason in ReturnReason)]


class NumberField(TextField):
    """A citizen's number, shown and typed in threes for the eye: the blanks between digits are no part of it."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the first value; blanks go where only digits stay, anything else is kept as typed."""
        super().process_formdata(valuelist)
        bare = "".join(self.data.split())
        self.data = bare if bare.isdecimal() else self.data


class RevealForm(PortalForm):
    """Why whole numbers are needed; chosen, so that nobody's name gets into the log."""

    why = RadioField(_l("Lý do"), validate_choice=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  WTForms' own signature
        super().__init__(*args, **kwargs)
        self.why.choices = [(each.value, spoken(label(each))) for each in RevealReason]


class ConclusionForm(PortalForm):
    """The verdict with its reason and note; parties add what is theirs."""

    party: Party
    verdict = RadioField(_l("Kết luận"), validate_choice=False)
    reason = SelectField(_l("Lý do không làm được"), validate_choice=False)
    return_reason = SelectField(_l("Lý do trả lại"), validate_choice=False)
    note = NoteField(_l("Ghi rõ thêm"), validators=[at_most(500)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  WTForms' own signature
        super().__init__(*args, **kwargs)
        self.verdict.choices = [(verdict.value, label(verdict)) for verdict in self.offered_verdicts()]
        self.reason.choices = reason_choices()
        self.return_reason.choices = return_choices()

    def offered_verdicts(self) -> tuple[Verdict, ...]:
        """The verdicts that the form offers."""
        return PARTY_VERDICTS[self.party]

    def chosen(self) -> Verdict:
        """The verdict that was chosen. Raises InvalidInput where there is none of the party's."""
        found = next((one for one in PARTY_VERDICTS[self.party] if one.value == self.verdict.data), None)
        if found is None:
            raise InvalidInput(_("Chưa chọn kết luận."), fields={"verdict": _("Chọn một kết luận cho người này.")})
        return found

    def said(self, _entry: Entry | None) -> Conclusion:
        """The conclusion for the service. Raises InvalidInput for what the form itself can tell."""
        verdict = self.chosen()
        return Conclusion(
            verdict,
            values=self.values(verdict),
            reason=self._reason(verdict),
            note=self.note.data or "",
            rev=seen_rev(self),
        )

    def fill(self, entry: Entry) -> None:
        """Show the entry as it stands."""
        raise NotImplementedError

    def values(self, _verdict: Verdict) -> Mapping[Field, str]:
        """The fields stated anew."""
        return {}

    def _reason(self, verdict: Verdict) -> str:
        if verdict is Verdict.RETURNED:
            return self.return_reason.data or ""
        return (self.reason.data or "") if verdict in {Verdict.UNRESOLVED, Verdict.ENDED} else ""

    def refuse(self, error: InvalidInput) -> None:
        """The refusal beside its field; a missing reason stands beside the select that was meant."""
        named = dict(error.fields)
        if "reason" in named and self.verdict.data == Verdict.RETURNED.value:
            named["return_reason"] = named.pop("reason")
        super().refuse(InvalidInput(error.message, fields=named, code=error.code))


class CorrectionForm(ConclusionForm):
    """The village's form: each item right or corrected, and a conclusion."""

    party = Party.VILLAGE
    id_number = NumberField(_l("Số định danh (CCCD)"), validators=[at_most(40)])
    full_name = TextField(_l("Họ và tên"), validators=[at_most(120)])
    birth_date = TextField(_l("Ngày sinh"), validators=[at_most(40)])
    sex = TextField(_l("Giới tính"), validators=[at_most(20)])
    id_number_choice = HiddenField(default=RIGHT)
    full_name_choice = HiddenField(default=RIGHT)
    birth_date_choice = HiddenField(default=RIGHT)
    sex_choice = HiddenField(default=RIGHT)

    def values(self, verdict: Verdict) -> Mapping[Field, str]:
        """The items marked «Sửa», where the verdict carries values."""
        fixed = {field: self[field.value].data or "" for field in self.fixed_fields()}
        if fixed and verdict not in CARRIES_VALUES and verdict is not Verdict.UNRESOLVED:
            if verdict is Verdict.ALREADY_RIGHT:
                raise InvalidInput(
                    _("Có mục đang chọn «Sửa» nhưng kết luận là thông tin đã đúng."),
                    fields={"verdict": _("Chọn «Đã sửa», hoặc chọn «Đúng» ở từng mục.")},
                )
            return {}
        return fixed if verdict in CARRIES_VALUES else {}

    def fixed_fields(self) -> tuple[Field, ...]:
        """The items for which «Sửa» is chosen."""
        return tuple(field for field in IDENTITY_FIELDS if self[f"{field}_choice"].data == FIX)

    def said(self, entry: Entry | None) -> Conclusion:
        """As the base form, after looking for a new value typed beside «Đúng»."""
        conclusion = super().said(entry)
        if conclusion.verdict is Verdict.FIXED and entry is not None:
            for field in IDENTITY_FIELDS:
                typed = self[field.value].data or ""
                # What stands recorded is what «Đúng» means, also when somebody else proposed another value meanwhile.
                known = (_shown(entry, field), entry.recorded.get(field.value, ""))
                if field not in self.fixed_fields() and typed not in known:
                    words = _("Bạn đã gõ giá trị mới nhưng chọn «Đúng». Chọn «Sửa», hoặc gõ lại như cũ.")
                    raise InvalidInput(words, fields={field.value: words})
        return conclusion

    def fill(self, entry: Entry) -> None:
        """Show the entry as it stands: proposed values, or recorded ones with «Sửa» where something was found."""
        self.rev.data = str(entry.rev)
        self.verdict.data = entry.village_verdict or None
        self.note.data = entry.village_note
        self.reason.data = self.return_reason.data = entry.village_reason
        suspect = {finding.get("field") for finding in entry.findings if finding.get("severity") == "error"}
        for field in IDENTITY_FIELDS:
            self[field.value].data = _shown(entry, field)
            fix = field.value in entry.proposed or (not entry.village_verdict and field.value in suspect)
            self[f"{field}_choice"].data = FIX if fix else RIGHT

    def take(self, field: Field, value: str, recorded: str) -> None:
        """State this value of an item; where it is the recorded one, the item is right."""
        self[field.value].data = value
        self[f"{field}_choice"].data = RIGHT if value == recorded else FIX

    def stated(self, field: Field, recorded: str) -> str:
        """The value that the form states of an item: the typed one behind «Sửa», else the recorded one."""
        return (self[field.value].data or "") if field in self.fixed_fields() else recorded

    def use_suggestion(self, entry: Entry, name: str) -> None:
        """Take the suggested value of an item into the form."""
        if name in entry.suggestions and name in {field.value for field in IDENTITY_FIELDS}:
            self[name].data = entry.suggestions[name]
            self[f"{name}_choice"].data = FIX
            self.verdict.data = Verdict.FIXED.value


class VerificationForm(ConclusionForm):
    """The police's form: the verdict, and the database's values where they differ."""

    party = Party.POLICE
    id_number = TextField(_l("Số định danh"), validators=[at_most(40)])
    full_name = TextField(_l("Họ và tên"), validators=[at_most(120)])
    birth_date = TextField(_l("Ngày sinh"), validators=[at_most(40)])
    sex = TextField(_l("Giới tính"), validators=[at_most(20)])

    def values(self, verdict: Verdict) -> Mapping[Field, str]:
        """All four items of a correction; other verdicts carry none."""
        if verdict is not Verdict.CORRECTED:
            return {}
        return {field: self[field.value].data or "" for field in IDENTITY_FIELDS}

    def fill(self, entry: Entry) -> None:
        """Show the newest values: verified, else proposed, else recorded."""
        self.rev.data = str(entry.rev)
        self.verdict.data = self.verdict.data or entry.police_verdict or None
        self.note.data, self.return_reason.data = entry.police_note, entry.police_reason
        for field in IDENTITY_FIELDS:
            self[field.value].data = entry.verified.get(field.value) or _shown(entry, field)


class UpdateForm(ConclusionForm):
    """The station's form for a person whom the lanes do not settle."""

    party = Party.STATION

    def offered_verdicts(self) -> tuple[Verdict, ...]:
        """Marking a person applied is the lanes' work; here stand the other ends."""
        return (Verdict.CONFIRMED, Verdict.APPLY_FAILED, Verdict.ENDED, Verdict.RETURNED)

    def fill(self, entry: Entry) -> None:
        """Show what the station said before."""
        self.rev.data = str(entry.rev)
        self.verdict.data = entry.station_verdict or None
        self.note.data = entry.station_note
        self.reason.data = self.return_reason.data = entry.station_reason


def _shown(entry: Entry, field: Field) -> str:
    return entry.proposed.get(field.value, entry.recorded.get(field.value, ""))
