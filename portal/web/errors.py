"""Refusals as pages: cause, place and next step in Vietnamese, whole or as the message part of a page."""

import errno
import traceback
from dataclasses import dataclass

from flask import Flask, Response, current_app, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError

from portal.domain.errors import DomainError, InvalidInput, NotFound, NotPermitted, StaleVersion, WrongStage
from portal.domain.transitions import Guard
from portal.services import drafts as kept_forms
from portal.services.public_verification import TooManyAtOnce
from portal.services.reading_limits import TooManyReadings
from portal.services.throttling import TooManyAttempts
from portal.services.unit_of_work import let_go
from portal.web import drafts, htmx, outbox
from portal.web.access import signed_in

STATUS: tuple[tuple[type[DomainError], int], ...] = (
    (NotFound, 404),
    (NotPermitted, 403),
    (WrongStage, 409),
    (StaleVersion, 409),
    (InvalidInput, 422),
    (TooManyAttempts, 429),
    (TooManyAtOnce, 429),
    (TooManyReadings, 429),
    (DomainError, 409),
)

FULL = 507
"""Insufficient Storage."""
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@dataclass(frozen=True)
class Words:
    """What a refusal page says."""

    title: str
    message: str


def words_for(status: int) -> Words:
    """Title and message of a refusal that no rule of ours explained."""
    pages = {
        400: (
            _("Yêu cầu không đọc được"),
            _("Dữ liệu gửi lên không đúng dạng. Hãy trở lại trang trước rồi làm lại."),
        ),
        403: (_("Không có quyền"), _("Bạn không có quyền mở trang này. Hãy trở về trang đầu.")),
        404: (
            _("Không tìm thấy trang"),
            _("Địa chỉ không đúng, hoặc nội dung không thuộc đơn vị của bạn. Hãy kiểm tra lại, hoặc về trang đầu."),
        ),
        405: (
            _("Không mở trực tiếp được"),
            _("Địa chỉ này chỉ nhận dữ liệu từ một biểu mẫu. Hãy trở về trang đầu rồi mở lại biểu mẫu."),
        ),
        409: (_("Nội dung đã thay đổi"), _("Có người vừa thay đổi nội dung này. Hãy tải lại trang.")),
        413: (
            _("Dữ liệu quá lớn"),
            _(
                "Tệp hoặc biểu mẫu lớn hơn mức cho phép (tệp tối đa %(file)s MB). "
                "Hãy chia nhỏ tệp hoặc rút ngắn nội dung rồi gửi lại; chưa có gì được lưu.",
                file=current_app.config["MAX_CONTENT_LENGTH"] // (1024 * 1024),
            ),
        ),
        422: (_("Thông tin chưa hợp lệ"), _("Hãy kiểm tra lại các mục đã nhập.")),
        429: (_("Thao tác quá nhanh"), _("Hãy chờ một lát rồi thử lại.")),
        503: (
            _("Hệ thống tạm thời chưa sẵn sàng"),
            _("Cơ sở dữ liệu chưa trả lời. Thao tác vừa rồi chưa được lưu. Hãy chờ một phút rồi tải lại trang."),
        ),
    }
    if status == FULL:
        return Words(
            _("Máy chủ hết chỗ lưu tệp"),
            _(
                "Thao tác chưa thực hiện được và không có gì dở dang; những gì đã lưu trước đó còn nguyên. "
                "Hãy báo người quản trị giải phóng ổ đĩa rồi làm lại."
            ),
        )
    fault = (
        _("Có lỗi của hệ thống"),
        _("Thao tác chưa được lưu và lỗi đã được ghi lại. Hãy thử lại; nếu vẫn lỗi, báo người quản trị kèm giờ này."),
    )
    return Words(*pages.get(status, fault))


def answer(status: int, message: str = "", title: str = "", kept: str = "") -> Response:
    """The refusal as a whole page, or as the message part where htmx asked for a part.

    `kept` is where the form that was sent lies for its author.
    """
    usual = words_for(status)
    context = {"status": status, "title": title or usual.title, "message": message or usual.message, "kept": kept}
    if htmx.is_partial():
        reply = make_response(render_template("errors/_notice.html", **context), status)
        reply.headers["HX-Retarget"] = f"#{htmx.MESSAGES}"
        reply.headers["HX-Reswap"] = "innerHTML"
        return reply
    return make_response(render_template("errors/page.html", **context), status)


def domain_error(error: DomainError) -> Response:
    """A rule's refusal: its own words with the status of its family."""
    status = next(code for family, code in STATUS if isinstance(error, family))
    return answer(status, error.message, kept=_kept_for_the_loser() if error.code == Guard.NOT_ANOTHERS else "")


def _kept_for_the_loser() -> str:
    """A colleague works on the list now: what was just sent is kept for its author; the address where it lies."""
    account = signed_in()
    number = drafts.keep_for(account.user_id) if account and request.method == "POST" else None
    return url_for("account.kept_form", draft_id=number, next=drafts.page_behind_the_request()) if number else ""


def http_error(error: HTTPException) -> Response:
    """Werkzeug's refusals; a redirect inside (a missing slash) passes as it is."""
    if isinstance(error, SecurityError):
        # An untrusted Host: no address can be built for it, so no page either.
        return make_response(_("Địa chỉ máy chủ không đúng. Hãy mở cổng bằng địa chỉ được cấp."), 400)
    if error.response is not None or (error.code or 500) < 400:
        return error.get_response()  # type: ignore[return-value]
    return answer(error.code or 500)


def stale_form(_error: CSRFError) -> Response:
    """A form with an old or missing token: keep it for its author and offer to send it again."""
    if outbox.is_asking():
        return outbox.please_sign_in() if signed_in() is None else outbox.please_ask_for_a_token()
    account = signed_in()
    number = drafts.keep_for(account.user_id) if account else None
    if account and number:
        kept = kept_forms.find(account.user_id, number)
        if kept:
            return htmx.redirect(drafts.address_of(kept, drafts.page_behind_the_request()))
    message = _("Trang này được mở đã lâu nên biểu mẫu hết hiệu lực. Hãy tải lại trang rồi gửi lại.")
    return answer(400, message, _("Biểu mẫu hết hiệu lực"))


def fault(error: Exception) -> Response:
    """Something of ours broke: log where (never what was typed), say what to do."""
    # Not the exception's own words: a database's refusal quotes the row, a parser's the text it was given.
    frames = "".join(traceback.format_tb(error.__traceback__))
    current_app.logger.error("fault at %s %s: %s\n%s", request.method, request.endpoint, _kinds(error), frames)
    return _bare_page(500)


def _kinds(error: BaseException) -> str:
    """The classes of an exception and of what caused it: `IntegrityError from UniqueViolation`."""
    chain = [error]
    while (cause := chain[-1].__cause__ or chain[-1].__context__) is not None and cause not in chain:
        chain.append(cause)
    return " from ".join(type(each).__name__ for each in chain)


def no_room(error: OSError) -> Response:
    """The disk took no more: the act was rolled back, a page says so. Any other OSError is a fault."""
    if error.errno not in _NO_ROOM:
        return fault(error)
    current_app.logger.error("no room to write at %s", request.endpoint)
    return _bare_page(FULL)


def unavailable(error: Exception) -> Response:
    """The database does not answer."""
    current_app.logger.error("database away at %s: %s", request.endpoint, type(error).__name__)
    return _bare_page(503)


def unreadable(error: Exception) -> Response:
    """A value that the database cannot hold."""
    let_go()
    current_app.logger.info("unreadable value at %s: %s", request.endpoint, type(error).__name__)
    return answer(400)


def _bare_page(status: int) -> Response:
    """A page that asks the database nothing, not even who is signed in."""
    template = current_app.jinja_env.get_template("errors/unavailable.html")
    return make_response(template.render(**vars(words_for(status)), status=status), status)


def register(app: Flask) -> None:
    """Hand every refusal to the pages above."""
    app.register_error_handler(DomainError, domain_error)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(CSRFError, stale_form)
    app.register_error_handler(OSError, no_room)
    app.register_error_handler(Exception, fault)
