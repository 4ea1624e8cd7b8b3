"""Registers: begun for a day, filled row by row and from a workbook, read by whoever may."""

import pytest

from portal.clock import today
from portal.domain.errors import InvalidInput, NotFound, NotPermitted
from portal.domain.registers import RegisterKind
from portal.queries import registers as queries
from portal.services import registers


def test_smoke(scene):
    clerk, above, other = (scene.actors[n] for n in ("station_clerk", "supervisor", "foreign_station_head"))
    made = registers.begin(clerk, RegisterKind.CONTACTS, today())
    with pytest.raises(InvalidInput):
        registers.begin(clerk, RegisterKind.CONTACTS, today())
    registers.add_row(
        clerk, made, {"name": "Vàng Thị Thử", "position": "CT", "duty": "Lãnh đạo", "phone": "0912345678"}
    )
    with pytest.raises(InvalidInput) as e:
        registers.add_row(clerk, made, {"name": "A", "phone": "12"})
    assert set(e.value.fields) == {"position", "duty", "phone"}
    _name, data = registers.workbook(clerk, made)
    assert registers.fill(clerk, made, data) == 1
    with pytest.raises(InvalidInput):
        registers.fill(clerk, made, b"x")
    assert len(queries.contacts_on(above, today())) == 1
    with pytest.raises(NotFound):
        registers.see(other, made)
    with pytest.raises(NotPermitted):
        registers.add_row(above, made, {})
    res = registers.begin(clerk, RegisterKind.RESIDENTS, today())
    assert not queries.shows_rows(above, registers.see(above, res))
    row = queries.rows_of(registers.see(clerk, made))[0]
    registers.remove_row(clerk, made, row.number)
    assert registers.see(clerk, made).rows == 0
