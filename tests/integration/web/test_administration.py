"""Units and accounts as an administrator works on them."""

import re
from collections.abc import Callable

from portal.domain.permissions import Role
from portal.models import Unit, User, db
from portal.services.context import ground
from tests.integration.web.browser import HTMX, Browser
from tests.integration.web.conftest import Portal


def unit_id(portal: Portal, code: str) -> int:
    with portal.app.app_context():
        return db.session.execute(db.select(Unit.id).filter_by(code=code)).scalar_one()


def user_id(portal: Portal, username: str) -> str:
    with portal.app.app_context():
        return str(db.session.execute(db.select(User.id).filter_by(username=username)).scalar_one())


def test_a_unit_is_made_shown_in_the_tree_and_changed(portal: Portal, as_user: Callable[[str], Browser]) -> None:
    browser = as_user("administrator")
    browser.get("/administration/units/new")
    form = {"kind": "village", "code": "BAN-D", "anchor": str(unit_id(portal, "XA")), "name": "Bản Đề"}
    assert browser.post("/administration/units/new", form).status_code == 303
    tree = browser.get("/administration/units").text
    assert "Đã tạo đơn vị Bản Đề." in tree
    number = unit_id(portal, "BAN-D")
    assert f'/administration/units/{number}"' in tree
    page = browser.get(f"/administration/units/{number}").text
    assert 'value="Bản Đề"' in page
    changed = browser.post(f"/administration/units/{number}", {"name": "Bản Đề Mới", "valid_to": "31/12/2099"})
    assert changed.status_code == 303
    assert "31/12/2099" in browser.get("/administration/units").text


def test_a_unit_that_does_not_fit_keeps_what_was_typed(portal: Portal, as_user: Callable[[str], Browser]) -> None:
    browser = as_user("administrator")
    browser.get("/administration/units/new")
    form = {
        "kind": "village",
        "code": "BAN-E",
        "anchor": str(unit_id(portal, "TINH")),
        "name": "Bản E",
        "phone": "0912",
    }
    answer = browser.post("/administration/units/new", form)
    assert answer.status_code == 422
    assert "Địa bàn cấp trên không hợp" in answer.text
    assert 'value="Bản E"' in answer.text
    assert 'value="0912"' in answer.text


def test_an_unreadable_day_is_explained_with_an_example(portal: Portal, as_user: Callable[[str], Browser]) -> None:
    browser = as_user("administrator")
    number = unit_id(portal, "BAN_A")
    browser.get(f"/administration/units/{number}")
    answer = browser.post(f"/administration/units/{number}", {"name": "Bản A", "valid_to": "31/02/2026"})
    assert answer.status_code == 422
    assert "31/02/2026" in answer.text
    assert "ví dụ 27/3/2026" in answer.text


def test_a_new_account_shows_its_password_once(
    portal: Portal, as_user: Callable[[str], Browser], visitor: Browser
) -> None:
    browser = as_user("administrator")
    browser.get("/administration/accounts/new")
    form = {
        "full_name": "Vàng Thị Thử", "username": "vang.thi.thu", "unit": str(unit_id(portal, "TRAM")),
        "role": "station", "position": "Trưởng trạm", "can_sign": "y",
        "appointment_document": "QĐ 15/QĐ-UBND", "valid_from": "1/7/2025",
    }  # fmt: skip
    shown = browser.post("/administration/accounts/new", form)
    assert shown.status_code == 200
    password = re.search(r'once-password mono">([^<]+)<', shown.text)
    assert password
    page = browser.get(f"/administration/accounts/{user_id(portal, 'vang.thi.thu')}").text
    assert password.group(1) not in page
    assert "QĐ 15/QĐ-UBND" in page
    entered = visitor.post("/sign-in", {"username": "vang.thi.thu", "password": password.group(1)})
    assert entered.status_code == 303
    assert visitor.get("/").headers["Location"] == "/account/password"


def test_a_signer_without_a_paper_is_refused_beside_the_field(
    portal: Portal, as_user: Callable[[str], Browser]
) -> None:
    browser = as_user("administrator")
    path = f"/administration/accounts/{user_id(portal, 'station_clerk')}"
    browser.get(path)
    form = {"unit": str(unit_id(portal, "TRAM")), "role": "station", "position": "Y sĩ", "can_sign": "y"}
    answer = browser.post(f"{path}/memberships", form)
    assert answer.status_code == 422
    assert '<a href="#appointment_document">Người ký cần văn bản phân công' in answer.text


def test_a_locked_account_is_out_at_once_and_back_after_unlocking(
    portal: Portal, as_user: Callable[[str], Browser]
) -> None:
    clerk, browser = as_user("station_clerk"), as_user("administrator")
    path = f"/administration/accounts/{user_id(portal, 'station_clerk')}"
    browser.get(path)
    assert browser.post(f"{path}/disabled", {"disabled": "1"}).status_code == 303
    assert clerk.get("/account").status_code == 303
    assert "Đã khóa" in browser.get("/administration/accounts?q=station_clerk").text
    browser.post(f"{path}/disabled", {"disabled": "0"})
    assert as_user("station_clerk").get("/account").status_code == 200


def test_the_search_answers_htmx_with_the_list_alone_and_everybody_else_with_the_page(
    as_user: Callable[[str], Browser],
) -> None:
    browser = as_user("administrator")
    part = browser.client.get(
        "/administration/accounts?q=police", headers={**HTMX, "HX-Target": "div#account-list"}
    ).text
    assert "<html" not in part
    assert "police_head" in part
    assert "station_head" not in part
    whole = browser.get("/administration/accounts?q=police").text
    assert "<html" in whole
    other = browser.client.get("/administration/accounts", headers={**HTMX, "HX-Target": "div#main"}).text
    assert "<html" in other


def test_nothing_found_says_why_and_what_next(as_user: Callable[[str], Browser]) -> None:
    page = as_user("administrator").get("/administration/accounts?q=khong-ai-ten-nay").text
    assert "Không có tài khoản nào khớp." in page
    assert "Bỏ điều kiện tìm" in page


def test_units_and_accounts_outside_the_territory_do_not_exist(
    portal: Portal, as_user: Callable[[str], Browser]
) -> None:
    with portal.app.app_context():
        portal.scene.units = {unit.code.lower(): unit for unit in db.session.execute(db.select(Unit)).scalars()}
        portal.scene.unit("quan_tri_xa", "administration_office", "xa", "xa")
        portal.scene.person("xa_admin", "quan_tri_xa", Role.ADMINISTRATOR)
        db.session.commit()
        db.session.remove()
    browser = as_user("xa_admin")
    foreign_unit, foreign_account = unit_id(portal, "XA_KHAC"), user_id(portal, "foreign_station_head")
    assert browser.get(f"/administration/units/{foreign_unit}").status_code == 404
    missing = browser.get("/administration/units/123456789")
    assert browser.get(f"/administration/accounts/{foreign_account}").status_code == missing.status_code == 404
    listed = browser.get("/administration/accounts").text
    assert "foreign_station_head" not in listed
    assert "station_head" in listed
    browser.get("/administration/units")
    assert browser.post(f"/administration/accounts/{foreign_account}/password").status_code == 404


def test_the_public_page_knows_no_record_that_was_never_signed(visitor: Browser) -> None:
    answer = visitor.get("/verify/KHONGCO123")
    assert answer.status_code == 404
    assert "KHONGCO123" in answer.text


def test_health_does_the_real_acts(portal: Portal, visitor: Browser) -> None:
    assert visitor.get("/healthz").json == {"database": "ok", "seal": "ok", "store": "ok"}
    seal = ground().settings.authority_folder / "seal-key.pem"
    hidden = seal.rename(seal.with_suffix(".away"))
    try:
        answer = visitor.get("/healthz")
        assert (answer.status_code, answer.json["seal"]) == (503, "failed")  # type: ignore[index]
    finally:
        hidden.rename(seal)
