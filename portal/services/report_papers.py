"""The PDF of a report: drawn from the figures that were handed on, sealed, signed by the leader as records are.

Where a form asks for a key's signature, signing the paper is the sign-off: one transaction signs and sends.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text

from portal.clock import local, now
from portal.documents import pictures
from portal.documents.report import FIELD, AnnexTable, Block, FigureLine, ReportContent, draw_report
from portal.domain.delegations import authority_lines, signing_position
from portal.domain.errors import NotFound, NotPermitted, StaleVersion, WrongStage
from portal.domain.events import EventTag
from portal.domain.permissions import Actor, Permission, has_permission
from portal.domain.phrases import record_number
from portal.domain.report_forms import KEY, Form, Section
from portal.domain.report_states import ReportAct, ReportSide, ReportStatus
from portal.domain.units import UnitKind
from portal.domain.wording import say
from portal.evidence.canonical import canonical_json, sha256_hex
from portal.models import Report, ReportDuty, ReportPaper, Unit, db
from portal.queries import reports as queries
from portal.queries.accounts import confirmed_certificates_of
from portal.services import report_books
from portal.services.auditing import record
from portal.services.context import ground
from portal.services.exporting import log_export
from portal.services.hands import expected_of, hand_of, once_with_key
from portal.services.pictures import pictures_of
from portal.services.report_sheets import NO_SIGNER, NOT_FOUND, Sheet, data_of, sheet, side_of
from portal.services.reports import locked, send
from portal.services.unit_of_work import once, transaction
from portal.signatures.fields import place_fields
from portal.signatures.hands import INTERNAL, Hand, Request
from portal.signatures.signing import Appearance, seal
from portal.signatures.stamping import Attempt
from portal.spreadsheets.report_books import ReportRow
from portal.verification.acceptance import accept

PICTURE_WIDTH = 1100
_SENT = frozenset({ReportStatus.SENT.value, ReportStatus.ACCEPTED.value})


def draw(actor: Actor, duty_id: UUID, *, key: str = "") -> None:
    """Draw and seal the paper that this leader is to sign; one that is signed stays as it is."""

    def act() -> dict[str, Any]:
        of = _locked(actor, duty_id)
        report = _to_sign(actor, of)
        paper = db.session.get(ReportPaper, report.id, with_for_update=True, populate_existing=True)
        if paper is None:
            paper = _numbered(actor, report)
        if paper.signed_at is not None:
            return {"ok": True}
        _check_adds_up(of, report)
        at, attempt = now(), Attempt(ground().stamper())
        paper.signer_membership_id, paper.signer_delegation_id = actor.membership_id, actor.delegation_id
        drawn = draw_report(_content(actor, of, report, paper))
        sealed = seal(place_fields(drawn.pdf, drawn.boxes), ground().seal(), now=at, timestamper=attempt)
        paper.pdf_sha256, paper.pages, paper.drawn_at = ground().store.put(sealed), drawn.pages, at
        paper.values_sha256 = report.values_sha256
        db.session.add(paper)
        record(
            EventTag.REPORT_PAPER_DRAWN,
            actor,
            duty=str(of.duty.id),
            version=report.version,
            sha256=paper.pdf_sha256,
        )
        return {"ok": True}

    once(actor.user_id, key, f"draw_report:{duty_id}", act)


def sign(actor: Actor, duty_id: UUID, by: str | Hand, *, shown: str, key: str = "") -> None:
    """Sign the paper whose pages were shown (`shown` is their SHA-256), through the same gate as every record.

    Raises StaleVersion where the figures or the pages changed since, NotPermitted where another name stands on it.
    """

    def act() -> dict[str, Any]:
        hand = hand_of(actor, by)
        of = _locked(actor, duty_id)
        report = _to_sign(actor, of)
        paper = db.session.get(ReportPaper, report.id, with_for_update=True, populate_existing=True)
        if paper is None or paper.signed_at is not None:
            raise StaleVersion(say("Bản PDF này đã ký hoặc chưa lập. Hãy tải lại trang."))
        _check_shown(actor, report, paper, shown)
        _sign(actor, of, report, paper, hand)
        if report.status == ReportStatus.FOR_SIGN_OFF.value:
            duty, waiting, form = locked(actor, duty_id, ReportAct.SIGN_OFF)
            send(actor, duty, waiting, form, shown=paper.values_sha256)
        return {"ok": True}

    once_with_key(actor, key, f"sign_report:{duty_id}", act)


def paper_of(actor: Actor, duty_id: UUID) -> ReportPaper | None:
    """The paper of the newest version that has one; None where there is none. Raises NotFound."""
    duty = queries.duty_of(actor, duty_id)
    if duty is None:
        raise NotFound(NOT_FOUND)
    query = (
        select(ReportPaper)
        .join(Report, Report.id == ReportPaper.report_id)
        .where(Report.duty_id == duty.id)
        .order_by(Report.version.desc())
        .limit(1)
    )
    return db.session.execute(query).scalar_one_or_none()


def download(actor: Actor, duty_id: UUID) -> tuple[str, bytes]:
    """The newest paper and the name to save it under; the reading is noted. Raises NotFound."""
    paper = _needed(actor, duty_id)
    data = ground().store.get(paper.pdf_sha256)
    name = f"{record_number(paper.number, paper.symbol).replace('/', '-')}-{paper.year}.pdf"
    with transaction():
        log_export(actor, "report_paper")
    return name, data


def picture(actor: Actor, duty_id: UUID, page: int) -> bytes:
    """One page (from 1) of the newest paper as PNG. Raises NotFound."""
    paper = _needed(actor, duty_id)
    if not 1 <= page <= paper.pages:
        raise NotFound(NOT_FOUND)
    return pictures.page_picture(ground().store.get(paper.pdf_sha256), page, width_px=PICTURE_WIDTH)


def may_sign(actor: Actor, of: Sheet) -> bool:
    """Whether this leader may draw and sign the report's paper now."""
    if of.report is None or side_of(actor, of.duty) is not ReportSide.OWN:
        return False
    if not has_permission(actor, Permission.REPORT_SIGN):
        return False
    waits = of.form.sign == KEY and of.report.status == ReportStatus.FOR_SIGN_OFF.value and of.open
    return waits or of.report.status in _SENT


def _needed(actor: Actor, duty_id: UUID) -> ReportPaper:
    paper = paper_of(actor, duty_id)
    if paper is None:
        raise NotFound(say("Báo cáo này chưa có bản PDF."))
    return paper


def _locked(actor: Actor, duty_id: UUID) -> Sheet:
    """The sheet as it stands once nobody else writes it: the duty's lock comes first, then the reading."""
    duty = queries.duty_of(actor, duty_id)
    if duty is None:
        raise NotFound(NOT_FOUND)
    db.session.refresh(duty, with_for_update={"of": ReportDuty})
    return sheet(actor, duty_id)


def _to_sign(actor: Actor, of: Sheet) -> Report:
    if side_of(actor, of.duty) is not ReportSide.OWN or not has_permission(actor, Permission.REPORT_SIGN):
        raise NotPermitted(NO_SIGNER)
    if of.report is None or not may_sign(actor, of):
        raise WrongStage(say("Báo cáo này chưa đến lúc ký bản PDF."))
    return of.report


def _check_adds_up(of: Sheet, report: Report) -> None:
    """The annex tells what stands now, the sums what was handed on: after a restatement below they would differ."""
    if of.duty.gathers and report.outdated_at is not None:
        raise WrongStage(
            say(
                "Số liệu cấp dưới đã thay đổi so với bản này, phụ lục sẽ không khớp. "
                "Nếu chưa gửi, hãy đưa về để sửa rồi trình lại; nếu đã gửi, hãy lập bản đính chính."
            )
        )


def _check_shown(actor: Actor, report: Report, paper: ReportPaper, shown: str) -> None:
    if (paper.signer_membership_id, paper.signer_delegation_id) != (actor.membership_id, actor.delegation_id):
        raise NotPermitted(say("Bản PDF ghi tên người ký khác. Nếu bạn ký, hãy lập lại bản PDF."))
    if paper.pdf_sha256 != shown or paper.values_sha256 != report.values_sha256:
        raise StaleVersion(say("Số liệu hoặc bản PDF đã đổi sau khi bạn mở trang. Hãy lập lại bản PDF rồi ký."))


def _sign(actor: Actor, of: Sheet, report: Report, paper: ReportPaper, hand: Hand) -> None:
    at = now()
    unsigned = ground().store.get(paper.pdf_sha256)
    signature, seal_picture = pictures_of(actor)
    request = Request(
        unsigned,
        FIELD,
        appearance=Appearance(
            name=actor.user_name,
            position=signing_position(actor.position, actor.mandate),
            unit=actor.unit_name,
            time=local(at),
            reason="",
            internal=hand.grade == INTERNAL,
            signature_picture=signature,
            seal_picture=seal_picture,
        ),
        reason=f"Duyệt báo cáo {record_number(paper.number, paper.symbol)}",
        location=actor.unit_name,
        now=at,
        stamper=Attempt(ground().stamper()),
    )
    signed = hand.sign(request)
    accepted = accept(unsigned, signed, expected_of(actor, FIELD, since=paper.drawn_at, at=at))
    paper.pdf_sha256, paper.signed_at = ground().store.put(signed), at
    paper.certificate_serial = accepted.serial
    record(
        EventTag.REPORT_PAPER_SIGNED,
        actor,
        duty=str(of.duty.id),
        version=report.version,
        sha256=paper.pdf_sha256,
    )


def _numbered(actor: Actor, report: Report) -> ReportPaper:
    """A fresh paper with the unit's next number of the year, a series of its own beside the records'."""
    year, unit = local(now()).year, db.session.get_one(Unit, actor.unit_id)
    db.session.execute(text("SELECT pg_advisory_xact_lock(:place, :unit)"), {"place": 8107, "unit": unit.id})
    last = db.session.scalar(
        select(func.max(ReportPaper.number)).where(ReportPaper.unit_id == unit.id, ReportPaper.year == year)
    )
    return ReportPaper(
        report_id=report.id,
        unit_id=unit.id,
        year=year,
        number=(last or 0) + 1,
        symbol="-".join(filter(None, ("BC", unit.abbreviation))),
    )


def _content(actor: Actor, of: Sheet, report: Report, paper: ReportPaper) -> ReportContent:
    unit = db.session.get_one(Unit, actor.unit_id)
    above = queries.parent_unit(of.duty)
    data = canonical_json(data_of(of.duty, report) | _signing_side(actor, unit))
    return ReportContent(
        number=paper.number,
        symbol=paper.symbol,
        unit_name=unit.name,
        parent_name=unit.superior_name,
        place=unit.place_name or unit.name,
        title=of.form.title,
        as_of=of.duty.period.as_of,
        source=of.duty.period.document or of.form.source,
        addressee=above.name if above else "",
        drawn_at=now(),
        blocks=tuple(_block(of.form, section, report) for section in of.form.sections),
        explanations=tuple(
            f"{rule.words} {report.reasons[rule.key]}" for rule in of.form.rules if report.reasons.get(rule.key)
        ),
        missing=tuple(report.missing),
        annex=_annex(actor, of, report) if of.duty.gathers else (),
        authority=authority_lines(UnitKind(unit.kind), unit.name, actor.mandate),
        position=actor.position,
        person_name=actor.user_name,
        data=data,
        data_sha256=sha256_hex(data),
        test_data=ground().settings.demo,
    )


def _signing_side(actor: Actor, unit: Unit) -> dict[str, Any]:
    """Who may sign, as records name it: the unit, and the signer's certificates of other authorities (SHA-256)."""
    outside = [each.fingerprint for each in confirmed_certificates_of([actor.membership_id])]
    return {FIELD: {"code": unit.code, "name": unit.name}, **({"signers": {FIELD: outside}} if outside else {})}


def _block(form: Form, section: Section, report: Report) -> Block:
    figures = tuple(
        FigureLine(each.label, form.measures[each.measure], report.values.get(each.key))
        for each in section.fields
        if each.counts
    )
    words = tuple(
        (each.label, str(report.values[each.key]))
        for each in section.fields
        if not each.counts and report.values.get(each.key)
    )
    return Block(section.title, figures, words)


def _annex(actor: Actor, of: Sheet, report: Report) -> tuple[AnnexTable, ...]:
    """One table for each part of the form that counts something, over every unit that owes a report."""
    rows = report_books.book_of(actor, of).rows
    tables = []
    for section in of.form.sections:
        counts = [each for each in section.fields if each.counts]
        if counts:
            heads = tuple(f"{each.label} ({of.form.measures[each.measure]})" for each in counts)
            lines = tuple((row.name, _figures(row, [each.key for each in counts])) for row in rows)
            sums = tuple(int(report.values.get(each.key) or 0) for each in counts)
            tables.append(AnnexTable(section.title, heads, lines, sums))
    return tuple(tables)


def _figures(row: ReportRow, keys: list[str]) -> tuple[int | None, ...]:
    if row.values is None:
        return tuple(None for _ in keys)
    return tuple(value if isinstance(value := row.values.get(key), int) else None for key in keys)
