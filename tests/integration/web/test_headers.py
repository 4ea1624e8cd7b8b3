"""Headers of every kind of answer, the size of the first page, forged hosts, too much data."""

import gzip
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from portal.app import create_app
from portal.embedded import DatabaseUrls
from portal.models import db
from portal.services.context import ground, stand_on
from tests import database
from tests.integration.web.browser import Browser
from tests.integration.web.conftest import Portal

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)


@pytest.mark.parametrize(
    "path",
    ["/sign-in", "/account", "/khong-co", "/verify", "/static/css/portal.css", "/healthz", "/administration/units"],
)
def test_every_answer_bears_the_security_headers(visitor: Browser, path: str) -> None:
    headers = visitor.get(path).headers
    assert headers["Content-Security-Policy"] == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Permissions-Policy"] == "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
    assert "Server" not in headers or "Werkzeug" not in headers["Server"]


def test_pages_are_never_stored_and_tell_part_from_whole(visitor: Browser) -> None:
    for path in ("/sign-in", "/khong-co", "/account"):
        headers = visitor.get(path).headers
        assert headers["Cache-Control"] == "no-store"
        assert {"HX-Request", "HX-Target"} <= {name.strip() for name in headers["Vary"].split(",")}


def test_static_files_are_cached_for_a_year_by_their_content(visitor: Browser) -> None:
    page = visitor.get("/sign-in").text
    addresses = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert len(addresses) >= 4
    for address in addresses:
        answer = visitor.get(address.replace("&amp;", "&"))
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert visitor.get("/static/css/portal.css?v=khac").headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "path", ["/static/../portal/settings.py", "/static/%2e%2e/wsgi.py", "/static/", "/static/css"]
)
def test_static_serves_nothing_outside_its_folder(visitor: Browser, path: str) -> None:
    assert visitor.get(path).status_code == 404


def test_the_cookie_is_for_this_site_and_the_server_alone(visitor: Browser) -> None:
    cookie = visitor.get("/sign-in").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Domain" not in cookie


def test_over_https_the_cookie_is_bound_to_the_host_and_hsts_is_set(
    module_database: DatabaseUrls, tmp_path: Path
) -> None:
    settings = replace(database.settings_on(module_database, tmp_path), public_url="https://ban-giao.example")
    before = ground()
    app = create_app(settings)
    stand_on(before)
    answer = app.test_client().get("/sign-in", base_url="https://ban-giao.example")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-bangiao=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    with app.app_context():
        db.engine.dispose()


def test_a_forged_host_is_refused(portal: Portal) -> None:
    answer = portal.app.test_client().get("/sign-in", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "evil.example" not in answer.text


def test_htmx_runs_with_the_hardened_switches(visitor: Browser) -> None:
    (config,) = re.findall(r"<meta name=\"htmx-config\"\s+content='([^']+)'", visitor.get("/sign-in").text)
    assert json.loads(config) == {
        "includeIndicatorCSS": False,
        "history": False,
        "mode": "same-origin",
        "defaultTimeout": 30000,
        "noSwap": [204, 304, "5xx"],
        "extensions": "none",
    }


def test_the_first_page_is_light(visitor: Browser) -> None:
    squeezed = {"Accept-Encoding": "gzip"}
    page = visitor.client.get("/sign-in", headers=squeezed)
    assert page.headers["Content-Encoding"] == "gzip"
    html = gzip.decompress(page.data).decode()
    total = len(page.data)
    for address in re.findall(r'(?:href|src)="(/static/[^"]+)"', html):
        total += len(visitor.client.get(address.replace("&amp;", "&"), headers=squeezed).data)
    assert total < 100_000


def test_an_upload_over_the_limit_is_refused_in_words(portal: Portal, as_user: Callable[[str], Browser]) -> None:
    browser = as_user("station_head")
    browser.get("/verify")
    limit = portal.app.config["MAX_CONTENT_LENGTH"]
    data = {"file": (io.BytesIO(b"%PDF-" + b"0" * limit), "to.pdf")}
    answer = browser.post("/verify", data)
    assert answer.status_code == 413
    assert "Dữ liệu quá lớn" in answer.text
    assert "30 MB" in answer.text


def test_a_megabyte_in_a_field_and_thousands_of_fields_are_refused_in_words(
    as_user: Callable[[str], Browser],
) -> None:
    browser = as_user("administrator")
    browser.get("/administration/units/new")
    assert browser.post("/administration/units/new", {"name": "x" * 1_100_000}).status_code in {413, 422}
    many = {f"f{number}": "1" for number in range(5_000)}
    answer = browser.post("/administration/units/new", many)
    assert answer.status_code in {413, 422}
    assert 'lang="vi"' in answer.text
