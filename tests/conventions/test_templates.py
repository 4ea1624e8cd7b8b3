"""Conventions of templates: all compile, nothing escapes the escaping, no inline script or style, words for readers."""

import re
from pathlib import Path

import pytest
from jinja2 import Environment

from portal.app import create_app
from portal.settings import CHECKOUT, Settings

FOLDER = CHECKOUT / "templates"
PAGES = sorted(path for path in FOLDER.rglob("*.html") if "documents" not in path.relative_to(FOLDER).parts)
COMPONENTS = sorted((FOLDER / "components").glob("*.html"))


def name_of(path: Path) -> str:
    return str(path.relative_to(FOLDER))


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """The application's own template environment; nothing connects to a database."""
    settings = Settings(home=tmp_path_factory.mktemp("home"), database_url="postgresql://nobody@localhost/nothing")
    made: Environment = create_app(settings).jinja_env
    return made


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_a_template_compiles(environment: Environment, path: Path) -> None:
    assert environment.get_template(name_of(path)).blocks is not None


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_a_template_evaluates_nothing_and_trusts_no_text(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = re.findall(
        r"\|\s*safe\b|\bautoescape\b|\sstyle=|\son[a-z]+=|hx-on|hx-vals=['\"]js:|javascript:|<script(?![^>]*\bsrc=)|<style"
        r"|https?://(?!www\.w3\.org)",
        text,
    )
    assert found == []


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_every_post_form_carries_its_token(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    forms = re.findall(r'<form\b[^>]*method="post".*?</form>', text, re.DOTALL)
    bare = [form[:120] for form in forms if "csrf_token" not in form and "_keys(" not in form]
    assert bare == []


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_every_htmx_element_also_works_without_script(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tags = re.findall(r"<(\w+)\b[^>]*\bhx-(?:get|post)=", text)
    assert set(tags) <= {"a", "form", "input", "button", "select", "textarea", "div"}


@pytest.mark.parametrize("path", COMPONENTS, ids=name_of)
def test_a_component_file_holds_the_macro_of_its_name(path: Path) -> None:
    assert f"{{% macro {path.stem}(" in path.read_text(encoding="utf-8")


def test_every_component_used_exists_and_every_component_is_used() -> None:
    without_comments = (re.sub(r"{#.*?#}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL) for path in PAGES)
    used = {name for text in without_comments for name in re.findall(r"\bui\.(\w+)\(", text)}
    assert used == {path.stem for path in COMPONENTS}


def test_vietnamese_words_stand_inside_the_translation_call() -> None:
    marked = re.compile(r"[ăâđêôơưĂÂĐÊÔƠƯàáạảãèéẹẻẽìíịỉĩòóọỏõùúụủũỳýỵỷỹ]")
    bare = []
    for path in PAGES:
        text = re.sub(r"{#.*?#}|{{.*?}}|{%.*?%}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        bare += [f"{name_of(path)}: {line.strip()}" for line in text.splitlines() if marked.search(line)]
    assert bare == []
