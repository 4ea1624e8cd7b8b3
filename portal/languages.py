"""The languages a reader may choose, and the catalogue that carries the Vietnamese sentences into them."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from portal.domain.wording import Translate, told

VIETNAMESE = "vi"
ENGLISH = "en"
LANGUAGES: Mapping[str, str] = {VIETNAMESE: "Tiếng Việt", ENGLISH: "English"}
"""Each language by the name its own readers give it."""

CATALOGUES = Path(__file__).resolve().parent / "translations"


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Vietnamese template to the language's one; read once from the text file itself, so nothing is compiled."""
    if language == VIETNAMESE:
        return {}
    from babel.messages.pofile import read_po  # Vietnamese readers never wait for it

    with (CATALOGUES / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        told = read_po(file, locale=language)
    return {in_context(each.context, str(each.id)): str(each.string) for each in told if each.id and each.string}


def in_context(context: str | None, template: str) -> str:
    """The catalogue's key of a template that means something else in this place («Danh sách»: all of them)."""
    return f"{context}\4{template}" if context else template


@cache
def translator(language: str) -> Translate:
    """The function that gives a template's counterpart in the language; the template itself where it has none."""
    words = catalogue(language)
    return lambda template: words.get(template, template)


def in_language(text: str, language: str) -> str:
    """The text for a reader of the language; only what was made by `say` changes."""
    return text if language == VIETNAMESE else told(text, translator(language))
