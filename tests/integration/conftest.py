"""A portal without pages for tests of services: database, file store, internal CA and seal, one scene."""

from collections.abc import Iterator

import pytest
from flask import Flask

from portal.clock import now
from portal.embedded import DatabaseUrls
from portal.models import db
from portal.services.context import Ground, stand_on, time_from
from portal.signatures.authority import (
    Authority,
    create_authority,
    issue_seal,
    issue_time_authority,
    new_key,
)
from portal.signatures.invented_time import InventedTime
from tests import database
from tests.integration import scene as scenery
from tests.integration.scene import Scene


@pytest.fixture(scope="session")
def rsa_key():  # type: ignore[no-untyped-def]
    """One RSA-3072 key for every person of the scene: certificates differ, making a key takes a second."""
    return new_key()


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory, rsa_key) -> Authority:  # type: ignore[no-untyped-def]
    """The internal CA with the portal's seal beside it."""
    folder = tmp_path_factory.mktemp("authority")
    made = create_authority(folder, name="Cổng thử nghiệm", now=now(), key=rsa_key)
    issue_seal(made, folder, portal_name="Cổng thử nghiệm", now=now(), key=rsa_key)
    issue_time_authority(made, folder, portal_name="Cổng thử nghiệm", now=now(), key=rsa_key)
    made_in[made.certificate.serial_number] = folder
    return made


made_in: dict[int, object] = {}


@pytest.fixture(scope="module")
def scene(
    module_database: DatabaseUrls, tmp_path_factory: pytest.TempPathFactory, authority: Authority, rsa_key
) -> Iterator[Scene]:  # type: ignore[no-untyped-def]
    """The scene in a database of the module's own, inside an application context."""
    home = tmp_path_factory.mktemp("portal")
    settings = database.settings_on(module_database, home)
    (home / "authority").symlink_to(str(made_in[authority.certificate.serial_number]))
    app = Flask("service-tests")
    app.config["SQLALCHEMY_DATABASE_URI"] = module_database.app.replace("postgresql://", "postgresql+psycopg://")
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"pool_size": 10}
    db.init_app(app)
    stand_on(Ground.of(settings))
    with app.app_context(), time_from(InventedTime(settings.authority_folder, now)):
        made = scenery.build(authority, rsa_key)
        made.app = app
        yield made
        db.session.remove()
        db.engine.dispose()
