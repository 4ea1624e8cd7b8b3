import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pikepdf
import pytest
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter, append_signature_field
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata
from pyhanko_certvalidator.registry import SimpleCertificateStore

from portal.documents.record import draw_record
from portal.domain.errors import InvalidInput, NotFound
from portal.signatures.appearance import Appearance, stamp_style
from portal.signatures.appending import AppendingWriter, run_to_end
from portal.signatures.fields import place_fields
from portal.signatures.keys import DIGEST_NAME
from portal.signatures.signing import DatedSigner, seal
from portal.verification.files import verify_paths, verify_pdf
from portal.verification.roots import read_roots
from portal.verification.verdicts import Verdict, Word
from tests.unit.documents.samples import record
from tests.unit.signatures import papers

LATER = papers.NOW + timedelta(days=2)


def verdict(data: bytes, *, at=LATER, trusted: bool = True) -> Verdict:
    roots = [papers.authority().certificate] if trusted else None
    return verify_pdf(data, roots, now=at)


def words(of: Verdict) -> str:
    return " ".join(line.text for line in of.lines)


def test_a_record_with_three_signatures_is_genuine_with_nothing_but_the_root():
    found = verdict(papers.received())
    assert found.verdict is Word.GENUINE
    assert [(each.field, each.signer, each.level) for each in found.signatures] == [
        ("seal", "Dấu điện tử của cổng Bàn giao", "B-B"),
        ("giver", "Giàng A Chu", "B-B"),
        ("receiver", "Lò Văn Đối", "B-B"),
    ]
    assert {each.time for each in found.signatures} == {"2026-11-20T09:05:07+07:00"}
    assert [line.name for line in found.lines] == ["intact", "unchanged", "signers", "time", "provable"]
    assert all(line.ok for line in found.lines)
    assert "chưa có dấu thời gian" in words(found)
    assert "khớp mã SHA-256 in trên biên bản" in words(found)
    assert "Chưa đủ chữ ký" not in words(found)


@pytest.mark.parametrize(("pdf", "missing"), [(papers.sealed, "(0/2)"), (papers.given, "(1/2)")])
def test_a_record_on_its_way_is_genuine_and_says_what_is_missing(pdf, missing):
    found = verdict(pdf())
    assert found.verdict is Word.GENUINE
    assert f"Chưa đủ chữ ký {missing}" in words(found)


def test_without_the_root_nothing_is_trusted_and_nothing_is_called_forged():
    found = verdict(papers.received(), trusted=False)
    assert found.verdict is Word.UNDECIDED
    assert found.lines[0].ok
    assert not found.lines[2].ok


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 something else", b"\x00" * 500])
def test_what_is_no_pdf_is_undecided(data):
    assert verdict(data).verdict is Word.UNDECIDED


def test_an_unsigned_record_is_undecided():
    assert verdict(papers.with_fields()).verdict is Word.UNDECIDED
    assert "không có chữ ký số" in words(verdict(papers.drawn().pdf))


def test_an_ended_certificate_without_time_stamp_is_undecided():
    found = verdict(papers.received(), at=papers.NOW + timedelta(days=1200))
    assert found.verdict is Word.UNDECIDED
    assert "hết hạn" in words(found)


@pytest.mark.parametrize("tail", [b"\n", b" ", b"\x00", b"% remark\n", b"%%EOF\n"])
@pytest.mark.parametrize("pdf", [papers.sealed, papers.received])
def test_bytes_after_the_end_make_a_record_not_genuine(pdf, tail):
    assert verdict(pdf() + tail).verdict is Word.NOT_GENUINE


@pytest.mark.parametrize("share", [0.97, 0.999])
def test_a_cut_file_is_not_genuine(share):
    data = papers.received()
    assert verdict(data[: int(len(data) * share)]).verdict is Word.NOT_GENUINE


def text(value: str) -> generic.TextStringObject:
    return generic.TextStringObject(value)


def page_of(writer: IncrementalPdfFileWriter) -> generic.DictionaryObject:
    return writer.find_page_for_modification(0)[0].get_object()


def change_page(writer: IncrementalPdfFileWriter) -> None:
    more = writer.add_object(generic.StreamObject(stream_data=b"BT ET"))
    page = page_of(writer)
    page[pdf_name("/Contents")] = generic.ArrayObject([page.raw_get("/Contents"), more])
    writer.update_container(page)


def add_annotation(writer: IncrementalPdfFileWriter) -> None:
    note = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Annot"),
            pdf_name("/Subtype"): pdf_name("/Text"),
            pdf_name("/Rect"): generic.ArrayObject([generic.NumberObject(each) for each in (10, 10, 30, 30)]),
            pdf_name("/Contents"): text("đã sửa"),
        }
    )
    writer.register_annotation(writer.find_page_for_modification(0)[0], writer.add_object(note))


def swap_attachment(writer: IncrementalPdfFileWriter) -> None:
    file = writer.root["/AF"][0]["/EF"].raw_get("/F")
    other = generic.StreamObject(stream_data=b'{"rows":[]}')
    reference = writer.add_object(other)
    holder = writer.root["/AF"][0]["/EF"]
    assert holder.raw_get("/F") == file
    holder[pdf_name("/F")] = reference
    writer.update_container(holder)


def change_metadata(writer: IncrementalPdfFileWriter) -> None:
    old = writer.root["/Metadata"]
    writer.root[pdf_name("/Metadata")] = writer.add_object(
        generic.StreamObject(stream_data=old.data.replace(b"</rdf:RDF>", b" </rdf:RDF>"))
    )
    writer.update_root()


def change_title(writer: IncrementalPdfFileWriter) -> None:
    writer.set_info(writer.add_object(generic.DictionaryObject({pdf_name("/Title"): text("Biên bản khác")})))


def change_language(writer: IncrementalPdfFileWriter) -> None:
    writer.root[pdf_name("/Lang")] = text("en")
    writer.update_root()


def add_open_action(writer: IncrementalPdfFileWriter) -> None:
    action = {pdf_name("/S"): pdf_name("/JavaScript"), pdf_name("/JS"): text("app.alert(1)")}
    writer.root[pdf_name("/OpenAction")] = writer.add_object(generic.DictionaryObject(action))
    writer.update_root()


def move_field(writer: IncrementalPdfFileWriter) -> None:
    field = next(each for each in writer.root["/AcroForm"]["/Fields"] if each.get_object()["/T"] == "giver")
    field = field.get_object()
    field["/Rect"][0] = generic.FloatObject(1)
    writer.update_container(field)


def add_visible_field(writer: IncrementalPdfFileWriter) -> None:
    append_signature_field(writer, SigFieldSpec("extra", box=(10, 10, 90, 40)))


def add_invisible_field(writer: IncrementalPdfFileWriter) -> None:
    append_signature_field(writer, SigFieldSpec("extra"))


def add_loose_object(writer: IncrementalPdfFileWriter) -> None:
    writer.add_object(generic.StreamObject(stream_data=b"hidden"))


CHANGES: list[Callable[[IncrementalPdfFileWriter], None]] = [
    change_page,
    add_annotation,
    swap_attachment,
    change_metadata,
    change_title,
    change_language,
    add_open_action,
    move_field,
    add_visible_field,
    add_invisible_field,
    add_loose_object,
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda each: each.__name__)
def test_a_change_appended_to_a_signed_record_is_not_genuine(change):
    writer = AppendingWriter(papers.received())
    change(writer)
    out = BytesIO()
    writer.write(out)
    found = verdict(out.getvalue())
    assert found.verdict is Word.NOT_GENUINE
    assert not found.lines[1].ok


@pytest.mark.parametrize("change", CHANGES, ids=lambda each: each.__name__)
def test_a_change_made_while_signing_is_not_genuine(change):
    writer = AppendingWriter(papers.given())
    change(writer)
    found = verdict(signed(writer, "receiver"))
    assert found.verdict is Word.NOT_GENUINE
    assert not found.lines[1].ok


def signed(writer: IncrementalPdfFileWriter, field: str) -> bytes:
    meta = PdfSignatureMetadata(field_name=field, md_algorithm=DIGEST_NAME, subfilter=SigSeedSubFilter.PADES)
    style = stamp_style(Appearance("Lò Văn Đối", "Tổ trưởng", "Tổ công tác", papers.NOW))
    signer = DatedSigner(papers.NOW, meta, papers.opened("receiver").signer, stamp_style=style)
    return run_to_end(signer.async_sign_pdf(writer, existing_fields_only=True)).getvalue()


def test_a_fourth_signature_after_the_lock_is_not_genuine():
    writer = AppendingWriter(papers.received())
    append_signature_field(writer, SigFieldSpec("extra"))
    assert verdict(signed(writer, "extra")).verdict is Word.NOT_GENUINE


def test_a_record_saved_anew_by_another_tool_is_not_genuine(tmp_path):
    (tmp_path / "a.pdf").write_bytes(papers.received())
    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        pdf.save(tmp_path / "b.pdf")
    assert verdict((tmp_path / "b.pdf").read_bytes()).verdict is Word.NOT_GENUINE


def test_attached_data_other_than_the_printed_digest_is_not_genuine():
    other = replace(record(3), manifest=b"{}", manifest_sha256="0" * 64)
    drawn = draw_record(record(3))
    with pikepdf.open(BytesIO(drawn.pdf)) as pdf:
        pdf.Root.AF[0].EF.F.write(other.manifest)
        out = BytesIO()
        pdf.save(out)
    sealed = seal(place_fields(out.getvalue(), drawn.boxes), papers.seal_key(), now=papers.NOW)
    found = verdict(sealed)
    assert found.verdict is Word.NOT_GENUINE
    assert "không khớp mã SHA-256" in words(found)


def test_pkcs1_is_read_and_named():
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding
    from pyhanko.sign.signers.pdf_cms import Signer

    class Older(Signer):
        async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
            return papers.spare_key(2).sign(data, padding.PKCS1v15(), hashes.SHA256())

    kept = papers.opened("giver").signer
    older = Older(signing_cert=kept.signing_cert, cert_registry=kept.cert_registry, embed_roots=False)
    meta = PdfSignatureMetadata(field_name="giver", md_algorithm=DIGEST_NAME, subfilter=SigSeedSubFilter.PADES)
    signer = DatedSigner(papers.NOW, meta, older)
    data = run_to_end(signer.async_sign_pdf(AppendingWriter(papers.sealed()), existing_fields_only=True)).getvalue()
    found = verdict(data)
    assert found.signatures[1].algorithm == "RSA PKCS#1 v1.5"
    assert found.verdict is Word.GENUINE


def test_three_signatures_are_verified_within_a_second():
    verdict(papers.received())
    started = time.perf_counter()
    verdict(papers.received())
    assert time.perf_counter() - started < 1


def test_a_folder_is_read_through_and_a_missing_path_is_named(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "one.PDF").write_bytes(papers.received())
    (tmp_path / "two.pdf").write_bytes(papers.sealed() + b" ")
    (tmp_path / "notes.txt").write_text("-")
    found = verify_paths([tmp_path], [papers.authority().certificate], now=LATER)
    assert [each.verdict for each in found] == [Word.GENUINE, Word.NOT_GENUINE]
    with pytest.raises(NotFound, match="Không có tệp"):
        verify_paths([tmp_path / "none.pdf"], None, now=LATER)


def test_a_file_of_several_roots_is_read_and_an_empty_one_refused():
    pem = papers.authority().certificate_pem
    assert len(read_roots(pem + pem)) == 2
    with pytest.raises(InvalidInput, match="BEGIN CERTIFICATE"):
        read_roots(b"nothing")


def test_a_flip_in_an_embedded_root_is_found():
    from pyhanko.sign.signers.pdf_cms import Signer

    class WithRoot(Signer):
        async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
            return await papers.opened("giver").signer.async_sign_raw(data, digest_algorithm, dry_run)

    kept = papers.opened("giver").signer
    store = SimpleCertificateStore()
    root = asn1_x509.Certificate.load(papers.authority().certificate.public_bytes(Encoding.DER))
    store.register(root)
    other = WithRoot(
        signing_cert=kept.signing_cert, cert_registry=store, signature_mechanism=kept.signature_mechanism
    )
    meta = PdfSignatureMetadata(field_name="giver", md_algorithm=DIGEST_NAME, subfilter=SigSeedSubFilter.PADES)
    work = DatedSigner(papers.NOW, meta, other).async_sign_pdf(
        AppendingWriter(papers.sealed()), existing_fields_only=True
    )
    data = run_to_end(work).getvalue()
    assert verdict(data).verdict is Word.GENUINE
    hexadecimal = root.dump().hex().encode()
    start = data.lower().rindex(hexadecimal[-400:])
    for at in (start + 3, start + 200, start + 390):
        digit = b"1" if data[at : at + 1] != b"1" else b"2"
        assert verdict(data[:at] + digit + data[at + 1 :]).verdict is Word.NOT_GENUINE
