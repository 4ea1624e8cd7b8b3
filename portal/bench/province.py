"""A province of any size, made by SQL: communes, villages, lists and entries, as the pages would find them."""

from dataclasses import dataclass
from uuid import UUID, uuid4

import psycopg

from portal import clock
from portal.domain.stages import OPEN_STAGES, Stage
from portal.models import Unit, db
from portal.queries.units import by_code
from portal.services.demonstration.units import PROVINCE_CODE, REFORM

VILLAGES_PER_COMMUNE, ENTRIES_PER_LIST = 24, 125
_FIRST_ID = 100_000
_STAGES = (*(stage.value for stage in OPEN_STAGES), Stage.CLOSED.value)

_ENTRIES = """
INSERT INTO entry (province_id, batch_id, list_id, number, source_row, recorded, raw, classes, findings, suggestions,
  folded_name, sort_key, proposed, verified, final, village_verdict, village_reason, village_note, police_verdict,
  police_reason, police_note, station_verdict, station_reason, station_note, marks, lane, outcome, rev)
SELECT l.province_id, l.batch_id, l.id, n, n + 6,
  jsonb_build_object('full_name', who.name, 'id_number', '01508' || lpad((who.chance %% 10000000)::text, 7, '0'),
    'birth_date', '05/01/1980', 'sex', 'nam', 'phone', '', 'insurance_number', ''),
  jsonb_build_object('Họ và tên', who.name), ARRAY['E2'], '[]', '{}',
  folded_text(who.name), who.name, '{}', '{}', '{}', '', '', '', '', '', '', '', '', '', '{}', '', '', 1
FROM correction_list l CROSS JOIN generate_series(1, %(each)s) n
CROSS JOIN LATERAL (SELECT abs(hashtext(l.id::text || n)::bigint) AS chance) picked
CROSS JOIN LATERAL (SELECT picked.chance, concat_ws(' ',
  (%(families)s::text[])[1 + picked.chance %% cardinality(%(families)s::text[])],
  (%(middles)s::text[])[1 + picked.chance / 100 %% cardinality(%(middles)s::text[])],
  (%(given)s::text[])[1 + picked.chance / 10000 %% cardinality(%(given)s::text[])]) AS name) who
WHERE l.entries = %(each)s
"""
_FAMILIES = ["Nguyễn"] * 38 + ["Trần"] * 11 + ["Lê"] * 10 + ["Phạm"] * 7 + ["Hoàng"] * 5 + ["Vũ"] * 4 + ["Đặng"] * 4
_FAMILIES += [
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
    "Lý",
    "Vàng",
    "Giàng",
    "Sùng",
    "Mùa",
    "Lò",
    "Hà",
    "Đoàn",
    "Doãn",
    "Phùng",
]
_MIDDLES = (
    ["Văn"] * 25 + ["Thị"] * 30 + ["Đức", "Minh", "Thanh", "Hữu", "Ngọc", "Thu", "Xuân", "Quang", "A", "Công"] * 4
)
_GIVEN = """Anh
An Bình Cường Chi Dung Dũng Duy Đạt Giang Hà Hải Hạnh Hằng Hậu Hiền Hiếu Hoa Hòa Hoài Hoàng Hồng Huệ Hùng Huy Hương
Khánh Lan Liên Linh Loan Long Ly Mai Mạnh My Nam Nga Ngân Nghĩa Ngọc Nhung Oanh Phong Phúc Phương Quân Quyên Sáng Sơn
Tâm Thảo Thành Thắng Thủy Thúy Tiến Toàn Trang Trung Tuấn Tùng Tuyết Vân Việt Vinh Yến Ưởng Mường Páo
""".split()  # noqa: SIM905  three lines are read more easily than three score strings
"""Names as frequent as in Vietnam, made up of their parts: one family name in three is Nguyễn."""


@dataclass(frozen=True)
class Province:
    """What was made: how many entries and lists, and one list to open."""

    entries: int
    lists: int
    some_list: UUID


def fill_province(address: str, entries: int, *, each: int = ENTRIES_PER_LIST) -> Province:
    """Add about so many entries, `each` to a list and 24 lists to a commune, below the demonstration's province."""
    province = by_code(PROVINCE_CODE)
    if province is None:
        raise LookupError(PROVINCE_CODE)
    lists = max(entries // each, 1)
    with psycopg.connect(address) as connection, connection.cursor() as cursor:
        _units(cursor, province, -(-lists // VILLAGES_PER_COMMUNE))
        made = _lists(cursor, province, lists, each)
        names = {"families": _FAMILIES, "middles": _MIDDLES, "given": _GIVEN}
        cursor.execute(_ENTRIES, {"each": each, **names})
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    db.session.remove()
    return Province(lists * each, lists, made)


def _commune_id(number: int) -> int:
    """Each commune takes a hundred ids: itself, station, police, then villages and their task forces."""
    return _FIRST_ID + 100 * number


def _units(cursor: psycopg.Cursor[tuple[object, ...]], province: Unit, communes: int) -> None:
    columns = (
        "id, code, kind, name, abbreviation, superior_name, place_name, phone, parent_id, serves_id, "
        "territory_path, province_id, valid_from"
    )
    with cursor.copy(f"COPY unit ({columns}) FROM STDIN") as copy:
        for number in range(communes):
            base = _commune_id(number)
            home = f"{province.territory_path}{base}/"
            rows: list[tuple[int, str, str, int, int | None, str]]
            rows = [(base, "commune", f"Xã {number}", province.id, None, home)]
            rows += [(base + 1, "health_station", f"Trạm Y tế xã {number}", base, base, home)]
            rows += [(base + 2, "commune_police", f"Công an xã {number}", base, base, home)]
            for village in range(VILLAGES_PER_COMMUNE):
                place = base + 10 + village
                path = f"{home}{place}/"
                rows += [(place, "village", f"Thôn {village}", base, None, path)]
                rows += [(place + 40, "village_task_force", f"Tổ công tác thôn {village}", place, place, path)]
            for unit_id, kind, name, parent, serves, path in rows:
                copy.write_row(
                    (
                        unit_id,
                        f"B{unit_id}",
                        kind,
                        name,
                        "X",
                        "",
                        "",
                        "0216",
                        parent,
                        serves,
                        path,
                        province.id,
                        REFORM,
                    )
                )


def _lists(cursor: psycopg.Cursor[tuple[object, ...]], province: Unit, lists: int, each: int) -> UUID:
    at = clock.now()
    cursor.execute("SELECT id FROM user_account LIMIT 1")
    (user_id,) = cursor.fetchone() or (None,)
    communes = -(-lists // VILLAGES_PER_COMMUNE)
    batches = [uuid4() for _ in range(communes)]
    with cursor.copy(
        "COPY batch (id, code, station_unit_id, province_id, territory_path, title, due_at, step_days, entries, "
        "parked, created_at, created_by) FROM STDIN"
    ) as copy:
        for number, batch_id in enumerate(batches):
            base = _commune_id(number)
            path = f"{province.territory_path}{base}/"
            entries = VILLAGES_PER_COMMUNE * each
            copy.write_row(
                (batch_id, "2026-01/01", base + 1, province.id, path, "", at, "{}", entries, 0, at, user_id)
            )
    ids = [uuid4() for _ in range(lists)]
    with cursor.copy(
        "COPY correction_list (id, batch_id, number, part, code, name, province_id, territory_path, station_unit_id, "
        "village_unit_id, police_unit_id, holder_unit_id, known_to_village, known_to_police, stage, round, rev, "
        "entries, decided, returned, due_at, late_from, held_since, created_at, reopening_note, "
        "offer_note, closed_at) FROM STDIN"
    ) as copy:
        for place, list_id in enumerate(ids):
            copy.write_row(_list_row(place, list_id, batches, province, each))
    return ids[len(ids) // 2]


def _list_row(place: int, list_id: UUID, batches: list[UUID], province: Unit, each: int) -> tuple[object, ...]:
    commune, village = divmod(place, VILLAGES_PER_COMMUNE)
    base = _commune_id(commune)
    home = base + 10 + village
    path = f"{province.territory_path}{base}/{home}/"
    at, stage = clock.now(), _STAGES[place % len(_STAGES)]
    due = at.replace(microsecond=place % 1_000_000)
    return (
        *(
            list_id,
            batches[commune],
            village + 1,
            0,
            f"2026-01/01-{village + 1:02d}",
            f"Thôn {village}",
            province.id,
            path,
        ),
        *(base + 1, home + 40, base + 2, base + 1, True, True, stage, 1, 1, each, min(each, place % 100), 0),
        *(due, due, at, at, "", "", at if stage == Stage.CLOSED.value else None),
    )
