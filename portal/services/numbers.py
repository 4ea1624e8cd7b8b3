"""Numbers of records: one gap-free series per unit and year (NĐ 30/2020 Đ15), safe under concurrency."""

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from portal.models import FreedNumber, NumberSeries, db


def take_number(unit_id: int, year: int) -> int:
    """The unit's next number: the smallest one an abandoned draft gave back, else the series' next.

    Holds the series' row lock until the running transaction ends, so two drafts never share a number.
    """
    db.session.execute(
        insert(NumberSeries).values(unit_id=unit_id, year=year, next_number=1).on_conflict_do_nothing()
    )
    series = db.session.execute(
        select(NumberSeries)
        .where(NumberSeries.unit_id == unit_id, NumberSeries.year == year)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one()
    freed = db.session.execute(
        select(FreedNumber.number)
        .where(FreedNumber.unit_id == unit_id, FreedNumber.year == year)
        .order_by(FreedNumber.number)
        .limit(1)
    ).scalar_one_or_none()
    if freed is not None:
        db.session.execute(
            delete(FreedNumber).where(
                FreedNumber.unit_id == unit_id, FreedNumber.year == year, FreedNumber.number == freed
            )
        )
        return freed
    number = series.next_number
    series.next_number += 1
    return number


def give_back(unit_id: int, year: int, number: int) -> None:
    """Return an abandoned draft's number to the series; signed, refused and recalled numbers never come here."""
    db.session.execute(
        select(NumberSeries).where(NumberSeries.unit_id == unit_id, NumberSeries.year == year).with_for_update()
    )
    db.session.add(FreedNumber(unit_id=unit_id, year=year, number=number))
