"""Whether the portal can really work: each check does the act itself once."""

import logging
from collections.abc import Callable
from contextlib import suppress
from secrets import token_hex

from sqlalchemy import text

from portal.models import db
from portal.services.context import ground

_log = logging.getLogger(__name__)


def check() -> dict[str, bool]:
    """`database`, `store`, `seal`: whether each did its work just now."""
    return {"database": _tried(_ask_database), "store": _tried(_write_file), "seal": _tried(_load_seal)}


def _tried(act: Callable[[], None]) -> bool:
    try:
        act()
    except Exception as fault:
        _log.warning("health: %s", type(fault).__name__)
        return False
    return True


def _ask_database() -> None:
    db.session.execute(text("SELECT 1")).scalar_one()


def _write_file() -> None:
    folder = ground().settings.files_folder
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    probe = folder / f".probe.{token_hex(8)}"
    try:
        probe.write_bytes(b"ok")
    finally:
        with suppress(FileNotFoundError):
            probe.unlink()


def _load_seal() -> None:
    ground().seal()
