"""Signing in and out as a visitor meets it."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from portal.clock import now
from portal.models import SignInSession, User, db
from portal.services.passwords import hash_password
from tests.integration.web.browser import HTMX, Browser
from tests.integration.web.conftest import Portal

PASSWORD = "con trau an co ngoai dong"


def give_password(portal: Portal, username: str) -> None:
    with portal.app.app_context():
        user = db.session.execute(db.select(User).filter_by(username=username)).scalar_one()
        user.password_hash, user.failed_attempts, user.slowed_until = hash_password(PASSWORD), 0, None
        db.session.commit()


def move_sessions(portal: Portal, username: str, **back: timedelta) -> None:
    """Let time pass for the account's sessions: `seen_at` and `created_at` move back."""
    with portal.app.app_context():
        user = db.session.execute(db.select(User).filter_by(username=username)).scalar_one()
        for session in db.session.execute(db.select(SignInSession).filter_by(user_id=user.id)).scalars():
            for name, ago in back.items():
                setattr(session, name, now() - ago)
        db.session.commit()


def test_the_right_password_opens_a_session_and_leads_to_the_page_asked_for(portal: Portal, visitor: Browser) -> None:
    give_password(portal, "station_clerk")
    asked = visitor.get("/account")
    assert asked.status_code == 303
    assert asked.headers["Location"] == "/sign-in?next=/account"
    answer = visitor.post("/sign-in", {"username": "Station_Clerk", "password": PASSWORD, "next": "/account"})
    assert answer.headers["Location"] == "/account"
    assert "Station Clerk" in visitor.get("/account").text


def test_a_wrong_password_keeps_the_name_and_tells_what_to_check(portal: Portal, visitor: Browser) -> None:
    give_password(portal, "station_clerk")
    answer = visitor.post("/sign-in", {"username": "station_clerk", "password": "sai"})
    assert answer.status_code == 422
    assert "Tên đăng nhập hoặc mật khẩu chưa đúng" in answer.text
    assert 'value="station_clerk"' in answer.text
    assert "sai" not in re.findall(r'value="([^"]*)"', answer.text)


def test_an_unknown_name_gets_the_same_words_as_a_wrong_password(portal: Portal, visitor: Browser) -> None:
    give_password(portal, "station_clerk")
    texts = {
        re.sub(
            r'value="[^"]*"|"X-CSRFToken": "[^"]*"',
            "",
            visitor.post("/sign-in", {"username": name, "password": "sai"}).text,
        )
        for name in ("station_clerk", "khong_co")
    }
    assert len(texts) == 1


def test_five_wrong_passwords_slow_that_account_only_and_tell_how_long(portal: Portal, visitor: Browser) -> None:
    give_password(portal, "police_officer")
    give_password(portal, "village_helper")
    for _ in range(5):
        assert visitor.post("/sign-in", {"username": "police_officer", "password": "sai"}).status_code == 422
    slowed = visitor.post("/sign-in", {"username": "police_officer", "password": PASSWORD})
    assert slowed.status_code == 429
    assert re.search(r"chờ \d+ giây", slowed.text)
    assert visitor.post("/sign-in", {"username": "village_helper", "password": PASSWORD}).status_code == 303


def test_the_cookie_of_before_the_sign_in_is_worth_nothing_afterwards(visitor: Browser) -> None:
    visitor.get("/sign-in")
    before = visitor.client.get_cookie("bangiao")
    assert before is not None
    visitor.post("/sign-in", {"demo_user": "station_head"})
    after = visitor.client.get_cookie("bangiao")
    assert after is not None
    assert after.value != before.value
    visitor.client.set_cookie("bangiao", before.value)
    assert visitor.get("/account").status_code == 303


def test_a_captured_cookie_is_dead_after_sign_out(portal: Portal, as_user: Callable[[str], Browser]) -> None:
    owner = as_user("station_head")
    captured = owner.client.get_cookie("bangiao")
    assert captured is not None
    thief = Browser(portal.app)
    thief.client.set_cookie("bangiao", captured.value)
    assert thief.get("/account").status_code == 200
    answer = owner.post("/sign-out")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert thief.get("/account").status_code == 303


@pytest.mark.parametrize(
    ("username", "minutes", "alive"),
    [
        ("station_head", 14, True),
        ("station_head", 16, False),
        ("administrator", 4, True),
        ("administrator", 6, False),
    ],
)
def test_an_idle_session_ends(
    portal: Portal, as_user: Callable[[str], Browser], username: str, minutes: int, alive: bool
) -> None:
    browser = as_user(username)
    move_sessions(portal, username, seen_at=timedelta(minutes=minutes))
    assert (browser.get("/account").status_code == 200) is alive


def test_a_session_ends_after_twelve_hours_of_work(portal: Portal, as_user: Callable[[str], Browser]) -> None:
    browser = as_user("station_head")
    move_sessions(portal, "station_head", created_at=timedelta(hours=12, minutes=1))
    assert browser.get("/account").status_code == 303


def test_the_last_use_is_written_down_once_a_minute(portal: Portal, as_user: Callable[[str], Browser]) -> None:
    browser = as_user("auditor")
    move_sessions(portal, "auditor", seen_at=timedelta(seconds=30))
    browser.get("/account")
    assert age(portal, "auditor") > timedelta(seconds=25)
    move_sessions(portal, "auditor", seen_at=timedelta(seconds=90))
    browser.get("/account")
    assert age(portal, "auditor") < timedelta(seconds=20)


def age(portal: Portal, username: str) -> timedelta:
    with portal.app.app_context():
        query = db.select(SignInSession).join(User).where(User.username == username)
        return now() - max(session.seen_at for session in db.session.execute(query).scalars())


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "https://evil.example/x",
        "javascript:alert(1)",
        "/\\evil.example",
        "\\\\evil",
        "/\t/evil.example",
        "",
    ],
)
def test_next_leads_nowhere_but_into_this_site(visitor: Browser, target: str) -> None:
    answer = visitor.post("/sign-in", {"demo_user": "station_head", "next": target})
    assert answer.headers["Location"] == "/"


def test_one_click_sign_in_does_not_exist_in_a_real_portal(portal: Portal, visitor: Browser) -> None:
    from dataclasses import replace

    from portal.services.context import Ground, ground, stand_on

    demonstration = ground()
    stand_on(Ground.of(replace(demonstration.settings, mode="real")))
    try:
        page = visitor.get("/sign-in")
        assert "demo_user" not in page.text
        assert "BẢN TRÌNH DIỄN" not in page.text
        assert visitor.post("/sign-in", {"demo_user": "station_head"}).status_code == 403
        assert visitor.get("/account").status_code == 303
    finally:
        stand_on(demonstration)


def test_a_form_sent_after_the_session_ended_is_shown_again_after_sign_in(
    portal: Portal, as_user: Callable[[str], Browser]
) -> None:
    browser = as_user("administrator")
    page = browser.get("/administration/units/new")
    assert page.status_code == 200
    move_sessions(portal, "administrator", seen_at=timedelta(minutes=30))
    sent = browser.post("/administration/units/new", {"name": "Bản Thử Giữ", "code": "GIU-1", "kind": "village"})
    assert sent.status_code == 303
    assert sent.headers["Location"].startswith("/sign-in?")
    sign_in_page = browser.follow(sent)
    assert "được giữ lại" in sign_in_page.text
    entered = browser.post(
        "/sign-in", {"demo_user": "administrator", "next": "/administration/units/new", "expired": "1"}
    )
    assert entered.headers["Location"].startswith("/administration/units/new?kept=")
    again = browser.follow(entered)
    assert 'value="Bản Thử Giữ"' in again.text
    assert 'value="GIU-1"' in again.text
    assert "giữ lại" in again.text


def test_a_kept_form_without_a_page_of_its_own_is_sent_again_with_one_click(
    portal: Portal, as_user: Callable[[str], Browser]
) -> None:
    browser = as_user("administrator")
    target = portal.scene.actors["coordinator"].user_id
    path = f"/administration/accounts/{target}/disabled"
    browser.get("/account")
    move_sessions(portal, "administrator", seen_at=timedelta(minutes=30))
    browser.post(path, {"disabled": "1"})
    entered = browser.post("/sign-in", {"demo_user": "administrator", "expired": "1"})
    kept = browser.follow(entered)
    assert f'action="{path}"' in kept.text
    assert 'name="disabled" value="1"' in kept.text
    mark = re.search(r'name="kept" value="(\d+)"', kept.text)
    assert mark
    assert browser.post(path, {"disabled": "1", "kept": mark.group(1)}).status_code == 303
    assert browser.get(f"/account/kept-forms/{mark.group(1)}").status_code == 404
    browser.get("/account")
    browser.post(path, {"disabled": "0"})


def test_another_person_never_sees_a_kept_form(portal: Portal, as_user: Callable[[str], Browser]) -> None:
    browser = as_user("administrator")
    browser.get("/account")
    move_sessions(portal, "administrator", seen_at=timedelta(minutes=30))
    browser.post("/administration/units/new", {"name": "Của người khác"})
    entered = browser.post("/sign-in", {"demo_user": "station_head", "expired": "1"})
    assert "kept" not in entered.headers["Location"]


def test_secrets_and_forms_from_other_sites_are_never_kept(portal: Portal, as_user: Callable[[str], Browser]) -> None:
    from portal.models import Draft

    browser = as_user("supervisor")
    browser.get("/account")
    move_sessions(portal, "supervisor", seen_at=timedelta(minutes=30))
    browser.post(
        "/account/password",
        {"old_password": "mot", "password": "hai", "note": "ba"},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    with portal.app.app_context():
        user_id = portal.scene.actors["supervisor"].user_id
        assert db.session.execute(db.select(Draft).filter_by(user_id=user_id)).first() is None
    browser.get("/sign-in")
    browser.post("/account/password", {"old_password": "mot", "password": "hai", "note": "ba"})
    with portal.app.app_context():
        kept = db.session.execute(db.select(Draft).filter_by(user_id=user_id)).scalar_one()
        assert set(kept.fields) == {"note"}


def test_htmx_is_sent_to_the_sign_in_page_as_a_whole(visitor: Browser) -> None:
    answer = visitor.client.get(
        "/administration/accounts?q=a", headers={**HTMX, "HX-Current-URL": "http://localhost/administration/accounts"}
    )
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == "/sign-in?next=/administration/accounts"
