"""The base of every form: error summary, repeat-safe key, version, kept drafts."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from flask import request
from flask_wtf import FlaskForm
from wtforms import HiddenField

from portal.domain.errors import InvalidInput
from portal.web import drafts
from portal.web.access import signed_in


def new_key() -> str:
    """A key for one form on a page; two forms never share one."""
    return str(uuid4())


class PortalForm(FlaskForm):  # type: ignore[misc]
    """A form of the portal. `key` makes a repeated POST harmless, `rev` is the version the page was drawn from."""

    key = HiddenField(default=new_key)
    rev = HiddenField()
    kept = HiddenField()

    class Meta:
        """Messages come from our own validators; WTForms' own translations stay off."""

        locales = ("vi",)

    form_errors: list[str]

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  WTForms' own signature
        account = signed_in()
        kept = drafts.kept_fields(account.user_id) if account else None
        if kept is not None:
            kept["kept"] = request.args[drafts.MARK]
            kwargs["formdata"] = kept
        super().__init__(*args, **kwargs)
        self.is_kept = kept is not None

    def refuse(self, error: InvalidInput) -> None:
        """Show a service's refusal beside the fields it names, or above the form where it names none."""
        named = {name: text for name, text in error.fields.items() if name in self._fields}
        for name, text in named.items():
            self._fields[name].errors = [*self._fields[name].errors, text]
        if not named:
            self.form_errors = [*self.form_errors, error.message]

    def problems(self) -> Iterator[tuple[str, str]]:
        """(field id or empty, message) for the error summary, in the form's order."""
        for message in self.form_errors:
            yield "", message
        for field in self:
            for message in field.errors:
                yield field.id, message
