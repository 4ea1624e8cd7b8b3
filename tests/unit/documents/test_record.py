import hashlib
import re
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC
from io import BytesIO

import pikepdf
import pytest

from portal.documents.content import DrawnRecord, Party
from portal.documents.letters import UnprintableText
from portal.documents.record import draw_record

from .reading import MM, font_family, fonts, pages, plain_text, run_tool, runs
from .samples import STATION, VILLAGE, entry, record
from .vietnamese import MARKED

LONG_UNIT = (
    "Tổ công tác triển khai Đề án phát triển ứng dụng dữ liệu về dân cư, định danh và xác thực điện tử thôn Hát 1"
)
LONG_PARTY = Party(
    LONG_UNIT,
    "Ủy ban nhân dân xã Hát Lừu, huyện Trạm Tấu, tỉnh Yên Bái (nay thuộc xã Trạm Tấu, tỉnh Lào Cai)",
    "Hoàng Nguyễn Thị Phương Thảo Công Tằng Tôn Nữ Huyền Trân",
    "Phó Trưởng thôn, Phó Tổ trưởng thường trực Tổ công tác triển khai Đề án 06 thôn Hát 1",
)


@pytest.fixture(scope="module")
def drawn() -> DrawnRecord:
    return draw_record(record(48))


def test_margins_are_those_of_decree_30(drawn: DrawnRecord) -> None:
    for page in pages(drawn.pdf)[:2]:
        assert (page.width / MM, page.height / MM) == pytest.approx((210, 297), abs=0.1)
        body = [word for word in page.words if word.y1 >= 20 * MM and word.y2 <= page.height - 20 * MM]
        assert 30 <= min(word.x1 for word in body) / MM <= 35
        assert 15 <= (page.width - max(word.x2 for word in body)) / MM <= 20
        assert min(word.y1 for word in body) / MM <= 25
        outside = [word.text for word in page.words if word not in body]
        assert [text for text in outside if text not in "DỮ LIỆU THỬ NGHIỆM – KHÔNG CÓ GIÁ TRỊ PHÁP LÝ 2"] == []


def test_type_sizes_and_faces_are_those_of_decree_30(drawn: DrawnRecord) -> None:
    wanted = {
        "TRẠM TẤU": (13, ""),
        "TRẠM Y TẾ XÃ HÁT LỪU": (13, "-Bold"),
        "Số: 05/BB-TYT": (13, ""),
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM": (13, "-Bold"),
        "Độc lập - Tự do - Hạnh phúc": (14, "-Bold"),
        "BIÊN BẢN": (14, "-Bold"),
        "nhân dân huyện Trạm Tấu.": (14, "-Italic"),
        "Hát Lừu, huyện Trạm Tấu, tỉnh Yên Bái, chúng tôi gồm:": (14, ""),
        "ĐẠI DIỆN BÊN GIAO": (14, "-Bold"),
        "Nơi nhận:": (12, "-Bold-Italic"),
        "- Lưu: VT, Hồ sơ.": (11, ""),
        "2": (13, ""),
    }
    found = {run.text: run for page in (0, 1) for run in runs(drawn.pdf, page)}
    assert {text: (found[text].size, found[text].font.split("2")[1]) for text in wanted} == wanted


def test_the_page_number_stands_centred_in_the_top_margin_from_page_two(drawn: DrawnRecord) -> None:
    first, second = pages(drawn.pdf)[:2]
    assert [word for word in first.words if word.y2 < 20 * MM] == []
    (number,) = [word for word in second.words if word.y2 < 20 * MM]
    assert number.text == "2"
    assert (number.x1 + number.x2) / 2 == pytest.approx((31 * MM + second.width - 16 * MM) / 2, abs=1)


def test_the_right_of_the_head_bears_no_place_and_date(drawn: DrawnRecord) -> None:
    text = " ".join(plain_text(drawn.pdf, "-f", "1", "-l", "1").split())
    head = text[: text.index("BIÊN BẢN")]
    assert "ngày" not in head
    assert "Số: 05/BB-TYT" in head


def test_the_record_says_who_gives_what_to_whom_and_how_many(drawn: DrawnRecord) -> None:
    text = " ".join(plain_text(drawn.pdf, "-layout").split())
    for words in (
        "I. BÊN GIAO: Trạm Y tế xã Hát Lừu",
        "II. BÊN NHẬN: Tổ công tác Đề án 06 thôn Hát 1",
        "Hôm nay, hồi 14 giờ 05 phút, ngày 05 tháng 01 năm 2026",
        "đợt rà soát số HL-2026-001, vòng 1",
        "Tổng số người 48",
        "Phụ lục danh sách gồm 48 người, 3 trang",
        "trên hệ thống./.",
        "Mã tra cứu: K7QM2-XH4TD",
    ):
        assert words in text


def test_only_liberation_serif_is_in_the_file_embedded_in_parts_with_its_letters(drawn: DrawnRecord) -> None:
    rows = fonts(drawn.pdf)
    assert {font_family(row) for row in rows} == {"LiberationSerif"}
    assert {tuple(row[-5:-2]) for row in rows} == {("yes", "yes", "yes")}


def test_the_file_is_sound_and_declares_pdf_a_3u(drawn: DrawnRecord) -> None:
    assert "No syntax or stream encoding errors" in run_tool(drawn.pdf, "qpdf", "--check", "{}")
    with pikepdf.open(BytesIO(drawn.pdf)) as pdf:
        metadata = pdf.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "U")
        assert metadata["dc:title"] == str(pdf.docinfo.Title) == "Biên bản số 05/BB-TYT năm 2026"
        assert pdf.Root.Lang == "vi"
        assert len(pdf.Root.OutputIntents) == 1
        assert [page for page in pdf.pages if "/Trans" in page.obj or "/AA" in page.obj] == []
        assert len(pdf.pages) == drawn.pages


def test_no_letter_of_any_font_stands_for_nothing(drawn: DrawnRecord) -> None:
    with pikepdf.open(BytesIO(drawn.pdf)) as pdf:
        fonts_in_file = [
            item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and "/ToUnicode" in item
        ]
        tables = [item.ToUnicode.read_bytes() for item in fonts_in_file]
    assert len(tables) == 7
    assert [table for table in tables if re.search(rb"<\w+> <0000>", table)] == []


def test_the_entries_data_are_attached_once_with_the_times_of_preparation(drawn: DrawnRecord) -> None:
    content = record(48)
    with pikepdf.open(BytesIO(drawn.pdf)) as pdf:
        assert len(pdf.Root.AF) == 1
        assert pdf.Root.AF[0].AFRelationship == "/Data"
        assert list(pdf.attachments) == ["danh-sach.json"]
        attached = pdf.attachments["danh-sach.json"].get_file()
        assert attached.read_bytes() == content.manifest
        assert attached.mime_type == "application/json"
        assert attached.creation_date == attached.mod_date == content.prepared_at.astimezone(UTC)


def test_the_printed_digest_is_that_of_the_attached_data(drawn: DrawnRecord) -> None:
    digest = hashlib.sha256(record(48).manifest).hexdigest()
    assert digest in plain_text(drawn.pdf).replace(" ", "")


def test_a_digest_of_other_data_is_never_printed() -> None:
    with pytest.raises(ValueError, match="digest"):
        draw_record(record(1, manifest=b"{}"))


def test_equal_contents_give_equal_bytes_and_another_content_gives_others(drawn: DrawnRecord) -> None:
    assert draw_record(record(48)).pdf == drawn.pdf
    assert draw_record(record(48, round=2)).pdf != drawn.pdf


def test_names_in_composed_and_in_decomposed_letters_give_the_same_paper() -> None:
    decomposed = replace(entry(2), full_name=unicodedata.normalize("NFD", entry(2).full_name))
    assert decomposed != entry(2)
    assert draw_record(record(1, entries=(decomposed,))).pdf == draw_record(record(1, entries=(entry(2),))).pdf


@pytest.mark.parametrize("party", [VILLAGE, LONG_PARTY])
def test_signature_boxes_are_large_enough_inside_the_page_and_over_no_text(party: Party) -> None:
    drawn = draw_record(record(3, giver=replace(party, person_name="Sùng A Dế"), receiver=party))
    sheets = pages(drawn.pdf)
    assert set(drawn.boxes) == {"giver", "receiver"}
    for box in drawn.boxes.values():
        sheet = sheets[box.page]
        assert (box.x2 - box.x1, box.y2 - box.y1) >= (60 * MM, 24 * MM)
        assert box.y2 - box.y1 >= 24 * MM
        assert 30 * MM <= box.x1 < box.x2 <= sheet.width - 15 * MM
        assert 20 * MM <= box.y1 < box.y2 <= sheet.height - 20 * MM
        over = [
            word.text
            for word in sheet.words
            if word.x1 < box.x2
            and box.x1 < word.x2
            and word.y1 < sheet.height - box.y1
            and sheet.height - box.y2 < word.y2
        ]
        assert over == []
    giver, receiver = drawn.boxes["giver"], drawn.boxes["receiver"]
    assert giver.x2 < receiver.x1
    assert (giver.page, giver.y1) == (receiver.page, receiver.y1)


@pytest.mark.parametrize("lines", range(14))
def test_the_signatures_never_stand_without_the_closing_sentence(lines: int) -> None:
    drawn = draw_record(record(2, paragraphs=("Bên giao và bên nhận đã đối chiếu từng dòng.",) * lines))
    page = pages(drawn.pdf)[drawn.boxes["giver"].page].text
    assert "Biên bản được lập xong hồi" in page
    assert page.index("Biên bản được lập xong hồi") < page.index("ĐẠI DIỆN BÊN GIAO") < page.index("Nơi nhận:")


@pytest.mark.parametrize("rows", [1, 2, 5, 13, 60, 300])
def test_records_of_any_length_name_every_person_letter_for_letter(rows: int) -> None:
    drawn = draw_record(record(rows))
    text = plain_text(drawn.pdf, "-layout")
    assert unicodedata.is_normalized("NFC", text)
    for name in {item.full_name for item in record(rows).entries}:
        wanted = sum(item.full_name == name for item in record(rows).entries)
        assert text.count(name) >= wanted
    assert len(pages(drawn.pdf)) == drawn.pages


def test_long_names_of_units_and_persons_are_wrapped_inside_the_margins() -> None:
    drawn = draw_record(record(1, giver=LONG_PARTY, receiver=LONG_PARTY, list_name=LONG_UNIT, subject=LONG_UNIT))
    for page in pages(drawn.pdf):
        assert min(word.x1 for word in page.words) >= 30 * MM - 0.1
        assert max(word.x2 for word in page.words) <= page.width - 15 * MM + 0.1
    assert "Công Tằng Tôn Nữ" in " ".join(plain_text(drawn.pdf).split())


def test_all_vietnamese_letters_come_back_from_the_drawn_paper() -> None:
    assert len(MARKED) == 134
    spoken = " ".join(f"n{letter}ng" for letter in MARKED)
    words = tuple(replace(entry(1), full_name=letter * 3, note=f"ghi{letter}") for letter in MARKED)
    text = plain_text(draw_record(record(1, entries=words, paragraphs=(spoken,))).pdf, "-layout")
    assert [letter for letter in MARKED if letter * 3 not in text or f"ghi{letter}" not in text] == []
    assert set(spoken.split()) <= set(text.split())


def test_a_refusal_and_a_completion_are_signed_by_one_party_alone() -> None:
    for kind, words in (("refusal", "BÊN TỪ CHỐI NHẬN"), ("completion", "ĐƠN VỊ LẬP BIÊN BẢN")):
        drawn = draw_record(record(2, kind=kind, receiver=None))
        text = plain_text(drawn.pdf)
        assert set(drawn.boxes) == {"giver"}
        assert words in text
        assert "II. " not in text
        assert drawn.boxes["giver"].x1 > 105 * MM


def test_a_record_of_two_parties_without_a_receiver_is_not_drawn() -> None:
    with pytest.raises(ValueError, match="receiver"):
        draw_record(record(1, receiver=None))


def test_a_record_without_entries_has_no_annex() -> None:
    drawn = draw_record(record(0))
    assert "Phụ lục" not in plain_text(drawn.pdf)
    assert drawn.pages == len(pages(drawn.pdf)) <= 2


def test_real_papers_do_not_bear_the_mark_of_test_data() -> None:
    real, trial = (draw_record(record(20, test_data=flag)) for flag in (False, True))
    assert "DỮ LIỆU THỬ NGHIỆM" not in plain_text(real.pdf)
    assert all("DỮ LIỆU THỬ NGHIỆM – KHÔNG CÓ GIÁ TRỊ PHÁP LÝ" in page.text for page in pages(trial.pdf))


def test_the_last_two_syllables_of_a_units_name_stay_on_one_line() -> None:
    text = plain_text(
        draw_record(record(1, giver=replace(STATION, unit_name="Trạm Y tế xã Trạm Tấu"))).pdf, "-layout"
    )
    lines = [line.strip() for line in text.splitlines()[:6]]
    assert any(line.startswith("TRẠM Y TẾ XÃ") and "TRẠM TẤU" not in line for line in lines), lines
    assert any(line.startswith("TRẠM TẤU") for line in lines), lines


def test_words_that_look_like_markup_are_printed_as_they_stand() -> None:
    sharp = replace(STATION, unit_name="Trạm <b>Y</b> & tế", person_name="{{ 7*7 }}")
    text = plain_text(draw_record(record(1, giver=sharp)).pdf)
    assert "Trạm <b>Y</b> & tế" in text
    assert "{{ 7*7 }}" in text


def test_an_unprintable_letter_stops_the_drawing() -> None:
    with pytest.raises(UnprintableText):
        draw_record(record(1, place="Trạm 中"))


def test_a_receiver_not_yet_named_is_named_by_the_signature() -> None:
    drawn = draw_record(record(2, receiver=replace(VILLAGE, person_name="", position="")))
    text = " ".join(plain_text(drawn.pdf, "-layout").split())
    assert "người ký ghi tên tại phần chữ ký" in text
    assert text.count("Chức vụ:") == 1
    assert set(drawn.boxes) == {"giver", "receiver"}


def test_counts_that_overlap_are_said_to_overlap() -> None:
    apart, overlapping = (draw_record(record(48, counts=(("E1", 20), ("E2", count)))) for count in (28, 40))
    assert "thuộc nhiều loại" not in plain_text(apart.pdf)
    assert "thuộc nhiều loại" in plain_text(overlapping.pdf)


def test_the_two_descriptions_of_the_file_say_the_same(drawn: DrawnRecord) -> None:
    with pikepdf.open(BytesIO(drawn.pdf)) as pdf, pdf.open_metadata() as metadata:
        info = pdf.docinfo
        assert metadata["dc:creator"] == [str(info.Author)]
        assert metadata["dc:description"] == str(info.Subject)
        assert metadata["xmp:CreateDate"] == metadata["xmp:ModifyDate"] == "2026-01-05T13:58:30+07:00"
        assert str(info.CreationDate) == str(info.ModDate) == "D:20260105135830+07'00"


def test_papers_drawn_in_several_threads_are_those_drawn_alone() -> None:
    contents = [record(rows) for rows in (1, 20, 45)] * 3
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda content: draw_record(content).pdf, contents))
    assert together == [draw_record(content).pdf for content in contents]
