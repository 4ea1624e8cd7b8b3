"""Settings come from the environment and the home folder; secrets are made once and kept private."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from portal.settings import Settings, SettingsRefused, default_home, read_secret, record_mode


def read(**environment: str) -> Settings:
    return Settings.from_environment(environment)


def test_without_anything_set_the_embedded_database_and_port_8000_are_meant() -> None:
    settings = read()
    assert settings.home == default_home()
    assert settings.database_url is None
    assert settings.public_url == "http://localhost:8000"
    assert settings.mode is None or settings.mode in {"demo", "real"}


def test_port_home_and_public_address_are_honoured(tmp_path: Path) -> None:
    settings = read(PORT="9001", BANGIAO_HOME=str(tmp_path / "nhà"), PUBLIC_URL="https://bangiao.example/")
    assert (settings.port, settings.home, settings.public_url) == (
        9001,
        tmp_path / "nhà",
        "https://bangiao.example",
    )


@pytest.mark.parametrize("spelling", ["postgres://", "postgresql://", "postgresql+psycopg://"])
def test_every_spelling_of_a_server_address_is_understood(spelling: str) -> None:
    settings = read(DATABASE_URL=f"{spelling}app:pw@db/bangiao")
    assert settings.database_url == settings.database_owner_url == "postgresql://app:pw@db/bangiao"


def test_migrations_may_have_an_address_of_their_own() -> None:
    settings = read(DATABASE_URL="postgresql://app@db/x", DATABASE_OWNER_URL="postgresql://owner@db/x")
    assert settings.database_owner_url == "postgresql://owner@db/x"


@pytest.mark.parametrize(
    ("name", "value"), [("PORT", "0"), ("PORT", "http"), ("PORT", "70000"), ("DATABASE_URL", "sqlite:///x.db")]
)
def test_a_setting_that_cannot_be_used_is_named_with_the_next_step(name: str, value: str) -> None:
    with pytest.raises(SettingsRefused, match=name) as refusal:
        read(**{name: value})
    assert "Hãy" in str(refusal.value)


def test_reading_settings_writes_nothing(tmp_path: Path) -> None:
    read(BANGIAO_HOME=str(tmp_path / "absent"))
    assert not (tmp_path / "absent").exists()


def test_whether_it_is_a_demonstration_is_remembered_in_the_home(tmp_path: Path) -> None:
    recorded = record_mode(Settings(home=tmp_path / "home"), "demo")
    assert recorded.demo
    assert read(BANGIAO_HOME=str(tmp_path / "home")).demo


def test_a_secret_is_made_once_even_by_many_at_the_same_time_and_only_we_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "session-key"
    with ThreadPoolExecutor(16) as pool:
        secrets = set(pool.map(read_secret, [path] * 64))
    assert len(secrets) == 1
    assert len(secrets.pop()) >= 43, "32 random bytes"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["session-key"], "no drafts are left"
