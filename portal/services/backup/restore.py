"""`restore_backup`: a whole portal from one file, checked before anybody works on it."""

import hashlib
import tarfile
import tempfile
from dataclasses import replace
from pathlib import Path, PurePosixPath

import psycopg
from psycopg import Connection

from portal import embedded, schema
from portal.embedded import DatabaseUrls
from portal.services.backup.contents import CONTENTS, HOME, TABLES, BackupUnusable, Contents, files_named
from portal.services.backup.make import complaints_about_files
from portal.services.backup.tables import Row, read_tables, sequence_values, set_sequences, table_names, write_table
from portal.settings import Settings, prepare_home
from portal.storage import FileStore

BLOCK = 1 << 20


def restore_backup(settings: Settings, source: Path) -> Contents:
    """Set up the portal of the backup in an empty home and an empty database, or change nothing.

    Everything is built and checked beside the home and moved there at the end: every member against its SHA-256,
    every table's rows against the text they came from, every stored file against its name, every file that a row
    names. Then newer migrations run. Raises BackupUnusable or DatabaseUnavailable.
    """
    if settings.home.exists() and any(settings.home.iterdir()):
        raise BackupUnusable(
            f"Thư mục {settings.home} không trống, nên không khôi phục vào đó. "
            "Hãy đặt BANGIAO_HOME sang một thư mục mới, hoặc tự chuyển thư mục cũ đi nơi khác."
        )
    building = replace(settings, home=settings.home.with_name(f"{settings.home.name}.restoring"))
    embedded.discard(building)
    prepare_home(building)
    try:
        with tempfile.TemporaryDirectory(dir=building.home) as folder:
            contents = _unpack(source, building.home, Path(folder))
            with embedded.running(building) as urls:
                _fill_database(building, urls, contents, Path(folder) / TABLES)
        if settings.home.exists():
            settings.home.rmdir()
        building.home.rename(settings.home)
    finally:
        embedded.discard(building)
    return contents


def _unpack(source: Path, home: Path, folder: Path) -> Contents:
    """Unpack into the new home and the folder for tables; every member must be as the list of contents says."""
    found: dict[str, str] = {}
    data = b""
    try:
        with tarfile.open(source, "r:gz") as archive:
            for member in archive:
                stream = archive.extractfile(member)
                if stream is None or not member.isreg() or ".." in PurePosixPath(member.name).parts:
                    raise BackupUnusable(f"Tệp sao lưu chứa mục lạ «{member.name}», nên không được dùng.")
                if member.name == CONTENTS:
                    data = stream.read()
                    continue
                target = _place(member.name, home, folder)
                target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                digest = hashlib.sha256()
                with target.open("xb") as file:
                    while block := stream.read(BLOCK):
                        file.write(block)
                        digest.update(block)
                target.chmod(member.mode & 0o640)
                found[member.name] = digest.hexdigest()
    except (tarfile.TarError, EOFError, OSError) as error:
        raise BackupUnusable(
            f"Không đọc được tệp sao lưu {source}: {error}. Hãy dùng một bản sao lưu khác."
        ) from error
    contents = Contents.from_json(data)
    wrong = sorted(name for name in found.keys() | contents.members if found.get(name) != contents.members.get(name))
    if wrong:
        raise BackupUnusable(
            f"Tệp sao lưu đã hỏng: {len(wrong)} mục thiếu, thừa hoặc bị thay đổi (đầu tiên: {wrong[0]}). "
            "Chưa có gì được khôi phục. Hãy dùng một bản sao lưu khác."
        )
    return contents


def _place(name: str, home: Path, folder: Path) -> Path:
    if name.startswith(HOME):
        return home / name.removeprefix(HOME)
    if name.startswith(TABLES):
        return folder / name
    raise BackupUnusable(f"Tệp sao lưu chứa mục lạ «{name}», nên không được dùng.")


def _fill_database(settings: Settings, urls: DatabaseUrls, contents: Contents, texts: Path) -> None:
    """All rows in one transaction, checked before it commits; newer migrations run afterwards."""
    with psycopg.connect(urls.owner) as connection:
        if table_names(connection) or schema.current(urls.owner):
            raise BackupUnusable("Cơ sở dữ liệu đích đã có dữ liệu. Hãy tạo một cơ sở dữ liệu trống rồi chạy lại.")
    try:
        schema.upgrade(urls, to=contents.migration)
        with psycopg.connect(urls.owner) as connection:
            read_tables(connection, contents.tables, texts)
            set_sequences(connection, contents.sequences)
            _check_rows(connection, contents)
            _check_files(settings, connection)
    except BaseException:
        _empty_again(urls)
        raise
    schema.upgrade(urls)


def _empty_again(urls: DatabaseUrls) -> None:
    """Leave the database as it was found, which was empty, so that another try is possible."""
    with psycopg.connect(urls.owner) as connection:
        connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO PUBLIC")


def _check_rows(connection: Connection[Row], contents: Contents) -> None:
    """Copy the restored rows out again: the same text or the restore is off."""
    with tempfile.TemporaryDirectory() as folder:
        for name, copy in contents.tables.items():
            again = write_table(connection, name, Path(folder) / "again")
            if again != copy:
                raise BackupUnusable(
                    f"Bảng {name} sau khi khôi phục không giống bản sao lưu "
                    f"({again.rows}/{copy.rows} dòng). Chưa có gì được khôi phục; hãy báo người phát triển."
                )
    if sequence_values(connection) != contents.sequences:
        raise BackupUnusable("Bộ đếm sau khi khôi phục không giống bản sao lưu. Chưa có gì được khôi phục.")


def _check_files(settings: Settings, connection: Connection[Row]) -> None:
    complaints = complaints_about_files(FileStore(settings.files_folder), files_named(connection))
    if complaints:
        raise BackupUnusable(
            f"Bản sao lưu thiếu hoặc hỏng {len(complaints)} tệp đã lưu; chưa có gì được khôi phục. {complaints[0]}"
        )
