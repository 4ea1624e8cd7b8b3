"""The pages of reports with a browser without JavaScript: nothing typed is lost, each reason stands beside its cell."""

import re
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from portal.clock import today
from portal.models import ReportDuty, ReportPeriod, Unit, db
from portal.services import report_periods
from portal.services.report_periods import Opening
from tests.integration.scene import PASSPHRASE
from tests.integration.web.conftest import Portal, Visit
from tests.integration.web.visitor import Visitor, words_of

KEY = "0a6f2a53-55d5-4f7f-8f58-3f0f4a0a7b11"
"""A page has one form, so every cell comes with the same key."""
SHOWN = re.compile(r'name="shown" value="([0-9a-f]{64})"')


def duties(portal: Portal, form: str, *, day: int = 1, **more: object) -> dict[str, UUID]:
    """A period opened by the supervising office: the duties by unit name."""
    with portal.app.app_context():
        period = report_periods.open_periods(
            portal.scene.actors["supervisor"],
            form,
            Opening(today() + timedelta(days=day), **more),  # type: ignore[arg-type]
        )[0]
        # The day has come, the due moment has not.
        db.session.get_one(ReportPeriod, period).as_of = today() - timedelta(days=day)
        db.session.commit()
        rows = db.session.execute(
            select(Unit.name, ReportDuty.id)
            .join(ReportDuty, ReportDuty.unit_id == Unit.id)
            .where(ReportDuty.period_id == period)
        )
        return {row[0]: row[1] for row in rows}


def sign(leader: Visitor, of: UUID) -> str:
    page = leader.page(f"/reports/{of}")
    found = SHOWN.search(page)
    assert found is not None
    answer = leader.post(f"/reports/{of}/sign-off", {"shown": found.group(1)})
    assert answer.status_code == 303
    return leader.page(answer.headers["Location"])


def test_a_day_of_signing_passports_from_the_opening_to_the_receipt(portal: Portal, visit: Visit) -> None:
    above, clerk, head = visit("supervisor"), visit("station_clerk"), visit("station_head")
    above.page("/reports/new")
    refused = above.post(
        "/reports/new", {"form": "passport_signing", "as_of": "32/13/2026", "days": "1", "due_hour": "9"}
    )
    assert refused.status_code == 422
    assert "32/13/2026" in refused.text
    fields = {
        "form": "passport_signing",
        "as_of": f"{today() + timedelta(days=1):%d/%m/%Y}",
        "days": "2",
        "due_hour": "17:00",
    }
    assert above.post("/reports/new", fields).status_code == 303
    assert "Đã mở 2 kỳ" in words_of(above.page("/reports/periods"))
    of = UUID(re.search(r"/reports/([0-9a-f-]{36})", clerk.page("/reports")).group(1))  # type: ignore[union-attr]
    with portal.app.app_context():
        db.session.get_one(ReportDuty, of).period.as_of = today()
        db.session.commit()

    clerk.page(f"/reports/{of}")
    wrong = clerk.post(
        f"/reports/{of}/hand", {"f-done": "1.200", "f-entered": "nhiều", "f-signed": "-3", "f-backlog": ""}
    )
    assert wrong.status_code == 422
    for typed in ("1.200", "nhiều", "-3"):
        assert f'value="{typed}"' in wrong.text
    assert "Ghi số nguyên" in wrong.text
    assert "Số không được âm" in wrong.text
    assert "Đã ký số Hộ chiếu vắc xin: Số không được âm" in words_of(wrong.text)
    wrong = clerk.post(
        f"/reports/{of}/hand", {"f-done": "1.200", "f-entered": "1.100", "f-signed": "1100", "f-backlog": "0"}
    )
    assert wrong.status_code == 422
    assert "Mũi mới phải nhập 100% trong ngày" in words_of(wrong.text)
    why = {
        "f-done": "1.200",
        "f-entered": "1.100",
        "f-signed": "1100",
        "f-backlog": "0",
        "r-entered_same_day": "Mất mạng",
    }
    assert clerk.post(f"/reports/{of}/hand", why).status_code == 303
    assert "chờ lãnh đạo duyệt" in words_of(clerk.page(f"/reports/{of}"))
    assert clerk.post(f"/reports/{of}/sign-off", {"shown": "0" * 64}).status_code == 403
    told = words_of(sign(head, of))
    assert "Biên nhận báo cáo" in told
    assert "Đúng hạn Đúng hạn" in told
    top = words_of(above.page(above.page("/reports/periods").split('row-link" href="')[-1].split('"')[0]))
    assert "Chưa có trong tổng" in top


def test_one_cell_is_saved_as_it_is_left(portal: Portal, visit: Visit) -> None:
    of = duties(portal, "daily_progress")["Tram"]
    clerk = visit("station_clerk")
    clerk.page(f"/reports/{of}")
    partial = {"HX-Request": "true", "HX-Target": "", "X-CSRFToken": clerk.token}
    answer = clerk.post(f"/reports/{of}/cells", {"f-called": "12", "w-called": "", "key": KEY}, headers=partial)
    assert answer.status_code == 200
    assert "Đã lưu" in answer.text
    assert '<input type="hidden" id="w-called" name="w-called" value="12" hx-swap-oob="true">' in answer.text
    assert "<html" not in answer.text
    second = {"f-called": "12", "w-called": "12", "f-injected": "7", "w-injected": "", "key": KEY}
    assert 'name="w-injected" value="7"' in clerk.post(f"/reports/{of}/cells", second, headers=partial).text
    answer = clerk.post(f"/reports/{of}/cells", {"f-called": "mười", "w-called": "12"}, headers=partial)
    assert answer.status_code == 422
    assert "Ghi số nguyên" in answer.text
    head = visit("station_head")
    head.page(f"/reports/{of}")
    taken = head.post(
        f"/reports/{of}/cells", {"f-called": "13", "w-called": ""}, headers=partial | {"X-CSRFToken": head.token}
    )
    assert taken.status_code == 422
    assert "vừa được người khác ghi" in taken.text


def test_a_page_left_open_does_not_take_a_colleague_s_value_back(portal: Portal, visit: Visit) -> None:
    at = f"/reports/{duties(portal, 'un_entered_doses')['Tram']}"
    clerk, head = visit("station_clerk"), visit("station_head")
    clerk.page(at)
    first = {"f-done": "3", "w-done": "", "f-entered": "2", "w-entered": ""}
    part = {"HX-Request": "true", "HX-Target": ""}

    def leave_cell(who: Visitor, fields: dict[str, str]) -> tuple[int, dict[str, str]]:
        answer = who.post(f"{at}/cells", fields, headers=part | {"X-CSRFToken": who.token})
        return answer.status_code, dict(re.findall(r'name="(w-[a-z]+)" value="([^"]*)"', answer.text))

    assert leave_cell(clerk, first) == (200, {"w-done": "3", "w-entered": "2"})
    head.page(at)
    assert leave_cell(head, {"f-done": "5", "w-done": "3"}) == (200, {"w-done": "5"})
    # The clerk's page still shows 3 and says so, whatever else is saved from it.
    second = {"f-done": "3", "w-done": "3", "f-entered": "1", "w-entered": "2"}
    assert leave_cell(clerk, second) == (200, {"w-entered": "1"})
    # A cell that cannot be read, and one that somebody else has changed, keep no other from being saved.
    third = {
        "f-done": "9",
        "w-done": "3",
        "f-entered": "không",
        "w-entered": "1",
        "f-n1_doses": "4",
        "w-n1_doses": "",
    }
    assert leave_cell(clerk, third)[0] == 422
    page = clerk.page(at)
    assert [re.search(rf'name="f-{name}" value="([^"]*)"', page).group(1) for name in ("done", "entered", "n1_doses")] == ["5", "1", "4"]  # type: ignore[union-attr]  # fmt: skip
    # Without JavaScript a refused page shows the newest where nothing was typed, and asks about the rest.
    answer = clerk.post(f"{at}/cells", {"f-done": "3", "w-done": "3", "f-entered": "x", "w-entered": "1"})
    assert 'name="f-done" value="5"' in answer.text
    assert 'name="f-entered" value="x"' in answer.text
    answer = clerk.post(f"{at}/cells", {"f-done": "9", "w-done": "3", "f-entered": "x", "w-entered": "1"})
    assert 'id="w-done" name="w-done" value="3"' in answer.text
    told = clerk.post(f"{at}/cells", {"f-done": "9", "w-done": "3"})
    assert "vừa được người khác ghi" in told.text
    assert ('name="f-done" value="9"' in told.text, 'id="w-done" name="w-done" value="5"' in told.text) == (
        True,
        True,
    )


def test_handing_on_twice_or_beside_a_colleague_loses_nothing(portal: Portal, visit: Visit) -> None:
    of = duties(portal, "passport_signing", day=6)["Tram"]
    at, clerk, head = f"/reports/{of}", visit("station_clerk"), visit("station_head")
    clerk.page(at)
    head.page(at)
    head.post(f"{at}/cells", {"f-done": "5", "w-done": ""})
    told = clerk.post(f"{at}/hand", {"f-done": "7", "w-done": "", "f-entered": "4", "w-entered": "", "key": KEY})
    assert told.status_code == 422
    assert "vừa được người khác ghi" in told.text
    assert ('name="f-done" value="7"' in told.text, 'name="f-entered" value="4"' in told.text) == (True, True)
    # A rule that forbids handing on keeps what was typed: the page has seen it, and its mending is no conflict.
    ruled = clerk.post(f"{at}/hand", {"f-done": "8", "w-done": "5", "f-entered": "9", "w-entered": "", "key": KEY})
    assert "Số mũi đã nhập không thể nhiều hơn" in words_of(ruled.text)
    assert [f'id="w-{name}" name="w-{name}" value="{kept}"' in ruled.text for name, kept in (("done", 8), ("entered", 9))] == [True, True]  # fmt: skip
    cells = {
        "f-done": "7",
        "w-done": "8",
        "f-entered": "7",
        "w-entered": "9",
        "f-signed": "7",
        "f-backlog": "0",
        "key": KEY,
    }
    for _press in range(2):
        assert clerk.post(f"{at}/hand", cells).status_code == 303
    assert "chờ lãnh đạo duyệt" in words_of(clerk.page(at))


def test_a_wrong_passphrase_keeps_the_page_and_says_so_beside_its_field(portal: Portal, visit: Visit) -> None:
    of = duties(portal, "passport_signing", day=7)["Tram"]
    at, clerk, head = f"/reports/{of}", visit("station_clerk"), visit("station_head")
    clerk.page(at)
    figures = {"f-done": "7", "f-entered": "7", "f-signed": "7", "f-backlog": "0"}
    assert clerk.post(f"{at}/hand", figures).status_code == 303
    sign(head, of)
    assert head.post(f"{at}/paper").status_code == 303
    shown = SHOWN.search(head.page(at))
    assert shown is not None
    wrong = head.post(f"{at}/paper/sign", {"shown": shown.group(1), "passphrase": "sai mat khau"})
    assert wrong.status_code == 422
    assert f"{at}/pages/1.png" in wrong.text
    assert 'href="#passphrase"' in wrong.text
    stale = head.post(f"{at}/paper/sign", {"shown": "0" * 64, "passphrase": PASSPHRASE})
    assert stale.status_code == 409
    assert "đã đổi sau khi bạn mở trang" in words_of(stale.text)
    assert f"{at}/pages/1.png" in stale.text


def test_a_sheet_sent_back_without_a_file_is_told_so(portal: Portal, visit: Visit) -> None:
    at = f"/reports/{duties(portal, 'passport_signing', day=8)['Tram']}"
    clerk = visit("station_clerk")
    clerk.page(at)
    answer = clerk.post(f"{at}/template", {})
    assert answer.status_code == 422
    assert "Chưa chọn tệp" in words_of(answer.text)


def test_an_explanation_being_typed_outlives_the_saving_of_a_cell(portal: Portal, visit: Visit) -> None:
    at = f"/reports/{duties(portal, 'passport_signing', day=5)['Tram']}"
    clerk = visit("station_clerk")
    clerk.page(at)
    part = {"HX-Request": "true", "HX-Target": "", "X-CSRFToken": clerk.token}
    broken = {"f-done": "12", "w-done": "", "f-entered": "11", "w-entered": ""}
    assert 'name="r-entered_same_day"' in clerk.post(f"{at}/cells", broken, headers=part).text
    next_cell = {"f-signed": "11", "w-signed": "", "r-entered_same_day": ""}
    answer = clerk.post(f"{at}/cells", next_cell, headers=part)
    assert answer.status_code == 200
    assert "r-entered_same_day" not in answer.text
    gone = clerk.post(f"{at}/cells", {"f-entered": "12", "w-entered": "11", "r-entered_same_day": ""}, headers=part)
    assert 'id="e-entered" hx-swap-oob' in gone.text


def test_who_has_no_part_in_a_report_does_not_learn_of_it(portal: Portal, visit: Visit) -> None:
    of = duties(portal, "cleaning_progress")
    for stranger in ("foreign_station_head", "reporter"):
        browser = visit(stranger)
        for path in ("", "/receipt", "/leave"):
            assert browser.get(f"/reports/{of['Tram']}{path}").status_code == 404, (stranger, path)
        assert browser.post(f"/reports/{of['Tram']}/cells", {"f-note": "x"}).status_code == 404
    reader = visit("auditor")
    page = reader.page(f"/reports/{of['Tram']}")
    assert "data-cell" not in page
    assert reader.post(f"/reports/{of['Tram']}/cells", {"f-note": "x"}).status_code == 403
    assert visit("village_head").get("/reports").status_code == 403


def test_a_leave_is_asked_and_granted_on_pages(portal: Portal, visit: Visit) -> None:
    of = duties(portal, "population_by_age")["Tram"]
    clerk, above = visit("station_clerk"), visit("supervisor")
    clerk.page(f"/reports/{of}/leave")
    day = f"{today().replace(year=today().year + 1):%d/%m/%Y}"
    refused = clerk.post(f"/reports/{of}/leave", {"wished_day": day, "wished_hour": "17", "reason": ""})
    assert refused.status_code == 422
    assert day in refused.text
    assert (
        clerk.post(f"/reports/{of}/leave", {"wished_day": day, "wished_hour": "17", "reason": "Lũ"}).status_code
        == 303
    )
    assert "Lũ" in words_of(above.page(f"/reports/{of}"))
    above.page(f"/reports/{of}/leave/answer")
    fields = {"new_day": day, "new_hour": "17:00", "document": "15/UBND", "decision": "grant"}
    assert above.post(f"/reports/{of}/leave/answer", fields).status_code == 303
    assert "trước là" in words_of(clerk.page(f"/reports/{of}"))


def test_a_rule_s_reason_stands_once_beside_its_cell(portal: Portal, visit: Visit) -> None:
    at = f"/reports/{duties(portal, 'passport_signing', day=11)['Tram']}"
    clerk = visit("station_clerk")
    clerk.page(at)
    answer = clerk.post(f"{at}/hand", {"f-done": "1", "f-entered": "2", "f-signed": "2", "f-backlog": "0"})
    assert answer.status_code == 422
    beside = answer.text[answer.text.index('id="s-entered"') :].split("</div>", 1)[0]
    assert beside.count("không thể nhiều hơn số mũi đã tiêm") == 1


def test_a_form_s_words_are_english_on_an_english_page(portal: Portal, visit: Visit) -> None:
    at = f"/reports/{duties(portal, 'un_entered_doses', day=12)['Tram']}"
    clerk = visit("station_clerk")
    clerk.page(at)
    clerk.post("/language", {"language": "en", "next": at})
    page = clerk.page(at)
    clerk.post("/language", {"language": "vi", "next": at})
    assert "Doses not entered into the system" in page
    assert "Left the locality (group 2)" in page
    assert "Số mũi tiêm" not in page


def test_a_report_handed_on_too_early_keeps_what_was_typed(portal: Portal, visit: Visit) -> None:
    of = duties(portal, "passport_signing", day=13)["Tram"]
    with portal.app.app_context():
        duty = db.session.get_one(ReportDuty, of)
        duty.period.as_of = today() + timedelta(days=13)
        db.session.commit()
    clerk = visit("station_clerk")
    clerk.page(f"/reports/{of}")
    answer = clerk.post(f"/reports/{of}/hand", {"f-done": "7", "f-entered": "7", "f-signed": "7", "f-backlog": "0"})
    assert answer.status_code == 422
    assert "hôm nay chưa đến ngày đó" in words_of(answer.text)
    assert 'name="f-done" value="7"' in clerk.page(f"/reports/{of}")


def test_the_children_of_a_total_come_in_pages_and_the_top_is_offered_no_leave(portal: Portal, visit: Visit) -> None:
    top = duties(portal, "passport_signing", day=14)["So Y Te"]
    above = visit("supervisor")
    page = above.page(f"/reports/{top}")
    assert "/leave" not in page
    assert 'class="row-link"' in page
    assert 'class="row-link"' not in above.page(f"/reports/{top}?page=2")
