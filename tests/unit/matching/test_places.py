"""An address names the unit of then and of now; a split commune names all and decides nothing."""

import csv
from importlib.resources import files

import pytest

from portal.matching.places import commune_then


@pytest.mark.parametrize(
    ("province", "district", "commune", "now"),
    [
        ("Tỉnh Yên Bái", "Huyện Trạm Tấu", "Xã Pá Hu", ["Xã Trạm Tấu, Tỉnh Lào Cai"]),
        ("yen bai", "tram tau", "pa hu", ["Xã Trạm Tấu, Tỉnh Lào Cai"]),
        ("Yên Bái", "Trạm Tấu", "Thị trấn Trạm Tấu", ["Xã Hạnh Phúc, Tỉnh Lào Cai"]),
        ("Yên Bái", "Trạm Tấu", "Xã Trạm Tấu", ["Xã Trạm Tấu, Tỉnh Lào Cai"]),
        ("", "", "Xã Hát Lừu", ["Xã Hạnh Phúc, Tỉnh Lào Cai"]),
    ],
)
def test_then_and_now(province: str, district: str, commune: str, now: list[str]) -> None:
    place = commune_then(province, district, commune)
    assert place is not None
    assert [f"{one.name}, {one.province}" for one in place.now] == now


@pytest.mark.parametrize(
    "said", [("Yên Bái", "Trạm Tấu", "Trạm Tấu"), ("", "", "Xã Tân Lập"), ("", "", ""), ("a", "b", "c")]
)
def test_what_names_several_or_none_is_not_guessed(said: tuple[str, str, str]) -> None:
    assert commune_then(*said) is None


def test_the_tables_are_whole() -> None:
    """Figures of reference/domain.md §4.2: 10,040 old communes, 3,321 of today, 471 split."""
    with files("portal.matching").joinpath("units_before_2025.csv").open(encoding="utf-8") as file:
        old = list(csv.DictReader(file))
    with files("portal.matching").joinpath("units_2025.csv").open(encoding="utf-8") as file:
        now = {row["code"]: row for row in csv.DictReader(file)}
    assert (len(old), len(now), len({row["province"] for row in now.values()})) == (10_040, 3_321, 34)
    assert len({row["province"] for row in old}) == 63
    assert {code for row in old for code in row["now"].split()} == set(now)
    split = [row for row in old if " " in row["now"]]
    assert len(split) == 471
    place = commune_then(split[0]["province"], split[0]["district"], split[0]["commune"])
    assert place is not None
    assert place.is_split
