"""`package`: an evidence package of ten records made and verified, beside a bare zip and a bare CMS signature."""

import hashlib
import tempfile
import zipfile
from collections.abc import Iterator
from functools import partial
from io import BytesIO
from pathlib import Path

from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes

from portal import clock
from portal.bench.measuring import Figure, beside
from portal.bench.recording import content_of
from portal.documents.record import draw_record
from portal.evidence import merkle
from portal.evidence.canonical import canonical_json
from portal.evidence.checkpoints import Checkpoint, create_log_key, load_log_key
from portal.evidence.log_extract import OpenedLeaf, opened_digest, write_extract
from portal.evidence.package import Member, build_package
from portal.signatures.appending import run_to_end
from portal.signatures.authority import Authority, create_authority, issue_seal
from portal.signatures.detached import sign_beside
from portal.signatures.fields import place_fields
from portal.signatures.keys import SigningKey, load_seal
from portal.signatures.signing import seal
from portal.verification.files import verify_file
from portal.verification.packages import EXTRACT, HEAD, KEY, RECORDS

RECORDS_IN_BATCH = 10
ENTRIES = 40
EVENTS = 500


def measure() -> Iterator[Figure]:
    """`package.batch` (extract, manifest, container and seal of a batch of ten records) and `package.verify`."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        authority, stamp = _keys(folder)
        drawn = draw_record(content_of(ENTRIES))
        paper = seal(place_fields(drawn.pdf, drawn.boxes), stamp, now=clock.now())
        papers = [Member(f"{RECORDS}{number:02d}.pdf", paper) for number in range(1, RECORDS_IN_BATCH + 1)]
        made = partial(_make, papers, folder, stamp)
        yield beside("package.batch", RECORDS_IN_BATCH, made, partial(_bare, papers, stamp))
        whole = made()
        yield beside("package.verify", RECORDS_IN_BATCH, partial(_verify, whole, authority), partial(_hash, papers))


def _keys(folder: Path) -> tuple[Authority, SigningKey]:
    at = clock.now()
    authority = create_authority(folder, name="Đo thời gian", now=at)
    issue_seal(authority, folder, portal_name="Đo thời gian", now=at)
    create_log_key(folder, "do-thoi-gian/nhat-ky")
    return authority, load_seal(folder)


def _make(papers: list[Member], folder: Path, stamp: SigningKey) -> bytes:
    return build_package([*papers, *_extract(folder)], lambda manifest: sign_beside(manifest, stamp, now=clock.now()))


def _extract(folder: Path) -> list[Member]:
    salt, key = bytes(32), load_log_key(folder)
    bodies = [
        canonical_json({"event": number, "payload_sha256": opened_digest(salt, {"n": number}, [])})
        for number in range(EVENTS)
    ]
    hashes = [merkle.leaf_hash(body) for body in bodies]
    leaves = [
        OpenedLeaf(number, body, salt, {"n": number}, [], merkle.inclusion_proof(number, EVENTS, _over(hashes)))
        for number, body in enumerate(bodies)
    ]
    head = key.sign(Checkpoint(key.name, EVENTS, merkle.tree_hash(hashes)))
    public = f"{key.verifier.text}\n"
    return [Member(EXTRACT, write_extract(leaves)), Member(HEAD, head.encode()), Member(KEY, public.encode())]


def _over(hashes: list[bytes]) -> merkle.RangeHash:
    known: dict[tuple[int, int], bytes] = {}

    def over(start: int, stop: int) -> bytes:
        if (start, stop) not in known:
            known[start, stop] = merkle.tree_hash(hashes[start:stop])
        return known[start, stop]

    return over


def _bare(papers: list[Member], stamp: SigningKey) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for each in papers:
            archive.writestr(each.name, each.data)
    digests = b"".join(hashlib.sha256(each.data).digest() for each in papers)
    signed = stamp.signer.async_sign_general_data(
        digests, "sha256", use_cades=True, signed_attr_settings=PdfCMSSignedAttributes()
    )
    return out.getvalue() + bytes(run_to_end(signed).dump())


def _verify(whole: bytes, authority: Authority) -> None:
    verify_file(whole, [authority.certificate], now=clock.now())


def _hash(papers: list[Member]) -> None:
    for each in papers:
        hashlib.sha256(each.data).digest()
