"""Kinds of units: territories, which nest, and offices, which serve a territory."""

from enum import StrEnum

from portal.domain.wording import say

UNKNOWN_VILLAGE = say("Thôn chưa rõ")
"""The name of a list whose village nobody knows: the portal's own words, not a place's name."""


class UnitKind(StrEnum):
    """What a unit is. Districts exist until 30/06/2025 (two-level local government since)."""

    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"
    VILLAGE = "village"
    HEALTH_STATION = "health_station"
    VILLAGE_TASK_FORCE = "village_task_force"
    COMMUNE_POLICE = "commune_police"
    COMMUNE_TASK_FORCE = "commune_task_force"
    SUPERVISOR_OFFICE = "supervisor_office"
    AUDIT_OFFICE = "audit_office"
    ADMINISTRATION_OFFICE = "administration_office"
    INDUSTRIAL_ZONE_BOARD = "industrial_zone_board"
    VACCINATION_SITE = "vaccination_site"


TERRITORIES: dict[UnitKind, frozenset[UnitKind | None]] = {
    UnitKind.PROVINCE: frozenset({None}),
    UnitKind.DISTRICT: frozenset({UnitKind.PROVINCE}),
    UnitKind.COMMUNE: frozenset({UnitKind.PROVINCE, UnitKind.DISTRICT}),
    UnitKind.VILLAGE: frozenset({UnitKind.COMMUNE}),
}
"""Each territory kind with the kinds it may lie in; None means it lies in nothing."""


class SuccessionKind(StrEnum):
    """How a territory's work passes on: merged whole into another, or its level ends (districts, 30/6/2025)."""

    MERGED = "merged"
    LEVEL_REMOVED = "level_removed"


def may_succeed(old: UnitKind, new: UnitKind) -> SuccessionKind | None:
    """Whether a territory of one kind may pass whole into one of the other; a split commune never can.

    People of a split commune are assigned one by one, by a person's decision (reference/domain.md §4.1).
    """
    if old is new and old in {UnitKind.COMMUNE, UnitKind.VILLAGE}:
        return SuccessionKind.MERGED
    return SuccessionKind.LEVEL_REMOVED if (old, new) == (UnitKind.DISTRICT, UnitKind.PROVINCE) else None


_HIGHER = frozenset({UnitKind.PROVINCE, UnitKind.DISTRICT, UnitKind.COMMUNE})
SERVES: dict[UnitKind, frozenset[UnitKind]] = {
    UnitKind.HEALTH_STATION: frozenset({UnitKind.COMMUNE}),
    UnitKind.VILLAGE_TASK_FORCE: frozenset({UnitKind.VILLAGE}),
    UnitKind.COMMUNE_POLICE: frozenset({UnitKind.COMMUNE}),
    UnitKind.COMMUNE_TASK_FORCE: frozenset({UnitKind.COMMUNE}),
    UnitKind.SUPERVISOR_OFFICE: _HIGHER,
    UnitKind.AUDIT_OFFICE: _HIGHER,
    UnitKind.ADMINISTRATION_OFFICE: _HIGHER,
    UnitKind.INDUSTRIAL_ZONE_BOARD: frozenset({UnitKind.PROVINCE}),
    UnitKind.VACCINATION_SITE: _HIGHER,
}
"""Each office kind with the territory kinds it may serve."""
