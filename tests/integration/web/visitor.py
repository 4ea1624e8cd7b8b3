"""A browser without JavaScript for tests: signs in as one of the scene's people, sends forms with their token."""

import re
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
LONG_NUMBER = re.compile(r"(?<![0-9a-f-])(?!09[01]{8}(?!\d))\d{9,12}(?![0-9a-f-])")
"""A run of digits that may be a citizen's number; parts of UUIDs and hashes and the scene's office phones are not."""


class Visitor:
    """One signed-in person at the pages."""

    def __init__(self, app: Flask, username: str) -> None:
        self.client = app.test_client()
        self.token = ""
        self.get("/sign-in")
        answer = self.post("/sign-in", {"demo_user": username})
        assert answer.status_code == 303, answer.text

    def get(self, path: str, **more: Any) -> TestResponse:
        """A page; its form token is remembered."""
        answer = self.client.get(path, **more)
        found = TOKEN.search(answer.text) if answer.mimetype == "text/html" else None
        self.token = found.group(1) if found else self.token
        return answer

    def post(self, path: str, fields: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        """A form sent with the token of the page seen last."""
        return self.client.post(path, data={"csrf_token": self.token, **(fields or {})}, **more)

    def page(self, path: str) -> str:
        """The text of a page that must open."""
        answer = self.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text[:2000]}"
        return answer.text


def words_of(html: str) -> str:
    """The words of a page, tags and doubled blanks taken out."""
    body = html.partition("<main")[2] or html
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())
