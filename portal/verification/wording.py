"""The five lines of a verdict in Vietnamese."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from portal.clock import local
from portal.domain.levels import Level, lowest
from portal.domain.wording import say, together
from portal.signatures.fields import GIVER, RECEIVER, SEAL
from portal.verification.proofs import Proofs, Trust
from portal.verification.roots import age_in_words
from portal.verification.signatures import ALGORITHMS, CLOCKS_DIFFER, STAMP_UNTRUSTED, Examined
from portal.verification.verdicts import Line, Word

PLACES = {SEAL: say("Dấu của cổng"), GIVER: say("Bên giao"), RECEIVER: say("Bên nhận")}
USUAL_ALGORITHM = ALGORITHMS["rsassa_pss"]
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
    proofs: Proofs | None = None
    trust: Trust | None = None
    """What the verdict starts from; None without roots."""
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
        return tuple(Line(name, False, text, name == "signers") for name, text in zip(names, texts, strict=True))
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
        return Line("unchanged", False, NOT_READ, examined=False)
    return Line("unchanged", True, say("Không có gì được thêm vào sau chữ ký cuối cùng."))


def _signers(found: Findings) -> Line:
    if not found.examined:
        return Line("signers", False, NOT_READ, examined=False)
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
        return Line("time", False, NOT_READ, examined=False)
    times = together(*(together(_place(each), _clock(each.result.time)) for each in found.examined), by="; ")
    ok = all(each.result.time for each in found.examined) and not any(
        each.reason in (STAMP_UNTRUSTED, CLOCKS_DIFFER) for each in found.examined
    )
    return Line("time", ok, say("{times} ({clock}).", times=times, clock=_whose_clock(found)))


def _whose_clock(found: Findings) -> str:
    without = [_place(each) for each in found.examined if each.result.level in (Level.CMS, Level.B_B)]
    if len(without) == len(found.examined):
        return say("giờ của máy chủ ký, chưa có dấu thời gian")
    stamps = [*found.proofs.tokens.values(), *(stamp for _, stamp in found.proofs.documents)] if found.proofs else []
    internal = any(each.internal for each in stamps)
    clock = say("giờ nội bộ") if internal else say("giờ của cơ quan cấp dấu thời gian")
    missing = say("chưa có dấu thời gian: {places}", places=together(*without, by=", ")) if without else ""
    return together(say("có dấu thời gian, {clock}", clock=clock), missing, by="; ")


def _clock(time: str) -> str:
    """A signature's moment as Vietnamese papers write it."""
    return f"{datetime.fromisoformat(time):%H:%M:%S %d/%m/%Y}" if time else say("không ghi")


def _provable(found: Findings) -> Line:
    if not found.examined:
        return Line("provable", False, NOT_READ, examined=False)
    level = lowest([each.result.level for each in found.examined])
    ok = all(each.result.verdict is Word.GENUINE for each in found.examined)
    end = f"{local(_provable_until(found, level)):%d/%m/%Y}"
    age = age_in_words(found.trust.lists, found.trust.now) if found.trust else ""
    if not ok:
        text = say("Chưa chứng minh được. Mức {level}; hạn của chứng thư {end}.", level=level, end=end)
        # A contradicted signature has failed; one that nobody vouches for is open.
        return Line("provable", False, together(text, age), examined=found.contradicted)
    until = say("Mức {level}. Chứng minh được đến ngày {end}, {because}", level=level, end=end, because=_ends(level))
    inside = level in (Level.B_LT, Level.B_LTA)
    return Line("provable", True, together(until, "" if inside else _unlisted(found), age))


def _ends(level: str) -> str:
    if level == Level.B_LTA:
        return say("khi chứng thư của dấu thời gian cuối cùng hết hạn; cổng gia hạn trước ngày đó.")
    if level == Level.B_LT:
        return say("khi chứng thư của dấu thời gian hết hạn.")
    return say("khi chứng thư đầu tiên hết hạn.")


def _unlisted(found: Findings) -> str:
    if all(each.listed for each in found.examined):
        return say("Lúc ký, không chứng thư nào bị thu hồi.")
    return say("Chưa kiểm tra được chứng thư có bị thu hồi hay không, vì không có danh sách thu hồi của lúc đó.")


def _provable_until(found: Findings, level: str) -> datetime:
    """When the proof ends: with the last time-stamp's certificate where lists are inside, else the first signer's."""
    proofs = found.proofs
    if proofs and level == Level.B_LTA:
        return proofs.documents[-1][1].not_after
    if proofs and level == Level.B_LT:
        return min(stamp.not_after for stamp in [*proofs.tokens.values(), *(each for _, each in proofs.documents)])
    return min(each.not_after for each in found.examined)


def _person(each: Examined) -> str:
    result = each.result
    role = f"{result.position}, {result.unit}" if result.position else result.unit
    # The algorithm is for experts (`SignatureResult.algorithm`); it is named here where it is not the portal's own.
    told = role if result.algorithm == USUAL_ALGORITHM else f"{role}; {result.algorithm}"
    return together(_place(each), f"{result.signer} ({told})", by=": ")


def _place(each: Examined) -> str:
    return PLACES.get(each.result.field, each.result.field)


def _joined(reasons: Sequence[str]) -> str:
    return together(*dict.fromkeys(reasons))
