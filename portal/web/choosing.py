"""Choosing people of a list on a page: ticks, and numbers for those that the page does not show."""

from __future__ import annotations

from flask import request

from portal.domain.number_ranges import read_numbers


def chosen_numbers(text: str) -> frozenset[int]:
    """The people ticked on the posted form and those named in its text. Raises InvalidInput."""
    return ticked_numbers() | read_numbers(text)


def ticked_numbers() -> frozenset[int]:
    """The numbers of the people ticked on the posted form."""
    return frozenset(
        int(value)
        for value in request.form.getlist("person")
        if value.isascii() and value.isdecimal() and len(value) < 7
    )
