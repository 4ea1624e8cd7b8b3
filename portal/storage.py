"""The write-once store of files: each file's name is the SHA-256 of its bytes.

A stored file is never rewritten. It becomes visible only when it is whole and on the disk: written under another
name in the same folder, flushed, then linked to its final name, then the folder is flushed.
"""

import contextlib
import hashlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from portal.domain.errors import DomainError


class StoredFileMissing(DomainError):
    """A file the database names is not in the store."""


class StoredFileDamaged(DomainError):
    """A stored file's bytes no longer give its name."""


class FileStore:
    """Files below `folder`, as `ab/abcdef…`. Safe for several processes at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, data: bytes) -> str:
        """Store these bytes and return their SHA-256 (64 hex digits). Storing them again changes nothing.

        When it returns, the bytes survive a power cut. Raises OSError (a full disk, say) and then leaves
        nothing behind.
        """
        digest = hashlib.sha256(data).hexdigest()
        target = self.path(digest)
        if target.exists():
            _flush_folder(target.parent)
            return digest
        if not target.parent.is_dir():
            target.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
            _flush_folder(self.folder)
        draft = target.with_name(f".{digest[:16]}.{secrets.token_hex(8)}")
        try:
            _write_flushed(draft, data)
            # Where the name is taken, another process stored the same bytes meanwhile.
            with contextlib.suppress(FileExistsError):
                target.hardlink_to(draft)
        finally:
            draft.unlink(missing_ok=True)
        _flush_folder(target.parent)
        return digest

    def get(self, digest: str) -> bytes:
        """The bytes of this name, hashed again on the way. Raises StoredFileMissing or StoredFileDamaged."""
        try:
            data = self.path(digest).read_bytes()
        except FileNotFoundError:
            raise StoredFileMissing(
                f"Không tìm thấy tệp {digest[:12]}… trong kho lưu trữ. "
                "Hãy báo người quản trị khôi phục tệp này từ bản sao lưu."
            ) from None
        if hashlib.sha256(data).hexdigest() != digest:
            raise StoredFileDamaged(
                f"Tệp {digest[:12]}… trong kho lưu trữ đã bị thay đổi so với khi lưu, nên không được dùng. "
                "Hãy báo người quản trị khôi phục tệp này từ bản sao lưu."
            )
        return data

    def has(self, digest: str) -> bool:
        """Whether a file of this name lies in the store (its bytes are not looked at)."""
        return self.path(digest).exists()

    def all_hashes(self) -> Iterator[str]:
        """The names of all stored files, in order. Unfinished drafts of a killed process are passed over."""
        for path in sorted(self.folder.glob("??/*")):
            if not path.name.startswith("."):
                yield path.name

    def path(self, digest: str) -> Path:
        """Where the file lies, for readers that need a path; not re-hashed. ValueError for what is no SHA-256."""
        if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
            raise ValueError("not a SHA-256")
        return self.folder / digest[:2] / digest


def _write_flushed(path: Path, data: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o440), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
