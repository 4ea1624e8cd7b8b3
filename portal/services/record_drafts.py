"""Drafts of records: one to a list and one refusal slip to a sent record, each with its number until given up."""

from uuid import uuid4

from sqlalchemy import Select, select

from portal.clock import local, now, today
from portal.domain.errors import NotPermitted
from portal.domain.events import EventTag
from portal.domain.permissions import Actor
from portal.domain.stages import CUSTODY_RECORDS, LEGS, SLIPS, TWO_SIDED, HandoverStatus, RecordKind
from portal.domain.transitions import Transition
from portal.domain.wording import say
from portal.evidence.canonical import short_code
from portal.models import CorrectionList, Handover, Membership, db
from portal.queries.parties import signers
from portal.queries.scope import unit_of
from portal.services.auditing import record
from portal.services.numbers import give_back, take_number


def abandon_draft(actor: Actor, of_list: CorrectionList) -> None:
    """Give up the list's own draft, if one lies there, within the running transaction."""
    lying = _lying_draft(of_list)
    if lying is not None:
        give_up(actor, lying)


def abandon_refusals(actor: Actor, answered: Handover) -> None:
    """Give up unsigned slips against a record that is settled otherwise, within the running transaction."""
    for slip in db.session.scalars(prepared_slips(answered)).all():
        give_up(actor, slip)


def draft_of(actor: Actor, of_list: CorrectionList, row: Transition, *, giver: int | None = None) -> Handover:
    """The list's draft for this row: the one that lies there, or a new one with the unit's next number.

    `giver` is the unit that gives where somebody else prepares its paper for it: a village that signs in ink.
    """
    lying = _lying_draft(of_list)
    leg = row.leg.value if row.leg else None
    if lying is not None and (lying.leg != leg or lying.year != local(now()).year or lying.by_hand != bool(giver)):
        give_up(actor, lying)
        lying = None
    assert row.record is not None  # noqa: S101  every PREPARE row of the table names its record
    if lying is None:
        return new_draft(actor, of_list, row, row.record, giver=giver)
    name_signer(actor, lying, giver)
    return lying


def name_signer(actor: Actor, draft: Handover, giver: int | None = None) -> None:
    """Put the name of whoever prepares a draft anew on it; another name voids the pages drawn so far."""
    signer, delegation_id = _signer(actor, giver)
    if (draft.signer_membership_id, draft.signer_delegation_id) != (signer.id, delegation_id):
        draft.signer_membership_id, draft.signer_delegation_id, draft.pdf_sha256 = signer.id, delegation_id, ""


def _lying_draft(of_list: CorrectionList) -> Handover | None:
    return db.session.execute(
        select(Handover)
        .where(
            Handover.list_id == of_list.id,
            Handover.status == HandoverStatus.PREPARED.value,
            Handover.kind.in_([kind.value for kind in CUSTODY_RECORDS]),
        )
        .with_for_update()
    ).scalar_one_or_none()


def prepared_slips(answered: Handover, kind: RecordKind | None = None) -> Select[Handover]:
    """The unsigned slips against a record: of one kind there is at most one."""
    kinds = SLIPS if kind is None else {kind}
    return select(Handover).where(
        Handover.answers_id == answered.id,
        Handover.status == HandoverStatus.PREPARED.value,
        Handover.kind.in_([each.value for each in kinds]),
    )


def new_draft(
    actor: Actor,
    of_list: CorrectionList,
    row: Transition,
    kind: RecordKind,
    *,
    receiver: int | None = None,
    giver: int | None = None,
) -> Handover:
    """A fresh draft of this kind with the unit's next number, added to the running transaction.

    `receiver` is the other side of an adjustment; a handover's or return's is the party its leg goes to.
    """
    at = now()
    year = local(at).year
    if kind in TWO_SIDED and row.leg is not None:
        receiver = unit_of(of_list, LEGS[row.leg].receiver)
    signer, delegation_id = _signer(actor, giver)
    draft = Handover(
        id=uuid4(),
        list_id=of_list.id,
        province_id=of_list.province_id,
        kind=kind.value,
        leg=row.leg.value if row.leg else None,
        status=HandoverStatus.PREPARED.value,
        year=year,
        number=take_number(giver or actor.unit_id, year),
        symbol=f"BB-{signer.unit.abbreviation}",
        code=short_code(),
        round=of_list.round,
        list_rev=0,
        giver_unit_id=giver or actor.unit_id,
        by_hand=giver is not None,
        receiver_unit_id=receiver,
        manifest_sha256="",
        pdf_sha256="",
        pages=0,
        entries=of_list.entries,
        counts=[],
        boxes={},
        signer_membership_id=signer.id,
        signer_delegation_id=delegation_id,
        prepared_by=actor.user_id,
        prepared_at=at,
    )
    db.session.add(draft)
    db.session.flush()
    return draft


def _signer(actor: Actor, giver: int | None = None) -> tuple[Membership, int | None]:
    """Whose name the paper bears: the actor's where he may sign, with his delegation; else the first signer's.

    Where another unit gives (`giver`), it is that unit's first signer.
    """
    if actor.can_sign and giver is None:
        return db.session.get_one(Membership, actor.membership_id), actor.delegation_id
    found = signers(giver or actor.unit_id, today())
    if not found:
        raise NotPermitted(
            say("Đơn vị chưa có ai được phân công ký. Hãy đề nghị quản trị bổ sung người ký kèm văn bản phân công.")
        )
    return found[0], None


def give_up(actor: Actor, draft: Handover) -> None:
    """Abandon a draft in the running transaction: its number goes back to its unit's series, the trail says so."""
    number = draft.number
    draft.status, draft.number, draft.decided_at = HandoverStatus.ABANDONED.value, None, now()
    db.session.flush()
    if number is not None:
        give_back(draft.giver_unit_id, draft.year, number)
    record(
        EventTag.HANDOVER_ABANDONED,
        actor,
        of_list=draft.correction_list,
        handover_id=draft.id,
        number=number,
        manifest_sha256=draft.manifest_sha256,
    )
