"""Words for roles, rights and how far they reach; part of the table in `labels`."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from portal.domain.permissions import Permission, Reach, Role

RIGHT_LABELS: Mapping[type[StrEnum], Mapping[Any, str]] = {
    Permission: {
        Permission.ACCOUNT_OWN: "Dùng tài khoản của mình",
        Permission.BATCH_IMPORT: "Nhập danh sách từ nền tảng",
        Permission.BATCH_READ: "Xem đợt rà soát",
        Permission.EXTENSION_ASK: "Xin gia hạn",
        Permission.ENTRY_CORRECT: "Rà soát từng người ở thôn",
        Permission.ENTRY_VERIFY: "Đối chiếu từng người với CSDLQG về dân cư",
        Permission.ENTRY_APPLY: "Cập nhật từng người lên nền tảng",
        Permission.HANDOVER_PREPARE: "Lập biên bản",
        Permission.HANDOVER_SIGN: "Ký biên bản thay đơn vị",
        Permission.LIST_ARRANGE: "Sắp xếp danh sách, đặt hạn",
        Permission.LIST_ASSIGN: "Giao danh sách cho người làm",
        Permission.LIST_COMPLETE: "Ký hoàn thành, hủy danh sách",
        Permission.LIST_CONSENT: "Cho gia hạn, cho mở lại danh sách",
        Permission.LIST_READ: "Xem danh sách",
        Permission.LIST_REMIND: "Nhắc việc",
        Permission.LIST_SPLIT: "Tách, gộp danh sách",
        Permission.LIST_WORK: "Nhận làm danh sách",
        Permission.NUMBER_REVEAL: "Hiện đủ một số định danh (có lý do, có ghi lại)",
        Permission.PAIR_JUDGE: "Xem và kết luận các cặp nghi trùng",
        Permission.PAPER_SCAN: "Nhập bản quét biên bản thôn ký tay",
        Permission.PAPER_WORK: "Nhập phiếu giấy, xác nhận bản quét của thôn",
        Permission.PROGRESS_READ: "Xem tiến độ",
        Permission.READING_REVIEW: "Xem ai đã xem dữ liệu trong địa bàn",
        Permission.RECORD_READ: "Xem tệp biên bản (có đủ số định danh)",
        Permission.RECORDS_EXAMINE: "Kiểm tra mọi biên bản của địa bàn",
        Permission.REGISTER_KEEP: "Lập sổ của đơn vị",
        Permission.REGISTER_READ: "Xem sổ cơ sở tiêm, cán bộ, cư dân, đầu mối",
        Permission.REPORT_ACCEPT: "Nhận, trả lại báo cáo của cấp dưới",
        Permission.REPORT_FILL: "Lập báo cáo của đơn vị",
        Permission.REPORT_READ: "Xem báo cáo",
        Permission.REPORT_SIGN: "Ký duyệt báo cáo thay đơn vị",
        Permission.SHEET_WORK: "In phiếu giấy rà soát, nhập lại từ phiếu",
        Permission.TRAIL_READ: "Xem hồ sơ",
        Permission.UNIT_ADMINISTER: "Quản trị đơn vị",
        Permission.USER_ADMINISTER: "Quản trị tài khoản",
    },
    Role: {
        Role.STATION: "Trạm Y tế",
        Role.VILLAGE: "Tổ công tác thôn",
        Role.POLICE: "Công an xã",
        Role.COORDINATOR: "Điều phối cấp xã",
        Role.SUPERVISOR: "Giám sát",
        Role.AUDITOR: "Thanh tra",
        Role.ADMINISTRATOR: "Quản trị",
        Role.REPORTER: "Báo cáo số liệu",
    },
    Reach: {
        Reach.OWN: "danh sách của đơn vị mình",
        Reach.TERRITORY: "toàn địa bàn",
    },
}
