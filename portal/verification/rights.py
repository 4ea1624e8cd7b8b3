"""With what right the signatures of a record were made: the portal's own seal first, then each side for its unit.

A chain to the root is not enough: whoever holds a person's internal key could seal a paper of his own with it.
"""

import json
from collections.abc import Sequence
from typing import Any

from portal.domain.wording import say
from portal.signatures.authority import SEAL_NAME
from portal.signatures.fields import GIVER, RECEIVER, SEAL
from portal.verification.signatures import Examined

NO_SEAL = say("Biên bản không mang dấu điện tử của cổng ở chữ ký đầu tiên.")
PERSONAL_SEAL = say("Dấu của cổng được ký bằng chứng thư không phải của cổng.")
OTHER_UNIT = say("Chứng thư của {place} cấp cho đơn vị khác với đơn vị ghi trên biên bản.")
PLACES = {GIVER: say("bên giao"), RECEIVER: say("bên nhận")}


def missing_rights(examined: Sequence[Examined], data: Sequence[bytes]) -> list[str]:
    """What speaks against the right to sign a record, in Vietnamese; nothing for files that are no record.

    `data` are the attached files: the first that is a manifest names the two units. A side that it does not name
    has no right to sign: else every certificate under a trusted root would do.
    """
    by_field = {each.result.field: each for each in examined}
    if not {SEAL, *PLACES} & set(by_field):
        return []
    doubts: list[str] = []
    if examined[0].result.field != SEAL:
        doubts.append(NO_SEAL)
    elif not is_seal(examined[0]):
        doubts.append(PERSONAL_SEAL)
    units, enrolled = _units(data)
    for field, place in PLACES.items():
        if field not in by_field or (units.get(field) and by_field[field].unit_code == units[field]):
            continue
        # A certificate of another authority names no unit of ours: the sealed data name the enrolled ones.
        if by_field[field].fingerprint not in enrolled.get(field, ()):
            doubts.append(say(OTHER_UNIT, place=place))
    return doubts


def is_seal(examined: Examined) -> bool:
    """Whether a certificate is the portal's: the seal's name, and no account as persons' certificates bear one."""
    return examined.result.signer == SEAL_NAME and not examined.account


def _units(data: Sequence[bytes]) -> tuple[dict[str, str], dict[str, list[str]]]:
    """The unit codes of giver and receiver in a manifest, and each side's enrolled certificates (SHA-256)."""
    for each in data:
        try:
            manifest: Any = json.loads(each)
            units = {side: str(manifest[side]["code"]) for side in PLACES if manifest.get(side)}
            return units, dict(manifest.get("signers", {}))
        except (ValueError, TypeError, KeyError, AttributeError):
            continue
    return {}, {}
