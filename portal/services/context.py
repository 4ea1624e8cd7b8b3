"""What services stand on besides the database: the file store, the settings, the portal's seal and its time.

Set once per process by the composition root (`portal.app.create_app`) or by a command; services read it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from portal.clock import now
from portal.settings import INTERNAL_TSA, Settings
from portal.storage import FileStore

if TYPE_CHECKING:
    from pyhanko.sign.timestamps import TimeStamper

    from portal.signatures.keys import SigningKey


@dataclass(frozen=True)
class Ground:
    """The parts of one portal that a service may reach for."""

    settings: Settings
    store: FileStore

    @classmethod
    def of(cls, settings: Settings) -> "Ground":
        """The ground of the portal these settings describe."""
        return cls(settings=settings, store=FileStore(settings.files_folder))

    def seal(self) -> "SigningKey":
        """The portal's seal, loaded at the first use. Raises DomainError where `portal init` has not made one."""
        from portal.signatures.keys import load_seal

        return load_seal(self.settings.authority_folder)

    @cached_property
    def authorities(self) -> "TimeStamper":
        """The time-stamp authorities of the settings, in their order; one object for the whole process."""
        from portal.services.authority import trusted_roots
        from portal.signatures.stamping import Authorities

        return Authorities(self._tsa_addresses, lambda: trusted_roots(self.settings), now)

    def stamper(self) -> "TimeStamper":
        """Where time-stamps come from now."""
        return _invented[-1] if _invented else self.authorities

    def _tsa_addresses(self) -> list[str]:
        own = self.settings.tsa_address_file
        found = []
        for url in self.settings.tsa_urls or (INTERNAL_TSA,):
            if url != INTERNAL_TSA:
                found.append(url)
            elif own.exists():
                found.append(own.read_text(encoding="utf-8").strip())
        return found


_standing: list[Ground] = []
_invented: list["TimeStamper"] = []


@contextmanager
def time_from(stamper: "TimeStamper") -> Iterator[None]:
    """Take time-stamps from `stamper` in this process while the block runs: a demonstration's past, and tests."""
    _invented.append(stamper)
    try:
        yield
    finally:
        _invented.remove(stamper)


def stand_on(of_portal: Ground) -> None:
    """Set this process's ground; a later call replaces it (tests make several apps)."""
    _standing[:] = [of_portal]


def ground() -> Ground:
    """The ground set by the composition root. Raises RuntimeError before that."""
    if not _standing:
        raise RuntimeError("portal.services.context.stand_on() has not been called")
    return _standing[0]
