"""A signer's own key: made by the internal CA at enrolment, closed by a passphrase that nobody stores."""

from dataclasses import dataclass
from datetime import datetime

from portal.clock import now
from portal.domain.errors import NotPermitted
from portal.domain.events import EventTag
from portal.domain.permissions import Actor
from portal.domain.wording import say
from portal.models import SigningKey, Unit, db
from portal.queries import accounts
from portal.queueing import enqueue
from portal.services import auditing
from portal.services.context import ground
from portal.services.revocation import PUBLISH_JOB
from portal.services.unit_of_work import transaction
from portal.signatures.authority import Authority, issue_person


@dataclass(frozen=True)
class KeyState:
    """The key of the acting membership, as its owner sees it."""

    serial: str
    not_before: datetime
    not_after: datetime
    is_expired: bool


def key_state(actor: Actor) -> KeyState | None:
    """The acting membership's key, or None where none is enrolled."""
    key = accounts.active_key_of(actor.membership_id)
    if key is None:
        return None
    return KeyState(key.serial, key.not_before, key.not_after, key.not_after < now())


def enrol(actor: Actor, passphrase: str) -> str:
    """Make a key for the acting membership and return its certificate's serial; a former key is revoked.

    Raises NotPermitted without an appointment to sign, InvalidInput for a passphrase of fewer than 8 characters.
    """
    if not actor.can_sign:
        raise NotPermitted(say("Phân công này không có quyền ký, nên không cần khóa ký. Hãy hỏi người quản trị."))
    unit = db.session.get_one(Unit, actor.unit_id)
    at = now()
    issued = issue_person(
        Authority.load(ground().settings.authority_folder),
        person_name=actor.user_name,
        position=actor.position,
        unit_name=unit.name,
        unit_code=unit.code,
        user_ref=str(actor.user_id),
        passphrase=passphrase,
        now=at,
    )
    with transaction():
        former = accounts.active_key_of(actor.membership_id)
        if former is not None:
            former.revoked_at = at
            db.session.flush()
            enqueue(db.session(), PUBLISH_JOB)
        db.session.add(
            SigningKey(
                membership_id=actor.membership_id,
                serial=issued.serial,
                certificate=issued.certificate_der,
                p12=issued.p12,
                not_before=issued.not_before,
                not_after=issued.not_after,
                created_at=at,
            )
        )
        auditing.record(EventTag.KEY_ENROLLED, actor, serial=issued.serial, not_after=issued.not_after.isoformat())
    return issued.serial
