"""The anchors of trust handed in as PEM: root certificates, and lists of revoked certificates that tell its age."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from portal.clock import local
from portal.domain.errors import InvalidInput
from portal.domain.wording import say
from portal.verification.proofs import as_pem, read_lists


@dataclass(frozen=True)
class TrustBundle:
    """Roots, and lists of revoked certificates newer than what the papers bring themselves."""

    roots: tuple[x509.Certificate, ...]
    lists: tuple[x509.CertificateRevocationList, ...] = ()

    @property
    def as_pem(self) -> bytes:
        """The bundle as one PEM file, for `portal verify --roots`."""
        return b"".join(each.public_bytes(Encoding.PEM) for each in self.roots) + as_pem(self.lists)


def read_bundle(pem: bytes) -> TrustBundle:
    """The roots and lists of a PEM file. Raises InvalidInput where it holds no root, or a list that is broken."""
    roots = read_roots(pem)
    try:
        return TrustBundle(tuple(roots), tuple(read_lists(pem)))
    except ValueError as error:
        raise InvalidInput(
            say("Danh sách thu hồi trong tệp chứng thư gốc không đọc được. Hãy lấy lại tệp từ nơi cấp."),
            code="roots_unreadable",
        ) from error


def age_in_words(lists: Sequence[x509.CertificateRevocationList], now: datetime) -> str:
    """How old what is known of revocation is: the authority heard of longest ago counts."""
    newest: dict[bytes, datetime] = {}
    for each in lists:
        issuer = each.issuer.public_bytes()
        newest[issuer] = max(newest.get(issuer, each.last_update_utc), each.last_update_utc)
    if not newest:
        return say("Bộ tin cậy không kèm danh sách thu hồi.")
    oldest = min(newest.values())
    day, days = f"{local(oldest):%d/%m/%Y}", (local(now).date() - local(oldest).date()).days
    if days < 1:
        return say("Danh sách thu hồi của bộ tin cậy lập ngày {day}, hôm nay.", day=day)
    return say("Danh sách thu hồi của bộ tin cậy lập ngày {day}, cách đây {days} ngày.", day=day, days=days)


def read_roots(pem: bytes) -> list[x509.Certificate]:
    """All certificates of a PEM file. Raises InvalidInput where it holds none."""
    try:
        return x509.load_pem_x509_certificates(pem)
    except ValueError as error:
        raise InvalidInput(
            say("Tệp chứng thư gốc không đọc được. Hãy đưa tệp PEM có ít nhất một khối «BEGIN CERTIFICATE»."),
            code="roots_unreadable",
        ) from error
