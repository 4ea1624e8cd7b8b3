"""The trail (hồ sơ danh sách) on paper: route, records and every event of one list or batch."""

from collections.abc import Callable, Iterator
from functools import partial

from portal.clock import local
from portal.documents.assembly import assemble
from portal.documents.cells import BOLD
from portal.documents.content import Change, TrailContent, TrailEvent
from portal.documents.letters import shown, with_each_text
from portal.documents.tables import Column, DrawnPages, HeadLine, Sheets, draw_table
from portal.documents.typesetting import typeset
from portal.documents.wording import TEST_MARK, short_time
from portal.domain.phrases import count_words, held_words
from portal.domain.wording import say, together
from portal.languages import VIETNAMESE, in_language

COLUMNS = (
    Column(say("Thời gian"), 21, "center"),
    Column(say("Người thực hiện"), 46),
    Column(say("Việc đã làm"), 40),
    Column(say("Thay đổi"), 56),
)
"""Together 163 mm: A4 portrait less its margins."""
STILL_HELD = say("đang giữ")


def draw_trail(content: TrailContent, language: str = VIETNAMESE) -> bytes:
    """Draw a trail as PDF/A-3u for a reader of the language; equal contents give equal bytes.

    A letter the font lacks is printed as its code, because a report must never fail on what it reports.
    """
    told = partial(in_language, language=language)
    content = shown(with_each_text(content, told))
    front, document = typeset("trail.html", _values(content, ""), [], language)
    before = len(document.pages)
    events = _draw_events(content, before, told) if content.events else None
    total = before + (events.pages if events else 0)
    # The same pages, now with their total.
    front, _ = typeset("trail.html", _values(content, str(total)), [], language)
    return assemble(front, [events.pdf] if events else [])


def _values(content: TrailContent, total: str) -> dict[str, object]:
    return {
        "content": content,
        "printed": local(content.printed_at).isoformat(timespec="seconds"),
        "foot": content.mark,
        "test_mark": TEST_MARK,
        "total": total,
        "route": list(_route(content)),
        "records": list(_records(content)),
    }


def _route(content: TrailContent) -> Iterator[dict[str, str]]:
    for step in content.route:
        yield {
            "party": step.party,
            "stage": step.stage,
            "since": short_time(step.since),
            "until": short_time(step.until) if step.until else STILL_HELD,
            "held": held_words(step.since, step.until or content.printed_at),
            "due": step.due_text,
            "note": step.note,
        }


def _records(content: TrailContent) -> Iterator[dict[str, str]]:
    for record in content.records:
        yield {
            "number_text": record.number_text,
            "title": record.title,
            "parties": record.parties,
            "signed_at": short_time(record.signed_at) if record.signed_at else say("chưa ký xong"),
            "verdict": record.verdict,
        }


def _draw_events(content: TrailContent, pages_before: int, told: Callable[[str], str]) -> DrawnPages:
    sheets = Sheets(
        landscape=False,
        head=(
            HeadLine(
                say("IV. Sự kiện ({count})", count=count_words(len(content.events))), BOLD, 14, 6, centred=False
            ),
        ),
        foot=content.mark,
        mark=TEST_MARK if content.test_data else "",
        pages_before=pages_before,
    )
    return draw_table(
        with_each_text(sheets, told),
        with_each_text(COLUMNS, told),
        (with_each_text(_row(event), told) for event in content.events),
    )


def _row(event: TrailEvent) -> tuple[str, ...]:
    place = ", ".join(filter(None, (event.position, event.unit_name)))
    return (
        short_time(event.at).replace(" ", "\n"),
        "\n".join(filter(None, (event.person_name, place))),
        event.act,
        together(*(_change_words(change) for change in event.changes), by="\n"),
    )


def _change_words(change: Change) -> str:
    """`Số định danh: từ … thành …`, or only the side that there is."""
    if change.before and change.after:
        words = say("từ “{before}” thành “{after}”", before=change.before, after=change.after)
    elif change.after:
        words = say("ghi “{after}”", after=change.after)
    else:
        words = say("bỏ “{before}”", before=change.before)
    return together(change.subject, words, by=": ")
