"""Ways to sign besides the own key: a file signed by another program, a token plugged in where the portal runs.

A hash signed elsewhere has its ticket in `tickets`. All of them end in the same acts and the same gate.
"""

from dataclasses import dataclass
from uuid import UUID

from portal.domain.errors import NotFound, NotPermitted
from portal.domain.permissions import Actor
from portal.domain.stages import HandoverStatus, RecordKind
from portal.domain.wording import say
from portal.queries.accounts import confirmed_certificates_of
from portal.services import signing
from portal.services.context import ground
from portal.services.handovers import load_handover
from portal.services.hands import counting_pins
from portal.signatures.hands import TOKEN, Hand, KeyHand, Returned


@dataclass(frozen=True)
class EnrolledCertificate:
    """A confirmed certificate as the signer sees it; `plugged_in`: its token is in a reader of this machine."""

    id: int
    name: str
    issuer: str
    plugged_in: bool
    warning: str = ""


def certificates_of_signer(actor: Actor) -> list[EnrolledCertificate]:
    """The acting appointment's confirmed certificates, and which of them lie on a token plugged in here."""
    on_tokens = _on_tokens()
    return [
        EnrolledCertificate(
            each.id, each.subject, each.issuer, each.fingerprint in on_tokens, on_tokens.get(each.fingerprint, "")
        )
        for each in confirmed_certificates_of([actor.membership_id])
    ]


def sign_with_file(actor: Actor, record_id: UUID, data: bytes, *, shown: str, key: str = "") -> UUID:
    """Take a record that another program signed; returns its list's id. Raises NotAccepted where the gate refuses."""
    return _act(actor, record_id, Returned(data), shown=shown, key=key)


def sign_with_token(
    actor: Actor, record_id: UUID, certificate_id: int, pin: str, *, shown: str, key: str = ""
) -> UUID:
    """Sign with the token that holds the enrolled certificate; returns the list's id. Wrong PINs are counted."""
    from portal.signatures import pkcs11_tokens

    enrolled = {each.id: each for each in confirmed_certificates_of([actor.membership_id])}.get(certificate_id)
    module = ground().settings.pkcs11_module
    if enrolled is None or module is None:
        raise NotFound(say("Không tìm thấy chứng thư này, hoặc máy chủ không có trình điều khiển thẻ ký."))
    lying = next(
        (each for each in pkcs11_tokens.certificates_on_tokens(module) if each.certificate == enrolled.certificate),
        None,
    )
    if lying is None:
        raise NotFound(say("Thẻ có chứng thư {name} chưa được cắm. Hãy cắm thẻ rồi thử lại.", name=enrolled.subject))
    with (
        counting_pins(actor) as own,
        pkcs11_tokens.opened(module, lying.token_serial, lying.key_id, pin, insist=own) as opened,
    ):
        return _act(actor, record_id, KeyHand(opened, grade=TOKEN), shown=shown, key=key)


def _act(actor: Actor, record_id: UUID, hand: Hand, *, shown: str, key: str) -> UUID:
    of = load_handover(actor, record_id)
    if of.kind == RecordKind.EXCEPTIONS.value:
        raise NotPermitted(
            say("Nhận một phần cần hai chữ ký cùng lúc: hãy ký bằng khóa ký nội bộ (mật khẩu khóa ký).")
        )
    act = signing.sign_prepared if of.status == HandoverStatus.PREPARED.value else signing.countersign
    return act(actor, record_id, hand, shown=shown, key=key)


def _on_tokens() -> dict[str, str]:
    """Fingerprints of certificates on tokens plugged in here, with the token's warning about its PIN."""
    module = ground().settings.pkcs11_module
    if module is None:
        return {}
    from portal.signatures import pkcs11_tokens
    from portal.verification.acceptance import fingerprint

    try:
        found = pkcs11_tokens.certificates_on_tokens(module)
    except pkcs11_tokens.TokenMissing:
        return {}
    return {fingerprint(each.certificate): each.warning for each in found}
