"""The result of a bulk act as a workbook; taking it out is written down."""

from uuid import UUID

from portal.domain.labels import label
from portal.domain.permissions import Actor
from portal.domain.wording import say
from portal.languages import VIETNAMESE
from portal.models import CorrectionList, db
from portal.queries import bulk as queries
from portal.services.bulk.acts import own_act
from portal.services.exporting import log_export
from portal.services.unit_of_work import transaction
from portal.spreadsheets.writing import table_workbook

_HEADINGS = (
    say("TT"),
    say("Danh sách"),
    say("Mã danh sách"),
    say("Dòng"),
    say("Họ và tên"),
    say("Kết quả"),
    say("Lý do không làm được"),
)


def result_workbook(actor: Actor, act_id: UUID, *, title: str, language: str = VIETNAMESE) -> tuple[str, bytes]:
    """Each item of the actor's own bulk act with what came of it, no identity numbers; returns name and bytes."""
    with transaction():
        act = own_act(actor, act_id)
        of_list = db.session.get(CorrectionList, act.list_id) if act.list_id else None
        mark = log_export(actor, "bulk_result", *([of_list] if of_list else []))
        rows = [
            (
                str(item.place),
                item.list_name,
                item.list_code,
                str(item.entry_number or ""),
                item.entry_name,
                label(item.state),
                item.words,
            )
            for item in queries.items_of(actor, act_id, size=None)
        ]
    name = f"ket-qua-{of_list.code.replace('/', '-')}.xlsx" if of_list else "ket-qua.xlsx"
    return name, table_workbook(_HEADINGS, rows, title, language, mark=mark)
