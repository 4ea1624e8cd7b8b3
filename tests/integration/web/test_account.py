"""The own account's pages."""

import re
from collections.abc import Callable
from datetime import date

from portal.clock import today
from portal.models import Draft, Membership, Unit, User, db
from portal.services.passwords import hash_password
from tests.integration.web.browser import Browser
from tests.integration.web.conftest import Portal

PASSWORD = "con trau an co ngoai dong"


def change_user(portal: Portal, username: str, **values: object) -> None:
    with portal.app.app_context():
        user = db.session.execute(db.select(User).filter_by(username=username)).scalar_one()
        for name, value in values.items():
            setattr(user, name, value)
        db.session.commit()


def test_the_page_shows_who_i_am_and_which_browser_is_mine(as_user: Callable[[str], Browser]) -> None:
    page = as_user("station_head").get("/account", User_Agent="Mozilla/5.0 (Windows NT 10.0) Chrome/130").text
    assert "Station Head" in page
    assert "Phiên này" in page
    assert "Đang dùng được" in page


def test_who_must_change_the_password_sees_nothing_else_first(portal: Portal, visitor: Browser) -> None:
    change_user(portal, "village_helper", password_hash=hash_password("mot-lan-dung-thoi"), must_change_password=True)
    visitor.post("/sign-in", {"username": "village_helper", "password": "mot-lan-dung-thoi"})
    for path in ("/", "/account", "/switch-membership"):
        assert visitor.get(path).headers["Location"] == "/account/password"
    page = visitor.get("/account/password").text
    assert "chỉ dùng được một lần" in page
    form = {"old_password": "mot-lan-dung-thoi", "password": PASSWORD, "password_again": PASSWORD}
    assert visitor.post("/account/password", form).status_code == 303
    assert visitor.get("/account").status_code == 200


def test_a_refused_password_is_told_beside_its_field_and_never_sent_back(
    portal: Portal, as_user: Callable[[str], Browser]
) -> None:
    change_user(portal, "auditor", password_hash=hash_password(PASSWORD))
    browser = as_user("auditor")
    browser.get("/account/password")
    for form, words in (
        (
            {"old_password": "sai", "password": "nuoc chay da mon", "password_again": "nuoc chay da mon"},
            "Mật khẩu hiện tại chưa đúng",
        ),
        ({"old_password": PASSWORD, "password": "ngan", "password_again": "ngan"}, "ít nhất 14 ký tự"),
        ({"old_password": PASSWORD, "password": "nuoc chay da mon", "password_again": "khac"}, "không giống nhau"),
        ({}, "Nhập mật khẩu hiện tại."),
    ):
        answer = browser.post("/account/password", form)
        assert answer.status_code == 422
        assert words in answer.text
        assert "<title>Lỗi: " in answer.text
        assert not any(secret in answer.text for secret in form.values() if len(secret) > 4)


def test_the_error_summary_links_each_message_to_its_field(as_user: Callable[[str], Browser]) -> None:
    browser = as_user("auditor")
    browser.get("/account/password")
    page = browser.post("/account/password", {}).text
    for field in ("old_password", "password", "password_again"):
        assert f'<a href="#{field}">' in page
        assert re.search(rf'id="{field}"[^>]*aria-invalid="true"|aria-invalid="true"[^>]*id="{field}"', page)


def test_a_signer_makes_a_key_and_the_page_names_it(portal: Portal, as_user: Callable[[str], Browser]) -> None:
    change_user(portal, "police_head", password_hash=hash_password(PASSWORD))
    browser = as_user("police_head")
    browser.get("/account/signing-key")
    wrong = browser.post(
        "/account/signing-key", {"password": PASSWORD, "passphrase": "ngan", "passphrase_again": "ngan"}
    )
    assert wrong.status_code == 422
    assert "ít nhất 8" in wrong.text
    form = {"password": PASSWORD, "passphrase": "cau nho cua toi", "passphrase_again": "cau nho cua toi"}
    assert browser.post("/account/signing-key", form).status_code == 303
    page = browser.get("/account").text
    assert "Đã tạo khóa ký số nội bộ" in page
    assert "Đang dùng được" in page


def test_who_may_not_sign_is_told_so(as_user: Callable[[str], Browser]) -> None:
    assert "không có quyền ký" in as_user("station_clerk").get("/account/signing-key").text


def test_other_sessions_end_with_one_click(as_user: Callable[[str], Browser]) -> None:
    other, own = as_user("coordinator"), as_user("coordinator")
    own.get("/account")
    assert own.post("/account/sessions/end").status_code == 303
    assert other.get("/account").status_code == 303
    assert own.get("/account").status_code == 200


def test_several_memberships_are_switched_and_the_header_says_which(
    portal: Portal, as_user: Callable[[str], Browser]
) -> None:
    with portal.app.app_context():
        user_id = portal.scene.actors["supervisor"].user_id
        unit = db.session.execute(db.select(Unit).filter_by(code="THANH_TRA")).scalar_one()
        second = Membership(user_id=user_id, unit_id=unit.id, role="auditor", position="Thanh tra viên",
                            valid_from=date(2025, 7, 1), valid_to=None)  # fmt: skip
        db.session.add(second)
        db.session.commit()
        number = second.id
    browser = as_user("supervisor")
    page = browser.get("/switch-membership").text
    assert "Đổi phân công" in page
    assert browser.post("/switch-membership", {"place": f"m{number}"}).status_code == 303
    header = browser.get("/account").text
    assert 'site-unit">Thanh Tra' in header
    foreign = portal.scene.actors["police_head"].membership_id
    browser.get("/switch-membership")
    assert browser.post("/switch-membership", {"place": f"m{foreign}"}).status_code == 404


def test_without_a_membership_a_person_is_told_whom_to_ask(portal: Portal, as_user: Callable[[str], Browser]) -> None:
    browser = as_user("other_village_head")
    with portal.app.app_context():
        held = db.session.get_one(Membership, portal.scene.actors["other_village_head"].membership_id)
        held.valid_from = date(today().year + 1, 1, 1)
        db.session.commit()
    answer = browser.get("/account")
    assert answer.status_code == 403
    assert "chưa được phân công" in answer.text
    assert "Đăng xuất" in answer.text


def test_an_old_token_brings_the_form_back_filled(portal: Portal, as_user: Callable[[str], Browser]) -> None:
    browser = as_user("administrator")
    answer = browser.post("/administration/units/new", {"name": "Bản Thẻ Cũ", "code": "CU-1"}, token="cu")
    assert answer.headers["Location"].startswith("/administration/units/new?kept=")
    page = browser.follow(answer).text
    assert 'value="Bản Thẻ Cũ"' in page
    with portal.app.app_context():
        assert db.session.execute(db.select(Draft)).scalars().all()


def test_what_is_kept_holds_no_pin_and_no_one_time_code(portal: Portal, as_user: Callable[[str], Browser]) -> None:
    typed = {"pin": "12345678", "code": "654321", "note": "giữ lại"}
    as_user("administrator").post("/account/sessions/end", typed, token="cu")
    with portal.app.app_context():
        kept = db.session.execute(db.select(Draft).filter_by(path="/account/sessions/end")).scalar_one()
        assert kept.fields.keys() == {"note"}


def test_nobody_opens_the_kept_form_of_another(portal: Portal, as_user: Callable[[str], Browser]) -> None:
    browser = as_user("administrator")
    browser.post("/account/sessions/end", {"note": "riêng tư"}, token="cu")
    with portal.app.app_context():
        number = db.session.execute(db.select(Draft.id).filter_by(path="/account/sessions/end")).scalar_one()
    assert "riêng tư" in browser.get(f"/account/kept-forms/{number}").text
    assert as_user("station_head").get(f"/account/kept-forms/{number}").status_code == 404
