"""What may change in a record after a signature: the next signature in its placed field, and nothing else.

pyHanko's own policy also lets document information, metadata and new invisible signature fields pass; the portal
appends none of those, so they are no part of this one.
"""

from itertools import pairwise

from pyhanko.sign.diff_analysis import (
    CatalogModificationRule,
    FormUpdatingRule,
    ObjectStreamRule,
    SigFieldModificationRule,
    StandardDiffPolicy,
    XrefStreamRule,
)
from pyhanko.sign.diff_analysis.policy_api import ModificationLevel
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from portal.domain.wording import say
from portal.verification.container import Container, Contradiction

POLICY = StandardDiffPolicy(
    global_rules=[
        CatalogModificationRule(ignored_keys={"/AcroForm"}),  # type: ignore[no-untyped-call]
        XrefStreamRule().as_qualified(ModificationLevel.LTA_UPDATES),
        ObjectStreamRule().as_qualified(ModificationLevel.LTA_UPDATES),
    ],
    form_rule=FormUpdatingRule(field_rules=[SigFieldModificationRule()]),
    ignore_orphaned_objects=False,
)
FOREIGN = say("Sau chữ ký cuối, tệp có phần được thêm vào không phải do cổng tạo ra.")


def check_revisions(data: bytes, containers: list[Container], signatures: list[EmbeddedPdfSignature]) -> None:
    """Raise Contradiction unless each revision from the first signature on adds one signature, to the last byte."""
    if containers[-1].end != len(data):
        raise Contradiction(FOREIGN)
    if any(before.end > after.start for before, after in pairwise(containers)):
        raise Contradiction(say("Các chữ ký không nối tiếp nhau trong tệp."))
    last = signatures[0].reader.xrefs.total_revisions - 1
    expected = list(range(last - len(signatures) + 1, last + 1))
    if [each.signed_revision for each in signatures] != expected:
        raise Contradiction(say("Giữa các chữ ký, tệp có phiên bản không phải do cổng tạo ra."))
    if signatures[0].reader.encrypted:
        raise Contradiction(say("Tệp bị đặt mật khẩu sau khi lập."))
