"""Words for people are made by `say` or `_`, so that they can be told in another language."""

import ast
import re
from pathlib import Path

import pytest

from portal.settings import CHECKOUT

LETTER = re.compile("[À-ỹ]")
LAYERS = ("domain", "queries", "services", "spreadsheets", "documents", "verification", "signatures", "web")
MAKERS = {"say", "_", "_l", "pgettext"}
TABLES = {
    "domain/labels.py": "a table of words; label() makes the sentences",
    "domain/time_labels.py": "part of that table",
    "domain/verdict_labels.py": "part of that table",
    "domain/report_labels.py": "part of that table",
    "domain/right_labels.py": "part of that table",
}
NOT_WORDS = {
    "domain/register_headings.py": "headings that are looked for",
    "domain/identity_numbers.py": "names of provinces",
    "domain/birth_dates.py": "the forms of a typed date",
    "domain/events.py": "a programmer's error",
    "domain/names.py": "letters that are compared",
    "domain/legacy_fonts.py": "letters of old fonts",
    "spreadsheets/finding_table.py": "examples of what is typed",
    "domain/sexes.py": "the two values of the field",
    "domain/sorting.py": "the alphabet",
    "queries/searching.py": "the tones of letters, for searching",
    "queries/batches.py": "a heading that is looked for",
    "spreadsheets/profiles.py": "the platform's own import file",
    "spreadsheets/mapping.py": "the key of a column without a heading",
    "spreadsheets/reading_process.py": "marks in a cell's place",
    "services/authority.py": "names in certificates",
    "signatures/authority.py": "names in certificates",
    "services/own_account.py": "the name of a browser",
}
OFFICIAL_PAPER = {
    "documents/annex.py",
    "documents/fonts.py",
    "documents/record.py",
    "documents/report.py",
    "documents/wording.py",
    "services/evidence_words.py",
    "services/record_paragraphs.py",
    "services/record_parties.py",
    "services/report_papers.py",
    "services/records.py",
    "services/signing.py",
    "spreadsheets/report_books.py",
    "signatures/appearance.py",
    "signatures/fields.py",
    "signatures/signing.py",
}
"""A record is a Vietnamese paper by law (NĐ 30/2020): its own words are never translated."""
OPERATORS = ("services/backup/", "services/demonstration/", "services/setup.py")
"""Words of the terminal, and sample data."""


def modules() -> list[Path]:
    found = [path for layer in LAYERS for path in (CHECKOUT / "portal" / layer).rglob("*.py")]
    return sorted(path for path in found if not exempt(name_of(path)))


def name_of(path: Path) -> str:
    return path.relative_to(CHECKOUT / "portal").as_posix()


def exempt(name: str) -> bool:
    return name in TABLES or name in NOT_WORDS or name in OFFICIAL_PAPER or name.startswith(OPERATORS)


def bare_words(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    said = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MAKERS
        for part in node.args
    }
    docs = {
        id(statement.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        for statement in node.body
        if isinstance(statement, ast.Expr)
    }
    return [
        f"{name_of(path)}:{node.lineno} {node.value}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and LETTER.search(node.value)
        and id(node) not in said | docs
    ]


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_a_sentence_for_people_is_made_by_say(path: Path) -> None:
    assert bare_words(path) == []


def test_what_is_exempt_exists() -> None:
    missing = [name for name in {*TABLES, *NOT_WORDS, *OFFICIAL_PAPER} if not (CHECKOUT / "portal" / name).exists()]
    assert missing == []
