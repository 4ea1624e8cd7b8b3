"""The browser's outbox: saves that wait in the phone while the network is away, and how the server answers them.

What waits lies encrypted in the browser's own database. The key is made here for each person and is only handed to a
page of that person's living session, so a phone that is off, stolen or signed out holds nothing that can be read.
"""

from base64 import b64encode
from dataclasses import dataclass
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import Response, current_app, jsonify, request

from portal.domain.permissions import Permission, has_permission
from portal.services.sign_in import SignedIn

UNAUTHORIZED = 401


@dataclass(frozen=True)
class Outbox:
    """What a page hands to the script: the key for what waits, and a mark of whose it is."""

    key: str
    owner: str


def outbox_of(account: SignedIn | None) -> Outbox | None:
    """The outbox of a person whose work is done on a phone; None for everybody else."""
    if account is None or account.actor is None or not has_permission(account.actor, Permission.ENTRY_CORRECT):
        return None
    return Outbox(_derived(account.user_id, b"outbox key", 32), _derived(account.user_id, b"outbox owner", 9))


def _derived(user_id: UUID, purpose: bytes, length: int) -> str:
    secret = str(current_app.config["SECRET_KEY"]).encode()
    made = HKDF(SHA256(), length, salt=user_id.bytes, info=purpose).derive(secret)
    return b64encode(made).decode()


def is_asking() -> bool:
    """Whether the outbox sent this request; it wants facts, not pages to move to. Never decides about rights."""
    return request.headers.get("X-Outbox") == "1"


def please_sign_in() -> Response:
    """The session has ended. The outbox keeps what it has, so nothing is kept here."""
    answer = jsonify(state="sign_in")
    answer.status_code = UNAUTHORIZED
    return answer


def please_ask_for_a_token() -> Response:
    """The form's token belongs to an earlier session; the outbox fetches a new one and sends again."""
    answer = jsonify(state="token")
    answer.status_code = 400
    return answer


def saved(message: str, at: str, rev: int, following: str) -> Response:
    """One save is in the books: when, as which version, and which page follows."""
    return jsonify(state="saved", message=message, at=at, rev=rev, next=following)
