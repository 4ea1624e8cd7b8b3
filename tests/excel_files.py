"""Makes the workbooks offices really send, and the hostile ones, one function each. Persons are invented."""

import datetime
import struct
import unicodedata
import zipfile
from pathlib import Path

import openpyxl
import xlsxwriter

HEADINGS = ("STT", "Họ và tên", "Ngày sinh", "Giới tính", "Số CCCD/CMND", "Số điện thoại", "Thôn/Bản")
PERSON = ("1", "Giàng A Páo", "01/02/1990", "Nam", "015090001234", "0912345678", "Thôn Km 17")
SECOND = ("2", "Sùng Thị Mỷ", "05/06/1992", "Nữ", "015192004321", "0987654321", "Thôn Hát")

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_BOOK = (
    f'<workbook xmlns="{_MAIN}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="DS" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
_BOOK_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
    'Target="worksheets/sheet1.xml"/></Relationships>'
)
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>'
)
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)


def workbook(path: Path, *rows, sheet="DS", headings=HEADINGS, titles=()):
    """A plain workbook: title rows, the header, then the rows with their values as they are given."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    for row in (*[(title,) for title in titles], headings, *rows):
        page.append(list(row))
    book.save(path)
    return path


def with_titles_and_merged_cells(path: Path):
    """X10: Quốc hiệu above the header, merged titles, a header of two rows and a row that numbers the columns."""
    book = openpyxl.Workbook()
    page = book.active
    page["A1"] = "ỦY BAN NHÂN DÂN XÃ HÁT LỪU"
    page["D1"] = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    page.merge_cells("D1:G1")
    page["A3"] = "DANH SÁCH ĐỐI TƯỢNG CẦN LÀM SẠCH"
    page.merge_cells("A3:G3")
    for place, heading in enumerate(("TT", "Họ và tên (*)", "NTNS", "Giới", "Giấy tờ", None, "Địa bàn"), start=1):
        page.cell(5, place, heading)
    for place, heading in ((5, "CCCD/CMND"), (6, "SĐT"), (7, "Thôn")):
        page.cell(6, place, heading)
    for column in "ABCD":
        page.merge_cells(f"{column}5:{column}6")
    page.merge_cells("E5:F5")
    for place in range(1, 8):
        page.cell(7, place, f"({place})")
    for place, value in enumerate(PERSON, start=1):
        page.cell(8, place, value)
    book.save(path)
    return path


def with_hidden_parts(path: Path):
    """X12: a hidden row, a hidden column and a hidden sheet."""
    workbook(path, PERSON, SECOND)
    book = openpyxl.load_workbook(path)
    book["DS"].row_dimensions[3].hidden = True
    book["DS"].column_dimensions["F"].hidden = True
    hidden = book.create_sheet("Cũ")
    hidden.append(list(HEADINGS))
    hidden.append(list(PERSON))
    hidden.sheet_state = "hidden"
    book.save(path)
    return path


def with_three_sheets(path: Path):
    """X13: a cover, a short list and a longer one."""
    workbook(path, PERSON, sheet="Ngắn")
    book = openpyxl.load_workbook(path)
    book.create_sheet("Bìa", 0).append(["Xã Hát Lừu"])
    longer = book.create_sheet("Dài")
    for row in (HEADINGS, PERSON, SECOND):
        longer.append(list(row))
    book.save(path)
    return path


def with_numbers_as_numbers(path: Path):
    """X14, X15: numbers typed as numbers have lost their zeros or digits."""
    return workbook(
        path,
        ("1", "Giàng A Páo", "01/02/1990", "Nam", 15090001234, 912345678, "Thôn Hát"),
        ("2", "Sùng Thị Mỷ", "05/06/1992", "Nữ", 1.5192004321e10, "", ""),
        ("3", "Lò Văn Ín", "1985", "Nam", 1234567890123456789.0, "", ""),
        ("4", "Hờ A Lử", 1985, "Nam", "1,5E+10", "", ""),
    )


def with_dates(path: Path, *, system_1904=False):
    """X21: real dates with and without a time part, in either date system."""
    book = xlsxwriter.Workbook(path, {"date_1904": system_1904})
    page = book.add_worksheet("DS")
    day = book.add_format({"num_format": "mm/dd/yyyy"})
    page.write_row(0, 0, HEADINGS)
    for row, moment in enumerate(
        (datetime.date(1990, 3, 27), datetime.datetime.fromisoformat("1990-06-05T14:30")), start=1
    ):
        page.write_row(row, 0, PERSON)
        page.write_datetime(row, 2, moment, day)
    book.close()
    return path


def with_decomposed_text(path: Path):
    """X25: headings and names in NFD, capitals, doubled blanks."""
    name = unicodedata.normalize("NFD", "GIÀNG  A PÁO")
    headings = [unicodedata.normalize("NFD", heading) for heading in HEADINGS]
    return workbook(path, ("1", name, *PERSON[2:]), headings=headings)


def with_formulas(path: Path):
    """X27: a formula with its value, one in error, one never calculated."""
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet("DS")
    page.write_row(0, 0, HEADINGS)
    for row in (1, 2, 3):
        page.write_row(row, 0, PERSON)
    page.write_formula("B2", '="Giàng A "&"Páo"', None, "Giàng A Páo")
    page.write_formula("E3", "=VLOOKUP(1,A:B,9)", None, "#REF!")
    page.write_formula("E4", '="01509000"&"1234"', None, "")
    book.close()
    return _replaced(path, "xl/worksheets/sheet1.xml", b"<v></v>", b"")


def raw(
    path: Path, rows: str, *, more=(), head='<?xml version="1.0" encoding="UTF-8"?>', compression=zipfile.ZIP_DEFLATED
):
    """A workbook whose sheet XML is given by hand; `more` are further parts (name, content)."""
    with zipfile.ZipFile(path, "w", compression) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _RELATIONS)
        archive.writestr("xl/workbook.xml", _BOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", _BOOK_RELATIONS)
        archive.writestr(
            "xl/worksheets/sheet1.xml", f'{head}<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'
        )
        for name, content in more:
            archive.writestr(name, content)
    return path


def sheet_rows(*rows, first=1):
    """Rows of texts as sheet XML with inline strings."""
    lines = []
    for number, row in enumerate(rows, start=first):
        cells = "".join(
            f'<c r="{chr(65 + place)}{number}" t="inlineStr"><is><t>{text}</t></is></c>'
            for place, text in enumerate(row)
        )
        lines.append(f'<row r="{number}">{cells}</row>')
    return "".join(lines)


def good_rows():
    """A header and one person as sheet XML."""
    return sheet_rows(HEADINGS, PERSON)


def cell(reference: str, value="x", row=None):
    """One more row with one cell."""
    number = row or "".join(char for char in reference if char.isdigit())
    return f'<row r="{number}"><c r="{reference}" t="inlineStr"><is><t>{value}</t></is></c></row>'


def with_doctype(path: Path):
    """X6: entities that grow, and one that fetches."""
    return raw(
        path,
        good_rows(),
        head='<?xml version="1.0"?><!DOCTYPE worksheet [<!ENTITY a "ha"><!ENTITY b "&a;&a;">'
        '<!ENTITY c SYSTEM "http://127.0.0.1:9/x">]>',
    )


def with_formatted_empty_rows(path: Path, count: int):
    """X8: rows that have a format and nothing else, below the data."""
    empty = "".join(
        f'<row r="{number}" spans="1:2"><c r="A{number}" s="0"/><c r="B{number}" s="0"/></row>'
        for number in range(3, count + 1)
    )
    return raw(path, good_rows() + empty)


def zip_bomb(path: Path):
    """X5: one part of 80 MB of blanks."""
    return raw(path, good_rows() + " " * 80_000_000)


def wide_bomb(path: Path):
    """X5: parts that unpack to more than 100 MB together, as their directory says."""
    part = "x" * 30_000_000
    return raw(path, good_rows(), more=[(f"xl/media/picture{number}.bin", part) for number in range(4)])


def many_parts(path: Path):
    """X5: 10,000 parts."""
    return raw(path, good_rows(), more=[(f"xl/media/{number}.bin", b"") for number in range(10_000)])


def spoofed_size(path: Path):
    """X5: the directory says 10 bytes, the part has more."""
    raw(path, good_rows())
    content = bytearray(path.read_bytes())
    place = content.find(b"PK\x01\x02")
    while place != -1:
        name_length = struct.unpack_from("<H", content, place + 28)[0]
        if content[place + 46 : place + 46 + name_length] == b"xl/worksheets/sheet1.xml":
            struct.pack_into("<I", content, place + 24, 10)
        place = content.find(b"PK\x01\x02", place + 4)
    path.write_bytes(content)
    return path


def overlapping_parts(path: Path):
    """X5: two directory entries that point at the same bytes."""
    raw(path, good_rows(), more=[("xl/media/a.bin", b"a" * 1000), ("xl/media/b.bin", b"a" * 1000)])
    content = bytearray(path.read_bytes())
    offsets = {}
    place = content.find(b"PK\x01\x02")
    while place != -1:
        name_length = struct.unpack_from("<H", content, place + 28)[0]
        offsets[bytes(content[place + 46 : place + 46 + name_length])] = place
        place = content.find(b"PK\x01\x02", place + 4)
    first = struct.unpack_from("<I", content, offsets[b"xl/media/a.bin"] + 42)[0]
    struct.pack_into("<I", content, offsets[b"xl/media/b.bin"] + 42, first)
    path.write_bytes(content)
    return path


def broken_sheet(path: Path):
    """X2: sound container, sheet XML that stops."""
    raw(path, good_rows())
    return _replaced(path, "xl/worksheets/sheet1.xml", b"</sheetData></worksheet>", b"<row r=")


def password_protected(path: Path):
    """X3: the OLE container Excel writes around an encrypted workbook."""
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1016 + "EncryptedPackage".encode("utf-16-le"))
    return path


def old_xls(path: Path):
    """X1: a .xls renamed to .xlsx."""
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1016 + "Workbook".encode("utf-16-le"))
    return path


def word_document(path: Path):
    """X1: a .docx renamed to .xlsx."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<document/>")
    return path


def _replaced(path: Path, part: str, old: bytes, new: bytes):
    with zipfile.ZipFile(path) as archive:
        contents = [(info, archive.read(info)) for info in archive.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for info, content in contents:
            archive.writestr(info.filename, content.replace(old, new) if info.filename == part else content)
    return path
