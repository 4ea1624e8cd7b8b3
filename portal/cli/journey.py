"""`portal journey`: one batch through every leg, through the same services as the pages, leaving what it signed."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click

from portal import embedded
from portal.domain.errors import DomainError
from portal.settings import DEMO, REAL, Settings


@click.command
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Thư mục kết quả.")
@click.option("--entries", default=300, show_default=True, type=click.IntRange(1, 20_000), help="Số người.")
@click.option("--seed", default=1, show_default=True, help="Hạt giống của dữ liệu giả.")
def journey(out: Path, entries: int, seed: int) -> None:
    """Đưa một đợt thử đi hết các bước: trạm, thôn, công an, trạm; để lại biên bản đã ký, tệp nhập, hồ sơ."""
    from portal.services.demonstration.journey import run_journey
    from portal.services.standalone import opened

    out.mkdir(parents=True, exist_ok=True)
    with _place() as (settings, throw_away), _own_time(settings) as timed, opened(timed, fast=throw_away):
        told = run_journey(out, entries=entries, seed=seed, say=click.echo)
    click.echo(f"Đã xong: {told.records} biên bản, {told.genuine} hợp lệ. Kết quả ở {out}")
    if told.genuine != told.records:
        raise DomainError("Có biên bản không kiểm tra được là hợp lệ; xem các dòng trên.")


@contextmanager
def _own_time(settings: Settings) -> Iterator[Settings]:
    """A time-stamp authority of its own while it runs, unless the settings name others."""
    from portal.clock import now
    from portal.services.authority import ensure_authority
    from portal.signatures import time_service

    if settings.tsa_urls:
        yield settings
        return
    ensure_authority(settings, now=now())
    with time_service.running(settings.authority_folder) as address:
        yield replace(settings, tsa_urls=(address,))


@contextmanager
def _place() -> Iterator[tuple[Settings, bool]]:
    """Where it runs: the database that DATABASE_URL names, else a throw-away portal that is gone afterwards."""
    settings = Settings.from_environment()
    if settings.database_url:
        if settings.mode == REAL:
            raise DomainError(
                f"{settings.home} là cổng thật; «portal journey» chỉ ghi dữ liệu thử. "
                "Hãy bỏ DATABASE_URL để dùng cơ sở dữ liệu tạm, hoặc đặt BANGIAO_HOME sang thư mục khác."
            )
        yield replace(settings, mode=DEMO), False
        return
    home = Path(tempfile.mkdtemp(prefix="bangiao-journey-"))
    throw_away = replace(settings, home=home, mode=DEMO)
    try:
        yield throw_away, True
    finally:
        embedded.discard(throw_away)
        shutil.rmtree(home, ignore_errors=True)
