"""The five lines of a verdict in Vietnamese."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from portal.clock import local
from portal.domain.wording import say, together
from portal.signatures.fields import GIVER, RECEIVER, SEAL
from portal.verification.signatures import Examined
from portal.verification.verdicts import Line, Word

PLACES = {SEAL: say("Dấu của cổng"), GIVER: say("Bên giao"), RECEIVER: say("Bên nhận")}
NOT_READ = say("Chưa xét, vì tệp không còn nguyên vẹn.")


@dataclass
class Findings:
    """What was found in one file: reasons against its bytes, reasons for additions, what the signatures say."""

    damaged: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    unsigned: str = ""
    places: int = 0
    """How many visible places for signatures the record has."""
    data_checked: bool = False
    examined: list[Examined] = field(default_factory=list)
    without_right: list[str] = field(default_factory=list)
    """What speaks against a signer's right."""

    @property
    def contradicted(self) -> bool:
        """Whether the bytes contradict a signature or the structure."""
        return bool(self.damaged or self.added)


def lines_of(found: Findings) -> tuple[Line, ...]:
    """The five lines, always in the same order."""
    if found.unsigned:
        texts = (
            found.unsigned,
            found.unsigned,
            say("Không có chữ ký số."),
            say("Không có giờ ký."),
            say("Không có gì để chứng minh."),
        )
        names = ("intact", "unchanged", "signers", "time", "provable")
        return tuple(Line(name, False, text) for name, text in zip(names, texts, strict=True))
    return (_intact(found), _unchanged(found), _signers(found), _time(found), _provable(found))


def _intact(found: Findings) -> Line:
    if found.damaged:
        return Line("intact", False, say("Tệp không còn nguyên vẹn: {reasons}", reasons=_joined(found.damaged)))
    intact = say("Từng byte của tệp khớp với {count} chữ ký.", count=len(found.examined))
    data = say("Dữ liệu đính kèm khớp mã SHA-256 in trên biên bản.") if found.data_checked else ""
    return Line("intact", True, together(intact, data))


def _unchanged(found: Findings) -> Line:
    if found.added:
        return Line("unchanged", False, _joined(found.added))
    if found.damaged:
        return Line("unchanged", False, NOT_READ)
    return Line("unchanged", True, say("Không có gì được thêm vào sau chữ ký cuối cùng."))


def _signers(found: Findings) -> Line:
    if not found.examined:
        return Line("signers", False, NOT_READ)
    reasons = _joined([each.reason for each in found.examined if each.reason] + found.without_right)
    people = together(*(_person(each) for each in found.examined), by="; ")
    signed = sum(1 for each in found.examined if each.result.field in (GIVER, RECEIVER))
    lacking = signed < found.places
    missing = say("Chưa đủ chữ ký ({signed}/{places}).", signed=signed, places=found.places) if lacking else ""
    trusted = all(each.result.verdict is Word.GENUINE for each in found.examined)
    text = together(say("{people}.", people=people), missing, reasons)
    return Line("signers", trusted and not missing and not found.without_right, text)


def _time(found: Findings) -> Line:
    if not found.examined:
        return Line("time", False, NOT_READ)
    times = together(*(together(_place(each), _clock(each.result.time)) for each in found.examined), by="; ")
    stamped = all(each.result.level == "B-T" for each in found.examined)
    clock = say("có dấu thời gian") if stamped else say("giờ của máy chủ ký, chưa có dấu thời gian")
    return Line(
        "time", all(each.result.time for each in found.examined), say("{times} ({clock}).", times=times, clock=clock)
    )


def _clock(time: str) -> str:
    """A signature's moment as Vietnamese papers write it."""
    return f"{datetime.fromisoformat(time):%H:%M:%S %d/%m/%Y}" if time else say("không ghi")


def _provable(found: Findings) -> Line:
    if not found.examined:
        return Line("provable", False, NOT_READ)
    end = local(min(each.not_after for each in found.examined))
    ok = all(each.result.verdict is Word.GENUINE for each in found.examined)
    text = say(
        "Chứng minh được đến ngày {end}, khi chứng thư đầu tiên hết hạn. "
        "Việc thu hồi chứng thư không kiểm tra được khi ngoại tuyến.",
        end=f"{end:%d/%m/%Y}",
    )
    return Line(
        "provable",
        ok,
        text if ok else say("Chưa chứng minh được. Chứng thư đầu tiên hết hạn ngày {end}.", end=f"{end:%d/%m/%Y}"),
    )


def _person(each: Examined) -> str:
    result = each.result
    role = f"{result.position}, {result.unit}" if result.position else result.unit
    return together(_place(each), f"{result.signer} ({role}; {result.algorithm})", by=": ")


def _place(each: Examined) -> str:
    return PLACES.get(each.result.field, each.result.field)


def _joined(reasons: Sequence[str]) -> str:
    return together(*dict.fromkeys(reasons))
