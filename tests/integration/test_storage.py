"""The store of files: written once, whole or not at all, checked whenever it is read."""

import hashlib
import resource
import stat
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from portal.settings import CHECKOUT
from portal.storage import FileStore, StoredFileDamaged, StoredFileMissing

DATA = "Biên bản bàn giao".encode() * 1000
DIGEST = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


def path_of(store: FileStore) -> Path:
    return store.folder / DIGEST[:2] / DIGEST


def test_what_was_stored_comes_back_under_its_sha256(store: FileStore) -> None:
    assert store.put(DATA) == DIGEST
    assert store.get(DIGEST) == DATA
    assert list(store.all_hashes()) == [DIGEST]
    assert stat.S_IMODE(path_of(store).stat().st_mode) == 0o440


def test_storing_again_leaves_the_stored_file_untouched(store: FileStore) -> None:
    store.put(DATA)
    before = path_of(store).stat()
    store.put(DATA)
    after = path_of(store).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_many_who_store_the_same_bytes_at_once_store_one_file(store: FileStore) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(store.put, [DATA] * 40)) == {DIGEST}
    assert [path.name for path in store.folder.rglob("*") if path.is_file()] == [DIGEST]


def test_a_flipped_bit_is_noticed_when_read(store: FileStore) -> None:
    store.put(DATA)
    path_of(store).chmod(0o640)
    path_of(store).write_bytes(bytes([DATA[0] ^ 1]) + DATA[1:])
    with pytest.raises(StoredFileDamaged, match="khôi phục"):
        store.get(DIGEST)


def test_two_files_that_were_swapped_are_noticed_when_read(store: FileStore) -> None:
    one, other = store.put(b"one"), store.put(b"other")
    kept = store.path(one).with_name("kept")
    store.path(one).rename(kept)
    store.path(other).rename(store.path(one))
    kept.rename(store.path(other))
    for digest in (one, other):
        with pytest.raises(StoredFileDamaged):
            store.get(digest)


def test_a_missing_file_is_named_with_the_next_step(store: FileStore) -> None:
    with pytest.raises(StoredFileMissing, match="bản sao lưu"):
        store.get(DIGEST)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, DIGEST[:63] + "/", DIGEST + "0"])
def test_a_name_that_is_no_sha256_never_becomes_a_path(store: FileStore, name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        store.get(name)


def test_a_full_disk_leaves_nothing_behind_and_the_next_try_works(store: FileStore) -> None:
    program = textwrap.dedent(
        f"""
        import resource, signal, sys
        from pathlib import Path
        from portal.storage import FileStore
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, {resource.RLIM_INFINITY}))
        try:
            FileStore(Path({str(store.folder)!r})).put(sys.stdin.buffer.read())
        except OSError as error:
            sys.exit(str(error))
        """
    )
    done = subprocess.run([sys.executable, "-c", program], input=DATA, cwd=CHECKOUT, capture_output=True, check=False)
    assert done.returncode == 1, done.stderr
    assert b"File too large" in done.stderr
    assert [path for path in store.folder.rglob("*") if path.is_file()] == []
    assert store.put(DATA) == DIGEST


def test_a_process_killed_while_storing_leaves_no_half_file(store: FileStore) -> None:
    program = textwrap.dedent(
        f"""
        import os
        from pathlib import Path
        from portal import storage
        written = storage.os.fsync
        def die(descriptor):
            os.kill(os.getpid(), 9)
        storage.os.fsync = die
        storage.FileStore(Path({str(store.folder)!r})).put(b"half" * 1000)
        """
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=CHECKOUT, check=False)
    assert done.returncode == -9
    assert list(store.all_hashes()) == []
    assert store.put(b"half" * 1000) == hashlib.sha256(b"half" * 1000).hexdigest()
