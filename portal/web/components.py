"""`ui` in every template: the macros of templates/components, one file each, also where a part is rendered alone."""

from typing import Any

from flask import Flask
from jinja2 import Environment


class Components:
    """`ui.pager(…)` is the macro `pager` of `components/pager.html`.

    A macro imported at the top of a page is undefined when only a block of it is rendered; this one never is.
    """

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._kept: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  a Jinja macro
        if name.startswith("_"):
            raise AttributeError(name)
        macro = self._kept.get(name)
        if macro is None or self._environment.auto_reload:
            macro = getattr(self._environment.get_template(f"components/{name}.html").module, name)
            self._kept[name] = macro
        return macro


def register(app: Flask) -> None:
    """Make `ui` known to all templates."""
    app.jinja_env.globals["ui"] = Components(app.jinja_env)
