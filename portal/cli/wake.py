"""`portal wake`: let a person in again where no administrator can."""

import click

from portal.domain.errors import DomainError
from portal.settings import Settings


@click.command
@click.argument("username")
@click.option("--without-factor", is_flag=True, help="Tắt cả xác thực hai bước (mất điện thoại và mã dự phòng).")
def wake(username: str, *, without_factor: bool) -> None:
    """Đánh thức một tài khoản đã tạm ngủ, khi không còn quản trị viên nào vào được. Mật khẩu giữ nguyên."""
    from portal.services import waking
    from portal.services.standalone import opened

    settings = Settings.from_environment()
    if settings.mode is None:
        raise DomainError(f"Chưa có cổng nào ở {settings.home}.")
    with opened(settings):
        waking.wake(username, without_factor=without_factor)
    click.echo(
        f"Tài khoản {username} đăng nhập lại được bằng mật khẩu đang có"
        + (", không cần mã xác thực hai bước." if without_factor else ".")
    )
