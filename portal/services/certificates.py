"""Certificates of other authorities (Ban Cơ yếu, public ones): one person proposes, another confirms, anybody ends.

A certificate counts for one appointment in one unit; it ends with the appointment, by hand, or by its own date.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from asn1crypto import pem
from asn1crypto import x509 as asn1_x509
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.clock import now, today
from portal.domain.errors import InvalidInput, NotFound, NotPermitted
from portal.domain.events import EventTag
from portal.domain.permissions import Actor, Permission, has_permission
from portal.domain.wording import say
from portal.models import Membership, SignerCertificate, Unit, User, db
from portal.queries.accounts import in_force
from portal.services.auditing import record
from portal.services.authority import known_lists, trusted_roots
from portal.services.context import ground
from portal.services.unit_of_work import once, transaction
from portal.verification.acceptance import NotAccepted, check_enrolment, fingerprint
from portal.verification.proofs import Trust

LARGEST = 64 * 1024


@dataclass(frozen=True)
class CertificateRow:
    """A certificate as its owner and the administration see it."""

    id: int
    person: str
    position: str
    unit: str
    subject: str
    issuer: str
    serial: str
    not_before: datetime
    not_after: datetime
    proposed_by: str
    proposed_at: datetime
    confirmed_at: datetime | None
    may_confirm: bool


def propose(actor: Actor, data: bytes, *, key: str = "") -> int:
    """The signer hands in the own certificate (PEM or DER) for the acting appointment; it counts once confirmed.

    Raises InvalidInput where it cannot be read, is too weak, has ended or comes from nobody that is trusted.
    """
    if not actor.can_sign:
        raise NotPermitted(say("Phân công này không có quyền ký, nên không cần chứng thư. Hãy hỏi người quản trị."))
    certificate = _read(data)
    settings = ground().settings
    trust = Trust(trusted_roots(settings), now(), tuple(known_lists(settings)))
    try:
        check_enrolment(certificate, trust)
    except NotAccepted as refusal:
        raise InvalidInput(refusal.message, fields={"file": refusal.message}, code=refusal.code) from refusal
    encoded = certificate.dump()

    def act() -> dict[str, int]:
        found = SignerCertificate(
            membership_id=actor.membership_id,
            serial=f"{certificate.serial_number:x}",
            fingerprint=fingerprint(encoded),
            certificate=encoded,
            subject=_name(certificate.subject),
            issuer=_name(certificate.issuer),
            not_before=certificate.not_valid_before,
            not_after=certificate.not_valid_after,
            proposed_by=actor.user_id,
            proposed_at=now(),
            end_reason="",
        )
        db.session.add(found)
        db.session.flush()
        _tell(EventTag.CERTIFICATE_PROPOSED, actor, found)
        return {"id": found.id}

    return int(once(actor.user_id, key, f"certificate:{fingerprint(encoded)}", act)["id"])


def confirm(administrator: Actor, certificate_id: int) -> None:
    """The second person says: this certificate belongs to this person in this office."""
    with transaction():
        found = _locked(administrator, certificate_id)
        if found.confirmed_at is not None:
            return
        if administrator.user_id in (found.proposed_by, found.membership.user_id):
            raise NotPermitted(say("Người đề nghị không tự xác nhận chứng thư. Người quản trị khác phải xác nhận."))
        found.confirmed_by, found.confirmed_at = administrator.user_id, now()
        _tell(EventTag.CERTIFICATE_CONFIRMED, administrator, found)


def end(actor: Actor, certificate_id: int, reason: str) -> None:
    """Stop a certificate from counting (lost token, new certificate, refused proposal); signatures made stay."""
    with transaction():
        found = _locked(actor, certificate_id)
        if not reason.strip():
            raise InvalidInput(say("Ghi lý do ngừng dùng."), fields={"reason": say("Ghi lý do ngừng dùng.")})
        if found.ended_at is None:
            found.ended_by, found.ended_at, found.end_reason = actor.user_id, now(), reason.strip()
            _tell(EventTag.CERTIFICATE_ENDED, actor, found, note=reason.strip())


def own_certificates(actor: Actor) -> list[CertificateRow]:
    """The acting appointment's certificates that are proposed or count."""
    return _rows(actor, SignerCertificate.membership_id == actor.membership_id)


def certificates_under(administrator: Actor) -> list[CertificateRow]:
    """Every certificate proposed or counting in the administrator's territory, those that wait first."""
    inside = Unit.territory_path.startswith(administrator.territory_path, autoescape=True)
    return _rows(administrator, inside)


def _rows(actor: Actor, wanted) -> list[CertificateRow]:  # type: ignore[no-untyped-def]  # noqa: ANN001
    proposer = select(User.full_name).where(User.id == SignerCertificate.proposed_by).scalar_subquery()
    query = (
        select(SignerCertificate, proposer)
        .join(Membership, SignerCertificate.membership_id == Membership.id)
        .join(Unit, Membership.unit_id == Unit.id)
        .where(wanted, SignerCertificate.ended_at.is_(None), in_force(today()))
        .options(joinedload(SignerCertificate.membership).joinedload(Membership.user))
        .order_by(SignerCertificate.confirmed_at.is_not(None), SignerCertificate.id.desc())
    )
    administers = has_permission(actor, Permission.USER_ADMINISTER)
    return [
        CertificateRow(
            id=found.id,
            person=found.membership.user.full_name,
            position=found.membership.position,
            unit=found.membership.unit.name,
            subject=found.subject,
            issuer=found.issuer,
            serial=found.serial,
            not_before=found.not_before,
            not_after=found.not_after,
            proposed_by=name,
            proposed_at=found.proposed_at,
            confirmed_at=found.confirmed_at,
            may_confirm=administers and found.confirmed_at is None and found.proposed_by != actor.user_id,
        )
        for found, name in db.session.execute(query).all()
    ]


def _locked(actor: Actor, certificate_id: int) -> SignerCertificate:
    """The certificate if the actor owns it or administers its unit, its row locked."""
    found = db.session.execute(
        select(SignerCertificate).where(SignerCertificate.id == certificate_id).with_for_update()
    ).scalar_one_or_none()
    if found is None or not _may_touch(actor, found):
        raise NotFound(say("Không tìm thấy chứng thư này, hoặc bạn không quản lý đơn vị của nó."))
    return found


def _may_touch(actor: Actor, found: SignerCertificate) -> bool:
    if found.membership_id == actor.membership_id:
        return True
    path = found.membership.unit.territory_path
    return has_permission(actor, Permission.USER_ADMINISTER) and path.startswith(actor.territory_path)


def _read(data: bytes) -> asn1_x509.Certificate:
    try:
        encoded = pem.unarmor(data)[2] if pem.detect(data) else data[:LARGEST]
        certificate = asn1_x509.Certificate.load(encoded, strict=True)
        _ = certificate.not_valid_after, certificate.public_key.bit_size, certificate.subject.native
    except (ValueError, TypeError, KeyError) as error:
        words = say("Tệp không phải là chứng thư (.cer, .crt, .pem). Hãy xuất chứng thư từ phần mềm của thẻ ký.")
        raise InvalidInput(words, fields={"file": words}) from error
    return certificate


def _name(of: asn1_x509.Name) -> str:
    names = of.native
    found = names.get("common_name") or names.get("organization_name") or ""
    return ", ".join(found) if isinstance(found, list) else str(found)


def _tell(tag: EventTag, actor: Actor, of: SignerCertificate, **more: Any) -> None:  # noqa: ANN401
    owner: UUID = of.membership.user_id if of.membership else actor.user_id
    record(tag, actor, account=str(owner), serial=of.serial, issuer=of.issuer, **more)
