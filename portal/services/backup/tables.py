"""Tables as text and back, the same bytes from every PostgreSQL: `COPY` in the order of the primary key."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psycopg import Connection, sql

NOT_COPIED = frozenset({"alembic_version"})
"""The migrations write this one themselves."""

FIXED_FORM = "SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'; SET LOCAL IntervalStyle = 'iso_8601'"

Row = tuple[Any, ...]


@dataclass(frozen=True)
class TableCopy:
    """What a table's text must be: its columns, its rows and the SHA-256 of the text."""

    columns: tuple[str, ...]
    rows: int
    sha256: str


def table_names(connection: Connection[Row]) -> list[str]:
    """The portal's tables, queue included, in order of name."""
    rows = connection.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = 'public' AND c.relkind = 'r' ORDER BY c.relname COLLATE \"C\""
    )
    return [name for (name,) in rows if name not in NOT_COPIED]


def write_table(connection: Connection[Row], name: str, target: Path) -> TableCopy:
    """Write the table's rows to `target`. The transaction must be one snapshot for all tables (REPEATABLE READ)."""
    connection.execute(FIXED_FORM)
    columns = _columns(connection, name)
    digest = hashlib.sha256()
    rows = 0
    with target.open("wb") as file, connection.cursor().copy(_copy_out(connection, name, columns)) as stream:
        for block in stream:
            file.write(block)
            digest.update(block)
            rows += bytes(block).count(b"\n")
    return TableCopy(columns, rows, digest.hexdigest())


def read_tables(connection: Connection[Row], copies: Mapping[str, TableCopy], folder: Path) -> None:
    """Replace the contents of all tables by the texts `folder/<name>`, in the caller's transaction.

    Foreign keys are set aside and made again at the end, which checks every row; our own triggers sleep meanwhile
    (they guard people's acts, not a faithful copy).
    """
    connection.execute(FIXED_FORM)
    names = [sql.Identifier(name) for name in table_names(connection)]
    keys = _foreign_keys(connection)
    for table, key, _ in keys:
        connection.execute(sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(table, key))
    for name in names:
        connection.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(name))
    connection.execute(sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(names)))
    for table_name, copy in copies.items():
        _copy_in(connection, table_name, copy.columns, folder / table_name)
    for name in names:
        connection.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(name))
    for table, key, definition in keys:
        connection.execute(sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} ").format(table, key) + definition)


def sequence_values(connection: Connection[Row]) -> dict[str, int]:
    """How far each sequence has counted (those never used are left out)."""
    rows = connection.execute(
        "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"
        " ORDER BY 1"
    )
    return {name: int(value) for name, value in rows}


def set_sequences(connection: Connection[Row], values: Mapping[str, int]) -> None:
    """Let the sequences go on where they were, so that no number is given twice."""
    for name, value in values.items():
        connection.execute(
            "SELECT setval(format('public.%%I', %s::text)::regclass, %s)",
            [name, value],
        )


def _columns(connection: Connection[Row], name: str) -> tuple[str, ...]:
    """The columns that hold data; generated ones make themselves again."""
    rows = connection.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = format('public.%%I', %s::text)::regclass"
        " AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attname COLLATE \"C\"",
        [name],
    )
    return tuple(column for (column,) in rows)


def _copy_out(connection: Connection[Row], name: str, columns: Iterable[str]) -> sql.Composed:
    """Ordered by the key as bytes: the collations of two servers may differ, the bytes may not."""
    key = connection.execute(
        "SELECT a.attname FROM pg_index i"
        " JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)"
        " WHERE i.indrelid = format('public.%%I', %s::text)::regclass AND i.indisprimary ORDER BY 1",
        [name],
    ).fetchall()
    table = sql.Identifier(name)
    order = [sql.SQL('{}::text COLLATE "C"').format(sql.Identifier(column)) for (column,) in key]
    order = order or [sql.SQL('{}.*::text COLLATE "C"').format(table)]
    return sql.SQL("COPY (SELECT {} FROM {} ORDER BY {}) TO STDOUT").format(
        sql.SQL(", ").join(map(sql.Identifier, columns)), table, sql.SQL(", ").join(order)
    )


def _copy_in(connection: Connection[Row], name: str, columns: Iterable[str], source: Path) -> None:
    command = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(name), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with source.open("rb") as file, connection.cursor().copy(command) as stream:
        while block := file.read(1 << 20):
            stream.write(block)


def _foreign_keys(connection: Connection[Row]) -> list[tuple[sql.Identifier, sql.Identifier, sql.SQL]]:
    rows = connection.execute(
        "SELECT c.relname, k.conname, pg_get_constraintdef(k.oid) FROM pg_constraint k"
        " JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE k.contype = 'f' AND n.nspname = 'public' ORDER BY 1, 2"
    )
    return [(sql.Identifier(table), sql.Identifier(key), sql.SQL(definition)) for table, key, definition in rows]
