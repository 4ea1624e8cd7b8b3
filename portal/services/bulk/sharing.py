"""What a bulk act does to one list to give it to a person, and to take that back."""

from uuid import UUID

from portal.domain.errors import StaleVersion
from portal.domain.permissions import Actor
from portal.domain.wording import say
from portal.models import BulkAct, BulkItem
from portal.services import claims
from portal.services.bulk.singles import Single
from portal.services.transitions import load_list


def begin_giving(actor: Actor, act: BulkAct) -> Single:
    """The single act: `claims.assign`."""
    person = UUID(act.what["person"])

    def single(item: BulkItem) -> None:
        of_list = load_list(actor, item.list_id, lock=True)
        before = claims.apply_assignment(actor, of_list, person)
        item.before = {"person": str(before) if before else ""}

    return single


def begin_giving_back(actor: Actor, act: BulkAct) -> Single:
    """Taking back: whoever worked on it before, or nobody, unless somebody else took it on since."""
    person = UUID(act.what["person"])

    def single(item: BulkItem) -> None:
        of_list = load_list(actor, item.list_id, lock=True)
        if claims.worker_of(of_list) != person:
            raise StaleVersion(say("Danh sách đã có người khác nhận làm sau đó nên giữ nguyên."))
        before = item.before["person"]
        claims.apply_assignment(actor, of_list, UUID(before) if before else None)

    return single
