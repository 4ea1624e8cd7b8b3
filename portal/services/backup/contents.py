"""What a backup holds besides the tables, and its list of contents."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from psycopg import Connection, sql

from portal.domain.errors import DomainError
from portal.services.backup.tables import Row, TableCopy
from portal.settings import Settings

FORMAT = 1
CONTENTS = "contents.json"
TABLES = "tables/"
HOME = "home/"

LEFT_BEHIND = ("backups", "database", "database.new", "run", "log", "initdb-password", "portal.toml.new")
LEFT_BEHIND_PREFIXES = ("postgresql-", "secrets/database-")
"""Made anew in each place: the server's own folders and the passwords of its roles."""

FILE_COLUMNS = (
    ("import_file", "sha256"),
    ("handover", "pdf_sha256"),
    ("record_revision", "sha256"),
    ("signature", "revision_sha256"),
    ("platform_exchange", "sha256"),
    ("paper_scan", "sha256"),
    ("report_paper", "pdf_sha256"),
)
"""Columns that name a stored file: each name must be found in the store."""


class BackupUnusable(DomainError):
    """The backup file cannot be taken as it is; nothing has been changed."""


@dataclass
class Contents:
    """The list of contents, last member of the file: what must be found after a restore."""

    migration: str
    made_at: str
    tables: dict[str, TableCopy] = field(default_factory=dict)
    sequences: dict[str, int] = field(default_factory=dict)
    members: dict[str, str] = field(default_factory=dict)
    """SHA-256 of each member of the file."""
    format: int = FORMAT

    def to_json(self) -> bytes:
        """As it is written into the file."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True).encode()

    @classmethod
    def from_json(cls, data: bytes) -> "Contents":
        """As it is read back. Raises BackupUnusable for another format."""
        try:
            read = json.loads(data)
            if read["format"] != FORMAT:
                raise BackupUnusable(
                    "Tệp sao lưu do bản chương trình mới hơn tạo ra. Hãy cập nhật chương trình trước."
                )
            tables = {
                name: TableCopy(tuple(copy["columns"]), copy["rows"], copy["sha256"])
                for name, copy in read["tables"].items()
            }
            return cls(read["migration"], read["made_at"], tables, read["sequences"], read["members"])
        except (ValueError, KeyError, TypeError) as error:
            raise BackupUnusable(
                "Bảng kê trong tệp sao lưu không đọc được. Hãy dùng một bản sao lưu khác."
            ) from error

    @property
    def rows(self) -> int:
        """Rows of all tables together."""
        return sum(copy.rows for copy in self.tables.values())

    @property
    def files(self) -> int:
        """How many stored files it holds."""
        return sum(name.startswith(f"{HOME}files/") for name in self.members)


def home_files(settings: Settings) -> Iterator[Path]:
    """Every file of the home folder that belongs to the portal itself, in order."""
    for path in sorted(settings.home.rglob("*")):
        relative = path.relative_to(settings.home)
        if relative.parts[0] in LEFT_BEHIND or relative.as_posix().startswith(LEFT_BEHIND_PREFIXES):
            continue
        # Drafts of a process that was killed while storing are nobody's.
        if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
            yield path


def files_named(connection: Connection[Row]) -> dict[str, str]:
    """Each stored file that a row names, with the table that does; an older portal has fewer tables."""
    named: dict[str, str] = {}
    known = {name for (name,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    for table, column in FILE_COLUMNS:
        if table not in known:
            continue
        query = sql.SQL("SELECT DISTINCT {} FROM {} WHERE {} <> ''").format(
            sql.Identifier(column), sql.Identifier(table), sql.Identifier(column)
        )
        named.update((digest, table) for (digest,) in connection.execute(query))
    return named
