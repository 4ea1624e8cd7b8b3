"""`portal init`: a real, empty portal: internal CA, seal, units, the first administrator."""

from pathlib import Path

import click

from portal.clock import now
from portal.domain.errors import DomainError
from portal.settings import REAL, Settings, record_mode


@click.command
@click.option("--admin-username", prompt="Tên đăng nhập của quản trị viên", help="Tên đăng nhập của quản trị viên.")
@click.option("--admin-name", prompt="Họ và tên quản trị viên", help="Họ và tên quản trị viên.")
@click.option(
    "--password-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Tệp chứa mật khẩu (dòng đầu); không có thì chương trình hỏi.",
)
@click.option(
    "--units",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Tệp CSV các đơn vị (UTF-8): code,kind,name,parent_code,… Xem docs/operations.md.",
)
def init(admin_username: str, admin_name: str, password_file: Path | None, units: Path | None) -> None:
    """Lập một cổng thật, còn trống. Chạy một lần, trước «portal serve»."""
    from portal.services.authority import ensure_authority
    from portal.services.setup import initialise
    from portal.services.standalone import opened

    settings = Settings.from_environment()
    if settings.mode is not None:
        kind = "bản trình diễn" if settings.demo else "cổng thật"
        raise DomainError(
            f"Thư mục {settings.home} đã có một {kind}. Hãy đặt BANGIAO_HOME sang thư mục khác nếu muốn lập cổng mới."
        )
    password = _password(password_file)
    units_csv = units.read_text(encoding="utf-8-sig") if units else None
    with opened(settings) as ready:
        ensure_authority(ready, now=now())
        initialise(
            admin_username=admin_username,
            admin_name=admin_name,
            admin_password=password,
            units_csv=units_csv,
            now=now(),
        )
        record_mode(ready, REAL)
    click.echo(
        f"Đã lập cổng ở {settings.home}.\n"
        f"Khóa của CA nội bộ nằm trong {settings.authority_folder}: hãy sao lưu riêng và giữ kín.\n"
        "Chạy cổng bằng: portal serve"
    )


def _password(file: Path | None) -> str:
    if file is None:
        text: str = click.prompt("Mật khẩu (ít nhất 14 ký tự)", hide_input=True, confirmation_prompt="Nhập lại")
        return text
    lines = file.read_text(encoding="utf-8").splitlines()
    if not lines or not lines[0]:
        raise DomainError(f"Tệp {file} không có mật khẩu ở dòng đầu. Hãy ghi mật khẩu vào dòng đầu rồi chạy lại.")
    return lines[0]
