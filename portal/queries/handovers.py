"""Records of a list as its page shows them, and the draft or sent record that stands in the way now."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from portal.domain.permissions import Actor, Permission
from portal.models import CorrectionList, Handover, Membership, db
from portal.queries.scope import known_records, visible_to

LONGEST_HISTORY = 100


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
    """The record that a refusal slip answers."""
    if slip.answers_id is None:
        return None
    query = (
        select(Handover)
        .join(CorrectionList, Handover.list_id == CorrectionList.id)
        .where(Handover.id == slip.answers_id, visible_to(actor, Permission.LIST_READ))
    )
    return db.session.execute(query).scalar_one_or_none()


def named_signer(draft: Handover) -> Membership:
    """The membership whose name stands on a draft's paper."""
    query = select(Membership).where(Membership.id == draft.signer_membership_id)
    return db.session.execute(query.options(joinedload(Membership.user))).scalar_one()
