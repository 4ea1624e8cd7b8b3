"""Headers that every answer carries, and which addresses may follow `next`."""

from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
ONE_YEAR = 31_536_000


def harden(answer: Response) -> Response:
    """After every request: the security headers; pages are never stored by browser or proxy."""
    answer.headers.update(HEADERS)
    answer.headers["Content-Security-Policy"] = _policy()
    if current_app.config["SESSION_COOKIE_SECURE"]:
        answer.headers["Strict-Transport-Security"] = f"max-age={ONE_YEAR}; includeSubDomains"
    if request.endpoint != "static":
        answer.headers["Cache-Control"] = "no-store"
    return answer


def _policy() -> str:
    policy = CONTENT_POLICY
    if g.get("inline_pictures"):
        policy = policy.replace("img-src 'self'", "img-src 'self' data:")
    if address := g.get("allowed_connection"):
        policy = policy.replace("connect-src 'self'", f"connect-src 'self' {address}")
    return policy


def allow_inline_pictures() -> None:
    """Let the answer to this request bring pictures inside it: of what must not be stored, not even for a moment."""
    g.inline_pictures = True


def allow_connection(address: str) -> None:
    """Let the answer's page talk to this address besides: a program on the reader's own computer."""
    g.allowed_connection = address


def configure(app: Flask, public_url: str) -> None:
    """Cookie and host rules from the address the portal is reached at."""
    address = urlsplit(public_url)
    secure = address.scheme == "https"
    host = address.hostname or "localhost"
    local = ["localhost", "127.0.0.1"] if host in {"localhost", "127.0.0.1"} else []
    app.config.update(
        SESSION_COOKIE_NAME="__Host-bangiao" if secure else "bangiao",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        TRUSTED_HOSTS=[host, *local],
        WTF_CSRF_TIME_LIMIT=None,
        # The Referer is switched off by our own policy; token and SameSite cookie carry the check.
        WTF_CSRF_SSL_STRICT=False,
        WTF_CSRF_CHECK_DEFAULT=False,
    )


def local_path(target: str | None) -> str | None:
    """The address if it is a path on this site, else None: no scheme, no host, no backslash, no control letter."""
    if not target or not target.startswith("/") or target.startswith("//"):
        return None
    if "\\" in target or any(ord(letter) < 33 for letter in target):
        return None
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc else None
