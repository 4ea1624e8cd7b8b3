"""`portal verify`: the offline verdict on signed files; needs neither database nor data folder."""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import click

from portal.cli.languages import language_option
from portal.clock import now
from portal.domain.errors import DomainError
from portal.domain.wording import say
from portal.evidence.canonical import sha256_hex
from portal.languages import in_language
from portal.verification.files import verify_paths
from portal.verification.roots import TrustBundle, read_bundle
from portal.verification.verdicts import WORDS, Verdict, Word, overall

EXIT_CODES = {Word.GENUINE: 0, Word.NOT_GENUINE: 1, Word.UNDECIDED: 2}

NOTHING_FOUND = say("Không có tệp PDF nào trong thư mục.")
DRAWN = say("hình từng trang (trái: đã ký, phải: tệp này)")


@click.command("verify", help="Kiểm tra ngoại tuyến chữ ký của tệp PDF, hoặc mọi tệp PDF trong thư mục.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--roots", type=click.Path(path_type=Path), help="Bộ tin cậy (PEM): chứng thư gốc, có thể kèm danh sách thu hồi."
)
@click.option("--json", "as_json", is_flag=True, help="Trả lời bằng JSON.")
@click.option(
    "--pictures",
    type=click.Path(path_type=Path, file_okay=False),
    help="Thư mục nhận hình các trang bị sửa: trái là bản đã ký, phải là tệp này.",
)
@click.option(
    "--original",
    type=click.Path(path_type=Path),
    help="Bản gốc để so, khi phần đã ký của tệp bị sửa (dùng với --pictures).",
)
@language_option
def verify(
    paths: Sequence[Path],
    roots: Path | None,
    as_json: bool,
    pictures: Path | None,
    original: Path | None,
    language: str,
) -> None:
    """Exit 0 where all are genuine, 1 where one is not, 2 where one cannot be decided or nothing was found."""
    told = partial(in_language, language=language)
    try:
        trusted = read_bundle(roots.read_bytes()) if roots else TrustBundle(())
        verdicts = verify_paths(paths, trusted.roots, now=now(), lists=trusted.lists)
        told_more = {each.path: _altered(each, trusted, pictures, original) for each in verdicts if pictures}
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
        click.echo(json.dumps([_plain(each, told_more, told) for each in verdicts], ensure_ascii=False, indent=2))
    else:
        click.echo("\n\n".join(_words(each, told_more, told) for each in verdicts) or told(NOTHING_FOUND))
    sys.exit(EXIT_CODES[overall([each.verdict for each in verdicts])])


@dataclass(frozen=True)
class Altered:
    """What was altered in a file, and the pictures that were written of it."""

    named: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()


def _altered(verdict: Verdict, trusted: TrustBundle, folder: Path | None, original: Path | None) -> Altered:
    """Name what was altered in a PDF (or in a package's) that is not genuine; write its pages side by side.

    They show citizens' data: only who runs the command may read them.
    """
    path = Path(verdict.path)
    data = path.read_bytes() if verdict.verdict is Word.NOT_GENUINE else b""
    if folder is None or not data:
        return Altered()
    from portal.documents.page_differences import side_by_side
    from portal.verification.apart import alterations_apart, altered_record_apart

    if not data.startswith(b"%PDF-"):
        inside = altered_record_apart(data, trusted.roots, now=now(), lists=trusted.lists)
        if inside is None:
            return Altered()
        path, data = path / inside[0], inside[1]

    kept = original.read_bytes() if original else b""
    found, _ = alterations_apart(data, trusted.roots, now=now(), lists=trusted.lists, original=kept)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Files of one name in two folders, or of one stem, each get pictures of their own.
    stem = f"{path.stem}-{sha256_hex(str(path.absolute()).encode())[:8]}"
    written = []
    for pair in found.pages:
        picture = folder / f"{stem}-trang-{pair.number:02d}.png"
        picture.unlink(missing_ok=True)
        picture.touch(mode=0o600, exist_ok=False)
        picture.write_bytes(side_by_side(pair))
        written.append(str(picture))
    return Altered(found.named, tuple(written))


def _plain(verdict: Verdict, told_more: dict[str, Altered], told: Callable[[str], str]) -> dict[str, Any]:
    plain, more = verdict.as_dict(), told_more.get(verdict.path)
    lines = [{**line, "text": told(line["text"])} for line in plain["lines"]]
    plain |= {"lines": lines, "reason": told(plain["reason"]), "advice": told(plain["advice"])}
    if more is None:
        return plain
    return {**plain, "altered": [told(each) for each in more.named], "pictures": more.pictures}


def _words(verdict: Verdict, told_more: dict[str, Altered], told: Callable[[str], str]) -> str:
    lines = [f"{verdict.path}: {told(WORDS[verdict.verdict]).upper()}"]
    for line in verdict.lines:
        lines.append(f"  {line.mark} {told(line.heading)}: {told(line.text)}")
    more = told_more.get(verdict.path, Altered())
    lines += [f"  · {told(each)}" for each in more.named]
    lines += [f"  · {told(DRAWN)}: {each}" for each in more.pictures]
    return "\n".join(lines)


def _refuse(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(EXIT_CODES[Word.UNDECIDED])
