"""Identity numbers where nobody compares or signs them: the last three digits only."""

import re

from portal.domain.wording import Sentence, say

_LONG_NUMBER = re.compile(r"(?<!\d)(?:\d[ .\u00a0]?){8,}\d(?!\d)")
SHOWN_DIGITS = 3
MARK = "···"


def masked_number(number: str) -> str:
    """`···423`; empty where there is no number. Words in the number's place («chưa có») hide nothing and stay."""
    if not any(letter.isdigit() for letter in number):
        return number
    return f"{MARK}{number[-SHOWN_DIGITS:]}" if number else ""


def masked_text(text: str) -> str:
    """The text with every run of 9 digits or more (grouped by blanks or dots too) masked, for notes typed by people.

    Longer than a number should be counts too: a number with a digit typed twice still tells it.
    """
    if isinstance(text, Sentence) and text.values:
        values = {name: masked_text(each) if isinstance(each, str) else each for name, each in text.values.items()}
        return say(text.template, **values)
    return text if isinstance(text, Sentence) else _LONG_NUMBER.sub(lambda found: masked_number(found.group()), text)
