"""Accounts and memberships: what a person does for himself, and what an administrator does in his territory."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from portal.clock import now, today
from portal.domain.errors import InvalidInput, NotFound, NotPermitted, WrongStage
from portal.domain.events import EventTag
from portal.domain.passwords import check_password
from portal.domain.permissions import Actor, Permission, Role, has_permission, is_within
from portal.domain.units import UnitKind
from portal.domain.wording import say
from portal.models import Membership, Unit, User, db
from portal.queries import accounts
from portal.services import auditing, claims, second_factors
from portal.services.passwords import hash_password, one_time_password, refuse_known_password
from portal.services.proofs import prove
from portal.services.sign_in import end_other_sessions
from portal.services.throttling import OWN, STRANGERS, clear
from portal.services.unit_of_work import transaction
from portal.services.units import require_unit

USERNAME_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.-_")

ROLE_UNITS: dict[Role, frozenset[UnitKind]] = {
    Role.STATION: frozenset({UnitKind.HEALTH_STATION}),
    Role.VILLAGE: frozenset({UnitKind.VILLAGE_TASK_FORCE}),
    Role.POLICE: frozenset({UnitKind.COMMUNE_POLICE}),
    Role.COORDINATOR: frozenset({UnitKind.COMMUNE_TASK_FORCE}),
    Role.SUPERVISOR: frozenset({UnitKind.SUPERVISOR_OFFICE}),
    Role.AUDITOR: frozenset({UnitKind.AUDIT_OFFICE}),
    Role.REPORTER: frozenset({UnitKind.INDUSTRIAL_ZONE_BOARD, UnitKind.VACCINATION_SITE}),
    Role.ADMINISTRATOR: frozenset({UnitKind.ADMINISTRATION_OFFICE}),
}
"""The kinds of units in which each role can be held."""


@dataclass(frozen=True)
class Appointment:
    """A place in a unit: role, position, days, and the paper that appoints to sign."""

    unit_id: int
    role: Role
    position: str
    can_sign: bool = False
    appointment_document: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True)
class DemonstrationPerson:
    """An account offered with one click."""

    username: str
    full_name: str
    position: str
    role: Role
    can_sign: bool


@dataclass(frozen=True)
class DemonstrationUnit:
    """A unit with its accounts, for the sign-in page of a demonstration."""

    name: str
    people: list[DemonstrationPerson]


def demonstration_choices() -> list[DemonstrationUnit]:
    """Every account of a demonstration, grouped by unit in tree order."""
    groups: dict[int, DemonstrationUnit] = {}
    for held in accounts.demonstration_accounts(today()):
        group = groups.setdefault(held.unit_id, DemonstrationUnit(held.unit.name, []))
        group.people.append(
            DemonstrationPerson(
                held.user.username, held.user.full_name, held.position, Role(held.role), held.can_sign
            )
        )
    return list(groups.values())


def change_password(user_id: UUID, old: str, new: str, *, token: str | None = None) -> None:
    """Replace the own password; every other session of the person ends.

    Raises InvalidInput with the field, TooManyAttempts after guessing the old one.
    """
    user = db.session.get_one(User, user_id)
    try:
        prove(user_id, old)
    except InvalidInput as wrong:
        message = say("Mật khẩu hiện tại chưa đúng.")
        raise InvalidInput(message, fields={"old_password": message}) from wrong
    if new == old:
        raise InvalidInput(
            say("Mật khẩu mới phải khác mật khẩu cũ."), fields={"password": say("Chọn mật khẩu khác mật khẩu cũ.")}
        )
    check_password(new, user.username)
    refuse_known_password(new, user.username, user.full_name)
    with transaction():
        user.password_hash, user.must_change_password = hash_password(new), False
        end_other_sessions(user_id, but_token=token)
        second_factors.forget_waiting(user_id)
        event = auditing.record(EventTag.PASSWORD_CHANGED, None)
        event.user_id = user_id


def create_account(
    administrator: Actor, *, username: str, full_name: str, phone: str, appointment: Appointment
) -> tuple[UUID, str]:
    """Create an account with one membership. Returns its id and the one-time password, which is stored nowhere."""
    _require_right(administrator)
    unit = require_unit(administrator, appointment.unit_id)
    password = one_time_password()
    with transaction():
        user = add_user(username=username, full_name=full_name, phone=phone, password=password, must_change=True)
        auditing.record(EventTag.ACCOUNT_CREATED, administrator, account=str(user.id))
        _give(administrator, user, unit, appointment)
        return user.id, password


def add_user(*, username: str, full_name: str, phone: str, password: str, must_change: bool) -> User:
    """Add an account to the running transaction. Raises InvalidInput for a bad or taken user name."""
    name = username.strip().casefold()
    if not 3 <= len(name) <= 60 or not set(name) <= USERNAME_LETTERS:
        message = say("Tên đăng nhập có từ 3 đến 60 ký tự, chỉ gồm chữ không dấu, số và các dấu . - _")
        raise InvalidInput(message, fields={"username": message})
    if accounts.by_username(name) is not None:
        message = say("Tên đăng nhập {name} đã có người dùng. Hãy chọn tên khác.", name=name)
        raise InvalidInput(message, fields={"username": message})
    if not 0 < len(full_name.strip()) <= 64:
        raise InvalidInput(
            say("Họ và tên cần từ 1 đến 64 ký tự."), fields={"full_name": say("Nhập họ và tên, tối đa 64 ký tự.")}
        )
    user = User(
        username=name,
        full_name=full_name.strip(),
        phone=phone.strip(),
        password_hash=hash_password(password),
        must_change_password=must_change,
        created_at=now(),
    )
    db.session.add(user)
    db.session.flush()
    return user


def reset_password(administrator: Actor, user_id: UUID) -> str:
    """Give the account a new one-time password and end its sessions. Returns the password, stored nowhere."""
    user = _account(administrator, user_id)
    password = one_time_password()
    with transaction():
        user.password_hash, user.must_change_password = hash_password(password), True
        for counter in (STRANGERS, OWN):
            clear(user, counter)
        user.woken_at = now()
        # Who lost the phone gets in again this way; the administrator has seen him.
        second_factors.remove(user.id)
        end_other_sessions(user.id)
        auditing.record(EventTag.ACCOUNT_CHANGED, administrator, account=str(user.id), changes=["password"])
    return password


def set_disabled(administrator: Actor, user_id: UUID, *, disabled: bool) -> None:
    """Lock an account, which ends its sessions at once, or unlock it, which also wakes one that sleeps.

    An administrator cannot lock himself out.
    """
    user = _account(administrator, user_id)
    if user.id == administrator.user_id:
        raise NotPermitted(say("Bạn không thể khóa tài khoản của chính mình. Hãy nhờ người quản trị khác."))
    with transaction():
        user.disabled_at = now() if disabled else None
        if disabled:
            end_other_sessions(user.id)
        else:
            user.woken_at = now()
        auditing.record(EventTag.ACCOUNT_CHANGED, administrator, account=str(user.id), changes=["disabled"])


def give_membership(administrator: Actor, user_id: UUID, appointment: Appointment) -> int:
    """Give an account a place in a unit of the administrator's territory; returns the membership's id.

    Never the own account: an administrator sees no citizen's data, so another one must appoint him.
    """
    user = _account(administrator, user_id)
    if user.id == administrator.user_id:
        raise NotPermitted(say("Bạn không thể tự phân công cho mình. Hãy nhờ người quản trị khác."))
    unit = require_unit(administrator, appointment.unit_id)
    with transaction():
        return _give(administrator, user, unit, appointment).id


def end_membership(administrator: Actor, membership_id: int) -> None:
    """End a membership: it holds until yesterday, so it no longer holds at the person's next click."""
    _require_right(administrator)
    membership = _membership(administrator, membership_id)
    if membership.id == administrator.membership_id:
        raise NotPermitted(say("Bạn không thể kết thúc phân công đang dùng của chính mình."))
    if membership.valid_to is not None and membership.valid_to < today():
        raise WrongStage(say("Phân công này đã kết thúc từ trước; ngày kết thúc được giữ nguyên."))
    with transaction():
        membership.valid_to = today() - timedelta(days=1)
        claims.free_all(administrator, membership)
        auditing.record(
            EventTag.MEMBERSHIP_ENDED,
            administrator,
            account=str(membership.user_id),
            unit=membership.unit_id,
            role=membership.role,
        )


def add_membership(user: User, unit: Unit, appointment: Appointment) -> Membership:
    """Add a membership to the running transaction. Raises InvalidInput where role and unit do not fit."""
    _check_appointment(unit, appointment)
    membership = Membership(
        user_id=user.id,
        unit_id=unit.id,
        role=appointment.role.value,
        position=appointment.position.strip(),
        can_sign=appointment.can_sign,
        appointment_document=appointment.appointment_document.strip(),
        valid_from=appointment.valid_from or today(),
        valid_to=appointment.valid_to,
    )
    db.session.add(membership)
    db.session.flush()
    return membership


def _give(administrator: Actor, user: User, unit: Unit, appointment: Appointment) -> Membership:
    membership = add_membership(user, unit, appointment)
    auditing.record(
        EventTag.MEMBERSHIP_GIVEN,
        administrator,
        account=str(user.id),
        unit=unit.id,
        role=appointment.role.value,
        can_sign=appointment.can_sign,
    )
    return membership


def _check_appointment(unit: Unit, appointment: Appointment) -> None:
    if UnitKind(unit.kind) not in ROLE_UNITS[appointment.role]:
        message = say("Vai trò này không thuộc loại đơn vị đã chọn. Ví dụ vai trò Trạm Y tế chỉ ở một Trạm Y tế.")
        raise InvalidInput(message, fields={"role": message})
    if not 0 < len(appointment.position.strip()) <= 64:
        raise InvalidInput(
            say("Chức vụ cần từ 1 đến 64 ký tự."), fields={"position": say("Nhập chức vụ, tối đa 64 ký tự.")}
        )
    if appointment.can_sign and not appointment.appointment_document.strip():
        message = say("Người ký cần văn bản phân công. Hãy ghi số, ký hiệu và ngày của văn bản.")
        raise InvalidInput(message, fields={"appointment_document": message})
    first, last = appointment.valid_from or today(), appointment.valid_to
    if last is not None and last < first:
        raise InvalidInput(
            say("Ngày kết thúc trước ngày bắt đầu."), fields={"valid_to": say("Ngày kết thúc phải sau ngày bắt đầu.")}
        )


def _require_right(administrator: Actor) -> None:
    if not has_permission(administrator, Permission.USER_ADMINISTER):
        raise NotPermitted(say("Chỉ người quản trị mới sửa được tài khoản."))


def _membership(administrator: Actor, membership_id: int) -> Membership:
    """The membership if its unit lies in the administrator's territory; another's is as unknown as none."""
    membership = db.session.get(Membership, membership_id)
    if membership is None or not is_within(membership.unit.territory_path, administrator.territory_path):
        raise NotFound(say("Không tìm thấy phân công này."))
    return membership


def _account(administrator: Actor, user_id: UUID) -> User:
    _require_right(administrator)
    user = accounts.manageable_account(administrator, user_id)
    if user is None:
        raise NotFound(say("Không tìm thấy tài khoản này trong địa bàn của bạn."))
    return user
