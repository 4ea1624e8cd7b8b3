"""The buttons of a list: each offered transition as a deed in words, one of them the primary."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext as _

from portal.domain.labels import label
from portal.domain.phrases import record_number
from portal.domain.stages import CUSTODY_RECORDS, LEGS, HandoverStatus, Leg, Party, RecordKind
from portal.domain.transitions import Action, Transition
from portal.queries.contacts import Contact
from portal.services.transitions import Offer
from portal.web.filters import grouped

if TYPE_CHECKING:
    from portal.models import CorrectionList, Handover
    from portal.web.lifting import Lifting

    _Drafts = dict[str | None, Handover]
    _Show = Callable[[CorrectionList, Offer, _Drafts, Handover | None], "Deed | None"]


@dataclass(frozen=True)
class Deed:
    """A button or link. `posts` names a form with the leg in it; `blocked` says why it cannot be done now.

    `lifted_by` is whom to call about what blocks it.
    """

    words: str
    address: str
    posts: bool = False
    leg: str = ""
    blocked: str = ""
    lifted_by: Contact | None = None
    note: str = ""
    is_primary: bool = False
    weight: int = 9


def deeds_of(
    of_list: CorrectionList, offered: Sequence[Offer], records: Sequence[Handover], lifting: Lifting
) -> list[Deed]:
    """What the actor may do to the list now, the primary deed first; work on people is the page itself.

    What the actor may expect and cannot do stands there too, with the rule and with who can lift it.
    """
    drafts = {record.leg: record for record in records if _is_draft(record)}
    sent = next((record for record in records if record.status == HandoverStatus.SENT.value), None)
    found = []
    for offer in offered:
        show = _DEEDS.get(offer.transition.action)
        deed = show(of_list, offer, drafts, sent) if show else None
        if deed is not None:
            found.append(
                replace(deed, lifted_by=lifting.get(offer.lifter) if offer.lifter and deed.blocked else None)
            )
    found += _answers(offered, records)
    found.sort(key=lambda deed: (bool(deed.blocked), deed.weight))
    if found and not found[0].blocked and found[0].weight < _QUIET:
        found[0] = replace(found[0], is_primary=True)
    return found


_QUIET = 5


def _is_draft(record: Handover) -> bool:
    return record.status == HandoverStatus.PREPARED.value and RecordKind(record.kind) in CUSTODY_RECORDS


def party_name(of_list: CorrectionList, party: Party) -> str:
    """The name of the unit on that side; the kind of unit where it is not known yet."""
    unit = {Party.STATION: of_list.station, Party.VILLAGE: of_list.village, Party.POLICE: of_list.police}[party]
    return unit.name if unit else _("thôn (chưa chọn)")


def record_words(of_list: CorrectionList, row: Transition) -> str:
    """What is handed over to whom, as a button says it."""
    if row.leg is None:
        return str(_("hoàn thành %(count)s người", count=grouped(of_list.entries)))
    receiver = party_name(of_list, LEGS[row.leg].receiver)
    if LEGS[row.leg].is_return:
        return str(_("trả lại %(count)s người cho %(unit)s", count=grouped(of_list.entries), unit=receiver))
    return str(_("bàn giao %(count)s người cho %(unit)s", count=grouped(of_list.entries), unit=receiver))


def _prepare(of_list: CorrectionList, offer: Offer, drafts: _Drafts, _sent: Handover | None) -> Deed | None:
    row = offer.transition
    if _leg(row.leg) in drafts:
        return None
    return Deed(
        words=_("Lập biên bản %(what)s", what=record_words(of_list, row)),
        address=url_for("handovers.prepare", list_id=of_list.id),
        posts=True,
        leg=_leg(row.leg) or "",
        blocked=offer.blocked,
        weight=_weight(of_list, row),
    )


def _weight(of_list: CorrectionList, row: Transition) -> int:
    """Handing on comes first; a whole return stands behind splitting off the few who go back."""
    if row.leg is None or not LEGS[row.leg].is_return:
        return 1
    return 4 if 0 < of_list.returned < of_list.entries else 2


def _sign(of_list: CorrectionList, offer: Offer, drafts: _Drafts, _sent: Handover | None) -> Deed | None:
    draft = drafts.get(_leg(offer.transition.leg))
    if draft is None:
        return None
    number = record_number(draft.number or 0, draft.symbol)
    return Deed(
        words=_(
            "Xem trước và ký biên bản %(number)s, %(what)s",
            number=number,
            what=record_words(of_list, offer.transition),
        ),
        address=url_for("handovers.show", handover_id=draft.id),
        note=offer.blocked,
        weight=0,
    )


def _take(of_list: CorrectionList, offer: Offer, _drafts: _Drafts, sent: Handover | None) -> Deed | None:
    if sent is None:
        return None
    return Deed(
        words=_("Xem và ký nhận %(count)s người từ %(unit)s", count=grouped(of_list.entries), unit=sent.giver.name),
        address=url_for("handovers.show", handover_id=sent.id),
        note=offer.blocked,
        weight=0,
    )


def _recall(of_list: CorrectionList, offer: Offer, _drafts: _Drafts, sent: Handover | None) -> Deed | None:
    if sent is None and not offer.blocked:
        return None
    address = url_for("handovers.recall", handover_id=sent.id) if sent else _page(of_list)
    return Deed(words=_("Thu hồi"), address=address, blocked=offer.blocked, weight=_QUIET + 1)


def _enter_ink(_list: CorrectionList, offer: Offer, drafts: _Drafts, sent: Handover | None) -> Deed | None:
    record = _to_sign_by_hand(drafts, sent)
    if record is None:
        return None
    address = url_for("handovers.scan", handover_id=record.id)
    return Deed(words=_("Nhập bản quét thôn ký tay"), address=address, blocked=offer.blocked, weight=_QUIET)


def _confirm_ink(_list: CorrectionList, offer: Offer, drafts: _Drafts, sent: Handover | None) -> Deed | None:
    """Shown once there is a scan to confirm: most villages sign on their own device."""
    record = _to_sign_by_hand(drafts, sent)
    if record is None or not any(not one.confirmed_at and not one.replaced_at for one in record.scans):
        return None
    return Deed(
        words=_("Xem và xác nhận bản quét thôn ký tay"),
        address=url_for("handovers.scan", handover_id=record.id),
        blocked=offer.blocked,
        weight=1,
    )


def _prepare_ink(of_list: CorrectionList, offer: Offer, drafts: _Drafts, _sent: Handover | None) -> Deed | None:
    if _leg(offer.transition.leg) in drafts:
        return None
    return Deed(
        words=_("Lập biên bản cho thôn ký tay, %(what)s", what=record_words(of_list, offer.transition)),
        address=url_for("handovers.prepare_by_hand", list_id=of_list.id),
        posts=True,
        blocked=offer.blocked,
        weight=1,
    )


def _to_sign_by_hand(drafts: _Drafts, sent: Handover | None) -> Handover | None:
    """The sent record, else the draft that was drawn for a village's ink."""
    return sent or next((draft for draft in drafts.values() if draft.by_hand), None)


def _cancel(of_list: CorrectionList, offer: Offer, _drafts: _Drafts, _sent: Handover | None) -> Deed:
    address = url_for("lists.cancel", list_id=of_list.id)
    return Deed(words=_("Hủy danh sách"), address=address, blocked=offer.blocked, weight=_QUIET + 2)


def _work(of_list: CorrectionList, offer: Offer, _drafts: _Drafts, _sent: Handover | None) -> Deed | None:
    """The work on people is the page itself; where it is closed, a button says why."""
    if not offer.blocked:
        return None
    return Deed(
        words=label(offer.transition.action), address=_page(of_list), blocked=offer.blocked, weight=_QUIET + 1
    )


def _split(of_list: CorrectionList, offer: Offer, _drafts: _Drafts, _sent: Handover | None) -> Deed:
    address = url_for("lists.split", list_id=of_list.id)
    if 0 < of_list.returned < of_list.entries:
        words = _("Tách %(count)s người trả lại thành danh sách riêng", count=grouped(of_list.returned))
        return Deed(words=words, address=f"{address}?part=returned", blocked=offer.blocked, weight=3)
    return Deed(words=_("Tách danh sách"), address=address, blocked=offer.blocked, weight=_QUIET + 2)


def _merge(of_list: CorrectionList, offer: Offer, _drafts: _Drafts, _sent: Handover | None) -> Deed | None:
    """Nobody looks for merging where there is nothing to merge with."""
    if offer.blocked:
        return None
    return Deed(words=_("Gộp với phần khác"), address=url_for("lists.merge", list_id=of_list.id), weight=_QUIET + 3)


def _withdraw(of_list: CorrectionList, offer: Offer, _drafts: _Drafts, _sent: Handover | None) -> Deed:
    address = url_for("lists.withdraw", list_id=of_list.id)
    return Deed(words=_("Rút người"), address=address, blocked=offer.blocked, weight=_QUIET + 3)


def _ask_reopening(of_list: CorrectionList, offer: Offer, _drafts: _Drafts, _sent: Handover | None) -> Deed:
    address = url_for("lists.ask_reopening", list_id=of_list.id)
    return Deed(words=_("Đề nghị mở lại"), address=address, blocked=offer.blocked, weight=_QUIET + 1)


def _offer(of_list: CorrectionList, offer: Offer, _drafts: _Drafts, _sent: Handover | None) -> Deed:
    address = url_for("lists.offer", list_id=of_list.id)
    return Deed(words=_("Chuyển người sang xã khác"), address=address, blocked=offer.blocked, weight=_QUIET + 3)


def _take_offer_back(of_list: CorrectionList, offer: Offer, _drafts: _Drafts, _sent: Handover | None) -> Deed | None:
    if offer.blocked:
        return None
    address = url_for("lists.take_offer_back", list_id=of_list.id)
    return Deed(words=_("Rút lại đề nghị chuyển xã"), address=address, posts=True, weight=1)


def _answer_offer(of_list: CorrectionList, offer: Offer, _drafts: _Drafts, _sent: Handover | None) -> Deed | None:
    if offer.blocked:
        return None
    address = url_for("lists.answer_offer", list_id=of_list.id)
    return Deed(words=_("Trả lời đề nghị chuyển xã"), address=address, weight=0)


def _reopen(of_list: CorrectionList, offer: Offer, _drafts: _Drafts, _sent: Handover | None) -> Deed:
    address = url_for("lists.answer_reopening", list_id=of_list.id)
    return Deed(words=_("Trả lời đề nghị mở lại"), address=address, blocked=offer.blocked, weight=1)


def _answers(offered: Sequence[Offer], records: Sequence[Handover]) -> list[Deed]:
    """Adjustments that wait for the actor's unit; whose they are, the records' own page says."""
    if not any(offer.transition.action is Action.AGREE and offer.enabled for offer in offered):
        return []
    return [
        Deed(
            words=_(
                "Xem và trả lời biên bản điều chỉnh %(number)s", number=record_number(each.number or 0, each.symbol)
            ),
            address=url_for("handovers.show", handover_id=each.id),
            weight=0,
        )
        for each in records
        if each.status == HandoverStatus.PROPOSED.value
    ]


def _page(of_list: CorrectionList) -> str:
    return url_for("lists.show", list_id=of_list.id)


def _leg(leg: Leg | None) -> str | None:
    return leg.value if leg else None


_DEEDS: dict[Action, _Show] = {
    Action.PREPARE: _prepare,
    Action.SEND: _sign,
    Action.RETURN: _sign,
    Action.COMPLETE: _sign,
    Action.COUNTERSIGN: _take,
    Action.RECALL: _recall,
    Action.ENTER_INK: _enter_ink,
    Action.TAKE_INK: _confirm_ink,
    Action.PREPARE_INK: _prepare_ink,
    Action.SEND_INK: _confirm_ink,
    Action.CANCEL: _cancel,
    Action.CORRECT: _work,
    Action.VERIFY: _work,
    Action.APPLY: _work,
    Action.SPLIT: _split,
    Action.MERGE: _merge,
    Action.WITHDRAW: _withdraw,
    Action.ASK_REOPENING: _ask_reopening,
    Action.OFFER: _offer,
    Action.TAKE_OFFER_BACK: _take_offer_back,
    Action.ACCEPT_OFFER: _answer_offer,
    Action.REOPEN: _reopen,
}
"""How each action looks as a button; what is done to a record (refusing, taking in part, adjusting) stands there."""
