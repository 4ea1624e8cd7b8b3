"""What the repository may hold: no addresses of registries, no giant files, no dumping grounds, pins with hashes."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.settings import CHECKOUT

FILE_LINES = 400
FUNCTION_LINES = 50
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers"}

REGISTRY = re.compile(
    "|".join(
        (
            r"pypi\.o" r"rg",
            r"pythonhoste" r"d\.org",
            r"registry\.npm" r"js\.org",
            r"registry\.yarn" r"pkg\.com",
            r"jsdeliv" r"r\.net",
            r"unpk" r"g\.com",
            r"cdn" r"js\.",
            r"https?://[^\s\"']*/(simple|artifactory|nexus)/",
            r"--(extra-)?index-ur" r"l[ =]",
        )
    )
)
"""Written in halves, so that this file does not hold what it looks for."""

REQUIREMENT_FILES = sorted(CHECKOUT.glob("requirements*.txt"))


def tracked_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    return [CHECKOUT / name for name in listed.stdout.split("\0") if name and (CHECKOUT / name).is_file()]


def own_modules() -> list[Path]:
    return [path for path in tracked_files() if path.suffix == ".py"]


def functions(module: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_no_file_names_a_package_registry() -> None:
    found = [
        f"{path.relative_to(CHECKOUT)}: {match.group()}"
        for path in tracked_files()
        if (match := REGISTRY.search(path.read_text(encoding="utf-8", errors="ignore")))
    ]
    assert found == []


def test_the_browser_files_lock_records_sums_but_no_addresses() -> None:
    lock = (CHECKOUT / "package-lock.json").read_text()
    assert '"resolved"' not in lock
    assert lock.count('"integrity"') == 3


@pytest.mark.parametrize("path", REQUIREMENT_FILES, ids=lambda path: path.name)
def test_every_pinned_requirement_has_hashes(path: Path) -> None:
    text = path.read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    assert lines
    assert [line[:60] for line in lines if "==" not in line or "--hash=sha256:" not in line] == []


def test_tests_and_running_use_the_same_versions() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^([\w.\[\]-]+==[^ ;\\\n]+)", (CHECKOUT / name).read_text(), re.MULTILINE))

    assert pins("requirements.txt") <= pins("requirements-dev.txt")


def test_no_module_is_longer_than_400_lines() -> None:
    portal = [path for path in own_modules() if path.is_relative_to(CHECKOUT / "portal")]
    lengths = {str(path): len(path.read_text().splitlines()) for path in portal}
    assert {name: lines for name, lines in lengths.items() if lines > FILE_LINES} == {}


def test_no_function_is_longer_than_50_lines() -> None:
    too_long = {
        f"{path.relative_to(CHECKOUT)}:{function.name}": function.end_lineno - function.lineno + 1
        for path in own_modules()
        if path.is_relative_to(CHECKOUT / "portal")
        for function in functions(path)
        if function.end_lineno is not None and function.end_lineno - function.lineno + 1 > FUNCTION_LINES
    }
    assert too_long == {}


def test_no_module_is_a_dumping_ground_by_name() -> None:
    names = {str(path.relative_to(CHECKOUT)) for path in own_modules() if path.stem in FORBIDDEN_NAMES}
    names |= {str(path.relative_to(CHECKOUT)) for path in own_modules() if path.parent.name in FORBIDDEN_NAMES}
    assert names == set()


def test_only_settings_reads_the_environment_and_only_the_clock_reads_time() -> None:
    """Except children of `portal serve`, which inherit the whole environment, and spans measured for waiting."""
    allowed = {"portal/settings.py": {"environ"}, "portal/cli/serve.py": {"environ"}, "portal/clock.py": {"now"}}
    found = [
        f"{name}:{node.lineno} {node.attr}"
        for path in own_modules()
        if (name := path.relative_to(CHECKOUT).as_posix()).startswith("portal/")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and (node.value.id, node.attr)
        in {("os", "environ"), ("os", "getenv"), ("datetime", "now"), ("datetime", "utcnow"), ("date", "today")}
        and node.attr not in allowed.get(name, set())
    ]
    assert found == []


def test_no_module_takes_another_ones_private_names() -> None:
    found = [
        f"{path.relative_to(CHECKOUT)}:{node.lineno} {alias.name}"
        for path in own_modules()
        if path.is_relative_to(CHECKOUT / "portal")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("portal")
        for alias in node.names
        if alias.name.startswith("_")
    ]
    assert found == []


def test_nothing_installed_is_tracked() -> None:
    parts = {"node_modules", "vendor", ".venv", "var"}
    found = [path for path in tracked_files() if parts & set(path.relative_to(CHECKOUT).parts)]
    assert found == []
