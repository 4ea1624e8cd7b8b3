"""The anchors of trust: root certificates handed in as PEM, and nothing else."""

from cryptography import x509

from portal.domain.errors import InvalidInput
from portal.domain.wording import say


def read_roots(pem: bytes) -> list[x509.Certificate]:
    """All certificates of a PEM file. Raises InvalidInput where it holds none."""
    try:
        return x509.load_pem_x509_certificates(pem)
    except ValueError as error:
        raise InvalidInput(
            say("Tệp chứng thư gốc không đọc được. Hãy đưa tệp PEM có ít nhất một khối «BEGIN CERTIFICATE»."),
            code="roots_unreadable",
        ) from error
