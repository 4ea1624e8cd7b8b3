"""The form with which a certificate stops counting; the owner's page and the administration's share it."""

from flask_babel import lazy_gettext as _l

from portal.web.fields import TextField, at_most, required
from portal.web.forms import PortalForm


class EndForm(PortalForm):
    """Why a certificate is not used any more."""

    reason = TextField(_l("Lý do ngừng dùng"), validators=[required(_l("Ghi lý do ngừng dùng.")), at_most(200)])
