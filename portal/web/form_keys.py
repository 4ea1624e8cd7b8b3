"""What a posted form says about itself: its repeat-safe key, the version it was drawn from, its plain notes."""

from uuid import UUID

from wtforms import TextAreaField

from portal.web.forms import PortalForm

_NEVER = -1
"""A version that no list or entry has: an unreadable one counts as outdated."""


def key_of(form: PortalForm) -> str:
    """The form's key; empty (no protection against repeats) where it is not one of ours."""
    try:
        return str(UUID(form.key.data or ""))
    except ValueError:
        return ""


def seen_rev(form: PortalForm) -> int | None:
    """The version the page was drawn from; None where the form carries none."""
    text = form.rev.data or ""
    if not text:
        return None
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else _NEVER


class NoteField(TextAreaField):  # type: ignore[misc]
    """Some lines of text without control letters other than line ends."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the first value, blanks around it removed."""
        text = valuelist[0].strip() if valuelist else ""
        self.data = "".join(letter for letter in text if letter.isprintable() or letter == "\n")
