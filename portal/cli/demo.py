"""`portal demo`: an empty portal becomes a demonstration, once; a real portal is never touched."""

from dataclasses import replace

import click

from portal.domain.errors import DomainError
from portal.settings import DEMO, REAL, Settings, record_mode


@click.command
def demo() -> None:
    """Nạp dữ liệu trình diễn (dữ liệu giả) vào một cổng còn trống. Chạy lại thì không đổi gì."""
    settings = Settings.from_environment()
    if settings.mode == REAL:
        raise DomainError(
            f"{settings.home} là một cổng thật, không nạp dữ liệu giả vào đó. "
            "Hãy đặt BANGIAO_HOME sang thư mục khác nếu muốn xem bản trình diễn."
        )
    if settings.mode == DEMO:
        click.echo(f"Bản trình diễn ở {settings.home} đã có, không đổi gì.")
        return
    from portal.services.demonstration.build import build_demonstration
    from portal.services.standalone import opened

    click.echo("Đang nạp dữ liệu trình diễn (dữ liệu giả, mất chừng nửa phút)…")
    with opened(replace(settings, mode=DEMO)) as ready:
        build_demonstration(click.echo)
        record_mode(ready, DEMO)
    click.echo(f"Đã nạp xong vào {settings.home}.")


def accounts_text() -> str:
    """The accounts with the password they share, for the terminal; needs no database."""
    from portal.services.demonstration.accounts import accounts_text as text

    return text()
