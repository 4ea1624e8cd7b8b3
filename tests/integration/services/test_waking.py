"""The only administrator who slept too long, or lost phone and codes, is let in from the portal's own machine."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest
from sqlalchemy import select

from portal.clock import now
from portal.domain.errors import NotFound
from portal.models import Event, User, db
from portal.services import passwords, second_factors, sign_in, waking
from portal.services.context import ground
from portal.settings import REAL, record_mode
from tests.integration.scene import Scene

PASSWORD = "con trau an co ngoai dong"


def sleeping_administrator(scene: Scene) -> User:
    user = db.session.get_one(User, scene.actors["administrator"].user_id)
    user.password_hash, user.failed_attempts = passwords.hash_password(PASSWORD), 9
    user.slowed_until, user.woken_at = now() + timedelta(minutes=15), now() - timedelta(days=46)
    db.session.commit()
    if not second_factors.has_one(user.id):
        second_factors.begin(user.id)
        second_factors.confirm(user.id, pyotp.TOTP(second_factors.waiting_secret(user.id)).at(now()))
    return user


def test_who_is_woken_signs_in_at_once_and_the_log_tells(scene: Scene) -> None:
    user = sleeping_administrator(scene)
    waking.wake("Administrator")
    assert sign_in.sign_in("administrator", PASSWORD).awaits_factor, "the second factor stays"
    waking.wake("administrator", without_factor=True)
    assert sign_in.sign_in("administrator", PASSWORD).actor is not None
    tags = db.session.execute(
        select(Event.tag, Event.payload["changes"]).where(
            (Event.user_id == user.id) | (Event.payload["account"].astext == str(user.id))
        )
    ).all()
    assert ("account:changed", ["woken"]) in tags
    assert "account:factor_removed" in {tag for tag, _ in tags}


def test_a_name_that_nobody_has_is_told(scene: Scene) -> None:
    with pytest.raises(NotFound):
        waking.wake("khong.co")


def test_the_terminal_wakes_and_an_empty_home_is_refused(scene: Scene, tmp_path: Path) -> None:
    sleeping_administrator(scene)
    settings = ground().settings
    record_mode(settings, REAL)
    place = {"DATABASE_URL": settings.database_url, "DATABASE_OWNER_URL": settings.database_owner_url}

    def run(home: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "portal", "wake", "administrator", "--without-factor"],
            env={**os.environ, **place, "BANGIAO_HOME": str(home)},
            capture_output=True,
            text=True,
            check=False,
        )

    refused = run(tmp_path)
    assert (refused.returncode, "Chưa có cổng" in refused.stderr) == (2, True)
    done = run(settings.home)
    assert (done.returncode, done.stderr) == (0, "")
    db.session.rollback()
    assert sign_in.sign_in("administrator", PASSWORD).actor is not None
