"""What may change in a record after a signature: the next signature in its placed field, a time-stamp, nothing else.

pyHanko's own policy also lets document information, metadata and new invisible signature fields pass; the portal
appends none of those, so they are no part of this one.
"""

from collections.abc import Iterable
from itertools import pairwise

from pyhanko.pdf_utils.generic import DictionaryObject
from pyhanko.sign.diff_analysis import (
    CatalogModificationRule,
    DSSCompareRule,
    FormUpdatingRule,
    ObjectStreamRule,
    SigFieldCreationRule,
    SigFieldModificationRule,
    StandardDiffPolicy,
    SuspiciousModification,
    XrefStreamRule,
)
from pyhanko.sign.diff_analysis.form_rules_api import FieldComparisonContext, FieldComparisonSpec, FormUpdate
from pyhanko.sign.diff_analysis.policy_api import ModificationLevel
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from portal.domain.wording import say
from portal.signatures.archiving import DOCUMENT_STAMP
from portal.verification.container import Container, Contradiction


class StampFieldRule(SigFieldCreationRule):
    """A new field is let pass where it is invisible and holds a document time-stamp."""

    def apply(self, context: FieldComparisonContext) -> Iterable[tuple[ModificationLevel, FormUpdate]]:
        """As pyHanko's rule, for time-stamps alone."""
        for name, spec in context.field_specs.items():
            if spec.old_field_ref is None and not _holds_stamp(spec):
                raise SuspiciousModification(f"The new field {name} holds no document time-stamp.")
        yield from super().apply(context)


def _holds_stamp(spec: FieldComparisonSpec) -> bool:
    field = spec.new_field_ref.get_object() if spec.new_field_ref is not None else None
    if not isinstance(field, DictionaryObject) or "/V" not in field or "/Rect" not in field:
        return False
    left, bottom, right, top = (float(each) for each in field["/Rect"])
    return bool(field["/V"]["/Type"] == DOCUMENT_STAMP and left == right and bottom == top)


NEW_STAMPS = StampFieldRule()  # type: ignore[no-untyped-call]
POLICY = StandardDiffPolicy(
    global_rules=[
        CatalogModificationRule(ignored_keys={"/AcroForm", "/DSS"}),  # type: ignore[no-untyped-call]
        DSSCompareRule().as_qualified(ModificationLevel.LTA_UPDATES),
        XrefStreamRule().as_qualified(ModificationLevel.LTA_UPDATES),
        ObjectStreamRule().as_qualified(ModificationLevel.LTA_UPDATES),
    ],
    form_rule=FormUpdatingRule(field_rules=[NEW_STAMPS, SigFieldModificationRule()]),
    ignore_orphaned_objects=False,
)
FOREIGN = say("Sau chữ ký cuối, tệp có phần được thêm vào không phải do cổng tạo ra.")


def check_revisions(data: bytes, containers: list[Container], signatures: list[EmbeddedPdfSignature]) -> None:
    """Raise Contradiction unless each revision from the first signature on adds one signature, to the last byte.

    A document time-stamp counts as one; nothing but time-stamps may come first or be followed by nothing.
    """
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
