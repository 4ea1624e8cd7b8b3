"""Identity numbers where nobody compares or signs them: the last three digits only."""

import re

_LONG_NUMBER = re.compile(r"(?<!\d)(?:\d[ .]?){8,11}\d(?!\d)")
SHOWN_DIGITS = 3
MARK = "···"


def masked_number(number: str) -> str:
    """`···423`; empty where there is no number. Words in the number's place («chưa có») hide nothing and stay."""
    if not any(letter.isdigit() for letter in number):
        return number
    return f"{MARK}{number[-SHOWN_DIGITS:]}" if number else ""


def masked_text(text: str) -> str:
    """The text with every run of 9 to 12 digits (grouped by blanks or dots too) masked, for notes typed by people."""
    return _LONG_NUMBER.sub(lambda found: masked_number(found.group()), text)
