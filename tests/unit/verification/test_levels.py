"""Levels B-B to B-LTA through the years; late time-stamps; revocation; attacks on time-stamps and validation data."""

from datetime import timedelta

import pytest
from cryptography import x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.sign.validation.dss import DocumentSecurityStore

from portal.signatures.appending import AppendingWriter
from portal.signatures.archiving import add_time_stamp
from portal.signatures.authority import RevokedKey
from portal.signatures.signing import seal
from portal.verification.files import verify_pdf
from portal.verification.verdicts import Verdict, Word
from tests.unit.signatures import papers
from tests.unit.verification.flips import holes


def verdict(data: bytes, *, after: timedelta = timedelta(days=1), lists=(), roots=None) -> Verdict:
    trusted = [papers.authority().certificate] if roots is None else roots
    return verify_pdf(data, trusted, now=papers.NOW + after, lists=lists)


def levels(of: Verdict) -> list[str]:
    return [each.level for each in of.signatures]


def words(of: Verdict) -> str:
    return " ".join(line.text for line in of.lines)


def test_when_the_last_time_stamp_has_ended_nothing_is_proven_and_a_renewal_carries_on():
    late = timedelta(days=365 * 16)
    assert verdict(papers.archived(), after=late).verdict is Word.UNDECIDED
    assert verdict(papers.archived()).stamps[-1].not_after.startswith("2041")


def test_the_page_says_level_clock_and_until_when():
    found = verdict(papers.archived())
    assert "Mức B-LTA. Chứng minh được đến ngày 20/11/2041" in words(found)
    assert "có dấu thời gian, giờ nội bộ" in words(found)
    assert [stamp.internal for stamp in found.stamps] == [True, True]


def test_a_late_time_stamp_makes_a_signature_b_t_and_the_next_one_still_signs():
    sealed = seal(papers.with_fields(), papers.seal_key(), now=papers.NOW, timestamper=papers.time_at())
    given = papers.signed_by(sealed, "giver")
    assert levels(verdict(given)) == ["B-T", "B-B"]
    stamped = add_time_stamp(given, papers.time_at(papers.NOW + 30 * papers.MINUTE))
    assert stamped.startswith(given)
    assert levels(verdict(stamped)) == ["B-T", "B-T"]
    whole = papers.signed_by(stamped, "receiver", at=papers.NOW + 40 * papers.MINUTE,
                             stamper=papers.time_at(papers.NOW + 40 * papers.MINUTE))  # fmt: skip
    found = verdict(whole)
    assert (found.verdict, levels(found)) == (Word.GENUINE, ["B-T"] * 3)
    closed = papers.closed_once(whole, papers.NOW + 41 * papers.MINUTE)
    assert levels(verdict(closed)) == ["B-LTA"] * 3


def test_every_revision_of_an_archived_record_is_genuine_by_itself():
    once = papers.closed_once(papers.timed(), papers.NOW + papers.MINUTE)
    assert once.startswith(papers.timed())
    assert verdict(once).verdict is Word.GENUINE


@pytest.mark.parametrize(
    ("revoked_after", "word"), [(timedelta(minutes=-1), Word.UNDECIDED), (timedelta(days=2), Word.GENUINE)]
)
def test_a_newer_list_that_dates_a_revocation_before_the_signature_is_believed(revoked_after, word):
    serial = f"{papers.issued('giver').serial}"
    when = papers.NOW + revoked_after
    known = [x509.load_der_x509_crl(papers.revocations(papers.NOW + timedelta(days=3), [RevokedKey(serial, when)]))]
    found = verdict(papers.archived(), after=timedelta(days=4), lists=known)
    assert found.verdict is word
    assert ("thu hồi từ" in words(found)) is (word is Word.UNDECIDED)


def test_a_token_under_a_root_nobody_gave_proves_no_time(tmp_path):
    from portal.signatures.authority import create_authority, issue_time_authority
    from portal.signatures.invented_time import InventedTime

    other = create_authority(tmp_path, name="Kẻ khác", now=papers.NOW, key=papers.spare_key(0))
    issue_time_authority(other, tmp_path, portal_name="x", now=papers.NOW, key=papers.spare_key(4))
    stamper = InventedTime(tmp_path, lambda: papers.NOW)
    found = verdict(seal(papers.with_fields(), papers.seal_key(), now=papers.NOW, timestamper=stamper))
    assert found.verdict is Word.UNDECIDED
    assert "Dấu thời gian do khóa không có đường dẫn tin cậy" in words(found)


def test_a_token_far_from_the_signer_s_own_clock_is_told():
    stamper = papers.time_at(papers.NOW + timedelta(minutes=26))
    found = verdict(seal(papers.with_fields(), papers.seal_key(), now=papers.NOW, timestamper=stamper))
    assert found.verdict is Word.UNDECIDED
    assert "lệch quá 120 giây" in words(found)


def test_a_token_moved_from_another_signature_is_not_genuine():
    other = seal(
        papers.with_fields(), papers.seal_key(), now=papers.NOW + papers.MINUTE, timestamper=papers.time_at()
    )
    mine = seal(papers.with_fields(), papers.seal_key(), now=papers.NOW, timestamper=papers.time_at())
    theirs, ours = bytes.fromhex(text_in(other)), bytes.fromhex(text_in(mine))
    marker = bytes.fromhex("060b2a864886f70d010910020e")
    swapped = ours[: ours.index(marker)] + theirs[theirs.index(marker) :]
    if len(swapped) != len(ours):
        swapped = swapped[: len(ours)].ljust(len(ours), b"\0")
    hole = holes(mine)[0]
    forged = mine[: hole.start] + swapped.hex().encode() + mine[hole.stop :]
    assert verdict(forged).verdict is Word.NOT_GENUINE


def text_in(data: bytes) -> str:
    hole = holes(data)[0]
    return data[hole.start : hole.stop].decode()


def unprotected_data(writer: AppendingWriter) -> None:
    from asn1crypto import crl

    DocumentSecurityStore.supply_dss_in_writer(
        writer, None, crls=[crl.CertificateList.load(papers.revocations(papers.NOW))]
    )


def data_taken_away(writer: AppendingWriter) -> None:
    del writer.root[pdf_name("/DSS")]
    writer.update_root()


def visible_stamp(writer: AppendingWriter) -> None:
    fields = writer.root["/AcroForm"]["/Fields"]
    field = fields[-1].get_object()
    field[pdf_name("/Rect")] = generic.ArrayObject([generic.NumberObject(each) for each in (10, 10, 300, 300)])
    writer.update_container(field)


@pytest.mark.parametrize("change", [unprotected_data, data_taken_away, visible_stamp])
def test_what_is_appended_after_the_last_time_stamp_is_not_genuine(change):
    from io import BytesIO

    writer, out = AppendingWriter(papers.archived()), BytesIO()
    change(writer)
    writer.write(out)
    assert verdict(out.getvalue()).verdict is Word.NOT_GENUINE


def test_a_signature_after_the_archive_s_time_stamps_is_not_genuine():
    from pyhanko.sign.fields import SigSeedSubFilter
    from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata

    from portal.signatures.appending import run_to_end
    from portal.signatures.keys import DIGEST_NAME
    from portal.signatures.signing import DatedSigner

    meta = PdfSignatureMetadata(field_name="thêm", md_algorithm=DIGEST_NAME, subfilter=SigSeedSubFilter.PADES)
    signer = DatedSigner(papers.NOW, meta, papers.opened("giver").signer)
    forged = run_to_end(signer.async_sign_pdf(AppendingWriter(papers.archived()))).getvalue()
    assert verdict(forged).verdict is Word.NOT_GENUINE
