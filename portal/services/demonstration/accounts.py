"""Accounts of the demonstration, one or two for every role, with one known password and passphrase for all."""

from dataclasses import dataclass
from uuid import uuid4

from portal import clock
from portal.domain.permissions import Actor, Role
from portal.models import Membership, User, db
from portal.queries import accounts as known
from portal.services import keys
from portal.services.accounts import Appointment, add_membership
from portal.services.demonstration.units import COMMUNES, REFORM, unit_of
from portal.services.passwords import hash_password
from portal.services.sign_in import actor_for

PASSWORD = "ban lam viec mau xanh 2026"
PASSPHRASE = "khoa ky dung thu"


@dataclass(frozen=True)
class Account:
    """One account: user name, person, and the office (kind and place) in which the role is held."""

    username: str
    full_name: str
    office: str
    place: str
    role: Role
    position: str
    can_sign: bool = False


_COMMUNE_NAMES = (
    "Lò Thị Phượng", "Giàng A Sáng", "Hoàng Đức Thắng", "Sùng A Ký", "Hà Thị Nhung",
    "Nguyễn Thị Hằng", "Điêu Văn Tuấn", "Trần Mạnh Hùng", "Vàng A Lử", "Lường Thị Mai",
)  # fmt: skip


def _commune_accounts() -> tuple[Account, ...]:
    names = iter(_COMMUNE_NAMES)
    made: list[Account] = []
    for commune in COMMUNES:
        place = commune.short
        made += [
            Account(f"tyt.{place}", next(names), "tyt", place, Role.STATION, "Giám đốc", can_sign=True),
            Account(f"tyt.{place}.nv", next(names), "tyt", place, Role.STATION, "Nhân viên y tế"),
            Account(f"cax.{place}", next(names), "cax", place, Role.POLICE, "Trưởng Công an xã", can_sign=True),
            Account(f"cax.{place}.cb", next(names), "cax", place, Role.POLICE, "Phó Trưởng Công an xã"),
            Account(f"tctx.{place}", next(names), "tctx", place, Role.COORDINATOR, "Thư ký Tổ công tác"),
        ]
    return tuple(made)


def _village_accounts() -> tuple[Account, ...]:
    heads = iter(("Thào A Chu", "Mùa A Páo", "Hờ A Dế", "Lò Văn Đối", "Giàng Thị Mỷ", "Sùng A Tủa"))
    return tuple(
        Account(f"thon.{short}", next(heads), "tct", short, Role.VILLAGE, "Tổ trưởng", can_sign=True)
        for commune in COMMUNES
        for short, _ in commune.villages
    )


ACCOUNTS: tuple[Account, ...] = (
    *_commune_accounts(),
    *_village_accounts(),
    Account("thon.taugiua.tv", "Vàng Thị Dở", "tct", "taugiua", Role.VILLAGE, "Thành viên"),
    Account("soyte", "Phạm Thu Huyền", "syt", "laocai", Role.SUPERVISOR, "Chuyên viên"),
    Account("soyte.ld", "Hoàng Minh Đức", "syt", "laocai", Role.SUPERVISOR, "Phó Giám đốc", can_sign=True),
    Account("thanhtra", "Đỗ Quang Khánh", "ttt", "laocai", Role.AUDITOR, "Thanh tra viên"),
    Account("quantri", "Bùi Ngọc Yến", "qt", "laocai", Role.ADMINISTRATOR, "Quản trị viên"),
)


def create_accounts() -> None:
    """Add all accounts and memberships to the running transaction; existing ones stay as they are."""
    # One hash for all: the password is public, and twenty slow hashes would only delay the first start.
    password_hash = hash_password(PASSWORD)
    for number, account in enumerate(ACCOUNTS, start=1):
        if known.by_username(account.username) is None:
            _create(account, number, password_hash)


def _create(account: Account, number: int, password_hash: str) -> None:
    user = User(
        id=uuid4(),
        username=account.username,
        full_name=account.full_name,
        phone=f"0999 990 {number:03d}",
        password_hash=password_hash,
        created_at=clock.now(),
    )
    db.session.add(user)
    db.session.flush()
    unit = unit_of(account.office, account.place)
    paper = "Quyết định số 01/QĐ-UBND ngày 01/7/2025 (thử nghiệm)" if account.can_sign else ""
    appointment = Appointment(unit.id, account.role, account.position, account.can_sign, paper, valid_from=REFORM)
    add_membership(user, unit, appointment)


def actor(username: str) -> Actor:
    """Who acts in the account's only membership."""
    user = known.by_username(username)
    if user is None:
        raise LookupError(username)
    membership: Membership = user.memberships[0]
    return actor_for(membership.id)


def create_keys(usernames: tuple[str, ...] = ()) -> None:
    """Enrol the signers' keys (all signers, or those named) through the same service as the page; each commits."""
    for account in ACCOUNTS:
        if account.can_sign and (not usernames or account.username in usernames):
            who = actor(account.username)
            if keys.key_state(who) is None:
                keys.enrol(who, PASSPHRASE)


def accounts_text() -> str:
    """The accounts as a table for the terminal, with the password and passphrase that all of them share."""
    width = max(len(account.username) for account in ACCOUNTS)
    lines = [
        f"  {account.username:<{width}}  {_place(account)}: {account.position}{' (ký)' if account.can_sign else ''}"
        for account in ACCOUNTS
    ]
    return "\n".join(
        (
            "Tài khoản dùng thử (trang đăng nhập cũng cho vào bằng một lần bấm):",
            *lines,
            f"Mật khẩu chung: {PASSWORD}",
            f"Mật khẩu khóa ký chung: {PASSPHRASE}",
        )
    )


_OFFICES = {
    "tyt": "Trạm Y tế xã", "cax": "Công an xã", "tctx": "Tổ công tác xã", "tct": "Tổ công tác thôn",
    "syt": "Sở Y tế tỉnh", "ttt": "Thanh tra tỉnh", "qt": "Quản trị tỉnh",
}  # fmt: skip


def _place(account: Account) -> str:
    names = {commune.short: commune.name for commune in COMMUNES} | {"laocai": "Lào Cai"}
    names |= {short: name for commune in COMMUNES for short, name in commune.villages}
    return f"{_OFFICES[account.office]} {names[account.place]}"
