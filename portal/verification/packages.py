"""The offline verdict on an evidence package: its seal, every record in it, its extract of the event log."""

import hashlib
from collections.abc import Callable
from datetime import datetime

from asn1crypto import cms
from pyhanko.sign.validation import async_validate_detached_cms

from portal.clock import local
from portal.domain.errors import InvalidInput
from portal.domain.wording import Sentence, say, together
from portal.evidence.checkpoints import Verifier, read_checkpoint
from portal.evidence.log_extract import faults, read_extract
from portal.evidence.package import Package, PackageUnreadable, read_package
from portal.signatures.appending import run_to_end
from portal.signatures.authority import SEAL_NAME
from portal.signatures.tokens import Stamp, stamp_of, trusting
from portal.verification.container import Contradiction, check_shape, tokens_of
from portal.verification.proofs import Trust, revoked
from portal.verification.reasons import ASK_SENDER
from portal.verification.roots import age_in_words
from portal.verification.signatures import REVOKED
from portal.verification.verdicts import Line, SignatureResult, Verdict, Word, overall

RECORDS = "bien-ban/"
REPORTS = "bao-cao/"
"""One validation report for each signature of each record (ETSI TS 119 102-2): for other verifiers, not read here."""
EXTRACT, HEAD, KEY = "nhat-ky/trich-luc.json", "nhat-ky/diem-neo.txt", "nhat-ky/khoa-cong-khai.txt"

WHOLE = say("Gói còn nguyên như lúc lập; dấu của gói, mọi biên bản và trích lục nhật ký trong gói đều đúng.")
ASK_AGAIN = say("Không dùng gói này. Hãy xin lại gói gốc ở nơi gửi.")
CHOOSE_WHOLE = say("Hãy tải lại gói cho trọn vẹn rồi kiểm tra lại.")

VerifyRecord = Callable[[bytes, str], Verdict]


def is_package(data: bytes) -> bool:
    """Whether the bytes set out to be a package (a zip), so that this module should judge them."""
    return data.startswith(b"PK\x03\x04")


def verify_package(data: bytes, trust: Trust, verify_record: VerifyRecord, *, path: str = "") -> Verdict:
    """The verdict on a package's bytes: the worst of its seal, its records and its log extract. Never raises."""
    try:
        package = read_package(data)
    except PackageUnreadable as fault:
        word, advice = (Word.NOT_GENUINE, ASK_AGAIN) if fault.tampered else (Word.UNDECIDED, CHOOSE_WHOLE)
        line = Line("intact", False, fault.message)
        return Verdict(path, word, (), (line,), reason=fault.message, advice=advice)
    seal, seal_words = _seal(package, trust)
    records = [
        verify_record(each.data, each.name)
        for each in package.members
        if each.name.startswith(RECORDS) and each.name.endswith(".pdf")
    ]
    log_word, log_words = _log(package)
    bad = [each for each in records if each.verdict is not Word.GENUINE]
    age = age_in_words(trust.lists, trust.now) if trust.roots else ""
    word = overall([seal.verdict, log_word, *(each.verdict for each in records)])
    lines = (
        Line("intact", True, say("Từng byte của gói khớp bảng kê đã ký: {count} tệp.", count=len(package.members))),
        Line("unchanged", True, say("Không có tệp nào ngoài bảng kê, không thêm gì sau khi lập gói.")),
        Line("signers", seal.verdict is Word.GENUINE, together(seal_words, age), seal.verdict is Word.NOT_GENUINE),
        Line("records", not bad, _records_words(records), any(e.verdict is Word.NOT_GENUINE for e in records)),
        Line("log", log_word is Word.GENUINE, log_words, log_word is Word.NOT_GENUINE),
    )
    signatures = (seal, *(signature for each in records for signature in each.signatures))
    reason = next((line.text for line in lines if not line.ok and (line.examined or word is Word.UNDECIDED)), WHOLE)
    advice = {Word.GENUINE: together(), Word.UNDECIDED: ASK_SENDER}.get(word, ASK_AGAIN)
    return Verdict(path, word, signatures, lines, reason=reason, advice=advice)


def _records_words(records: list[Verdict]) -> Sentence:
    bad = [each for each in records if each.verdict is not Word.GENUINE]
    if not bad:
        return say("{count} biên bản trong gói đều hợp lệ.", count=len(records))
    first = next((line.text for line in bad[0].lines if not line.ok), "")
    return say(
        "{bad}/{count} biên bản không hợp lệ hoặc chưa xác định: {name}. {why}",
        bad=len(bad),
        count=len(records),
        name=bad[0].path,
        why=first,
    )


def _seal(package: Package, trust: Trust) -> tuple[SignatureResult, Sentence]:
    try:
        check_shape(package.signature)
        signed = cms.ContentInfo.load(package.signature, strict=True)["content"]
        context = trusting(trust.roots, trust.now)
        status = run_to_end(async_validate_detached_cms(package.manifest, signed, signer_validation_context=context))
        stamp = _stamp(signed, trust)
        intact = bool(status.intact and status.valid) and (stamp is None or stamp.sound)
        certificate, at = status.signing_cert, status.signer_reported_dt
    except Contradiction as fault:
        return _no_seal(), say("Chữ ký của gói: {fault}", fault=fault.words)
    except Exception:  # a damaged signature may fail anywhere in the reader
        return _no_seal(), say("Chữ ký của gói bị hỏng.")
    names = certificate.subject.native
    # The seal's name, and no account as persons' certificates bear one: a trusted root issues many others.
    is_seal = names.get("common_name") == SEAL_NAME and not names.get("serial_number")
    believed = status.trusted and is_seal and (stamp is None or stamp.trusted)
    moment = stamp.time if stamp is not None and stamp.trusted else trust.now
    since = revoked(status.validation_path, trust.lists, moment)
    word = Word.NOT_GENUINE if not intact else Word.GENUINE if believed and since is None else Word.UNDECIDED
    result = SignatureResult(
        field="package",
        signer=str(names.get("common_name", "")),
        position="",
        unit=str(names.get("organization_name", "")),
        time=_moment(stamp.time if stamp else at),
        level="B-T" if stamp else "B-B",
        algorithm="RSASSA-PSS",
        verdict=word,
    )
    return result, _seal_words(result, stamp, since)


def _seal_words(result: SignatureResult, stamp: Stamp | None, since: datetime | None) -> Sentence:
    """What is told of the seal; `since` is the moment from which its certificate no longer counted."""
    if result.verdict is Word.NOT_GENUINE:
        return say("Bảng kê của gói không khớp chữ ký.")
    if since is not None:
        return say(REVOKED, at=f"{local(since):%H:%M %d/%m/%Y}")
    if result.verdict is Word.UNDECIDED:
        return say("Chưa tin được dấu của gói: không có đường dẫn đến chứng thư gốc đã đưa vào.")
    words = say("Gói do {signer} ({unit}) lập và đóng dấu.", signer=result.signer, unit=result.unit)
    if stamp is None:
        return together(words, say("Dấu của gói chưa có dấu thời gian."))
    return together(words, say("Dấu thời gian của {authority}.", authority=stamp.authority))


def _stamp(signed: cms.SignedData, trust: Trust) -> Stamp | None:
    """The time-stamp over the seal, where it has one."""
    signer = signed["signer_infos"][0]
    tokens = tokens_of(signer)
    if not tokens:
        return None

    def of_value(algorithm: str) -> bytes:
        return hashlib.new(algorithm, signer["signature"].native).digest()

    return stamp_of(cms.ContentInfo.load(tokens[0])["content"], of_value, trust.roots, trust.now)


def _moment(at: datetime | None) -> str:
    return local(at).isoformat(timespec="seconds") if at else ""


def _no_seal() -> SignatureResult:
    return SignatureResult("package", "", "", "", "", "", "", Word.NOT_GENUINE)


def _log(package: Package) -> tuple[Word, Sentence]:
    extract, note, key = (package.find(name) for name in (EXTRACT, HEAD, KEY))
    if extract is None or note is None or key is None:
        return Word.UNDECIDED, say("Gói không kèm trích lục nhật ký.")
    try:
        head = read_checkpoint(note.decode(), Verifier.read(key.decode()))
        leaves = read_extract(extract)
    except InvalidInput as fault:
        return Word.NOT_GENUINE, together(fault.message)
    except (ValueError, KeyError, TypeError):
        return Word.NOT_GENUINE, say("Trích lục nhật ký không đọc được.")
    found = faults(leaves, head)
    if found:
        return Word.NOT_GENUINE, together(*found[:3])
    return Word.GENUINE, say(
        "{count} sự kiện trong gói đều nằm trong nhật ký có {size} sự kiện đã ký điểm neo.",
        count=len(leaves),
        size=head.size,
    )
