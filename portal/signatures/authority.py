"""The portal's internal authority (CA): it issues «chữ ký số nội bộ» to persons and the portal's own seal.

One self-signed root issues everything directly: the one shape that stays checkable offline at every later time.
RSA-3072 throughout (Circular 15/2025/TT-BKHCN asks for at least 2048). The folder is kept apart from the data.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from asn1crypto import pkcs12 as asn1_pkcs12
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from portal.domain.errors import InvalidInput

KEY_BITS = 3072
KDF_ROUNDS = 600_000
"""PBKDF2 with SHA-256: a tenth of a second or more per guess, on purpose."""
SHORTEST_PASSPHRASE = 8
ROOT_YEARS, SEAL_YEARS, PERSON_YEARS = 20, 10, 3
TSA_YEARS = 15
"""A time-stamp counts as long as its authority's certificate: longer than the papers' own years of keeping."""
CRL_DAYS = 30
INTERNAL = "Chữ ký số nội bộ"
SEAL_NAME = "Dấu điện tử của cổng Bàn giao"
"""The seal's name in its certificate; persons' certificates also bear an account, the seal's none."""
TSA_NAME = "Cơ quan cấp dấu thời gian nội bộ"
"""The name of the portal's own time-stamp authority: its clock is the server's («giờ nội bộ»)."""
LONGEST_NAME = 64
"""Characters of a common name in a certificate (X.520)."""
BACKDATED = timedelta(minutes=5)
"""Certificates start a little earlier, so that a reader whose clock is behind accepts a fresh one."""

ROOT_KEY, ROOT_CERTIFICATE = "authority-key.pem", "authority.pem"
SEAL_KEY, SEAL_CERTIFICATE = "seal-key.pem", "seal.pem"
TSA_KEY, TSA_CERTIFICATE = "tsa-key.pem", "tsa.pem"


@dataclass(frozen=True)
class Authority:
    """The internal CA, its key loaded."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey = field(repr=False)

    @classmethod
    def load(cls, folder: Path) -> "Authority":
        """The authority in this folder. Raises FileNotFoundError where none was made."""
        key = serialization.load_pem_private_key((folder / ROOT_KEY).read_bytes(), password=None)
        if not isinstance(key, rsa.RSAPrivateKey):
            raise TypeError(f"{folder / ROOT_KEY} is not an RSA key")
        return cls(x509.load_pem_x509_certificate((folder / ROOT_CERTIFICATE).read_bytes()), key)

    @property
    def certificate_pem(self) -> bytes:
        """The root certificate, for `roots.pem`."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)


@dataclass(frozen=True)
class IssuedKey:
    """A person's key as PKCS#12 under the passphrase, and its certificate's facts. Times are UTC, serial is hex."""

    p12: bytes = field(repr=False)
    certificate_der: bytes = field(repr=False)
    serial: str
    not_before: datetime
    not_after: datetime


@dataclass(frozen=True)
class RevokedKey:
    """A certificate taken back: its serial in hexadecimal and the moment from which it no longer counts."""

    serial: str
    at: datetime


def new_key() -> rsa.RSAPrivateKey:
    """A fresh RSA-3072 key; takes between 0.1 and 2 seconds."""
    return rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)


def create_authority(folder: Path, *, name: str, now: datetime, key: rsa.RSAPrivateKey | None = None) -> Authority:
    """Make the internal CA in `folder` (0700, key file 0600). Raises FileExistsError where there is one already."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = key or new_key()
    short = name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"
    subject = _name((NameOID.COUNTRY_NAME, "VN"), (NameOID.ORGANIZATION_NAME, name), (NameOID.COMMON_NAME, short))
    builder = (
        _builder(subject, subject, key, now, ROOT_YEARS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(key_cert_sign=True, crl_sign=True), critical=True)
    )
    certificate = builder.sign(key, hashes.SHA256(), rsa_padding=_pss())
    _write_private(folder / ROOT_KEY, _pem(key))
    (folder / ROOT_CERTIFICATE).write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return Authority(certificate, key)


def issue_person(
    authority: Authority,
    *,
    person_name: str,
    position: str,
    unit_name: str,
    unit_code: str,
    user_ref: str,
    passphrase: str,
    now: datetime,
    key: rsa.RSAPrivateKey | None = None,
) -> IssuedKey:
    """Issue a person's key for one position in one unit, closed by `passphrase`, valid for three years.

    `user_ref` is an opaque reference to the account, never a citizen's number. `key` may hand in a key made
    beforehand. Raises InvalidInput for a passphrase of fewer than 8 characters or a name over 64 characters.
    """
    require_passphrase(passphrase)
    if not 0 < len(person_name) <= LONGEST_NAME:
        raise InvalidInput(
            "Họ tên trên chứng thư phải có từ 1 đến 64 ký tự. Hãy sửa họ tên của tài khoản rồi tạo lại khóa ký.",
            fields={"person_name": "Từ 1 đến 64 ký tự."},
        )
    key = key or new_key()
    subject = _name(
        (NameOID.COUNTRY_NAME, "VN"),
        (NameOID.ORGANIZATION_NAME, unit_name),
        (NameOID.ORGANIZATION_IDENTIFIER, unit_code),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, INTERNAL),
        (NameOID.TITLE, position),
        (NameOID.COMMON_NAME, person_name),
        (NameOID.SERIAL_NUMBER, user_ref),
    )
    certificate = _issue(authority, subject, key, now, PERSON_YEARS)
    closed = (
        serialization.PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(KDF_ROUNDS)
        .key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC)
        .hmac_hash(hashes.SHA256())
        .build(passphrase.encode())
    )
    return IssuedKey(
        p12=_without_mac(pkcs12.serialize_key_and_certificates(None, key, certificate, None, closed)),
        certificate_der=certificate.public_bytes(serialization.Encoding.DER),
        serial=f"{certificate.serial_number:x}",
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
    )


def require_passphrase(passphrase: str) -> None:
    """Raise InvalidInput unless the passphrase has at least 8 characters."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise InvalidInput(
            f"Mật khẩu khóa ký có {len(passphrase)} ký tự; cần ít nhất {SHORTEST_PASSPHRASE}. "
            "Hãy chọn một câu dễ nhớ nhưng khó đoán, khác mật khẩu đăng nhập.",
            fields={"passphrase": f"Cần ít nhất {SHORTEST_PASSPHRASE} ký tự."},
        )


def issue_seal(
    authority: Authority, folder: Path, *, portal_name: str, now: datetime, key: rsa.RSAPrivateKey | None = None
) -> None:
    """Make the portal's seal in `folder`: key file 0600 and certificate, valid for ten years.

    Raises FileExistsError where there is a seal already; `portal.signatures.keys.load_seal` opens it.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = key or new_key()
    subject = _name(
        (NameOID.COUNTRY_NAME, "VN"),
        (NameOID.ORGANIZATION_NAME, portal_name),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, INTERNAL),
        (NameOID.COMMON_NAME, SEAL_NAME),
    )
    certificate = _issue(authority, subject, key, now, SEAL_YEARS)
    _write_private(folder / SEAL_KEY, _pem(key))
    (folder / SEAL_CERTIFICATE).write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def issue_time_authority(
    authority: Authority, folder: Path, *, portal_name: str, now: datetime, key: rsa.RSAPrivateKey | None = None
) -> None:
    """Make the key of the portal's own time-stamp authority in `folder`: for time-stamps and nothing else (RFC 3161).

    Raises FileExistsError where there is one already.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = key or new_key()
    subject = _name(
        (NameOID.COUNTRY_NAME, "VN"),
        (NameOID.ORGANIZATION_NAME, portal_name),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, INTERNAL),
        (NameOID.COMMON_NAME, TSA_NAME),
    )
    only_stamps = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    certificate = _issue(authority, subject, key, now, TSA_YEARS, only_stamps)
    _write_private(folder / TSA_KEY, _pem(key))
    (folder / TSA_CERTIFICATE).write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def set_aside(folder: Path, key_file: str, certificate_file: str) -> None:
    """Put a key and its certificate aside under the certificate's number, so that a successor can be made.

    What it signed stays provable by its certificate in the papers; the old key itself is deleted.
    """
    path = folder / certificate_file
    serial = x509.load_pem_x509_certificate(path.read_bytes()).serial_number
    path.rename(folder / f"{path.stem}-{serial:x}.pem")
    (folder / key_file).unlink()


def create_crl(authority: Authority, revoked: Iterable[RevokedKey], *, now: datetime) -> bytes:
    """The list of revoked certificates as DER, valid for 30 days from `now`."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority.certificate.subject)
        .last_update(now.astimezone(UTC))
        .next_update(now.astimezone(UTC) + timedelta(days=CRL_DAYS))
        .add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
        .add_extension(_authority_key_identifier(authority), critical=False)
    )
    for item in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(int(item.serial, 16))
        builder = builder.add_revoked_certificate(entry.revocation_date(item.at.astimezone(UTC)).build())
    crl = builder.sign(authority.key, hashes.SHA256(), rsa_padding=_pss())
    return crl.public_bytes(serialization.Encoding.DER)


def _without_mac(p12: bytes) -> bytes:
    """Take the container's MAC off: its own derivation has 2,048 rounds, so it would test guesses 300 times faster.

    PKCS#12 allows that (RFC 7292, macData is optional); a wrong passphrase is still told by the encrypted key itself.
    """
    whole = asn1_pkcs12.Pfx.load(p12)
    return bytes(asn1_pkcs12.Pfx({"version": "v3", "auth_safe": whole["auth_safe"]}).dump())


def _issue(
    authority: Authority,
    subject: x509.Name,
    key: rsa.RSAPrivateKey,
    now: datetime,
    years: int,
    extended: x509.ExtendedKeyUsage | None = None,
) -> x509.Certificate:
    usage = _key_usage(digital_signature=True, content_commitment=True)
    builder = (
        _builder(subject, authority.certificate.subject, key, now, years, authority.certificate.not_valid_after_utc)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(_authority_key_identifier(authority), critical=False)
    )
    if extended is not None:
        builder = builder.add_extension(extended, critical=True)
    return builder.sign(authority.key, hashes.SHA256(), rsa_padding=_pss())


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: rsa.RSAPrivateKey,
    now: datetime,
    years: int,
    latest: datetime | None = None,
) -> x509.CertificateBuilder:
    """A certificate of so many years, and never beyond `latest`, its issuer's own end."""
    start = now.astimezone(UTC) - BACKDATED
    end = start + timedelta(days=round(years * 365.25))
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(min(end, latest) if latest else end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _name(*parts: tuple[x509.ObjectIdentifier, str]) -> x509.Name:
    return x509.Name([x509.NameAttribute(kind, text) for kind, text in parts if text])


def _key_usage(
    *,
    digital_signature: bool = False,
    content_commitment: bool = False,
    key_cert_sign: bool = False,
    crl_sign: bool = False,
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=content_commitment,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _authority_key_identifier(authority: Authority) -> x509.AuthorityKeyIdentifier:
    own = authority.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own)


def _pss() -> padding.PSS:
    return padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=hashes.SHA256.digest_size)


def _pem(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write_private(path: Path, data: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
