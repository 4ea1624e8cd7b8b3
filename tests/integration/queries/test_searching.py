"""Looking for people and lists: without marks, in any word order, by three digits, the same marks first, own lists only."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text, update
from sqlalchemy.dialects import postgresql

from portal.clock import now, today
from portal.domain.names import folding_key
from portal.domain.permissions import Permission
from portal.domain.stages import Party
from portal.models import CorrectionList, Entry, db
from portal.queries import lists, people
from portal.queries.entries import PeopleFilter, count_matching, entries_page
from portal.queries.inbox import inbox_page, matching
from portal.queries.inbox_tabs import tabs_of
from portal.queries.lists import ListFilter
from portal.queries.people import EVERYWHERE
from portal.queries.scope import visible_to
from portal.queries.searching import as_written, matches
from portal.services.entry_rows import insert_entries
from tests.integration.scene import Scene

NAMES = {
    "Đoàn Thị Hoa": "015185990423", "Doãn Văn Hòa": "015085990777", "Hoà Thị Đoàn": "015185990888",
    "Lò Văn Ưởng": "", "Giàng A Mường": "1234567O8", "Sùng Thị Đoan Trang": "015185990424",
}  # fmt: skip


@pytest.fixture(scope="module")
def named(scene: Scene) -> dict[str, UUID]:
    """One list of our commune that the village holds, one of the other commune, with the same six people."""
    made = {
        "ours": scene.put_before(Party.VILLAGE, 0),
        "foreign": scene.make_list(0, station="tram_khac", village="to_cong_tac_c"),
    }
    for list_id in made.values():
        of_list = db.session.get_one(CorrectionList, list_id)
        insert_entries(
            {
                "province_id": of_list.province_id, "batch_id": of_list.batch_id, "list_id": list_id, "number": n,
                "source_row": n + 3, "recorded": {"full_name": name, "id_number": digits}, "raw": {},
                "classes": ["E2"] if n % 2 else ["E3a"], "findings": [], "suggestions": {},
                "folded_name": folding_key(name), "sort_key": f"{n:03d}",
            }
            for n, (name, digits) in enumerate(NAMES.items(), start=1)
        )  # fmt: skip
        of_list.entries = len(NAMES)
    db.session.execute(update(CorrectionList).where(CorrectionList.id == made["ours"]).values(name="Bản Mường Đá"))
    db.session.commit()
    return made


def found(scene: Scene, who: str, words: str, wanted: ListFilter = EVERYWHERE, **more: Any) -> list[str]:
    page = people.people_page(scene.actors[who], words, wanted, at=now(), on=today(), **more)
    assert page.matching == len(page.rows)
    return [row.recorded["full_name"] for row in page.rows]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("doan", ["Đoàn Thị Hoa", "Doãn Văn Hòa", "Hoà Thị Đoàn", "Sùng Thị Đoan Trang"]),
        ("Đoàn", ["Đoàn Thị Hoa", "Hoà Thị Đoàn", "Doãn Văn Hòa", "Sùng Thị Đoan Trang"]),
        ("doãn", ["Doãn Văn Hòa", "Đoàn Thị Hoa", "Hoà Thị Đoàn", "Sùng Thị Đoan Trang"]),
        ("hòa", ["Doãn Văn Hòa", "Hoà Thị Đoàn", "Đoàn Thị Hoa"]),
        ("HOA doan thi", ["Đoàn Thị Hoa", "Hoà Thị Đoàn"]),
        ("uong", ["Lò Văn Ưởng"]),
        ("muong giang", ["Giàng A Mường"]),
        ("trang xo", []),
        ("thị tra", ["Sùng Thị Đoan Trang"]),
        ("423", ["Đoàn Thị Hoa"]),
        ("424 sung", ["Sùng Thị Đoan Trang"]),
        ("7O8", []),
        ("012", []),
        ("';--", []),
        ("\\", []),
        ("a & b | !c:*", []),
    ],
)  # fmt: skip
def test_words_find_people_in_any_order_and_the_same_marks_come_first(
    scene: Scene, named: dict[str, UUID], words: str, names: list[str]
) -> None:
    assert found(scene, "village_head", words) == names


def test_whoever_searches_finds_only_people_on_lists_he_may_see(scene: Scene, named: dict[str, UUID]) -> None:
    for who in ("station_clerk", "village_helper", "police_officer", "coordinator", "supervisor", "auditor",
                "other_village_head", "foreign_station_head", "administrator"):  # fmt: skip
        rows = people.people_page(scene.actors[who], "doan", EVERYWHERE, at=now(), on=today()).rows
        visible = visible_to(scene.actors[who], Permission.LIST_READ)
        query = select(Entry.list_id, Entry.number).join(CorrectionList, Entry.list_id == CorrectionList.id)
        expected = {
            tuple(row) for row in db.session.execute(query.where(visible, Entry.folded_name.contains("doan")))
        }
        assert {(row.list_id, row.number) for row in rows} == expected, who
    assert found(scene, "other_village_head", "doan") == []


def test_filters_narrow_the_people_by_class_and_by_their_lists(scene: Scene, named: dict[str, UUID]) -> None:
    assert found(scene, "station_head", "doan", error_class="E3a") == ["Doãn Văn Hòa", "Sùng Thị Đoan Trang"]
    assert len(found(scene, "supervisor", "doan")) == 8
    assert len(found(scene, "supervisor", "doan", ListFilter("all", holder="village"))) == 4
    assert len(found(scene, "supervisor", "doan", ListFilter("all", village="muong"))) == 4
    assert found(scene, "supervisor", "doan", ListFilter("all", overdue=True)) == []
    assert found(scene, "station_head", "doan", ListFilter("all", mine=True)) == []


def test_a_name_that_thousands_bear_is_not_counted_to_the_end(
    scene: Scene, named: dict[str, UUID], monkeypatch
) -> None:
    monkeypatch.setattr(people, "COUNTED_UP_TO", 3)
    page = people.people_page(scene.actors["village_head"], "doan", EVERYWHERE, at=now(), on=today())
    assert page.matching is None
    page = people.people_page(scene.actors["village_head"], "Đoàn", EVERYWHERE, at=now(), on=today())
    assert [row.recorded["full_name"] for row in page.rows[:2]] == ["Đoàn Thị Hoa", "Hoà Thị Đoàn"]


def test_whole_words_come_before_words_only_begun_and_the_begun_fill_a_page_that_is_not_full(
    scene: Scene, named: dict[str, UUID], monkeypatch
) -> None:
    """For a word only begun the index gathers every word that begins so: not asked where whole words fill a page."""
    monkeypatch.setattr(people, "SIZE", 1)
    assert people.people_page(scene.actors["village_head"], "thi hoa", EVERYWHERE, at=now(), on=today()).matching == 2
    assert people.people_page(scene.actors["village_head"], "thi ho", EVERYWHERE, at=now(), on=today()).matching == 2
    assert people.people_page(scene.actors["village_head"], "thi tra", EVERYWHERE, at=now(), on=today()).matching == 1
    assert people.people_page(scene.actors["village_head"], "a giang", EVERYWHERE, at=now(), on=today()).matching == 1
    asked: list[str] = []
    monkeypatch.setattr(people, "_cut", lambda *_: (asked.append("asked"), ([], 1))[1])
    people.people_page(scene.actors["village_head"], "thi hoa", EVERYWHERE, at=now(), on=today())
    assert asked == ["asked"], "one statement where whole words are enough"


def test_people_are_found_within_a_list_and_the_count_is_the_lists_length(
    scene: Scene, named: dict[str, UUID]
) -> None:
    actor, list_id = scene.actors["village_head"], named["ours"]
    for wanted, names in (
        (PeopleFilter(words="doãn"), ["Doãn Văn Hòa", "Đoàn Thị Hoa", "Hoà Thị Đoàn", "Sùng Thị Đoan Trang"]),
        (PeopleFilter(words="888"), ["Hoà Thị Đoàn"]),
        (PeopleFilter(words="doan", error_class="E2"), ["Đoàn Thị Hoa", "Hoà Thị Đoàn"]),
    ):
        rows = entries_page(actor, list_id, None, wanted, 1)
        assert [row.recorded["full_name"] for row in rows] == names
        assert count_matching(actor, list_id, None, wanted) == len(names)


@pytest.mark.parametrize("words", ["muong", "Mường", "da muong", "đá", "ban mu"])
def test_lists_are_found_by_words_of_the_village_without_marks(
    scene: Scene, named: dict[str, UUID], words: str
) -> None:
    actor = scene.actors["supervisor"]
    page = lists.lists_page(actor, ListFilter("all", village=words), at=now(), on=today())
    assert [row.id for row in page.rows] == [named["ours"]]
    assert page.matching == 1
    assert page.total == db.session.query(CorrectionList).count()
    tab = next(tab for tab in tabs_of(actor) if tab.key == "village")
    assert [row.id for row in inbox_page(actor, tab, at=now(), on=today(), search=words)] == [named["ours"]]
    assert matching(actor, tab, now(), search=words) == 1


def test_a_list_is_found_by_its_code_or_a_part_of_it(scene: Scene, named: dict[str, UUID]) -> None:
    of_list = db.session.get_one(CorrectionList, named["ours"])
    for words in (of_list.code, of_list.code.split("-")[1]):
        page = lists.lists_page(scene.actors["supervisor"], ListFilter("all", village=words), at=now(), on=today())
        assert named["ours"] in {row.id for row in page.rows}


letters = st.text(
    alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ AĐÊƠ",
    min_size=1,
    max_size=30,
)


@settings(max_examples=150, deadline=None, database=None)
@given(name=letters)
def test_the_database_folds_and_takes_apart_as_the_program_does(scene: Scene, name: str) -> None:
    """One row stored by the database, one search made by the program: both must read the same words."""
    row = db.session.execute(
        text("SELECT folded_text(:name), search_words(folded_text(:name), :name, '')::text"), {"name": name}
    ).one()
    assert folding_key(row[0]) == folding_key(name)
    lexemes = {word.strip("'") for word in row[1].split(" ") if word}
    assert lexemes == {*folding_key(name).split(), *as_written(name).split()}


def test_a_word_that_nearly_everybody_bears_is_asked_of_the_rows_that_the_others_find(
    scene: Scene, named: dict[str, UUID]
) -> None:
    def condition(words: str) -> str:
        compiled = matches(Entry.search, words, begun=False).compile(
            dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True, "render_postcompile": True}
        )
        return str(compiled).replace("''", "'")

    three = condition("Hòa Thị Đoàn")
    assert "ts_match_vq(entry.search" in three
    assert "'hoa' & 'doan'" in three
    for words in ("Thị Đoàn", "Hòa Đoàn Thị", "Hòa"):
        assert "ts_match_vq" not in condition(words), words
    people_found = found(scene, "supervisor", "hoa thi doan")
    assert "Hoà Thị Đoàn" in people_found
    assert "Doãn Văn Hòa" not in people_found
