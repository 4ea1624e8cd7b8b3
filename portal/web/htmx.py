"""Everything that knows htmx: which part of a page to answer with, redirects, Vary."""

from collections.abc import Sequence
from typing import Any

from flask import Response, make_response, render_template, request
from flask import redirect as plain_redirect
from jinja2_fragments.flask import render_block

MESSAGES = "messages"
"""The element (see layouts/base.html) that takes refusals which answer a part of a page."""


def is_partial() -> bool:
    """Whether htmx asks for a part of a page. Never decides about rights."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Request-Type") != "full"


def target_block() -> str:
    """The block named by HX-Target: htmx 4 sends `div#list-rows`, the block is `list_rows`."""
    return request.headers.get("HX-Target", "").rpartition("#")[2].replace("-", "_")


def render(template: str, fragments: Sequence[str] = (), status: int = 200, **context: Any) -> Response:  # noqa: ANN401
    """The page, or the one block of it that htmx asked for if the route lists that block in `fragments`.

    A block that was asked for by GET is the page at that address: the browser shows it.
    """
    block = target_block() if is_partial() else ""
    if block not in fragments:
        return make_response(render_template(template, **context), status)
    answer = make_response(render_block(template, block, **context), status)
    return at_address(answer, request.full_path.rstrip("?")) if request.method == "GET" else answer


def redirect(location: str) -> Response:
    """Send the browser on after a POST: 303, or HX-Redirect where htmx asked (a 303 would be swapped in)."""
    if request.headers.get("HX-Request") == "true":
        answer = make_response("", 204)
        answer.headers["HX-Redirect"] = location
        return answer
    return make_response(plain_redirect(location, 303))


def at_address(answer: Response, location: str) -> Response:
    """Have htmx show this address in the browser's bar, so that the page can be bookmarked as it stands."""
    answer.headers["HX-Replace-Url"] = location
    return answer


def vary(answer: Response) -> Response:
    """After every request: caches must tell page and part apart."""
    answer.vary.update(("HX-Request", "HX-Target"))
    return answer
