"""One signature examined: is it mathematically right, who made it, when, and does the chain end at a given root."""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature, async_validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator.path import ValidationPath

from portal.clock import local
from portal.domain.levels import Level
from portal.domain.wording import say
from portal.signatures.appending import run_to_end
from portal.signatures.stamping import FARTHEST
from portal.signatures.tokens import Stamp, trusting
from portal.verification.modifications import POLICY
from portal.verification.proofs import Proofs, Trust, is_listed, revoked
from portal.verification.verdicts import SignatureResult, Word

ALGORITHMS = {
    "rsassa_pss": "RSASSA-PSS",
    "rsassa_pkcs1v15": "RSA PKCS#1 v1.5",
    "ecdsa": "ECDSA",
    "ed25519": "Ed25519",
}
DOUBTS = {
    "OUT_OF_BOUNDS": say("Chứng thư đã hết hạn và không có dấu thời gian chứng minh giờ ký."),
    "EXPIRED": say("Chứng thư đã hết hạn và không có dấu thời gian chứng minh giờ ký."),
    "NOT_YET_VALID": say("Chứng thư chưa có hiệu lực."),
    "REVOKED": say("Chứng thư đã bị thu hồi."),
    "NO_CERTIFICATE_CHAIN": say("Không có đường dẫn tin cậy từ chứng thư đến chứng thư gốc đã đưa vào."),
}
OTHER_DOUBT = say("Chứng thư không xác minh được, hoặc không được phép dùng để ký.")

logging.getLogger("pyhanko").addHandler(logging.NullHandler())
logging.getLogger("pyhanko_certvalidator").addHandler(logging.NullHandler())


OTHER_CONTENT = say("Nội dung tệp không khớp với chữ ký.")
REVOKED = say("Chứng thư đã bị thu hồi từ {at}, trước giờ ký được chứng minh.")
STAMP_UNTRUSTED = say("Dấu thời gian do khóa không có đường dẫn tin cậy đến chứng thư gốc đã đưa vào.")
CLOCKS_DIFFER = say("Giờ ký tự khai lệch quá 120 giây so với dấu thời gian.")
NEVER_LISTED = say("Chứng thư đã hết hạn và không có danh sách thu hồi nào chứng minh lúc ký nó còn giá trị.")


@dataclass(frozen=True)
class Examined:
    """A signature's result with the reason for it (Vietnamese; empty where all is well) and its certificate's end."""

    result: SignatureResult
    reason: str
    not_after: datetime
    unit_code: str
    account: str
    """The account a person's certificate names; empty on the portal's seal."""
    changed: bool
    """Whether the reason is something added after it, not damage to what it covers."""
    proven_at: datetime | None = None
    """The moment a time-stamp proves; None where there is none to trust."""
    listed: bool = False
    """Whether lists of revoked certificates show that it was good at that moment."""
    fingerprint: str = ""
    """The certificate's SHA-256 in hexadecimal."""


def examine(signature: EmbeddedPdfSignature, trust: Trust, proofs: Proofs) -> Examined:
    """Validate one signature: its certificate chain at the moment proven, else now. Raises what pyHanko raises."""
    certificate = signature.signer_cert
    at = signature.self_reported_timestamp
    moment = proofs.moments.get(signature.field_name)
    # A digest of other bytes needs no further look: neither chain nor differences could mend it.
    judged = _judged(signature, trust, proofs) if _is_over_its_bytes(signature) else _OTHER_BYTES
    names = certificate.subject.native
    return Examined(
        SignatureResult(
            field=str(signature.field_name),  # pyHanko's own kind of text drags the whole file along
            signer=_text(names.get("common_name")),
            position=_text(names.get("title")),
            unit=_text(names.get("organization_name")),
            time=local(at).isoformat(timespec="seconds") if at else "",
            level=level(signature, proofs),
            algorithm=algorithm(signature),
            verdict=judged.word,
        ),
        judged.reason,
        certificate.not_valid_after,
        _text(names.get("organization_identifier")),
        _text(names.get("serial_number")),
        judged.changed,
        moment,
        judged.listed,
        hashlib.sha256(certificate.dump()).hexdigest(),
    )


@dataclass(frozen=True)
class _Judged:
    word: Word
    reason: str = ""
    changed: bool = False
    listed: bool = False


_OTHER_BYTES = _Judged(Word.NOT_GENUINE, OTHER_CONTENT)


def _is_over_its_bytes(signature: EmbeddedPdfSignature) -> bool:
    """Whether the digest that the signature states is that of the file's bytes; one that states none is looked at."""
    attributes = signature.signer_info["signed_attrs"]
    stated = [each["values"][0].native for each in attributes if each["type"].native == "message_digest"]
    return not stated or bool(stated[0] == signature.compute_digest())


def _judged(signature: EmbeddedPdfSignature, trust: Trust, proofs: Proofs) -> _Judged:
    at, moment = signature.self_reported_timestamp, proofs.moments.get(signature.field_name)
    context = trusting(trust.roots, moment or trust.now, proofs.others)
    status = run_to_end(async_validate_pdf_signature(signature, context, diff_policy=POLICY))
    reason, changed = _contradiction(status)
    path, lists = status.validation_path, (*proofs.lists, *trust.lists)
    listed = moment is not None and is_listed(path, lists, moment)
    if reason:
        return _Judged(Word.NOT_GENUINE, reason, changed, listed)
    reason = (
        _doubt(status, signature.signer_cert, at)
        or _doubt_of_time(proofs.tokens.get(signature.field_name), at)
        or _doubt_of_revocation(path, lists, moment or trust.now, trust.now, listed=listed)
    )
    return _Judged(Word.UNDECIDED if reason else Word.GENUINE, reason, changed, listed)


def level(signature: EmbeddedPdfSignature, proofs: Proofs) -> Level:
    """The level that signature and file declare by their form, trusted or not; CMS where it is no PAdES at all.

    A document time-stamp after the signature stands for its own token (EN 319 142-1 allows either).
    """
    if signature.sig_object.get("/SubFilter") != "/ETSI.CAdES.detached":
        return Level.CMS
    own = proofs.tokens.get(signature.field_name)
    later = [(end, stamp) for end, stamp in proofs.documents if end > _end(signature)]
    if own is None and not later:
        return Level.B_B
    first = own or later[0][1]
    issuer = signature.signer_cert.issuer.dump()
    if not any(first.time <= each.last_update_utc and each.issuer.public_bytes() == issuer for each in proofs.lists):
        return Level.B_T
    return Level.B_LTA if later and proofs.listed_until > _end(signature) else Level.B_LT


def _end(signature: EmbeddedPdfSignature) -> int:
    _, _, start, length = signature.byte_range
    return int(start) + int(length)


def algorithm(signature: EmbeddedPdfSignature) -> str:
    """The signature algorithm by name; the older PKCS#1 v1.5 is read and named."""
    name: str = signature.signer_info["signature_algorithm"].signature_algo
    return ALGORITHMS.get(name, name)


def _contradiction(status: PdfSignatureStatus) -> tuple[str, bool]:
    """Why the bytes contradict the signature ("" where they do not), and whether something was added after it."""
    if not (status.intact and status.valid):
        return OTHER_CONTENT, False
    covered = (SignatureCoverageLevel.ENTIRE_REVISION, SignatureCoverageLevel.ENTIRE_FILE)
    if status.coverage not in covered or not status.docmdp_ok:
        return say("Tệp có thay đổi ngoài các chữ ký được phép, sau khi ký."), True
    if not status.seed_value_ok:
        return say("Chữ ký không theo điều kiện đặt sẵn của ô ký."), False
    return "", False


def _doubt(status: PdfSignatureStatus, certificate: asn1_x509.Certificate, at: datetime | None) -> str:
    """What is missing for trust in an intact signature; "" where nothing is."""
    if at is None:
        return say("Chữ ký không ghi giờ ký.")
    if not certificate.not_valid_before <= at <= certificate.not_valid_after:
        return say("Giờ ký nằm ngoài thời hạn của chứng thư.")
    if status.trusted:
        return ""
    problem = status.trust_problem_indic.standard_name if status.trust_problem_indic else ""
    return next((words for mark, words in DOUBTS.items() if mark in problem), OTHER_DOUBT)


def _text(value: str | list[str] | None) -> str:
    return ", ".join(value) if isinstance(value, list) else value or ""


def _doubt_of_time(token: Stamp | None, at: datetime | None) -> str:
    """What speaks against a signature's own token; "" where nothing does, or where it has none."""
    if token is None or at is None:
        return ""
    if not token.trusted:
        return STAMP_UNTRUSTED
    return CLOCKS_DIFFER if abs(token.time - at) > FARTHEST else ""


def _doubt_of_revocation(
    path: ValidationPath | None,
    lists: Sequence[x509.CertificateRevocationList],
    moment: datetime,
    now: datetime,
    *,
    listed: bool,
) -> str:
    """Whether the certificate was taken back before the moment that counts, or nobody can tell any more."""
    since = revoked(path, lists, moment)
    if since is not None:
        return say(REVOKED, at=f"{local(since):%H:%M %d/%m/%Y}")
    ended = path is not None and any(now > each.not_valid_after for each in path.iter_certs(include_root=False))
    return NEVER_LISTED if ended and not listed else ""
