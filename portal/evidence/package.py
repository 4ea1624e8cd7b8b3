"""The container of evidence: ASiC-E with a CAdES signature (ETSI EN 319 162-1), every byte of it determined.

Members are stored uncompressed, in order, with one fixed date, so the same members always give the same bytes and a
verifier can put the container together anew: a byte that differs was changed. The manifest names every member; what
it does not name is refused.
"""

import base64
import hashlib
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from xml.sax.saxutils import quoteattr

from defusedxml import ElementTree

from portal.domain.errors import InvalidInput
from portal.domain.wording import Sentence, say

MEDIA_TYPE = "application/vnd.etsi.asic-e+zip"
MIMETYPE = "mimetype"
MANIFEST = "META-INF/ASiCManifest001.xml"
SIGNATURE = "META-INF/signature001.p7s"
_ASIC = "http://uri.etsi.org/02918/v1.2.1#"
_DSIG = "http://www.w3.org/2000/09/xmldsig#"
_SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
_DATE = (2022, 5, 4, 0, 0, 0)
"""One date for every member: the day of letter 2262/BYT-CNTT. The signature tells the real time."""

MOST_MEMBERS = 5_000
MOST_BYTES = 1024 * 1024 * 1024

MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".xml": "application/xml",
    ".json": "application/json",
    ".txt": "text/plain; charset=utf-8",
    ".pem": "application/x-pem-file",
    ".crl": "application/pkix-crl",
    ".tsr": "application/timestamp-reply",
}


@dataclass(frozen=True)
class Member:
    """One file of the package, by its path inside."""

    name: str
    data: bytes

    @property
    def media_type(self) -> str:
        """What the manifest calls it."""
        return next(
            (kind for ending, kind in MEDIA_TYPES.items() if self.name.endswith(ending)), "application/octet-stream"
        )


_UNREADABLE = (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError, zlib.error)


@dataclass(frozen=True)
class Package:
    """A package taken apart: its members, the manifest that names them and the signature over the manifest."""

    members: tuple[Member, ...]
    manifest: bytes
    signature: bytes

    def find(self, name: str) -> bytes | None:
        """The member of this path."""
        return next((each.data for each in self.members if each.name == name), None)


class PackageUnreadable(InvalidInput):
    """The bytes are no package as the portal makes them; `tampered` where they contradict themselves."""

    def __init__(self, message: Sentence, *, tampered: bool) -> None:
        super().__init__(message, code="package_unreadable")
        self.tampered = tampered


def build_package(members: Sequence[Member], sign: Callable[[bytes], bytes]) -> bytes:
    """The container of these members; `sign` gives the detached signature over the manifest's bytes."""
    manifest = manifest_of(members)
    return _container(members, manifest, sign(manifest))


def read_package(data: bytes) -> Package:
    """The package in these bytes, held against its manifest and put together anew. Raises PackageUnreadable."""
    found = _members(data)
    manifest, signature = found.pop(MANIFEST, b""), found.pop(SIGNATURE, b"")
    if found.pop(MIMETYPE, b"") != MEDIA_TYPE.encode() or not manifest or not signature:
        raise PackageUnreadable(say("Tệp zip này không phải gói chứng cứ của cổng."), tampered=False)
    package = Package(tuple(Member(name, content) for name, content in found.items()), manifest, signature)
    _check_manifest(package)
    if _container(package.members, manifest, signature) != data:
        raise PackageUnreadable(say("Cấu trúc của gói đã bị thay đổi sau khi lập."), tampered=True)
    return package


def changed_members(data: bytes) -> list[Member]:
    """The members whose bytes the package's own manifest denies, as far as a damaged package can still be read.

    Only for showing what was changed: `read_package` judges. Another program may have packed it anew, and checksums
    of the archive may be wrong; what would unpack to more than a package may hold is left out.
    """
    found: list[Member] = []
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            infos = archive.infolist()[:MOST_MEMBERS]
            named = _named(next(_content(data, archive, each) for each in infos if each.filename == MANIFEST))
            left = MOST_BYTES
            for each in infos:
                left -= each.file_size
                if each.filename not in named or left < 0:
                    continue
                content = _content(data, archive, each)
                if _digest(content) != named[each.filename]:
                    found.append(Member(each.filename, content))
    except (StopIteration, PackageUnreadable, *_UNREADABLE):
        return found
    return found


def _content(data: bytes, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """A member's bytes; those of a stored one as they stand, whatever its checksum says."""
    if info.compress_type != zipfile.ZIP_STORED:
        return archive.read(info)
    lengths = data[info.header_offset + 26 : info.header_offset + 30]
    start = info.header_offset + 30 + int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little")
    return data[start : start + info.file_size]


def manifest_of(members: Sequence[Member]) -> bytes:
    """The ASiC manifest: each member with its SHA-256, in order."""
    rows = "".join(
        f"  <asic:DataObjectReference URI={quoteattr(each.name)} MimeType={quoteattr(each.media_type)}>\n"
        f'    <ds:DigestMethod Algorithm="{_SHA256}"/>\n'
        f"    <ds:DigestValue>{_digest(each.data)}</ds:DigestValue>\n"
        "  </asic:DataObjectReference>\n"
        for each in members
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<asic:ASiCManifest xmlns:asic="{_ASIC}" xmlns:ds="{_DSIG}">\n'
        f'  <asic:SigReference URI="{SIGNATURE}" MimeType="application/pkcs7-signature"/>\n'
        f"{rows}</asic:ASiCManifest>\n"
    ).encode()


def _container(members: Sequence[Member], manifest: bytes, signature: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in (
            (MIMETYPE, MEDIA_TYPE.encode()),
            *((each.name, each.data) for each in members),
            (MANIFEST, manifest),
            (SIGNATURE, signature),
        ):
            info = zipfile.ZipInfo(name, _DATE)
            info.create_system, info.external_attr = 3, 0o644 << 16
            archive.writestr(info, data)
    return out.getvalue()


def _members(data: bytes) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            infos = archive.infolist()
            if len(infos) > MOST_MEMBERS or sum(info.file_size for info in infos) > MOST_BYTES:
                raise PackageUnreadable(say("Gói quá lớn: vượt giới hạn số tệp hoặc dung lượng."), tampered=False)
            for info in infos:
                # Stored members cannot swell; a compressed one was not written by the portal.
                if info.compress_type != zipfile.ZIP_STORED or info.filename in found:
                    raise PackageUnreadable(say("Cấu trúc của gói đã bị thay đổi sau khi lập."), tampered=True)
                found[info.filename] = _read(archive, info)
    except _UNREADABLE as error:
        tampered = MEDIA_TYPE.encode() in data[:200]
        raise PackageUnreadable(say("Gói hỏng hoặc tải chưa hết."), tampered=tampered) from error
    return found


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    try:
        return archive.read(info)
    except zipfile.BadZipFile as error:
        told = say("Tệp {name} trong gói đã bị thay đổi.", name=info.filename)
        raise PackageUnreadable(told, tampered=True) from error


def _named(manifest: bytes) -> dict[str, str]:
    """The digest (base64) of each member that the manifest names. Raises PackageUnreadable."""
    try:
        root = ElementTree.fromstring(manifest)
    except (ElementTree.ParseError, ValueError) as error:
        raise PackageUnreadable(say("Bảng kê của gói không đọc được."), tampered=True) from error
    return {
        each.get("URI", ""): each.findtext(f"{{{_DSIG}}}DigestValue", "")
        for each in root.findall(f"{{{_ASIC}}}DataObjectReference")
    }


def _digest(content: bytes) -> str:
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


def _check_manifest(package: Package) -> None:
    named = _named(package.manifest)
    for each in package.members:
        if each.name not in named:
            raise PackageUnreadable(say("Gói có tệp {name} không nằm trong bảng kê.", name=each.name), tampered=True)
        if _digest(each.data) != named[each.name]:
            raise PackageUnreadable(say("Tệp {name} trong gói đã bị thay đổi.", name=each.name), tampered=True)
    missing = sorted(set(named) - {each.name for each in package.members})
    if missing:
        raise PackageUnreadable(say("Gói thiếu tệp {name}.", name=missing[0]), tampered=True)
