"""`portal verify`: the offline verdict on signed files; needs neither database nor data folder."""

import json
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import click

from portal.cli.languages import language_option
from portal.clock import now
from portal.domain.errors import DomainError
from portal.domain.wording import say
from portal.languages import in_language
from portal.verification.files import verify_paths
from portal.verification.roots import TrustBundle, read_bundle
from portal.verification.verdicts import WORDS, Verdict, Word, overall

EXIT_CODES = {Word.GENUINE: 0, Word.NOT_GENUINE: 1, Word.UNDECIDED: 2}
HEADINGS = {
    "intact": say("Nguyên vẹn"),
    "unchanged": say("Không thêm gì về sau"),
    "signers": say("Ai ký, với tư cách gì"),
    "time": say("Khi nào, theo đồng hồ nào"),
    "provable": say("Còn chứng minh được"),
    "records": say("Biên bản trong gói"),
    "log": say("Nhật ký sự kiện"),
}

NOTHING_FOUND = say("Không có tệp PDF nào trong thư mục.")


@click.command("verify", help="Kiểm tra ngoại tuyến chữ ký của tệp PDF, hoặc mọi tệp PDF trong thư mục.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--roots", type=click.Path(path_type=Path), help="Bộ tin cậy (PEM): chứng thư gốc, có thể kèm danh sách thu hồi."
)
@click.option("--json", "as_json", is_flag=True, help="Trả lời bằng JSON.")
@language_option
def verify(paths: Sequence[Path], roots: Path | None, as_json: bool, language: str) -> None:
    """Exit 0 where all are genuine, 1 where one is not, 2 where one cannot be decided or nothing was found."""
    told = partial(in_language, language=language)
    try:
        trusted = read_bundle(roots.read_bytes()) if roots else TrustBundle(())
        verdicts = verify_paths(paths, trusted.roots, now=now(), lists=trusted.lists)
    except OSError as error:
        fault = say(
            "Không đọc được {file}: {why}. Hãy kiểm tra đường dẫn và quyền đọc.",
            file=error.filename,
            why=error.strerror,
        )
        _refuse(told(fault))
    except DomainError as error:
        _refuse(told(error.message))
    if as_json:
        click.echo(json.dumps([_plain(each, told) for each in verdicts], ensure_ascii=False, indent=2))
    else:
        click.echo("\n\n".join(_words(each, told) for each in verdicts) or told(NOTHING_FOUND))
    sys.exit(EXIT_CODES[overall([each.verdict for each in verdicts])])


def _plain(verdict: Verdict, told: Callable[[str], str]) -> dict[str, Any]:
    plain = verdict.as_dict()
    return {**plain, "lines": [{**line, "text": told(line["text"])} for line in plain["lines"]]}


def _words(verdict: Verdict, told: Callable[[str], str]) -> str:
    lines = [f"{verdict.path}: {told(WORDS[verdict.verdict]).upper()}"]
    for line in verdict.lines:
        mark = "✓" if line.ok else "✗"
        lines.append(f"  {mark} {told(HEADINGS[line.name])}: {told(line.text)}")
    return "\n".join(lines)


def _refuse(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(EXIT_CODES[Word.UNDECIDED])
