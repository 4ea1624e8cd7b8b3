"""The demonstration's workbooks, kept in `<home>/demo` so that the import can be tried with them."""

from dataclasses import dataclass
from pathlib import Path

from portal.domain.errors import NotFound
from portal.services.context import ground


@dataclass(frozen=True)
class DemonstrationWorkbook:
    """A workbook to try the import with: file name, what it shows, where it lies."""

    name: str
    words: str
    path: Path


WORDS = {
    "tramtau-chua-nhap.xlsx": "Trạm Tấu: 60 người, chưa nhập, có đủ các kiểu lỗi thường gặp",
    "hanhphuc-chua-nhap.xlsx": "Hạnh Phúc: 60 người, chưa nhập, có đủ các kiểu lỗi thường gặp",
    "tramtau-dot-1.xlsx": "Trạm Tấu, đợt 1: đã nhập (nhập lại thì không tạo thêm gì)",
    "tramtau-dot-2.xlsx": "Trạm Tấu, đợt 2: đã nhập (nhập lại thì không tạo thêm gì)",
    "hanhphuc-dot-1.xlsx": "Hạnh Phúc, đợt 1: đã nhập (nhập lại thì không tạo thêm gì)",
    "hanhphuc-dot-2.xlsx": "Hạnh Phúc, đợt 2: đã nhập (nhập lại thì không tạo thêm gì)",
}
"""File name → what it is, in the order in which they are offered."""


def demo_files() -> list[DemonstrationWorkbook]:
    """The workbooks that lie there; empty for a real portal."""
    settings = ground().settings
    if not settings.demo:
        return []
    folder = settings.home / "demo"
    found = [DemonstrationWorkbook(name, words, folder / name) for name, words in WORDS.items()]
    return [workbook for workbook in found if workbook.path.is_file()]


def demo_file(name: str) -> DemonstrationWorkbook:
    """The workbook of that name; only names of `demo_files` are known. Raises NotFound."""
    for workbook in demo_files():
        if workbook.name == name:
            return workbook
    raise NotFound("Không có tệp mẫu này.")


def keep_file(name: str, data: bytes) -> None:
    """Write a workbook where `demo_files` finds it."""
    folder = ground().settings.home / "demo"
    folder.mkdir(mode=0o700, exist_ok=True)
    (folder / name).write_bytes(data)
