"""Why an act is blocked, in words: the rule that stands in the way, and what lifts it."""

from dataclasses import dataclass

from portal.domain.labels import label
from portal.domain.stages import FINAL_STAGES, Leg, ListState
from portal.domain.transitions import Action, Guard

COMPLETION_DRAFT = "completion"
"""How the draft of a completion record is named among drafts of legs."""


@dataclass(frozen=True)
class ListFacts:
    """What the guards look at: counts of the list's entries, its parties, what waits for an answer.

    `prepared` names the draft record that lies ready: its leg, `completion`, or nothing.
    """

    entries: int
    decided: int
    returned: int
    village_known: bool
    anything_applied: bool
    prepared: str
    is_giver: bool
    siblings: int = 0
    record_binds: bool = False
    adjustment_waits: bool = False
    adjustment_proposed: bool = False
    is_proposer: bool = False
    reopening_asked: bool = False
    is_asker: bool = False


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
        Guard.SEVERAL_ENTRIES: facts.entries > 1,
        Guard.HAS_SIBLING: facts.siblings > 0,
        Guard.RECORD_BINDS: facts.record_binds,
        Guard.ADJUSTMENT_WAITS: facts.adjustment_waits,
        Guard.ADJUSTMENT_PROPOSED: facts.adjustment_proposed,
        Guard.NOT_THE_PROPOSER: not facts.is_proposer,
        Guard.REOPENING_ASKED: facts.reopening_asked,
        Guard.REOPENING_NOT_ASKED: not facts.reopening_asked,
        Guard.NOT_THE_ASKER: not facts.is_asker,
    }[guard]


def obstacle(guard: Guard, facts: ListFacts) -> str:
    """One sentence: the rule, the figure, what lifts it."""
    left = facts.entries - facts.decided
    return {
        Guard.HAS_ENTRIES: "Danh sách không có người nào.",
        Guard.VILLAGE_KNOWN: "Danh sách chưa rõ thôn. Trạm Y tế cần chọn thôn nhận trước khi bàn giao.",
        Guard.ALL_DECIDED: f"Còn {left} người chưa có kết luận. Hãy kết luận đủ {facts.entries} người.",
        Guard.NONE_RETURNED: (
            f"Có {facts.returned} người được đánh dấu trả lại. Hãy tách họ thành danh sách riêng rồi trả lại, "
            "hoặc trả lại cả danh sách, hoặc đổi kết luận của họ."
        ),
        Guard.SOME_RETURNED: "Chưa có người nào được đánh dấu trả lại kèm lý do.",
        Guard.ALL_ENDED: (
            f"Còn {left + facts.returned} người chưa kết thúc. Mỗi người phải được nền tảng xác nhận đúng, "
            "hoặc kết thúc với một lý do."
        ),
        Guard.NOTHING_APPLIED: "Đã có người được cập nhật lên nền tảng nên không hủy danh sách được.",
        Guard.RECORD_PREPARED: "Chưa có bản xem trước. Hãy lập biên bản và xem trước khi ký.",
        Guard.NOT_THE_GIVER: "Bạn là người giao hồ sơ này nên không thể ký nhận. Người khác của đơn vị nhận phải ký.",
        Guard.SEVERAL_ENTRIES: "Danh sách chỉ có một người nên không chia được; việc này phải làm với cả danh sách.",
        Guard.HAS_SIBLING: (
            "Không có phần nào để gộp: chỉ gộp được các phần đã tách từ cùng một danh sách, cùng thôn, "
            "cùng bước và do cùng đơn vị giữ."
        ),
        Guard.RECORD_BINDS: "Đơn vị của bạn chưa cùng bên kia ký biên bản nào, nên chưa có gì để điều chỉnh.",
        Guard.ADJUSTMENT_WAITS: "Không có đề nghị điều chỉnh nào đang chờ đơn vị của bạn.",
        Guard.ADJUSTMENT_PROPOSED: "Đơn vị của bạn không có đề nghị điều chỉnh nào đang chờ trả lời.",
        Guard.NOT_THE_PROPOSER: "Bạn đã đề nghị điều chỉnh này nên không tự trả lời. Người khác của bên kia phải ký.",
        Guard.REOPENING_ASKED: "Trạm Y tế chưa đề nghị mở lại danh sách này.",
        Guard.REOPENING_NOT_ASKED: "Đã đề nghị mở lại, đang chờ cấp trên trả lời.",
        Guard.NOT_THE_ASKER: "Bạn là người đề nghị mở lại nên không thể tự cho phép. Người khác phải quyết định.",
    }[guard]


def wrong_stage(action: Action, state: ListState, holder: str) -> str:
    """Why the action is not possible now: the present state, who holds the list, what to do."""
    if state.pending is not None:
        return (
            f"Không thể «{label(action)}»: danh sách đang chờ ký nhận ({label(state.pending)}), "
            "không ai sửa được cho đến khi bên nhận ký nhận, từ chối, hoặc bên giao thu hồi."
        )
    if state.stage in FINAL_STAGES:
        return f"Không thể «{label(action)}»: {label(state.stage).lower()}."
    return (
        f"Không thể «{label(action)}»: danh sách ở bước «{label(state.stage)}», do {holder} giữ. Hãy tải lại trang."
    )
