"""Counting what a person looks up; beyond the limit nothing is shown and those above are told."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import case
from sqlalchemy.dialects.postgresql import insert

from portal.clock import now
from portal.domain.errors import DomainError
from portal.domain.events import EventTag
from portal.domain.permissions import Actor
from portal.domain.reading_limits import DAY, LIMITS, Limit, Limited
from portal.domain.wording import Sentence, say
from portal.models import CorrectionList, ReadingCount, db
from portal.services.auditing import record
from portal.services.unit_of_work import transaction


class TooManyReadings(DomainError):
    """The person has looked more often than anybody works by hand (HTTP 429)."""


def count(actor: Actor, what: Limited, of_list: CorrectionList | None = None) -> None:
    """Count one look. Raises TooManyReadings beyond a limit, with the time to wait in words.

    Commits. The count is by person, whichever place he acts in; the first look over a limit is written down, and the
    coordinators of the list's commune find it in their digest.
    """
    at = now()
    with transaction():
        times = {limit: _one_more(actor, what, limit, at) for limit in LIMITS[what]}
        over = [limit for limit in LIMITS[what] if times[limit] > limit.most]
        for limit in over:
            if times[limit] == limit.most + 1:
                record(EventTag.READING_LIMITED, actor, of_list=of_list, what=what.value, most=limit.most)
    if over:
        raise TooManyReadings(_words(what, max(over, key=lambda limit: limit.span), at))


def _one_more(actor: Actor, what: Limited, limit: Limit, at: datetime) -> int:
    """The count within the running span, this look included; a new span begins at one."""
    since = at - (at - datetime.min.replace(tzinfo=UTC)) % limit.span
    row = {
        "user_id": actor.user_id,
        "what": what.value,
        "seconds": int(limit.span.total_seconds()),
        "since": since,
        "times": 1,
    }
    put = insert(ReadingCount).values(row)
    same = ReadingCount.since == put.excluded.since
    put = put.on_conflict_do_update(
        index_elements=["user_id", "what", "seconds"],
        set_={"since": put.excluded.since, "times": case((same, ReadingCount.times + 1), else_=1)},
    )
    return int(db.session.execute(put.returning(ReadingCount.times)).scalar_one())


def _words(what: Limited, limit: Limit, at: datetime) -> Sentence:
    left = limit.span - (at - datetime.min.replace(tzinfo=UTC)) % limit.span
    wait = _wait(left)
    if what is Limited.SEARCH:
        return say(
            "Bạn đã tìm người {most} lượt trong {span}, nhiều hơn mức cho phép. Hãy chờ {wait} rồi tìm tiếp. "
            "Lượt vượt mức được ghi lại để điều phối và giám sát xem; "
            "cần tra hàng loạt thì dùng tệp Excel của danh sách.",
            most=limit.most,
            span=_span(limit),
            wait=wait,
        )
    return say(
        "Bạn đã cho hiện đủ số định danh {most} lượt trong {span}, nhiều hơn mức cho phép. "
        "Hãy chờ {wait} rồi làm tiếp. "
        "Lượt vượt mức được ghi lại và báo cho điều phối cấp xã; cần gấp thì gọi cho họ.",
        most=limit.most,
        span=_span(limit),
        wait=wait,
    )


def _span(limit: Limit) -> Sentence:
    if limit.span == DAY:
        return say("một ngày")
    return say("một giờ") if limit.span > timedelta(minutes=1) else say("một phút")


def _wait(left: timedelta) -> Sentence:
    minutes = int(left.total_seconds() // 60) + 1
    return say("{count} giờ", count=minutes // 60 + 1) if minutes > 60 else say("{count} phút", count=minutes)
