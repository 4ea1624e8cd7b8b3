"""The console script `portal`. A command's module is loaded when it is used, so `portal check` starts at once."""

import importlib
import sys
from typing import Any

import click

from portal.domain.errors import DomainError
from portal.settings import SettingsRefused

COMMANDS = {
    "init": ("portal.cli.init:init", "Lập một cổng thật, còn trống: khóa nội bộ, đơn vị, quản trị viên đầu tiên."),
    "demo": ("portal.cli.demo:demo", "Nạp dữ liệu trình diễn (dữ liệu giả) vào một cổng còn trống."),
    "serve": ("portal.cli.serve:serve", "Chạy cổng: cơ sở dữ liệu, trang web và tiến trình nền."),
    "worker": ("portal.jobs.worker:worker", "Chạy thêm một tiến trình nền."),
    "renew-key": ("portal.cli.keys:renew", "Thay khóa của dấu điện tử hoặc của cơ quan cấp dấu thời gian."),
    "wake": ("portal.cli.wake:wake", "Đánh thức một tài khoản tạm ngủ khi không còn quản trị viên nào vào được."),
    "tsa": ("portal.cli.tsa:tsa", "Chạy riêng cơ quan cấp dấu thời gian nội bộ."),
    "check": ("portal.cli.check:check", "Kiểm tra một tệp Excel mà không lưu gì."),
    "verify": ("portal.cli.verify:verify", "Kiểm tra biên bản đã ký, không cần mạng hay cơ sở dữ liệu."),
    "roots": ("portal.cli.roots:roots", "Ghi bộ tin cậy (chứng thư gốc, danh sách thu hồi) để kiểm tra ngoại tuyến."),
    "log": ("portal.cli.log:log", "Kiểm tra nhật ký sự kiện, các điểm neo và tệp đã lưu với nhau."),
    "journey": ("portal.cli.journey:journey", "Đưa một đợt thử đi hết các bước và để lại biên bản đã ký."),
    "backup": ("portal.cli.backup:backup", "Sao lưu toàn bộ cổng vào một tệp."),
    "restore": ("portal.cli.backup:restore", "Khôi phục cổng từ tệp sao lưu, có kiểm tra lại."),
    "bench": ("portal.cli.bench:bench", "Đo tốc độ và in số liệu."),
}


def load(place: str) -> Any:  # noqa: ANN401
    """The object at `module:name`, its module loaded now."""
    module, _, name = place.partition(":")
    return getattr(importlib.import_module(module), name)


class LazyGroup(click.Group):
    """Commands known by name and one line of help; refusals end as one sentence, not as a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Names in the order in which a new portal needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command, its module loaded now."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = load(COMMANDS[cmd_name][0])
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The list for `portal --help`, without loading any command."""
        with formatter.section("Lệnh"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401
        """Run the command; what the rules refuse is told in its own words, exit code 2."""
        try:
            return super().invoke(ctx)
        except DomainError as refusal:
            message = refusal.message
        except SettingsRefused as refusal:
            message = str(refusal)
        click.echo(message, err=True)
        sys.exit(2)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Bàn giao: chuyển danh sách cần làm sạch giữa trạm y tế, thôn và công an xã, có biên bản ký hai bên."""
