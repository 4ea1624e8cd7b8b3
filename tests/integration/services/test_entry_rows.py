"""Entries that come by COPY are the same as those the model itself would insert."""

import pytest
from sqlalchemy import insert, select

from portal.models import CorrectionList, Entry, db
from portal.services.entry_rows import insert_entries


def _row(of_list, number):
    return {
        "province_id": of_list.province_id,
        "batch_id": of_list.batch_id,
        "list_id": of_list.id,
        "number": number,
        "source_row": number + 3,
        "recorded": {"full_name": 'Giàng "A"\tPáo\\n', "id_number": ""},
        "raw": {"Họ tên": "Giàng\nA Páo"},
        "classes": ["E1", "E3"],
        "findings": [{"code": "id_missing", "message": "Chưa có số; {bổ sung}"}],
        "suggestions": {},
        "folded_name": "giang a pao",
        "sort_key": "pao",
    }


def _columns(entry):
    apart = {"id", "number", "source_row"}
    return {column.key: getattr(entry, column.key) for column in Entry.__table__.columns if column.key not in apart}


def test_a_copied_entry_equals_an_inserted_one_in_every_column(scene):
    of_list = db.session.get_one(CorrectionList, scene.make_list(people=1))
    db.session.execute(insert(Entry), [_row(of_list, 101)])
    insert_entries([_row(of_list, 102), _row(of_list, 103)])
    found = db.session.scalars(
        select(Entry).where(Entry.list_id == of_list.id, Entry.number > 100).order_by(Entry.number)
    ).all()
    assert [entry.number for entry in found] == [101, 102, 103]
    assert _columns(found[0]) == _columns(found[1]) == _columns(found[2])
    db.session.rollback()


def test_copied_entries_belong_to_the_running_transaction(scene):
    of_list = db.session.get_one(CorrectionList, scene.make_list(people=1))
    list_id = of_list.id
    insert_entries([_row(of_list, 201)])
    db.session.rollback()
    assert db.session.scalars(select(Entry.number).where(Entry.list_id == list_id)).all() == [1]


def test_no_rows_and_unknown_columns(scene):
    insert_entries([])
    with pytest.raises(ValueError, match="no columns"):
        insert_entries([{"surname": "x"}])
