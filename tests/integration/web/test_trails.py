import re

import pytest
from sqlalchemy import select

from portal.clock import now
from portal.domain.events import EventTag
from portal.domain.stages import Party
from portal.evidence.checkpoints import Verifier, read_checkpoint
from portal.models import CorrectionList, Event, db
from portal.services.authority import trusted_roots
from portal.services.context import ground
from portal.verification.files import verify_file
from portal.verification.verdicts import Word
from tests.integration.scene import Scene
from tests.integration.web.visitor import LONG_NUMBER, words_of


@pytest.fixture(scope="module")
def long_way(scene: Scene):  # type: ignore[no-untyped-def]
    """A list of 30 people at the police: more than one page of events."""
    list_id = scene.make_list(30)
    scene.bring_to(Party.POLICE, list_id)
    return list_id


def test_the_auditor_reads_route_records_and_events_of_a_list(long_way, visit) -> None:
    page = visit("auditor").page(f"/lists/{long_way}/trail")
    words = words_of(page)
    for expected in (
        "Đường đi và thời gian giữ",
        "Hợp lệ: 2 chữ ký và dấu của cổng",
        "Lập bản xem trước",
        "đang giữ",
    ):
        assert expected in words
    assert not LONG_NUMBER.search(page)


def test_events_stand_in_either_order(long_way, visit) -> None:
    visitor = visit("supervisor")
    oldest, newest = (visitor.page(f"/lists/{long_way}/trail{more}") for more in ("", "?order=newest"))
    events = re.compile(r'<div class="timeline-what">\s*<strong>([^<]+)')
    first, last = events.findall(oldest), events.findall(newest)
    assert len(first) == len(last) < 50
    assert first[0].startswith("Lập bản xem trước biên bản")
    assert last[0].startswith("Ký nhận biên bản")


def test_no_more_than_fifty_events_stand_on_a_page(scene: Scene, visit) -> None:
    list_id = scene.make_list(60)
    scene.bring_to(Party.POLICE, list_id)
    visitor = visit("supervisor")
    counted = [visitor.page(f"/lists/{list_id}/trail?page={n}").count('class="timeline-what"') for n in (1, 2, 3)]
    assert counted[0] == 50
    assert 0 < counted[1] < 50
    assert counted[2] == 0


def test_reading_the_trail_is_shown_only_on_demand(long_way, visit) -> None:
    visitor = visit("auditor")
    visitor.page(f"/lists/{long_way}/trail")
    assert "Xem hồ sơ" not in words_of(visitor.page(f"/lists/{long_way}/trail"))
    assert "Xem hồ sơ" in words_of(visitor.page(f"/lists/{long_way}/trail?reads=1"))


def test_the_trail_is_downloaded_as_an_attachment_with_a_plain_name(long_way, visit) -> None:
    answer = visit("auditor").get(f"/lists/{long_way}/trail.pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")


def test_the_batch_has_its_trail_for_station_and_oversight_alone(long_way, visit) -> None:
    batch_id = db.session.scalar(select(CorrectionList.batch_id).where(CorrectionList.id == long_way))
    assert visit("station_clerk").get(f"/batches/{batch_id}/trail").status_code == 200
    assert visit("auditor").get(f"/batches/{batch_id}/trail.pdf").mimetype == "application/pdf"
    assert visit("village_head").get(f"/batches/{batch_id}/trail").status_code == 404


@pytest.mark.parametrize(
    ("name", "status"), [("foreign_station_head", 404), ("other_village_head", 404), ("administrator", 403)]
)
def test_strangers_do_not_learn_of_a_trail(long_way, visit, name, status) -> None:
    visitor = visit(name)
    for path in (f"/lists/{long_way}/trail", f"/lists/{long_way}/trail.pdf"):
        assert visitor.get(path).status_code == status
    read = select(Event.user_id).where(Event.list_id == long_way, Event.tag == EventTag.TRAIL_READ.value)
    assert name not in set(db.session.scalars(read))


def test_a_party_keeps_the_newest_head_and_takes_the_evidence_with_it(long_way, visit) -> None:
    auditor = visit("auditor")
    address = f"/lists/{long_way}/trail"
    auditor.page(address)
    taken = auditor.post(f"/lists/{long_way}/evidence", {})
    assert taken.status_code == 200
    verdict = verify_file(taken.data, trusted_roots(ground().settings), now=now())
    assert verdict.verdict is Word.GENUINE, verdict.lines
    assert "Tải điểm neo mới nhất" in auditor.page(address)
    head = auditor.get("/log/checkpoint")
    assert read_checkpoint(head.text, Verifier.read(auditor.get("/log/public-key").text)).size > 0
    exported = select(Event).where(Event.list_id == long_way, Event.tag == EventTag.LIST_EXPORTED.value)
    kinds = [each.payload["kind"] for each in db.session.scalars(exported)]
    assert [kind for kind in kinds if kind != "trail"] == ["evidence"]


@pytest.mark.parametrize(
    ("who", "status"), [("supervisor", 403), ("other_village_head", 404), ("administrator", 403)]
)
def test_only_who_may_read_the_papers_takes_the_evidence(long_way, visit, who: str, status: int) -> None:
    visitor = visit(who)
    visitor.page("/account")
    assert visitor.post(f"/lists/{long_way}/evidence", {}).status_code == status
