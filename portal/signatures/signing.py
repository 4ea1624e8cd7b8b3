"""Sealing and signing a record: PAdES signatures appended to the file, nothing before them touched."""

from datetime import datetime
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner, PdfSigningSession
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.stamp import BaseStampStyle

from portal.clock import local
from portal.domain.errors import StaleVersion
from portal.signatures.appearance import Appearance, stamp_style
from portal.signatures.appending import AppendingWriter, run_to_end
from portal.signatures.fields import GIVER, READABLE, RECEIVER, SEAL
from portal.signatures.keys import DIGEST_NAME, SigningKey

__all__ = ["Appearance", "SignatureRefused", "seal", "sign"]


FIRST_ROOM, MOST_ROOM = 14_000, 65_000
"""Hexadecimal digits of a container; a string in PDF/A-3 has less than 32,768 bytes."""
TOO_LITTLE_ROOM = "larger than expected"
_rooms: dict[tuple[str, bool], int] = {}
"""The room of a key's last container, by its serial and whether a time-stamp was asked for."""


class SignatureRefused(StaleVersion):
    """The file cannot take this signature: it is signed there already, closed, or not as the portal made it."""


class DatedSigner(PdfSigner):
    """A signer that uses the moment it is given instead of the machine's clock and zone."""

    def __init__(self, now: datetime, *args: Any, **more: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **more)
        self._now = local(now)

    def init_signing_session(self, *args: Any, **more: Any) -> PdfSigningSession:  # noqa: ANN401
        """The usual session, at the given moment."""
        session = super().init_signing_session(*args, **more)
        session.system_time = self._now
        return session


def seal(pdf: bytes, key: SigningKey, *, now: datetime, timestamper: TimeStamper | None = None) -> bytes:
    """Certify a record whose fields are placed: from here on only the signatures may be added (DocMDP P=2).

    Raises SignatureRefused where the file is sealed or signed already, CertificateNotValid where the seal has ended.
    """
    signed = signed_fields(pdf)
    if signed:
        raise SignatureRefused("Biên bản đã được đóng dấu. Hãy tải lại trang để xem bản mới nhất.", code="sealed")
    meta = PdfSignatureMetadata(
        field_name=SEAL,
        md_algorithm=DIGEST_NAME,
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.FILL_FORMS,
        reason="Bảo đảm nội dung biên bản không thay đổi kể từ khi lập",
    )
    return _append(pdf, key, meta, now, None, timestamper)


def sign(
    pdf: bytes,
    field_name: str,
    key: SigningKey,
    *,
    appearance: Appearance,
    reason: str,
    location: str,
    now: datetime,
    timestamper: TimeStamper | None = None,
    giver_in_ink: bool = False,
) -> bytes:
    """Sign the placed field `field_name` ("giver" or "receiver") of a sealed record; the old bytes stay as a prefix.

    Raises SignatureRefused where the field is missing, signed already, out of turn or locked, and
    CertificateNotValid where the certificate does not cover `now`. Level B-B; B-T with a `timestamper`. Where the
    giver signed on paper (`giver_in_ink`) its field stays empty and the receiver signs alone.
    """
    require_open(pdf, field_name, giver_in_ink=giver_in_ink)
    meta = PdfSignatureMetadata(
        field_name=field_name,
        md_algorithm=DIGEST_NAME,
        subfilter=SigSeedSubFilter.PADES,
        reason=reason or None,
        location=location or None,
    )
    return _append(pdf, key, meta, now, stamp_style(appearance), timestamper)


def signed_fields(pdf: bytes) -> list[str]:
    """The names of the fields signed so far. Raises SignatureRefused where the file is no sound PDF."""
    return [name for name, value, _ in enumerate_sig_fields(_reader(pdf), filled_status=True) if value is not None]


def require_open(pdf: bytes, field_name: str, *, giver_in_ink: bool = False) -> None:
    """Raise SignatureRefused unless the field may be signed now; pyHanko itself would sign after a lock."""
    reader = _reader(pdf)
    words = READABLE.get(field_name, field_name)
    found = {name: value for name, value, _ in enumerate_sig_fields(reader)}
    if field_name not in found or field_name == SEAL:
        raise SignatureRefused(f"Biên bản không có ô «{words}». Hãy lập lại biên bản.", code="no_field")
    if found[field_name] is not None:
        raise SignatureRefused(f"Ô «{words}» đã được ký. Hãy tải lại trang để xem bản mới nhất.", code="signed")
    filled = [each for each in found.values() if each is not None]
    if any(_locks_all(each.get_object()) for each in filled):
        raise SignatureRefused("Biên bản đã đủ chữ ký và đã khóa; không ký thêm được.", code="locked")
    if field_name == RECEIVER and found.get(GIVER) is None and not giver_in_ink:
        raise SignatureRefused("Bên giao chưa ký; bên nhận ký sau bên giao.", code="order")
    if found.get(SEAL) is None:
        raise SignatureRefused("Biên bản chưa có dấu điện tử của cổng. Hãy lập lại biên bản.", code="unsealed")
    if max(_covered_until(each.get_object()) for each in filled) != len(pdf):
        raise SignatureRefused("Tệp biên bản có phần thêm vào sau chữ ký. Không ký được tệp này.", code="altered")


def _covered_until(signature: Any) -> int:  # noqa: ANN401
    _, _, start, length = signature["/ByteRange"]
    return int(start) + int(length)


def _locks_all(signature: Any) -> bool:  # noqa: ANN401
    for reference in signature.get("/Reference", ()):
        parameters = reference.get_object().get("/TransformParams", {})
        if reference.get_object().get("/TransformMethod") == "/FieldMDP" and parameters.get("/Action") == "/All":
            return True
    return False


def _append(
    pdf: bytes,
    key: SigningKey,
    meta: PdfSignatureMetadata,
    now: datetime,
    style: BaseStampStyle | None,
    timestamper: TimeStamper | None,
) -> bytes:
    key.require_valid(now)
    signer = DatedSigner(now, meta, key.signer, timestamper=timestamper, stamp_style=style)
    # pyHanko finds the room a container needs by making it once for nothing: done for a key's first signature alone.
    room = _rooms.get((key.serial, timestamper is not None))
    while True:
        work = signer.async_sign_pdf(AppendingWriter(pdf), existing_fields_only=True, bytes_reserved=room)
        try:
            result: bytes = run_to_end(work).getvalue()
            break
        except SigningError as error:
            # Another authority's token may need more than the last one did.
            if TOO_LITTLE_ROOM not in str(error) or room == MOST_ROOM:
                raise
            room = min(2 * (room or FIRST_ROOM), MOST_ROOM)
    if not result.startswith(pdf):
        raise RuntimeError("the signer changed bytes that were there before")
    _rooms[key.serial, timestamper is not None] = _room_in(result)
    return result


def _room_in(pdf: bytes) -> int:
    """Hexadecimal digits kept for the last container, padding included."""
    start = pdf.rindex(b"/Contents <") + len(b"/Contents <")
    return pdf.index(b">", start) - start


def _reader(pdf: bytes) -> PdfFileReader:
    try:
        return PdfFileReader(BytesIO(pdf))
    except (PdfReadError, ValueError) as error:
        raise SignatureRefused("Tệp biên bản không đọc được nữa. Hãy lập lại biên bản.", code="unreadable") from error
