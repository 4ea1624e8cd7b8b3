"""What an administrator may do with accounts, and how far his arm reaches."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.clock import today
from portal.domain.errors import DomainError, InvalidInput, NotFound, NotPermitted
from portal.domain.permissions import Actor, Role
from portal.models import Event, Membership, User, db
from portal.queries.accounts import memberships_of
from portal.services import accounts, passwords, sign_in
from portal.services.accounts import Appointment
from tests.integration.scene import Scene


@pytest.fixture(scope="module")
def commune_administrator(scene: Scene) -> Actor:
    """An administrator of one commune: the neighbour's accounts are none of his business."""
    scene.unit("quan_tri_xa", "administration_office", "xa", "xa")
    actor = scene.person("commune_administrator", "quan_tri_xa", Role.ADMINISTRATOR)
    db.session.commit()
    return actor


def station(scene: Scene, **more: object) -> Appointment:
    return Appointment(scene.units["tram"].id, Role.STATION, "Y sĩ", **more)  # type: ignore[arg-type]


def test_a_new_person_signs_in_once_with_the_password_and_must_change_it(scene: Scene) -> None:
    user_id, password = accounts.create_account(
        scene.actors["administrator"],
        username="Giang.A.Thu",
        full_name="Giàng A Thử",
        phone="",
        appointment=station(scene),
    )
    opened = sign_in.sign_in("giang.a.thu", password)
    assert opened.must_change_password
    accounts.change_password(user_id, password, "nuoc chay da mon trang", token=opened.token)
    assert not db.session.get_one(User, user_id).must_change_password
    assert sign_in.resume(opened.token) is not None
    with pytest.raises(InvalidInput):
        sign_in.sign_in("giang.a.thu", password)


def test_a_changed_password_ends_every_other_session(scene: Scene) -> None:
    user_id, password = accounts.create_account(
        scene.actors["administrator"],
        username="hai.may",
        full_name="Người Hai Máy",
        phone="",
        appointment=station(scene),
    )
    first, second = sign_in.sign_in("hai.may", password), sign_in.sign_in("hai.may", password)
    accounts.change_password(user_id, password, "nuoc chay da mon trang", token=second.token)
    assert sign_in.resume(first.token) is None
    assert sign_in.resume(second.token) is not None


@pytest.mark.parametrize(
    "password", ["ngan", "a" * 20, "matkhau1234567", "hai.kieu.hai.kieu", "x" * 129, "123456 123456 123456"]
)
def test_a_weak_password_is_refused_with_its_reason(scene: Scene, password: str) -> None:
    user = db.session.get_one(User, scene.actors["supervisor"].user_id)
    user.username, user.password_hash = "hai.kieu", passwords.hash_password("cu")
    db.session.commit()
    with pytest.raises(InvalidInput) as refusal:
        accounts.change_password(user.id, "cu", password)
    assert "password" in refusal.value.fields
    user.username = "supervisor"
    db.session.commit()


@pytest.mark.parametrize("username", ["ab", "có dấu", "a b c", "x" * 61, "quan/tri", "STATION_HEAD"])
def test_a_bad_or_taken_user_name_is_refused_beside_its_field(scene: Scene, username: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        accounts.create_account(
            scene.actors["administrator"], username=username, full_name="Ai Đó", phone="", appointment=station(scene)
        )
    assert "username" in refusal.value.fields


def test_signing_needs_the_paper_that_appoints(scene: Scene) -> None:
    target = scene.actors["station_clerk"].user_id
    with pytest.raises(InvalidInput) as refusal:
        accounts.give_membership(scene.actors["administrator"], target, station(scene, can_sign=True))
    assert "appointment_document" in refusal.value.fields


def test_a_role_is_held_only_in_its_kind_of_unit(scene: Scene) -> None:
    wrong = Appointment(scene.units["cong_an"].id, Role.STATION, "Y sĩ")
    with pytest.raises(InvalidInput) as refusal:
        accounts.give_membership(scene.actors["administrator"], scene.actors["station_clerk"].user_id, wrong)
    assert "role" in refusal.value.fields


def test_a_membership_ended_today_no_longer_holds_today(scene: Scene) -> None:
    target = scene.actors["village_helper"].user_id
    given = accounts.give_membership(scene.actors["administrator"], target, station(scene))
    assert given in {held.id for held in memberships_of(target, today())}
    accounts.end_membership(scene.actors["administrator"], given)
    assert given not in {held.id for held in memberships_of(target, today())}
    assert db.session.get_one(Membership, given).valid_to == today() - timedelta(days=1)


def test_an_administrator_reaches_his_own_territory_only(scene: Scene, commune_administrator: Actor) -> None:
    foreign = scene.actors["foreign_station_head"].user_id
    for act in (
        lambda: accounts.set_disabled(commune_administrator, foreign, disabled=True),
        lambda: accounts.reset_password(commune_administrator, foreign),
        lambda: accounts.give_membership(commune_administrator, foreign, station(scene)),
        lambda: accounts.end_membership(commune_administrator, scene.actors["foreign_station_head"].membership_id),
        # Somebody of the level above, too, although he is an administrator himself.
        lambda: accounts.reset_password(commune_administrator, scene.actors["administrator"].user_id),
    ):
        with pytest.raises(NotFound):
            act()
    accounts.set_disabled(commune_administrator, scene.actors["police_officer"].user_id, disabled=True)
    accounts.set_disabled(commune_administrator, scene.actors["police_officer"].user_id, disabled=False)


@pytest.mark.parametrize("name", ["station_head", "police_head", "coordinator", "supervisor", "auditor"])
def test_nobody_but_an_administrator_changes_accounts(scene: Scene, name: str) -> None:
    with pytest.raises(NotPermitted):
        accounts.set_disabled(scene.actors[name], scene.actors["station_clerk"].user_id, disabled=True)


def test_an_administrator_cannot_lock_himself_out(scene: Scene) -> None:
    own = scene.actors["administrator"]
    for act in (
        lambda: accounts.set_disabled(own, own.user_id, disabled=True),
        lambda: accounts.end_membership(own, own.membership_id),
    ):
        with pytest.raises(DomainError):
            act()


def test_events_name_the_account_but_never_the_password(scene: Scene) -> None:
    password = accounts.reset_password(scene.actors["administrator"], scene.actors["police_officer"].user_id)
    events = db.session.execute(select(Event).where(Event.tag == "account:changed")).scalars().all()
    assert str(scene.actors["police_officer"].user_id) in {event.payload["account"] for event in events}
    assert not any(password in str(event.payload) for event in events)
