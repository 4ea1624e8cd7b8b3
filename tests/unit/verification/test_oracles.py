"""Programs that are not ours judge the same records: pdfsig, OpenSSL and qpdf agree with our verdict at every level."""

import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from portal.signatures.archiving import TIME_STAMP, is_stamp
from portal.verification.container import read_container
from portal.verification.files import verify_pdf
from portal.verification.roots import TrustBundle
from portal.verification.verdicts import Word
from tests.unit.signatures import papers
from tests.unit.verification.flips import flipped
from tests.unit.verification.shapes import LEVELS, SHAPES, Shape, record_of

STAMPS = {"B-B": 0, "B-T": 3, "B-LT": 3, "B-LTA": 5}
"""Time-stamps in a record with three signatures."""


def run(*command: object) -> str:
    done = subprocess.run([str(each) for each in command], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


@pytest.fixture(scope="module", params=SHAPES)
def shape(request) -> Shape:
    return SHAPES[request.param]()


@pytest.fixture(scope="module")
def trusted(shape: Shape, tmp_path_factory) -> Path:
    """A folder with the roots as PEM and in an NSS database, as pdfsig wants them."""
    folder = tmp_path_factory.mktemp("trusted")
    (folder / "roots.pem").write_bytes(TrustBundle(tuple(shape.roots)).as_pem)
    run("certutil", "-N", "-d", f"sql:{folder}", "--empty-password")
    for number, root in enumerate(shape.roots):
        (folder / "one.pem").write_bytes(TrustBundle((root,)).as_pem)
        run(
            "certutil",
            "-A",
            "-d",
            f"sql:{folder}",
            "-n",
            f"root {number}",
            "-t",
            "C,C,C",
            "-a",
            "-i",
            folder / "one.pem",
        )
    return folder


def openssl_takes_signature(signature: EmbeddedPdfSignature, data: bytes, folder: Path) -> bool:
    """Whether `openssl cms -verify` takes the container for the bytes around it."""
    (folder / "cms.der").write_bytes(read_container(data, [int(at) for at in signature.byte_range]).content)
    (folder / "covered").write_bytes(covered_by(signature, data))
    told = run("openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", folder / "cms.der", "-content",
               folder / "covered", "-CAfile", folder / "roots.pem", "-purpose", "any", "-out", "/dev/null")  # fmt: skip
    return "successful" in told.lower()


def openssl_takes_stamp(token: bytes, stamped: bytes, folder: Path) -> bool:
    """Whether `openssl ts -verify` takes the token for these bytes."""
    (folder / "token.der").write_bytes(token)
    (folder / "stamped").write_bytes(stamped)
    told = run("openssl", "ts", "-verify", "-token_in", "-in", folder / "token.der", "-data", folder / "stamped",
               "-CAfile", folder / "roots.pem")  # fmt: skip
    return "Verification: OK" in told


def covered_by(signature: EmbeddedPdfSignature, data: bytes) -> bytes:
    _, start, stop, length = (int(each) for each in signature.byte_range)
    return data[:start] + data[stop : stop + length]


def tokens_of(signature: EmbeddedPdfSignature, data: bytes) -> list[tuple[bytes, bytes]]:
    """Each token with the bytes it is over."""
    if is_stamp(signature):
        content = read_container(data, [int(at) for at in signature.byte_range]).content
        return [(content, covered_by(signature, data))]
    return [
        (attribute["values"][0].dump(), signature.signer_info["signature"].native)
        for attribute in signature.signer_info["unsigned_attrs"]
        if attribute["type"].native == TIME_STAMP
    ]


def openssl_verdicts(data: bytes, folder: Path) -> tuple[list[bool], list[bool]]:
    """What OpenSSL says of the signatures and of the time-stamps."""
    found = PdfFileReader(BytesIO(data)).embedded_signatures
    signatures = [openssl_takes_signature(each, data, folder) for each in found if not is_stamp(each)]
    stamps = [openssl_takes_stamp(*token, folder) for each in found for token in tokens_of(each, data)]
    return signatures, stamps


def pdfsig_says(data: bytes, folder: Path) -> str:
    (folder / "record.pdf").write_bytes(data)
    return run("pdfsig", "-nssdir", f"sql:{folder}", folder / "record.pdf")


def ours(shape: Shape, data: bytes) -> Word:
    return verify_pdf(data, shape.roots, now=papers.NOW + 5 * papers.MINUTE).verdict


@pytest.mark.parametrize("level", LEVELS)
def test_an_unaltered_record_is_good_for_all_of_them(shape: Shape, trusted: Path, level: str) -> None:
    data = record_of(shape, level)
    assert ours(shape, data) is Word.GENUINE
    assert openssl_verdicts(data, trusted) == ([True] * 3, [True] * STAMPS[level])
    told = pdfsig_says(data, trusted)
    assert told.count("Signature is Valid.") == 3, told
    assert told.count("Certificate is Trusted.") == 3, told
    assert "No syntax or stream encoding errors" in run("qpdf", "--check", trusted / "record.pdf")


@pytest.mark.parametrize("level", ["B-B", "B-LTA"])
def test_a_changed_byte_is_found_by_all_that_look_at_it(shape: Shape, trusted: Path, level: str) -> None:
    data = record_of(shape, level)
    spoilt = flipped(data, data.index(b"stream") + 40, 0)
    assert ours(shape, spoilt) is Word.NOT_GENUINE
    signatures, stamps = openssl_verdicts(spoilt, trusted)
    assert signatures == [False] * 3
    # A signature's own token is over its value, which is untouched; the document's are over the file.
    assert stamps == ([] if level == "B-B" else [True] * 3 + [False] * 2)
    assert "Signature is Valid." not in pdfsig_says(spoilt, trusted)
