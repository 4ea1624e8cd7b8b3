"""Opened signing keys: a person's, from PKCS#12 and a passphrase; the portal's seal, from its folder.

The private key stays loaded: opening an RSA-3072 key costs about 0.1 s for its checks, and pyHanko's own signer
would pay that at every signature.
"""

from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from asn1crypto import x509 as asn1_x509
from asn1crypto.algos import RSASSAPSSParams, SignedDigestAlgorithm
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

from portal.clock import local
from portal.domain.errors import DomainError, InvalidInput, NotPermitted
from portal.domain.wording import say
from portal.signatures.authority import SEAL_CERTIFICATE, SEAL_KEY
from portal.signatures.stamping import TimedIfAnswered

DIGEST_NAME, DIGEST = "sha256", hashes.SHA256()


class WrongPassphrase(InvalidInput):
    """The passphrase does not open the key."""


class CertificateNotValid(NotPermitted):
    """The certificate does not cover the moment of signing."""


class SealMissing(DomainError):
    """The portal has no seal yet."""


class KeptKeySigner(TimedIfAnswered):
    """A signer over one loaded RSA key, RSASSA-PSS with the digest's own length as salt."""

    def __init__(self, certificate: x509.Certificate, key: rsa.RSAPrivateKey) -> None:
        own = asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        super().__init__(
            embed_roots=False, signing_cert=own, cert_registry=store, signature_mechanism=pss_mechanism()
        )
        self._key = key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """The raw signature over `data`; a dry run gives zeros of the same length."""
        if dry_run:
            return bytes(self._key.key_size // 8)
        if digest_algorithm != DIGEST_NAME:
            raise ValueError(f"this key signs {DIGEST_NAME} digests, not {digest_algorithm}")
        pss = padding.PSS(mgf=padding.MGF1(DIGEST), salt_length=DIGEST.digest_size)
        return self._key.sign(data, pss, DIGEST)


@dataclass(frozen=True)
class SigningKey:
    """An opened key, ready to sign. `serial` is the certificate's, in hexadecimal; times are UTC."""

    signer: Signer = field(repr=False)
    serial: str
    owner: str
    not_before: datetime
    not_after: datetime

    def require_valid(self, now: datetime) -> None:
        """Raise CertificateNotValid where the certificate has ended or not yet begun at `now`."""
        if now > self.not_after:
            raise CertificateNotValid(
                say(
                    "Chứng thư ký số nội bộ của {owner} đã hết hạn lúc {time}. "
                    "Mở «Tài khoản của tôi», tạo khóa ký mới rồi ký lại.",
                    owner=self.owner,
                    time=_moment(self.not_after),
                ),
                code="certificate_expired",
            )
        if now < self.not_before:
            raise CertificateNotValid(
                say(
                    "Chứng thư ký số nội bộ của {owner} chỉ có hiệu lực từ {time}. "
                    "Hãy kiểm tra đồng hồ của máy chủ hoặc đợi đến lúc đó rồi ký.",
                    owner=self.owner,
                    time=_moment(self.not_before),
                ),
                code="certificate_not_yet_valid",
            )


def open_key(p12: bytes, passphrase: str) -> SigningKey:
    """Open a person's PKCS#12; slow on purpose. Raises WrongPassphrase, or InvalidInput where it holds no key."""
    try:
        key, certificate, _ = pkcs12.load_key_and_certificates(p12, passphrase.encode())
    except ValueError as error:
        raise WrongPassphrase(
            say(
                "Mật khẩu khóa ký không đúng. Hãy gõ lại (chú ý chữ hoa và bộ gõ tiếng Việt); "
                "nếu đã quên, mở «Tài khoản của tôi» để tạo khóa ký mới."
            ),
            fields={"passphrase": say("Mật khẩu khóa ký không đúng.")},
        ) from error
    if certificate is None or not isinstance(key, rsa.RSAPrivateKey):
        raise InvalidInput(
            say("Tệp khóa ký không có khóa RSA và chứng thư. Hãy tạo lại khóa ký."), code="key_unusable"
        )
    return _opened(certificate, key)


def load_seal(folder: Path) -> SigningKey:
    """The portal's seal, loaded once per process and version of its file. Raises SealMissing."""
    path = folder / SEAL_KEY
    try:
        version = path.stat().st_mtime_ns
    except FileNotFoundError as error:
        raise SealMissing(
            say(
                "Cổng chưa có dấu điện tử (thiếu {name} trong thư mục khóa). "
                "Người quản trị chạy «portal init» để tạo, hoặc khôi phục từ bản sao lưu.",
                name=path.name,
            )
        ) from error
    return _load_seal(folder, version)


@lru_cache(maxsize=8)
def _load_seal(folder: Path, version: int) -> SigningKey:  # noqa: ARG001  a new version of the file is a new entry
    key = serialization.load_pem_private_key((folder / SEAL_KEY).read_bytes(), password=None)
    certificate = x509.load_pem_x509_certificate((folder / SEAL_CERTIFICATE).read_bytes())
    if not isinstance(key, rsa.RSAPrivateKey):
        raise SealMissing(say("Khóa của dấu điện tử không phải khóa RSA. Hãy khôi phục từ bản sao lưu."))
    return _opened(certificate, key)


def _opened(certificate: x509.Certificate, key: rsa.RSAPrivateKey) -> SigningKey:
    return key_of(KeptKeySigner(certificate, key), certificate)


def key_of(signer: Signer, certificate: x509.Certificate) -> SigningKey:
    """A signer with its certificate's facts."""
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return SigningKey(
        signer=signer,
        serial=f"{certificate.serial_number:x}",
        owner=str(names[0].value) if names else "",
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
    )


def pss_mechanism() -> SignedDigestAlgorithm:
    """RSASSA-PSS as the signatures state it: SHA-256, MGF1 with SHA-256, a salt as long as the digest."""
    return SignedDigestAlgorithm(
        {
            "algorithm": "rsassa_pss",
            "parameters": RSASSAPSSParams(
                {
                    "hash_algorithm": {"algorithm": DIGEST_NAME},
                    "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": {"algorithm": DIGEST_NAME}},
                    "salt_length": DIGEST.digest_size,
                }
            ),
        }
    )


def _moment(at: datetime) -> str:
    return say("{time} ngày {day}", time=f"{local(at):%H:%M}", day=f"{local(at):%d/%m/%Y}")
