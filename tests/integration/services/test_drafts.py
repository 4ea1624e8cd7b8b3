"""Kept forms bear citizens' data: they do not stay longer than somebody may come back for them."""

from datetime import timedelta
from uuid import uuid4

from sqlalchemy import update

from portal.clock import now
from portal.jobs.duties import drop_old_forms
from portal.models import Draft, db
from portal.services import drafts
from tests.integration.scene import Scene


def kept(scene: Scene, path: str, age: timedelta) -> int:
    made = drafts.keep(scene.actors["village_head"].user_id, path, {"note": ["gặp rồi"]})
    db.session.execute(update(Draft).where(Draft.id == made).values(saved_at=now() - age))
    db.session.commit()
    return made


def test_forms_go_after_a_day_and_those_of_a_person_after_thirty(scene: Scene) -> None:
    person = f"/lists/{uuid4()}/entries/3/correction"
    gone = {
        kept(scene, "/batches/new", timedelta(hours=25)),
        kept(scene, f"/lists/{uuid4()}/cancel", timedelta(hours=25)),
        kept(scene, f"{person}?old", timedelta(days=31)),
    }
    stay = {kept(scene, "/account", timedelta(hours=23)), kept(scene, person, timedelta(days=29))}
    drop_old_forms(0)
    author = scene.actors["village_head"].user_id
    assert {each for each in gone | stay if drafts.find(author, each)} == stay
    assert drafts.drop_old() == 0
