"""Signed heads of the event log: C2SP tlog-checkpoint in a signed note (Ed25519), for any tool of that format.

A note is three lines (origin, number of leaves, root in base64), an empty line and signature lines
`— <name> <base64(key id, signature)>`. The key id is the first four bytes of
SHA-256(name, newline, 0x01, public key): c2sp.org/signed-note, c2sp.org/tlog-checkpoint.
"""

import base64
import binascii
import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from portal.domain.errors import InvalidInput
from portal.domain.wording import say

KEY_FILE, PUBLIC_FILE = "log-key.pem", "log-public.txt"
_ED25519 = b"\x01"
_DASH = "\u2014"
_SHAPE = re.compile(r"(?P<origin>[^\n]+)\n(?P<size>0|[1-9]\d{0,18})\n(?P<root>[A-Za-z0-9+/]{43}=)\n(?:[^\n]+\n)*")


@dataclass(frozen=True)
class Checkpoint:
    """A head of the log: whose it is, how many leaves, their root."""

    origin: str
    size: int
    root: bytes

    @property
    def body(self) -> str:
        """The signed text."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


@dataclass(frozen=True)
class Verifier:
    """The public half: enough to check a note. `text` is the usual form `name+keyid+base64`."""

    name: str
    key: Ed25519PublicKey

    @property
    def key_id(self) -> bytes:
        """Four bytes that say which key signed."""
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + _raw(self.key)).digest()[:4]

    @property
    def text(self) -> str:
        """As it is published."""
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(_ED25519 + _raw(self.key)).decode()}"

    @classmethod
    def read(cls, text: str) -> "Verifier":
        """From the published form. Raises InvalidInput for anything else."""
        name, _, rest = text.strip().partition("+")
        key_id, _, encoded = rest.partition("+")
        try:
            data = base64.b64decode(encoded, validate=True)
            found = cls(name, Ed25519PublicKey.from_public_bytes(data[1:]))
        except (binascii.Error, ValueError):
            found = None
        if found is None or data[:1] != _ED25519 or found.key_id.hex() != key_id:
            raise InvalidInput(
                say("Khóa công khai của nhật ký không đọc được. Hãy dùng tệp log-public.txt của cổng.")
            )
        return found


@dataclass(frozen=True)
class LogKey:
    """The log's own key; its name is the log's origin."""

    name: str
    key: Ed25519PrivateKey

    @property
    def verifier(self) -> Verifier:
        """The public half."""
        return Verifier(self.name, self.key.public_key())

    def sign(self, head: Checkpoint) -> str:
        """The note over this head."""
        signature = base64.b64encode(self.verifier.key_id + self.key.sign(head.body.encode())).decode()
        return f"{head.body}\n{_DASH} {self.name} {signature}\n"


def create_log_key(folder: Path, name: str) -> LogKey:
    """Make the log's key in `folder` (file 0600) and its public half beside it. Raises FileExistsError."""
    made = LogKey(name, Ed25519PrivateKey.generate())
    pem = made.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with os.fdopen(os.open(folder / KEY_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    (folder / PUBLIC_FILE).write_text(f"{made.verifier.text}\n", encoding="utf-8")
    return made


def load_log_key(folder: Path) -> LogKey:
    """The key in this folder. Raises FileNotFoundError where none was made."""
    name = load_verifier(folder).name
    key = serialization.load_pem_private_key((folder / KEY_FILE).read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError(f"{folder / KEY_FILE} is not an Ed25519 key")
    return LogKey(name, key)


def load_verifier(folder: Path) -> Verifier:
    """The public half in this folder. Raises FileNotFoundError where none was made."""
    return Verifier.read((folder / PUBLIC_FILE).read_text(encoding="utf-8"))


def read_checkpoint(note: str, verifier: Verifier) -> Checkpoint:
    """The head that a note states, its signature checked. Raises InvalidInput: not a note, another log, forged."""
    body, found, signatures = note.partition("\n\n")
    shape = _SHAPE.fullmatch(f"{body}\n")
    if not found or shape is None:
        raise InvalidInput(say("Tệp không phải điểm neo của nhật ký (sai dạng)."), code="checkpoint_shape")
    if shape["origin"] != verifier.name:
        raise InvalidInput(
            say("Điểm neo thuộc nhật ký «{origin}», không phải «{own}».", origin=shape["origin"], own=verifier.name),
            code="checkpoint_origin",
        )
    if not any(_signed(line, f"{body}\n", verifier) for line in signatures.splitlines()):
        raise InvalidInput(say("Chữ ký trên điểm neo không đúng với khóa của nhật ký."), code="checkpoint_signature")
    return Checkpoint(shape["origin"], int(shape["size"]), base64.b64decode(shape["root"]))


def _signed(line: str, body: str, verifier: Verifier) -> bool:
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.rpartition(" ")
    if dash != _DASH or name != verifier.name:
        return False
    try:
        data = base64.b64decode(encoded, validate=True)
        verifier.key.verify(data[4:], body.encode())
    except (binascii.Error, ValueError, InvalidSignature):
        return False
    return data[:4] == verifier.key_id


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
