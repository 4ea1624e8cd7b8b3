"""Forms on a record: signing with the passphrase, refusing with a reason, recalling."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import HiddenField, PasswordField, RadioField, SelectField

from portal.domain.labels import label
from portal.domain.verdicts import RefusalReason, ReturnReason
from portal.web.fields import ChoiceField, TextField, at_most, required
from portal.web.form_keys import NoteField
from portal.web.forms import PortalForm
from portal.web.wording import spoken


class PrepareForm(PortalForm):
    """Which way out of the present stage the record is for; empty is the completion."""

    leg = HiddenField()


class SignForm(PortalForm):
    """The passphrase of the own key, and the SHA-256 of the pages that were shown."""

    shown = HiddenField()
    shown_answered = HiddenField()
    passphrase = PasswordField(
        _l("Mật khẩu khóa ký"), validators=[required(_l("Nhập mật khẩu khóa ký.")), at_most(128)]
    )


class SignedFileForm(PortalForm):
    """The record as another program signed it."""

    shown = HiddenField()
    file = FileField(_l("Tệp PDF đã ký"))


class TokenForm(PortalForm):
    """The PIN of a token plugged in where the portal runs."""

    shown = HiddenField()
    certificate = ChoiceField(_l("Chứng thư trên thẻ"), coerce=int)
    pin = PasswordField(_l("Mã PIN của thẻ"), validators=[required(_l("Nhập mã PIN của thẻ.")), at_most(64)])


class HashForm(PortalForm):
    """With which certificate a hash will be signed elsewhere."""

    shown = HiddenField()
    certificate = ChoiceField(_l("Chứng thư"), coerce=int)


class RemoteForm(PortalForm):
    """What the remote signing service asks of its user; nothing of it is kept."""

    shown = HiddenField()
    certificate = ChoiceField(_l("Chứng thư"), coerce=int)
    user = TextField(_l("Mã người dùng ở dịch vụ"), validators=[at_most(100)])
    pin = PasswordField(_l("Mã PIN của khóa ký từ xa"), validators=[at_most(64)])
    code = TextField(_l("Mã một lần (OTP)"), validators=[at_most(20)])


class ValueForm(PortalForm):
    """The signature value that was made elsewhere."""

    value = NoteField(_l("Giá trị chữ ký (Base64)"), validators=[at_most(4000)])


class ScanForm(PortalForm):
    """The scan of a record that the village signed in ink, and who signed."""

    signer = TextField(
        _l("Họ tên người của thôn đã ký tay"), validators=[required(_l("Ghi họ tên người đã ký.")), at_most(100)]
    )
    file = FileField(_l("Tệp quét hoặc ảnh chụp biên bản đã ký (PDF, JPEG, PNG, tối đa 20 MB)"))


class ConfirmScanForm(PortalForm):
    """The SHA-256 of the scan that was looked at."""

    seen = HiddenField()


class RefusalForm(PortalForm):
    """Why a handover is not taken."""

    reason = RadioField(_l("Lý do từ chối"), validate_choice=False)
    note = NoteField(_l("Ghi rõ thêm"), validators=[at_most(500)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  WTForms' own signature
        super().__init__(*args, **kwargs)
        self.reason.choices = [(reason.value, label(reason)) for reason in RefusalReason]


class RecallForm(PortalForm):
    """Why a sent record is taken back; needed once the receiver has looked at it."""

    reason = NoteField(_l("Lý do thu hồi"), validators=[at_most(500)])

    def asks_reason(self, is_opened: bool) -> str:
        """The hint under the field."""
        needed = _("Bên nhận đã mở xem, nên cần ghi lý do.")
        return str(needed if is_opened else _("Bên nhận chưa mở xem; có thể để trống."))


class ExceptionsForm(PortalForm):
    """Who is not taken by number, with one reason for all of them; ticked people have their own beside them."""

    numbers = TextField(_l("Số thứ tự"), validators=[at_most(2000)])
    reason = SelectField(_l("Lý do chung của các số này"), validate_choice=False)
    note = TextField(_l("Ghi rõ thêm"), validators=[at_most(500)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  WTForms' own signature
        super().__init__(*args, **kwargs)
        self.by_person: dict[str, str] = {}
        self.reason.choices = [
            ("", _("Chọn lý do")),
            *((reason.value, spoken(label(reason))) for reason in ReturnReason),
        ]


class AdjustmentForm(PortalForm):
    """One person's values as they should be read on the signed record, and why."""

    id_number = TextField(_l("Số định danh"), validators=[at_most(50)])
    full_name = TextField(_l("Họ và tên"), validators=[at_most(200)])
    birth_date = TextField(_l("Ngày sinh"), validators=[at_most(50)])
    sex = TextField(_l("Giới tính"), validators=[at_most(20)])
    note = NoteField(_l("Lý do điều chỉnh"), validators=[required(_l("Ghi lý do điều chỉnh.")), at_most(500)])
