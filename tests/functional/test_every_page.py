"""Every page that a role reaches: WCAG 2.2 AA by axe, no sideways scrolling on a phone, nothing in the console.

Addresses are not listed here: they are the application's own table of routes, filled with lists at every stage. Pages
built of the same elements are examined once.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Error
from sqlalchemy import select
from werkzeug.routing import Rule

from portal.clock import today
from portal.domain.permissions import Role
from portal.domain.registers import RegisterKind
from portal.domain.stages import Leg, Party
from portal.domain.verdicts import Verdict
from portal.models import (
    Batch,
    CorrectionList,
    DuplicatePair,
    Entry,
    Handover,
    ImportFile,
    Membership,
    PaperSheet,
    ReportDuty,
    ReportPeriod,
    Unit,
    User,
    db,
)
from portal.queries import reports as queries_of_reports
from portal.services import (
    duplicate_search,
    examinations,
    handovers,
    imports,
    registers,
    report_periods,
    reports,
    review_sheets,
)
from portal.services.bulk import acts
from portal.services.bulk import entries as bulk
from portal.services.entries import Conclusion
from portal.services.report_periods import Opening
from portal.settings import CHECKOUT
from portal.signatures.authority import SEAL_NAME
from portal.web.wording import COOKIE
from tests.functional import workbooks
from tests.functional.conftest import Site
from tests.functional.reading import english_words, vietnamese_words, words_of
from tests.functional.window import OFFICE, PHONE, Window
from tests.integration.scene import Scene
from tests.integration.web.test_access import SIGNED_IN

AXE = CHECKOUT / "node_modules" / "axe-core" / "axe.min.js"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_RUN = """async (tags) => {
  const found = await axe.run(document, {runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]});
  return found.violations.map((each) => each.id + ": " + each.nodes.map((node) => node.html).slice(0, 3).join(" | "));
}"""
FILES = (".pdf", ".png", ".xlsx")


@dataclass
class World:
    """What the addresses of pages are made of."""

    lists: list[UUID]
    batches: list[UUID]
    handovers: list[UUID]
    uploads: list[UUID]
    users: list[UUID]
    units: list[int]
    acts: list[UUID]
    examinations: list[UUID]
    pairs: list[UUID]
    duties: list[UUID]
    sheets: list[str]
    registers: list[UUID]

    def values(self, argument: str) -> list[object]:
        """Everything that may stand in an address for this argument."""
        return {
            "list_id": [*self.lists], "batch_id": [*self.batches], "handover_id": [*self.handovers],
            "upload_id": [*self.uploads], "act_id": [*self.acts], "user_id": [*self.users], "account_id": [*self.users],
            "unit_id": [*self.units], "number": [1], "page": [1], "draft_id": [], "code": ["ABCD-EFGH"],
            "examination_id": [*self.examinations],
            "pair_id": [*self.pairs],
            "sheet": [*self.sheets],
            "duty_id": [*self.duties],
            "reader_id": [*self.users],
            "register_id": [*self.registers],
            "ticket_id": [],
            "token": [],
            "digest": [],
            "mark": [],
            "filename": [],
            "name": [],
        }[argument]  # fmt: skip


@pytest.fixture(scope="module")
def world(session_site: Site, tmp_path_factory: pytest.TempPathFactory) -> World:
    """Lists at every stage, each with its records; a batch with parked rows; a refused upload."""
    folder = tmp_path_factory.mktemp("tep")
    with session_site.behind() as scene:
        lists = {
            name: scene.make_list(2) for name in ("drafted", "to_village", "at_village", "to_police", "at_police")
        }
        lists["unknown"] = scene.make_list(1, village=None)
        lists |= {name: scene.make_list(2) for name in ("at_station", "closed", "previewed")}
        scene.sign_over("station_head", lists["to_village"], Leg.STATION_TO_VILLAGE)
        for name in ("at_village", "to_police", "previewed"):
            scene.bring_to(Party.VILLAGE, lists[name])
        for name in ("to_police", "previewed"):
            scene.conclude_all("village_head", lists[name], Verdict.ALREADY_RIGHT)
        scene.sign_over("village_head", lists["to_police"], Leg.VILLAGE_TO_POLICE)
        handovers.prepare_record(scene.actors["village_head"], lists["previewed"], Leg.VILLAGE_TO_POLICE)
        scene.bring_to(Party.POLICE, lists["at_police"])
        for name in ("at_station", "closed"):
            scene.bring_to(Party.STATION, lists[name])
        scene.conclude_all("station_head", lists["closed"], Verdict.CONFIRMED)
        scene.sign_over("station_head", lists["closed"], None)
        _uploads(scene.actors["station_head"], folder)
        done = _bulk_acts(scene, lists["at_village"])
        return World(
            lists=list(lists.values()),
            batches=list(db.session.scalars(select(Batch.id).order_by(Batch.created_at.desc()).limit(2))),
            handovers=list(db.session.scalars(select(Handover.id).where(Handover.list_id.in_(lists.values())))),
            uploads=list(db.session.scalars(select(ImportFile.id).order_by(ImportFile.created_at.desc()).limit(3))),
            users=[scene.actors["auditor"].user_id],
            units=[scene.units["tram"].id],
            acts=done,
            examinations=[_examined(scene)],
            pairs=_pairs(scene),
            duties=_reports(scene),
            sheets=_sheets(scene, lists["at_village"]),
            registers=[registers.begin(scene.actors["station_clerk"], kind, today()) for kind in RegisterKind],
        )


def _pairs(scene: Scene) -> list[UUID]:
    """One pair within the commune, one with another commune's person."""
    person = {"full_name": "Sa Văn Muôn", "birth_date": "21/03/1957", "sex": "nam", "id_number": "015057990321"}
    made = [
        scene.make_list(persons=[person, {**person, "full_name": "Sa Van Muon", "id_number": ""}]),
        scene.make_list(persons=[person], village="to_cong_tac_c", station="tram_khac"),
    ]
    for list_id in made:
        duplicate_search.search(scene.batch_of(list_id))
    ids = select(Entry.id).where(Entry.list_id.in_(made))
    return list(db.session.scalars(select(DuplicatePair.id).where(DuplicatePair.one_entry_id.in_(ids))))


def _sheets(scene: Scene, at_village: UUID) -> list[str]:
    """The one printed sheet of a list in the village's hands."""
    review_sheets.print_sheets(scene.actors["village_head"], at_village, twice=True)
    return list(db.session.scalars(select(PaperSheet.code).where(PaperSheet.list_id == at_village)))


def _examined(scene: Scene) -> UUID:
    """All records of the territory judged, as the auditor has it done."""
    made = examinations.start(scene.actors["auditor"])
    examinations.work_off(made)
    return made


def _reports(scene: Scene) -> list[UUID]:
    """Duties of every form, one report sent late, one handed to the leader with an explanation."""
    above, clerk, head = (scene.actors[name] for name in ("supervisor", "station_clerk", "station_head"))
    found: list[UUID] = []
    for form in report_periods.forms():
        period = report_periods.open_periods(above, form, Opening(today() + timedelta(days=1)))[0]
        # The day has come, the due moment has not, whatever the hour.
        db.session.get_one(ReportPeriod, period).as_of = today()
        db.session.commit()
        places = [scene.units["so_y_te"].id, scene.units["tram"].id]
        owed = select(ReportDuty.id).where(ReportDuty.period_id == period, ReportDuty.unit_id.in_(places))
        found += db.session.scalars(owed.order_by(ReportDuty.gathers.desc()))
        if form in {"passport_signing", "cleaning_progress"}:
            reports.fill(clerk, found[-1], dict.fromkeys(("done", "entered", "signed", "backlog"), "1"))
            reports.hand_to_leader(clerk, found[-1])
        if form == "passport_signing":
            sent = queries_of_reports.latest_of(found[-1])
            assert sent is not None
            reports.sign_off(head, found[-1], shown=sent.values_sha256)
    return found


def _bulk_acts(scene: Scene, at_village: UUID) -> list[UUID]:
    """One with a refusal, and its taking back."""
    village = scene.actors["village_head"]
    made = bulk.conclude_ticked(village, at_village, {1: 1, 2: 7}, Conclusion(Verdict.ALREADY_RIGHT))
    return [made, acts.undo(village, made)]


def _uploads(station: object, folder: Path) -> None:
    rows = (workbooks.LOST_ZERO, workbooks.WRONG_SEX, workbooks.NO_NAME)
    for mark in ("chưa nhận", "đã nhận"):
        data = workbooks.station_export(folder / "tep.xlsx", *rows, mark=f"trang {mark}").read_bytes()
        upload = imports.upload_workbook(station, "tep.xlsx", data)  # type: ignore[arg-type]
    imports.confirm_import(station, upload, due_at=None)  # type: ignore[arg-type]
    imports.upload_workbook(station, "hong.xlsx", b"khong phai so tinh")  # type: ignore[arg-type]


def addresses(site: Site, world: World) -> Iterator[str]:
    """Every address of a page, made of the routes and the world."""
    adapter = site.app.url_map.bind("localhost")
    for rule in site.app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.rule.endswith(FILES):
            for values in _fillings(rule, world):
                yield adapter.build(rule.endpoint, values)
    yield from (f"/lists/{each}?part=edit" for each in world.lists)
    yield from ("/lists?state=all", "/khong-co-trang-nay")


def _fillings(rule: Rule, world: World) -> list[dict[str, object]]:
    filled: list[dict[str, object]] = [{}]
    for argument in sorted(rule.arguments):
        filled = [{**one, argument: value} for one in filled for value in world.values(argument)]
    return filled


_ID = re.compile(r"<[^>]*\sid=\"([^\"]+)\"")
_TAG = re.compile(r"<(\w+)((?:[^<>\"]|\"[^\"]*\")*)>")
_KIND = re.compile(r"\b(class|role|type|scope|aria-current|disabled)\b(?:=\"[^\"]*\")?")


def skeleton(html: str) -> frozenset[tuple[str, ...]]:
    """Which elements of which class, role and type a page is built of."""
    return frozenset((tag, *(kind.group() for kind in _KIND.finditer(rest))) for tag, rest in _TAG.findall(html))


seen: set[frozenset[tuple[str, ...]]] = set()
met: set[str] = set()
"""Texts that stood on a page already read in both languages; a page of such texts alone needs no second reading."""


@pytest.fixture(scope="module")
def names(session_site: Site, world: World) -> re.Pattern[str]:
    """Names of people, units, places: they stand on a page in any language as they are."""
    with session_site.behind():
        found = {*db.session.scalars(select(Unit.name)), *db.session.scalars(select(Unit.place_name))}
        found |= {*db.session.scalars(select(User.full_name)), *db.session.scalars(select(Membership.position))}
        found |= {*db.session.scalars(select(CorrectionList.name)), *db.session.scalars(select(CorrectionList.code))}
        found |= {*db.session.scalars(select(Batch.code)), SEAL_NAME, "Cổng thử nghiệm"}
        found |= {each.get("full_name", "") for each in db.session.scalars(select(Entry.recorded))}
    return re.compile("|".join(re.escape(name) for name in sorted(found - {""}, key=len, reverse=True)))


@pytest.mark.parametrize("role", list(Role))
def test_moi_trang_cua_mot_vai_tro(
    site: Site, world: World, names: re.Pattern[str], window: Callable[..., Window], role: Role
) -> None:
    is_village = role is Role.VILLAGE
    visitor, english = window(SIGNED_IN[role], phone=is_village), window(SIGNED_IN[role])
    english.context.add_cookies([{"name": COOKIE, "value": "en", "url": site.address}])
    with site.behind():
        people = frozenset(db.session.scalars(select(User.full_name)))
    wrong: dict[str, object] = {}
    reached = 0
    for address in dict.fromkeys(addresses(site, world)):
        answer = visitor.context.request.get(address, max_redirects=0)
        if not answer.headers.get("content-type", "").startswith("text/html") or answer.status in {302, 303}:
            continue
        page = answer.text()
        if twice := repeated_ids(page):
            wrong[address] = twice
        if foreign := [*english_words(page, people), *untranslated(english, address, page, names)]:
            wrong[address] = foreign
        if answer.status == 403:
            continue
        reached += 1
        shape = skeleton(page)
        if shape in seen:
            continue
        seen.add(shape)
        faults = examine(visitor, address, PHONE if is_village else OFFICE)
        if answer.status >= 500 or faults:
            wrong[address] = faults or answer.status
    assert wrong == {}
    assert reached > 5


def repeated_ids(page: str) -> list[str]:
    """Identities that stand at more than one element: a label would name the wrong one."""
    return [f"id {each} stands {n} times" for each, n in Counter(_ID.findall(page)).items() if n > 1]


def untranslated(english: Window, address: str, page: str, names: re.Pattern[str]) -> list[str]:
    """Vietnamese words left where the same page is read in English; asked for only if it says something new."""
    said = {re.sub("[0-9]+", "0", names.sub("", text)) for text in words_of(page)} - met
    if not said:
        return []
    met.update(said)
    told = english.context.request.get(address, max_redirects=0).text()
    return vietnamese_words(told, names) if '<html lang="en">' in told else ["not in English"]


def test_trang_khi_chua_dang_nhap(window: Callable[..., Window]) -> None:
    visitor = window()
    for address in ("/sign-in", "/sign-in?expired=1", "/verify"):
        assert examine(visitor, address, OFFICE) == []


def test_phep_kiem_tra_nay_thay_duoc_loi(window: Callable[..., Window]) -> None:
    visitor = window()
    visitor.go("/verify")
    visitor.tab.evaluate("document.querySelector('main').innerHTML = '<p>rộng</p><input>'")
    visitor.tab.evaluate("document.querySelector('main p').style.minWidth = '900px'")
    faults = look(visitor, OFFICE)
    assert faults[0].startswith("label")
    assert faults[-1] == "scrolls sideways at 360 px"


def examine(visitor: Window, address: str, size: dict[str, int]) -> list[str]:
    """What is wrong with a page as the browser shows it."""
    try:
        visitor.go(address)
    except Error as error:
        return [str(error)]
    return look(visitor, size)


def look(visitor: Window, size: dict[str, int]) -> list[str]:
    """What is wrong with the page that stands in the window."""
    tab = visitor.tab
    tab.evaluate(AXE.read_text(encoding="utf-8"))
    faults: list[str] = tab.evaluate(_RUN, STANDARDS)
    tab.set_viewport_size(PHONE)  # type: ignore[arg-type]
    if visitor.scrolls_sideways():
        faults.append("scrolls sideways at 360 px")
    tab.set_viewport_size(size)  # type: ignore[arg-type]
    return faults
