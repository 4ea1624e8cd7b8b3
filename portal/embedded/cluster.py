"""The embedded PostgreSQL's data folder: made once, started, stopped, found again after a kill.

Callers hold the start lock (see the package), so no two of these run at once for one home.
"""

import hashlib
import os
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from portal.embedded.programs import MAJOR, DatabaseUnavailable, Programs
from portal.settings import Settings, read_secret

SUPERUSER = "bangiao_super"
PORT = 5432
SOCKET_PATH_BYTES = 107
START_TRIES = 4

OPTIONS = {
    # A socket in the home folder only: nothing listens on the network.
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    # Sizes for a small machine that also runs the portal.
    "shared_buffers": "128MB",
    "effective_cache_size": "512MB",
    "maintenance_work_mem": "64MB",
    "work_mem": "8MB",
    "max_wal_size": "512MB",
    "random_page_cost": "1.1",
    "io_method": "sync",
    "jit": "off",
    # No citizen's data in the server's log: no statements, no parameters, no «Key (id_number)=(…)».
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
FAST_OPTIONS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""For throw-away databases only: a power cut may destroy them."""


@dataclass(frozen=True)
class Cluster:
    """One data folder with its socket, log and superuser's password."""

    settings: Settings
    programs: Programs

    @property
    def folder(self) -> Path:
        """PostgreSQL's data folder."""
        return self.settings.database_folder

    @property
    def log(self) -> Path:
        """The server's log; it bears no citizen's data."""
        return self.settings.home / "log" / "postgresql.log"

    def make(self, *, fast: bool) -> None:
        """Make the data folder if there is none. A kill on the way leaves only a draft, cleared by the next try."""
        version = self.folder / "PG_VERSION"
        if version.exists():
            found = version.read_text().strip()
            if found != MAJOR:
                raise DatabaseUnavailable(
                    f"Thư mục {self.folder} thuộc PostgreSQL {found}, chương trình này dùng PostgreSQL {MAJOR}. "
                    "Hãy sao lưu bằng bản chương trình cũ (portal backup) rồi khôi phục bằng bản này (restore)."
                )
            return
        self._end_orphans()
        draft = self.folder.with_name("database.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        self.programs.give(draft)
        password_file = self._lend_password()
        try:
            self.programs.call(
                "initdb", f"--pgdata={draft}", f"--username={SUPERUSER}", f"--pwfile={password_file}",
                "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8",
                *(["--no-sync"] if fast else []),
            )  # fmt: skip
        finally:
            password_file.unlink()
        draft.rename(self.folder)

    def start(self, *, fast: bool) -> None:
        """Start the server unless it runs; ready when this returns. Recovers by itself after a kill."""
        if self.running():
            return
        (self.folder / "postmaster.pid").unlink(missing_ok=True)
        for folder in (self.log.parent, socket_folder(self.settings)):
            folder.mkdir(mode=0o711, parents=True, exist_ok=True)
            self.programs.give(folder)
        options = OPTIONS | {"unix_socket_directories": str(socket_folder(self.settings)), "port": str(PORT)}
        options |= FAST_OPTIONS if fast else {}
        given = " ".join(f"-c {name}='{value}'" for name, value in options.items())
        for attempt in range(1, START_TRIES + 1):
            try:
                self.programs.call(
                    "pg_ctl", "start", "--wait", "--silent", "--timeout=60",
                    f"--pgdata={self.folder}", f"--log={self.log}", f"--options={given}",
                )  # fmt: skip
            except DatabaseUnavailable as error:
                if attempt == START_TRIES:
                    raise DatabaseUnavailable(f"{error.message}\nNhật ký: {self.log}") from error
                time.sleep(0.5)  # the killed server's last processes are still leaving
            else:
                return

    def stop(self) -> None:
        """Stop the server: open transactions are rolled back, everything confirmed is on the disk."""
        if self.running():
            self.programs.call(
                "pg_ctl", "stop", "--wait", "--silent", "--mode=fast", "--timeout=60", f"--pgdata={self.folder}"
            )

    def running(self) -> bool:
        """Whether the server of this very folder runs; a stale or foreign process number does not deceive."""
        try:
            number = int((self.folder / "postmaster.pid").read_text().splitlines()[0])
            return self._serves_this_folder(psutil.Process(number))
        except (OSError, IndexError, ValueError, psutil.Error):
            return False

    def _serves_this_folder(self, process: psutil.Process) -> bool:
        return process.status() != psutil.STATUS_ZOMBIE and str(self.folder) in process.cmdline()

    def _end_orphans(self) -> None:
        """A server whose data folder was deleted under it would take the new one's socket away: end it."""
        for process in psutil.process_iter():
            try:
                if process.name() == "postgres" and self._serves_this_folder(process):
                    process.kill()
                    process.wait(5)
            except psutil.Error:
                continue

    def _lend_password(self) -> Path:
        """The superuser's password in a file that the database's user can read for a moment."""
        path = self.settings.home / "initdb-password"
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(superuser_password(self.settings))
        self.programs.give(path)
        return path


def superuser_password(settings: Settings) -> str:
    """The password of the embedded server's superuser; only this package and the tests use it."""
    return read_secret(settings.secrets_folder / "database-superuser")


def socket_folder(settings: Settings) -> Path:
    """Where the server's socket lies: in the home folder, or in a short path where that one is too long."""
    folder = settings.run_folder / "socket"
    if len(os.fsencode(folder / f".s.PGSQL.{PORT}")) <= SOCKET_PATH_BYTES:
        return folder
    mark = hashlib.sha256(os.fsencode(settings.home)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"bangiao-{mark}"
