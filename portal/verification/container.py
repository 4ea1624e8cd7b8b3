"""The bytes around a signature: its hole in the file, the padding, and a container without a byte to spare.

The signature protects all of the file but the hole in which it lies itself. These checks account for every byte of
the hole: hexadecimal digits in one case, one DER structure of exactly the expected shape, then zeros.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from asn1crypto import cms, core
from cryptography import x509
from cryptography.exceptions import InvalidSignature

from portal.domain.wording import say
from portal.signatures.archiving import TIME_STAMP

ALLOWED_AFTER_EOF = (b"", b"\n", b"\r\n", b"\r")
MARKER = b"%%EOF"


class Contradiction(Exception):
    """The bytes contradict a signature or the structure; the words go into the report."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


@dataclass(frozen=True)
class Container:
    """Where a signature's container lies and where the revision it covers ends (offsets into the file)."""

    start: int
    stop: int
    end: int
    content: bytes


def read_container(data: bytes, byte_range: Sequence[int]) -> Container:
    """The container in the hole of `byte_range`. Raises Contradiction for a stray byte."""
    if len(byte_range) != 4 or byte_range[0] != 0:
        raise Contradiction(say("Phạm vi ký không bắt đầu từ đầu tệp."))
    start, stop = byte_range[1], byte_range[2]
    end = stop + byte_range[3]
    if not 0 < start < stop < end <= len(data):
        raise Contradiction(say("Phạm vi ký không nằm trọn trong tệp."))
    hole = data[start:stop]
    if hole[:1] != b"<" or hole[-1:] != b">":
        raise Contradiction(say("Khoảng trống của chữ ký không đúng cấu trúc."))
    content = _decoded(hole[1:-1])
    length = _der_length(content)
    if any(content[length:]):
        raise Contradiction(say("Phần đệm sau chữ ký đã bị thay đổi."))
    if _rest_after_marker(data[stop:end]) not in ALLOWED_AFTER_EOF:
        raise Contradiction(say("Phần được ký không kết thúc đúng cuối một phiên bản của tệp."))
    return Container(start, stop, end, content[:length])


def check_shape(content: bytes) -> None:
    """Raise Contradiction unless the parts of the CMS structure that no signature covers are exactly as expected."""
    info = cms.ContentInfo.load(content, strict=True)
    signed = info["content"]
    signer = signed["signer_infos"][0]
    is_token = signed["encap_content_info"]["content_type"].native == "tst_info"
    digest = signer["digest_algorithm"].dump()
    version = "v1" if signer["sid"].name == "issuer_and_serial_number" else "v3"
    expected = (
        info["content_type"].native == "signed_data",
        signed["version"].native == ("v3" if is_token else version),
        signer["version"].native == version,
        len(signed["signer_infos"]) == 1,
        [each.dump() for each in signed["digest_algorithms"]] == [digest],
        is_token or signed["encap_content_info"]["content_type"].native == "data",
        is_token or not signed["encap_content_info"]["content"].contents,
        not signed["crls"].contents,
        _written_anew(signer["signature_algorithm"]) == signer["signature_algorithm"].dump(),
        _rebuilt(signed, signer) == content,
        _hold_together([each.chosen.dump() for each in signed["certificates"] if each.name == "certificate"]),
    )
    if not all(expected):
        raise Contradiction(say("Cấu trúc bên trong chữ ký đã bị thay đổi."))
    for token in tokens_of(signer):
        check_shape(token)


def tokens_of(signer: cms.SignerInfo) -> list[bytes]:
    """The time-stamp tokens a signature carries. Raises Contradiction for any other part without a signature."""
    found = []
    for attribute in signer["unsigned_attrs"]:
        if attribute["type"].native != TIME_STAMP or len(attribute["values"]) != 1:
            raise Contradiction(say("Chữ ký mang theo phần lạ không được ký."))
        found.append(attribute["values"][0].dump())
    if len(found) > 1:
        raise Contradiction(say("Chữ ký mang nhiều hơn một dấu thời gian."))
    return found


def _decoded(digits: bytes) -> bytes:
    try:
        content = bytes.fromhex(digits.decode("ascii"))
    except ValueError as error:
        raise Contradiction(say("Chữ ký có ký tự lạ.")) from error
    written = content.hex().encode()
    if digits not in (written, written.upper()):
        raise Contradiction(say("Chữ ký có ký tự lạ."))
    return content


def _der_length(content: bytes) -> int:
    """The length of the one DER structure at the start of `content`."""
    if len(content) < 4 or content[0] != 0x30:
        raise Contradiction(say("Chữ ký không đúng cấu trúc."))
    first = content[1]
    extra = first & 0x7F if first & 0x80 else 0
    length = int.from_bytes(content[2 : 2 + extra], "big") if extra else first
    if first == 0x80 or extra > 4 or 2 + extra + length > len(content):
        raise Contradiction(say("Chữ ký không đúng cấu trúc."))
    return 2 + extra + length


def _rest_after_marker(tail: bytes) -> bytes:
    at = tail.rfind(MARKER)
    return tail[at + len(MARKER) :] if at >= 0 else MARKER


def _hold_together(certificates: Sequence[bytes]) -> bool:
    """Whether each certificate that names another one here (or itself) as its issuer is really signed by it."""
    loaded = [x509.load_der_x509_certificate(each) for each in certificates]
    for one in loaded:
        for other in loaded:
            if one.issuer != other.subject:
                continue
            try:
                one.verify_directly_issued_by(other)
            except (ValueError, TypeError, InvalidSignature):
                return False
    return True


def _written_anew(algorithm: cms.SignedDigestAlgorithm) -> bytes:
    return bytes(cms.SignedDigestAlgorithm.load(algorithm.dump()).dump(force=True))


def _rebuilt(signed: cms.SignedData, signer: cms.SignerInfo) -> bytes:
    """The container put together anew from its signed parts; the signer is named as the certificate names him."""
    names = ("digest_algorithm", "signed_attrs", "signature_algorithm", "signature", "unsigned_attrs")
    kept = {name: signer[name] for name in names if not isinstance(signer[name], core.Void)}
    certificates = [each for each in signed["certificates"] if each.name == "certificate"]
    sid = signer["sid"]
    if sid.name == "issuer_and_serial_number":
        number = sid.chosen["serial_number"].native
        issuers = [each.chosen.issuer for each in certificates if each.chosen.serial_number == number]
        sid = cms.IssuerAndSerialNumber({"issuer": issuers[0], "serial_number": number}) if issuers else sid.chosen
        sid = cms.SignerIdentifier({"issuer_and_serial_number": sid})
    holds = signed["encap_content_info"]
    anew = {
        "version": signed["version"].native,
        "digest_algorithms": [signer["digest_algorithm"]],
        "encap_content_info": {"content_type": "data"} if holds["content_type"].native == "data" else holds,
        "certificates": signed["certificates"],
        "signer_infos": [{"version": signer["version"].native, "sid": sid, **kept}],
    }
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(anew)}).dump())
