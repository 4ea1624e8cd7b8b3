"""Hidden rows of a workbook: read like all others, but a person says whether they are taken or kept apart."""

from dataclasses import replace

from portal.domain.errors import InvalidInput
from portal.domain.findings import Finding, Severity
from portal.domain.wording import say
from portal.spreadsheets.results import CheckResult

TAKE, LEAVE = "take", "leave"
"""What a person decides about the hidden rows of a file."""


def hidden_rows_decided(result: CheckResult, decision: str) -> CheckResult:
    """The result with its hidden rows as the person wants them. Raises InvalidInput where the person has to say."""
    if not result.hidden_rows or decision == TAKE:
        return result
    if decision != LEAVE:
        raise InvalidInput(
            say("Tệp có {count} dòng ẩn. Hãy chọn nhập cả hay để riêng.", count=len(result.hidden_rows)),
            fields={"hidden_rows": say("Chọn nhập cả các dòng ẩn, hoặc để riêng.")},
        )
    entries = [
        row._replace(status="parked", findings=(*row.findings, _LEFT_HIDDEN))
        if row.row in result.hidden_rows
        else row
        for row in result.entries
    ]
    parked = [row.status for row in entries].count("parked")
    return replace(result, entries=entries, parked=parked, accepted=result.rows - parked)


_LEFT_HIDDEN = Finding(
    "hidden_row_left",
    None,
    say("Dòng này đang ẩn trong tệp và trạm chọn để riêng; nếu cần, hãy bỏ ẩn trong tệp rồi nhập thành đợt sau."),
    Severity.WARNING,
)
