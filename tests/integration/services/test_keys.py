"""Enrolling a signer's key."""

import pytest
from sqlalchemy import select

from portal.clock import now
from portal.domain.errors import InvalidInput, NotPermitted
from portal.models import SigningKey, db
from portal.services import keys
from portal.signatures.keys import WrongPassphrase, open_key
from tests.integration.scene import Scene


def test_a_signer_gets_a_key_that_only_the_passphrase_opens_and_the_former_one_is_revoked(scene: Scene) -> None:
    actor = scene.actors["village_head"]
    former = keys.key_state(actor)
    serial = keys.enrol(actor, "cau nho cua toi")
    state = keys.key_state(actor)
    assert state is not None
    assert former is not None
    assert state.serial == serial != former.serial
    assert not state.is_expired
    stored = db.session.execute(select(SigningKey).where(SigningKey.serial == serial)).scalar_one()
    assert open_key(stored.p12, "cau nho cua toi").owner == actor.user_name
    with pytest.raises(WrongPassphrase):
        open_key(stored.p12, "cau khac cua toi")
    old = db.session.execute(select(SigningKey).where(SigningKey.serial == former.serial)).scalar_one()
    assert old.revoked_at is not None
    assert old.revoked_at <= now()


def test_a_short_passphrase_is_refused_before_anything_changes(scene: Scene) -> None:
    actor = scene.actors["station_head"]
    before = keys.key_state(actor)
    with pytest.raises(InvalidInput) as refusal:
        keys.enrol(actor, "ngan")
    assert "passphrase" in refusal.value.fields
    assert keys.key_state(actor) == before


def test_who_may_not_sign_gets_no_key(scene: Scene) -> None:
    with pytest.raises(NotPermitted):
        keys.enrol(scene.actors["station_clerk"], "cau nho cua toi")
