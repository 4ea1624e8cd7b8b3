"""Why an act is blocked, in words: the rule that stands in the way, and what lifts it."""

from dataclasses import dataclass

from portal.domain.labels import label
from portal.domain.stages import FINAL_STAGES, Leg, ListState
from portal.domain.transitions import Action, Guard
from portal.domain.wording import say

UNSTAMPED = say(
    "Một chữ ký của danh sách này chờ dấu thời gian từ {since}, đã quá 4 giờ, nên bước sau phải chờ. "
    "Cổng tự gắn ngay khi máy chủ cấp dấu thời gian trả lời; nếu gấp, hãy báo người quản trị."
)
COMPLETION_DRAFT = "completion"
"""How the draft of a completion record is named among drafts of legs."""


@dataclass(frozen=True)
class ListFacts:
    """What the guards look at: counts of the list's entries, its parties, what waits for an answer.

    `prepared` names the draft record that lies ready: its leg, `completion`, or nothing. `is_giver` says why the
    actor stands on the giver's side already. `claimant` is who of the holding unit works on the list.
    """

    entries: int
    decided: int
    returned: int
    village_known: bool
    anything_applied: bool
    prepared: str
    is_giver: str = ""
    unstamped_since: str = ""
    """The moment of a signature that has waited too long for its time-stamp, in words; empty where none has."""
    on_paper: bool = False
    ink_entered: bool = False
    is_enterer: bool = False
    siblings: int = 0
    record_binds: bool = False
    adjustment_waits: bool = False
    adjustment_proposed: bool = False
    is_proposer: str = ""
    reopening_asked: bool = False
    is_asker: str = ""
    claimant: str = ""
    claim_is_mine: bool = False
    step_is_due: bool = False
    is_offered: bool = False
    extension_asked: bool = False
    asked_extension: str = ""


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
        Guard.ON_PAPER: facts.on_paper,
        Guard.INK_ENTERED: facts.ink_entered,
        Guard.NOT_THE_ENTERER: not facts.is_enterer,
        Guard.NOT_THE_GIVER: not facts.is_giver,
        Guard.TIME_STAMPED: not facts.unstamped_since,
        Guard.SEVERAL_ENTRIES: facts.entries > 1,
        Guard.HAS_SIBLING: facts.siblings > 0,
        Guard.RECORD_BINDS: facts.record_binds,
        Guard.ADJUSTMENT_WAITS: facts.adjustment_waits,
        Guard.ADJUSTMENT_PROPOSED: facts.adjustment_proposed,
        Guard.NOT_THE_PROPOSER: not facts.is_proposer,
        Guard.REOPENING_ASKED: facts.reopening_asked,
        Guard.REOPENING_NOT_ASKED: not facts.reopening_asked,
        Guard.NOT_THE_ASKER: not facts.is_asker,
        Guard.NOT_ANOTHERS: not facts.claimant or facts.claim_is_mine,
        Guard.UNCLAIMED: not facts.claimant,
        Guard.CLAIMED_BY_ANOTHER: bool(facts.claimant) and not facts.claim_is_mine,
        Guard.CLAIMED_BY_ME: facts.claim_is_mine,
        Guard.NOT_OFFERED: not facts.is_offered,
        Guard.OFFERED: facts.is_offered,
        Guard.STEP_IS_DUE: facts.step_is_due,
        Guard.EXTENSION_ASKED: facts.extension_asked,
        Guard.EXTENSION_NOT_ASKED: not facts.extension_asked,
        Guard.NOT_OWN_EXTENSION: not facts.asked_extension,
    }[guard]


def obstacle(guard: Guard, facts: ListFacts) -> str:
    """One sentence: the rule, the figure, what lifts it."""
    left = facts.entries - facts.decided
    return {
        Guard.HAS_ENTRIES: say("Danh sách không có người nào."),
        Guard.VILLAGE_KNOWN: say("Danh sách chưa rõ thôn. Trạm Y tế cần chọn thôn nhận trước khi bàn giao."),
        Guard.ALL_DECIDED: say(
            "Còn {left} người chưa có kết luận. Hãy kết luận đủ {entries} người.", left=left, entries=facts.entries
        ),
        Guard.NONE_RETURNED: say(
            "Có {returned} người được đánh dấu trả lại. Hãy tách họ thành danh sách riêng rồi trả lại, "
            "hoặc trả lại cả danh sách, hoặc đổi kết luận của họ.",
            returned=facts.returned,
        ),
        Guard.SOME_RETURNED: say("Chưa có người nào được đánh dấu trả lại kèm lý do."),
        Guard.ALL_ENDED: say(
            "Còn {left} người chưa kết thúc. Mỗi người phải được nền tảng xác nhận đúng, hoặc kết thúc với "
            "một lý do.",
            left=left + facts.returned,
        ),
        Guard.NOTHING_APPLIED: say("Đã có người được cập nhật lên nền tảng nên không hủy danh sách được."),
        Guard.RECORD_PREPARED: say("Chưa có bản xem trước. Hãy lập biên bản và xem trước khi ký."),
        Guard.NOT_THE_GIVER: facts.is_giver,
        Guard.ON_PAPER: say("Thôn này không nhận danh sách bằng ký tay, nên thôn tự làm trên máy của thôn."),
        Guard.INK_ENTERED: say("Chưa có bản quét biên bản thôn đã ký tay. Hãy nhập bản quét trước."),
        Guard.NOT_THE_ENTERER: say(
            "Bạn là người nhập bản quét này nên không tự xác nhận. Người khác của Trạm Y tế phải xem và xác nhận."
        ),
        Guard.TIME_STAMPED: say(UNSTAMPED, since=facts.unstamped_since),
        Guard.SEVERAL_ENTRIES: say(
            "Danh sách chỉ có một người nên không chia được; việc này phải làm với cả danh sách."
        ),
        Guard.HAS_SIBLING: (
            say(
                "Không có phần nào để gộp: chỉ gộp được các phần đã tách từ cùng một danh sách, cùng thôn, "
                "cùng bước và do cùng đơn vị giữ."
            )
        ),
        Guard.RECORD_BINDS: say("Đơn vị của bạn chưa cùng bên kia ký biên bản nào, nên chưa có gì để điều chỉnh."),
        Guard.ADJUSTMENT_WAITS: say("Không có đề nghị điều chỉnh nào đang chờ đơn vị của bạn."),
        Guard.ADJUSTMENT_PROPOSED: say("Đơn vị của bạn không có đề nghị điều chỉnh nào đang chờ trả lời."),
        Guard.NOT_THE_PROPOSER: facts.is_proposer,
        Guard.REOPENING_ASKED: say("Trạm Y tế chưa đề nghị mở lại danh sách này."),
        Guard.REOPENING_NOT_ASKED: say("Đã đề nghị mở lại, đang chờ cấp trên trả lời."),
        Guard.NOT_THE_ASKER: facts.is_asker,
        **_OVER_OFFERS,
        **_over_time(facts),
        **_over_claims(facts),
    }[guard]


_OVER_OFFERS: dict[Guard, str] = {
    Guard.NOT_OFFERED: say(
        "Danh sách này đang chờ xã khác trả lời có nhận hay không. Hãy đợi trả lời, hoặc rút lại đề nghị chuyển."
    ),
    Guard.OFFERED: say("Danh sách này không chờ xã nào nhận."),
}


def _over_time(facts: ListFacts) -> dict[Guard, str]:
    return {
        Guard.STEP_IS_DUE: say("Bước này chưa đặt hạn nên không cần gia hạn."),
        Guard.EXTENSION_ASKED: say("Không có đề nghị gia hạn nào đang chờ trả lời."),
        Guard.EXTENSION_NOT_ASKED: say("Đã xin gia hạn, đang chờ cấp trên trả lời."),
        Guard.NOT_OWN_EXTENSION: facts.asked_extension,
    }


def _over_claims(facts: ListFacts) -> dict[Guard, str]:
    return {
        Guard.NOT_ANOTHERS: say(
            "{claimant} đang nhận làm danh sách này. Muốn làm thay, hãy bấm «Tiếp quản» và ghi lý do; "
            "người đang làm được báo ngay.",
            claimant=facts.claimant,
        ),
        Guard.UNCLAIMED: (
            say("Bạn đang làm danh sách này.")
            if facts.claim_is_mine
            else say("{claimant} đã nhận làm.", claimant=facts.claimant)
        ),
        Guard.CLAIMED_BY_ANOTHER: say("Không ai khác đang nhận làm danh sách này."),
        Guard.CLAIMED_BY_ME: say("Bạn không phải người đang nhận làm danh sách này."),
    }


def wrong_stage(action: Action, state: ListState, holder: str) -> str:
    """Why the action is not possible now: the present state, who holds the list, what to do."""
    if state.pending is not None:
        return say(
            "Không thể «{action}»: danh sách đang chờ ký nhận ({pending}), "
            "không ai sửa được cho đến khi bên nhận ký nhận, từ chối, hoặc bên giao thu hồi.",
            action=label(action),
            pending=label(state.pending),
        )
    if state.stage in FINAL_STAGES:
        return say("Không thể «{action}»: {stage:lower}.", action=label(action), stage=label(state.stage))
    values = {"action": label(action), "stage": label(state.stage), "holder": holder}
    if action in _TAKING_BACK:
        return say(
            "Không thể «{action}»: không có biên bản nào đang chờ ký, danh sách do {holder} giữ. Biên bản hai bên đã "
            "ký thì chỉ sửa bằng biên bản điều chỉnh; muốn nhận lại danh sách, hãy đề nghị đơn vị đang giữ trả lại.",
            **values,
        )
    return say("Không thể «{action}»: danh sách ở bước «{stage}», do {holder} giữ.", **values)


def where_it_is(action: Action, state: ListState, holder: str) -> str:
    """As `wrong_stage`, said beside buttons that name their deed themselves: the same words for all of them."""
    if state.pending is not None:
        return say(
            "Danh sách đang chờ ký nhận ({pending}), không ai sửa được cho đến khi bên nhận ký nhận, từ chối, "
            "hoặc bên giao thu hồi.",
            pending=label(state.pending),
        )
    if state.stage in FINAL_STAGES or action in _TAKING_BACK:
        return wrong_stage(action, state, holder)
    return say("Danh sách ở bước «{stage}», do {holder} giữ.", stage=label(state.stage), holder=holder)


_TAKING_BACK = frozenset({Action.RECALL, Action.RETURN, Action.REFUSE, Action.COUNTERSIGN_EXCEPT})
"""What somebody may want who regrets a handover: after both have signed only an adjustment is left (W4)."""
