"""The station's lane follows from what verification changed (2262/BYT-CNTT step 4)."""

import pytest

from portal.domain.lanes import Lane, lane_of, resolved_classes

RECORDED = {"id_number": "15185990001", "full_name": "Vàng Thị Mỷ", "birth_date": "1985", "sex": "nữ"}


def changed(**fields: str) -> dict[str, str]:
    return {**RECORDED, **fields}


@pytest.mark.parametrize("listed", [["E1"], ["E2"], ["E2", "E3"]])
def test_a_number_that_was_missing_or_malformed_goes_by_import(listed: list[str]) -> None:
    assert lane_of(RECORDED, changed(id_number="015185990001"), listed) is Lane.IMPORT


def test_a_well_formed_number_that_changed_is_edited() -> None:
    assert resolved_classes(RECORDED, changed(id_number="015185990001"), []) == ("E3a",)
    assert lane_of(RECORDED, changed(id_number="015185990001"), []) is Lane.EDIT


@pytest.mark.parametrize(("field", "letter"), [("full_name", "E3b"), ("birth_date", "E3c"), ("sex", "E3d")])
def test_any_other_changed_field_is_edited_and_gets_its_letter(field: str, letter: str) -> None:
    final = changed(id_number="015185990001", **{field: "khác"})
    assert resolved_classes(RECORDED, final, ["E2"]) == ("E2", letter)
    assert lane_of(RECORDED, final, ["E2"]) is Lane.EDIT


def test_a_person_whose_record_was_right_needs_no_update() -> None:
    assert lane_of(RECORDED, dict(RECORDED), ["E3"]) is Lane.NONE
