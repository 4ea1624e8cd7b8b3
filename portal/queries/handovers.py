"""Records of a list as its page shows them, and the draft or sent record that stands in the way now."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from portal.domain.permissions import Actor, Permission
from portal.domain.stages import HandoverStatus, RecordKind
from portal.models import CorrectionList, Handover, Membership, Signature, db
from portal.queries.scope import known_records, visible_to

LONGEST_HISTORY = 100
MOST_AT_ONCE = 200
"""Records offered for signing together."""


def records_of(actor: Actor, list_id: UUID) -> Sequence[Handover]:
    """The list's records with parties and signatures, newest first: signed ones, and the own unit's open drafts."""
    query = (
        select(Handover)
        .join(Handover.correction_list)
        .where(
            Handover.list_id == list_id,
            visible_to(actor, Permission.LIST_READ),
            known_records(actor),
        )
        .options(
            contains_eager(Handover.correction_list),
            joinedload(Handover.giver),
            joinedload(Handover.receiver),
            selectinload(Handover.signatures),
        )
        .order_by(Handover.prepared_at.desc())
        .limit(LONGEST_HISTORY)
    )
    return db.session.execute(query).scalars().all()


def answered_by(actor: Actor, slip: Handover) -> Handover | None:
    """The record that a slip or adjustment is about."""
    if slip.answers_id is None:
        return None
    query = (
        select(Handover)
        .join(CorrectionList, Handover.list_id == CorrectionList.id)
        .where(Handover.id == slip.answers_id, visible_to(actor, Permission.LIST_READ))
    )
    return db.session.execute(query).scalar_one_or_none()


def answers_to(actor: Actor, record: Handover) -> Sequence[Handover]:
    """The records that answer or mend this one, in order of time: refusals, exceptions, adjustments."""
    query = (
        select(Handover)
        .join(CorrectionList, Handover.list_id == CorrectionList.id)
        .where(Handover.answers_id == record.id, visible_to(actor, Permission.LIST_READ), known_records(actor))
        .options(joinedload(Handover.giver))
        .order_by(Handover.prepared_at)
    )
    return db.session.execute(query).scalars().all()


def waiting_adjustments(actor: Actor, limit: int = 10) -> Sequence[Handover]:
    """The adjustments that wait for the actor's unit to agree, the oldest first."""
    query = (
        select(Handover)
        .where(Handover.receiver_unit_id == actor.unit_id, Handover.status == HandoverStatus.PROPOSED.value)
        .options(joinedload(Handover.giver))
        .order_by(Handover.sent_at)
        .limit(limit)
    )
    return db.session.execute(query).scalars().all()


def named_signer(draft: Handover) -> Membership:
    """The membership whose name stands on a draft's paper."""
    query = select(Membership).where(Membership.id == draft.signer_membership_id)
    return db.session.execute(query.options(joinedload(Membership.user))).scalar_one()


def waiting_signature(actor: Actor) -> Sequence[Handover]:
    """Records that the actor may sign now, one after the other: own drafts that lie ready, and what waits for the
    unit's countersignature. Papers with two signatures at once, slips and adjustments are signed one by one.
    """
    own_draft = and_(
        Handover.status == HandoverStatus.PREPARED.value,
        Handover.kind.in_((RecordKind.HANDOVER.value, RecordKind.RETURN.value, RecordKind.COMPLETION.value)),
        Handover.signer_membership_id == actor.membership_id,
        Handover.signer_delegation_id.is_not_distinct_from(actor.delegation_id),
        Handover.pdf_sha256 != "",
    )
    incoming = and_(
        Handover.status == HandoverStatus.SENT.value,
        Handover.receiver_unit_id == actor.unit_id,
        ~Handover.signatures.any(Signature.user_id == actor.user_id),
    )
    query = (
        select(Handover)
        .join(Handover.correction_list)
        .where(or_(own_draft, incoming), visible_to(actor, Permission.LIST_READ))
        .options(contains_eager(Handover.correction_list), joinedload(Handover.giver), joinedload(Handover.receiver))
        .order_by(Handover.prepared_at, Handover.id)
        .limit(MOST_AT_ONCE)
    )
    return db.session.execute(query).scalars().all()
