"""What a reader of another language meets on a page: its words, without what is marked as not to be translated."""

import re
from collections.abc import Collection
from html.parser import HTMLParser

from portal.languages import ENGLISH, catalogue

VIETNAMESE_LETTER = re.compile("[À-ỹ]")
_SILENT = {"script", "style", "template"}
_EMPTY = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_SAID = ("title", "aria-label", "placeholder", "alt", "data-label")


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._apart: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        apart = tag in _SILENT or found.get("translate") == "no" or bool(self._apart and self._apart[-1])
        if not apart:
            self.words += [text for name in _SAID if (text := found.get(name))]
            if tag == "input" and found.get("type") in {"submit", "button"}:
                self.words.append(found.get("value") or "")
        if tag not in _EMPTY:
            self._apart.append(apart)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _EMPTY and self._apart:
            self._apart.pop()

    def handle_data(self, data: str) -> None:
        if not (self._apart and self._apart[-1]) and data.strip():
            self.words.append(" ".join(data.split()))


def words_of(html: str) -> list[str]:
    """The texts and spoken attributes of a page, in their order."""
    reader = _Words()
    reader.feed(html)
    return reader.words


def vietnamese_words(html: str, names: re.Pattern[str]) -> list[str]:
    """The texts that still hold Vietnamese letters once the names (of people and units) are taken out."""
    return [text for text in words_of(html) if VIETNAMESE_LETTER.search(names.sub("", text))]


def english_words(html: str, names: Collection[str]) -> list[str]:
    """The texts of a Vietnamese page that stand in the catalogue as English and are nobody's name."""
    told = catalogue(ENGLISH)
    foreign = {text for text in told.values() if text not in told}
    return [text for text in words_of(html) if text in foreign and text not in names]
