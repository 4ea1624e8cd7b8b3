"""`portal check FILE.xlsx`: class a platform export without storing anything, without database or data folder."""

import json
import sys
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from portal.cli.languages import language_option
from portal.domain.phrases import count_words
from portal.domain.wording import say
from portal.languages import in_language

if TYPE_CHECKING:
    from portal.domain.findings import Finding
    from portal.spreadsheets.results import CheckedRow, CheckResult

Tell = Callable[[str], str]
_SHOWN_ROWS = 20
_EXIT_REFUSED = 2


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Kết quả cho máy đọc (JSON).")
@click.option("--sheet", default=None, help="Tên trang tính cần đọc.")
@language_option
@click.pass_context
def check(context: click.Context, file: Path, as_json: bool, sheet: str | None, language: str) -> None:
    """Kiểm tra tệp Excel xuất từ Nền tảng: dòng, loại lỗi, gợi ý, lý do. Không lưu gì. Mã thoát 2: tệp bị từ chối."""
    from portal.clock import today
    from portal.spreadsheets.checking import check_workbook

    result = check_workbook(file, today=today(), sheet=sheet)
    told = partial(in_language, language=language)
    if as_json:
        _print_json(result, told)
    else:
        click.echo("\n".join(_lines(file.name, result, told)))
    if result.refused:
        context.exit(_EXIT_REFUSED)


def _print_json(result: "CheckResult", told: Tell) -> None:
    """The answer with the keys of design section 6, one entry to a line so that large files stay readable."""
    head = {"rows": result.rows, "accepted": result.accepted, "parked": result.parked, "sheet": result.sheet}
    refused = {"code": result.refused.code, "message": told(result.refused.message)} if result.refused else None
    tail = {
        "findings": [_finding(finding, told) for finding in result.findings],
        "sheets": [{"name": sheet.name, "rows": sheet.rows, "hidden": sheet.hidden} for sheet in result.sheets],
        "header_row": result.header_row,
        "columns": dict(result.mapping.columns),
        "refused": refused,
    }
    click.echo(f'{_dump(head)[:-1]}, "entries": [')
    last = len(result.entries) - 1
    sys.stdout.writelines(
        _dump(_entry(entry, told)) + (",\n" if place < last else "\n") for place, entry in enumerate(result.entries)
    )
    click.echo(f"], {_dump(tail)[1:]}")


def _finding(finding: "Finding", told: Tell) -> dict[str, Any]:
    return {**finding.as_dict(), "message": told(finding.message), "evidence": told(finding.evidence)}


def _entry(entry: "CheckedRow", told: Tell) -> dict[str, Any]:
    return {
        "row": entry.row,
        "status": entry.status,
        "village": entry.village,
        "classes": list(entry.classes),
        "findings": [_finding(finding, told) for finding in entry.findings],
        "suggestions": entry.suggestions,
    }


def _dump(values: object) -> str:
    return json.dumps(values, ensure_ascii=False)


def _lines(name: str, result: "CheckResult", told: Tell) -> list[str]:
    """The summary for people."""
    if result.refused:
        refused = told(say("Không đọc tệp {name}.", name=name))
        return [refused, f"  {told(result.refused.message)}", *_file_lines(result, told)]
    from portal.domain.error_classes import ErrorClass, error_class_label

    accepted = [entry for entry in result.entries if entry.status == "accepted"]
    classes = Counter(error_class for entry in accepted for error_class in entry.classes)
    villages = Counter(entry.village or told(say("thôn chưa rõ")) for entry in accepted)
    right = sum(not entry.classes for entry in accepted)
    where = say(
        "Tệp {name}, trang «{sheet}», tiêu đề ở dòng {row}", name=name, sheet=result.sheet, row=result.header_row
    )
    counts = say(
        "{rows} dòng: {accepted} đọc được, {parked} giữ lại",
        rows=count_words(result.rows),
        accepted=count_words(result.accepted),
        parked=count_words(result.parked),
    )
    return [
        told(where),
        f"  {told(counts)}",
        "",
        told(say("Loại lỗi")),
        *(
            f"  {error_class:<4}{told(error_class_label(error_class)):<44}{told(count_words(count)):>8}"
            for error_class in ErrorClass
            if (count := classes[error_class])
        ),
        f"  {'':<4}{told(say('Không thấy lỗi')):<44}{told(count_words(right)):>8}",
        "",
        told(say("Thôn")),
        *(f"  {village:<48}{told(count_words(count)):>8}" for village, count in sorted(villages.items())),
        *_file_lines(result, told),
        *_row_lines(result, told),
    ]


def _file_lines(result: "CheckResult", told: Tell) -> list[str]:
    if not result.findings:
        return []
    return ["", told(say("Về tệp")), *(f"  {told(finding.message)}" for finding in result.findings)]


def _row_lines(result: "CheckResult", told: Tell) -> list[str]:
    """The first rows with something to do."""
    doubtful = [entry for entry in result.entries if entry.classes or entry.status == "parked"]
    lines = [
        "  " + told(say("Dòng {row}: {message}", row=entry.row, message=finding.message))
        for entry in doubtful[:_SHOWN_ROWS]
        for finding in entry.findings
        if finding.severity != "note"
    ]
    if len(doubtful) > _SHOWN_ROWS:
        left = count_words(len(doubtful) - _SHOWN_ROWS)
        lines.append("  " + told(say("… và {count} dòng nữa (xem đủ bằng --json)", count=left)))
    return ["", told(say("Dòng cần xem")), *lines] if lines else []
