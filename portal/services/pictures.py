"""Pictures of a person's handwritten signature (blue) and of an organisation's seal (red), NĐ 30/2020 Phụ lục I.

They are drawn into the place of a signature made here; they prove nothing, the digital signature does.
"""

from io import BytesIO

from PIL import Image, UnidentifiedImageError
from sqlalchemy import select

from portal.domain.errors import InvalidInput, NotPermitted
from portal.domain.events import EventTag
from portal.domain.permissions import Actor, Permission, has_permission
from portal.domain.wording import say
from portal.models import Unit, User, db
from portal.services.auditing import record
from portal.services.unit_of_work import transaction
from portal.services.units import require_unit

LARGEST = 1024 * 1024
MOST_PIXELS = 4000 * 4000
KEPT_SIDE = 360
"""Pixels of the longer side: enough for three centimetres on paper."""
UNFIT = say("Tệp phải là ảnh PNG nền trong suốt, không quá 1 MB. Hãy chụp hoặc quét, tách nền rồi lưu dạng PNG.")


def set_signature_picture(actor: Actor, data: bytes) -> None:
    """Keep the actor's own picture; an empty one takes it away. Raises InvalidInput for what is no fit PNG."""
    picture = _fit(data) if data else None
    with transaction():
        db.session.get_one(User, actor.user_id).signature_picture = picture
        record(EventTag.ACCOUNT_CHANGED, actor, account=str(actor.user_id), changes=["signature_picture"])


def set_seal_picture(administrator: Actor, unit_id: int, data: bytes) -> None:
    """Keep a unit's seal; an empty one takes it away."""
    if not has_permission(administrator, Permission.UNIT_ADMINISTER):
        raise NotPermitted(say("Chỉ người quản trị mới sửa được đơn vị."))
    unit = require_unit(administrator, unit_id)
    picture = _fit(data) if data else None
    with transaction():
        unit.seal_picture = picture
        record(EventTag.UNIT_CHANGED, administrator, unit=unit.id, changes=["seal_picture"])


def pictures_of(actor: Actor) -> tuple[bytes | None, bytes | None]:
    """The actor's signature and the unit's seal, as PNG; None where there is none."""
    signature = db.session.scalar(select(User.signature_picture).where(User.id == actor.user_id))
    return signature, db.session.scalar(select(Unit.seal_picture).where(Unit.id == actor.unit_id))


def _fit(data: bytes) -> bytes:
    """The picture at the size that is kept. Raises InvalidInput."""
    try:
        image = Image.open(BytesIO(data[: LARGEST + 1]), formats=["PNG"])
        fits = len(data) <= LARGEST and image.width * image.height <= MOST_PIXELS and min(image.size) >= 16
        kept = image.convert("RGBA") if fits else None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise InvalidInput(UNFIT, fields={"picture": UNFIT}) from error
    if kept is None:
        raise InvalidInput(UNFIT, fields={"picture": UNFIT})
    kept.thumbnail((KEPT_SIDE, KEPT_SIDE))
    out = BytesIO()
    kept.save(out, "PNG")
    return out.getvalue()
