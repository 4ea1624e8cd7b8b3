"""Armed forces, police, prisoners and social centres are known by their group; nobody else is (LS-32)."""

import pytest

from portal.domain.protected_groups import protected_finding, protected_reason
from portal.domain.verdicts import REASON_GROUP, Reason


@pytest.mark.parametrize(
    ("group", "reason"),
    [
        ("3", Reason.ARMY),
        ("03", Reason.ARMY),
        ("Nhóm 4", Reason.POLICE_FORCE),
        ("Quân đội", Reason.ARMY),
        ("Lực lượng công an", Reason.POLICE_FORCE),
        ("Phạm nhân trại giam Hồng Ca", Reason.PRISONER),
        ("Cơ sở cai nghiện ma túy", Reason.SOCIAL_CENTRE),
        ("Cơ sở bảo trợ xã hội", Reason.SOCIAL_CENTRE),
        ("9", None),
        ("13", None),
        ("30", None),
        ("", None),
        ("Công an viên thôn", None),
        ("Cán bộ công nhân an toàn", None),
        ("Trên 65 tuổi", None),
    ],
)
def test_groups(group: str, reason: Reason | None) -> None:
    assert protected_reason(group) is reason
    assert (protected_finding(group) is None) is (reason is None)


def test_each_is_counted_in_a_group_of_the_form() -> None:
    groups = {
        REASON_GROUP[reason] for reason in (Reason.POLICE_FORCE, Reason.ARMY, Reason.PRISONER, Reason.SOCIAL_CENTRE)
    }
    assert groups == {3, 4, 5, 6}
