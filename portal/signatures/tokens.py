"""A time-stamp token read and judged: over what, at which moment, by whom, and whether a trusted root allows it."""

import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.path import ValidationPath

from portal.signatures.appending import run_to_end
from portal.signatures.authority import INTERNAL


@dataclass(frozen=True)
class Stamp:
    """What a token says. `sound`: its signature and its digest hold; `trusted`: a root allows its key to stamp."""

    time: datetime
    sound: bool
    trusted: bool
    authority: str
    internal: bool
    not_after: datetime
    path: ValidationPath | None


def trusting(
    roots: Sequence[x509.Certificate], moment: datetime, others: Sequence[asn1_x509.Certificate] = ()
) -> ValidationContext:
    """A context for certificate paths at `moment`; revocation is judged apart, from the lists at hand."""
    anchors = [asn1_x509.Certificate.load(root.public_bytes(Encoding.DER)) for root in roots]
    return ValidationContext(
        trust_roots=anchors,
        other_certs=list(others),
        moment=moment,
        allow_fetching=False,
        revocation_mode="soft-fail",
    )


def stamp_of(
    signed: cms.SignedData,
    expected: Callable[[str], bytes],
    roots: Sequence[x509.Certificate],
    moment: datetime,
    others: Sequence[asn1_x509.Certificate] = (),
) -> Stamp:
    """The facts of a token's signed data, judged at `moment`; `expected` gives the digest by the algorithm's name.

    Raises whatever pyHanko raises on what is no token.
    """
    certificate = authority_of(signed)
    told = run_to_end(validate_tst_signed_data(signed, trusting(roots, moment, others), expected))
    names = certificate.subject.native
    info: tsp.TSTInfo = signed["encap_content_info"]["content"].parsed
    return Stamp(
        time=info["gen_time"].native,
        sound=bool(told["intact"] and told["valid"] and names_its_certificate(signed, certificate)),
        trusted=told.get("trust_problem_indic") is None and told.get("validation_path") is not None,
        authority=str(names.get("common_name", "")),
        internal=INTERNAL in _texts(names.get("organizational_unit_name")),
        not_after=certificate.not_valid_after,
        path=told.get("validation_path"),
    )


def authority_of(signed: cms.SignedData) -> asn1_x509.Certificate:
    """The certificate of the token's signer, from the token. Raises ValueError where it is not in it."""
    sid = signed["signer_infos"][0]["sid"].chosen
    for each in signed["certificates"]:
        if each.name == "certificate" and _is_named(each.chosen, sid):
            return each.chosen
    raise ValueError("the token does not bring its signer's certificate")


def names_its_certificate(signed: cms.SignedData, certificate: asn1_x509.Certificate) -> bool:
    """Whether the signed part binds this very certificate (RFC 5816), so that no other can stand in for it."""
    for attribute in signed["signer_infos"][0]["signed_attrs"]:
        kind = attribute["type"].native
        if kind == "signing_certificate_v2":
            named = attribute["values"][0]["certs"][0]
            algorithm = named["hash_algorithm"]["algorithm"].native
            return hmac.compare_digest(named["cert_hash"].native, _digest(certificate, algorithm))
        if kind == "signing_certificate":
            return hmac.compare_digest(
                attribute["values"][0]["certs"][0]["cert_hash"].native, _digest(certificate, "sha1")
            )
    return False


def _is_named(certificate: asn1_x509.Certificate, sid: core.Asn1Value) -> bool:
    if isinstance(sid, cms.IssuerAndSerialNumber):
        same_number = certificate.serial_number == sid["serial_number"].native
        return bool(same_number and certificate.issuer == sid["issuer"])
    return bool(certificate.key_identifier == sid.native)


def _digest(certificate: asn1_x509.Certificate, algorithm: str) -> bytes:
    return hashlib.new(algorithm, certificate.dump(), usedforsecurity=algorithm != "sha1").digest()


def _texts(value: str | list[str] | None) -> list[str]:
    return value if isinstance(value, list) else [value or ""]
