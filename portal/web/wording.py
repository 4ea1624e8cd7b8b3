"""Words on pages in the reader's language: gettext for templates and routes, sentences of the layers below.

Flask-Babel finds the request's language and catalogue anew for every phrase and Jinja formats each anew; a page of
fifty rows asks a thousand times. The phrases are the templates' own, so the cache is as large as the templates.
"""

from collections.abc import Iterable
from typing import Any

from flask import Flask, Response, current_app, flash, g, has_request_context, request
from flask_babel import Babel, Domain, pgettext
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from portal.domain.wording import Sentence, agreeing
from portal.languages import LANGUAGES, VIETNAMESE, in_context, in_language, translator

COOKIE = "bangiao_language"
KEPT_SECONDS = 31_536_000
"""How long a browser remembers its language: a year."""
_phrases: dict[tuple[str, str], Markup] = {}


class Catalogue(Domain):  # type: ignore[misc]
    """What `flask_babel.gettext` and `lazy_gettext` ask, answered from our one catalogue."""

    def gettext(self, string: str, **variables: Any) -> str:  # noqa: ANN401  whatever a route fills in
        """The phrase in the request's language, with `%(name)s` filled in."""
        text = translator(language())(string)
        if not variables:
            return text
        values = _spoken(variables)
        return agreeing(text, values) % values

    def pgettext(self, context: str, string: str, **variables: Any) -> str:  # noqa: ANN401  as above
        """The phrase as it is said in one place, where it means something else than elsewhere."""
        words = translator(language())
        key = in_context(context, string)
        told = words(key)
        return told % variables if told != key else self.gettext(string, **variables)


def register(app: Flask) -> None:
    """Let the language be chosen by the reader and speak it in templates, routes and sentences."""
    babel = Babel(app, default_locale=VIETNAMESE, default_timezone="Asia/Ho_Chi_Minh", locale_selector=language)
    babel.domain_instance = Catalogue()
    app.jinja_env.globals.update(gettext=phrase, _=phrase, pgettext=pgettext, language=language)
    app.jinja_env.finalize = spoken
    plain_join = app.jinja_env.filters["join"]

    @pass_eval_context
    def join(context: EvalContext, value: Iterable[Any], by: str = "", attribute: str | None = None) -> str:
        joined: str = plain_join(context, value if attribute else map(spoken, value), by, attribute)
        return joined

    app.jinja_env.filters["join"] = join


def language() -> str:
    """The reader's language: the one chosen in this browser, else Vietnamese."""
    if not has_request_context():
        return VIETNAMESE
    chosen = g.get("language")
    if chosen is None:
        wanted = request.cookies.get(COOKIE, VIETNAMESE)
        chosen = g.language = wanted if wanted in LANGUAGES else VIETNAMESE
    return str(chosen)


def speak(answer: Response, chosen: str) -> None:
    """Let this browser be answered in the language from now on; a language we do not speak changes nothing."""
    if chosen in LANGUAGES:
        secure = current_app.config["SESSION_COOKIE_SECURE"]
        answer.set_cookie(COOKIE, chosen, max_age=KEPT_SECONDS, secure=secure, httponly=True, samesite="Lax")


def leave_message(text: str, kind: str = "success") -> None:
    """A message for the next page, in the reader's language: the session keeps plain text only."""
    flash(str(spoken(text)), kind)


def phrase(message: str, **values: Any) -> Markup:  # noqa: ANN401  whatever a template fills in
    """The phrase in the request's language, with `%(name)s` filled in and escaped; `%%` is a percent sign."""
    speaking = g.get("language") or language()
    text = _phrases.get((speaking, message))
    if text is None:
        text = _phrases[speaking, message] = Markup(translator(speaking)(message))  # noqa: S704  templates' own
    if not values:
        return text % {} if "%" in text else text
    values = _spoken(values)
    if "|" in text:
        text = Markup(agreeing(text, values))  # noqa: S704  the phrase with one of its own two words
    return text % values


def spoken(value: Any) -> Any:  # noqa: ANN401  whatever a template writes out
    """What a template writes out: a sentence in the reader's language, anything else as it is."""
    return in_language(value, language()) if isinstance(value, Sentence) else value


def _spoken(values: dict[str, Any]) -> dict[str, Any]:
    return {name: spoken(value) for name, value in values.items()}
