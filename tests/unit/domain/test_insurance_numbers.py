from portal.domain.insurance_numbers import examine_insurance_number


def test_an_old_card_number_comes_down_to_its_last_ten_digits_and_says_so():
    examined = examine_insurance_number("DN 4 15 4015012345")
    assert examined.value == "4015012345"
    assert [finding.code for finding in examined.findings] == ["insurance_old_card"]


def test_a_new_number_stays():
    assert examine_insurance_number("4015012345").findings == ()
    assert examine_insurance_number("gd4154015012345").value == "4015012345"


def test_anything_else_is_told_and_kept():
    assert examine_insurance_number("D4154015012345").findings[0].code == "insurance_unusual"
    assert examine_insurance_number("15012345").suggestion == "0015012345"
    assert examine_insurance_number("DN4").value == "DN4"
