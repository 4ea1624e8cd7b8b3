"""Reports by ETSI TS 119 102-2: well formed by its own schema classes, and never better than our own word."""

from datetime import timedelta

import pytest
from cryptography import x509
from pyhanko.generated.etsi.ts_11910202 import ValidationReport
from xsdata.formats.dataclass.parsers import XmlParser
from xsdata.formats.dataclass.parsers.config import ParserConfig

from portal.verification.etsi_reports import validation_reports
from tests.unit.signatures import papers
from tests.unit.verification.test_long_term import believe

STRICT = XmlParser(ParserConfig(fail_on_unknown_properties=True, fail_on_unknown_attributes=True))
AT = papers.NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    believe(monkeypatch, AT)


def reports(pdf: bytes, *, trusted: bool = True) -> dict[str, tuple[str, str]]:
    """Main indication and sub-indication of each field's report, read by the standard's own classes."""
    roots = [papers.authority().certificate] if trusted else []
    found = {}
    for each in validation_reports(pdf, roots, now=AT, lists=[x509.load_der_x509_crl(papers.revocations(AT))]):
        (single,) = STRICT.from_bytes(each.xml, ValidationReport).signature_validation_report
        status = single.signature_validation_status
        sub = status.sub_indication[0].rsplit(":", 1)[1] if status.sub_indication else ""
        found[each.field] = (status.main_indication.rsplit(":", 1)[1], sub)
    return found


@pytest.mark.parametrize(
    ("made", "indication"),
    [
        (papers.timed, ("total-passed", "")),
        (papers.archived, ("total-passed", "")),
        (papers.received, ("indeterminate", "SIG_CONSTRAINTS_FAILURE")),
    ],
    ids=["B-T", "B-LTA", "B-B"],
)
def test_every_signature_of_a_record_has_its_report(made, indication):
    """Without a time-stamp the standard cannot say when: indeterminate, though our page says genuine at level B-B."""
    assert reports(made()) == dict.fromkeys(("seal", "giver", "receiver"), indication)


def test_what_was_added_afterwards_fails_the_report_too():
    told = reports(papers.timed() + b"x")
    assert set(told.values()) == {("total-failed", "FORMAT_FAILURE")}


def test_an_unknown_authority_is_not_passed():
    assert {main for main, _ in reports(papers.timed(), trusted=False).values()} == {"indeterminate"}
