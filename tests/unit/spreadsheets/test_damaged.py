"""Hundreds of damaged files: each ends in a listed message, none in a traceback, none loses a row."""

import pytest

from portal.spreadsheets import checking, refusals
from tests.unit.spreadsheets.damage import damaged_files
from tests.unit.spreadsheets.here import TODAY, check_here

LISTED = set(refusals._MESSAGES)


def examine(path, count, seed):
    endings = {"read": 0, "refused": 0}
    for what, content, filled in damaged_files(count, seed=seed):
        path.write_bytes(content)
        result = check_here(path)
        assert result.rows == result.accepted + result.parked == len(result.entries), what
        told = [*result.findings, *(each for entry in result.entries for each in entry.findings)]
        assert all(each.code and each.message.endswith(".") for each in told), what
        assert all(entry.status == "accepted" or entry.findings for entry in result.entries), what
        if result.refused:
            assert result.refused.code in LISTED, what
            assert result.refused.message.endswith("."), what
        elif filled is not None:
            assert result.rows == filled, what
        endings["refused" if result.refused else "read"] += 1
    # A generator whose files all end alike would show nothing.
    assert min(endings.values()) > count / 20, endings


def test_240_damaged_files_each_end_in_a_listed_message_and_none_loses_a_row(tmp_path):
    examine(tmp_path / "ds.xlsx", 240, seed=5)


@pytest.mark.long
def test_5000_damaged_files(tmp_path):
    examine(tmp_path / "ds.xlsx", 5000, seed=50)


def test_a_damaged_file_ends_the_same_through_the_reading_process(tmp_path):
    path = tmp_path / "ds.xlsx"
    for what, content, _ in damaged_files(4, seed=7):
        path.write_bytes(content)
        here, there = check_here(path), checking.check_workbook(path, today=TODAY)
        assert here.refused == there.refused, what
        assert here.entries == there.entries, what
