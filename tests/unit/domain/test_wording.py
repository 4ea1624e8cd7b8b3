"""A sentence reads as Vietnamese everywhere and can still be told in another language."""

import copy
import json
import pickle

import pytest

from portal.domain.labels import label
from portal.domain.phrases import count_words
from portal.domain.stages import Stage
from portal.domain.wording import Sentence, agreeing, restored, say, stored, together, told

ENGLISH = {
    "Còn {left} người chưa có kết luận.": "{left} (left|person has|persons have) no verdict yet.",
    "Đã hủy": "Cancelled",
    "Không thể: {stage:lower}.": "Not possible: {stage:lower}.",
    "«{name}» ({count} dòng)": "“{name}” ({count} (count|row|rows))",
    "1.000": "1,000",
}


def translate(template):
    return ENGLISH.get(template, template)


def test_a_sentence_is_its_vietnamese_text():
    sentence = say("Còn {left} người chưa có kết luận.", left=3)
    assert sentence == "Còn 3 người chưa có kết luận."
    assert json.dumps({"message": sentence}, ensure_ascii=False) == '{"message": "Còn 3 người chưa có kết luận."}'


def test_it_is_told_in_another_language_with_its_values():
    assert told(say("Còn {left} người chưa có kết luận.", left=3), translate) == "3 persons have no verdict yet."
    assert told(say("Còn {left} người chưa có kết luận.", left=1), translate) == "1 person has no verdict yet."


def test_a_label_inside_a_sentence_is_told_too():
    sentence = say("Không thể: {stage:lower}.", stage=label(Stage.CANCELLED))
    assert sentence == "Không thể: đã hủy."
    assert told(sentence, translate) == "Not possible: cancelled."


def test_names_and_notes_are_never_translated():
    assert told("Đã hủy", translate) == "Đã hủy"
    assert told(say("«{name}» ({count} dòng)", name="Đã hủy", count=1), translate) == "“Đã hủy” (1 row)"


def test_several_sentences_stay_translatable_as_one():
    both = together(label(Stage.CANCELLED), "", "Giàng A Páo", by=" – ")
    assert both == "Đã hủy – Giàng A Páo"
    assert told(both, translate) == "Cancelled – Giàng A Páo"


def test_a_value_with_braces_is_no_template():
    assert told(say("«{name}» ({count} dòng)", name="{count}", count=2), translate) == "“{count}” (2 rows)"


@pytest.mark.parametrize(
    "again",
    [
        lambda each: pickle.loads(pickle.dumps(each)),
        copy.deepcopy,
        lambda each: restored(json.loads(json.dumps(stored(each)))),
    ],
)
def test_it_survives_a_process_and_a_table(again):
    sentence = say("Không thể: {stage:lower}.", stage=label(Stage.CANCELLED))
    assert again(sentence) == sentence
    assert told(again(sentence), translate) == "Not possible: cancelled."


def test_plain_text_is_stored_as_plain_text():
    assert stored("Giàng A Páo") == "Giàng A Páo"
    assert not isinstance(restored("Đã hủy"), Sentence)


def test_a_count_is_written_as_the_language_does():
    assert count_words(1204) == "1.204"
    assert told(count_words(1204), translate) == "1,204"


def test_a_choice_of_words_follows_its_value():
    assert agreeing("(n|day|days) left", {"n": 1}) == "day left"
    assert agreeing("(n|day|days) left", {"n": 0}) == "days left"
