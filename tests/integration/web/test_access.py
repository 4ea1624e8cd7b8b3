"""Every endpoint declares who may call it; what declares nothing is refused; CSRF; odd requests get words, never a 500."""

from collections.abc import Callable

import pytest
from flask import Flask

from portal.domain.permissions import Permission, Role, reach_of
from portal.web.access import BY_TOKEN, PUBLIC, declared_access
from tests.integration.web.browser import HTMX, Browser
from tests.integration.web.conftest import Portal

SIGNED_IN = {
    Role.STATION: "station_head",
    Role.VILLAGE: "village_head",
    Role.POLICE: "police_head",
    Role.COORDINATOR: "coordinator",
    Role.SUPERVISOR: "supervisor",
    Role.AUDITOR: "auditor",
    Role.ADMINISTRATOR: "administrator",
    Role.REPORTER: "reporter",
}


def simple_pages(app: Flask) -> list[tuple[str, Permission]]:
    """Every page without parts in its address, with the permission it declares."""
    return [
        (rule.rule, Permission(declared))
        for rule in app.url_map.iter_rules()
        if rule.methods and "GET" in rule.methods and not rule.arguments
        for declared in [declared_access(app.view_functions[rule.endpoint])]
        if declared not in (None, PUBLIC, BY_TOKEN)
    ]


def test_every_endpoint_declares_its_access(portal: Portal) -> None:
    silent = [name for name, view in portal.app.view_functions.items() if declared_access(view) is None]
    assert silent == []


def test_few_endpoints_are_public(portal: Portal) -> None:
    names = sorted(name for name, view in portal.app.view_functions.items() if declared_access(view) == PUBLIC)
    assert names == [
        "auth.choose_language", "auth.factor", "auth.key_challenge", "auth.open_session", "auth.sign_in", "auth.sign_out", "public.examine_upload", "public.healthz",
        "public.record", "public.verify", "static",
    ]  # fmt: skip


def test_only_the_signers_agent_comes_by_token(portal: Portal) -> None:
    names = sorted(name for name, view in portal.app.view_functions.items() if declared_access(view) == BY_TOKEN)
    assert names == ["handovers.agent_brings", "handovers.agent_fetches"]


def test_every_permission_named_by_an_endpoint_is_granted_to_some_role(portal: Portal) -> None:
    declared = {declared_access(view) for view in portal.app.view_functions.values()} - {PUBLIC, BY_TOKEN, None}
    for permission in declared:
        assert any(reach_of(role, Permission(permission)) for role in Role), permission


def test_an_endpoint_that_declares_nothing_is_refused(portal: Portal, as_user: Callable[[str], Browser]) -> None:
    browser = as_user("administrator")
    view = portal.app.view_functions["public.verify"]
    portal.app.view_functions["public.verify"] = lambda: "open"
    try:
        answer = browser.client.get("/verify")
    finally:
        portal.app.view_functions["public.verify"] = view
    assert answer.status_code == 403


@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_exactly_the_pages_its_grants_name(
    portal: Portal, as_user: Callable[[str], Browser], role: Role
) -> None:
    browser = as_user(SIGNED_IN[role])
    wrong = {}
    for path, permission in simple_pages(portal.app):
        status = browser.client.get(path).status_code
        allowed = reach_of(role, permission) is not None
        if (status == 403) is allowed:
            wrong[path] = status
    assert wrong == {}


def test_no_page_but_the_public_ones_opens_without_sign_in(portal: Portal, visitor: Browser) -> None:
    for path, _ in simple_pages(portal.app):
        answer = visitor.client.get(path)
        assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (303, "/sign-in"), path


def test_a_forged_htmx_header_changes_no_right(as_user: Callable[[str], Browser]) -> None:
    answer = as_user("station_head").client.get(
        "/administration/accounts", headers={**HTMX, "HX-Target": "div#account-list"}
    )
    assert answer.status_code == 403
    assert answer.headers["HX-Retarget"] == "#messages"
    assert "<html" not in answer.text


def test_every_unsafe_call_without_token_is_refused(portal: Portal, as_user: Callable[[str], Browser]) -> None:
    browser = as_user("administrator")
    account = portal.scene.actors["auditor"].user_id
    for path in (
        "/administration/units/new",
        f"/administration/accounts/{account}/disabled",
        "/account/sessions/end",
    ):
        answer = browser.client.post(path, data={"disabled": "1"})
        # Kept for its author and shown again; in no case done.
        assert answer.status_code in {303, 400}, path
        if answer.status_code == 303:
            assert "kept" in answer.headers["Location"]
    page = browser.get(f"/administration/accounts/{account}").text
    assert "Đã khóa lúc" not in page


def test_the_sign_in_form_needs_its_token_too(visitor: Browser) -> None:
    answer = visitor.client.post("/sign-in", data={"demo_user": "station_head"})
    assert answer.status_code == 400
    assert "Biểu mẫu hết hiệu lực" in answer.text


@pytest.mark.parametrize("page", ["abc", "-1", "0", "1000000000", "1e3", "٣", "", "9" * 400])
def test_odd_page_numbers_show_a_page(as_user: Callable[[str], Browser], page: str) -> None:
    answer = as_user("administrator").get(f"/administration/accounts?page={page}&sort=drop")
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("path", "data", "statuses"),
    [
        ("/administration/units/new", {"kind": "palace", "name": "A", "code": "A", "anchor": "x"}, {400, 422}),
        ("/administration/accounts/new", {"role": "king", "unit": "1"}, {400, 422}),
        ("/switch-membership", {"membership": "999999999"}, {404}),
        ("/switch-membership", {"membership": "abc"}, {400, 404}),
        ("/administration/units/999999999999999999999", {}, {400, 404}),
        ("/administration/accounts/khong-phai-uuid", {}, {404, 405}),
        (
            "/administration/units/new",
            {"name": "A\x00B", "code": "N-1", "kind": "village", "anchor": "1"},
            {404, 422},
        ),
    ],
)
def test_wrong_types_and_unknown_members_get_words(
    as_user: Callable[[str], Browser], path: str, data: dict[str, str], statuses: set[int]
) -> None:
    browser = as_user("administrator")
    browser.get("/administration/units/new")
    answer = browser.post(path, data)
    assert answer.status_code in statuses, answer.text[:2000]
    assert 'lang="vi"' in answer.text


def test_a_page_opened_where_a_form_is_expected_gets_a_way_back(as_user: Callable[[str], Browser]) -> None:
    browser = as_user("station_head")
    answer = browser.get("/account/sessions/end")
    assert answer.status_code == 405
    assert "Về trang đầu" in answer.text
    assert browser.client.head("/account").status_code == 200
    assert browser.client.open("/account", method="TRACE").status_code == 405


def test_markup_in_a_name_is_shown_as_text(portal: Portal, as_user: Callable[[str], Browser]) -> None:
    browser = as_user("administrator")
    page = browser.get("/administration/accounts/new").text
    station = unit_number(portal, "TRAM")
    assert "Thêm tài khoản" in page
    evil = '<script>x</script>{{7*7}} hx-get="/"'
    answer = browser.post(
        "/administration/accounts/new",
        {"full_name": evil, "username": "thu.markup", "unit": station, "role": "station", "position": "A"},
    )
    assert answer.status_code == 200, answer.text
    listed = browser.get("/administration/accounts?q=thu.markup").text
    assert "<script>x" not in listed
    assert "{{7*7}}" in listed
    assert "49 hx" not in listed


def unit_number(portal: Portal, code: str) -> int:
    from portal.models import Unit, db

    with portal.app.app_context():
        return db.session.execute(db.select(Unit.id).where(Unit.code == code)).scalar_one()
