"""New entries into their table by COPY: a workbook has up to 120,000, and INSERT costs as much as the reading."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from psycopg import sql
from sqlalchemy import inspect

from portal.models import Entry, db

_FRESH: dict[str, Any] = {
    "proposed": "{}",
    "verified": "{}",
    "final": "{}",
    **{f"{party}_{part}": "" for party in ("village", "police", "station") for part in ("verdict", "reason", "note")},
    "marks": [],
    "lane": "",
    "outcome": "",
    "rev": 1,
}
"""What every entry begins with, as the model's own defaults say; JSON as text."""
_JSON = frozenset({"recorded", "raw", "findings", "suggestions"})


def insert_entries(rows: Iterable[Mapping[str, Any]]) -> None:
    """Add entries in the running transaction, in one stream. Each row names the same columns of `Entry`."""
    found = iter(rows)
    first = next(found, None)
    if first is None:
        return
    names = tuple(first)
    unknown = set(names) - set(inspect(Entry).columns.keys())
    if unknown:
        raise ValueError(f"no columns of entry: {sorted(unknown)}")
    command = sql.SQL("COPY entry ({}) FROM STDIN").format(sql.SQL(", ").join(map(sql.Identifier, (*names, *_FRESH))))
    fresh = tuple(_FRESH.values())
    connection: Any = db.session.connection().connection.driver_connection
    with connection.cursor() as cursor, cursor.copy(command) as copy:
        copy.write_row((*_values(first, names), *fresh))
        for row in found:
            copy.write_row((*_values(row, names), *fresh))


def _values(row: Mapping[str, Any], names: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple([_as_json(row[name]) if name in _JSON else row[name] for name in names])


_as_json = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode
"""One encoder for all: `json.dumps` would make a new one for each value."""
