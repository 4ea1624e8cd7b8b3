"""Words on pages: gettext for templates, each phrase looked up and marked safe once per language.

Flask-Babel finds the request's language and catalogue anew for every phrase and Jinja formats each anew; a page of
fifty rows asks a thousand times. The phrases are the templates' own, so the cache is as large as the templates.
"""

from typing import Any

from flask import Flask, g
from flask_babel import get_locale, get_translations
from markupsafe import Markup

_phrases: dict[tuple[str, str], Markup] = {}


def register(app: Flask) -> None:
    """Put the cached gettext in the place of Flask-Babel's in templates."""
    app.jinja_env.globals.update(gettext=phrase, _=phrase)


def phrase(message: str, **values: Any) -> Markup:  # noqa: ANN401  whatever a template fills in
    """The phrase in the request's language, with `%(name)s` filled in and escaped; `%%` is a percent sign."""
    language = g.get("language") or _language()
    text = _phrases.get((language, message))
    if text is None:
        text = _phrases[language, message] = Markup(get_translations().ugettext(message))  # noqa: S704  templates' own
    return text % values if values or "%" in text else text


def _language() -> str:
    g.language = str(get_locale())
    return str(g.language)
