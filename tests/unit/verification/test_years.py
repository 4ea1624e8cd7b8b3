"""Through the years: what each level proves offline, whatever shape the authorities have."""

from datetime import timedelta

import pytest
from cryptography import x509

from portal.verification.files import verify_pdf
from portal.verification.verdicts import Word
from tests.unit.signatures import papers
from tests.unit.verification.shapes import LEVELS, SHAPES, record_of

DAYS = {"+1 d": 1, "+60 d": 60, "+800 d": 800, "+10 y": 3653}
LASTS = {
    # Persons' certificates end after three years; the time-stamp authority's after fifteen.
    "B-B": {"+1 d", "+60 d", "+800 d"},
    "B-T": {"+1 d", "+60 d", "+800 d"},
    "B-LT": {"+1 d", "+60 d", "+800 d", "+10 y"},
    "B-LTA": {"+1 d", "+60 d", "+800 d", "+10 y"},
}


@pytest.mark.parametrize("shape", SHAPES)
def test_each_level_proves_itself_offline_as_long_as_it_promises(shape):
    of = SHAPES[shape]()
    for level in LEVELS:
        pdf = record_of(of, level)
        for years, days in DAYS.items():
            found = verify_pdf(pdf, of.roots, now=papers.NOW + timedelta(days=days))
            told = (level, years, [line.text for line in found.lines])
            assert found.verdict is (Word.GENUINE if years in LASTS[level] else Word.UNDECIDED), told
            assert [each.level for each in found.signatures] == [level] * 3, told
            assert found.lines[0].ok, told
            assert found.lines[1].ok, told
            assert "không kèm danh sách thu hồi" in found.lines[4].text, told


@pytest.mark.parametrize("shape", SHAPES)
def test_a_bundle_with_lists_from_the_time_carries_further_and_states_its_age(shape):
    of = SHAPES[shape]()
    pdf = record_of(of, "B-T")
    lists = [x509.load_der_x509_crl(each) for each in of.lists(papers.NOW + papers.MINUTE)]
    for days in DAYS.values():
        found = verify_pdf(pdf, of.roots, now=papers.NOW + timedelta(days=days), lists=lists)
        assert found.verdict is Word.GENUINE
        age = f"Danh sách thu hồi của bộ tin cậy lập ngày 20/11/2026, cách đây {days} ngày."
        assert age in found.lines[4].text


def test_with_one_of_two_roots_the_other_s_signatures_are_undecided():
    of = SHAPES["root replaced"]()
    for root in (of.before.root, of.after.root):
        found = verify_pdf(record_of(of, "B-LTA"), [root], now=papers.NOW + timedelta(days=1))
        assert found.verdict is Word.UNDECIDED
        assert found.lines[0].ok


def test_a_list_that_one_of_the_authorities_wrote_last_tells_the_age():
    of = SHAPES["root replaced"]()
    old = [x509.load_der_x509_crl(each) for each in of.before.lists(papers.NOW)]
    new = [x509.load_der_x509_crl(each) for each in of.after.lists(papers.NOW + timedelta(days=50))]
    found = verify_pdf(record_of(of, "B-B"), of.roots, now=papers.NOW + timedelta(days=60), lists=[*old, *new])
    assert "cách đây 60 ngày" in found.lines[4].text
