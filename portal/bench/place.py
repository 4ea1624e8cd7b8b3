"""A throw-away portal for measuring: its own embedded database with the demonstration's units and accounts."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from portal import clock, embedded
from portal.services.authority import ensure_authority
from portal.services.demonstration.accounts import create_accounts
from portal.services.demonstration.units import create_units
from portal.services.standalone import opened
from portal.services.unit_of_work import transaction
from portal.settings import DEMO, Settings


@contextmanager
def throw_away_portal() -> Iterator[Settings]:
    """A migrated portal with open context, removed afterwards whatever happened. DATABASE_URL is not used."""
    home = Path(tempfile.mkdtemp(prefix="bangiao-bench-"))
    settings = replace(Settings(home=home), mode=DEMO)
    try:
        with opened(settings) as ready:
            ensure_authority(ready, now=clock.now())
            with transaction():
                create_units()
                create_accounts()
            yield ready
    finally:
        embedded.discard(settings)
