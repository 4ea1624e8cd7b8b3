"""How long a signature proves itself: the levels of ETSI EN 319 142-1, from the least to the most."""

from enum import StrEnum


class Level(StrEnum):
    """What a signature brings with it; a record has the lowest level of its signatures."""

    CMS = "CMS"
    B_B = "B-B"
    B_T = "B-T"
    B_LT = "B-LT"
    B_LTA = "B-LTA"


def lowest(levels: list[str]) -> str:
    """The lowest of several levels; empty for none."""
    order = list(Level)
    return min(levels, key=lambda each: order.index(Level(each)), default="")
