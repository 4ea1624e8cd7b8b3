"""Forms as data: every fault of a definition is told; measures are never mixed; rules say what holds, and when they cannot."""

from typing import Any

import pytest

from portal.domain.errors import InvalidInput
from portal.domain.report_expressions import ExpressionRefused, compile_expression
from portal.domain.report_forms import FormRefused, read_form
from portal.domain.report_values import differences, faults_of, read_cell, sendable

MEASURES = {"done": "doses", "entered": "doses", "n1_doses": "doses", "n2_doses": "doses", "n1_persons": "persons"}
SAID: dict[str, Any] = {
    "key": "thu",
    "version": 1,
    "title": "Biểu thử",
    "short": "Thử",
    "measures": {"doses": "mũi", "persons": "người"},
    "filling": {"units": ["health_station"]},
    "period": {"kind": "day", "due_time": "20:00"},
    "sections": [
        {"key": "a", "title": "A", "fields": [
            {"key": "done", "label": "Đã tiêm", "measure": "doses"},
            {"key": "entered", "label": "Đã nhập", "measure": "doses", "prefill": "lists.right"},
            {"key": "why", "label": "Ghi rõ", "kind": "text", "required": False},
        ]},
        {"key": "b", "title": "B", "columns": [{"key": "persons", "label": "Người", "measure": "persons"},
                                               {"key": "doses", "label": "Mũi", "measure": "doses"}],
         "rows": [{"key": "n1", "label": "Nhóm 1"}, {"key": "n2", "label": "Nhóm 2"}]},
    ],
    "rules": [
        {"key": "sum", "check": "done - entered == sum('n*_doses')", "say": "Phải khớp.", "level": "explain", "at": "done"},
        {"key": "why", "check": "n2_persons == 0 or filled(why)", "say": "Ghi rõ.", "at": "why"},
        {"key": "grows", "check": "done >= previous.done", "say": "Không giảm.", "level": "note", "at": "done"},
    ],
}  # fmt: skip
FULL = {"done": 10, "entered": 7, "n1_persons": 1, "n1_doses": 2, "n2_persons": 0, "n2_doses": 1}


def holds(text: str, previous: dict[str, int] | None = None, **values: Any) -> bool | None:
    return compile_expression(text, MEASURES, frozenset({"why"})).holds(values, previous or {})


def test_a_table_gives_a_field_for_each_row_and_column() -> None:
    form = read_form(SAID)
    assert [each.key for each in form.fields[3:]] == ["n1_persons", "n1_doses", "n2_persons", "n2_doses"]
    assert form.sections[1].cell("n2", "doses").measure == "doses"
    assert form.field("n2_persons").label == "Nhóm 2 – Người"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"key": "Bad Key"}, "key = 'Bad Key'"),
        ({"title": " "}, "title"),
        ({"filling": {"units": ["palace"]}}, "palace"),
        ({"filling": {"units": ["health_station"], "sign": "wax"}}, "wax"),
        ({"period": {"kind": "year"}}, "year"),
        ({"period": {"due_time": "25:00"}}, "25:00"),
        ({"version": "two"}, "two"),
        ({"sections": []}, "sections"),
        ({"measures": {}}, "done.measure"),
        ({"rules": [{"key": "x", "check": "done ==", "say": "?", "at": "done"}]}, "rule x"),
        ({"rules": [{"key": "x", "check": "done == 1", "say": "?", "at": "nowhere"}]}, "nowhere"),
        ({"rules": [{"key": "x", "check": "done == n1_persons", "say": "?", "at": "done"}]}, "doses ≠ persons"),
        ({"sections": [*SAID["sections"], SAID["sections"][0]]}, "'done': 2"),
        ({"sections": [{"key": "a", "fields": [{"key": "done", "measure": "doses", "colour": "red"}]}]}, "colour"),
    ],
)
def test_every_fault_of_a_definition_is_told(change: dict[str, Any], told: str) -> None:
    with pytest.raises(FormRefused, match=told):
        read_form({**SAID, **change})


def test_several_faults_are_told_at_once() -> None:
    with pytest.raises(FormRefused) as refused:
        read_form({**SAID, "title": "", "measures": {"doses": "mũi"}, "period": {"kind": "never"}})
    assert len(refused.value.faults) >= 3


@pytest.mark.parametrize(
    "text",
    [
        "done + n1_persons == 3", "done < n1_persons", "sum('n1_*') == done", "done", "done + 1", "done and entered",
        "__import__('os')", "done.real == 1", "[1]", "done == 'x'", "lambda: 1", "done == True", "not done",
        "sum(done) == 1", "filled(nothing)", "done == entered == n1_persons", "done * entered == 1", "x" * 2000,
        "done ** 9 == 1", "f(done)", "previous.nothing == 1", "(" * 900, "done if done else entered",
    ],
)  # fmt: skip
def test_what_is_no_rule_or_mixes_measures_is_refused_when_it_is_read(text: str) -> None:
    with pytest.raises(ExpressionRefused):
        compile_expression(text, MEASURES, frozenset({"why"}))


def test_a_rule_holds_breaks_or_cannot_be_judged_yet() -> None:
    assert holds("done == entered + sum('n*_doses')", done=10, entered=7, n1_doses=3) is True
    assert holds("done == entered + sum('n*_doses')", done=10, entered=7) is False
    assert holds("done == entered + sum('n*_doses')", done=10) is None
    assert holds("done >= previous.done", done=5) is None
    assert holds("done >= previous.done", {"done": 6}, done=5) is False
    assert holds("n1_persons == 0 or filled(why)", n1_persons=2, why="") is False
    assert holds("done == 1 or filled(why)", why="vì sao") is True
    assert holds("done == 1 or filled(why)") is None
    assert holds("20 * done <= 21 * entered and not (done == 0)", done=21, entered=20) is True


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("5.636.122", 5636122),
        ("5 636 122", 5636122),
        ("5,636,122", 5636122),
        ("0", 0),
        ("007", 7),
        ("", None),
        (" ", None),
    ],
)
def test_a_count_is_read_as_offices_write_it(typed: str, value: int | None) -> None:
    assert read_cell(read_form(SAID).field("done"), typed) == value


@pytest.mark.parametrize("typed", ["-1", "−1", "1,5", "1.23", "12a", "=1+1", "１２", "1e3", "9" * 14, "٣"])
def test_what_is_no_count_is_refused_with_words_beside_the_cell(typed: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_cell(read_form(SAID).field("done"), typed)
    assert set(refused.value.fields) == {"done"}


def test_faults_stand_beside_their_cells_and_an_explanation_lets_send() -> None:
    form = read_form(SAID)
    assert faults_of(form, FULL, {}, {}) == []
    empty = faults_of(form, {}, {}, {})
    assert {each.at for each in empty} == {each.key for each in form.fields if each.required}
    wrong = {**FULL, "entered": 8, "n2_persons": 4}
    found = faults_of(form, wrong, {"done": 12}, {})
    assert [(each.at, each.rule, each.level) for each in found] == [
        ("done", "sum", "explain"), ("done", "grows", "note"), ("why", "why", "refuse"),
    ]  # fmt: skip
    assert not sendable(found)
    told = faults_of(form, {**wrong, "why": "bộ đội xuất ngũ"}, {}, {"sum": "Một mũi nhập hai lần"})
    assert sendable(told)
    assert [each.explained for each in told] == [True]


def test_the_difference_to_what_the_portal_counted_is_shown() -> None:
    form = read_form(SAID)
    assert differences(form, {"done": 10, "entered": 7}, {"entered": 9, "done": None}) == {"entered": -2}
