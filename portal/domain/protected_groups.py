"""People who never go to a village: armed forces, police, prisoners, people in social centres (LS-32).

Their own bodies settle them; the form of Bắc Giang counts them in groups 3–6, as figures and never as names.
"""

import re
from functools import lru_cache

from portal.domain.findings import Finding, Severity
from portal.domain.names import folding_key
from portal.domain.verdicts import Reason
from portal.domain.wording import say

PROTECTED_CODE = "protected_group"

_BY_CODE = {"3": Reason.ARMY, "4": Reason.POLICE_FORCE}
"""Codes of the priority groups of QĐ 3355/QĐ-BYT (8/7/2021)."""
_BY_WORDS: tuple[tuple[re.Pattern[str], Reason], ...] = (
    (re.compile(r"\b(?:quan doi|bo doi|quan nhan|luc luong quan su)\b"), Reason.ARMY),
    (re.compile(r"\b(?:cong an(?! vien)|canh sat)\b"), Reason.POLICE_FORCE),
    (re.compile(r"\b(?:pham nhan|trai giam|tam giam|trai vien)\b"), Reason.PRISONER),
    (re.compile(r"\b(?:bao tro xa hoi|cai nghien|trung tam xa hoi)\b"), Reason.SOCIAL_CENTRE),
)
_WORDS = {
    Reason.ARMY: say("quân đội"),
    Reason.POLICE_FORCE: say("công an"),
    Reason.PRISONER: say("phạm nhân, trại giam"),
    Reason.SOCIAL_CENTRE: say("cơ sở bảo trợ xã hội, cai nghiện"),
}


@lru_cache(maxsize=1024)
def protected_reason(group: str) -> Reason | None:
    """The reason under which a row's priority group is settled by its own body; None for everybody else."""
    key = folding_key(group)
    by_code = _BY_CODE.get(key.removeprefix("nhom ").lstrip("0"))
    if by_code is not None:
        return by_code
    return next((reason for pattern, reason in _BY_WORDS if pattern.search(key)), None)


@lru_cache(maxsize=1024)
def protected_finding(group: str) -> Finding | None:
    """What the station is told about such a row; it is kept out of every list."""
    reason = protected_reason(group)
    if reason is None:
        return None
    return Finding(
        PROTECTED_CODE,
        None,
        say(
            "Thuộc nhóm {group}: không đưa vào danh sách gửi thôn. Đơn vị chủ quản tự rà soát; "
            "báo cáo chỉ ghi số lượng, không ghi tên.",
            group=_WORDS[reason],
        ),
        Severity.NOTE,
    )
