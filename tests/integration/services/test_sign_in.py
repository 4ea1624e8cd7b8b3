"""Sessions and passwords below the pages: what the table keeps, races, membership in force."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.clock import now, today
from portal.domain.errors import InvalidInput, NotFound, NotPermitted
from portal.domain.permissions import Role
from portal.models import Event, Membership, SignInSession, User, db
from portal.services import passwords, sign_in
from tests.integration.scene import Scene

PASSWORD = "con trau an co ngoai dong"


@pytest.fixture
def clerk(scene: Scene) -> User:
    user = db.session.get_one(User, scene.actors["station_clerk"].user_id)
    user.password_hash, user.failed_attempts, user.slowed_until = passwords.hash_password(PASSWORD), 0, None
    user.disabled_at = None
    db.session.commit()
    return user


def test_the_table_never_holds_the_token(clerk: User) -> None:
    opened = sign_in.sign_in("station_clerk", PASSWORD)
    hashes = db.session.execute(select(SignInSession.token_hash)).scalars().all()
    assert opened.token not in hashes
    assert all(len(one) == 64 for one in hashes)


def test_a_person_acts_in_the_membership_of_today(clerk: User) -> None:
    opened = sign_in.sign_in("station_clerk", PASSWORD)
    assert opened.actor is not None
    assert (opened.actor.role, opened.actor.unit_name) == (Role.STATION, "Tram")


def test_a_membership_that_has_ended_gives_no_right_at_the_next_click(clerk: User) -> None:
    opened = sign_in.sign_in("station_clerk", PASSWORD)
    assert opened.actor is not None
    membership = db.session.get_one(Membership, opened.actor.membership_id)
    membership.valid_to = today() - timedelta(days=1)
    db.session.commit()
    resumed = sign_in.resume(opened.token)
    assert resumed is not None
    assert resumed.actor is None
    with pytest.raises(NotPermitted):
        sign_in.actor_for(opened.actor.membership_id)
    membership.valid_to = None
    db.session.commit()


def test_a_disabled_account_is_out_at_the_next_click_and_cannot_come_back(clerk: User) -> None:
    opened = sign_in.sign_in("station_clerk", PASSWORD)
    clerk.disabled_at = now()
    db.session.commit()
    assert sign_in.resume(opened.token) is None
    with pytest.raises(InvalidInput):
        sign_in.sign_in("station_clerk", PASSWORD)


def test_a_session_ended_by_another_request_is_not_written_back(clerk: User) -> None:
    opened = sign_in.sign_in("station_clerk", PASSWORD)
    row = db.session.execute(
        select(SignInSession)
        .where(SignInSession.user_id == clerk.id)
        .order_by(SignInSession.created_at.desc())
        .limit(1)
    ).scalar_one()
    row.seen_at = now() - timedelta(minutes=5)
    db.session.commit()
    sign_in.sign_out(opened.token)
    assert sign_in.resume(opened.token) is None
    db.session.expire_all()
    assert row.ended_at is not None


def test_the_wait_grows_with_every_further_failure_and_a_success_clears_it(clerk: User) -> None:
    waits = []
    for _ in range(8):
        with pytest.raises(InvalidInput):
            sign_in.sign_in("station_clerk", "sai")
        db.session.refresh(clerk)
        waits.append((clerk.slowed_until - now()).total_seconds() if clerk.slowed_until else 0)
        clerk.slowed_until = None
        db.session.commit()
    assert waits[:4] == [0, 0, 0, 0]
    assert waits[4] == pytest.approx(30, abs=2)
    assert waits[5:] == [pytest.approx(wait, abs=2) for wait in (60, 120, 240)]
    sign_in.sign_in("station_clerk", PASSWORD)
    assert clerk.failed_attempts == 0


def test_an_unknown_name_costs_the_same_work(clerk: User) -> None:
    import time

    def seconds(name: str) -> float:
        start = time.perf_counter()
        with pytest.raises(InvalidInput):
            sign_in.sign_in(name, "sai")
        return time.perf_counter() - start

    seconds("nobody")
    # Generous: a missing hash would make it some fifty times faster.
    assert seconds("nobody") > 0.3 * seconds("station_clerk")


def test_every_attempt_leaves_its_event(clerk: User) -> None:
    def count(tag: str) -> int:
        return db.session.execute(select(func.count()).select_from(Event).where(Event.tag == tag)).scalar_one()

    refused, entered, left = (count(f"account:{act}") for act in ("refused", "signed_in", "signed_out"))
    with pytest.raises(InvalidInput):
        sign_in.sign_in("station_clerk", "sai")
    opened = sign_in.sign_in("station_clerk", PASSWORD)
    sign_in.sign_out(opened.token)
    assert [count(f"account:{act}") for act in ("refused", "signed_in", "signed_out")] == [
        refused + 1, entered + 1, left + 1,
    ]  # fmt: skip


def test_one_click_is_refused_outside_a_demonstration(clerk: User) -> None:
    with pytest.raises(NotPermitted, match="bản trình diễn"):
        sign_in.sign_in_for_demonstration("station_clerk")


def test_nobody_switches_into_a_membership_of_another(scene: Scene, clerk: User) -> None:
    opened = sign_in.sign_in("station_clerk", PASSWORD)
    with pytest.raises(NotFound):
        sign_in.act_in(opened, scene.actors["police_head"].membership_id)
