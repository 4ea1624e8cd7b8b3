"""A person's page names the commune of then and of now; a split commune asks for a person's decision."""

import csv
from importlib.resources import files
from typing import Any

from portal.web.entries.addresses import told_place


class Row:
    """An entry as far as its address goes."""

    def __init__(self, **raw: str) -> None:
        self.raw = raw


def told(**raw: str) -> Any:
    return told_place(Row(**raw))  # type: ignore[arg-type]


def test_the_address_of_then_is_told_with_todays_commune() -> None:
    place = told(**{"Tỉnh/TP": "Yên Bái", "Quận/Huyện": "Trạm Tấu", "Xã": "Pá Hu", "Họ tên": "Lò Văn A"})
    assert place.then == "Xã Pá Hu, Huyện Trạm Tấu, Tỉnh Yên Bái"
    assert place.now == ("Xã Trạm Tấu, Tỉnh Lào Cai",)


def test_a_split_commune_names_all_and_a_missing_one_nothing() -> None:
    with files("portal.matching").joinpath("units_before_2025.csv").open(encoding="utf-8") as file:
        split = next(row for row in csv.DictReader(file) if " " in row["now"])
    place = told(Tỉnh=split["province"], Huyện=split["district"], Xã=split["commune"])
    assert place.is_split
    assert len(place.now) == len(split["now"].split())
    assert told(Thôn="Bản A") is None
