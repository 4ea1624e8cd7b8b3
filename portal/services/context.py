"""What services stand on besides the database: the file store, the settings and the portal's seal.

Set once per process by the composition root (`portal.app.create_app`) or by a command; services read it.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.settings import Settings
from portal.storage import FileStore

if TYPE_CHECKING:
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


_standing: list[Ground] = []


def stand_on(of_portal: Ground) -> None:
    """Set this process's ground; a later call replaces it (tests make several apps)."""
    _standing[:] = [of_portal]


def ground() -> Ground:
    """The ground set by the composition root. Raises RuntimeError before that."""
    if not _standing:
        raise RuntimeError("portal.services.context.stand_on() has not been called")
    return _standing[0]
