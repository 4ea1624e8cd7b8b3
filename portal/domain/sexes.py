"""Sex as lists write it: nam or nữ, and what cannot be understood."""

from functools import lru_cache

from portal.domain.fields import Field
from portal.domain.findings import Examined, Finding, Severity
from portal.domain.legacy_fonts import readings
from portal.domain.names import clean_name, folding_key
from portal.domain.wording import say

MALE = "nam"
FEMALE = "nữ"

_WORDS = {
    **dict.fromkeys(("nam", "trai", "male", "m"), MALE),
    **dict.fromkeys(("nu", "gai", "female", "f"), FEMALE),
}


def parse_sex(text: str) -> str:
    """`nam`, `nữ`, or an empty string where the text says neither. Codes such as 0 and 1 are not guessed."""
    return _WORDS.get(folding_key(text), "")


_TOLD = {MALE: say("nam"), FEMALE: say("nữ")}


def sex_words(value: str) -> str:
    """The sex as a sentence's part; a text that is neither as it stands."""
    return _TOLD.get(value, value)


@lru_cache(maxsize=256)
def examine_sex(text: str) -> Examined:
    """The sex in the portal's words; a text that is neither stays as typed, with a finding."""
    value = clean_name(text)
    if not value:
        return Examined("", (_MISSING,))
    sex = parse_sex(value) or next(filter(None, (parse_sex(reading) for _, reading in readings(value))), "")
    return Examined(sex) if sex else Examined(value, (_UNREADABLE,))


_MISSING = Finding("sex_missing", Field.SEX, say("Chưa có giới tính; đề nghị bổ sung nam hoặc nữ."), Severity.WARNING)
_UNREADABLE = Finding(
    "sex_unreadable", Field.SEX, say("Không hiểu ô giới tính; hãy ghi rõ nam hoặc nữ."), Severity.WARNING
)
