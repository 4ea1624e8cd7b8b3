"""Who may do what, and how far: one table of grants read by route, query and service."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from portal.domain.delegations import Mandate
from portal.domain.errors import NotFound, NotPermitted
from portal.domain.stages import Party
from portal.domain.wording import say


class Role(StrEnum):
    """What a membership makes of a person."""

    STATION = "station"
    VILLAGE = "village"
    POLICE = "police"
    COORDINATOR = "coordinator"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    REPORTER = "reporter"


class Permission(StrEnum):
    """One right; every endpoint declares exactly one (or is public)."""

    ACCOUNT_OWN = "account:own"
    BATCH_IMPORT = "batch:import"
    BATCH_READ = "batch:read"
    EXTENSION_ASK = "extension:ask"
    ENTRY_CORRECT = "entry:correct"
    ENTRY_VERIFY = "entry:verify"
    ENTRY_APPLY = "entry:apply"
    HANDOVER_PREPARE = "handover:prepare"
    HANDOVER_SIGN = "handover:sign"
    LIST_ARRANGE = "list:arrange"
    LIST_ASSIGN = "list:assign"
    LIST_COMPLETE = "list:complete"
    LIST_CONSENT = "list:consent"
    LIST_READ = "list:read"
    LIST_REMIND = "list:remind"
    LIST_SPLIT = "list:split"
    LIST_WORK = "list:work"
    NUMBER_REVEAL = "number:reveal"
    PAIR_JUDGE = "pair:judge"
    PAPER_SCAN = "paper:scan"
    PAPER_WORK = "paper:work"
    PROGRESS_READ = "progress:read"
    READING_REVIEW = "reading:review"
    RECORD_READ = "record:read"
    RECORDS_EXAMINE = "record:examine"
    REGISTER_KEEP = "register:keep"
    REGISTER_READ = "register:read"
    REPORT_ACCEPT = "report:accept"
    REPORT_FILL = "report:fill"
    REPORT_READ = "report:read"
    REPORT_SIGN = "report:sign"
    SHEET_WORK = "sheet:work"
    TRAIL_READ = "trail:read"
    UNIT_ADMINISTER = "unit:administer"
    USER_ADMINISTER = "user:administer"


class Reach(StrEnum):
    """How far a right reaches: lists the own unit is a party to, or all of the own territory."""

    OWN = "own"
    TERRITORY = "territory"


_OWN_WORK = {
    Permission.ACCOUNT_OWN: Reach.OWN,
    Permission.LIST_READ: Reach.OWN,
    Permission.TRAIL_READ: Reach.OWN,
    Permission.EXTENSION_ASK: Reach.OWN,
    Permission.HANDOVER_PREPARE: Reach.OWN,
    Permission.HANDOVER_SIGN: Reach.OWN,
    Permission.LIST_SPLIT: Reach.OWN,
    Permission.RECORD_READ: Reach.OWN,
    Permission.LIST_WORK: Reach.OWN,
    Permission.LIST_ASSIGN: Reach.OWN,
    Permission.NUMBER_REVEAL: Reach.OWN,
}
_OVERSIGHT = {
    Permission.ACCOUNT_OWN: Reach.OWN,
    Permission.LIST_READ: Reach.TERRITORY,
    Permission.BATCH_READ: Reach.TERRITORY,
    Permission.TRAIL_READ: Reach.TERRITORY,
    Permission.PROGRESS_READ: Reach.TERRITORY,
    Permission.READING_REVIEW: Reach.TERRITORY,
}

_REPORTING = {
    Permission.REPORT_READ: Reach.OWN,
    Permission.REPORT_FILL: Reach.OWN,
    Permission.REPORT_SIGN: Reach.OWN,
}

_REGISTERS = {Permission.REGISTER_READ: Reach.OWN, Permission.REGISTER_KEEP: Reach.OWN}

GRANTS: dict[Role, dict[Permission, Reach]] = {
    Role.STATION: {
        **_OWN_WORK,
        **_REPORTING,
        **_REGISTERS,
        Permission.BATCH_IMPORT: Reach.OWN,
        Permission.BATCH_READ: Reach.OWN,
        Permission.PAIR_JUDGE: Reach.OWN,
        Permission.PAPER_SCAN: Reach.OWN,
        Permission.PAPER_WORK: Reach.OWN,
        Permission.SHEET_WORK: Reach.OWN,
        Permission.ENTRY_APPLY: Reach.OWN,
        Permission.LIST_ARRANGE: Reach.OWN,
        Permission.LIST_COMPLETE: Reach.OWN,
    },
    Role.VILLAGE: {**_OWN_WORK, Permission.ENTRY_CORRECT: Reach.OWN, Permission.SHEET_WORK: Reach.OWN},
    Role.POLICE: {**_OWN_WORK, **_REGISTERS, Permission.ENTRY_VERIFY: Reach.OWN, Permission.PAIR_JUDGE: Reach.OWN},
    Role.COORDINATOR: {
        **_OVERSIGHT,
        **_REGISTERS,
        Permission.REGISTER_READ: Reach.TERRITORY,
        Permission.REPORT_READ: Reach.TERRITORY,
        Permission.LIST_ARRANGE: Reach.TERRITORY,
        Permission.LIST_ASSIGN: Reach.TERRITORY,
        Permission.LIST_CONSENT: Reach.TERRITORY,
        Permission.LIST_REMIND: Reach.TERRITORY,
        Permission.PAIR_JUDGE: Reach.TERRITORY,
        Permission.PAPER_SCAN: Reach.TERRITORY,
    },
    # A supervising office gathers its territory's reports, signs its own and takes or returns those below.
    Role.SUPERVISOR: {
        **_OVERSIGHT,
        **_REGISTERS,
        Permission.REGISTER_READ: Reach.TERRITORY,
        **_REPORTING,
        Permission.REPORT_READ: Reach.TERRITORY,
        Permission.REPORT_ACCEPT: Reach.TERRITORY,
        Permission.LIST_CONSENT: Reach.TERRITORY,
        Permission.LIST_REMIND: Reach.TERRITORY,
        Permission.PAIR_JUDGE: Reach.TERRITORY,
    },
    # A record's paper shows every number whole: of those who oversee, only the auditor has to judge papers.
    Role.AUDITOR: {
        **_OVERSIGHT,
        Permission.REGISTER_READ: Reach.TERRITORY,
        Permission.RECORD_READ: Reach.TERRITORY,
        Permission.REPORT_READ: Reach.TERRITORY,
        Permission.RECORDS_EXAMINE: Reach.TERRITORY,
    },
    Role.ADMINISTRATOR: {
        Permission.ACCOUNT_OWN: Reach.OWN,
        Permission.UNIT_ADMINISTER: Reach.TERRITORY,
        Permission.USER_ADMINISTER: Reach.TERRITORY,
    },
    # Industrial-zone boards and places that only vaccinate: they report, and are never asked to clean.
    Role.REPORTER: {Permission.ACCOUNT_OWN: Reach.OWN, **_REPORTING, **_REGISTERS},
}

SIGNING_PERMISSIONS = frozenset(
    {Permission.HANDOVER_SIGN, Permission.LIST_COMPLETE, Permission.LIST_SPLIT, Permission.REPORT_SIGN}
)
"""Rights that also need a membership appointed to sign: what binds or divides the unit's list is its lead's to do."""
LEADING_PERMISSIONS = frozenset({Permission.LIST_ASSIGN})
"""Rights inside a unit that are its lead's: who is appointed to sign, or acts for one who is."""
ASKED = frozenset({Permission.LIST_READ, Permission.LIST_COMPLETE})
"""What a station that is asked to take a list over needs to answer: its due day, papers and trail are not its own."""


@dataclass(frozen=True)
class Actor:
    """Who acts, in which membership, for whom where under a delegation; built once at the edge, passed down.

    A delegation stays inside its unit: role, unit and territory are those of the own membership.
    """

    user_id: UUID
    user_name: str
    membership_id: int
    role: Role
    unit_id: int
    unit_name: str
    position: str
    territory_path: str
    province_id: int
    can_sign: bool
    mandate: Mandate | None = None

    @property
    def delegation_id(self) -> int | None:
        """The delegation acted under, as it stands beside the membership in every row; None for one's own right."""
        return self.mandate.delegation_id if self.mandate else None

    @property
    def persons(self) -> frozenset[UUID]:
        """Who stands behind the act: the actor, and the person acted for."""
        return frozenset({self.user_id} | ({self.mandate.principal_id} if self.mandate else set()))

    @property
    def leads(self) -> bool:
        """Whether the actor leads the unit's work: appointed to sign, or in the place of one who is."""
        return self.can_sign or (self.mandate is not None and self.mandate.principal_leads)

    @property
    def seats(self) -> frozenset[int]:
        """The memberships whose work is the actor's: the own one, and that of the person acted for."""
        return frozenset({self.membership_id} | ({self.mandate.principal_membership_id} if self.mandate else set()))


@dataclass(frozen=True)
class Place:
    """What a right is judged against: a list's or batch's territory and the units that are parties to it.

    `party_units` holds only the units that may know of it: the village after it was sent there, the police likewise.
    `asked_unit` is the station that is asked to take the list over: no party to it, it may read and answer (`ASKED`).
    """

    territory_path: str
    party_units: frozenset[int]
    asked_unit: int | None = None


def reach_of(role: Role, permission: Permission) -> Reach | None:
    """How far the role's right reaches; None where it has no such right."""
    return GRANTS[role].get(permission)


def has_permission(actor: Actor, permission: Permission) -> bool:
    """Whether the actor holds the right at all, somewhere; the early check of a route."""
    if permission in SIGNING_PERMISSIONS and not actor.can_sign:
        return False
    reach = reach_of(actor.role, permission)
    if permission in LEADING_PERMISSIONS and reach is Reach.OWN and not actor.leads:
        return False
    return reach is not None


def is_within(path: str, ancestor: str) -> bool:
    """Whether a territory path lies in (or is) another; paths look like `/1/15/154/` and end with a slash."""
    return path.startswith(ancestor)


def covers(actor: Actor, permission: Permission, place: Place) -> bool:
    """Whether the right reaches the place, signing appointment aside. SQL twin: `queries.scope.visible_to`."""
    reach = reach_of(actor.role, permission)
    if reach is Reach.TERRITORY:
        return is_within(place.territory_path, actor.territory_path)
    is_asked = permission in ASKED and actor.unit_id == place.asked_unit
    return reach is Reach.OWN and (actor.unit_id in place.party_units or is_asked)


def can(actor: Actor, permission: Permission, place: Place) -> bool:
    """Whether the actor may use the right on the place."""
    return has_permission(actor, permission) and covers(actor, permission, place)


def require(actor: Actor, permission: Permission, place: Place, read: Permission) -> None:
    """Raise NotFound where the actor may not know of the place, NotPermitted where only the right is missing."""
    if not covers(actor, read, place):
        raise NotFound(say("Không tìm thấy nội dung này, hoặc đơn vị của bạn không được xem."))
    if not can(actor, permission, place):
        if permission in SIGNING_PERMISSIONS and not actor.can_sign and reach_of(actor.role, permission):
            raise NotPermitted(
                say(
                    "Bạn chưa được phân công ký thay đơn vị. Hãy nhờ người có quyền ký của đơn vị, "
                    "hoặc đề nghị quản trị bổ sung quyền ký kèm văn bản phân công."
                )
            )
        if permission in LEADING_PERMISSIONS and reach_of(actor.role, permission):
            raise NotPermitted(
                say("Giao việc là của người phụ trách đơn vị (người có quyền ký) hoặc điều phối cấp xã.")
            )
        raise NotPermitted(say("Vai trò của bạn không có quyền làm việc này trên danh sách này."))


ROLE_PARTY: dict[Role, Party] = {
    Role.STATION: Party.STATION,
    Role.VILLAGE: Party.VILLAGE,
    Role.POLICE: Party.POLICE,
}
"""The party a working role belongs to; oversight roles belong to none."""
