"""What a bulk act does to one list: village, due date, reminder, record; and taking the first two back."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from portal.clock import now
from portal.domain.bulk import onward_leg
from portal.domain.errors import InvalidInput, StaleVersion
from portal.domain.permissions import Actor
from portal.domain.wording import say
from portal.models import BulkAct, BulkItem, CorrectionList
from portal.services import handovers, lists
from portal.services.bulk.singles import Single
from portal.services.transitions import load_list, state_of


def begin_assigning(actor: Actor, act: BulkAct) -> Single:
    """The single act: `lists.assign_village`."""

    def single(item: BulkItem, of_list: CorrectionList) -> None:
        item.before = {"village": of_list.village_unit_id, "name": of_list.name}
        lists.apply_village(actor, of_list, act.what["village"])

    return _on_list(actor, single)


def begin_assigning_back(actor: Actor, act: BulkAct) -> Single:
    """Taking back: the village that stood there before, or none, unless another was chosen since."""

    def single(item: BulkItem, of_list: CorrectionList) -> None:
        if of_list.village_unit_id != act.what["village"]:
            raise StaleVersion(say("Thôn nhận đã được chọn lại sau đó nên giữ nguyên."))
        if item.before["village"] is None:
            lists.apply_no_village(actor, of_list, item.before["name"])
        else:
            lists.apply_village(actor, of_list, item.before["village"])

    return _on_list(actor, single)


def begin_changing_due(actor: Actor, act: BulkAct) -> Single:
    """The single act: `lists.change_due`."""
    due_at = datetime.fromisoformat(act.what["due_at"])

    def single(item: BulkItem, of_list: CorrectionList) -> None:
        item.before = {"due_at": of_list.due_at.isoformat() if of_list.due_at else ""}
        lists.apply_due(actor, of_list, due_at)

    return _on_list(actor, single)


def begin_changing_due_back(actor: Actor, act: BulkAct) -> Single:
    """Taking back: the due date that stood there before, unless it has passed or was changed again since."""

    def single(item: BulkItem, of_list: CorrectionList) -> None:
        if of_list.due_at != datetime.fromisoformat(act.what["due_at"]):
            raise StaleVersion(say("Hạn đã được đổi lại sau đó nên giữ nguyên."))
        before = item.before["due_at"]
        if not before or datetime.fromisoformat(before) <= now():
            raise InvalidInput(say("Hạn cũ chưa đặt hoặc đã qua nên giữ hạn mới."))
        lists.apply_due(actor, of_list, datetime.fromisoformat(before))

    return _on_list(actor, single)


def begin_reminding(actor: Actor, _act: BulkAct) -> Single:
    """The single act: `lists.remind`."""
    return _on_list(actor, lambda _item, of_list: lists.apply_reminder(actor, of_list))


def begin_preparing(actor: Actor, _act: BulkAct) -> Single:
    """The single act: `handovers.prepare_record` for the record that takes the list onward."""

    def single(item: BulkItem, of_list: CorrectionList) -> None:
        record_id = handovers.apply_preparation(actor, of_list, onward_leg(state_of(of_list)))
        item.before = {"record": str(record_id)}

    return _on_list(actor, single)


def draw_prepared(actor: Actor, item: BulkItem) -> None:
    """The paper of a record prepared just before; does nothing where it is drawn already."""
    handovers.draw_draft(actor, UUID(item.before["record"]))


def _on_list(actor: Actor, act: Callable[[BulkItem, CorrectionList], None]) -> Single:
    def single(item: BulkItem) -> None:
        act(item, load_list(actor, item.list_id, lock=True))

    return single
