"""`portal check FILE.xlsx`: class a platform export without storing anything, without database or data folder."""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from portal.spreadsheets.results import CheckedRow, CheckResult

_SHOWN_ROWS = 20
_EXIT_REFUSED = 2


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Kết quả cho máy đọc (JSON).")
@click.option("--sheet", default=None, help="Tên trang tính cần đọc.")
@click.pass_context
def check(context: click.Context, file: Path, as_json: bool, sheet: str | None) -> None:
    """Kiểm tra tệp Excel xuất từ Nền tảng: dòng, loại lỗi, gợi ý, lý do. Không lưu gì. Mã thoát 2: tệp bị từ chối."""
    from portal.clock import today
    from portal.spreadsheets.checking import check_workbook

    result = check_workbook(file, today=today(), sheet=sheet)
    if as_json:
        _print_json(result)
    else:
        click.echo("\n".join(_lines(file.name, result)))
    if result.refused:
        context.exit(_EXIT_REFUSED)


def _print_json(result: "CheckResult") -> None:
    """The answer with the keys of design section 6, one entry to a line so that large files stay readable."""
    head = {"rows": result.rows, "accepted": result.accepted, "parked": result.parked, "sheet": result.sheet}
    refused = {"code": result.refused.code, "message": result.refused.message} if result.refused else None
    tail = {
        "findings": [finding.as_dict() for finding in result.findings],
        "sheets": [{"name": sheet.name, "rows": sheet.rows, "hidden": sheet.hidden} for sheet in result.sheets],
        "header_row": result.header_row,
        "columns": dict(result.mapping.columns),
        "refused": refused,
    }
    click.echo(f'{_dump(head)[:-1]}, "entries": [')
    last = len(result.entries) - 1
    sys.stdout.writelines(
        _dump(_entry(entry)) + (",\n" if place < last else "\n") for place, entry in enumerate(result.entries)
    )
    click.echo(f"], {_dump(tail)[1:]}")


def _entry(entry: "CheckedRow") -> dict[str, Any]:
    return {
        "row": entry.row,
        "status": entry.status,
        "village": entry.village,
        "classes": list(entry.classes),
        "findings": [finding.as_dict() for finding in entry.findings],
        "suggestions": entry.suggestions,
    }


def _dump(values: object) -> str:
    return json.dumps(values, ensure_ascii=False)


def _lines(name: str, result: "CheckResult") -> list[str]:
    """The summary for people."""
    if result.refused:
        return [f"Không đọc tệp {name}.", f"  {result.refused.message}", *_file_lines(result)]
    from portal.domain.error_classes import ErrorClass, error_class_label
    from portal.domain.phrases import count_words

    accepted = [entry for entry in result.entries if entry.status == "accepted"]
    classes = Counter(error_class for entry in accepted for error_class in entry.classes)
    villages = Counter(entry.village or "thôn chưa rõ" for entry in accepted)
    right = sum(not entry.classes for entry in accepted)
    return [
        f"Tệp {name}, trang «{result.sheet}», tiêu đề ở dòng {result.header_row}",
        f"  {count_words(result.rows)} dòng: {count_words(result.accepted)} nhận được, "
        f"{count_words(result.parked)} để riêng",
        "",
        "Loại lỗi",
        *(
            f"  {error_class:<4}{error_class_label(error_class):<44}{count_words(classes[error_class]):>8}"
            for error_class in ErrorClass
            if classes[error_class]
        ),
        f"  {'':<4}{'Không thấy lỗi':<44}{count_words(right):>8}",
        "",
        "Thôn",
        *(f"  {village:<48}{count_words(count):>8}" for village, count in sorted(villages.items())),
        *_file_lines(result),
        *_row_lines(result),
    ]


def _file_lines(result: "CheckResult") -> list[str]:
    return ["", "Về tệp", *(f"  {finding.message}" for finding in result.findings)] if result.findings else []


def _row_lines(result: "CheckResult") -> list[str]:
    """The first rows with something to do."""
    from portal.domain.phrases import count_words

    doubtful = [entry for entry in result.entries if entry.classes or entry.status == "parked"]
    lines = [
        f"  Dòng {entry.row}: {finding.message}"
        for entry in doubtful[:_SHOWN_ROWS]
        for finding in entry.findings
        if finding.severity != "note"
    ]
    if len(doubtful) > _SHOWN_ROWS:
        lines.append(f"  … và {count_words(len(doubtful) - _SHOWN_ROWS)} dòng nữa (xem đủ bằng --json)")
    return ["", "Dòng cần xem", *lines] if lines else []
