"""A browser without JavaScript for tests: keeps cookies, takes the form token from the page it saw last."""

import re
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


class Browser:
    """Calls pages as a person's browser would."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()
        self._token = ""

    def get(self, path: str, **headers: str) -> TestResponse:
        """Open a page; header names are written with underscores (HX_Request)."""
        answer = self.client.get(path, headers={name.replace("_", "-"): text for name, text in headers.items()})
        self._remember(answer)
        return answer

    def post(
        self,
        path: str,
        data: dict[str, Any] | None = None,
        *,
        headers: dict[str, str] | None = None,
        token: str | None = None,
    ) -> TestResponse:
        """Send a form with the token of the last page (any public page is opened for one where there is none)."""
        if token is None and not self._token:
            self.get("/verify")
        form = {"csrf_token": self._token if token is None else token, **(data or {})}
        answer = self.client.post(path, data=form, headers=headers or {})
        self._remember(answer)
        if answer.status_code in {302, 303}:
            # A sign-in or sign-out changes the token; the next page brings the new one.
            self._token = ""
        return answer

    def follow(self, answer: TestResponse) -> TestResponse:
        """Open where a redirect leads."""
        assert answer.status_code in {302, 303}, answer.text
        return self.get(answer.headers["Location"])

    def _remember(self, answer: TestResponse) -> None:
        found = _TOKEN.search(answer.text) if answer.mimetype == "text/html" else None
        if found:
            self._token = found.group(1)


def fields_of(page: str) -> dict[str, str]:
    """The values of a page's inputs, as its form would send them."""
    pairs = re.findall(r'<input[^>]*\bname="([^"]+)"[^>]*\bvalue="([^"]*)"', page)
    return {
        **dict(pairs),
        **{name: text for text, name in re.findall(r'<input[^>]*\bvalue="([^"]*)"[^>]*\bname="([^"]+)"', page)},
    }
