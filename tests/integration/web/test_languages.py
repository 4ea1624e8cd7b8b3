"""The reader chooses the language: kept with the account and in the browser, addresses unchanged."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest

from portal.domain.wording import say
from portal.models import User, db
from portal.web import errors, filters
from portal.web.wording import COOKIE
from tests.functional.reading import words_of
from tests.integration.web.browser import Browser
from tests.integration.web.conftest import Portal

VIETNAMESE_LETTER = re.compile("[À-ỹ]")
STATUSES = (400, 403, 404, 405, 409, 413, 422, 429, 500, 503, errors.FULL)


def in_english(browser: Browser, page: str = "/sign-in") -> Browser:
    answer = browser.post("/language", {"language": "en", "next": page})
    assert (answer.status_code, answer.headers["Location"]) == (303, page)
    return browser


def stored_language(portal: Portal, username: str) -> str:
    with portal.app.app_context():
        return db.session.execute(db.select(User.language).filter_by(username=username)).scalar_one()


def test_a_visitor_reads_vietnamese_until_he_chooses_english(visitor: Browser) -> None:
    page = visitor.get("/verify").text
    assert '<html lang="vi">' in page
    assert "Kiểm tra biên bản" in page
    page = in_english(visitor, "/verify").get("/verify").text
    assert '<html lang="en">' in page
    assert "Verify a record" in page
    assert "Kiểm tra" not in page


def test_the_switch_leads_back_to_the_same_address(visitor: Browser) -> None:
    page = visitor.get("/verify?code=%2D").text
    assert 'name="next" value="/verify?code=%2D"' in page
    assert 'name="language" value="en"' in page
    assert 'name="language" value="vi"' in in_english(visitor).get("/verify").text


def test_the_switch_leads_to_no_other_site(visitor: Browser) -> None:
    answer = visitor.post("/language", {"language": "en", "next": "//evil.example/"})
    assert answer.headers["Location"] == "/"


def test_the_choice_is_kept_with_the_account(portal: Portal, as_user: Callable[[str], Browser]) -> None:
    in_english(as_user("village_head"), "/")
    assert stored_language(portal, "village_head") == "en"
    elsewhere = as_user("village_head")
    assert '<html lang="en">' in elsewhere.get("/account").text


def test_an_account_without_a_choice_keeps_the_browsers_language(portal: Portal, visitor: Browser) -> None:
    in_english(visitor)
    visitor.post("/sign-in", {"demo_user": "police_officer"})
    assert '<html lang="en">' in visitor.get("/account").text
    assert stored_language(portal, "police_officer") == ""


def test_a_language_the_portal_does_not_speak_changes_nothing(visitor: Browser) -> None:
    answer = visitor.post("/language", {"language": "xx", "next": "/verify"})
    assert COOKIE not in answer.headers.get("Set-Cookie", "")
    visitor.client.set_cookie(COOKIE, "xx")
    assert '<html lang="vi">' in visitor.get("/verify").text


def test_a_signed_in_person_is_told_that_a_language_is_unknown(as_user: Callable[[str], Browser]) -> None:
    assert as_user("auditor").post("/language", {"language": "xx"}).status_code == 422


@pytest.mark.parametrize("status", STATUSES)
def test_every_refusal_has_english_words(portal: Portal, status: int) -> None:
    with portal.app.test_request_context("/", headers={"Cookie": f"{COOKIE}=en"}):
        words = errors.words_for(status)
        assert not VIETNAMESE_LETTER.search(words.title + words.message)


def test_a_domains_refusal_is_told_in_english(as_user: Callable[[str], Browser]) -> None:
    browser = in_english(as_user("auditor"), "/")
    answer = browser.get("/lists/00000000-0000-4000-8000-000000000000")
    assert answer.status_code == 404
    assert "This list is not found, or your unit may not see it." in answer.text


def test_a_broken_portal_tells_it_in_english(portal: Portal, visitor: Browser) -> None:
    in_english(visitor)
    with portal.app.test_request_context("/", headers={"Cookie": f"{COOKIE}=en"}):
        page = errors.fault(RuntimeError("x")).get_data(as_text=True)
    assert '<html lang="en">' in page
    assert "A fault of the system" in page


def left_in_vietnamese(page: str) -> list[str]:
    return [text for text in words_of(page) if VIETNAMESE_LETTER.search(text)]


def test_a_refused_form_tells_its_faults_in_english(visitor: Browser) -> None:
    answer = in_english(visitor).post("/sign-in", {"username": "", "password": ""})
    assert answer.status_code == 422
    assert "Enter the user name." in answer.text
    assert (
        left_in_vietnamese(re.sub(r"<button[^>]*demo_user.*?</button>|<h3.*?</h3>", "", answer.text, flags=re.DOTALL))
        == []
    )


def test_a_wrong_password_is_told_in_english(visitor: Browser) -> None:
    answer = in_english(visitor).post("/sign-in", {"username": "nobody", "password": "x"})
    assert "The user name or the password is not right." in answer.text


def test_the_verdict_on_a_strangers_file_is_told_in_english(visitor: Browser) -> None:
    upload = {"file": (BytesIO(b"%PDF-1.7\nnothing of ours"), "x.pdf")}
    answer = in_english(visitor, "/verify").post("/verify", upload)
    assert answer.status_code == 200
    assert left_in_vietnamese(answer.text) == []
    assert "The file is not intact" in answer.text


def test_a_message_left_for_the_next_page_is_english(as_user: Callable[[str], Browser]) -> None:
    browser = in_english(as_user("coordinator"), "/account")
    answer = browser.post("/sign-out")
    assert "You have signed out." in browser.follow(answer).text


def test_numbers_are_grouped_as_the_language_does(portal: Portal) -> None:
    with portal.app.test_request_context("/", headers={"Cookie": f"{COOKIE}=en"}):
        assert filters.grouped(1204) == "1,204"
    with portal.app.test_request_context("/"):
        assert filters.grouped(1204) == "1.204"


def test_values_of_an_english_sentence_are_escaped(portal: Portal) -> None:
    with portal.app.test_request_context("/", headers={"Cookie": f"{COOKIE}=en"}):
        template = portal.app.jinja_env.from_string("{{ sentence }}|{{ _('vòng %(n)s', n=name) }}")
        text = template.render(sentence=say("Biên bản {record}: {fault}", record="<b>", fault=""), name="<i>")
    assert "<b>" not in text
    assert "<i>" not in text
