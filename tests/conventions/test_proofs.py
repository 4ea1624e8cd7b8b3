"""docs/proofs.md and docs/security.md tell the truth: every case has a line, every named test exists."""

import re

from portal.settings import CHECKOUT

TOLD = (CHECKOUT / "docs" / "proofs.md").read_text()
SECURITY = (CHECKOUT / "docs" / "security.md").read_text()
_TEST = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
_CASE = re.compile(r"^\| ([A-Z]?\d+) ?\|?", re.MULTILINE)


def test_every_invariant_and_every_case_of_bad_input_has_its_line() -> None:
    cases = set(_CASE.findall(TOLD))
    wanted = {str(n) for n in range(1, 22)} | {f"X{n}" for n in (29, 30, 31)}
    for letter, last in (("F", 15), ("W", 12), ("N", 7)):
        wanted |= {f"{letter}{n}" for n in range(1, last + 1)}
    assert wanted - cases == set()
    assert all(
        _TEST.search(line) or "machine" in line or "parts" in line for line in TOLD.splitlines() if _CASE.match(line)
    )


def test_every_threat_to_papers_and_signatures_has_its_test() -> None:
    lines = {_CASE.match(line)[1]: line for line in SECURITY.splitlines() if _CASE.match(line)}
    wanted = {f"T{n}" for n in (*range(1, 10), 11, *range(23, 27))}
    for letter, last in (("M", 20), ("P", 10), ("S", 9)):
        wanted |= {f"{letter}{n}" for n in range(1, last + 1)}
    assert {case for case in wanted if not _TEST.search(lines.get(case, ""))} == set()


def test_every_control_of_rights_and_sign_in_has_its_line() -> None:
    lines = [line for line in SECURITY.splitlines() if re.match(r"\| \d+ \|", line) and _TEST.search(line)]
    wanted = {*range(1, 20), 23, 24, 35, *range(37, 42)}
    assert {int(line.split("|")[1]) for line in lines} >= wanted


def test_every_test_that_is_named_exists() -> None:
    named = set(_TEST.findall(TOLD + SECURITY))
    assert len(named) > 120
    missing = [
        f"{path}::{name}"
        for path, name in named
        if not (CHECKOUT / path).is_file()
        or (name and not re.search(rf"^def {name}\(", (CHECKOUT / path).read_text(), re.MULTILINE))
    ]
    assert missing == [], "renamed or gone: name the test that proves it now in docs/proofs.md"
