import itertools
import subprocess
import unicodedata
from io import BytesIO

import pikepdf
import pytest
from asn1crypto import cms
from PIL import Image
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata

from portal.signatures import signing
from portal.signatures.appearance import Appearance, fitted, layout_pictures, text_width
from portal.signatures.appending import AppendingWriter, run_to_end
from portal.signatures.fields import place_fields
from portal.signatures.invented_time import InventedTime
from portal.signatures.keys import DIGEST_NAME
from portal.signatures.signing import DatedSigner, SignatureRefused, seal, sign
from portal.verification.files import verify_pdf
from portal.verification.verdicts import Word
from tests.unit.signatures import papers


def run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.fixture(scope="module")
def record_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("signed") / "record.pdf"
    path.write_bytes(papers.received())
    return path


def test_each_step_only_appends():
    steps = [papers.drawn().pdf, papers.with_fields(), papers.sealed(), papers.given(), papers.received()]
    for before, after in itertools.pairwise(steps):
        assert after.startswith(before)
        assert 0 < len(after) - len(before) < 32_000


def test_the_places_are_named_in_vietnamese_and_the_last_locks_all(record_file):
    with pikepdf.open(record_file) as pdf:
        fields = {str(field.T): field for field in pdf.Root.AcroForm.Fields}
        assert str(fields["giver"].TU) == "Chữ ký số của đại diện bên giao"
        assert "/Lock" not in fields["giver"]
        assert fields["receiver"].Lock.Action == "/All"
        assert "/P" not in fields["receiver"].Lock
        assert pdf.Root.Perms.DocMDP.Reference[0].TransformParams.P == 2


def test_where_one_side_signs_its_own_place_locks():
    only = {"giver": papers.drawn().boxes["giver"]}
    pdf = papers.signed_by(seal(place_fields(papers.drawn().pdf, only), papers.seal_key(), now=papers.NOW), "giver")
    with pytest.raises(SignatureRefused, match="không có ô"):
        papers.signed_by(pdf, "receiver")
    assert b"/FieldMDP" in pdf


def test_signatures_are_pss_with_sha256_and_state_the_salt_they_use(record_file):
    with pikepdf.open(record_file) as pdf:
        for field in pdf.Root.AcroForm.Fields:
            signer = cms.ContentInfo.load(bytes(field.V.Contents))["content"]["signer_infos"][0]
            assert signer["signature_algorithm"]["algorithm"].native == "rsassa_pss"
            assert signer["signature_algorithm"]["parameters"]["salt_length"].native == 32
            assert str(field.V.SubFilter) == "/ETSI.CAdES.detached"


def test_the_page_says_who_signed_when_and_that_the_signature_is_internal(record_file):
    text = " ".join(run("pdftotext", str(record_file), "-").split())
    assert "Ký bởi: Giàng A Chu" in text
    assert "Ký bởi: Lò Văn Đối" in text
    assert text.count("Thời gian ký: 2026-11-20T09:05:07+07:00") == 2
    assert text.count("Chữ ký số nội bộ") == 2


def test_only_embedded_liberation_fonts_are_used(record_file):
    rows = [line.split() for line in run("pdffonts", str(record_file)).splitlines()[2:]]
    assert rows
    assert all("LiberationSerif" in row[0].replace("-", "") and row[-5:-2] == ["yes", "yes", "yes"] for row in rows)


def test_nothing_but_the_given_moment_is_written(record_file):
    with pikepdf.open(record_file) as pdf:
        assert {str(field.V.M) for field in pdf.Root.AcroForm.Fields} == {"D:20261120090507+07'00'"}
    with pikepdf.open(record_file) as pdf, pdf.open_metadata() as signed:
        titles = signed.get("dc:title"), signed.get("xmp:ModifyDate")
    papers_file = record_file.with_name("drawn.pdf")
    papers_file.write_bytes(papers.drawn().pdf)
    with pikepdf.open(papers_file) as pdf, pdf.open_metadata() as drawn:
        assert titles == (drawn.get("dc:title"), drawn.get("xmp:ModifyDate"))


@pytest.mark.parametrize(
    ("pdf", "side", "code"),
    [
        (papers.with_fields, "giver", "unsealed"),
        (papers.given, "giver", "signed"),
        (papers.received, "receiver", "signed"),
        (papers.sealed, "seal", "no_field"),
        (papers.sealed, "receiver", "order"),
    ],
)
def test_a_signature_out_of_turn_is_refused(pdf, side, code):
    with pytest.raises(SignatureRefused) as refusal:
        sign(
            pdf(),
            side,
            papers.opened("giver"),
            appearance=Appearance("A", "B", "C", papers.NOW),
            reason="",
            location="",
            now=papers.NOW,
        )
    assert refusal.value.code == code


def test_nothing_is_signed_after_the_receiver_s_lock():
    meta = PdfSignatureMetadata(field_name="receiver", md_algorithm=DIGEST_NAME, subfilter=SigSeedSubFilter.PADES)
    signer = DatedSigner(papers.NOW, meta, papers.opened("receiver").signer)
    work = signer.async_sign_pdf(AppendingWriter(papers.sealed()), existing_fields_only=True)
    early = run_to_end(work).getvalue()
    with pytest.raises(SignatureRefused, match="đã khóa"):
        papers.signed_by(early, "giver")


def test_a_file_with_an_addition_or_a_broken_one_is_not_signed():
    with pytest.raises(SignatureRefused):
        papers.signed_by(papers.sealed() + b"\n% more\n", "giver")
    with pytest.raises(SignatureRefused, match="không đọc được"):
        papers.signed_by(papers.sealed()[:3000], "giver")
    with pytest.raises(SignatureRefused, match="đóng dấu"):
        seal(papers.sealed(), papers.seal_key(), now=papers.NOW)


def test_long_units_wrap_inside_the_box_at_a_readable_size():
    unit = "Tổ công tác triển khai Đề án 06 thôn Tà Xùa, xã Bản Công, huyện Trạm Tấu, tỉnh Yên Bái"
    words = Appearance("Hoàng Thị Huyền Trang", "Phó Tổ trưởng phụ trách", unit, papers.NOW, reason="Nhận")
    size, lines = fitted(words, 170, 68)
    assert size >= 6
    assert all(text_width(line) * size <= 160 for line in lines)
    assert len(lines) * size * 1.3 <= 68


def test_names_typed_decomposed_are_shown_composed():
    assert (
        Appearance(unicodedata.normalize("NFD", "Lò Văn Đối"), "", "", papers.NOW).lines()[0] == "Ký bởi: Lò Văn Đối"
    )


def picture(color: tuple[int, int, int], size: tuple[int, int]) -> bytes:
    out = BytesIO()
    Image.new("RGBA", size, (*color, 255)).save(out, "PNG")
    return out.getvalue()


def test_the_seal_lies_over_the_left_third_of_the_person_s_signature():
    for width, height in ((79.0, 74.0), (60.0, 40.0)):
        signature, seal = layout_pictures(width, height, seal=True)
        right_of_seal = seal[0] + seal[2]
        assert right_of_seal == pytest.approx(signature[0] + signature[2] / 3, abs=2)
        assert seal[0] >= 0
        assert signature[0] + signature[2] <= width + 0.01


def test_pictures_are_part_of_the_signature_and_the_words_stay(tmp_path):
    blue, red = picture((20, 40, 180), (300, 120)), picture((200, 0, 0), (200, 200))
    name, position, unit = papers.PEOPLE["giver"]
    words = Appearance(name, position, unit, papers.NOW, internal=False, signature_picture=blue, seal_picture=red)
    pdf = sign(
        papers.sealed(), "giver", papers.opened("giver"), appearance=words, reason="", location="", now=papers.NOW
    )
    path = tmp_path / "pictures.pdf"
    path.write_bytes(pdf)
    text = " ".join(run("pdftotext", str(path), "-").split())
    assert "Ký bởi: Giàng A Chu" in text
    assert "Chữ ký số bằng chứng thư của tổ chức khác cấp" in text
    assert "Chữ ký số nội bộ" not in text, "another authority's certificate is never called ours"
    page = papers.drawn().boxes["giver"].page + 1
    run(
        "pdftoppm",
        "-r",
        "60",
        "-png",
        "-f",
        str(page),
        "-l",
        str(page),
        "-singlefile",
        str(path),
        str(tmp_path / "p"),
    )
    seen = Image.open(tmp_path / "p.png").convert("RGB").getcolors(1 << 24)
    colors = [color for _, color in seen or ()]
    assert any(r > 150 and g < 60 and b < 60 for r, g, b in colors), "no red seal"
    assert any(b > 120 and r < 80 and g < 90 for r, g, b in colors), "no blue signature"


class Wordy(InventedTime):
    """An authority that shows less for measuring than its tokens need, as a second one may that is asked next."""

    asked = 0

    async def async_dummy_response(self, md_algorithm: str) -> cms.ContentInfo:
        return cms.ContentInfo({"content_type": "data", "content": md_algorithm.encode()})

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        self.asked += 1
        return await super().async_timestamp(message_digest, md_algorithm)


@pytest.mark.parametrize("remembered", [None, 5_000])
def test_a_token_larger_than_the_room_kept_for_it_gets_more_room(remembered, monkeypatch):
    known = {} if remembered is None else {(papers.seal_key().serial, True): remembered}
    monkeypatch.setattr(signing, "_rooms", known)
    wordy = Wordy(papers.folder(), lambda: papers.NOW)
    made = seal(papers.with_fields(), papers.seal_key(), now=papers.NOW, timestamper=wordy)
    assert wordy.asked > 1
    found = verify_pdf(made, [papers.authority().certificate], now=papers.NOW)
    assert (found.verdict, [each.level for each in found.signatures]) == (Word.GENUINE, ["B-T"])
