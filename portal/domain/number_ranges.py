"""People named by their numbers on a list, as offices write them: `1-20, 35`."""

import re
from collections.abc import Iterable

from portal.domain.errors import InvalidInput
from portal.domain.wording import say

MOST = 5000
"""People that one text may name; a list is rarely longer."""
_PIECE = re.compile(r"(\d{1,6})(?:\s*[-–]\s*(\d{1,6}))?", re.ASCII)


def read_numbers(text: str) -> frozenset[int]:
    """The numbers that a text names. Raises InvalidInput for a piece that names none, or for too many."""
    found: set[int] = set()
    for piece in filter(None, (part.strip() for part in re.split(r"[,;\n]", text))):
        match = _PIECE.fullmatch(piece)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
        if first > last:
            raise InvalidInput(
                say("«{piece}» không đọc được. Hãy ghi số thứ tự, ví dụ 1-20, 35.", piece=piece[:30]),
                fields={"numbers": say("Ghi số thứ tự, cách nhau bằng dấu phẩy, ví dụ 1-20, 35.")},
            )
        if last - first >= MOST or len(found) > MOST:
            raise InvalidInput(
                say("Quá nhiều số thứ tự trong một lần."), fields={"numbers": say("Chia thành nhiều lần.")}
            )
        found |= set(range(first, last + 1))
    return frozenset(found)


def number_words(numbers: Iterable[int]) -> str:
    """The numbers as `read_numbers` takes them: runs of three and more with a dash."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)
