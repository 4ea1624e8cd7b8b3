"""The evidence package of a list: every record in order, for archive and verifier, with its reports."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from defusedxml import ElementTree

from portal.clock import now
from portal.domain.errors import InvalidInput
from portal.domain.stages import Leg
from portal.models import CorrectionList, db
from portal.services import evidence_packages
from portal.services.authority import trusted_roots
from portal.services.context import ground
from portal.services.evidence_packages import batch_package, list_package
from portal.verification.files import verify_file
from portal.verification.verdicts import Word
from tests.integration.scene import Scene


def test_a_list_s_package_has_records_in_order_with_descriptions_and_reports(scene: Scene) -> None:
    of_list = scene.make_list(2)
    scene.sign_over("station_head", of_list, Leg.STATION_TO_VILLAGE)
    name, data = list_package(scene.actors["station_head"], of_list)
    assert name.endswith(".asice")
    assert verify_file(data, trusted_roots(ground().settings), now=now()).verdict is Word.GENUINE
    with ZipFile(BytesIO(data)) as package:
        inside = {each: package.read(each) for each in package.namelist()}
    (stem,) = [
        each[len("bien-ban/") : -4] for each in inside if each.startswith("bien-ban/") and each.endswith(".pdf")
    ]
    assert stem.startswith("01-")
    description = ElementTree.fromstring(inside[f"bien-ban/{stem}.xml"])
    assert (description.findtext("so_nguoi"), description.findtext("ngon_ngu")) == ("2", "vi")
    assert {each for each in inside if each.startswith("bao-cao/")} == {
        f"bao-cao/{stem}-{field}.xml" for field in ("seal", "giver")
    }
    report = inside[f"bao-cao/{stem}-giver.xml"].decode()
    assert "http://uri.etsi.org/19102/v1.2.1#" in report
    assert "mainindication:" in report
    readme = inside["DOC-TRUOC.txt"].decode()
    for part in ("bien-ban/", "bao-cao/", "nhat-ky/", "tin-cay/", "roots.pem"):
        assert part in readme


def test_a_batch_of_more_records_than_a_package_takes_is_refused_before_any_is_read(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_list = scene.make_list(2)
    scene.sign_over("station_head", of_list, Leg.STATION_TO_VILLAGE)
    batch, actor = db.session.get_one(CorrectionList, of_list).batch_id, scene.actors["station_head"]
    monkeypatch.setattr(evidence_packages, "MOST_RECORDS", 0)
    with pytest.raises(InvalidInput, match="tải gói của danh sách"):
        batch_package(actor, batch)
    monkeypatch.undo()
    assert batch_package(actor, batch)[0].endswith(".asice")
