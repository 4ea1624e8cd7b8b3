"""A portal carried from the embedded database to a server and back is the same portal; a damaged copy is refused."""

import gzip
import io
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import psycopg
import pytest

from portal import clock, embedded, schema
from portal.models import ImportFile, Unit, User, db
from portal.services.authority import ensure_authority
from portal.services.backup.contents import CONTENTS, FILE_COLUMNS, BackupUnusable, Contents
from portal.services.backup.make import make_backup
from portal.services.backup.restore import restore_backup
from portal.services.standalone import opened
from portal.settings import CHECKOUT, REAL, Settings, record_mode
from portal.storage import FileStore
from tests import database

WORKBOOK = b"a workbook"


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A small real portal on the test server: two units, an account, a stored file that a row names, a job."""
    settings = replace(database.settings_on(database.fresh_database(), tmp_path_factory.mktemp("home")), mode=None)
    with opened(settings):
        ensure_authority(settings, now=clock.now())
        province = Unit(
            code="15", kind="province", name="Tỉnh Yên Bái\t«\\N»", territory_path="1/", province_id=1,
            valid_from=date(2020, 1, 1),
        )  # fmt: skip
        db.session.add(province)
        db.session.flush()
        station = Unit(
            code="15-1", kind="health_station", name="Trạm y tế Hát Lừu", parent=province, territory_path="1/2/",
            province_id=1, valid_from=date(2020, 1, 1),
        )  # fmt: skip
        user = User(username="tram", full_name="Vàng Thị Mỷ", phone="", password_hash="x", created_at=clock.now())
        db.session.add_all([station, user])
        db.session.flush()
        db.session.add(
            ImportFile(
                id=uuid4(), station_unit_id=station.id, uploaded_by=user.id, created_at=clock.now(),
                sha256=FileStore(settings.files_folder).put(WORKBOOK), filename="a.xlsx", mapping={"họ tên": 1},
            )
        )  # fmt: skip
        db.session.commit()
    assert settings.secret_key
    return record_mode(settings, REAL)


@pytest.fixture(scope="module")
def copy(portal: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("copy") / "portal.backup"
    assert portal.database_url is not None
    contents, complaints = make_backup(portal, embedded.database_urls(portal), file, now=clock.now())
    assert complaints == []
    assert (contents.files, contents.tables["unit"].rows) == (1, 2)
    return file


@pytest.fixture
def empty_place(tmp_path: Path) -> Settings:
    urls = database.bare_database()
    return Settings(home=tmp_path / "restored").with_databases(urls.app, urls.owner)


def contents_of(file: Path) -> Contents:
    with tarfile.open(file) as archive:
        member = archive.extractfile(CONTENTS)
        assert member is not None
        return Contents.from_json(member.read())


def rewrite(source: Path, target: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """The same file with members changed or, where the answer is None, left out."""
    with tarfile.open(source) as old, tarfile.open(target, "w:gz") as new:
        for member in old:
            stream = old.extractfile(member)
            assert stream is not None
            data = change(member.name, stream.read())
            if data is not None:
                member.size = len(data)
                new.addfile(member, io.BytesIO(data))
    return target


def test_server_to_embedded_and_back_gives_the_same_rows_files_and_keys(
    portal: Settings, copy: Path, empty_place: Settings, tmp_path: Path
) -> None:
    with TemporaryDirectory(prefix="bangiao-test-restored-") as folder:
        here = Settings(home=Path(folder) / "home")
        restore_backup(here, copy)
        second = tmp_path / "second.backup"
        with embedded.running(here, fast=True) as urls:
            assert schema.current(urls.app) == schema.head()
            make_backup(here, urls, second, now=clock.now())
    restore_backup(empty_place, second)

    first, last = contents_of(copy), contents_of(second)
    assert (first.tables, first.sequences, first.members) == (last.tables, last.sequences, last.members)
    assert FileStore(empty_place.files_folder).get(next(FileStore(portal.files_folder).all_hashes())) == WORKBOOK
    assert empty_place.secret_key == portal.secret_key
    for key in portal.authority_folder.iterdir():
        assert (empty_place.authority_folder / key.name).read_bytes() == key.read_bytes()


def test_the_restored_portal_goes_on_counting_and_keeps_its_rules(copy: Path, empty_place: Settings) -> None:
    restore_backup(empty_place, copy)
    with opened(empty_place):
        unit = Unit(
            code="15-2", kind="health_station", name="Trạm y tế mới", parent_id=1, territory_path="1/3/",
            province_id=1, valid_from=date(2020, 1, 1),
        )  # fmt: skip
        db.session.add(unit)
        db.session.commit()
        assert unit.id == 3
    with psycopg.connect(empty_place.database_url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("DELETE FROM event")
    with psycopg.connect(empty_place.database_owner_url) as connection:
        off = connection.execute("SELECT count(*) FROM pg_trigger WHERE tgenabled = 'D'").fetchone()
        keys = connection.execute("SELECT count(*) FROM pg_constraint WHERE contype = 'f'").fetchone()
    assert off == (0,)
    assert keys is not None
    assert keys[0] > 10


@pytest.mark.parametrize(
    ("what", "change"),
    [
        (
            "a row changed",
            lambda name, data: data + b"x" if name == "tables/unit" else data,
        ),
        ("a stored file changed", lambda name, data: data + b"x" if "/files/" in name else data),
        ("a stored file left out", lambda name, data: None if "/files/" in name else data),
        ("the CA's key left out", lambda name, data: None if name.endswith("authority-key.pem") else data),
        ("the list of contents left out", lambda name, data: None if name == CONTENTS else data),
    ],
)
def test_a_damaged_copy_is_refused_and_nothing_is_left(
    what: str, change: Callable[[str, bytes], bytes | None], copy: Path, empty_place: Settings, tmp_path: Path
) -> None:
    with pytest.raises(BackupUnusable, match="Hãy dùng một bản sao lưu khác"):
        restore_backup(empty_place, rewrite(copy, tmp_path / "damaged", change))
    assert [path.name for path in tmp_path.iterdir()] == ["damaged"]
    restore_backup(empty_place, copy)


def test_a_copy_whose_database_names_a_file_it_lacks_is_refused(
    copy: Path, empty_place: Settings, tmp_path: Path
) -> None:
    """Somebody who mends the list of contents as well is still found out by the rows."""

    def without_files(name: str, data: bytes) -> bytes | None:
        if name == CONTENTS:
            contents = json.loads(data)
            contents["members"] = {key: value for key, value in contents["members"].items() if "/files/" not in key}
            return json.dumps(contents).encode()
        return None if "/files/" in name else data

    with pytest.raises(BackupUnusable, match="thiếu hoặc hỏng 1 tệp"):
        restore_backup(empty_place, rewrite(copy, tmp_path / "poor", without_files))
    restore_backup(empty_place, copy)


@pytest.mark.parametrize("name", ["../outside", "home/../../outside", "elsewhere/x"])
def test_a_member_that_points_outside_is_refused(
    name: str, copy: Path, empty_place: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "strange"
    with tarfile.open(file, "w:gz") as archive:
        archive.addfile(tarfile.TarInfo(name), io.BytesIO())
    with pytest.raises(BackupUnusable, match="mục lạ"):
        restore_backup(empty_place, file)
    assert not list(tmp_path.parent.glob("outside"))


def test_a_file_cut_in_the_middle_is_refused(copy: Path, empty_place: Settings, tmp_path: Path) -> None:
    half = tmp_path / "half"
    half.write_bytes(copy.read_bytes()[: copy.stat().st_size // 2])
    with pytest.raises(BackupUnusable, match="Hãy dùng"):
        restore_backup(empty_place, half)
    (tmp_path / "text").write_bytes(gzip.compress(b"no archive"))
    with pytest.raises(BackupUnusable, match="Hãy dùng"):
        restore_backup(empty_place, tmp_path / "text")


def test_neither_a_home_nor_a_database_with_data_is_overwritten(copy: Path, portal: Settings, tmp_path: Path) -> None:
    with pytest.raises(BackupUnusable, match="không trống"):
        restore_backup(portal, copy)
    with pytest.raises(BackupUnusable, match="đã có dữ liệu"):
        restore_backup(replace(portal, home=tmp_path / "new"), copy)
    with psycopg.connect(portal.database_url) as connection:
        assert connection.execute("SELECT count(*) FROM unit").fetchone() == (2,)


def test_a_damaged_stored_file_is_told_at_backup_already(copy: Path, empty_place: Settings, tmp_path: Path) -> None:
    restore_backup(empty_place, copy)
    store = FileStore(empty_place.files_folder)
    digest = next(store.all_hashes())
    path = store.folder / digest[:2] / digest
    path.chmod(0o640)
    path.write_bytes(b"changed")
    urls = embedded.database_urls(empty_place)
    _, complaints = make_backup(empty_place, urls, tmp_path / "again", now=clock.now())
    assert len(complaints) == 1
    assert "import_file" in complaints[0]


def test_every_column_that_names_a_stored_file_is_looked_at() -> None:
    found = {
        (table.name, column.name)
        for table in db.metadata.tables.values()
        for column in table.columns
        if column.name.endswith("sha256") and column.name not in {"manifest_sha256", "values_sha256"}
    }
    # A form's definition lies in its row.
    found.discard(("report_form", "sha256"))
    assert set(FILE_COLUMNS) == found


def test_the_commands_say_what_they_did_and_refuse_in_one_sentence(portal: Settings, tmp_path: Path) -> None:
    assert portal.database_url is not None
    assert portal.database_owner_url is not None
    environment = os.environ | {
        "BANGIAO_HOME": str(portal.home),
        "DATABASE_URL": portal.database_url,
        "DATABASE_OWNER_URL": portal.database_owner_url,
    }

    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "portal", *arguments]
        return subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)

    file = tmp_path / "cli.backup"
    done = call("backup", str(file))
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 tệp" in done.stdout
    assert file.stat().st_mode & 0o077 == 0
    refused = call("restore", str(file))
    assert refused.returncode == 2
    assert "không trống" in refused.stderr
    assert "Traceback" not in refused.stderr
