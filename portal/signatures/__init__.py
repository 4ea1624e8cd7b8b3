"""Keys, signature fields and signatures in PDF files (PAdES). Knows no database and no request."""

from portal.signatures import asn1_guard as _asn1_guard  # before any signature is made or read
from portal.signatures import hex_strings as _hex_strings

__all__: list[str] = []
del _asn1_guard, _hex_strings
