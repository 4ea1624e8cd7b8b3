"""`portal backup` and `portal restore`: one file for the whole portal."""

import sys
from pathlib import Path

import click

from portal import embedded
from portal.clock import now
from portal.domain.errors import DomainError
from portal.settings import Settings

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command
@click.argument("file", type=FILE)
def backup(file: Path) -> None:
    """Sao lưu toàn bộ cổng (cơ sở dữ liệu, tệp đã lưu, khóa của CA nội bộ) vào FILE; cổng vẫn chạy được."""
    from portal.services.backup.make import make_backup

    settings = Settings.from_environment()
    if settings.mode is None and settings.database_url is None:
        raise DomainError(f"Cổng ở {settings.home} còn trống, chưa có gì để sao lưu.")
    with embedded.running(settings) as urls:
        contents, complaints = make_backup(settings, urls, file.resolve(), now=now())
    click.echo(
        f"Đã sao lưu {contents.rows} dòng của {len(contents.tables)} bảng và {contents.files} tệp vào {file}.\n"
        "Tệp này chứa dữ liệu công dân và khóa của CA nội bộ: chỉ người quản trị được giữ."
    )
    if complaints:
        click.echo("CẢNH BÁO, kho lưu trữ đã có sẵn lỗi:\n" + "\n".join(complaints), err=True)
        sys.exit(1)


@click.command
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Khôi phục cổng từ FILE vào thư mục trống (BANGIAO_HOME) và cơ sở dữ liệu trống; kiểm tra lại mọi thứ."""
    from portal.services.backup.restore import restore_backup

    settings = Settings.from_environment()
    contents = restore_backup(settings, file)
    click.echo(
        f"Đã khôi phục và kiểm tra {contents.rows} dòng của {len(contents.tables)} bảng "
        f"và {contents.files} tệp vào {settings.home} (sao lưu lúc {contents.made_at}).\n"
        "Chạy cổng bằng: portal serve"
    )
