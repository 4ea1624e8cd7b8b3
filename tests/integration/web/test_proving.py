"""A fresh proof before administering and exporting, with the form kept; a sign-in of two steps; sessions ended one by one."""

import html
import re
from collections.abc import Callable
from datetime import timedelta

import pyotp
import pytest

from portal.clock import now
from portal.models import TotpFactor, Unit, db
from portal.web.access import proved_methods
from tests.integration.web.browser import Browser, fields_of
from tests.integration.web.conftest import Portal
from tests.integration.web.test_auth import PASSWORD, give_password, move_sessions

EXPORTS = {
    ("lists.correction_file", "POST"),
    ("lists.verification_file", "POST"),
    ("lists.import_file", "POST"),
    ("sheets.file", "GET"),
    ("batches.faulty_workbook", "GET"),
    ("trails.package_of_batch", "POST"),
    ("trails.package_of_list", "POST"),
}
"""What leaves the portal with whole numbers of more than one person. A record's own file is read, not exported."""


def grown_old(portal: Portal, username: str) -> None:
    move_sessions(portal, username, proved_at=timedelta(minutes=6))


def test_every_act_of_an_administrator_and_every_export_needs_a_fresh_proof(portal: Portal) -> None:
    needed = {
        (rule.endpoint, method)
        for rule in portal.app.url_map.iter_rules()
        for method in {"GET", "POST"} & (rule.methods or set())
        if method in proved_methods(portal.app.view_functions[rule.endpoint])
    }
    administering = {
        (rule.endpoint, "POST")
        for rule in portal.app.url_map.iter_rules()
        if rule.endpoint.startswith("administration.") and "POST" in (rule.methods or ())
    }
    assert len(administering) >= 10
    assert administering | EXPORTS <= needed


def test_a_form_is_kept_through_the_proof_and_sent_with_one_click(
    portal: Portal, as_user: Callable[[str], Browser]
) -> None:
    give_password(portal, "administrator")
    browser = as_user("administrator")
    browser.get("/administration/units/new")
    grown_old(portal, "administrator")
    typed = {"name": "Bản Giữ Lại", "code": "GIU-9", "kind": "village"}
    asked = browser.post("/administration/units/new", typed)
    assert asked.headers["Location"].startswith("/account/proof?")
    page = browser.follow(asked)
    assert "được giữ nguyên" in page.text
    hidden = fields_of(page.text)
    form = {"next": html.unescape(hidden["next"]), "unsent": hidden["unsent"]}
    wrong = browser.post("/account/proof", {**form, "password": "sai"})
    assert wrong.status_code == 422
    assert "Mật khẩu đăng nhập chưa đúng" in wrong.text
    proved = browser.post("/account/proof", {**form, "password": PASSWORD})
    again = browser.follow(proved)
    assert 'value="Bản Giữ Lại"' in again.text
    with portal.app.app_context():
        assert db.session.query(Unit).filter_by(code="GIU-9").count() == 0, "nothing was done meanwhile"
        anchor = db.session.query(Unit.id).filter_by(code="XA").scalar()
    done = browser.post(
        "/administration/units/new", {**typed, "anchor": anchor, "kept": fields_of(again.text)["kept"]}
    )
    assert done.status_code == 303, done.text


def test_reading_needs_no_proof_and_a_right_that_is_missing_is_refused_first(
    portal: Portal, as_user: Callable[[str], Browser]
) -> None:
    browser = as_user("station_clerk")
    browser.get("/account")
    grown_old(portal, "station_clerk")
    assert browser.get("/lists").status_code == 200
    assert browser.post("/administration/units/new", {"name": "x"}).status_code == 403


def test_asking_for_the_headers_alone_needs_the_proof_too(portal: Portal, as_user: Callable[[str], Browser]) -> None:
    browser = as_user("administrator")
    browser.get("/account")
    assert browser.client.head("/account/second-factor/scan").status_code == 409
    grown_old(portal, "administrator")
    assert browser.client.head("/account/second-factor/scan").headers["Location"].startswith("/account/proof?")


def test_in_a_demonstration_the_proof_is_one_click(portal: Portal, as_user: Callable[[str], Browser]) -> None:
    browser = as_user("administrator")
    browser.get("/administration/accounts")
    grown_old(portal, "administrator")
    asked = browser.post("/account/certificates", {})
    browser.follow(asked)
    done = browser.post("/account/proof", {"next": "//evil.example", "demonstration": "1"})
    assert done.headers["Location"] == "/"


@pytest.fixture
def app_of_auditor(portal: Portal) -> Callable[[], pyotp.TOTP]:
    """The auditor's authenticator app, switched on through the pages."""
    give_password(portal, "auditor")

    def switch_on(browser: Browser) -> tuple[pyotp.TOTP, list[str]]:
        browser.get("/account/second-factor")
        scan = browser.follow(browser.post("/account/second-factor"))
        secret = re.search(r"<code[^>]*>([A-Z2-7 ]+)</code>", scan.text).group(1).replace(" ", "")  # type: ignore[union-attr]
        picture = browser.client.get("/account/second-factor/picture.png")
        assert (picture.status_code, picture.mimetype) == (200, "image/png")
        app = pyotp.TOTP(secret)
        assert browser.post("/account/second-factor/scan", {"code": "000000"}).status_code == 422
        shown = browser.post("/account/second-factor/scan", {"code": app.at(now())})
        return app, re.findall(r"<li><code>([a-z0-9-]+)</code>", shown.text)

    return switch_on  # type: ignore[return-value]


def test_a_sign_in_of_two_steps(portal: Portal, as_user: Callable[[str], Browser], app_of_auditor) -> None:  # type: ignore[no-untyped-def]
    _app, codes = app_of_auditor(as_user("auditor"))
    assert len(codes) == 10
    browser = Browser(portal.app)
    browser.get("/sign-in")
    half = browser.post("/sign-in", {"username": "auditor", "password": PASSWORD, "next": "/lists"})
    assert half.headers["Location"].startswith("/sign-in/code")
    for path in ("/lists", "/account", "/account/second-factor"):
        assert browser.get(path).headers["Location"].startswith("/sign-in/code"), path
    assert "Auditor" not in browser.get("/khong-co").text, "half signed in is signed out to every page"
    browser.get("/sign-in/code")
    assert browser.post("/sign-in/code", {"code": "111111"}).status_code == 422
    before = browser.client.get_cookie("bangiao")
    whole = browser.post("/sign-in/code", {"code": codes[0], "next": "/lists"})
    assert whole.headers["Location"] == "/lists"
    assert browser.client.get_cookie("bangiao") != before
    assert browser.get("/lists").status_code == 200
    grown_old(portal, "auditor")
    asked = browser.post("/account/second-factor/off", {"code": codes[1]})
    page = browser.follow(asked)
    assert 'name="code"' in page.text, "a proof takes both steps too"
    proof = {"next": "/account/second-factor", "password": PASSWORD}
    assert browser.post("/account/proof", proof).status_code == 422
    assert browser.post("/account/proof", {**proof, "code": "111111"}).status_code == 422
    assert browser.post("/account/proof", {**proof, "code": codes[1]}).status_code == 303
    browser.get("/account/second-factor")
    for wrong in ("", "111111", codes[1]):
        assert browser.post("/account/second-factor/off", {"code": wrong}).status_code == 422
    with portal.app.app_context():
        assert db.session.query(TotpFactor).count() == 1
    assert browser.post("/account/second-factor/off", {"code": codes[2]}).status_code == 303
    with portal.app.app_context():
        assert db.session.query(TotpFactor).count() == 0


def test_one_session_is_ended_by_its_owner_and_by_nobody_else(
    portal: Portal, as_user: Callable[[str], Browser]
) -> None:
    lost, own, other = as_user("supervisor"), as_user("supervisor"), as_user("auditor")
    page = own.get("/account").text
    (address,) = re.findall(r'action="(/account/sessions/[0-9a-f]+/end)"', page)
    other.get("/account")
    assert other.post(address).status_code == 404
    assert lost.get("/account").status_code == 200
    assert own.post(address).status_code == 303
    assert lost.get("/account").status_code == 303
    assert own.get("/account").status_code == 200


def test_strangers_never_lock_the_officer_out_of_the_own_browser(portal: Portal) -> None:
    give_password(portal, "police_head")
    own, stranger = Browser(portal.app), Browser(portal.app)
    right = {"username": "police_head", "password": PASSWORD}
    own.get("/sign-in")
    assert own.post("/sign-in", right).status_code == 303
    own.get("/account")
    own.post("/sign-out")
    for _ in range(7):
        stranger.get("/sign-in")
        refused = stranger.post("/sign-in", {**right, "password": "doan mo"})
    assert refused.status_code == 429
    own.get("/sign-in")
    assert own.post("/sign-in", right).status_code == 303
    stranger.client.set_cookie("known-browser", own.client.get_cookie("known-browser").value[::-1])  # type: ignore[union-attr]
    stranger.get("/sign-in")
    assert stranger.post("/sign-in", right).status_code == 429, "a forged mark is no mark"
