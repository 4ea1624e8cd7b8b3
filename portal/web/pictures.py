"""The form for a picture: a person's signature, a unit's seal."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField

from portal.web.forms import PortalForm


class PictureForm(PortalForm):
    """One PNG; none takes the picture away."""

    picture = FileField(_l("Ảnh PNG nền trong suốt"))

    def data_sent(self) -> bytes:
        """The file's bytes; empty where none was chosen."""
        return self.picture.data.read() if self.picture.data else b""
