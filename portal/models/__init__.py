"""Tables and relations; no rules, no queries."""

from portal.models.base import db
from portal.models.batch import Batch, ColumnProfile, ImportFile, ParkedRow
from portal.models.bulk import BulkAct, BulkItem
from portal.models.correction_list import CorrectionList
from portal.models.deadline import Clock, Extension, Notice, NoticeReading, StepDays
from portal.models.delegation import Delegation, ListClaim
from portal.models.duplicate import DuplicateOpinion, DuplicatePair, EarlierNumber, EntryBlock
from portal.models.entry import Entry, EntrySight, EntryValue, EntryVerdict
from portal.models.event import Event, Receipt
from portal.models.event_log import EventSalt, LogCheckpoint, LogLeaf, LogSubtree, UnsequencedEvent
from portal.models.examination import Examination, ExaminedRecord
from portal.models.handover import FreedNumber, Handover, NumberSeries, PaperScan, RecordRevision, Signature
from portal.models.platform_exchange import PlatformExchange
from portal.models.reading import ReadingCount
from portal.models.register import Register, RegisterRow
from portal.models.report import Report, ReportDuty, ReportForm, ReportLeave, ReportPaper, ReportPeriod
from portal.models.review_sheet import PaperSheet, SheetPrint, SheetRow, SheetTyping
from portal.models.sign_in import SecurityKey
from portal.models.unit import Unit, UnitSuccession
from portal.models.user import (
    Draft,
    Membership,
    RecoveryCode,
    SignerCertificate,
    SigningKey,
    SigningTicket,
    SignInSession,
    TotpFactor,
    User,
)

__all__ = [
    "Batch",
    "BulkAct",
    "BulkItem",
    "Clock",
    "ColumnProfile",
    "CorrectionList",
    "Delegation",
    "Draft",
    "DuplicateOpinion",
    "DuplicatePair",
    "EarlierNumber",
    "Entry",
    "EntryBlock",
    "EntrySight",
    "EntryValue",
    "EntryVerdict",
    "Event",
    "EventSalt",
    "Examination",
    "ExaminedRecord",
    "Extension",
    "FreedNumber",
    "Handover",
    "ImportFile",
    "ListClaim",
    "LogCheckpoint",
    "LogLeaf",
    "LogSubtree",
    "Membership",
    "Notice",
    "NoticeReading",
    "NumberSeries",
    "PaperScan",
    "PaperSheet",
    "ParkedRow",
    "PlatformExchange",
    "ReadingCount",
    "Receipt",
    "RecordRevision",
    "RecoveryCode",
    "Register",
    "RegisterRow",
    "Report",
    "ReportDuty",
    "ReportForm",
    "ReportLeave",
    "ReportPaper",
    "ReportPeriod",
    "SecurityKey",
    "SheetPrint",
    "SheetRow",
    "SheetTyping",
    "SignInSession",
    "Signature",
    "SignerCertificate",
    "SigningKey",
    "SigningTicket",
    "StepDays",
    "TotpFactor",
    "Unit",
    "UnitSuccession",
    "UnsequencedEvent",
    "User",
    "db",
]
