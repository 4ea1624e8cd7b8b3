"""docs/proofs.md tells the truth: every case has a line, every named test exists."""

import re

from portal.settings import CHECKOUT

TOLD = (CHECKOUT / "docs" / "proofs.md").read_text()
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


def test_every_test_that_is_named_exists() -> None:
    named = set(_TEST.findall(TOLD))
    assert len(named) > 60
    missing = [
        f"{path}::{name}"
        for path, name in named
        if not (CHECKOUT / path).is_file()
        or (name and not re.search(rf"^def {name}\(", (CHECKOUT / path).read_text(), re.MULTILINE))
    ]
    assert missing == [], "renamed or gone: name the test that proves it now in docs/proofs.md"
