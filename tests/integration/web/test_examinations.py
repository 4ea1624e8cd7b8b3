"""The pages of the auditor's room."""

import re

import pytest

from portal.domain.stages import Leg
from portal.services import examinations
from tests.integration.scene import Scene
from tests.integration.web.visitor import words_of


def test_the_auditor_begins_follows_and_reads_an_examination(scene: Scene, visit) -> None:
    scene.sign_over("station_head", scene.make_list(1), Leg.STATION_TO_VILLAGE)
    auditor = visit("auditor")
    assert "Chưa có lần kiểm tra nào" in words_of(auditor.page("/examinations"))
    begun = auditor.post("/examinations", {})
    assert begun.status_code == 303
    address = begun.headers["Location"]
    page = auditor.page(address)
    assert 'role="progressbar"' in page
    assert "hx-get" in page
    from uuid import UUID

    examinations.work_off(UUID(address.rpartition("/")[2]))
    page = auditor.page(address)
    assert re.search(r"Đã kiểm tra \d+ biên bản: \d+ hợp lệ, 0 chưa xác định, 0 không hợp lệ", words_of(page))
    assert "hx-get" not in re.sub(r"(?s)<form.*?</form>", "", page).partition("examination-progress")[2][:200]
    seals = auditor.page(f"{address}?view=batches")
    assert "seal-genuine" in seals


@pytest.mark.parametrize("who", ["station_head", "supervisor", "coordinator", "administrator"])
def test_nobody_else_has_the_room(visit, who: str) -> None:
    assert visit(who).get("/examinations").status_code == 403
