"""Every member of every enumeration of the domain has its words."""

import importlib
import pkgutil
from enum import StrEnum

import pytest

import portal.domain
from portal.domain.labels import LABELS, label
from portal.domain.stages import RecordKind
from portal.domain.transitions import Action


def all_enumerations() -> list[type[StrEnum]]:
    modules = [
        importlib.import_module(f"portal.domain.{found.name}")
        for found in pkgutil.iter_modules(portal.domain.__path__)
    ]
    return sorted(
        {
            thing
            for module in modules
            for thing in vars(module).values()
            if isinstance(thing, type) and issubclass(thing, StrEnum) and thing is not StrEnum
            and thing.__module__ == module.__name__
        },
        key=lambda family: family.__name__,
    )  # fmt: skip


@pytest.mark.parametrize("family", all_enumerations(), ids=lambda family: family.__name__)
def test_each_member_has_words(family: type[StrEnum]) -> None:
    assert family in LABELS
    missing = [member.name for member in family if not LABELS[family].get(member, "").strip()]
    assert missing == []


def test_members_of_two_families_with_one_value_keep_their_own_words() -> None:
    assert Action.RETURN == RecordKind.RETURN
    assert label(Action.RETURN) == "Ký và trả lại"
    assert label(RecordKind.RETURN) == "Biên bản trả lại"
