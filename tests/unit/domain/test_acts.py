import pytest

from portal.domain.acts import ACT_WORDS, FIELD_WORDS, READING_TAGS
from portal.domain.events import EventTag
from portal.domain.fields import Field

OF_A_LIST_OR_BATCH = [
    tag
    for tag in EventTag
    if tag.partition(":")[0] in {"list", "entry", "handover", "batch", "file", "mapping", "trail", "record"}
]


@pytest.mark.parametrize("tag", OF_A_LIST_OR_BATCH)
def test_every_event_of_a_trail_has_words(tag: EventTag) -> None:
    assert ACT_WORDS[tag]


def test_no_two_acts_are_told_alike() -> None:
    assert len(set(ACT_WORDS.values())) == len(ACT_WORDS)


def test_every_field_has_words_and_reading_is_part_of_the_trail() -> None:
    assert set(FIELD_WORDS) == set(Field)
    assert set(ACT_WORDS) >= READING_TAGS
