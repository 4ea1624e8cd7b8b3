"""Why an act is blocked, in words: the rule that stands in the way and what lifts it."""

from dataclasses import dataclass

from portal.domain.labels import label
from portal.domain.stages import Leg, ListState, Stage
from portal.domain.transitions import Action, Guard

COMPLETION_DRAFT = "completion"
"""How the draft of a completion record is named among drafts of legs."""


@dataclass(frozen=True)
class ListFacts:
    """What the guards look at: counts of the list's entries and its parties.

    `prepared` names the draft record that lies ready: its leg, `completion`, or nothing.
    """

    entries: int
    decided: int
    returned: int
    village_known: bool
    anything_applied: bool
    prepared: str
    is_giver: bool


def guard_holds(guard: Guard, facts: ListFacts, leg: Leg | None = None) -> bool:
    """Whether the condition is met; `leg` is the transition's leg (None for completion)."""
    return {
        Guard.HAS_ENTRIES: facts.entries > 0,
        Guard.VILLAGE_KNOWN: facts.village_known,
        Guard.ALL_DECIDED: facts.decided == facts.entries,
        Guard.NONE_RETURNED: facts.returned == 0,
        Guard.SOME_RETURNED: facts.returned > 0,
        Guard.ALL_ENDED: facts.decided == facts.entries and facts.returned == 0,
        Guard.NOTHING_APPLIED: not facts.anything_applied,
        Guard.RECORD_PREPARED: facts.prepared == (leg.value if leg else COMPLETION_DRAFT),
        Guard.NOT_THE_GIVER: not facts.is_giver,
    }[guard]


def obstacle(guard: Guard, facts: ListFacts) -> str:
    """One sentence: the rule, the figure, who or what lifts it."""
    left = facts.entries - facts.decided
    return {
        Guard.HAS_ENTRIES: "Danh sách không có người nào.",
        Guard.VILLAGE_KNOWN: "Danh sách chưa rõ thôn. Trạm Y tế cần chọn thôn nhận trước khi bàn giao.",
        Guard.ALL_DECIDED: f"Còn {left} người chưa có kết luận. Hãy kết luận đủ {facts.entries} người.",
        Guard.NONE_RETURNED: (
            f"Có {facts.returned} người được đánh dấu trả lại. Hãy lập biên bản trả lại, hoặc đổi kết luận của họ."
        ),
        Guard.SOME_RETURNED: "Chưa có người nào được đánh dấu trả lại kèm lý do.",
        Guard.ALL_ENDED: (
            f"Còn {left + facts.returned} người chưa kết thúc. Mỗi người phải được nền tảng xác nhận đúng, "
            "hoặc kết thúc với một lý do."
        ),
        Guard.NOTHING_APPLIED: "Đã có người được cập nhật lên nền tảng nên không hủy danh sách được.",
        Guard.RECORD_PREPARED: "Chưa có bản xem trước. Hãy lập biên bản và xem trước khi ký.",
        Guard.NOT_THE_GIVER: "Bạn là người giao hồ sơ này nên không thể ký nhận. Người khác của đơn vị nhận phải ký.",
    }[guard]


def wrong_stage(action: Action, state: ListState, holder: str) -> str:
    """Why the action is not possible now: the present state, who holds the list, what to do."""
    if state.pending is not None:
        return (
            f"Không thể «{label(action)}»: danh sách đang chờ ký nhận ({label(state.pending)}), "
            "không ai sửa được cho đến khi bên nhận ký nhận, từ chối, hoặc bên giao thu hồi."
        )
    if state.stage in {Stage.CLOSED, Stage.CANCELLED}:
        return f"Không thể «{label(action)}»: {label(state.stage).lower()}."
    return (
        f"Không thể «{label(action)}»: danh sách ở bước «{label(state.stage)}», do {holder} giữ. Hãy tải lại trang."
    )
