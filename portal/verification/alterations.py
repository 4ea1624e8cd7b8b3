"""What was altered in a file that is not genuine: its newest state that still holds, beside what it shows now.

A signed file is only ever appended to, so what was signed is a beginning of it. Where a byte inside that beginning
was changed, the file cannot show the original any more: then the stored one is needed (`original`).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from itertools import zip_longest

from cryptography import x509
from pyhanko.pdf_utils.generic import DictionaryObject
from pyhanko.pdf_utils.reader import PdfFileReader

from portal.documents.page_differences import PageDifferences, PagePair, page_differences
from portal.documents.pictures import printed_text
from portal.domain.wording import Sentence, say
from portal.evidence.package import Member, PackageUnreadable, changed_members, read_package
from portal.verification.attachment import attached_data
from portal.verification.files import verify_pdf
from portal.verification.packages import RECORDS
from portal.verification.verdicts import Verdict, Word
from portal.verification.wording import PLACES

RANGES = re.compile(rb"/ByteRange\s*\[\s*0\s+\d{1,10}\s+(\d{1,10})\s+(\d{1,10})\s*\]")
CODES = re.compile(r"tra c\w+u:?\s*([2-9A-Z]{5}-?[2-9A-Z]{5})\b")
MOST_READ = 10
"""Pages that are read for a code; it stands under the signatures and on every page of the annex."""
MOST_STATES = 6
"""States of one file that are tried, the newest first; a finished record has five."""
BYTE_AT = say("Byte đầu tiên bị đổi ở vị trí {at}.")
BYTE_HIDDEN = say("Có byte bị đổi trong phần đã ký.")
START_ACTIONS, DESCRIPTION = ("/OpenAction", "/AA"), ("/Metadata", "/Lang", "/MarkInfo", "/StructTreeRoot")


@dataclass(frozen=True)
class Alterations:
    """What was altered, in words, and the pages that look different, as they were and as they are.

    `signed`: whether what was signed was at hand. `original_kept`: it was, but may not be shown to who asks.
    """

    named: tuple[Sentence | str, ...]
    pages: tuple[PagePair, ...] = ()
    signed: bool = False
    original_kept: bool = False

    def without_original(self) -> "Alterations":
        """What somebody may be told who may not see what was signed: which pages and parts differ, and no more.

        A marked place on his own page, or the first byte that differs, would tell him of each guess at a part that
        was blacked out for him whether he is right.
        """
        named = tuple(
            BYTE_HIDDEN if isinstance(each, Sentence) and each.template == BYTE_AT else each for each in self.named
        )
        return replace(self, named=named, pages=(), original_kept=True)


def alterations_of(
    data: bytes,
    roots: Iterable[x509.Certificate],
    *,
    now: datetime,
    lists: Sequence[x509.CertificateRevocationList] = (),
    original: bytes | None = None,
) -> Alterations:
    """What was altered in a PDF that is not genuine. `original`: what was signed, where the file itself lost it."""
    sound = newest_sound(data, roots, now=now, lists=lists) if original is None else None
    signed = original if original is not None else sound[0] if sound else None
    if signed is None:
        return Alterations(
            (
                say(
                    "Chỗ bị sửa nằm ngay trong phần đã ký, nên tệp này không còn giữ bản gốc để so. "
                    "Hãy tải lại biên bản từ cổng và so hai bản."
                ),
            )
        )
    named = [_until(sound[1])] if sound else []
    try:
        differences = page_differences(signed, data)
    except Exception:  # whatever PDFium cannot draw
        return Alterations(
            (*named, *_structure(signed, data), say("Không vẽ được trang nào của tệp hiện nay.")), signed=True
        )
    return Alterations((*named, *_pages(differences), *_structure(signed, data)), differences.pairs, signed=True)


def altered_record(
    data: bytes, roots: Iterable[x509.Certificate], *, now: datetime, lists: Sequence[x509.CertificateRevocationList]
) -> tuple[str, bytes] | None:
    """The first record in a package that was changed: its path there and its bytes; None where none was.

    First by the package's own manifest, else by the record's own signatures.
    """
    changed = [each for each in changed_members(data) if _is_record(each)]
    if changed:
        return changed[0].name, changed[0].data
    try:
        members = read_package(data).members
    except PackageUnreadable:
        return None
    anchors = list(roots)
    for each in members:
        judged = _is_record(each) and verify_pdf(each.data, anchors, now=now, lists=lists).verdict
        if judged is Word.NOT_GENUINE:
            return each.name, each.data
    return None


def _is_record(member: Member) -> bool:
    return member.name.startswith(RECORDS) and member.data.startswith(b"%PDF-")


def newest_sound(
    data: bytes,
    roots: Iterable[x509.Certificate],
    *,
    now: datetime,
    lists: Sequence[x509.CertificateRevocationList] = (),
) -> tuple[bytes, Verdict] | None:
    """The longest beginning of the file that ends with a signature and contradicts none, with its verdict."""
    anchors = list(roots)
    ends = sorted({int(start) + int(length) for start, length in RANGES.findall(data)}, reverse=True)
    for end in [each for each in ends if each < len(data)][:MOST_STATES]:
        verdict = verify_pdf(data[:end], anchors, now=now, lists=lists)
        if verdict.verdict is not Word.NOT_GENUINE and verdict.signatures:
            return data[:end], verdict
    return None


def printed_codes(data: bytes) -> list[str]:
    """The lookup codes that the file's pages print: by them the portal finds what it once signed."""
    try:
        found = CODES.findall(printed_text(data, most_pages=MOST_READ))
    except Exception:  # whatever PDFium cannot read
        return []
    return sorted({code.replace("-", "") for code in found})[:3]


def _until(sound: Verdict) -> Sentence:
    """Which state of the paper still holds."""
    last = sound.signatures[-1]
    place = PLACES.get(last.field, last.field)
    at = f"{datetime.fromisoformat(last.time):%H:%M:%S %d/%m/%Y}" if last.time else "?"
    return say("Bản đã ký còn nguyên đến chữ ký {place} ({signer}, {at}).", place=place, signer=last.signer, at=at)


def _pages(found: PageDifferences) -> list[Sentence]:
    before, after = found.counts
    told = []
    if before != after:
        told.append(say("Bản đã ký có {before} trang, tệp này có {after} trang.", before=before, after=after))
    if found.numbers:
        pages = ", ".join(str(number) for number in found.numbers[:20])
        told.append(say("Trang nhìn khác bản đã ký: {pages}.", pages=pages))
    elif before == after:
        told.append(say("Không trang nào nhìn khác bản đã ký."))
    if not found.complete:
        told.append(say("Chỉ so được phần đầu, vì tệp quá nhiều trang."))
    return told


def _structure(signed: bytes, data: bytes) -> list[Sentence]:
    """What differs besides the look of the pages."""
    try:
        was, now = (PdfFileReader(BytesIO(each)) for each in (signed, data))
        return _parts(was, now) or _bytes(signed, data, same=was.xrefs.total_revisions == now.xrefs.total_revisions)
    except Exception:  # a damaged file may fail anywhere in the reader
        if signed.startswith(data):
            return [say("Phần cuối của tệp bị cắt mất.")]
        return [say("Cấu trúc của tệp hiện nay bị hỏng, không đọc hết được.")]


def _parts(was: PdfFileReader, now: PdfFileReader) -> list[Sentence]:
    told = []
    if attached_data(was) != attached_data(now) or not _same(was, now, ("/Names", "/AF")):
        told.append(say("Dữ liệu đính kèm của biên bản bị thay, thêm hoặc bớt."))
    if not _same(was, now, START_ACTIONS):
        told.append(say("Tệp bị gắn lệnh tự chạy khi mở."))
    if not _same(was, now, DESCRIPTION) or _title(was) != _title(now):
        told.append(say("Thông tin mô tả tệp (tiêu đề, ngôn ngữ, siêu dữ liệu) bị sửa."))
    if _fields(was) != _fields(now):
        told.append(say("Ô ký hoặc ô nhập bị thêm, bớt, dời hoặc ký thêm."))
    notes = _pages_with_other_notes(was, now)
    if notes:
        told.append(say("Ghi chú hoặc ô bị thêm, bớt trên trang {pages}.", pages=", ".join(map(str, notes[:20]))))
    return told


def _bytes(signed: bytes, data: bytes, *, same: bool) -> list[Sentence]:
    if len(data) > len(signed) and data.startswith(signed):
        count = len(data) - len(signed)
        if same:
            return [say("Thêm {count} byte sau chỗ kết thúc của tệp.", count=count)]
        return [say("Thêm {count} byte vào sau phần đã ký.", count=count)]
    if signed.startswith(data):
        return [say("Phần cuối của tệp bị cắt mất {count} byte.", count=len(signed) - len(data))]
    first = next(at for at, (one, other) in enumerate(zip_longest(signed, data)) if one != other)
    told = [say(BYTE_AT, at=first + 1)]
    if len(signed) != len(data):
        told.append(say("Tệp dài hơn hoặc ngắn hơn bản đã ký."))
    return told


def _same(was: PdfFileReader, now: PdfFileReader, names: Iterable[str]) -> bool:
    return all(_written(was.root, name) == _written(now.root, name) for name in names)


def _written(holder: DictionaryObject, name: str) -> bytes:
    """A part of the document as it is written, what it refers to included one step deep."""
    if name not in holder:
        return b""
    found, out = holder[name], BytesIO()
    found.write_to_stream(out, None)
    return out.getvalue()


def _title(reader: PdfFileReader) -> bytes:
    out = BytesIO()
    if "/Info" in reader.trailer:
        reader.trailer["/Info"].write_to_stream(out, None)
    return out.getvalue()


def _fields(reader: PdfFileReader) -> list[tuple[str, bool, list[float]]]:
    if "/AcroForm" not in reader.root or "/Fields" not in reader.root["/AcroForm"]:
        return []
    fields = [each.get_object() for each in reader.root["/AcroForm"]["/Fields"]]
    return [(str(f.get("/T", "")), "/V" in f, [float(side) for side in f.get("/Rect", ())]) for f in fields]


def _pages_with_other_notes(was: PdfFileReader, now: PdfFileReader) -> list[int]:
    count = min(int(reader.root["/Pages"]["/Count"]) for reader in (was, now))
    return [at + 1 for at in range(min(count, 400)) if _notes(was, at) != _notes(now, at)]


def _notes(reader: PdfFileReader, at: int) -> int:
    page = reader.find_page_for_modification(at)[0].get_object()  # type: ignore[no-untyped-call]
    return len(page["/Annots"]) if "/Annots" in page else 0
