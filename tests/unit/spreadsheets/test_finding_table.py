import re
from pathlib import Path

from portal.spreadsheets.finding_table import finding_rows, table_as_markdown

ROOT = Path(__file__).resolve().parents[3]


def test_every_finding_of_a_row_that_the_rules_know_stands_in_the_table():
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "portal" / "domain").glob("*.py")]
    known = {code for source in sources for code in re.findall(r'[Ff]inding\(\s*"([a-z_0-9]+)"', source)}
    assert {row.finding.code for row in finding_rows()} == known


def test_the_page_of_findings_is_as_the_rules_are():
    page = (ROOT / "docs" / "findings.md").read_text(encoding="utf-8")
    assert table_as_markdown() in page
