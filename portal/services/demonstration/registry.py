"""Registers of the demonstration: whom to call at two offices, and the vaccination sites of one commune."""

from portal.clock import today
from portal.domain.registers import RegisterKind
from portal.services import registers
from portal.services.demonstration.accounts import ACCOUNTS, actor

_CONTACTS = {"tyt.tramtau": ("tyt.tramtau", "tyt.tramtau.nv"), "soyte": ("soyte.ld", "soyte")}
"""Who keeps the register, and who stand in it: the leader in charge, then the advising section."""
_DUTIES = ("Lãnh đạo phụ trách", "Bộ phận tham mưu")
_SITES = (
    ("Trạm Y tế xã Trạm Tấu", "Thôn Tấu Giữa, xã Trạm Tấu", "150", "Cả xã"),
    ("Điểm tiêm lưu động Pá Hu", "Nhà văn hóa thôn Pá Hu, xã Trạm Tấu", "60", "Thôn Pá Hu"),
)


def keep_registers() -> None:
    """Begin the registers as of today through the same service as the pages; each row commits."""
    for keeper, persons in _CONTACTS.items():
        who = actor(keeper)
        of_contacts = registers.begin(who, RegisterKind.CONTACTS, today())
        for username, duty in zip(persons, _DUTIES, strict=True):
            number, account = next(each for each in enumerate(ACCOUNTS, start=1) if each[1].username == username)
            contact = {"name": account.full_name, "position": account.position, "duty": duty}
            registers.add_row(who, of_contacts, {**contact, "phone": f"0999 990 {number:03d}"})
    station = actor("tyt.tramtau")
    of_sites = registers.begin(station, RegisterKind.SITES, today())
    for site, address, capacity, zone in _SITES:
        registers.add_row(station, of_sites, {"site": site, "address": address, "capacity": capacity, "zone": zone})
