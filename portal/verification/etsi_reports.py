"""Validation reports in the form of ETSI TS 119 102-2, one for each signature of a record, for other verifiers.

The validation behind them is pyHanko's, by EN 319 102-1 and strict on revocation, with nothing fetched; whatever our
own verdict holds against the file overrules it, for the standard's answer knows nothing of what was added afterwards.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from typing import Any

from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate, AdESPassed
from pyhanko.sign.validation.ades import (
    AdESBasicValidationResult,
    ades_lta_validation,
    ades_with_time_validation,
)
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.policy_decl import (
    LocalKnowledge,
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer

from portal.domain.levels import Level
from portal.signatures.appending import run_to_end
from portal.signatures.archiving import is_stamp
from portal.verification.files import verify_pdf
from portal.verification.verdicts import Word

NO_DOUBT = re.compile(r"\s*<vr:SubIndication>[^<]*:OK</vr:SubIndication>")
"""pyHanko's word for the absence of a sub-indication; the standard knows none such."""


@dataclass(frozen=True)
class Report:
    """One signature's report: the field it lies in, and the XML."""

    field: str
    xml: bytes


def validation_reports(
    pdf: bytes,
    roots: Iterable[x509.Certificate],
    *,
    now: datetime,
    lists: Sequence[x509.CertificateRevocationList] = (),
) -> list[Report]:
    """The reports on a record's signatures as of `now`, trusting `roots` alone; `lists` as for `verify_pdf`."""
    from pyhanko.sign.validation.report.tools import generate_report  # its 3 MB of XML classes are needed here alone

    anchors = list(roots)
    verdict = verify_pdf(pdf, anchors, now=now, lists=lists)
    told = {each.field: each for each in verdict.signatures}
    spec, timing = _strict(anchors, lists), ValidationTimingInfo(now, now, point_in_time_validation=True)
    reports = []
    for signature in PdfFileReader(BytesIO(pdf)).embedded_signatures:
        if is_stamp(signature):
            continue
        name = str(signature.field_name)
        level = told[name].level if name in told else ""
        found = _judged(_validated(signature, spec, timing, level), verdict.verdict)
        reports.append(Report(name, NO_DOUBT.sub("", generate_report(signature, found)).encode()))
    return reports


def _validated(
    signature: EmbeddedPdfSignature,
    spec: PdfSignatureValidationSpec,
    timing: ValidationTimingInfo,
    level: str,
) -> AdESBasicValidationResult[Any]:
    """By the process that fits the level: pyHanko's others give answers that mean something else."""
    if level in (Level.B_LT, Level.B_LTA):
        return run_to_end(ades_lta_validation(signature, spec, timing_info=timing))
    signature.compute_integrity_info(skip_diff=True)  # type: ignore[no-untyped-call]
    return run_to_end(
        ades_with_time_validation(
            signature.signed_data,
            spec.signature_validation_spec,
            timing_info=timing,
            raw_digest=signature.compute_digest(),
            extra_status_kwargs=signature.summarise_integrity_info(),
            status_cls=PdfSignatureStatus,
        )
    )


def _judged(found: AdESBasicValidationResult[Any], word: Word) -> AdESBasicValidationResult[Any]:
    """The result, never better than our own word on the file: TOTAL-FAILED where its bytes contradict a signature."""
    if word is Word.NOT_GENUINE:
        return replace(found, ades_subindic=AdESFailure.FORMAT_FAILURE)
    if word is Word.UNDECIDED and isinstance(found.ades_subindic, AdESPassed):
        return replace(found, ades_subindic=AdESIndeterminate.GENERIC)
    return found


def _strict(
    roots: Sequence[x509.Certificate], lists: Sequence[x509.CertificateRevocationList]
) -> PdfSignatureValidationSpec:
    anchors = [asn1_x509.Certificate.load(each.public_bytes(Encoding.DER)) for each in roots]
    known = [CRLContainer(asn1_crl.CertificateList.load(each.public_bytes(Encoding.DER))) for each in lists]
    return PdfSignatureValidationSpec(
        SignatureValidationSpec(
            cert_validation_policy=CertValidationPolicySpec(
                trust_manager=SimpleTrustManager.build(trust_roots=anchors),
                revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO),
            ),
            revinfo_gathering_policy=RevocationInfoGatheringSpec(
                online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY
            ),
            # The root itself is needed as a certificate too: it issued the lists.
            local_knowledge=LocalKnowledge(known_crls=known, known_certs=anchors),
        ),
        diff_policy=None,
    )
