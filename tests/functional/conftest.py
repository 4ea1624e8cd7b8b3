"""The portal behind a real port, one Chromium for all journeys, and a window for each person of the scene."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from uuid import UUID

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect, sync_playwright
from sqlalchemy import select
from werkzeug.serving import make_server

from portal.app import create_app
from portal.models import Handover, db
from portal.services.context import Ground, stand_on
from portal.settings import Settings
from portal.signatures.authority import Authority
from tests import database
from tests.functional.window import OFFICE, PHONE, Window
from tests.integration import scene as scenery
from tests.integration.conftest import authority, made_in, rsa_key
from tests.integration.scene import Scene

__all__ = ["authority", "rsa_key"]

PATIENCE = 15_000
"""Milliseconds before a missing word is a failure; two busy cores may be slow, a passing test never waits for it."""


class Site:
    """A served portal: its address, its application, who lives in it."""

    def __init__(self, app: Flask, scene: Scene, settings: Settings) -> None:
        self.app = app
        self.scene = scene
        self.settings = settings
        # Several threads as under the real server: pages ask for pictures and styles at once.
        self._server = make_server("127.0.0.1", 0, app, threaded=True)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, name="portal", daemon=True)

    @property
    def address(self) -> str:
        """Where the browser finds it; the name, because cookies and hosts are judged by it."""
        return f"http://localhost:{self._server.server_port}"

    @contextmanager
    def behind(self) -> Iterator[Scene]:
        """The scene inside the application, to set up what a journey does not walk through itself."""
        with self.app.app_context():
            yield self.scene

    def take_sent(self, receiver: str, list_id: UUID) -> None:
        """Countersign whatever record of the list waits, without pages."""
        with self.behind() as scene:
            query = select(Handover.id).where(Handover.list_id == list_id, Handover.status == "sent")
            scene.take(receiver, db.session.scalars(query).one())

    def start(self) -> None:
        """Serve until `stop`."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread and give the port back."""
        self._server.shutdown()
        self._thread.join(timeout=10)
        self._server.server_close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, started once."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as starter:
        browser = starter.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def session_site(
    tmp_path_factory: pytest.TempPathFactory,
    authority: Authority,
    rsa_key,
) -> Iterator[Site]:  # type: ignore[no-untyped-def]
    """One demonstration portal for all journeys (a journey makes its own lists), with the services' scene in it."""
    home = tmp_path_factory.mktemp("portal")
    (home / "authority").symlink_to(str(made_in[authority.certificate.serial_number]))
    urls = database.fresh_database()
    settings = replace(database.settings_on(urls, home, mode="demo"), web_threads=8)
    app = create_app(settings)
    with app.app_context():
        scene = scenery.build(authority, rsa_key)
        scene.app = app
        for unit in scene.units.values():
            db.session.refresh(unit)
        # Journeys read the units between contexts; loaded and let go they stay readable.
        db.session.expunge_all()
        db.session.remove()
    served = Site(app, scene, settings)
    served.start()
    yield served
    served.stop()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    database.drop_database(urls)


@pytest.fixture
def site(session_site: Site) -> Site:
    """The served portal; services stand on its ground again, whatever test ran before."""
    stand_on(Ground.of(session_site.settings))
    return session_site


@pytest.fixture
def window(chromium: Browser, site: Site) -> Iterator[Callable[..., Window]]:
    """`window("station_head")`: that person's browser, signed in. At the end no window may have anything to report."""
    opened: list[Window] = []

    def open_for(username: str = "", *, phone: bool = False, javascript: bool = True) -> Window:
        context = chromium.new_context(
            base_url=site.address,
            viewport=PHONE if phone else OFFICE,
            has_touch=phone,
            java_script_enabled=javascript,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
        )
        context.set_default_timeout(PATIENCE)
        made = Window(context, username)
        opened.append(made)
        if username:
            made.sign_in(username)
        return made

    yield open_for
    complaints = [complaint for one in opened for complaint in one.complaints]
    for one in opened:
        one.context.close()
    assert complaints == []
