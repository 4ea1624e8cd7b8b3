"""Write the sentences of pages and program into the English catalogue; what is new there waits for its English.

Run by `make catalogue`. Without locations and sorted, so that two people's changes rarely meet in one line.
"""

import ast
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from portal.languages import in_context

CHECKOUT = Path(__file__).resolve().parents[1]
ENGLISH = CHECKOUT / "portal" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
KEYWORDS = {"pgettext": ((1, "c"), 2), "_": None, "_l": None, "say": None, "gettext": None, "lazy_gettext": None}
_LETTER = re.compile("[À-ỹ]|[A-Za-z]{2}")


def extract_tables(
    fileobj: IO[bytes], *_from_babel: object, **_more_from_babel: object
) -> Iterator[tuple[int, str, str, list[str]]]:
    """Babel's extraction from a module that is a table of words: the values of its dictionaries are the messages."""
    for node in ast.walk(ast.parse(fileobj.read())):
        if isinstance(node, ast.Dict):
            for value in node.values:
                if isinstance(value, ast.Constant) and isinstance(value.value, str) and _LETTER.search(value.value):
                    yield value.lineno, "", value.value, []


def messages() -> set[str]:
    """Every sentence that somebody may read, as the catalogue's key: its Vietnamese template, in a context if any."""
    sys.path.insert(0, str(CHECKOUT))  # babel.cfg names this module
    with (CHECKOUT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    return {
        in_context(context, message[-1] if isinstance(message, tuple) else str(message))
        for folder in ("portal", "templates")
        for _, _, message, _, context in extract_from_dir(
            CHECKOUT / folder,
            method_map=[(pattern.removeprefix(f"{folder}/"), method) for pattern, method in methods],
            options_map={pattern.removeprefix(f"{folder}/"): value for pattern, value in options.items()},
            keywords=KEYWORDS,
        )
    }


def read() -> Catalog:
    """The catalogue as committed."""
    with ENGLISH.open("rb") as file:
        return read_po(file, locale="en")


def update(known: dict[str, str]) -> Catalog:
    """The catalogue of today's messages with the English that is known."""
    fresh = Catalog(
        locale="en",
        project="Ban giao",
        header_comment="# English words of the portal. Kept by `make catalogue`; the English is written by hand.",
        creation_date=datetime(2026, 11, 25, tzinfo=UTC),
        revision_date=datetime(2026, 11, 25, tzinfo=UTC),
        fuzzy=False,
    )
    for message in sorted(messages()):
        context, _, template = message.rpartition("\4")
        fresh.add(template, known.get(message, ""), context=context or None)
    return fresh


def main() -> None:
    """Bring the file up to date and say what waits."""
    old: dict[str, Any] = (
        {in_context(each.context, str(each.id)): each.string for each in read() if each.id}
        if ENGLISH.exists()
        else {}
    )
    fresh = update(old)
    with ENGLISH.open("wb") as file:
        write_po(file, fresh, width=110, sort_output=True, omit_header=False, no_location=True)
    waiting = [str(each.id) for each in fresh if each.id and not each.string]
    sys.stdout.write(f"{len(fresh)} sentences, {len(waiting)} without English\n")
    sys.stdout.writelines(f"  {message}\n" for message in waiting)


if __name__ == "__main__":
    main()
