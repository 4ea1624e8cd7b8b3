"""The named queries of each role: the tabs of the inbox, as data."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, not_, or_, true

from portal.domain.extensions import ExtensionStatus
from portal.domain.permissions import Actor, Role
from portal.domain.stages import FINAL_STAGES, LEGS, Leg, Party, Stage
from portal.domain.wording import say
from portal.models import CorrectionList, Extension

_STAGE, _PENDING = CorrectionList.stage, CorrectionList.pending_leg
Condition = Callable[[datetime], ColumnElement[bool]]


@dataclass(frozen=True)
class Tab:
    """A named query of a role: its key in the address, its words, which lists are in it, what its emptiness means.

    Open lists stand in the order of their urgency; a tab that also holds `ended` ones shows the newest of them first.
    """

    key: str
    text: str
    holds: Condition
    empty: str
    ended: bool = False


def _at(*stages: Stage) -> ColumnElement[bool]:
    return _STAGE.in_([stage.value for stage in stages])


def _waiting(*legs: Leg) -> ColumnElement[bool]:
    return and_(_PENDING.is_not(None), _PENDING.in_([leg.value for leg in legs]))


def _towards(receiver: Party) -> ColumnElement[bool]:
    return _waiting(*(leg for leg, shape in LEGS.items() if shape.receiver is receiver))


def is_overdue(at: datetime) -> ColumnElement[bool]:
    """A condition on CorrectionList: open, and its step or the whole list is late."""
    return and_(CorrectionList.late_from <= at, not_(_at(*FINAL_STAGES)))


def _asks_for_time() -> ColumnElement[bool]:
    """A condition on CorrectionList: more time was asked for its step, and nobody has answered."""
    waits = Extension.status == ExtensionStatus.ASKED.value
    return exists().where(Extension.list_id == CorrectionList.id, waits)


def _working_tabs(party: Party, stage: Stage, words: tuple[str, str, str, str]) -> tuple[Tab, ...]:
    """Village and police: what comes, what is worked on, what waits for the other side, what is gone."""
    incoming, held = _towards(party), _at(stage)
    texts = zip(("incoming", "working", "outgoing", "handed"), words, strict=True)
    conditions = (
        incoming,
        and_(held, _PENDING.is_(None)),
        and_(held, _PENDING.is_not(None)),
        and_(not_(held), not_(incoming)),
    )
    empties = (
        say("Không có danh sách nào đang chờ bạn ký nhận. Danh sách mới sẽ hiện ở đây ngay khi bên giao ký."),
        say("Đơn vị không giữ danh sách nào cần làm. Hãy xem thẻ đầu để nhận danh sách được giao."),
        say("Không có danh sách nào đang chờ bên kia ký nhận."),
        say("Đơn vị chưa bàn giao danh sách nào."),
    )
    return tuple(
        Tab(key, text, _always(condition), empty, ended=key == "handed")
        for (key, text), condition, empty in zip(texts, conditions, empties, strict=True)
    )


def _always(condition: ColumnElement[bool]) -> Condition:
    return lambda _at: condition


_BACK = (Leg.POLICE_TO_STATION, Leg.VILLAGE_TO_STATION)
_STATION_TABS = (
    Tab(
        "drafting",
        say("Đang soạn"),
        _always(and_(_at(Stage.DRAFTING), _PENDING.is_(None))),
        say("Không có danh sách nào đang soạn. Nhập một tệp từ nền tảng để lập đợt rà soát mới."),
    ),
    Tab(
        "sent",
        say("Chờ thôn ký nhận"),
        _always(_waiting(Leg.STATION_TO_VILLAGE)),
        say("Không có danh sách nào đang chờ thôn ký nhận."),
    ),
    Tab(
        "village",
        say("Ở thôn"),
        _always(and_(_at(Stage.VILLAGE_REVIEW), not_(_waiting(*_BACK)))),
        say("Không có danh sách nào ở thôn. Danh sách hiện ở đây sau khi thôn ký nhận."),
    ),
    Tab(
        "police",
        say("Ở công an"),
        _always(and_(_at(Stage.POLICE_VERIFICATION), not_(_waiting(*_BACK)))),
        say("Không có danh sách nào ở công an xã."),
    ),
    Tab(
        "returned",
        say("Đã về"),
        _always(or_(_waiting(*_BACK), _at(Stage.STATION_UPDATE))),
        say("Chưa có danh sách nào về để ký nhận hoặc cập nhật lên nền tảng."),
    ),
    Tab("done", "Xong", _always(_at(*FINAL_STAGES)), say("Chưa có danh sách nào kết thúc."), ended=True),
)
_OVERSIGHT_TABS = (
    Tab("overdue", say("Quá hạn"), is_overdue, say("Không có danh sách nào quá hạn.")),
    Tab(
        "extensions", say("Xin gia hạn"), _always(_asks_for_time()), say("Không có đề nghị gia hạn nào chờ trả lời.")
    ),
    Tab(
        "station",
        say("Ở trạm"),
        _always(_at(Stage.DRAFTING, Stage.STATION_UPDATE)),
        say("Không có danh sách nào do trạm Y tế giữ."),
    ),
    Tab("village", say("Ở thôn"), _always(_at(Stage.VILLAGE_REVIEW)), say("Không có danh sách nào do thôn giữ.")),
    Tab(
        "police",
        say("Ở công an"),
        _always(_at(Stage.POLICE_VERIFICATION)),
        say("Không có danh sách nào do công an xã giữ."),
    ),
    Tab("done", "Xong", _always(_at(*FINAL_STAGES)), say("Chưa có danh sách nào kết thúc."), ended=True),
)
_REOPENING = Tab(
    "reopening",
    say("Xin mở lại"),
    _always(CorrectionList.reopening_asked_at.is_not(None)),
    say("Không có đề nghị mở lại nào đang chờ trả lời."),
)
_NOTHING_YET = Tab("all", say("Danh sách"), _always(true()), say("Chưa có danh sách nào."))

TABS: dict[Role, tuple[Tab, ...]] = {
    Role.STATION: _STATION_TABS,
    Role.VILLAGE: _working_tabs(
        Party.VILLAGE,
        Stage.VILLAGE_REVIEW,
        (say("Chờ nhận"), say("Đang rà soát"), say("Chờ công an nhận"), say("Đã giao")),
    ),
    Role.POLICE: _working_tabs(
        Party.POLICE,
        Stage.POLICE_VERIFICATION,
        (say("Chờ nhận"), say("Đang đối chiếu"), say("Chờ trạm nhận"), say("Đã bàn giao")),
    ),
    Role.COORDINATOR: (*_OVERSIGHT_TABS, _REOPENING),
    Role.SUPERVISOR: (*_OVERSIGHT_TABS, _REOPENING),
    Role.AUDITOR: _OVERSIGHT_TABS,
}
"""The tabs of each role, in their order. A working role's tabs never overlap and together hold all its lists."""


def tabs_of(actor: Actor) -> tuple[Tab, ...]:
    """The actor's tabs; roles without an inbox see one empty tab."""
    return TABS.get(actor.role, (_NOTHING_YET,))
