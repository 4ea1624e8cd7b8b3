"""Routes as source: each declares its access right at the function, and asks no role or stage by itself."""

import ast
import re
from pathlib import Path

import pytest

from portal.settings import CHECKOUT
from portal.web.drafts import is_secret

MODULES = sorted((CHECKOUT / "portal" / "web").rglob("*.py"))
ROUTE = {"get", "post", "route", "put", "delete", "patch"}


def is_route(decorator: ast.expr) -> bool:
    return (
        isinstance(decorator, ast.Call)
        and isinstance(decorator.func, ast.Attribute)
        and decorator.func.attr in ROUTE
        and isinstance(decorator.func.value, ast.Name)
        and decorator.func.value.id in {"bp", "app"}
    )


def declares(decorator: ast.expr) -> bool:
    target = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(target, ast.Name) and target.id in {"requires", "public", "by_token"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_every_route_declares_its_access_below_its_address(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and any(map(is_route, node.decorator_list)):
            assert declares(node.decorator_list[-1]), f"{path.name}: {node.name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_a_routes_module_has_at_most_twelve_routes(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    routes = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and any(map(is_route, node.decorator_list))
    ]
    assert len(routes) <= 12


def test_only_htmx_and_drafts_know_htmx_headers() -> None:
    allowed = {"htmx.py", "drafts.py", "sessions.py", "errors.py"}
    knowing = {path.name for path in MODULES if '"HX-' in path.read_text(encoding="utf-8")}
    assert knowing <= allowed


def test_no_secret_field_of_any_form_is_ever_kept() -> None:
    typed = {
        (path.parent.name, target.id)
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and getattr(node.value.func, "id", "") == "PasswordField"
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    shown_once = {
        (path.parent.name, name)
        for path in (CHECKOUT / "templates").rglob("*.html")
        for name in re.findall(r"form\.(\w+),[^}]*one-time-code", path.read_text(encoding="utf-8"))
    }
    assert {("handovers", "pin"), ("account", "passphrase_again")} <= typed
    assert ("account", "code") in shown_once
    assert {(part, name) for part, name in typed | shown_once if not is_secret(name, part)} == set()
