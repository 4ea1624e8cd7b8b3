"""Rights: the reach of a role decides, signing needs an appointment, a foreign place does not exist."""

from uuid import uuid4

import pytest

from portal.domain.errors import NotFound, NotPermitted
from portal.domain.permissions import (
    GRANTS,
    Actor,
    Permission,
    Place,
    Reach,
    Role,
    can,
    covers,
    has_permission,
    require,
)

HOME = Place("/1/2/3/", frozenset({10, 20}))


def actor(role: Role, *, unit: int = 10, path: str = "/1/2/", signs: bool = False) -> Actor:
    return Actor(uuid4(), "Người thử", 1, role, unit, "Đơn vị", "Cán bộ", path, 1, signs)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("permission", list(Permission))
def test_a_right_exists_exactly_where_the_grants_say(role: Role, permission: Permission) -> None:
    assert has_permission(actor(role, signs=True), permission) == (permission in GRANTS[role])


@pytest.mark.parametrize("role", list(Role))
def test_own_reach_needs_the_unit_to_be_a_party(role: Role) -> None:
    stranger = actor(role, unit=99, path="/1/2/")
    for permission, reach in GRANTS[role].items():
        assert covers(stranger, permission, HOME) == (reach is Reach.TERRITORY)


def test_territory_ends_at_the_slash() -> None:
    assert covers(actor(Role.AUDITOR, path="/1/2/"), Permission.LIST_READ, HOME)
    assert not covers(actor(Role.AUDITOR, path="/1/22/"), Permission.LIST_READ, HOME)


def test_signing_needs_an_appointment() -> None:
    assert not can(actor(Role.POLICE), Permission.HANDOVER_SIGN, HOME)
    assert can(actor(Role.POLICE, signs=True), Permission.HANDOVER_SIGN, HOME)


def test_a_foreign_place_is_not_found_and_a_missing_right_is_named() -> None:
    with pytest.raises(NotFound):
        require(actor(Role.POLICE, unit=99), Permission.ENTRY_VERIFY, HOME, Permission.LIST_READ)
    with pytest.raises(NotPermitted, match="phân công ký"):
        require(actor(Role.POLICE), Permission.HANDOVER_SIGN, HOME, Permission.LIST_READ)
    with pytest.raises(NotPermitted, match="không có quyền"):
        require(actor(Role.VILLAGE), Permission.ENTRY_VERIFY, HOME, Permission.LIST_READ)
