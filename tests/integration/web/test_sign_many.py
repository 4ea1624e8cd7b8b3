"""The page on which many records are signed with one passphrase."""

import re

from portal.domain.stages import Leg
from portal.services import handovers
from tests.integration.scene import PASSPHRASE, Scene
from tests.integration.web.visitor import words_of

TICK = re.compile(r'name="tick" id="tick-\d+" value="([^"]+)"')


def test_ticked_records_are_signed_and_a_wrong_passphrase_keeps_the_ticks(scene: Scene, visit) -> None:
    for _ in range(2):
        handovers.prepare_record(scene.actors["station_head"], scene.make_list(1), Leg.STATION_TO_VILLAGE)
    head = visit("station_head")
    assert "Ký một lượt" in words_of(head.page("/inbox"))
    ticks = TICK.findall(head.page("/signing"))
    assert len(ticks) == 2
    wrong = head.post("/signing", {"tick": ticks, "passphrase": "không phải", "key": "một"})
    assert wrong.status_code == 422
    assert len(re.findall(r"checked", wrong.text)) == 2
    assert "Mật khẩu khóa ký không đúng" in wrong.text
    head.page("/signing")
    done = head.post("/signing", {"tick": ticks, "passphrase": PASSPHRASE, "key": "hai"})
    assert done.status_code == 303
    assert "Đã làm 2 trong 2" in words_of(head.page(done.headers["Location"]))
    assert "Không có biên bản nào đang chờ bạn ký" in words_of(head.page("/signing"))


def test_nothing_ticked_and_odd_ticks_are_told(visit) -> None:
    head = visit("station_head")
    head.page("/signing")
    for tick in ([], ["x"], ["a:b"]):
        answer = head.post("/signing", {"tick": tick, "passphrase": PASSPHRASE})
        assert answer.status_code == 422, tick
        assert "chọn" in words_of(answer.text)
