"""`portal verify`: the offline verdict on signed files; needs neither database nor data folder."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import click

from portal.clock import now
from portal.domain.errors import DomainError
from portal.verification.files import verify_paths
from portal.verification.roots import read_roots
from portal.verification.verdicts import WORDS, Verdict, Word, overall

EXIT_CODES = {Word.GENUINE: 0, Word.NOT_GENUINE: 1, Word.UNDECIDED: 2}
HEADINGS = {
    "intact": "Nguyên vẹn",
    "unchanged": "Không thêm gì về sau",
    "signers": "Ai ký, với tư cách gì",
    "time": "Khi nào, theo đồng hồ nào",
    "provable": "Còn chứng minh được",
    "records": "Biên bản trong gói",
    "log": "Nhật ký sự kiện",
}


@click.command("verify", help="Kiểm tra ngoại tuyến chữ ký của tệp PDF, hoặc mọi tệp PDF trong thư mục.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--roots", type=click.Path(path_type=Path), help="Tệp PEM chứa các chứng thư gốc được tin cậy.")
@click.option("--json", "as_json", is_flag=True, help="Trả lời bằng JSON.")
def verify(paths: Sequence[Path], roots: Path | None, as_json: bool) -> None:
    """Exit 0 where all are genuine, 1 where one is not, 2 where one cannot be decided or nothing was found."""
    try:
        anchors = read_roots(roots.read_bytes()) if roots else None
        verdicts = verify_paths(paths, anchors, now=now())
    except OSError as error:
        _refuse(f"Không đọc được {error.filename}: {error.strerror}. Hãy kiểm tra đường dẫn và quyền đọc.")
    except DomainError as error:
        _refuse(error.message)
    if as_json:
        click.echo(json.dumps([each.as_dict() for each in verdicts], ensure_ascii=False, indent=2))
    else:
        click.echo("\n\n".join(_words(each) for each in verdicts) or "Không có tệp PDF nào trong thư mục.")
    sys.exit(EXIT_CODES[overall([each.verdict for each in verdicts])])


def _words(verdict: Verdict) -> str:
    lines = [f"{verdict.path}: {WORDS[verdict.verdict].upper()}"]
    for line in verdict.lines:
        mark = "✓" if line.ok else "✗"
        lines.append(f"  {mark} {HEADINGS[line.name]}: {line.text}")
    return "\n".join(lines)


def _refuse(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(EXIT_CODES[Word.UNDECIDED])
