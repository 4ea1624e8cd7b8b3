"""`portal log verify`: the event log, its signed heads and the stored files against each other."""

import json
import sys
from pathlib import Path

import click


@click.group("log", help="Nhật ký sự kiện: kiểm tra.")
def log() -> None:
    """The commands about the event log."""


@log.command("verify")
@click.option(
    "--witness",
    "witnesses",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Điểm neo (checkpoint) mà một bên đã giữ riêng; dùng được nhiều lần.",
)
@click.option("--json", "as_json", is_flag=True, help="Trả lời bằng JSON.")
def verify(witnesses: tuple[Path, ...], as_json: bool) -> None:
    """Đối chiếu nhật ký sự kiện, điểm neo và tệp đã lưu. Mã thoát 0: khớp cả; 1: có chỗ không khớp."""
    from portal.services.log_verification import verify_log
    from portal.services.standalone import opened
    from portal.settings import Settings

    notes = [(path.name, path.read_text(encoding="utf-8", errors="replace")) for path in witnesses]
    with opened(Settings.from_environment()):
        told = verify_log(notes)
    if as_json:
        answer = {
            "intact": told.intact,
            "leaves": told.leaves,
            "checkpoints": told.checkpoints,
            "witnesses": told.witnesses,
            "files": told.files,
            "findings": [{"code": each.code, "text": each.text} for each in told.findings],
        }
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        for each in told.findings:
            click.echo(f"✗ {each.text}")
        looked = f"{told.leaves} sự kiện, {told.checkpoints} điểm neo, {told.files} tệp"
        if told.witnesses:
            looked += f", {told.witnesses} bản chứng kiến"
        click.echo(f"{'KHỚP' if told.intact else 'KHÔNG KHỚP'}: đã đối chiếu {looked}.")
    sys.exit(0 if told.intact else 1)
