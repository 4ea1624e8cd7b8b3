"""Pages for everyone: verification by upload or printed code, health. No citizen's data, nothing stored."""

from base64 import b64encode
from typing import TYPE_CHECKING

from flask import Blueprint, Response, jsonify, make_response, request, url_for
from flask_babel import gettext as _

from portal.domain.phrases import record_number
from portal.queries.public_records import by_code
from portal.services import health
from portal.services.public_verification import examine
from portal.signatures.fields import SEAL
from portal.verification.verdicts import WORDS
from portal.verification.wording import PLACES
from portal.web import htmx
from portal.web.access import public, signed_in
from portal.web.security import allow_inline_pictures

if TYPE_CHECKING:
    from portal.documents.page_differences import PagePair
    from portal.verification.alterations import Alterations

bp = Blueprint("public", __name__)

PDF_START, PACKAGE_START = b"%PDF-", b"PK"


@bp.get("/healthz")
@public
def healthz() -> Response:
    """Whether database, file store and seal did their work just now; 503 where one did not."""
    done = health.check()
    answer = make_response(jsonify({name: "ok" if fine else "failed" for name, fine in done.items()}))
    answer.status_code = 200 if all(done.values()) else 503
    return answer


@bp.get("/verify")
@public
def verify() -> Response:
    """The verification page; a code in the address leads to the record's page."""
    code = request.args.get("code", "").replace(" ", "").upper()
    if code.isascii() and code.isalnum():
        return htmx.redirect(url_for("public.record", code=code))
    return htmx.render("public/verify.html")


@bp.post("/verify")
@public
def examine_upload() -> Response:
    """The verdict on an uploaded record or evidence package, line by line."""
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        return _refuse(_("Chưa chọn tệp. Hãy chọn tệp PDF của biên bản."))
    data = upload.stream.read()
    if not data:
        return _refuse(_("Tệp rỗng. Hãy tải lại tệp từ cổng rồi chọn lại."))
    is_package = data.startswith(PACKAGE_START)
    if not is_package and not data.startswith(PDF_START):
        return _refuse(_("Tệp không phải PDF hay gói chứng cứ. Hãy chọn tệp gốc đã tải từ cổng."))
    account = signed_in()
    found = examine(data, account.actor if account else None)
    verdict = found.verdict
    if found.alterations and found.alterations.pages:
        allow_inline_pictures()
    # A person's key may stand under any paper: only what the portal has sealed is headed as a record.
    is_record = any(each.field == SEAL for each in verdict.signatures)
    complete = is_record and all(line.ok for line in verdict.lines)
    partly = (
        _("Chữ ký đúng, nhưng biên bản chưa đủ chữ ký")
        if is_record
        else _("Chữ ký đúng, nhưng tệp không phải biên bản của cổng")
    )
    words = {
        "genuine": (_("Gói chứng cứ hợp lệ") if is_package else _("Biên bản hợp lệ")) if complete else partly,
        "not_genuine": _("KHÔNG hợp lệ: tệp không còn là bản gốc"),
        "undecided": _("Chưa xác định được"),
    }
    return htmx.render(
        "public/verify.html",
        verdict=verdict,
        word=WORDS[verdict.verdict],
        places=PLACES,
        alterations=found.alterations,
        inside=found.inside,
        pairs=_pictures(found.alterations),
        verdict_words=words[verdict.verdict],
        complete=complete,
        filename=upload.filename,
    )


@bp.get("/verify/<code>")
@public
def record(code: str) -> Response:
    """What the printed code stands for."""
    found = by_code(code.upper()) if len(code) <= 20 else None
    number = record_number(found.number, found.symbol) if found else ""
    return htmx.render(
        "public/record.html", status=200 if found else 404, record=found, number=number, code=code[:20]
    )


def _pictures(found: "Alterations | None") -> "list[tuple[PagePair, str, str]]":
    """Page pairs with their pictures as addresses that hold the picture itself."""

    def inside(picture: bytes | None) -> str:
        return f"data:image/png;base64,{b64encode(picture).decode()}" if picture else ""

    return [(each, inside(each.before), inside(each.after)) for each in (found.pages if found else ())]


def _refuse(fault: str) -> Response:
    return htmx.render("public/verify.html", status=422, fault=fault)
