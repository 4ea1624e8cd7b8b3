"""Signed heads of the log: the published format, and nothing altered passes."""

import base64
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portal.domain.errors import InvalidInput
from portal.evidence.checkpoints import (
    Checkpoint,
    LogKey,
    Verifier,
    create_log_key,
    load_log_key,
    load_verifier,
    read_checkpoint,
)

HEAD = Checkpoint("bangiao.example/nhat-ky", 1234, bytes(range(32)))


@pytest.fixture
def key() -> LogKey:
    return LogKey(HEAD.origin, Ed25519PrivateKey.generate())


def test_a_published_note_of_the_format_is_read() -> None:
    # The example of c2sp.org/signed-note and golang.org/x/mod/sumdb/note.
    verifier = Verifier.read("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    assert verifier.key_id.hex() == "c74f20a3"


def test_a_note_has_three_lines_and_a_signature_line(key: LogKey) -> None:
    note = key.sign(HEAD)
    assert note.startswith(
        f"bangiao.example/nhat-ky\n1234\n{base64.b64encode(HEAD.root).decode()}\n\n— bangiao.example/"
    )
    assert read_checkpoint(note, key.verifier) == HEAD
    assert read_checkpoint(note, Verifier.read(key.verifier.text)) == HEAD


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("\n1234\n", "\n1235\n", "checkpoint_signature"),
        ("AAECAwQ", "AAECAwU", "checkpoint_signature"),
        ("bangiao.example/nhat-ky\n1", "khac.example/nhat-ky\n1", "checkpoint_origin"),
        ("\n1234\n", "\n01234\n", "checkpoint_shape"),
        ("\n\n— ", "\n— ", "checkpoint_shape"),
        ("— ", "- ", "checkpoint_signature"),
    ],
)
def test_an_altered_note_is_refused(key: LogKey, old: str, new: str, code: str) -> None:
    note = key.sign(HEAD)
    assert old in note
    with pytest.raises(InvalidInput) as refused:
        read_checkpoint(note.replace(old, new, 1), key.verifier)
    assert refused.value.code == code


def test_another_key_of_the_same_name_does_not_pass(key: LogKey) -> None:
    other = LogKey(HEAD.origin, Ed25519PrivateKey.generate())
    with pytest.raises(InvalidInput):
        read_checkpoint(other.sign(HEAD), key.verifier)


def test_the_key_is_kept_closed_to_others_and_found_again(tmp_path: Path) -> None:
    made = create_log_key(tmp_path, "cổng thử")
    assert (tmp_path / "log-key.pem").stat().st_mode & 0o777 == 0o600
    assert read_checkpoint(load_log_key(tmp_path).sign(Checkpoint("cổng thử", 0, bytes(32))), load_verifier(tmp_path))
    assert made.verifier.text == load_verifier(tmp_path).text
    with pytest.raises(FileExistsError):
        create_log_key(tmp_path, "cổng thử")


@pytest.mark.parametrize("text", ["", "a+b+c", "x+00000000+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"])
def test_what_is_no_public_key_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        Verifier.read(text)
