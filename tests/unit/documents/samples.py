"""Contents of papers for the tests: synthetic persons with names as they are borne in the region."""

import hashlib
import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone

from portal.documents.content import (
    Change,
    Party,
    RecordContent,
    RecordEntry,
    RecordLine,
    RouteStep,
    TrailContent,
    TrailEvent,
)

VIETNAM = timezone(timedelta(hours=7))
NAMES = (
    "Giàng A Chu",
    "Vàng Thị Mỷ",
    "Lò Văn Đối",
    "Phàn Tả Mẩy",
    "Sùng A Dế",
    "Hờ Thị Dợ",
    "Mùa A Phử",
    "Chẩu Thị Ngoẵn",
    "Hoàng Thị Huyền Trang",
    "Nguyễn Thị Phương Thảo",
    "Đặng Kiêm Hưởng",
    "Triệu Mùi Pham",
)
STATION = Party("Trạm Y tế xã Hát Lừu", "Trung tâm Y tế huyện Trạm Tấu", "Nguyễn Thị Hồng Thắm", "Trạm trưởng", "TYT")
VILLAGE = Party("Tổ công tác Đề án 06 thôn Hát 1", "Ủy ban nhân dân xã Hát Lừu", "Lò Văn Đối", "Tổ trưởng", "TCT")


def entry(number: int) -> RecordEntry:
    """One synthetic person; the kinds of errors take turns."""
    kinds = (
        ("", "E1", "Số: 015 090 000 123", "Đã bổ sung", ""),
        ("15090000123", "E2", "Số: 015 090 000 123", "Đã sửa số", ""),
        ("015090000123", "E3c", "Ngày sinh: 05/01/1990", "Đúng với CSDL dân cư", "Đã đối chiếu"),
        ("015190000123", "E3b, E3d", "", "Chưa kết luận", "Người vắng mặt khỏi địa phương"),
    )
    id_number, classes, after, verdict, note = kinds[number % 4]
    return RecordEntry(
        number=number,
        full_name=NAMES[number % len(NAMES)],
        birth_date=f"{number % 28 + 1:02d}/{number % 12 + 1:02d}/{1940 + number % 80}",
        sex="Nam" if number % 2 else "Nữ",
        id_number=id_number,
        village="Thôn Hát 1",
        classes=classes,
        before="",
        after=after,
        verdict=verdict,
        note=note,
    )


def record(rows: int = 48, **changes: object) -> RecordContent:
    """A hand-over record of so many rows, with any field replaced."""
    entries = tuple(entry(number) for number in range(1, rows + 1))
    sides = {side: {"code": f"U-{side}"} for side in ("giver", "receiver")}
    manifest = json.dumps({**sides, "rows": [item.full_name for item in entries]}, ensure_ascii=False).encode()
    content = RecordContent(
        kind="handover",
        number=5,
        symbol="BB-TYT",
        year=2026,
        title="Biên bản",
        subject="Bàn giao danh sách đối tượng cần làm sạch dữ liệu tiêm chủng COVID-19",
        place="Trạm Y tế xã Hát Lừu, huyện Trạm Tấu, tỉnh Yên Bái",
        held_at=datetime(2026, 1, 5, 14, 5, tzinfo=VIETNAM),
        prepared_at=datetime(2026, 1, 5, 13, 58, 30, tzinfo=VIETNAM),
        giver=STATION,
        receiver=VILLAGE,
        basis=(
            "Căn cứ Công văn số 2262/BYT-CNTT ngày 04 tháng 5 năm 2022 của Bộ Y tế về quy trình “làm sạch” "
            "dữ liệu tiêm chủng COVID-19",
            "Căn cứ Công văn số 490/UBND-PYT ngày 13 tháng 5 năm 2022 của Ủy ban nhân dân huyện Trạm Tấu",
        ),
        paragraphs=(
            "Bên giao bàn giao, bên nhận tiếp nhận danh sách để rà soát, bổ sung, điều chỉnh thông tin của "
            "từng người; trả kết quả về Công an xã khi rà soát xong.",
        ),
        counts=(("Không có số CCCD/CMND", 12), ("Sai định dạng số CCCD/CMND", 16), ("Sai thông tin cá nhân", 20)),
        total=rows,
        batch_code="HL-2026-001",
        list_name="Danh sách cần làm sạch thôn Hát 1",
        round=1,
        due_text="ngày 20 tháng 01 năm 2026",
        recipients=("Tổ công tác thôn Hát 1", "Tổ công tác Đề án 06 xã Hát Lừu"),
        entries=entries,
        manifest=manifest,
        manifest_sha256=hashlib.sha256(manifest).hexdigest(),
        code="K7QM2-XH4TD",
        verify_url="https://bangiao.example/verify/K7QM2-XH4TD",
        test_data=True,
    )
    return replace(content, **changes)  # type: ignore[arg-type]


def trail(count: int = 60, **changes: object) -> TrailContent:
    """A trail of so many events."""
    start = datetime(2026, 1, 5, 8, 0, tzinfo=VIETNAM)
    content = TrailContent(
        title="Hồ sơ danh sách",
        subject="Danh sách cần làm sạch thôn Hát 1, đợt rà soát HL-2026-001",
        unit_name="Trạm Y tế xã Hát Lừu",
        parent_name="Trung tâm Y tế huyện Trạm Tấu",
        facts=(
            ("Đợt rà soát", "HL-2026-001"),
            ("Số người", "48"),
            ("Vòng", "1"),
            ("Bước hiện tại", "Công an xã xác thực"),
        ),
        route=(
            RouteStep("Trạm Y tế xã Hát Lừu", "Soạn danh sách", start, start + timedelta(hours=6, minutes=5)),
            RouteStep(
                "Tổ công tác Đề án 06 thôn Hát 1",
                "Rà soát tại thôn",
                start + timedelta(hours=6, minutes=5),
                start + timedelta(days=9),
                "Biên bản 05/BB-TYT",
            ),
            RouteStep("Công an xã Hát Lừu", "Xác thực", start + timedelta(days=9), None, "Biên bản 02/BB-TCT"),
        ),
        records=(
            RecordLine(
                "05/BB-TYT",
                "Bàn giao danh sách",
                "Trạm Y tế xã Hát Lừu – Tổ công tác thôn Hát 1",
                start + timedelta(hours=6),
                "3 chữ ký hợp lệ",
            ),
            RecordLine("02/BB-TCT", "Bàn giao danh sách", "Tổ công tác – Công an xã", None, "Chưa đủ chữ ký"),
        ),
        events=tuple(
            TrailEvent(
                start + timedelta(minutes=7 * number),
                NAMES[number % len(NAMES)],
                "Tổ trưởng",
                "Tổ công tác Đề án 06 thôn Hát 1",
                "Sửa thông tin một người",
                (Change(f"Dòng {number}, ngày sinh", "01/01/1990", "05/01/1990"),) if number % 3 else (),
            )
            for number in range(1, count + 1)
        ),
        printed_at=datetime(2026, 1, 20, 9, 30, tzinfo=VIETNAM),
        mark="Mã xuất BK7M-4RQX: Mùa Thị Sua, Thanh tra Sở Y tế, 14:05 12/01/2026",
        test_data=True,
    )
    return replace(content, **changes)  # type: ignore[arg-type]
