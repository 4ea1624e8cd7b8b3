"""The two persons of a pair as a page shows them: whole to who holds them, masked to others, or a claim only."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from portal.domain.differences import DifferenceKind, difference_kind
from portal.domain.fields import Field
from portal.domain.labels import label
from portal.domain.masking import masked_number
from portal.domain.pairs import PairKind
from portal.queries.contacts import Contact
from portal.queries.duplicates import PairRow, PairSide
from portal.web.filters import told_sex

_NUMBERS = {Field.ID_NUMBER, Field.PHONE, Field.INSURANCE_NUMBER}


@dataclass(frozen=True)
class ToldSide:
    """One person in words. `address` leads to the entry; `ask` is whom to call."""

    name: str
    place: str
    address: str
    ask: Contact
    earlier: tuple[str, ...] = ()


@dataclass(frozen=True)
class ComparedField:
    """One field of both persons; `weight` says how much it speaks for one person."""

    words: str
    one: str
    other: str
    kind: str
    weight: float
    differs: bool
    marks: bool


def told(side: PairSide) -> ToldSide:
    """The person's name and list; of a person on a list that may not be seen only that there is a claim."""
    if not side.is_seen or side.values is None:
        return ToldSide(_("Một người ở xã khác"), side.station.unit_name, "", side.station)
    number = str(_("dòng %(number)s", number=side.number))
    return ToldSide(
        name=side.values[Field.FULL_NAME.value] or _("Chưa có tên"),
        place=f"{side.list_name} · {side.list_code} · {number}",
        address=url_for("entries.show", list_id=side.list_id, number=side.number),
        ask=side.holder,
        earlier=tuple(masked_number(each) for each in side.earlier_numbers),
    )


def compared(row: PairRow) -> list[ComparedField]:
    """The fields side by side with the kind of difference; numbers whole only where the own unit holds both."""
    if not row.is_whole or row.one.values is None or row.other.values is None:
        return []
    whole = row.one.is_held and row.other.is_held
    found = []
    for field in Field:
        one, other = row.one.values[field.value], row.other.values[field.value]
        if not one and not other:
            continue
        kind = difference_kind(one, other) if one and other else None
        hidden = field in _NUMBERS and not whole
        shown = [_shown(field, each, hidden=hidden) for each in (one, other)]
        found.append(
            ComparedField(
                words=label(field),
                one=shown[0],
                other=shown[1],
                kind=label(kind) if kind else _("một bên không ghi"),
                weight=float(row.pair.evidence.get(field.value, 0)),
                differs=kind is not DifferenceKind.SAME,
                marks=not hidden and kind is not None and kind is not DifferenceKind.SAME,
            )
        )
    return found


def _shown(field: Field, value: str, *, hidden: bool) -> str:
    if field is Field.SEX:
        return told_sex(value) if value else ""
    return masked_number(value) if hidden else value


@dataclass(frozen=True)
class Claim:
    """Somebody else who may be the person of a page: which case it is, who and where, and the pair's page."""

    kind: PairKind
    name: str
    place: str
    address: str
    is_decided: bool


def claims_of(entry_id: int, rows: list[PairRow]) -> list[Claim]:
    """The other side of each pair of an entry."""
    found = []
    for row in rows:
        other = told(row.other if row.pair.one_entry_id == entry_id else row.one)
        found.append(
            Claim(
                kind=PairKind(row.pair.kind),
                name=other.name,
                place=other.place,
                address=url_for("duplicates.show", pair_id=row.pair.id),
                is_decided=bool(row.pair.decision),
            )
        )
    return found
