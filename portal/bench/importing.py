"""`import`: checking and importing a workbook, beside the bare reader and the bare insert of the same rows."""

import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from python_calamine import CalamineWorkbook

from portal import clock
from portal.bench.measuring import Figure, beside, growth
from portal.bench.place import throw_away_portal
from portal.domain.permissions import Actor
from portal.models import db
from portal.services import imports
from portal.services.demonstration.accounts import actor
from portal.services.demonstration.people import LAST_TEST_SERIAL, PersonMaker
from portal.services.demonstration.workbooks import make_workbook
from portal.settings import Settings
from portal.spreadsheets.checking import check_workbook

SIZES = (1_000, 10_000, 100_000)
_PER_MAKER = LAST_TEST_SERIAL % 10_000
_marks = count(1)


def measure(sizes: tuple[int, ...] = SIZES) -> Iterator[Figure]:
    """`import.check` (read, classify) beside the reader; `import.rows` (and stored) beside reader and insert.

    `import.memory` is what checking takes at most, its reading process included, beside the reader alone.
    """
    with throw_away_portal() as settings:
        station = actor("tyt.tramtau")
        taken: list[Figure] = []
        for size in sizes:
            data = workbook(size)
            path = settings.home / f"{size}.xlsx"
            path.write_bytes(data)
            yield beside(
                "import.check", size, partial(check_workbook, path, today=clock.today()), partial(bare_read, path)
            )
            yield _memory(size, path)
            rows = _stored_rows(settings, station, data)
            taken.append(
                beside(
                    "import.rows",
                    size,
                    _Import(station, data).run,
                    partial(_bare_read_and_insert, path, settings, rows),
                )
            )
            yield taken[-1]
        if len(taken) > 1:
            yield growth("import.growth", taken[0], taken[-1])


def workbook(rows: int) -> bytes:
    """A damaged export of about so many rows, 24 villages; persons repeat after 9,999, which costs the same."""
    maker = _EndlessMaker()
    shares = {"Thôn Tấu Giữa": rows // 2, "Thôn Mo Nhang": rows // 4, "Thôn Pá Hu": rows - rows // 2 - rows // 4 - 4}
    return make_workbook(maker, commune="Trạm Tấu", station="Trạm Y tế xã Trạm Tấu", shares=shares, seed=1).data


class _EndlessMaker(PersonMaker):
    """Begins again with the next seed when the reserved serials are used up."""

    def __init__(self) -> None:
        self._seed, self._left = 1, _PER_MAKER
        super().__init__(self._seed)

    def make(self) -> Any:  # noqa: ANN401
        if not self._left:
            self._seed, self._left = self._seed + 1, _PER_MAKER
            super().__init__(self._seed)
        self._left -= 1
        return super().make()


class _Import:
    """Confirms the same workbook again and again: a comment in the archive makes each a new file."""

    def __init__(self, station: Actor, data: bytes) -> None:
        self._station = station
        self._uploads = iter(self._endless(data))
        self._next = next(self._uploads)

    def run(self) -> None:
        """Read, classify and store: what happens at the click on «Nhận»."""
        imports.confirm_import(self._station, self._next, due_at=clock.now() + timedelta(days=1))
        db.session.remove()
        self._next = next(self._uploads)

    def _endless(self, data: bytes) -> Iterator[Any]:
        while True:
            yield _upload(self._station, data)


def _upload(station: Actor, data: bytes) -> Any:  # noqa: ANN401
    buffer = BytesIO(data)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.comment = str(next(_marks)).encode()
    return imports.upload_workbook(station, "bench.xlsx", buffer.getvalue())


def bare_read(path: Path) -> int:
    """Every row of the first sheet by calamine alone, in this process, unchecked."""
    return sum(1 for _ in CalamineWorkbook.from_path(path).get_sheet_by_index(0).iter_rows())


_PEAK = (
    "import resource; "
    "told = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]; "
    "print(sum(told) // 1024)"
)
_OURS = (
    "import sys, datetime; from pathlib import Path; from portal.spreadsheets.checking import check_workbook; "
    "found = check_workbook(Path(sys.argv[1]), today=datetime.date(2026, 11, 20)); "
)
_BARE = (
    "import sys; from python_calamine import CalamineWorkbook; "
    "sum(1 for _ in CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0).iter_rows()); "
)


def _memory(size: int, path: Path) -> Figure:
    """The most memory, in MB, of a process that checks the workbook and of one that only reads it."""
    ours, bare = (
        int(subprocess.run([sys.executable, "-c", work + _PEAK, str(path)], check=True, capture_output=True).stdout)
        for work in (_OURS, _BARE)
    )
    return Figure("import.memory", size, ours, "MB", bare, round(ours / bare, 3))


def _stored_rows(settings: Settings, station: Actor, data: bytes) -> list[tuple[Any, ...]]:
    """The entries that one import stores, as plain values for the bare insert."""
    batch_id = imports.confirm_import(station, _upload(station, data), due_at=clock.now() + timedelta(days=1))
    db.session.remove()
    with psycopg.connect(_address(settings)) as connection:
        return connection.execute(
            "SELECT province_id, batch_id, list_id, number, source_row, recorded::text, raw::text, classes, "
            "findings::text, suggestions::text, folded_name, sort_key FROM entry WHERE batch_id = %s",
            [batch_id],
        ).fetchall()


def _bare_read_and_insert(path: Path, settings: Settings, rows: list[tuple[Any, ...]]) -> None:
    """The reader alone, then psycopg's own bulk insert of the same values into a table of the same shape."""
    bare_read(path)
    with psycopg.connect(_address(settings)) as connection, connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE bare (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, province_id int, "
            "batch_id uuid, list_id uuid, number int, source_row int, recorded jsonb, raw jsonb, classes text[], "
            "findings jsonb, suggestions jsonb, folded_name text, sort_key text, UNIQUE (list_id, number)) "
            "ON COMMIT DROP"
        )
        cursor.executemany("INSERT INTO bare VALUES (DEFAULT" + ", %s" * 12 + ")", rows)


def _address(settings: Settings) -> str:
    return settings.database_url or ""
