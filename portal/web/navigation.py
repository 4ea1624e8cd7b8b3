"""The menu: which pages a person's permissions open, and which of them is the present one."""

from dataclasses import dataclass

from flask import current_app, request, url_for
from flask_babel import gettext as _
from flask_babel import pgettext

from portal.domain.permissions import Actor, Permission, has_permission


@dataclass(frozen=True)
class MenuItem:
    """One link of the menu."""

    text: str
    address: str
    is_current: bool


def _entries() -> tuple[tuple[str, str, Permission], ...]:
    return (
        ("home.index", _("Việc cần làm"), Permission.LIST_READ),
        ("lists.index", pgettext("menu", "Danh sách"), Permission.LIST_READ),
        ("people.index", _("Tìm người"), Permission.LIST_READ),
        ("duplicates.index", _("Nghi trùng"), Permission.PAIR_JUDGE),
        ("batches.new", _("Nhập danh sách"), Permission.BATCH_IMPORT),
        ("batches.index", pgettext("menu", "Đợt rà soát"), Permission.BATCH_READ),
        ("progress.index", _("Tiến độ"), Permission.PROGRESS_READ),
        ("reports.index", _("Báo cáo"), Permission.REPORT_READ),
        ("readings.index", _("Ai đã xem"), Permission.READING_REVIEW),
        ("registers.index", pgettext("menu", "Sổ"), Permission.REGISTER_READ),
        ("examinations.index", _("Kiểm tra biên bản"), Permission.RECORDS_EXAMINE),
        ("administration.units", _("Đơn vị"), Permission.UNIT_ADMINISTER),
        ("administration.accounts", _("Tài khoản"), Permission.USER_ADMINISTER),
        ("administration.certificates", _("Chứng thư"), Permission.USER_ADMINISTER),
    )


def menu(actor: Actor) -> list[MenuItem]:
    """The links whose endpoint exists and whose permission the actor holds, in menu order."""
    here = request.endpoint or ""
    return [
        MenuItem(text, url_for(endpoint), _is_current(endpoint, here))
        for endpoint, text, permission in _entries()
        if endpoint in current_app.view_functions and has_permission(actor, permission)
    ]


def _is_current(endpoint: str, here: str) -> bool:
    return here == endpoint or (endpoint.endswith((".units", ".accounts")) and here.startswith(endpoint[:-1]))
