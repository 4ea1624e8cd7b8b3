"""`make_backup`: the whole portal into one file."""

import hashlib
import io
import secrets
import tarfile
import tempfile
from datetime import datetime
from pathlib import Path

import psycopg

from portal import schema
from portal.embedded import DatabaseUrls
from portal.services.backup.contents import CONTENTS, HOME, TABLES, BackupUnusable, Contents, files_named, home_files
from portal.services.backup.tables import sequence_values, table_names, write_table
from portal.settings import Settings
from portal.storage import FileStore, StoredFileDamaged, StoredFileMissing


def make_backup(settings: Settings, urls: DatabaseUrls, target: Path, *, now: datetime) -> tuple[Contents, list[str]]:
    """Write the backup, whole or not at all (0600), while the portal may go on working.

    Returns its list of contents and complaints in Vietnamese about stored files that were damaged or missing before:
    such a portal is backed up all the same, since half is better than nothing, but someone must be told.
    """
    contents = Contents(migration=schema.current(urls.owner) or "", made_at=now.isoformat())
    if not contents.migration:
        raise BackupUnusable("Cổng này còn trống, chưa có gì để sao lưu.")
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    draft.touch(mode=0o600)
    try:
        with tarfile.open(draft, "w:gz", compresslevel=3) as archive, tempfile.TemporaryDirectory() as folder:
            # The tables first: the store only grows, so every file that the snapshot names is there afterwards.
            complaints = _copy_tables(settings, urls, Path(folder), contents)
            for name in contents.tables:
                _add(archive, contents, f"{TABLES}{name}", Path(folder) / name)
            for path in home_files(settings):
                _add(archive, contents, f"{HOME}{path.relative_to(settings.home).as_posix()}", path)
            _add_bytes(archive, CONTENTS, contents.to_json())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return contents, complaints


def _copy_tables(settings: Settings, urls: DatabaseUrls, folder: Path, contents: Contents) -> list[str]:
    with psycopg.connect(urls.owner) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        for name in table_names(connection):
            contents.tables[name] = write_table(connection, name, folder / name)
        contents.sequences = sequence_values(connection)
        return complaints_about_files(FileStore(settings.files_folder), files_named(connection))


def complaints_about_files(store: FileStore, named: dict[str, str]) -> list[str]:
    """Hash every stored file again and look for every named one; one sentence for each that is wrong."""
    complaints = []
    for digest in sorted(named.keys() | set(store.all_hashes())):
        try:
            store.get(digest)
        except (StoredFileDamaged, StoredFileMissing) as wrong:
            complaints.append(f"{wrong.message} (bảng {named.get(digest, '–')})")
    return complaints


def _add(archive: tarfile.TarFile, contents: Contents, name: str, path: Path) -> None:
    with path.open("rb") as file:
        contents.members[name] = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        member = tarfile.TarInfo(name)
        member.size = path.stat().st_size
        member.mode = 0o440 if "/files/" in name else 0o600
        archive.addfile(member, file)


def _add_bytes(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(data), 0o600
    archive.addfile(member, io.BytesIO(data))
