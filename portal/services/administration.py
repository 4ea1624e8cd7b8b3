"""What an administrator reads: units and accounts of the own territory, without any citizen's data."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from portal.clock import today
from portal.domain.errors import NotFound
from portal.domain.permissions import Actor
from portal.domain.units import SuccessionKind, UnitKind, may_succeed
from portal.domain.wording import say
from portal.models import Unit, User
from portal.queries import accounts, units
from portal.services.memberships import HeldMembership, as_held
from portal.services.sign_in import is_asleep
from portal.services.units import require_unit

NOT_FOUND = say("Không tìm thấy nội dung này trong địa bàn của bạn.")


@dataclass(frozen=True)
class UnitRow:
    """A unit as a line of the tree."""

    id: int
    code: str
    kind: UnitKind
    name: str
    abbreviation: str
    superior_name: str
    place_name: str
    phone: str
    valid_from: date
    valid_to: date | None
    depth: int


@dataclass(frozen=True)
class AccountRow:
    """An account with its memberships."""

    id: UUID
    username: str
    full_name: str
    phone: str
    disabled_at: datetime | None
    is_asleep: bool
    must_change_password: bool
    memberships: list[HeldMembership]


def unit_tree(administrator: Actor) -> list[UnitRow]:
    """The territory's units in tree order."""
    return [_unit_row(line.unit, line.depth) for line in units.tree(administrator)]


def unit(administrator: Actor, unit_id: int) -> UnitRow:
    """One unit of the territory. Raises NotFound outside it."""
    return _unit_row(require_unit(administrator, unit_id), 0)


def anchors(administrator: Actor) -> list[tuple[int, str]]:
    """The territories a new unit may lie in or serve: id and indented name."""
    found = units.territories(administrator)
    base = administrator.territory_path.count("/")
    return [(one.id, "– " * (one.territory_path.count("/") - base) + one.name) for one in found]


def heirs(administrator: Actor, unit_id: int) -> list[tuple[int, str]]:
    """The territories into which a unit of the territory may be merged: id and name; none for an office.

    A village goes into a village of its commune, a district into its province.
    """
    old = require_unit(administrator, unit_id)
    return [
        (one.id, one.name)
        for one in units.territories(administrator)
        if one.id != old.id
        and (kind := may_succeed(UnitKind(old.kind), UnitKind(one.kind))) is not None
        and (UnitKind(one.kind) is not UnitKind.VILLAGE or one.parent_id == old.parent_id)
        and (kind is SuccessionKind.MERGED or old.parent_id == one.id)
    ]


def accounts_page(administrator: Actor, search: str, page: int, size: int) -> tuple[list[AccountRow], int]:
    """One page of the accounts and how many match."""
    found, total = accounts.accounts_page(administrator, search, page, size)
    return [_account_row(user) for user in found], total


def account(administrator: Actor, user_id: UUID) -> AccountRow:
    """One account of the territory. Raises NotFound outside it."""
    found = accounts.manageable_account(administrator, user_id)
    if found is None:
        raise NotFound(NOT_FOUND)
    return _account_row(found)


def _unit_row(of: Unit, depth: int) -> UnitRow:
    return UnitRow(
        id=of.id,
        code=of.code,
        kind=UnitKind(of.kind),
        name=of.name,
        abbreviation=of.abbreviation,
        superior_name=of.superior_name,
        place_name=of.place_name,
        phone=of.phone,
        valid_from=of.valid_from,
        valid_to=of.valid_to,
        depth=depth,
    )


def _account_row(user: User) -> AccountRow:
    on = today()
    return AccountRow(
        id=user.id,
        username=user.username,
        full_name=user.full_name,
        phone=user.phone,
        disabled_at=user.disabled_at,
        is_asleep=is_asleep(user),
        must_change_password=user.must_change_password,
        memberships=[as_held(held, on) for held in user.memberships],
    )
