"""An extract of the event log that proves itself: some leaves, opened, with their paths to one signed head."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.domain.wording import Sentence, say
from portal.evidence.canonical import canonical_json, sha256_hex
from portal.evidence.checkpoints import Checkpoint
from portal.evidence.merkle import includes, leaf_hash

VERSION = 1


@dataclass(frozen=True)
class OpenedLeaf:
    """A leaf with what its payload digest was made of; `salt` is empty where the payload was lawfully erased."""

    number: int
    body: bytes
    salt: bytes
    payload: Mapping[str, Any]
    values: list[list[Any]]
    path: list[bytes]

    def as_dict(self) -> dict[str, Any]:
        """As it is written into the extract."""
        return {
            "leaf": self.number,
            "body": self.body.decode(),
            "salt": self.salt.hex(),
            "payload": dict(self.payload),
            "values": self.values,
            "path": [base64.b64encode(each).decode() for each in self.path],
        }

    @classmethod
    def from_dict(cls, read: Mapping[str, Any]) -> "OpenedLeaf":
        """As it is read back. Raises KeyError, TypeError or ValueError for another shape."""
        return cls(
            number=int(read["leaf"]),
            body=str(read["body"]).encode(),
            salt=bytes.fromhex(read["salt"]),
            payload=dict(read["payload"]),
            values=list(read["values"]),
            path=[base64.b64decode(each, validate=True) for each in read["path"]],
        )


def opened_digest(salt: bytes, payload: Mapping[str, Any], values: list[list[Any]]) -> str:
    """The payload digest that stands in a leaf: SHA-256 over salt, canonical payload and the values it names."""
    return sha256_hex(salt + canonical_json({"payload": payload, "values": values}))


def write_extract(leaves: list[OpenedLeaf]) -> bytes:
    """The extract as JSON, readable by people too."""
    told = {"version": VERSION, "leaves": [each.as_dict() for each in leaves]}
    return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True).encode()


def read_extract(data: bytes) -> list[OpenedLeaf]:
    """The leaves of an extract. Raises ValueError, KeyError or TypeError for anything else."""
    told = json.loads(data)
    if told["version"] != VERSION:
        raise ValueError(told["version"])
    return [OpenedLeaf.from_dict(each) for each in told["leaves"]]


def faults(leaves: list[OpenedLeaf], head: Checkpoint) -> list[Sentence]:
    """What does not hold: a leaf outside the signed head, a payload that is not the one the leaf was made of."""
    found = []
    for each in leaves:
        if not includes(leaf_hash(each.body), each.number, head.size, each.path, head.root):
            found.append(say("Sự kiện ở lá {number} không nằm trong điểm neo.", number=each.number))
        elif each.salt and json.loads(each.body).get("payload_sha256") != opened_digest(
            each.salt, each.payload, each.values
        ):
            found.append(say("Nội dung sự kiện ở lá {number} khác lúc ghi.", number=each.number))
    return found
