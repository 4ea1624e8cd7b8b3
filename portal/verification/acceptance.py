"""The one gate for a signature, whichever way it was made: portal's key, USB token, another program, another machine.

What comes back must be the stored revision, byte for byte, with exactly one thing more: the right person's signature
in the right place. Everything else is refused with its reason, and nothing of it is kept.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.generic import DictionaryObject
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import SuspiciousModification
from pyhanko.sign.diff_analysis.policy_api import ModificationLevel
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation.generic_cms import cms_basic_validation
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import CertificateValidator
from pyhanko_certvalidator.errors import PathError, ValidationError

from portal.clock import local
from portal.domain.errors import InvalidInput
from portal.domain.wording import say
from portal.signatures.appending import run_to_end
from portal.signatures.fields import READABLE
from portal.signatures.stamping import FARTHEST
from portal.signatures.tokens import trusting
from portal.verification.container import Contradiction, check_shape, read_container
from portal.verification.modifications import POLICY
from portal.verification.proofs import Trust, revoked, stamp_in

MOST_ADDED = 2 * 1024 * 1024
"""Bytes that one signature may add; a visible one with a picture needs some 60,000."""
DIGESTS = ("sha256", "sha384", "sha512")
SHORTEST_RSA, SHORTEST_EC = 2048, 256
"""Circular 15/2025/TT-BKHCN."""


class NotAccepted(InvalidInput):
    """The signature is not the one that was asked for; the words say what is wrong and what to do."""


@dataclass(frozen=True)
class Expected:
    """What is asked for: a signature in `field` by one of these certificates (SHA-256), made in this span."""

    field: str
    certificates: frozenset[str]
    not_before: datetime
    trust: Trust


@dataclass(frozen=True)
class Accepted:
    """What was accepted: the certificate's serial (hexadecimal), the time stated, whether it has a token."""

    serial: str
    stated_at: datetime
    stamped: bool


def accept(stored: bytes, offered: bytes, expected: Expected) -> Accepted:
    """Raise NotAccepted unless `offered` is `stored` with exactly the expected signature more."""
    _check_prefix(stored, offered)
    try:
        signature = _only_new(stored, offered, expected.field)
        container = read_container(offered, [int(each) for each in signature.byte_range])
        check_shape(container.content)
    except Contradiction as contradiction:
        raise NotAccepted(contradiction.words, code="shape") from contradiction
    except (PdfReadError, SuspiciousModification, ValueError, KeyError, IndexError, AttributeError) as error:
        raise NotAccepted(
            say(
                "Không chứng tỏ được tệp này chỉ thêm đúng một chữ ký vào biên bản. Hãy tải lại biên bản từ cổng, ký "
                "bằng phần mềm giữ nguyên nội dung (lưu nối tiếp) rồi gửi lại."
            ),
            code="changed",
        ) from error
    if container.end != len(offered):
        raise NotAccepted(
            say("Sau chữ ký, tệp còn phần được thêm vào. Hãy ký lại và gửi ngay tệp vừa ký."), code="tail"
        )
    stated_at = signature.self_reported_timestamp
    if stated_at is None:
        raise NotAccepted(say("Chữ ký không ghi giờ ký."), code="no_time")
    # First the clock: at a wrong moment a good certificate would seem not to be valid yet, or no more.
    _check_time(stated_at, expected)
    _check_certificate(signature, expected, stated_at)
    stamped = _check_token(offered, signature, stated_at, expected)
    return Accepted(f"{signature.signer_cert.serial_number:x}", stated_at, stamped)


def _check_prefix(stored: bytes, offered: bytes) -> None:
    if not offered.startswith(b"%PDF-"):
        raise NotAccepted(say("Tệp gửi lên không phải là PDF."), code="no_pdf")
    if offered == stored:
        raise NotAccepted(say("Tệp gửi lên chưa có chữ ký mới. Hãy ký rồi gửi tệp đã ký."), code="unsigned")
    if not offered.startswith(stored):
        raise NotAccepted(
            say(
                "Tệp gửi lên KHÔNG CÒN LÀ BẢN GỐC của biên bản này: nó đã được lưu lại, in lại, nén lại, hoặc là "
                "biên bản khác. Hãy tải biên bản từ cổng và ký chính tệp đó."
            ),
            code="not_the_original",
        )
    if len(offered) - len(stored) > MOST_ADDED:
        raise NotAccepted(say("Phần được thêm vào biên bản quá lớn so với một chữ ký."), code="too_large")


def _only_new(stored: bytes, offered: bytes, field: str) -> EmbeddedPdfSignature:
    """The one signature that was added, in its field, by one revision of the file that changes nothing else."""
    reader = PdfFileReader(BytesIO(offered))
    found, last = reader.embedded_signatures, reader.xrefs.total_revisions - 1
    # What is stored ends with a signature or a time-stamp: the one before the new one must end where it ends.
    if (
        len(found) < 2
        or _end(found[-2]) != len(stored)
        or [e.signed_revision for e in found[-2:]] != [last - 1, last]
    ):
        raise Contradiction(say("Tệp phải có thêm đúng một chữ ký, không hơn không kém."))
    signature: EmbeddedPdfSignature = found[-1]
    if signature.field_name != field:
        place = READABLE.get(signature.field_name, signature.field_name)
        raise Contradiction(
            say("Chữ ký nằm sai ô: «{place}». Hãy ký vào ô «{right}».", place=place, right=READABLE[field])
        )
    difference = POLICY.apply(
        reader.get_historical_resolver(last - 1),
        reader.get_historical_resolver(last),
        doc_mdp=MDPPerm.FILL_FORMS,
    )
    if difference.modification_level > ModificationLevel.FORM_FILLING:
        raise SuspiciousModification("more than a form field was filled in")
    _check_fonts(signature.sig_field)
    return signature


def _end(signature: EmbeddedPdfSignature) -> int:
    _, _, start, length = signature.byte_range
    return int(start) + int(length)


def _check_fonts(field: DictionaryObject) -> None:
    """PDF/A: every font that the appearance uses is embedded."""
    if "/AP" not in field or "/N" not in field["/AP"]:
        return
    waiting = [field["/AP"]["/N"]]
    while waiting:
        resources = waiting.pop().get_object()
        resources = _part(resources, "/Resources")
        fonts = _part(resources, "/Font")
        if any(not _is_embedded(fonts[name]) for name in fonts):
            raise Contradiction(
                say("Ô ký dùng phông chữ chưa nhúng vào tệp, trái với chuẩn lưu trữ PDF/A. Hãy chọn mẫu chữ ký khác.")
            )
        drawn = _part(resources, "/XObject")
        waiting += [drawn[name] for name in drawn if drawn[name]["/Subtype"] == "/Form"]


def _part(of: DictionaryObject, name: str) -> DictionaryObject:
    """A dictionary inside another, read through its reference; empty where there is none."""
    if name not in of:
        return DictionaryObject()  # type: ignore[no-untyped-call]
    found: DictionaryObject = of[name]
    return found


def _is_embedded(font: DictionaryObject) -> bool:
    if "/DescendantFonts" in font:
        font = font["/DescendantFonts"][0].get_object()
    if "/FontDescriptor" not in font:
        return False
    return any(name in font["/FontDescriptor"] for name in ("/FontFile", "/FontFile2", "/FontFile3"))


def _check_certificate(signature: EmbeddedPdfSignature, expected: Expected, at: datetime) -> None:
    """The value is right, the certificate is the enrolled one, strong enough, in force, under a trusted root."""
    certificate = signature.signer_cert
    name = certificate.subject.native.get("common_name", "")
    if hashlib.sha256(certificate.dump()).hexdigest() not in expected.certificates:
        raise NotAccepted(
            say(
                "Tệp được ký bởi {name}, không phải bằng chứng thư đã đăng ký của bạn. Hãy chọn đúng chứng thư, hoặc "
                "đăng ký chứng thư này ở «Tài khoản của tôi».",
                name=name,
            ),
            code="other_certificate",
        )
    _check_strength(certificate, signature.md_algorithm)
    told = run_to_end(
        cms_basic_validation(
            signature.signed_data,
            raw_digest=signature.compute_digest(),
            validation_context=trusting(expected.trust.roots, at),
            key_usage_settings=PdfSignatureStatus.default_usage_constraints(),
        )
    )
    if not (told["intact"] and told["valid"]):
        raise NotAccepted(say("Nội dung tệp không khớp với chữ ký."), code="wrong_value")
    if told["trust_problem_indic"] is not None:
        raise NotAccepted(
            say(
                "Chứng thư của {name} hết hạn, không được phép dùng để ký, hoặc không do tổ chức được tin cậy cấp.",
                name=name,
            ),
            code="untrusted",
        )
    since = revoked(told["validation_path"], expected.trust.lists, expected.trust.now)
    if since is not None:
        raise NotAccepted(
            say("Chứng thư của {name} đã bị thu hồi từ {at}.", name=name, at=f"{local(since):%H:%M %d/%m/%Y}"),
            code="revoked",
        )


def check_enrolment(certificate: asn1_x509.Certificate, trust: Trust) -> None:
    """Raise NotAccepted unless signatures by this certificate would pass the gate now."""
    _check_strength(certificate, DIGESTS[0])
    context = trusting(trust.roots, trust.now)
    validator = CertificateValidator(certificate, validation_context=context)
    try:
        path = run_to_end(validator.async_validate_usage({"non_repudiation"}))  # type: ignore[no-untyped-call]
    except (PathError, ValidationError) as error:
        raise NotAccepted(
            say(
                "Chứng thư hết hạn, không được phép dùng để ký, hoặc tổ chức cấp chưa được cổng tin cậy. "
                "Hãy đề nghị người quản trị thêm chứng thư gốc của tổ chức cấp."
            ),
            code="untrusted",
        ) from error
    since = revoked(path, trust.lists, trust.now)
    if since is not None:
        at = f"{local(since):%H:%M %d/%m/%Y}"
        raise NotAccepted(say("Chứng thư đã bị tổ chức cấp thu hồi từ {at}.", at=at), code="revoked")


def _check_strength(certificate: asn1_x509.Certificate, digest: str) -> None:
    kind, bits = certificate.public_key.algorithm, certificate.public_key.bit_size
    if digest not in DIGESTS:
        raise NotAccepted(say("Chữ ký dùng hàm băm {name}, nay không còn an toàn.", name=digest.upper()), code="weak")
    if (kind == "rsa" and bits < SHORTEST_RSA) or (kind == "ec" and bits < SHORTEST_EC):
        raise NotAccepted(
            say("Khóa của chứng thư chỉ có {bits} bit, không đủ an toàn theo Thông tư 15/2025/TT-BKHCN.", bits=bits),
            code="weak",
        )


def _check_time(stated_at: datetime, expected: Expected) -> None:
    earliest, latest = expected.not_before - FARTHEST, expected.trust.now + FARTHEST
    if not earliest <= stated_at <= latest:
        raise NotAccepted(
            say(
                "Giờ ký ghi trong tệp là {stated}, lệch quá 120 giây so với khoảng từ lúc lập biên bản đến bây giờ "
                "({earliest} – {latest}). Hãy chỉnh đồng hồ máy tính rồi ký lại.",
                stated=_moment(stated_at),
                earliest=_moment(expected.not_before),
                latest=_moment(expected.trust.now),
            ),
            code="wrong_clock",
        )


def _check_token(data: bytes, signature: EmbeddedPdfSignature, stated_at: datetime, expected: Expected) -> bool:
    """Whether the signature brings its own time-stamp; one that cannot be trusted is refused, not passed over."""
    stamp = stamp_in(data, signature, None, expected.trust)
    if stamp is None:
        return False
    if not stamp.sound or not stamp.trusted:
        raise NotAccepted(
            say(
                "Dấu thời gian trong chữ ký không đến từ cơ quan được tin cậy. Hãy tắt dấu thời gian trong phần mềm "
                "ký; cổng sẽ tự gắn."
            ),
            code="untrusted_stamp",
        )
    if abs(stamp.time - stated_at) > FARTHEST:
        raise NotAccepted(say("Giờ ký tự khai lệch quá 120 giây so với dấu thời gian."), code="wrong_clock")
    return True


def fingerprint(certificate: bytes) -> str:
    """How an enrolled certificate (DER) is named in `Expected`."""
    return hashlib.sha256(certificate).hexdigest()


def _moment(at: datetime) -> str:
    return f"{local(at):%H:%M:%S %d/%m/%Y}"
