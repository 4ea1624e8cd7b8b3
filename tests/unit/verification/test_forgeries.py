"""Forgeries by people who know the format: containers moved and widened, two formats in one file, endless structures.

Cases of the project's security page: T6 to T8, P1 to P6. What is appended or changed while signing stands in
test_files.py, what concerns time-stamps in test_levels.py, what the gate refuses in test_acceptance.py.
"""

import zipfile
import zlib
from collections.abc import Callable
from functools import cache
from io import BytesIO

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name

from portal.documents.record import draw_record
from portal.signatures.appending import AppendingWriter
from portal.signatures.fields import place_fields
from portal.signatures.signing import seal
from portal.verification.apart import verify_apart
from portal.verification.files import verify_file
from portal.verification.verdicts import Word
from tests.unit.documents.samples import record
from tests.unit.signatures import papers
from tests.unit.verification.flips import holes


def word(data: bytes) -> Word:
    return verify_file(data, [papers.authority().certificate], now=papers.NOW + papers.MINUTE).verdict


def test_t6_a_record_has_no_hidden_layer_no_script_and_no_field_but_its_three_places():
    with pikepdf.open(BytesIO(papers.received())) as pdf:
        root = pdf.Root
        assert {str(field.T) for field in root.AcroForm.Fields} == {"seal", "giver", "receiver"}
        assert not {"/OCProperties", "/OpenAction", "/AA", "/Collection"} & set(root.keys())
        assert not {"/XFA", "/CO"} & set(root.AcroForm.keys())
        assert not {"/JavaScript", "/XFAImages"} & set(root.get("/Names", {}).keys())
        kinds = {str(each.get("/S", "")) for each in pdf.objects if isinstance(each, pikepdf.Dictionary)}
        assert not {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR"} & kinds
        notes = [note for page in pdf.pages for note in page.get("/Annots", [])]
        assert {str(note.Subtype) for note in notes} <= {"/Widget", "/Link"}


def in_the_hole(data: bytes, inside: bytes, which: int = -1) -> bytes:
    """The padding's end overwritten, so that the hole keeps its length."""
    hole = holes(data)[which]
    return data[: hole.stop - len(inside)] + inside + data[hole.stop :]


def widened(data: bytes) -> bytes:
    """The last signature's second range begins later, and what stands between is the attacker's."""
    hole, more = holes(data)[-1], b" /Evil (x) "
    return data[: hole.stop + 1] + more + data[hole.stop + 1 :]


def byte_range(data: bytes, change: Callable[[list[int]], list[int]]) -> bytes:
    """The last /ByteRange written anew in the room it has."""
    start = data.rindex(b"/ByteRange")
    start, stop = data.index(b"[", start) + 1, data.index(b"]", start)
    numbers = change([int(each) for each in data[start:stop].split()])
    written = b" ".join(str(each).encode() for each in numbers)
    return data[:start] + written.ljust(stop - start)[: stop - start] + data[stop:]


def renamed(data: bytes, old: bytes, new: bytes) -> bytes:
    at = data.rindex(old)
    return data[:at] + new + data[at + len(old) :]


WRAPPED: dict[str, Callable[[bytes], bytes]] = {
    "objects in the padding": lambda data: in_the_hole(data, b"> /Evil (x) /Y <00"),
    "a second container in the padding": lambda data: in_the_hole(data, b"> /Contents <00"),
    "a second range in the padding": lambda data: in_the_hole(data, b"> /ByteRange [0 9 9 9] /Y <00"),
    "a comment in the padding": lambda data: in_the_hole(data, b">%000"),
    "blanks in the padding": lambda data: in_the_hole(data, b" 0 0 "),
    "a hole grown wider": widened,
    "one range alone": lambda data: byte_range(data, lambda at: [0, at[1]]),
    "an empty second range": lambda data: byte_range(data, lambda at: [*at[:3], 0]),
    "ranges that overlap": lambda data: byte_range(data, lambda at: [0, at[1], at[1] - 9, at[3]]),
    "a range from the middle": lambda data: byte_range(data, lambda at: [9, at[1] - 9, at[2], at[3]]),
    "a range beyond the end": lambda data: byte_range(data, lambda at: [*at[:3], at[3] + 99]),
    "a negative range": lambda data: byte_range(data, lambda at: [0, -at[1], at[2], at[3]]),
    "no container": lambda data: renamed(data, b"/Contents <", b"/Contentz <"),
    "no range": lambda data: renamed(data, b"/ByteRange", b"/ByteRangz"),
    "an empty container": lambda data: in_the_hole(
        data, bytes(len(holes(data)[-1])).hex().encode()[: len(holes(data)[-1])]
    ),
}


@pytest.mark.parametrize("kind", WRAPPED)
@pytest.mark.parametrize("pdf", [papers.received, papers.archived], ids=["B-B", "B-LTA"])
def test_t7_a_signature_wrapped_otherwise_is_not_genuine(pdf, kind):
    forged = WRAPPED[kind](pdf())
    assert forged != pdf()
    assert word(forged) is Word.NOT_GENUINE


@cache
def another_record() -> bytes:
    drawn = draw_record(record(3))
    sealed = seal(place_fields(drawn.pdf, drawn.boxes), papers.seal_key(), now=papers.NOW)
    return papers.signed_by(sealed, "giver")


def test_t8_a_signature_pasted_from_another_record_is_not_genuine():
    mine, other = another_record(), papers.given()
    assert word(mine) is Word.GENUINE
    for which in (0, -1):
        here, there = holes(mine)[which], holes(other)[which]
        pasted = other[there.start : there.stop].rstrip(b"0").ljust(len(here), b"0")[: len(here)]
        assert word(mine[: here.start] + pasted + mine[here.stop :]) is Word.NOT_GENUINE


def test_t8_a_seal_pasted_into_the_giver_s_place_is_not_genuine():
    mine = another_record()
    seal_hole, hole = holes(mine)
    pasted = mine[seal_hole.start : seal_hole.stop].rstrip(b"0").ljust(len(hole), b"0")[: len(hole)]
    assert word(mine[: hole.start] + pasted + mine[hole.stop :]) is Word.NOT_GENUINE


def zipped(name: str, data: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, data)
    return out.getvalue()


TWO_IN_ONE: dict[str, Callable[[bytes], bytes]] = {
    "a page of the web before it": lambda data: b"<html><script>alert(1)</script></html>" + data,
    "an archive before it": lambda data: zipped("a.txt", b"a") + data,
    "an archive behind it": lambda data: data + zipped("a.txt", b"a"),
    "inside an archive": lambda data: zipped("record.pdf", data),
    "another record behind it": lambda data: data + another_record(),
    "itself twice": lambda data: data + data,
    "blanks before it": lambda data: b"\n \n" + data,
}


@pytest.mark.parametrize("kind", TWO_IN_ONE)
def test_p1_two_formats_in_one_file_are_not_genuine(kind):
    assert word(TWO_IN_ONE[kind](papers.received())) is not Word.GENUINE


def appended(change: Callable[[AppendingWriter], None]) -> bytes:
    writer, out = AppendingWriter(papers.received()), BytesIO()
    change(writer)
    writer.write(out)
    return out.getvalue()


def launch(writer: AppendingWriter) -> None:
    action = {pdf_name("/S"): pdf_name("/Launch"), pdf_name("/F"): generic.TextStringObject("evil.exe")}
    writer.root[pdf_name("/AA")] = generic.DictionaryObject({pdf_name("/WC"): generic.DictionaryObject(action)})
    writer.update_root()


def dynamic_form(writer: AppendingWriter) -> None:
    form = writer.root["/AcroForm"]
    form[pdf_name("/XFA")] = writer.add_object(generic.StreamObject(stream_data=b"<xdp/>"))
    writer.update_container(form)


def more_files(writer: AppendingWriter) -> None:
    file = writer.add_object(generic.StreamObject(stream_data=b"MZ"))
    writer.root["/Names"][pdf_name("/EmbeddedFiles")] = generic.DictionaryObject(
        {pdf_name("/Names"): generic.ArrayObject([generic.TextStringObject("a.exe"), file])}
    )
    writer.update_container(writer.root["/Names"])


def signature_taken_out(writer: AppendingWriter) -> None:
    field = next(each for each in writer.root["/AcroForm"]["/Fields"] if each.get_object()["/T"] == "receiver")
    del field.get_object()[pdf_name("/V")]
    writer.update_container(field.get_object())


@pytest.mark.parametrize("change", [launch, dynamic_form, more_files, signature_taken_out])
def test_p2_p5_active_content_more_files_and_a_deleted_signature_are_not_genuine(change):
    assert word(appended(change)) is Word.NOT_GENUINE


def test_p2_p4_a_record_put_under_a_password_or_packed_smaller_is_not_genuine():
    for how in (
        {"encryption": pikepdf.Encryption(owner="x", user="")},
        {"object_stream_mode": pikepdf.ObjectStreamMode.generate, "compress_streams": True},
        {"linearize": True},
    ):
        out = BytesIO()
        with pikepdf.open(BytesIO(papers.received())) as pdf:
            pdf.save(out, **how)
        assert word(out.getvalue()) is Word.NOT_GENUINE


def plain_pdf(*objects: bytes, trailer: bytes = b"") -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalogue."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, each in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % at for at in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start)
    return bytes(out)


def circle() -> bytes:
    return plain_pdf(
        b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [3 0 R] >> >>",
        b"<< /Type /Pages /Kids [2 0 R] /Count 1 /Parent 2 0 R >>",
        b"<< /FT /Sig /T (a) /Kids [3 0 R] /Parent 3 0 R >>",
    )


def table_that_leads_to_itself() -> bytes:
    data = plain_pdf(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>")
    return data.replace(b"/Size 3", b"/Prev %d /Size 3" % data.index(b"xref\n"))


def ten_thousand_fields() -> bytes:
    fields = b" ".join(b"%d 0 R" % number for number in range(3, 10_003))
    return plain_pdf(
        b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [" + fields + b"] >> >>",
        b"<< /Type /Pages /Kids [] /Count 0 >>",
        *[b"<< /FT /Sig /T (f) >>"] * 10_000,
    )


def unpacks_without_end() -> bytes:
    squeezer = zlib.compressobj(9)
    packed = b"".join(squeezer.compress(bytes(1 << 20)) for _ in range(320)) + squeezer.flush()
    stream = b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream"
    return plain_pdf(
        b"<< /Type /Catalog /Pages 2 0 R /AF [ << /AFRelationship /Data /EF << /F 3 0 R >> >> ] >>",
        b"<< /Type /Pages /Kids [] /Count 0 >>",
        stream % (len(packed), packed),
    )


ENDLESS = (circle, table_that_leads_to_itself, ten_thousand_fields, unpacks_without_end,
           lambda: plain_pdf(b"[" * 100_000), lambda: b"%PDF-1.7\n/ByteRange [" * 5_000)  # fmt: skip


@pytest.mark.parametrize("kind", range(len(ENDLESS)))
def test_p3_an_endless_structure_gets_its_answer_in_time(kind):
    told = verify_apart(ENDLESS[kind](), [papers.authority().certificate], now=papers.NOW)
    assert told.verdict is not Word.GENUINE
