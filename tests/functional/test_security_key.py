"""Khóa bảo mật (WebAuthn): thêm, đăng nhập, xác nhận lại bằng thiết bị ảo của Chromium; các cách lừa đều bị từ chối."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from portal.models import Event, SecurityKey, User, db
from portal.services import passwords, second_factors
from portal.services.context import Ground, stand_on
from tests.functional.conftest import Site
from tests.functional.window import Window

PASSWORD = "con trau an co ngoai dong"
WHO = "police_head"
_ANSWER = """async ([uv, other]) => {
  const bytes = (t) => Uint8Array.from(atob(t.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (b) => btoa(String.fromCharCode(...new Uint8Array(b))).replace(/\\+/g, "-").replace(/\\//g, "_").replace(/=+$/, "");
  const token = document.querySelector("[name=csrf_token]").value;
  const asked = await (await fetch("/account/proof/challenge", {method: "POST", headers: {"X-CSRFToken": token}})).json();
  asked.challenge = other ? bytes("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA") : bytes(asked.challenge);
  for (const each of asked.allowCredentials) each.id = bytes(each.id);
  asked.userVerification = uv;
  const made = await navigator.credentials.get({publicKey: asked});
  const response = {};
  for (const name of ["clientDataJSON", "authenticatorData", "signature"]) response[name] = text(made.response[name]);
  return JSON.stringify({id: made.id, rawId: text(made.rawId), type: made.type, response, clientExtensionResults: {}});
}"""
_SEND = """async (assertion) => {
  const token = document.querySelector("[name=csrf_token]").value;
  const form = new URLSearchParams({csrf_token: token, assertion, next: "/account"});
  return (await fetch("/account/proof", {method: "POST", body: form})).redirected;
}"""


@pytest.fixture
def officer(site: Site) -> Iterator[Window | None]:
    """The portal knows its own address; the officer has a password and no factor, before and afterwards."""
    stand_on(Ground.of(replace(site.settings, public_url=site.address)))
    with site.behind():
        hashed = passwords.hash_password(PASSWORD)
        db.session.execute(update(User).where(User.username == WHO).values(password_hash=hashed))
        db.session.commit()
    yield None
    with site.behind():
        second_factors.remove(_id())
        db.session.commit()
    stand_on(Ground.of(site.settings))


def _id() -> object:
    return db.session.scalars(select(User.id).where(User.username == WHO)).one()


def _device(window: Window) -> Callable[..., object]:
    cdp = window.context.new_cdp_session(window.tab)
    cdp.send("WebAuthn.enable")
    made = cdp.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {"protocol": "ctap2", "transport": "usb", "hasUserVerification": True, "isUserVerified": True}},
    )
    return lambda act, **more: cdp.send(act, {"authenticatorId": made["authenticatorId"], **more})


def test_khoa_bao_mat_tu_dau_den_cuoi(officer: None, site: Site, window: Callable[..., Window]) -> None:
    person = window(WHO)
    device, tab = _device(person), person.tab
    person.go("/account/security-keys/new")
    tab.locator('input[name="name"]').fill("Khóa USB ở trụ sở")
    person.press("Thêm khóa này")
    person.see("In hoặc chép 10 mã này")
    person.press("Đăng xuất")
    person.see("Bạn đã đăng xuất")

    tab.locator('input[name="username"]').fill(WHO)
    tab.locator('input[name="password"]').fill(PASSWORD)
    person.press("Đăng nhập", exact=True)
    person.see("Hãy dùng khóa bảo mật")
    device("WebAuthn.setUserVerified", isUserVerified=False)
    person.press("Dùng khóa bảo mật")
    person.see("Khóa chưa trả lời")
    device("WebAuthn.setUserVerified", isUserVerified=True)
    person.press("Dùng khóa bảo mật")
    tab.get_by_role("button", name="Đăng xuất").wait_for()

    person.go("/account/proof?next=/account/security-keys")
    person.press("Xác nhận bằng khóa bảo mật")
    person.see("Khóa USB ở trụ sở")

    person.go("/account/proof?next=/account")
    good = tab.evaluate(_ANSWER, ["required", False])
    assert tab.evaluate(_SEND, good), "the way of answering used below is a right one"
    assert not tab.evaluate(_SEND, good), "an answer counts once"
    person.go("/account/proof?next=/account")
    assert not tab.evaluate(_SEND, tab.evaluate(_ANSWER, ["required", True])), "another challenge"
    device("WebAuthn.setUserVerified", isUserVerified=False)
    assert not tab.evaluate(_SEND, tab.evaluate(_ANSWER, ["discouraged", False])), "the owner was not checked"
    device("WebAuthn.setUserVerified", isUserVerified=True)
    stand_on(Ground.of(replace(site.settings, public_url=site.address.replace("http:", "https:"))))
    assert not tab.evaluate(_SEND, tab.evaluate(_ANSWER, ["required", False])), "signed for another address"
    stand_on(Ground.of(replace(site.settings, public_url=site.address)))
    with site.behind():
        db.session.execute(update(User).where(User.username == WHO).values(known_failures=0, known_slowed_until=None))
        db.session.execute(update(SecurityKey).values(counter=1_000))
        db.session.commit()
    assert not tab.evaluate(_SEND, tab.evaluate(_ANSWER, ["required", False])), "a copy counts less than the device"
    with site.behind():
        told = db.session.scalars(select(Event.payload).where(Event.tag == "account:refused", Event.user_id == _id()))
        assert [each["cause"] for each in told] == ["wrong_key"] * 4 + ["key_copied"]
        db.session.execute(update(SecurityKey).values(counter=0))
        db.session.commit()
    assert tab.evaluate(_SEND, tab.evaluate(_ANSWER, ["required", False]))

    person.go("/account/security-keys")
    tab.get_by_role("button", name="Gỡ").click()
    person.see("Bạn chưa có khóa bảo mật nào")
    with site.behind():
        assert not second_factors.has_one(_id())
        assert second_factors.codes_left(_id()) == 0
