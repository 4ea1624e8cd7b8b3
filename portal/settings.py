"""Settings of one portal: the only reader of the environment and of the home folder's `portal.toml`.

What an administrator may set is listed in docs/operations.md. Everything that belongs to one portal lies in its
home folder: `database/` (embedded PostgreSQL), `files/` (stored records), `authority/` (the internal CA, apart
from the data), `secrets/` (0600 each), `run/` (socket, locks), `portal.toml` (demonstration or real).
"""

import contextlib
import hashlib
import os
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

CHECKOUT = Path(__file__).resolve().parent.parent
"""Where the program lies: templates, static files and migrations are found beside the package."""

DEMO = "demo"
REAL = "real"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
INTERNAL_TSA = "internal"
"""In TSA_URLS: the portal's own time-stamp authority, at this place of the order."""
MEBIBYTE = 1024 * 1024


class SettingsRefused(ValueError):
    """A setting cannot be used; the Vietnamese message says which one and what to write instead."""


@dataclass(frozen=True)
class Settings:
    """What one portal was told. Without `database_url` the embedded PostgreSQL in `home` is meant."""

    home: Path
    database_url: str | None = None
    database_owner_url: str | None = None
    port: int = 8000
    public_url: str = "http://localhost:8000"
    mode: str | None = None
    """`demo`, `real`, or None while the home folder is empty."""
    upload_bytes: int = 30 * MEBIBYTE
    form_bytes: int = MEBIBYTE
    form_parts: int = 2_000
    idle_minutes: int = 15
    administrator_idle_minutes: int = 5
    session_hours: int = 12
    due_inclusive: bool = True
    """Whether the due second itself is in time: 20:00:00 is, 20:00:01 is late."""
    tsa_urls: tuple[str, ...] = ()
    """Time-stamp authorities (RFC 3161) in the order in which they are asked; none: the portal's own."""
    pkcs11_module: Path | None = None
    """The driver (PKCS#11) of tokens plugged in where the portal runs; none: nobody is offered that way to sign."""
    csc_url: str = ""
    """A remote signing service (CSC API), its address ending in /v1 or /v2; empty: nobody is offered that way."""
    vgca_agent: str = ""
    """Where the signers' agent (VGCA) listens on their computers, such as wss://127.0.0.1:8987; empty: no offer."""
    web_processes: int = 2
    web_threads: int = 4

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read the environment and `portal.toml`; writes nothing. Raises SettingsRefused on a bad value."""
        home = Path(environment.get("BANGIAO_HOME") or default_home()).expanduser().resolve()
        port = _port(environment.get("PORT") or "8000")
        database_url = _database_url(environment.get("DATABASE_URL"))
        return cls(
            home=home,
            database_url=database_url,
            database_owner_url=_database_url(environment.get("DATABASE_OWNER_URL")) or database_url,
            port=port,
            public_url=(environment.get("PUBLIC_URL") or f"http://localhost:{port}").rstrip("/"),
            mode=_mode(home),
            due_inclusive=_yes_or_no("DUE_INCLUSIVE", environment.get("DUE_INCLUSIVE") or "yes"),
            tsa_urls=_tsa_urls(environment.get("TSA_URLS") or ""),
            pkcs11_module=Path(module) if (module := environment.get("PKCS11_MODULE")) else None,
            csc_url=_csc_url(environment.get("CSC_URL") or ""),
            vgca_agent=_agent(environment.get("VGCA_AGENT") or ""),
        )

    @property
    def demo(self) -> bool:
        """Whether this is a demonstration: invented data, sign-in with one click."""
        return self.mode == DEMO

    @property
    def database_folder(self) -> Path:
        """The embedded PostgreSQL's own folder; nobody else writes there."""
        return self.home / "database"

    @property
    def files_folder(self) -> Path:
        """Stored files, named by their SHA-256."""
        return self.home / "files"

    @property
    def authority_folder(self) -> Path:
        """The internal CA and the portal's seal, kept apart from the data."""
        return self.home / "authority"

    @property
    def secrets_folder(self) -> Path:
        """Passwords and the session key, one 0600 file each."""
        return self.home / "secrets"

    @property
    def csc_token(self) -> str:
        """The portal's own token at the remote signing service, put into `secrets/csc-token` by the administrator."""
        path = self.secrets_folder / "csc-token"
        return path.read_text(encoding="utf-8").strip() if path.exists() else ""

    @property
    def forms_folder(self) -> Path:
        """Further report forms (TOML), added to those the program brings; a new one needs no code."""
        return self.home / "forms"

    @property
    def run_folder(self) -> Path:
        """Locks and the embedded database's socket; worth nothing once everything has stopped."""
        return self.home / "run"

    @property
    def anchors_folder(self) -> Path:
        """Root certificates (PEM or DER) and revocation lists (.crl) of other authorities that this portal trusts."""
        return self.home / "anchors"

    @property
    def tsa_address_file(self) -> Path:
        """Where the portal's own time-stamp authority writes its address while it runs."""
        return self.run_folder / "tsa-address"

    @property
    def backups_folder(self) -> Path:
        """The copies made before each upgrade; they are not part of later backups."""
        return self.home / "backups"

    @property
    def secret_key(self) -> str:
        """The key that signs cookies and form tokens; made once, at the first use."""
        return read_secret(self.secrets_folder / "session-key")

    def with_databases(self, app_url: str, owner_url: str) -> "Settings":
        """The same portal with the two database addresses known."""
        return replace(self, database_url=app_url, database_owner_url=owner_url)


def default_home() -> Path:
    """`./var` of the checkout; as root a folder under /var/lib, which the database's own user can reach."""
    if os.name == "posix" and os.geteuid() == 0:
        mark = hashlib.sha256(str(CHECKOUT).encode()).hexdigest()[:8]
        return Path("/var/lib/bangiao") / f"{CHECKOUT.name}-{mark}"
    return CHECKOUT / "var"


def prepare_home(settings: Settings) -> None:
    """Make the home folder and its parts, closed to others.

    As root the embedded database is another user, who must be able to pass through `home` itself.
    """
    settings.home.mkdir(parents=True, exist_ok=True)
    settings.home.chmod(0o711 if os.geteuid() == 0 else 0o700)
    for folder in (settings.secrets_folder, settings.authority_folder, settings.files_folder):
        folder.mkdir(mode=0o700, exist_ok=True)


def record_mode(settings: Settings, mode: str) -> Settings:
    """Remember for good whether this home is a demonstration (`DEMO`) or real (`REAL`)."""
    if mode not in {DEMO, REAL}:
        raise ValueError(mode)
    prepare_home(settings)
    draft = settings.home / "portal.toml.new"
    draft.write_text(f'# Written by the portal; do not edit.\nmode = "{mode}"\n', encoding="utf-8")
    draft.replace(settings.home / "portal.toml")
    return replace(settings, mode=mode)


def read_secret(path: Path) -> str:
    """The secret in this file (0600); made of 32 random bytes if there is none. Two makers agree on one."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(32))
            file.flush()
            os.fsync(file.fileno())
        # Where the name is taken, another process was first: its secret counts.
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft)
        draft.unlink()
    return path.read_text(encoding="utf-8").strip()


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65_536:
        raise SettingsRefused(f"PORT={text} không phải là số cổng. Hãy đặt một số từ 1 đến 65535, ví dụ PORT=8080.")
    return int(text)


def _yes_or_no(name: str, text: str) -> bool:
    if text.lower() not in {"yes", "no"}:
        raise SettingsRefused(f"{name}={text} không dùng được. Hãy ghi yes hoặc no.")
    return text.lower() == "yes"


def _database_url(text: str | None) -> str | None:
    """Both spellings in use become the one that SQLAlchemy and psycopg read alike."""
    if not text:
        return None
    scheme, found, rest = text.partition("://")
    if not found or scheme not in {"postgres", "postgresql", "postgresql+psycopg"}:
        raise SettingsRefused(
            f"DATABASE_URL bắt đầu bằng «{scheme}», nhưng cổng chỉ dùng PostgreSQL. "
            "Hãy ghi dạng postgresql://người-dùng:mật-khẩu@máy-chủ/tên-cơ-sở-dữ-liệu."
        )
    return f"postgresql://{rest}"


def _tsa_urls(text: str) -> tuple[str, ...]:
    urls = tuple(text.replace(",", " ").split())
    for url in urls:
        if url != INTERNAL_TSA and not url.startswith(("http://", "https://")):
            raise SettingsRefused(
                f"TSA_URLS có «{url}», không phải địa chỉ http(s). Hãy ghi các địa chỉ RFC 3161 cách nhau bằng dấu "
                f"phẩy, theo thứ tự hỏi; chữ «{INTERNAL_TSA}» là cơ quan cấp dấu thời gian của chính cổng."
            )
    return urls


def _csc_url(text: str) -> str:
    if not text:
        return ""
    parts = urlsplit(text.rstrip("/"))
    private = parts.scheme == "https" or parts.hostname in LOOPBACK
    if not private or not parts.path.endswith(("/v1", "/v2")):
        raise SettingsRefused(
            f"CSC_URL={text} không dùng được. Hãy ghi địa chỉ https của dịch vụ ký từ xa (CSC API), kết thúc bằng "
            "/v1 hoặc /v2, ví dụ https://ky-so.example/csc/v1."
        )
    return text.rstrip("/")


def _agent(text: str) -> str:
    if not text:
        return ""
    parts = urlsplit(text)
    if parts.scheme not in {"ws", "wss"} or parts.hostname not in LOOPBACK or parts.path not in {"", "/"}:
        raise SettingsRefused(
            f"VGCA_AGENT={text} không dùng được: phần mềm ký nghe trên chính máy người ký. "
            "Hãy ghi dạng wss://127.0.0.1:8987."
        )
    return text.rstrip("/")


def _mode(home: Path) -> str | None:
    try:
        text = (home / "portal.toml").read_text(encoding="utf-8")
    except (FileNotFoundError, PermissionError, NotADirectoryError):
        return None
    mode = tomllib.loads(text).get("mode")
    return mode if mode in {DEMO, REAL} else None
