"""Opening a closed list again: the station asks with a reason, a unit above consents or declines."""

from typing import Any
from uuid import UUID

from portal.clock import now
from portal.domain.errors import InvalidInput
from portal.domain.events import EventTag
from portal.domain.permissions import Actor
from portal.domain.transitions import Action
from portal.domain.verdicts import check_note
from portal.domain.wording import say
from portal.models import CorrectionList
from portal.services.arrivals import recount
from portal.services.auditing import record
from portal.services.transitions import load_list, move, permit
from portal.services.unit_of_work import once


def ask(actor: Actor, list_id: UUID, note: str, *, key: str = "") -> None:
    """Ask to open a closed list again; the list stays closed until a unit above consents."""
    _require_words(note, say("Đề nghị mở lại cần ghi lý do."))

    def act() -> dict[str, Any]:
        of_list = load_list(actor, list_id, lock=True)
        permit(actor, of_list, Action.ASK_REOPENING)
        of_list.reopening_asked_at, of_list.reopening_asked_by = now(), actor.user_id
        of_list.reopening_note = note.strip()
        of_list.rev += 1
        record(EventTag.REOPENING_ASKED, actor, of_list=of_list, reason="", note=note.strip())
        return {"ok": True}

    once(actor.user_id, key, f"ask_reopening:{list_id}", act)


def consent(actor: Actor, list_id: UUID, note: str = "", *, key: str = "") -> None:
    """Give a closed list back to its station for another round; outcomes stay until somebody changes them."""
    check_note("", note)

    def act() -> dict[str, Any]:
        of_list = load_list(actor, list_id, lock=True)
        row = permit(actor, of_list, Action.REOPEN)
        before, after = move(of_list, row)
        of_list.round += 1
        of_list.closed_at = None
        _settle(of_list)
        recount(of_list)
        record(
            EventTag.LIST_REOPENED,
            actor,
            of_list=of_list,
            from_state=before,
            to_state=after,
            reason="",
            note=note.strip(),
        )
        return {"ok": True}

    once(actor.user_id, key, f"reopen:{list_id}", act)


def decline(actor: Actor, list_id: UUID, note: str, *, key: str = "") -> None:
    """Leave the list closed, with words why."""
    _require_words(note, say("Không cho mở lại cần ghi lý do."))

    def act() -> dict[str, Any]:
        of_list = load_list(actor, list_id, lock=True)
        permit(actor, of_list, Action.DECLINE_REOPENING)
        _settle(of_list)
        of_list.rev += 1
        record(EventTag.REOPENING_DECLINED, actor, of_list=of_list, reason="", note=note.strip())
        return {"ok": True}

    once(actor.user_id, key, f"decline_reopening:{list_id}", act)


def _settle(of_list: CorrectionList) -> None:
    of_list.reopening_asked_at = of_list.reopening_asked_by = None
    of_list.reopening_note = ""


def _require_words(note: str, sentence: str) -> None:
    if not note.strip():
        raise InvalidInput(sentence, fields={"note": say("Ghi lý do.")})
    check_note("", note)
