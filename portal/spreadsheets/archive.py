"""The container of a workbook, looked at before anything parses it: kind, size, parts, and what must not be in it."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

from portal.domain.wording import say
from portal.spreadsheets.refusals import (
    FILE_LIMIT,
    PARTS_LIMIT,
    RATIO_LIMIT,
    UNPACKED_LIMIT,
    FileRefused,
)

_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_LOCAL_HEADER = 30
_RATIO_FREE = 1024 * 1024
_ENCRYPTED_FLAG = 0x1

_ACTIVE_PARTS = (
    ("vbaproject", "macro (vbaProject.bin)"),
    ("xl/macrosheets/", "trang macro"),
    ("xl/externallinks/", say("liên kết tới tệp khác (externalLink)")),
    ("xl/embeddings/", say("đối tượng nhúng OLE")),
    ("xl/activex/", say("điều khiển ActiveX")),
)
_OTHER_KINDS = (
    ("word/document.xml", say("là tệp Word")),
    ("ppt/presentation.xml", say("là tệp PowerPoint")),
    ("xl/workbook.bin", say("là Excel dạng .xlsb")),
    ("content.xml", say("là tệp LibreOffice (.ods, .odt)")),
)


def check_file(path: Path) -> None:
    """Refuse by the file's size and first bytes, reading no more than the file itself. Raises FileRefused."""
    size = path.stat().st_size
    if size == 0:
        raise FileRefused("empty_file")
    if size > FILE_LIMIT:
        raise FileRefused("too_large", f"{size / 1024 / 1024:.1f}".replace(".", ","))
    with path.open("rb") as file:
        head = file.read(8)
        if head == _OLE_MAGIC:
            is_encrypted = _ENCRYPTED_STREAM in file.read()
            raise FileRefused(*(("password",) if is_encrypted else ("not_xlsx", say("là dạng cũ .xls"))))
    if not head.startswith(b"PK"):
        raise FileRefused("not_xlsx", say("là dạng khác (như .csv hoặc trang web) được đổi tên"))


def check_archive(archive: zipfile.ZipFile) -> None:
    """Refuse an archive whose directory alone shows that it should not be unpacked. Raises FileRefused."""
    parts = archive.infolist()
    names = [part.filename.lower() for part in parts]
    if len(parts) > PARTS_LIMIT:
        raise FileRefused("structure", say("{count} phần, tối đa {most}", count=len(parts), most=PARTS_LIMIT))
    if len(set(names)) != len(names):
        raise FileRefused("structure", say("có hai phần cùng tên"))
    if any(part.flag_bits & _ENCRYPTED_FLAG for part in parts):
        raise FileRefused("password")
    _check_kind(names)
    _check_sizes(parts)
    _check_overlaps(archive, parts)
    for name in names:
        for prefix, words in _ACTIVE_PARTS:
            if prefix in name:
                raise FileRefused("active_content", words)


def xml_parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    """Every XML part, unpacked and whole, after a look for DTDs. Raises FileRefused."""
    for part in archive.infolist():
        name = part.filename
        if not name.lower().endswith((".xml", ".rels", ".vml")):
            continue
        try:
            content = archive.read(part)
        except Exception as error:
            # The unpacker raises many kinds: bad checksum, bad deflate stream, unknown method.
            raise FileRefused("cut_file") from error
        # Office itself writes some custom parts in UTF-16, but never a part of the workbook.
        if name.lower().startswith("xl/") and b"\0" in content[:64]:
            raise FileRefused("structure", say("bảng mã lạ trong {name}", name=name))
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
            raise FileRefused("dtd", say("khai báo DTD trong {name}", name=name))
        if name.lower() == "[content_types].xml" and b"macroEnabled" in content:
            raise FileRefused("active_content", "macro (.xlsm)")
        yield name, content


def _check_kind(names: list[str]) -> None:
    if "xl/workbook.xml" in names:
        return
    kind = next((words for part, words in _OTHER_KINDS if part in names), say("là tệp nén khác"))
    raise FileRefused("not_xlsx", kind)


def _check_sizes(parts: list[zipfile.ZipInfo]) -> None:
    if sum(part.file_size for part in parts) > UNPACKED_LIMIT:
        raise FileRefused("structure", say("bung ra hơn 100 MB, có thể do định dạng thừa ở các dòng trống"))
    for part in parts:
        if part.file_size > _RATIO_FREE and part.file_size > RATIO_LIMIT * max(part.compress_size, 1):
            raise FileRefused("structure", say("phần {name} nén quá mức bình thường", name=part.filename))


def _check_overlaps(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    ordered = sorted(parts, key=lambda part: part.header_offset)
    ends = [part.header_offset for part in ordered[1:]] + [archive.start_dir]
    for part, end in zip(ordered, ends, strict=True):
        if part.header_offset + _LOCAL_HEADER + len(part.filename) + part.compress_size > end:
            raise FileRefused("structure", say("các phần chồng lên nhau"))
