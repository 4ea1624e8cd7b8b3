"""What was altered is named, and the pages that look different stand beside what was signed."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from PIL import Image
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from portal.documents.page_differences import side_by_side
from portal.domain.levels import Level
from portal.evidence.package import Member, build_package
from portal.signatures.appending import AppendingWriter
from portal.signatures.detached import sign_beside
from portal.verification.alterations import Alterations, alterations_of, altered_record
from portal.verification.apart import Limits, alterations_apart, altered_record_apart, verify_apart
from portal.verification.files import verify_file, verify_pdf
from portal.verification.verdicts import Word
from tests.unit.signatures import papers
from tests.unit.verification import test_files as changes

ROOTS = [papers.authority().certificate]
NAMED = {
    changes.change_page: "Không trang nào nhìn khác",
    changes.add_annotation: "Ghi chú hoặc ô bị thêm, bớt trên trang 1",
    changes.swap_attachment: "Dữ liệu đính kèm của biên bản bị thay",
    changes.change_metadata: "Thông tin mô tả tệp",
    changes.change_title: "Thông tin mô tả tệp",
    changes.change_language: "Thông tin mô tả tệp",
    changes.add_open_action: "lệnh tự chạy khi mở",
    changes.move_field: "Ô ký hoặc ô nhập bị thêm, bớt, dời",
    changes.add_visible_field: "Ô ký hoặc ô nhập bị thêm, bớt, dời",
    changes.add_invisible_field: "Ô ký hoặc ô nhập bị thêm, bớt, dời",
    changes.add_loose_object: "byte vào sau phần đã ký",
}


def cover_a_line(writer: IncrementalPdfFileWriter) -> None:
    """The old trick: a white box over a line, another figure written on it."""
    drawn = b"q 1 1 1 rg 100 490 80 14 re f 0 0 0 rg 104 494 30 6 re f Q"
    more = writer.add_object(generic.StreamObject(stream_data=drawn))
    page = changes.page_of(writer)
    page[pdf_name("/Contents")] = generic.ArrayObject([page.raw_get("/Contents"), more])
    writer.update_container(page)


def appended(change, pdf: bytes) -> bytes:
    writer = AppendingWriter(pdf)
    change(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def look(data: bytes, **more) -> Alterations:
    return alterations_of(data, ROOTS, now=changes.LATER, **more)


def words(found: Alterations) -> str:
    return " ".join(found.named)


def test_every_change_appended_to_a_signed_record_is_named():
    assert set(NAMED) == set(changes.CHANGES)
    for change, expected in NAMED.items():
        found = look(appended(change, papers.received()))
        assert "còn nguyên đến chữ ký Bên nhận (Lò Văn Đối, 09:05:07 20/11/2026)" in words(found), change
        assert expected in words(found), change
        assert found.signed


def test_a_covered_line_is_shown_with_its_place_marked_on_both_pictures():
    found = look(appended(cover_a_line, papers.archived()))
    assert "Trang nhìn khác bản đã ký: 1." in words(found)
    (pair,) = found.pages
    for picture in (pair.before, pair.after):
        image = Image.open(BytesIO(picture)).convert("RGB")
        red = [color for _, color in image.getcolors(1 << 16) if color[0] > 150 and max(color[1:]) < 60]
        assert red, "the changed place is marked"
        assert len(picture) < 100_000
    both = Image.open(BytesIO(side_by_side(pair)))
    assert both.width > 2 * Image.open(BytesIO(pair.after)).width


def test_what_the_receiver_changed_while_signing_is_held_against_what_the_giver_signed():
    writer = AppendingWriter(papers.given())
    cover_a_line(writer)
    found = look(changes.signed(writer, "receiver"))
    assert "còn nguyên đến chữ ký Bên giao" in words(found)
    assert [pair.number for pair in found.pages] == [1, 2]


def test_bytes_at_the_end_and_a_cut_end_are_told():
    assert "Thêm 3 byte sau chỗ kết thúc" in words(look(papers.received() + b"xyz"))
    assert "bị cắt mất" in words(look(papers.received()[:-200], original=papers.received()))


def test_a_change_inside_the_signed_part_needs_the_original():
    altered = papers.received()[:3000] + b"?" + papers.received()[3001:]
    without = look(altered)
    assert not without.signed
    assert "không còn giữ bản gốc" in words(without)
    assert "Byte đầu tiên bị đổi ở vị trí 3001" in words(look(altered, original=papers.received()))


def test_text_that_differs_is_told_line_by_line():
    from portal.documents.record import draw_record
    from tests.unit.documents.samples import record

    found = look(draw_record(record(3)).pdf, original=draw_record(record(4)).pdf)
    assert any("4 người" in was and "3 người" in now for pair in found.pages for was, now in pair.lines)


def test_the_process_apart_tells_the_same_and_gives_the_code_to_look_up():
    data = appended(cover_a_line, papers.received())
    found, codes = alterations_apart(data, ROOTS, now=changes.LATER)
    assert found == look(data)
    assert codes == ["K7QM2XH4TD"]
    hurried = alterations_apart(data, ROOTS, now=changes.LATER, limits=Limits(wall=0.01))
    assert "Máy chủ đang bận" in words(hurried[0])


def test_a_busy_machine_says_nothing_against_the_file_and_asks_to_come_again():
    told = verify_apart(papers.received(), ROOTS, now=changes.LATER, limits=Limits(wall=0.01))
    assert (told.verdict, told.lines[0].mark) == (Word.UNDECIDED, "–")
    assert "đang bận" in told.reason
    assert "chờ một phút" in told.advice
    assert "quá nặng" not in told.reason


def test_a_record_changed_inside_a_package_is_shown_as_one_that_came_alone():
    """Packed as before with a wrong checksum, packed anew by another program, or named by a manifest made anew."""
    inside = "bien-ban/01.pdf"
    altered = appended(cover_a_line, papers.received())
    whole, other = Member(inside, papers.received()), Member("bien-ban/02.pdf", papers.given())
    flipped = bytearray(packed(whole, other))
    flipped[flipped.index(b"%PDF-") + 3000] ^= 1
    assert altered_record(bytes(flipped), ROOTS, now=changes.LATER, lists=())[0] == inside
    anew = BytesIO()
    with ZipFile(BytesIO(packed(whole, other))) as old, ZipFile(anew, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, altered if name == inside else old.read(name))
    for data in (anew.getvalue(), packed(other, Member(inside, altered))):
        assert altered_record(data, ROOTS, now=changes.LATER, lists=()) == (inside, altered)
        assert altered_record_apart(data, ROOTS, now=changes.LATER) == (inside, altered)
    for data in (packed(whole, other), b"PK\x03\x04", packed(Member("a.txt", b"a"))):
        assert altered_record(data, ROOTS, now=changes.LATER, lists=()) is None
    told = verify_file(bytes(flipped), ROOTS, now=changes.LATER)
    assert (told.verdict, inside in told.reason) == (Word.NOT_GENUINE, True)


def packed(*members: Member) -> bytes:
    return build_package(members, lambda manifest: sign_beside(manifest, papers.seal_key(), now=papers.NOW))


def test_a_verdict_holds_plain_words_alone():
    """pyHanko's own kind of text knows its file: copied into JSON it took seconds, or for ever at unlucky sizes."""
    told = verify_pdf(papers.received(), ROOTS, now=changes.LATER)
    assert {type(value) for each in told.signatures for value in each.__dict__.values()} <= {str, Level, Word}
