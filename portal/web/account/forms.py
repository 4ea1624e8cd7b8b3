"""Forms of the own account: password, signing key, membership."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import HiddenField, PasswordField, RadioField
from wtforms.validators import EqualTo

from portal.web.fields import TextField, at_most, required
from portal.web.forms import PortalForm


class PasswordForm(PortalForm):
    """Replace the own password."""

    old_password = PasswordField(
        _l("Mật khẩu hiện tại"), validators=[required(_l("Nhập mật khẩu hiện tại.")), at_most(128)]
    )
    password = PasswordField(_l("Mật khẩu mới"), validators=[required(_l("Nhập mật khẩu mới.")), at_most(128)])
    password_again = PasswordField(
        _l("Nhập lại mật khẩu mới"),
        validators=[
            required(_l("Nhập lại mật khẩu mới.")),
            EqualTo("password", _l("Hai lần nhập không giống nhau.")),
        ],
    )


class ProofForm(PortalForm):
    """Who sits here proves it; the code is asked of who has a second factor."""

    password = PasswordField(
        _l("Mật khẩu đăng nhập"), validators=[required(_l("Nhập mật khẩu đăng nhập.")), at_most(128)]
    )
    code = TextField(
        _l("Mã 6 số của ứng dụng, hoặc một mã dự phòng"), validators=[required(_l("Nhập mã.")), at_most(20)]
    )


class FactorCodeForm(PortalForm):
    """What the authenticator app shows."""

    code = TextField(_l("Mã 6 số của ứng dụng"), validators=[required(_l("Nhập mã.")), at_most(20)])


class SecurityKeyForm(PortalForm):
    """A new security key: how its owner calls it, and what the device answered."""

    name = TextField(
        _l("Tên gọi của khóa"), validators=[required(_l("Đặt tên để sau này nhận ra khóa.")), at_most(60)]
    )
    assertion = HiddenField(validators=[at_most(20_000)])


class SigningKeyForm(PortalForm):
    """Make the own signing key; the password of the account proves who sits at the browser."""

    password = PasswordField(
        _l("Mật khẩu đăng nhập"), validators=[required(_l("Nhập mật khẩu đăng nhập.")), at_most(128)]
    )
    passphrase = PasswordField(
        _l("Mật khẩu khóa ký"), validators=[required(_l("Nhập mật khẩu khóa ký.")), at_most(128)]
    )
    passphrase_again = PasswordField(
        _l("Nhập lại mật khẩu khóa ký"),
        validators=[
            required(_l("Nhập lại mật khẩu khóa ký.")),
            EqualTo("passphrase", _l("Hai lần nhập không giống nhau.")),
        ],
    )


class CertificateForm(PortalForm):
    """Propose a certificate of another authority."""

    file = FileField(_l("Tệp chứng thư (.cer, .crt, .pem)"))


class SwitchForm(PortalForm):
    """Choose the membership to act in, or the absent colleague to act for."""

    place = RadioField(_l("Làm việc với phân công"))
