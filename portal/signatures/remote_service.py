"""A remote signing service by the API of the Cloud Signature Consortium (CSC, versions 1 and 2).

The signer's key lies with a trust service; the portal finds the credential that holds an enrolled certificate, has it
authorised with what only the signer knows (PIN, one-time code), and gets a value for one hash. What comes back goes
through the same gate as everything else. Nothing the signer typed is kept.
"""

import hashlib
import json
import time
from base64 import b64decode, b64encode
from binascii import Error as NoBase64
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from asn1crypto import x509 as asn1_x509

from portal.domain.errors import InvalidInput
from portal.domain.wording import say
from portal.signatures.keys import pss_mechanism

ALTOGETHER_SECONDS = 60.0
"""Some services ask the signer on his telephone meanwhile; longer than that a page cannot wait."""
LONGEST_ANSWER = 256 * 1024
MOST_CREDENTIALS = 20
SHA256_OID, PSS_OID, ECDSA_SHA256_OID = "2.16.840.1.101.3.4.2.1", "1.2.840.113549.1.1.10", "1.2.840.10045.4.3.2"
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class ServiceSilent(InvalidInput):
    """The service does not answer, or not in the form of the API."""


class NotAuthorised(InvalidInput):
    """The service refused to sign; where it is about what the signer typed, the field is named."""


class NoCredential(InvalidInput):
    """None of the signer's credentials there holds the enrolled certificate, or it may not sign now."""


@dataclass(frozen=True)
class Authorisation:
    """What only the signer knows; as far as the service asks for it."""

    user: str = ""
    pin: str = field(default="", repr=False)
    code: str = field(default="", repr=False)


class RemoteService:
    """One service: its address (which ends in the API's version, `/v1` or `/v2`) and the portal's own token there."""

    def __init__(self, address: str, token: str) -> None:
        self._address = urlsplit(address.rstrip("/"))
        if self._address.scheme != "https" and self._address.hostname not in LOOPBACK:
            raise ValueError("a remote signing service is reached by https alone")
        self._second = self._address.path.endswith("/v2")
        self._token = token
        self._ends = 0.0

    def sign_hash(self, certificate: bytes, attributes: bytes, by: Authorisation) -> bytes:
        """The value over the attributes (DER) by the key of this certificate (DER).

        Raises NoCredential, NotAuthorised or ServiceSilent.
        """
        self._ends = time.monotonic() + ALTOGETHER_SECONDS
        name = self._credential(certificate, by.user)
        digest = b64encode(hashlib.sha256(attributes).digest()).decode()
        hashes: dict[str, Any] = {"hashes": [digest], "hashAlgorithmOID": SHA256_OID} if self._second else {}
        allowed = self._ask(
            "credentials/authorize",
            {
                "credentialID": name,
                "numSignatures": 1,
                **(hashes or {"hash": [digest]}),
                **({"PIN": by.pin} if by.pin else {}),
                **({"OTP": by.code} if by.code else {}),
            },
        )
        made = self._ask(
            "signatures/signHash",
            {
                "credentialID": name,
                "SAD": _text(allowed, "SAD"),
                **(hashes or {"hash": [digest], "hashAlgo": SHA256_OID}),
                **_algorithm(certificate),
            },
        )
        values = made.get("signatures")
        if not isinstance(values, list) or len(values) != 1:
            raise _silent()
        return _bytes(values[0])

    def _credential(self, certificate: bytes, user: str) -> str:
        """The name of the credential that holds this very certificate and may sign."""
        listed = self._ask("credentials/list", {"userID": user} if user else {}).get("credentialIDs")
        if not isinstance(listed, list):
            raise _silent()
        for name in listed[:MOST_CREDENTIALS]:
            told = self._ask("credentials/info", {"credentialID": str(name), "certificates": "single"})
            cert, key = _part(told, "cert"), _part(told, "key")
            chain = cert.get("certificates")
            if not isinstance(chain, list) or not chain or _bytes(chain[0]) != certificate:
                continue
            if cert.get("status", "valid") != "valid" or key.get("status", "enabled") != "enabled":
                raise NoCredential(say("Dịch vụ ký từ xa báo chứng thư hoặc khóa của bạn đang bị khóa hay hết hạn."))
            return str(name)
        raise NoCredential(
            say("Dịch vụ ký từ xa không có chứng thư này dưới mã người dùng đã nhập. Hãy kiểm tra lại mã người dùng.")
        )

    def _ask(self, method: str, body: Mapping[str, Any]) -> dict[str, Any]:
        left = self._ends - time.monotonic()
        host, port = self._address.hostname or "", self._address.port
        if left <= 0:
            raise _silent()
        kind = HTTPSConnection if self._address.scheme == "https" else HTTPConnection
        connection = kind(host, port, timeout=left)
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self._token}"}
        try:
            connection.request("POST", f"{self._address.path}/{method}", json.dumps(body), headers)
            response = connection.getresponse()
            data = response.read(LONGEST_ANSWER + 1)
            answer = json.loads(data) if len(data) <= LONGEST_ANSWER else None
        except (OSError, HTTPException, ValueError) as error:
            raise _silent() from error
        finally:
            connection.close()
        if not isinstance(answer, dict):
            raise _silent()
        if response.status != 200:
            raise _refusal(
                method, response.status, str(answer.get("error", "")), str(answer.get("error_description", ""))
            )
        return answer


def _refusal(method: str, status: int, error: str, description: str) -> InvalidInput:
    """What the service's refusal means to the signer; its own words are shown behind ours.

    PIN and code are judged where the signature is authorised and nowhere else: only that counts as a wrong PIN.
    """
    said = f"{error}: {description}".strip(": ")[:200]
    if status == 401 or error in ("invalid_token", "access_denied"):
        return ServiceSilent(
            say("Dịch vụ ký từ xa không nhận cổng này ({said}). Hãy báo người quản trị.", said=said), code="remote"
        )
    if method != "credentials/authorize":
        return NotAuthorised(
            say("Dịch vụ ký từ xa từ chối: {said}. Chưa ký gì; hãy thử lại hoặc báo người quản trị.", said=said),
            code="remote_refused",
        )
    words = say("Dịch vụ ký từ xa từ chối: {said}. Hãy kiểm tra mã PIN và mã một lần.", said=said)
    return NotAuthorised(words, fields={"pin": words}, code="remote_refused")


def _algorithm(certificate: bytes) -> dict[str, str]:
    if asn1_x509.Certificate.load(certificate).public_key.algorithm != "rsa":
        return {"signAlgo": ECDSA_SHA256_OID}
    parameters = pss_mechanism()["parameters"].dump()
    return {"signAlgo": PSS_OID, "signAlgoParams": b64encode(parameters).decode()}


def _part(told: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = told.get(name)
    return found if isinstance(found, dict) else {}


def _text(told: Mapping[str, Any], name: str) -> str:
    found = told.get(name)
    if not isinstance(found, str) or not found:
        raise _silent()
    return found


def _bytes(text: object) -> bytes:
    try:
        return b64decode(str(text), validate=True)
    except NoBase64 as error:
        raise _silent() from error


def _silent() -> ServiceSilent:
    return ServiceSilent(
        say("Dịch vụ ký từ xa không trả lời, hoặc trả lời sai chuẩn. Chưa ký gì; hãy thử lại hoặc ký cách khác."),
        code="remote_silent",
    )
