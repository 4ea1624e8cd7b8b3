"""How long an officer took per row: figures, never a judgement."""

import pytest

from portal.domain.paces import BOUNDS, class_words, pace_of, span_words


def test_the_histogram_counts_every_measured_row_once() -> None:
    pace = pace_of([0.1, 1.9, 2.0, 7, 29.9, 59, 60, 299, 300, 7200, None])
    assert pace.counts == (2, 1, 1, 1, 1, 2, 2)
    assert (pace.rows, pace.unmeasured) == (11, 1)
    assert sum(pace.counts) == pace.rows - pace.unmeasured


def test_three_hundred_rows_in_forty_seconds_stand_alone_at_the_left() -> None:
    pace = pace_of([40 / 300] * 300)
    assert pace.counts[0] == 300
    assert pace.median == pytest.approx(0.133, abs=0.001)


def test_where_nothing_was_measured_there_is_no_median() -> None:
    assert pace_of([None, None]).median is None


def test_every_class_has_words() -> None:
    assert len(class_words()) == len(BOUNDS) + 1
    assert class_words()[0] == "dưới 2 giây"
    assert class_words()[1] == "từ 2 giây đến dưới 5 giây"
    assert class_words()[-1] == "từ 5 phút"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.13, "0,1 giây"), (5, "5 giây"), (9.96, "10,0 giây"), (61.4, "1 phút 1 giây"), (120, "2 phút")],
)
def test_a_span_is_written_as_vietnamese_offices_write(seconds: float, words: str) -> None:
    assert span_words(seconds) == words
