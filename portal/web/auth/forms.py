"""The forms of the two steps of signing in."""

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField

from portal.web.fields import TextField, at_most, required
from portal.web.forms import PortalForm


class SignInForm(PortalForm):
    """User name and password."""

    username = TextField(_l("Tên đăng nhập"), validators=[required(_l("Nhập tên đăng nhập.")), at_most(100)])
    password = PasswordField(_l("Mật khẩu"), validators=[required(_l("Nhập mật khẩu.")), at_most(128)])


class FactorForm(PortalForm):
    """A code of the authenticator app, or a recovery code."""

    code = TextField(
        _l("Mã 6 số của ứng dụng, hoặc một mã dự phòng"), validators=[required(_l("Nhập mã.")), at_most(20)]
    )
