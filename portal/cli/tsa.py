"""`portal tsa`: the portal's own time-stamp authority, on this machine alone; `portal serve` runs it."""

import signal
import threading

import click

from portal.clock import now
from portal.services.authority import ensure_authority
from portal.settings import Settings
from portal.signatures.time_service import TimeService


@click.command
def tsa() -> None:
    """Chạy cơ quan cấp dấu thời gian nội bộ (RFC 3161) trên máy này («portal serve» tự chạy)."""
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    settings = Settings.from_environment()
    ensure_authority(settings, now=now())
    service = TimeService(settings.authority_folder)
    threading.Thread(target=service.serve_forever, daemon=True).start()
    file = settings.tsa_address_file
    file.parent.mkdir(mode=0o711, exist_ok=True)
    draft = file.with_name(f"{file.name}.new")
    draft.write_text(service.address, encoding="utf-8")
    draft.replace(file)
    stopping.wait()
    file.unlink(missing_ok=True)
