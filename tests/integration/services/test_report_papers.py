"""The province's consolidated report of Bắc Giang's form: districts, communes, the zone board; signed as records are."""

import threading
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from sqlalchemy import select, text

from portal.clock import now, today
from portal.documents.pictures import printed_text
from portal.domain.errors import NotFound, NotPermitted, StaleVersion, WrongStage
from portal.domain.permissions import Role
from portal.models import ReportDuty, ReportPeriod, Unit, db
from portal.queries import reports as queries
from portal.services import certificates, report_books, report_papers, report_periods, reports
from portal.services.authority import trusted_roots
from portal.services.context import ground
from portal.services.report_periods import Opening
from portal.services.report_sheets import sheet
from portal.signatures.authority import create_authority, issue_person
from portal.signatures.hands import KeyHand
from portal.signatures.keys import open_key
from portal.verification.files import verify_pdf
from tests.integration.scene import PASSPHRASE, Scene


def counts(form: report_periods.Form, **given: str) -> dict[str, str]:
    return {each.key: "0" for each in form.fields if each.counts} | given


def pages(scene: Scene, who: str, of: UUID) -> str:
    db.session.rollback()
    paper = report_papers.paper_of(scene.actors[who], of)
    assert paper is not None
    return paper.pdf_sha256


def sign(scene: Scene, who: str, of: UUID) -> None:
    report_papers.draw(scene.actors[who], of)
    report_papers.sign(scene.actors[who], of, PASSPHRASE, shown=pages(scene, who, of))


def passports(scene: Scene, day: int) -> tuple[UUID, UUID]:
    """A period of signing passports opened ``day`` days ahead, one or more: today's is due at 20:00."""
    opening = Opening(today() + timedelta(days=day))
    period = report_periods.open_periods(scene.actors["supervisor"], "passport_signing", opening)[0]
    # The day has come, the due moment has not.
    db.session.get_one(ReportPeriod, period).as_of = today() - timedelta(days=day)
    db.session.commit()
    found = select(ReportDuty.id).where(ReportDuty.period_id == period)
    tram, top = (scene.units[name].id for name in ("tram", "so_y_te"))
    return (
        db.session.scalars(found.where(ReportDuty.unit_id == tram)).one(),
        db.session.scalars(found.where(ReportDuty.unit_id == top)).one(),
    )


def send(scene: Scene, of: UUID, figure: str) -> None:
    clerk, head = scene.actors["station_clerk"], scene.actors["station_head"]
    reports.fill(clerk, of, {"done": figure, "entered": figure, "signed": figure, "backlog": "0"})
    reports.hand_to_leader(clerk, of)
    waiting = queries.latest_of(of)
    assert waiting is not None
    reports.sign_off(head, of, shown=waiting.values_sha256)


def test_communes_report_to_the_district_and_all_to_the_province_by_signed_papers(scene: Scene) -> None:
    scene.unit("huyen", "district", "tinh")
    scene.unit("xa_huyen", "commune", "huyen")
    scene.unit("tram_huyen", "health_station", "xa_huyen", "xa_huyen", "TYT")
    scene.unit("phong_y_te", "supervisor_office", "huyen", "huyen", "PYT")
    people = (
        ("clerk_of_commune", "tram_huyen", Role.STATION, False), ("head_of_commune", "tram_huyen", Role.STATION, True),
        ("clerk_of_district", "phong_y_te", Role.SUPERVISOR, False), ("head_of_district", "phong_y_te", Role.SUPERVISOR, True),
        ("head_of_province", "so_y_te", Role.SUPERVISOR, True), ("zone_clerk", "khu_cong_nghiep", Role.REPORTER, False),
    )  # fmt: skip
    for name, unit, role, signs in people:
        scene.person(name, unit, role, signs=signs)
    db.session.commit()
    opening = Opening(today() - timedelta(days=1), document="Công văn số 12/UBND-KGVX ngày 10/3/2023")
    period = report_periods.open_periods(scene.actors["supervisor"], "un_entered_doses", opening)[0]
    rows = db.session.execute(select(Unit.name, ReportDuty).join(Unit, ReportDuty.unit_id == Unit.id).where(ReportDuty.period_id == period))  # fmt: skip
    duties: dict[str, ReportDuty] = {row[0]: row[1] for row in rows}
    top, district, commune = (duties[name].id for name in ("So Y Te", "Phong Y Te", "Tram Huyen"))
    assert duties["Tram Huyen"].parent_id == district
    assert {duties[name].parent_id for name in ("Phong Y Te", "Khu Cong Nghiep", "Tram")} == {top}
    zone = duties["Khu Cong Nghiep"].id
    form = sheet(scene.actors["supervisor"], top).form

    said = counts(form, done="1000", entered="900", n1_doses="60", n1_persons="30", n7_doses="40", n7_persons="7")
    reports.fill(scene.actors["clerk_of_commune"], commune, said | {"other_detail": "Lao động xa nhà"})
    reports.hand_to_leader(scene.actors["clerk_of_commune"], commune)
    with pytest.raises(WrongStage, match="PDF"):
        reports.sign_off(scene.actors["head_of_commune"], commune, shown="")
    with pytest.raises(NotPermitted):
        report_papers.draw(scene.actors["clerk_of_commune"], commune)
    report_papers.draw(scene.actors["head_of_commune"], commune)
    with pytest.raises(StaleVersion):
        report_papers.sign(scene.actors["head_of_commune"], commune, PASSPHRASE, shown="0" * 64)
    sign(scene, "head_of_commune", commune)
    found = queries.latest_of(commune)
    assert found is not None
    assert (found.status, len(found.receipt_code)) == ("sent", 10)
    assert sheet(scene.actors["clerk_of_district"], district).total.missing == ("Tram Huyen",)  # type: ignore[union-attr]
    reports.accept(scene.actors["clerk_of_district"], commune)

    for clerk, head, of in (("clerk_of_district", "head_of_district", district), ("zone_clerk", "reporter", zone)):
        if of == zone:
            reports.fill(
                scene.actors[clerk], of, counts(form, done="70", entered="50", n2_doses="20", n2_persons="11")
            )
        else:
            reports.fill(
                scene.actors[clerk], of, {"other_detail": "Lao động xa nhà", "directing": "Họp giao ban hằng tuần"}
            )
        reports.hand_to_leader(scene.actors[clerk], of)
        sign(scene, head, of)
        reports.accept(scene.actors["supervisor"], of)
    total = sheet(scene.actors["supervisor"], top).total
    assert total is not None
    assert (total.values["done"], total.values["n1_persons"], total.values["n2_persons"]) == (1070, 30, 11)
    assert set(total.missing) == {"Tram", "Tram Khac"}

    reports.fill(scene.actors["supervisor"], top, {"other_detail": "Lao động xa nhà"})
    reports.hand_to_leader(scene.actors["supervisor"], top)
    sign(scene, "head_of_province", top)
    name, data = report_papers.download(scene.actors["auditor"], top)
    assert name == f"01-BC-{today().year}.pdf"
    told = verify_pdf(data, trusted_roots(ground().settings), now=report_periods.now())
    assert told.verdict == "genuine", told.lines
    assert [each.field for each in told.signatures] == ["seal", "giver"]
    words = " ".join(printed_text(data, most_pages=9).split())
    for expected in (
        "BÁO CÁO",
        "1.070",
        "Chưa có trong tổng (2 đơn vị)",
        "Công văn số 12/UBND-KGVX",
        "PHỤ LỤC",
        "Phong Y Te",
    ):
        assert expected in words, expected
    assert data.startswith(b"%PDF-")
    assert report_papers.picture(scene.actors["auditor"], top, 1).startswith(b"\x89PNG")
    with pytest.raises(NotFound):
        report_papers.download(scene.actors["foreign_station_head"], top)
    with pytest.raises(StaleVersion):
        report_papers.sign(scene.actors["head_of_province"], top, PASSPHRASE, shown=pages(scene, "auditor", top))
    (ground().settings.home / "tong.pdf").write_bytes(data)


def test_a_paper_being_signed_is_not_drawn_over(scene: Scene) -> None:
    of, _top = passports(scene, 2)
    send(scene, of, "1")
    report_papers.draw(scene.actors["station_head"], of)
    before = pages(scene, "station_head", of)
    app, head = scene.app, scene.actors["station_head"]
    assert app is not None

    def draw() -> None:
        with app.app_context():
            report_papers.draw(head, of)

    again = threading.Thread(target=draw)
    with (
        db.engine.connect() as signing,
        db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as looking,
    ):
        signing.execute(text("SELECT FROM report_duty WHERE id = :id FOR UPDATE"), {"id": of})
        again.start()
        waits = text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        while again.is_alive() and not looking.scalar(waits):
            again.join(0.02)
        signing.execute(text("UPDATE report_paper SET signed_at = now() WHERE pdf_sha256 = :sha"), {"sha": before})
        signing.commit()
    again.join()
    assert pages(scene, "station_head", of) == before


def test_a_total_whose_parts_have_changed_is_not_drawn_with_rows_that_do_not_add_up(scene: Scene) -> None:
    scene.person("leader_above", "so_y_te", Role.SUPERVISOR, signs=True)
    db.session.commit()
    of, top = passports(scene, 1)
    clerk, leader = scene.actors["station_clerk"], scene.actors["leader_above"]
    send(scene, of, "4")
    reports.hand_to_leader(scene.actors["supervisor"], top)
    waiting = queries.latest_of(top)
    assert waiting is not None
    reports.sign_off(leader, top, shown=waiting.values_sha256)
    reports.restate(clerk, of, "Đếm sót")
    send(scene, of, "5")
    db.session.rollback()
    with pytest.raises(WrongStage, match="lập bản đính chính"):
        report_papers.draw(leader, top)
    assert "đã thay đổi so với bản này" in " ".join(report_books.book_of(leader, sheet(leader, top)).footer)
    reports.restate(scene.actors["supervisor"], top, "Trạm đính chính")
    reports.hand_to_leader(scene.actors["supervisor"], top)
    waiting = queries.latest_of(top)
    assert waiting is not None
    reports.sign_off(leader, top, shown=waiting.values_sha256)
    report_papers.draw(leader, top)


def test_a_paper_signed_with_a_confirmed_certificate_of_another_authority_is_genuine(
    scene: Scene, tmp_path: Path, rsa_key: rsa.RSAPrivateKey
) -> None:
    """Such a certificate names no unit of ours: the sealed data name the certificate."""
    other = create_authority(tmp_path / "outside", name="Ngoài", now=now(), key=rsa_key)
    head = scene.actors["station_head"]
    issued = issue_person(
        other, person_name="Station Head", position="", unit_name="Trạm ngoài", unit_code="", user_ref="token-2",
        passphrase=PASSPHRASE, now=now(), key=rsa_key,
    )  # fmt: skip
    anchors = ground().settings.anchors_folder
    anchors.mkdir(exist_ok=True)
    (anchors / "ngoai.pem").write_bytes(other.certificate_pem)
    certificates.confirm(scene.actors["administrator"], certificates.propose(head, issued.certificate_der))
    of, _ = passports(scene, 3)
    send(scene, of, "1")
    report_papers.draw(head, of)
    hand = KeyHand(open_key(issued.p12, PASSPHRASE))
    report_papers.sign(head, of, hand, shown=pages(scene, "station_head", of))
    told = verify_pdf(report_papers.download(head, of)[1], trusted_roots(ground().settings), now=now())
    assert told.verdict == "genuine", told.lines
