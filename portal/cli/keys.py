"""`portal renew-key`: a new key for the seal or for the time-stamp authority."""

import click

from portal.clock import now
from portal.domain.errors import DomainError
from portal.services.authority import renew_key
from portal.settings import Settings


@click.command("renew-key")
@click.argument("which", type=click.Choice(["seal", "time"]))
def renew(which: str) -> None:
    """Thay khóa của dấu điện tử (seal) hoặc của cơ quan cấp dấu thời gian (time). Biên bản cũ vẫn kiểm tra được."""
    settings = Settings.from_environment()
    if settings.mode is None:
        raise DomainError(f"Chưa có cổng nào ở {settings.home}.")
    renew_key(settings, which, now=now())
    click.echo("Đã thay khóa. Hãy khởi động lại «portal serve» để mọi tiến trình dùng khóa mới.")
