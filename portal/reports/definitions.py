"""The report forms there are: definition files that come with the program, and those of this portal's own folder."""

import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from portal.domain.report_forms import Form, FormRefused, read_form

DELIVERED = Path(__file__).resolve().parent / "forms"


@dataclass(frozen=True)
class Definition:
    """A form with what its file says, to be kept with the first period that uses it."""

    form: Form
    said: Mapping[str, Any]
    sha256: str


def read_definition(path: Path) -> Definition:
    """The form of one file. Raises FormRefused where it cannot be used; the file's name stands in the words."""
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FormRefused(path.name, [str(error)]) from error
    return Definition(read_form(said, path.name), said, digest_of(said))


def known(own_folder: Path) -> dict[str, Definition]:
    """The newest version of every form by key: the delivered ones, then those of the portal's own folder."""
    found: dict[str, Definition] = {}
    for path in _files(own_folder):
        each = _read(path, path.stat().st_mtime_ns)
        older = found.get(each.form.key)
        if older is None or each.form.version >= older.form.version:
            found[each.form.key] = each
    return found


def digest_of(said: Mapping[str, Any]) -> str:
    """The SHA-256 of a definition, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _files(own_folder: Path) -> Iterator[Path]:
    yield from sorted(DELIVERED.glob("*.toml"))
    if own_folder.is_dir():
        yield from sorted(own_folder.glob("*.toml"))


@cache
def _read(path: Path, _changed: int) -> Definition:
    return read_definition(path)
