"""The two sides of a record's paper: who signs for the side that draws it, in whose place, by which document."""

from portal.documents.content import Party as PaperParty
from portal.domain.delegations import ABBREVIATION, Mandate, authority_lines
from portal.domain.units import UnitKind
from portal.models import Handover, Membership, Unit, db
from portal.queries import delegations
from portal.services.delegations import mandate_of


def signing_party(unit: Unit, draft: Handover) -> PaperParty:
    """The side that draws the paper: its signer by name, and in whose place he signs (NĐ 30/2020, PL I.II.7)."""
    signer, mandate = named_signer(draft)
    return PaperParty(
        unit_name=unit.name,
        parent_name=unit.superior_name,
        person_name=signer.user.full_name,
        position=signer.position,
        unit_short=unit.abbreviation,
        authority=authority_lines(UnitKind(unit.kind), unit.name, mandate),
        authority_document=_document_words(mandate),
    )


def waiting_party(unit: Unit) -> PaperParty:
    """The receiving side: who signs for it may change until it signs, so its signature names the person."""
    return PaperParty(unit.name, unit.superior_name, "", "", unit.abbreviation)


def named_signer(draft: Handover) -> tuple[Membership, Mandate | None]:
    """Whose name stands on a draft's paper, and the delegation under which he is to sign."""
    signer = db.session.get_one(Membership, draft.signer_membership_id)
    found = delegations.find(draft.signer_delegation_id) if draft.signer_delegation_id else None
    return signer, mandate_of(found) if found else None


def signer_data(draft: Handover) -> dict[str, str]:
    """For the manifest: who is to sign, in whose place, and the document that appoints or authorises."""
    signer, mandate = named_signer(draft)
    data = {"name": signer.user.full_name, "position": signer.position, "document": signer.appointment_document}
    if mandate is None:
        return data
    return data | {
        "for_name": mandate.principal_name,
        "for_position": mandate.principal_position,
        "capacity": ABBREVIATION[mandate.capacity] if mandate.capacity else "",
        "document": str(mandate.document),
    }


def _document_words(mandate: Mandate | None) -> str:
    if mandate is None or mandate.capacity is None:
        return ""
    head = f"{ABBREVIATION[mandate.capacity]} {mandate.principal_position} {mandate.principal_name}"
    return f"{mandate.document}; ký {head}"
