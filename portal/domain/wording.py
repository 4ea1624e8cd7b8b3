"""Sentences for people that are made below the pages: Vietnamese to every program, any language to a reader.

A rule or a service says what it has to say once, in Vietnamese, with `say`. Whoever shows it (a page, a paper, a
workbook, the terminal) turns it into the reader's language with `told` and a translator of `portal.languages`.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

Translate = Callable[[str], str]
"""Gives a Vietnamese template's counterpart in one language; the template itself where there is none."""

_EITHER = re.compile(r"\((\w+)\|([^|()]*)\|([^|()]*)\)")
"""`(count|person|persons)`: the first words where the value is one, else the second. Vietnamese needs none."""


LANGUAGE = "vi"
"""The catalogue gives the code of its own language for this one (said in `domain.report_labels`)."""


class Sentence(str):
    """A text that reads as the Vietnamese sentence and still knows from which template and values it was made.

    Everything that takes text takes it. What joins texts (`+`, f-strings, `join`) gives plain Vietnamese text that
    nobody can translate any more: put a Sentence into another one with `say("… {cause}", cause=sentence)`, and
    several into one with `together`.
    """

    __slots__ = ("template", "values")
    template: str
    values: Mapping[str, Any]

    def __new__(cls, template: str, values: Mapping[str, Any] | None = None) -> "Sentence":
        """The Vietnamese sentence of a template, `{name}` filled in where there are values."""
        sentence = super().__new__(cls, template.format_map(values) if values else template)
        sentence.template = str(template)
        sentence.values = values or {}
        return sentence

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.template, self.values)

    def __format__(self, spec: str) -> str:
        """`{stage:lower}` writes a label in small letters, `{word:capital}` begins it with a large one."""
        if spec == "lower":
            return self.lower()
        return self[:1].upper() + self[1:] if spec == "capital" else super().__format__(spec)

    def told(self, translate: Translate) -> str:
        """The sentence in the translator's language, sentences among the values included."""
        template = translate(self.template)
        if not self.values:
            return template
        values = {
            name: Sentence(value.told(translate)) if isinstance(value, Sentence) else value
            for name, value in self.values.items()
        }
        return agreeing(template, values).format_map(values)


class Worded(Sentence):
    """Words that are data, not program (of a form's file): Vietnamese, with their counterparts by language."""

    __slots__ = ("others",)
    others: Mapping[str, str]

    def __new__(cls, words: str, others: Mapping[str, str] | None = None) -> "Worded":
        """The Vietnamese words as they stand; `others` by the code of the language."""
        made: Worded = super().__new__(cls, words)  # type: ignore[assignment]
        made.others = {code: text for code, text in (others or {}).items() if text}
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (str(self), self.others)

    def told(self, translate: Translate) -> str:
        """The counterpart in the translator's language, the Vietnamese words where there is none."""
        return self.others.get(translate(LANGUAGE), str(self))


def say(template: str, /, **values: Any) -> Sentence:  # noqa: ANN401  whatever a sentence fills in
    """The sentence with `{name}` filled in. Its template is the catalogue's key: a literal, never an f-string."""
    return Sentence(template, values)


def together(*parts: str, by: str = " ") -> Sentence:
    """Several sentences as one, empty ones left out; each keeps its own translation."""
    filled = {f"part{place}": part for place, part in enumerate(filter(None, parts))}
    return Sentence(by.join(f"{{{name}}}" for name in filled), filled)


def told(text: str, translate: Translate) -> str:
    """The text in the translator's language; what is no Sentence (a name, a note somebody wrote) stays as it is."""
    return text.told(translate) if isinstance(text, Sentence) else text


def agreeing(template: str, values: Mapping[str, Any]) -> str:
    """The template with each `(count|person|persons)` resolved by the value of that name."""
    if "|" not in template:
        return template
    return _EITHER.sub(lambda found: found[2] if str(values.get(found[1])) == "1" else found[3], template)


def stored(text: str) -> str | dict[str, Any]:
    """The text as plain values for JSON, so that `restored` gives a Sentence back in full."""
    if not isinstance(text, Sentence):
        return text
    values = {name: stored(value) if isinstance(value, Sentence) else value for name, value in text.values.items()}
    return {"say": text.template, "with": values} if values else {"say": text.template}


def restored(kept: str | Mapping[str, Any]) -> str:
    """What `stored` took apart; plain text as it stands."""
    if isinstance(kept, str):
        return kept
    values = kept.get("with", {})
    return say(
        kept["say"], **{n: restored(value) if isinstance(value, Mapping) else value for n, value in values.items()}
    )
