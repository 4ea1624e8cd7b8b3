"""The delivered forms can be read, and say what the letters say."""

from datetime import time
from pathlib import Path

import pytest

from portal.domain.report_forms import FormRefused
from portal.domain.report_values import faults_of, sendable
from portal.reports.definitions import DELIVERED, known, read_definition
from portal.reports.prefill import unknown_sources

FORMS = {key: each.form for key, each in known(Path("/nowhere")).items()}


def test_the_letters_forms_are_delivered() -> None:
    assert set(FORMS) == {
        "un_entered_doses", "daily_progress", "population_by_age", "passport_signing", "cleaning_progress",
    }  # fmt: skip
    assert all(unknown_sources(form) == [] for form in FORMS.values())
    assert len(list(DELIVERED.glob("*.toml"))) == len(FORMS)


def test_doses_and_persons_are_kept_apart_in_the_form_of_bac_giang() -> None:
    form = FORMS["un_entered_doses"]
    groups = form.sections[1]
    assert len(groups.rows) == 7
    assert {groups.cell(row, "persons").measure for row, _ in groups.rows} == {"persons"}
    assert {groups.cell(row, "doses").measure for row, _ in groups.rows} == {"doses"}
    assert (form.due_time, form.sign, form.accept) == (time(14), "key", "parent")
    values = {each.key: 0 for each in form.fields if each.counts} | {
        "done": 5_636_122,
        "entered": 5_636_000,
        "n1_doses": 122,
    }
    assert faults_of(form, values, {}, {}) == []
    assert not sendable(faults_of(form, {**values, "entered": 5_636_001}, {}, {}))
    assert not sendable(faults_of(form, {**values, "n7_doses": 1, "n1_doses": 121}, {}, {}))
    assert not sendable(faults_of(form, {**values, "cannot_enter": 100, "not_verified": 23}, {}, {}))


def test_the_daily_report_of_dong_nai_is_due_at_twenty_and_names_the_head_of_that_day() -> None:
    form = FORMS["daily_progress"]
    assert (form.due_time, form.period, form.apart) == (time(20), "day", True)
    assert form.field("chairman").required
    values = {each.key: 0 for each in form.fields if each.counts} | {"chairman": "A", "leader": "B", "section": "C"}
    assert faults_of(form, values, {}, {}) == []
    assert [each.rule for each in faults_of(form, {**values, "called": 3, "injected": 2}, {}, {})] == [
        "people_add_up"
    ]
    assert [each.rule for each in faults_of(form, values, {"done_total": 5}, {})] == ["done_grows"]
    assert sendable(faults_of(form, values, {"done_total": 5}, {"done_grows": "Đã trừ mũi báo trùng"}))


def test_the_population_of_quang_ninh_is_three_kinds_by_five_ages() -> None:
    ages = FORMS["population_by_age"].sections[1]
    assert (len(ages.rows), [key for key, _ in ages.columns]) == (
        5,
        ["actual", "transient", "vaccinated", "unvaccinated"],
    )


def test_the_cleaning_progress_is_never_typed() -> None:
    assert FORMS["cleaning_progress"].computed


def test_a_file_that_is_no_definition_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "hong.toml"
    path.write_text("key = ", encoding="utf-8")
    with pytest.raises(FormRefused, match=r"hong\.toml"):
        read_definition(path)
