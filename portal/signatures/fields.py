"""The places of a record's signatures, made before the first one, so that nothing changes shape later."""

from collections.abc import Mapping
from io import BytesIO
from typing import Protocol

from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, SigFieldSpec, append_signature_field

from portal.signatures.appending import AppendingWriter

SEAL, GIVER, RECEIVER = "seal", "giver", "receiver"
STAMP = "timestamp"
"""Document time-stamps are appended in fields of their own, «timestamp-1» and on."""
SIGNING_ORDER = (SEAL, GIVER, RECEIVER)
READABLE = {
    SEAL: "Dấu điện tử của cổng Bàn giao",
    GIVER: "Chữ ký số của đại diện bên giao",
    RECEIVER: "Chữ ký số của đại diện bên nhận",
    STAMP: "Dấu thời gian của văn bản",
}


class Box(Protocol):
    """Where a visible signature goes: page counted from 0, corners in PDF points from the lower left."""

    @property
    def page(self) -> int: ...  # noqa: D102
    @property
    def x1(self) -> float: ...  # noqa: D102
    @property
    def y1(self) -> float: ...  # noqa: D102
    @property
    def x2(self) -> float: ...  # noqa: D102
    @property
    def y2(self) -> float: ...  # noqa: D102


def place_fields(pdf: bytes, boxes: Mapping[str, Box]) -> bytes:
    """Append the seal's invisible field and the visible ones of `boxes` ("giver", and "receiver" where two sign).

    The last visible field locks all fields (FieldMDP ALL) once it is signed: nothing may be signed after it. Raises
    ValueError for other names.
    """
    names = [name for name in SIGNING_ORDER[1:] if name in boxes]
    if not names or set(names) != set(boxes):
        raise ValueError(f"fields must be giver, or giver and receiver, not {sorted(boxes)}")
    writer = AppendingWriter(pdf)
    append_signature_field(writer, SigFieldSpec(SEAL, readable_field_name=READABLE[SEAL]))
    for name in names:
        append_signature_field(writer, _visible(name, boxes[name], last=name == names[-1]))
    out = BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call]
    return out.getvalue()


def _visible(name: str, box: Box, *, last: bool) -> SigFieldSpec:
    return SigFieldSpec(
        name,
        on_page=box.page,
        box=(box.x1, box.y1, box.x2, box.y2),  # type: ignore[arg-type]  # points need not be whole
        readable_field_name=READABLE[name],
        field_mdp_spec=FieldMDPSpec(FieldMDPAction.ALL) if last else None,
    )
