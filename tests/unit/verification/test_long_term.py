"""An archived file holds what another verifier needs: pyHanko's own long-term validation, strict on revocation."""

from datetime import datetime, timedelta
from io import BytesIO

import pytest
from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.policy_decl import (
    LocalKnowledge,
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv import ades_past, poe
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer

from portal.signatures.appending import run_to_end
from portal.signatures.archiving import is_stamp
from tests.unit.signatures import papers

ROOT = asn1_x509.Certificate.load(papers.authority().certificate.public_bytes(Encoding.DER))


def believe(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    """pyHanko asks the machine's clock in places where it cannot be told the moment of validation."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return moment.astimezone(tz)

    monkeypatch.setattr(ades_past, "datetime", Clock)
    monkeypatch.setattr(poe, "datetime", Clock)


@pytest.mark.parametrize("days", [1, 60, 800])
def test_another_verifier_is_content_with_an_archived_file_and_todays_list(monkeypatch, days):
    """pyHanko's own long-term validation (EN 319 102-1, 5.6.3), strict on revocation, while the persons' keys last."""
    moment = papers.NOW + timedelta(days=days)
    today = CRLContainer(asn1_crl.CertificateList.load(papers.revocations(moment)))
    strict = PdfSignatureValidationSpec(
        SignatureValidationSpec(
            cert_validation_policy=CertValidationPolicySpec(
                trust_manager=SimpleTrustManager.build(trust_roots=[ROOT]),
                revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO),
            ),
            revinfo_gathering_policy=RevocationInfoGatheringSpec(
                online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY
            ),
            local_knowledge=LocalKnowledge(known_crls=[today]),
        )
    )
    believe(monkeypatch, moment)
    found = [
        run_to_end(ades_lta_validation(each, strict, timing_info=ValidationTimingInfo(moment, moment, True)))
        for each in PdfFileReader(BytesIO(papers.archived())).embedded_signatures
        if not is_stamp(each)
    ]
    assert [(each.ades_subindic, each.api_status.bottom_line) for each in found] == [(AdESPassed.OK, True)] * 3
