"""The verdict on a file, or on every PDF of a folder."""

import re
from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from pathlib import Path

from cryptography import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from portal.clock import local
from portal.domain.errors import NotFound
from portal.domain.wording import say
from portal.signatures.archiving import is_stamp
from portal.signatures.fields import GIVER, RECEIVER
from portal.signatures.tokens import Stamp
from portal.verification.attachment import attached_data, unprinted_digests
from portal.verification.container import Contradiction, check_shape, read_container
from portal.verification.modifications import check_revisions
from portal.verification.packages import is_package, verify_package
from portal.verification.proofs import Trust, proofs_of
from portal.verification.reasons import advice_of, reason_of
from portal.verification.rights import missing_rights
from portal.verification.signatures import examine
from portal.verification.verdicts import DocumentStamp, Verdict, Word, overall
from portal.verification.wording import Findings, lines_of

TRACES = re.compile(rb"/ByteRange\s*\[")
KINDS = (".pdf", ".asice")
NOT_PDF = say("Tệp không phải là PDF.")
NO_SIGNATURE = say("Tệp không có chữ ký số nào.")
BROKEN = say("Cấu trúc của tệp bị hỏng (bảng tham chiếu, trường ký hoặc phần kết thúc).")
OTHER_DATA = say("Dữ liệu đính kèm không khớp mã SHA-256 in trên biên bản.")


def verify_pdf(
    data: bytes,
    roots: Iterable[x509.Certificate] | None,
    *,
    now: datetime,
    path: str = "",
    lists: Iterable[x509.CertificateRevocationList] = (),
) -> Verdict:
    """The verdict on one file's bytes as of `now`, trusting `roots` alone (None or none: nothing is trusted).

    `lists` are lists of revoked certificates at hand besides those in the file. Never raises for what the bytes are:
    whatever cannot be read contradicts its signatures, or bears none.
    """
    trust = Trust(list(roots or ()), now, tuple(lists))
    found = Findings(trust=trust if trust.roots else None)
    try:
        _look(data, trust, found)
    except Contradiction as contradiction:
        found.damaged.append(contradiction.words)
    except Exception:  # a damaged file may fail anywhere in the reader
        found.damaged.append(BROKEN)
    words = [each.result.verdict for each in found.examined] + [Word.UNDECIDED for _ in found.without_right]
    word = Word.NOT_GENUINE if found.contradicted else overall(words)
    stamps = tuple(_told(stamp) for _, stamp in found.proofs.documents) if found.proofs else ()
    signatures = tuple(each.result for each in found.examined)
    told = {"reason": reason_of(found, word), "advice": advice_of(found, word)}
    return Verdict(path, word, signatures, lines_of(found), stamps, **told)


def verify_file(
    data: bytes,
    roots: Iterable[x509.Certificate] | None,
    *,
    now: datetime,
    path: str = "",
    lists: Iterable[x509.CertificateRevocationList] = (),
) -> Verdict:
    """The verdict on a file of either kind: a record (PDF) or an evidence package (ASiC-E)."""
    anchors, known = list(roots or ()), list(lists)

    def record(inside: bytes, name: str) -> Verdict:
        return verify_pdf(inside, anchors, now=now, path=name, lists=known)

    if is_package(data):
        return verify_package(data, Trust(anchors, now, known), record, path=path)
    return record(data, path)


def verify_paths(
    paths: Iterable[Path],
    roots: Iterable[x509.Certificate] | None,
    *,
    now: datetime,
    lists: Iterable[x509.CertificateRevocationList] = (),
) -> list[Verdict]:
    """The verdicts on files, and on all records and packages beneath folders. Raises NotFound for a missing path."""
    anchors, known = list(roots or ()), list(lists)
    return [verify_file(path.read_bytes(), anchors, now=now, path=str(path), lists=known) for path in _files(paths)]


def _told(stamp: Stamp) -> DocumentStamp:
    return DocumentStamp(
        stamp.authority,
        local(stamp.time).isoformat(timespec="seconds"),
        local(stamp.not_after).isoformat(timespec="seconds"),
        stamp.internal,
    )


def _files(paths: Iterable[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            raise NotFound(say("Không có tệp hoặc thư mục {path}. Hãy kiểm tra lại đường dẫn.", path=path))
        if path.is_dir():
            found += sorted(each for each in path.rglob("*") if each.suffix.lower() in KINDS and each.is_file())
        else:
            found.append(path)
    return found


def _look(data: bytes, trust: Trust, found: Findings) -> None:
    traces = len(TRACES.findall(data))
    if not data.startswith(b"%PDF-") and not traces:
        found.unsigned = NOT_PDF
        return
    reader = PdfFileReader(BytesIO(data))
    signatures = reader.embedded_signatures
    if len(signatures) != traces:
        raise Contradiction(BROKEN)
    if not any(not is_stamp(each) for each in signatures):
        found.unsigned = NO_SIGNATURE
        return
    found.places = sum(1 for name, _, _ in enumerate_sig_fields(reader) if name in (GIVER, RECEIVER))
    _look_at_signatures(data, reader, signatures, trust, found)
    _look_at_data(data, reader, found)


def _look_at_signatures(
    data: bytes, reader: PdfFileReader, signatures: list[EmbeddedPdfSignature], trust: Trust, found: Findings
) -> None:
    containers = [read_container(data, [int(at) for at in each.byte_range]) for each in signatures]
    for container in containers:
        check_shape(container.content)
    try:
        check_revisions(data, containers, signatures)
    except Contradiction as contradiction:
        found.added.append(contradiction.words)
    found.proofs = proofs_of(data, reader, signatures, containers, trust)
    for signature in signatures:
        if is_stamp(signature):
            continue
        examined = examine(signature, trust, found.proofs)
        found.examined.append(examined)
        if examined.result.verdict is Word.NOT_GENUINE:
            (found.added if examined.changed else found.damaged).append(examined.reason)


def _look_at_data(data: bytes, reader: PdfFileReader, found: Findings) -> None:
    attached = attached_data(reader)
    found.without_right = missing_rights(found.examined, attached)
    if not attached or found.damaged:
        return
    if unprinted_digests(data, reader):
        found.damaged.append(OTHER_DATA)
    found.data_checked = True
