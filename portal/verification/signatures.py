"""One signature examined: is it mathematically right, who made it, when, and does the chain end at a given root."""

import logging
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature, async_validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from portal.clock import local
from portal.domain.wording import say
from portal.signatures.appending import run_to_end
from portal.verification.modifications import POLICY
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
TIME_STAMP = "signature_time_stamp_token"

logging.getLogger("pyhanko").addHandler(logging.NullHandler())
logging.getLogger("pyhanko_certvalidator").addHandler(logging.NullHandler())


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


def examine(signature: EmbeddedPdfSignature, roots: list[x509.Certificate], now: datetime) -> Examined:
    """Validate one signature with its certificate chain at `now`. Raises whatever pyHanko raises on a broken one."""
    trusted = [asn1_x509.Certificate.load(root.public_bytes(Encoding.DER)) for root in roots]
    context = ValidationContext(trust_roots=trusted, moment=now, allow_fetching=False, revocation_mode="soft-fail")
    certificate = signature.signer_cert
    at = signature.self_reported_timestamp
    status = run_to_end(async_validate_pdf_signature(signature, context, diff_policy=POLICY))
    reason, changed = _contradiction(status)
    word = Word.NOT_GENUINE if reason else Word.UNDECIDED
    if not reason:
        reason = _doubt(status, certificate, at)
        word = word if reason else Word.GENUINE
    names = certificate.subject.native
    return Examined(
        SignatureResult(
            field=signature.field_name,
            signer=_text(names.get("common_name")),
            position=_text(names.get("title")),
            unit=_text(names.get("organization_name")),
            time=local(at).isoformat(timespec="seconds") if at else "",
            level=level(signature),
            algorithm=algorithm(signature),
            verdict=word,
        ),
        reason,
        certificate.not_valid_after,
        _text(names.get("organization_identifier")),
        _text(names.get("serial_number")),
        changed,
    )


def level(signature: EmbeddedPdfSignature) -> str:
    """The level a signature declares by its form: B-B, B-T with a time-stamp, or CMS where it is no PAdES at all."""
    if signature.sig_object.get("/SubFilter") != "/ETSI.CAdES.detached":
        return "CMS"
    unsigned = signature.signer_info["unsigned_attrs"]
    return "B-T" if any(each["type"].native == TIME_STAMP for each in unsigned) else "B-B"


def algorithm(signature: EmbeddedPdfSignature) -> str:
    """The signature algorithm by name; the older PKCS#1 v1.5 is read and named."""
    name: str = signature.signer_info["signature_algorithm"].signature_algo
    return ALGORITHMS.get(name, name)


def _contradiction(status: PdfSignatureStatus) -> tuple[str, bool]:
    """Why the bytes contradict the signature ("" where they do not), and whether something was added after it."""
    if not (status.intact and status.valid):
        return say("Nội dung tệp không khớp với chữ ký."), False
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
