"""The error classes of 2262/BYT-CNTT step 1: no number, malformed number, wrong basic personal information."""

from enum import StrEnum

from portal.domain.wording import say


class ErrorClass(StrEnum):
    """What is wrong with an entry; one entry may bear several. E3 without a letter: a person still has to decide."""

    E1 = "E1"
    E2 = "E2"
    E3 = "E3"
    E3A = "E3a"
    E3B = "E3b"
    E3C = "E3c"
    E3D = "E3d"


ERROR_CLASS_LABELS: dict[ErrorClass, str] = {
    ErrorClass.E1: say("Không có số CCCD/CMND"),
    ErrorClass.E2: say("Sai định dạng số CCCD/CMND"),
    ErrorClass.E3: say("Sai thông tin cá nhân (chưa rõ mục nào)"),
    ErrorClass.E3A: say("Sai số CCCD/CMND"),
    ErrorClass.E3B: say("Sai họ tên"),
    ErrorClass.E3C: say("Sai ngày tháng năm sinh"),
    ErrorClass.E3D: say("Sai giới tính"),
}
"""The words of the procedure for each class."""


def error_class_label(error_class: ErrorClass | str) -> str:
    """The Vietnamese words of a class, given as member or as its value. Raises ValueError for another text."""
    return ERROR_CLASS_LABELS[ErrorClass(error_class)]
