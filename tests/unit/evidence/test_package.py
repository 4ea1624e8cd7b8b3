"""The container of evidence: the same members, the same bytes; whatever is touched is told."""

import zipfile
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portal.evidence import merkle
from portal.evidence.canonical import canonical_json
from portal.evidence.checkpoints import Checkpoint, LogKey
from portal.evidence.log_extract import OpenedLeaf, opened_digest, write_extract
from portal.evidence.package import MANIFEST, MIMETYPE, Member, PackageUnreadable, build_package, read_package
from portal.signatures import authority
from portal.signatures.detached import sign_beside
from portal.signatures.keys import SigningKey, load_seal
from portal.verification.files import verify_file
from portal.verification.packages import EXTRACT, HEAD, KEY
from portal.verification.verdicts import Word
from tests.unit.signatures import papers

MEMBERS = (Member("DOC-TRUOC.txt", "Gói thử".encode()), Member("bien-ban/01-a.pdf", b"%PDF-1.7 ..."))


def built(members: tuple[Member, ...] = MEMBERS) -> bytes:
    return build_package(members, lambda manifest: sign_beside(manifest, papers.seal_key(), now=papers.NOW))


def verdict(data: bytes) -> Word:
    return verify_file(data, [papers.authority().certificate], now=papers.NOW).verdict


def test_a_package_is_a_zip_whose_first_member_tells_its_kind() -> None:
    data = built()
    assert data[30:].startswith(b"mimetypeapplication/vnd.etsi.asic-e+zip")
    with zipfile.ZipFile(BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[0] == MIMETYPE


def test_the_same_members_give_the_same_bytes_but_for_the_signature() -> None:
    assert build_package(MEMBERS, lambda _: b"x") == build_package(MEMBERS, lambda _: b"x")
    package = read_package(built())
    assert package.members == MEMBERS
    assert package.find("DOC-TRUOC.txt") == "Gói thử".encode()


@pytest.mark.parametrize("spoil", ["added", "missing", "changed", "twice", "compressed"])
def test_what_the_manifest_does_not_say_is_refused(spoil: str) -> None:
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(built())) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            data = old.read(info)
            if spoil == "missing" and info.filename == "DOC-TRUOC.txt":
                continue
            if spoil == "changed" and info.filename == "DOC-TRUOC.txt":
                data = data.upper()
            kind = (
                zipfile.ZIP_DEFLATED
                if spoil == "compressed" and info.filename == "DOC-TRUOC.txt"
                else zipfile.ZIP_STORED
            )
            new.writestr(info, data, kind)
        if spoil == "added":
            new.writestr("them.txt", b"?")
        if spoil == "twice":
            with pytest.warns(UserWarning, match="Duplicate"):
                new.writestr("DOC-TRUOC.txt", b"?")
    with pytest.raises(PackageUnreadable) as refused:
        read_package(out.getvalue())
    assert refused.value.tampered
    assert verdict(out.getvalue()) is Word.NOT_GENUINE


def test_a_plain_zip_is_no_package_and_not_called_forged() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", b"a")
    assert verdict(out.getvalue()) is Word.UNDECIDED


def real(key: SigningKey | None = None) -> bytes:
    members = (Member("DOC-TRUOC.txt", b"Goi thu"), Member("bien-ban/01.pdf", papers.received()), *proven())
    return build_package(members, lambda manifest: sign_beside(manifest, key or papers.seal_key(), now=papers.NOW))


@cache
def proven() -> tuple[Member, ...]:
    """An extract of three leaves under a signed head."""
    bodies = [canonical_json({"event": n, "payload_sha256": opened_digest(b"salt", {"n": n}, [])}) for n in range(3)]
    hashes = [merkle.leaf_hash(body) for body in bodies]
    key = LogKey("thu/nhat-ky", Ed25519PrivateKey.generate())
    leaves = [
        OpenedLeaf(
            n, body, b"salt", {"n": n}, [], merkle.inclusion_proof(n, 3, lambda a, b: merkle.tree_hash(hashes[a:b]))
        )
        for n, body in enumerate(bodies)
    ]
    return (
        Member(EXTRACT, write_extract(leaves)),
        Member(HEAD, key.sign(Checkpoint(key.name, 3, merkle.tree_hash(hashes))).encode()),
        Member(KEY, key.verifier.text.encode()),
    )


def test_an_untouched_package_is_genuine_and_says_what_it_proves() -> None:
    told = verify_file(real(), [papers.authority().certificate], now=papers.NOW)
    assert told.verdict is Word.GENUINE, told.lines
    assert [line.name for line in told.lines] == ["intact", "unchanged", "signers", "records", "log"]
    assert all(line.ok for line in told.lines)
    assert verify_file(real(), [], now=papers.NOW).verdict is Word.UNDECIDED


def test_an_event_told_otherwise_than_it_was_written_is_not_genuine_even_under_the_seal() -> None:
    changed = [
        Member(each.name, each.data.replace(b'"n": 1', b'"n": 7') if each.name == EXTRACT else each.data)
        for each in proven()
    ]
    data = build_package(changed, lambda manifest: sign_beside(manifest, papers.seal_key(), now=papers.NOW))
    assert verdict(data) is Word.NOT_GENUINE


@pytest.mark.parametrize("more", [b"\n", b"PK", b"\x00" * 30])
def test_bytes_before_or_behind_are_told(more: bytes) -> None:
    assert verdict(real() + more) is not Word.GENUINE
    assert verdict(more + real()) is not Word.GENUINE


def test_anothers_signature_over_the_manifest_does_not_pass() -> None:
    data = real(papers.opened("giver"))
    assert verdict(data) is Word.UNDECIDED
    assert MANIFEST.encode() in data


def test_a_certificate_that_names_nobody_is_not_the_seal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    issuing = papers.authority()
    monkeypatch.setattr(authority, "SEAL_NAME", "Một máy chủ nào đó")
    authority.issue_seal(issuing, tmp_path, portal_name="Cổng khác", now=papers.NOW, key=papers.spare_key(1))
    assert verdict(real(load_seal(tmp_path))) is Word.UNDECIDED
