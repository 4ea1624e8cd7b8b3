"""Records of every level from authorities of three shapes: one root, a root with one below it, a root replaced."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import mkdtemp

from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata
from pyhanko.sign.validation.dss import DocumentSecurityStore

from portal.signatures.appearance import Appearance, stamp_style
from portal.signatures.appending import AppendingWriter, run_to_end
from portal.signatures.archiving import add_time_stamp, certificates_in
from portal.signatures.authority import (
    Authority,
    create_authority,
    create_crl,
    issue_person,
    issue_seal,
    issue_time_authority,
)
from portal.signatures.invented_time import InventedTime
from portal.signatures.keys import DIGEST_NAME, KeptKeySigner, SigningKey, key_of, load_seal
from portal.signatures.signing import DatedSigner, seal
from tests.unit.signatures import papers

LEVELS = ("B-B", "B-T", "B-LT", "B-LTA")


@dataclass(frozen=True)
class House:
    """One authority with everything it has issued; `above` are the certificates between it and the root."""

    root: x509.Certificate
    folder: Path
    issuing: Authority
    above: tuple[x509.Certificate, ...]
    lists: Callable[[datetime], list[bytes]]

    def seal_key(self) -> SigningKey:
        """The portal's seal, bringing its chain as a public authority's key does."""
        return self._chained(load_seal(self.folder))

    def person(self, side: str) -> SigningKey:
        """A person's key."""
        return self._chained(_person(self, side))

    def clock(self, at: datetime) -> InventedTime:
        """The time-stamp authority at this moment."""
        made = InventedTime(self.folder, lambda: at)
        for each in self.above:
            made.certs_to_embed.append(_asn1(each))
        return made

    def _chained(self, key: SigningKey) -> SigningKey:
        for each in self.above:
            key.signer.cert_registry.register(_asn1(each))
        return key


@dataclass(frozen=True)
class Shape:
    """Whose keys seal, sign and stamp: `before` until the giver has signed, `after` from the receiver on."""

    before: House
    after: House

    @property
    def roots(self) -> list[x509.Certificate]:
        """What a verifier is given."""
        return list(dict.fromkeys((self.before.root, self.after.root)))

    def lists(self, at: datetime) -> list[bytes]:
        """Every authority's list as of `at`."""
        return list(dict.fromkeys([*self.before.lists(at), *self.after.lists(at)]))

    def record(self, level: str) -> bytes:
        """The same record at this level, all signed at one moment."""
        stamp = level != "B-B"
        at, first, second = papers.NOW, self.before, self.after
        given = papers.signed_by(
            seal(papers.with_fields(), first.seal_key(), now=at, timestamper=first.clock(at) if stamp else None),
            "giver",
            key=first.person("giver"),
            stamper=first.clock(at) if stamp else None,
        )
        if level == "B-LT":
            return self._with_data_under_the_last(given)
        whole = papers.signed_by(
            given, "receiver", key=second.person("receiver"), stamper=second.clock(at) if stamp else None
        )
        return self._closed(self._closed(whole, 1), 2) if level == "B-LTA" else whole

    def _closed(self, pdf: bytes, minutes: int) -> bytes:
        at = papers.NOW + minutes * papers.MINUTE
        return add_time_stamp(
            pdf, self.after.clock(at), certificates=certificates_in(pdf), revocation_lists=self.lists(at)
        )

    def _with_data_under_the_last(self, given: bytes) -> bytes:
        """Validation data in the receiver's own revision: inside, and under no document time-stamp."""
        writer, at = AppendingWriter(given), papers.NOW
        key = self.after.person("receiver")
        certificates = [*certificates_in(given), key.signer.signing_cert, *map(_asn1, self.after.above)]
        lists = [asn1_crl.CertificateList.load(each) for each in self.lists(at)]
        DocumentSecurityStore.supply_dss_in_writer(writer, None, certs=certificates, crls=lists)
        meta = PdfSignatureMetadata(field_name="receiver", md_algorithm=DIGEST_NAME, subfilter=SigSeedSubFilter.PADES)
        style = stamp_style(Appearance(*papers.PEOPLE["receiver"], at))
        signer = DatedSigner(at, meta, key.signer, timestamper=self.after.clock(at), stamp_style=style)
        out: BytesIO = run_to_end(signer.async_sign_pdf(writer, existing_fields_only=True))
        return out.getvalue()


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))


@cache
def _person(of: House, side: str) -> SigningKey:
    name, position, unit = papers.PEOPLE[side]
    key = papers.spare_key(2 + list(papers.PEOPLE).index(side))
    issued = issue_person(
        of.issuing, person_name=name, position=position, unit_name=unit, unit_code=f"U-{side}",
        user_ref=f"user-{side}", passphrase=papers.PASSPHRASE, now=papers.NOW, key=key,
    )  # fmt: skip
    certificate = x509.load_der_x509_certificate(issued.certificate_der)
    return key_of(KeptKeySigner(certificate, key), certificate)


@cache
def record_of(shape: Shape, level: str) -> bytes:
    """The shape's record at this level, made once."""
    return shape.record(level)


def _furnished(root: Authority, issuing: Authority, folder: Path) -> House:
    issue_seal(issuing, folder, portal_name="Cổng thử", now=papers.NOW, key=papers.spare_key(1))
    issue_time_authority(issuing, folder, portal_name="Cổng thử", now=papers.NOW, key=papers.spare_key(4))
    alone = root is issuing

    def lists(at: datetime) -> list[bytes]:
        return [create_crl(each, [], now=at) for each in ([root] if alone else [root, issuing])]

    return House(root.certificate, folder, issuing, () if alone else (issuing.certificate,), lists)


def _folder() -> Path:
    return Path(mkdtemp(dir=papers.folder().parent)) / "authority"


def _rooted(name: str, key_number: int) -> Authority:
    return create_authority(_folder(), name=name, now=papers.NOW, key=papers.spare_key(key_number))


def _below(root: Authority) -> Authority:
    """An authority under the root; ours allows none below it, as public ones do, so the root is written anew."""
    key, key_below = root.key, papers.spare_key(2)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "CA cấp dưới")])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(root.certificate.subject)
        .public_key(key_below.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(papers.NOW - papers.MINUTE)
        .not_valid_after(papers.NOW + timedelta(days=365 * 19))
    )
    for extension in root.certificate.extensions:
        value = extension.value
        if isinstance(value, x509.SubjectKeyIdentifier):
            value = x509.SubjectKeyIdentifier.from_public_key(key_below.public_key())
        made = made.add_extension(value, critical=extension.critical)
    return Authority(made.sign(key, hashes.SHA256()), key_below)


def _allowing_one_below(root: Authority) -> Authority:
    old = root.certificate
    made = (
        x509.CertificateBuilder()
        .subject_name(old.subject)
        .issuer_name(old.subject)
        .public_key(root.key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(old.not_valid_before_utc)
        .not_valid_after(old.not_valid_after_utc)
    )
    for extension in old.extensions:
        value = extension.value
        if isinstance(value, x509.BasicConstraints):
            value = x509.BasicConstraints(ca=True, path_length=1)
        made = made.add_extension(value, critical=extension.critical)
    return replace(root, certificate=made.sign(root.key, hashes.SHA256()))


@cache
def one_root() -> Shape:
    """The portal's own shape: the root issues everything."""
    root = _rooted("Một gốc", 0)
    house = _furnished(root, root, _folder())
    return Shape(house, house)


@cache
def root_and_below() -> Shape:
    """A public authority's shape: what signs and stamps is issued by an authority under the root."""
    root = _allowing_one_below(_rooted("Gốc công cộng", 0))
    house = _furnished(root, _below(root), _folder())
    return Shape(house, house)


@cache
def root_replaced() -> Shape:
    """The authority and every key of it were replaced between the two signatures."""
    later = _rooted("Gốc mới", 3)
    return Shape(one_root().before, _furnished(later, later, _folder()))


SHAPES = {"one root": one_root, "root and one below": root_and_below, "root replaced": root_replaced}
