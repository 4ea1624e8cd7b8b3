"""Static files: named by content for a year's caching, and text answers squeezed on the way out."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, current_app, request
from werkzeug.security import safe_join

from portal.settings import CHECKOUT
from portal.web.access import public
from portal.web.security import ONE_YEAR

STATIC = CHECKOUT / "static"
_TEXT = frozenset({"text/html", "text/css", "text/javascript", "image/svg+xml", "application/json", "text/csv"})
_WORTH_SQUEEZING = 800
"""Bytes below which compression gains nothing."""

_VERSION = 10
"""Letters of a file's digest in its address: neither nine nor twelve, lest digits look like a citizen's number."""


@dataclass(frozen=True)
class Asset:
    """A static file as it is served."""

    data: bytes
    squeezed: bytes
    mimetype: str
    version: str


def load(filename: str) -> Asset | None:
    """The file below static/, read once and again only when it changes; None where there is none."""
    joined = safe_join(str(STATIC), filename)
    path = Path(joined) if joined else None
    if path is None or not path.is_file():
        return None
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _read(path: Path, _changed: int) -> Asset:
    data = path.read_bytes()
    mimetype = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    squeezed = gzip.compress(data, 9, mtime=0) if mimetype in _TEXT else b""
    return Asset(data, squeezed, mimetype, hashlib.sha256(data).hexdigest()[:_VERSION])


@public
def static(filename: str) -> Response:
    """Serve a static file; cached for a year where the address bears the content's mark."""
    asset = load(filename)
    if asset is None:
        abort(404)
    squeeze = bool(asset.squeezed) and request.accept_encodings["gzip"] > 0
    answer = Response(asset.squeezed if squeeze else asset.data, mimetype=asset.mimetype)
    if squeeze:
        answer.content_encoding = "gzip"
    answer.vary.add("Accept-Encoding")
    answer.set_etag(asset.version + ("-gz" if squeeze else ""))
    named = request.args.get("v") == asset.version
    answer.headers["Cache-Control"] = f"public, max-age={ONE_YEAR}, immutable" if named else "no-cache"
    answer.make_conditional(request)
    return answer


def squeeze(answer: Response) -> Response:
    """After every request: gzip a text answer where the browser takes it."""
    if (
        answer.direct_passthrough
        or answer.is_streamed
        or answer.content_encoding
        or answer.mimetype not in _TEXT
        or request.endpoint == "static"
    ):
        return answer
    answer.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"] > 0 and (answer.content_length or 0) >= _WORTH_SQUEEZING:
        answer.set_data(gzip.compress(answer.get_data(), 5, mtime=0))
        answer.content_encoding = "gzip"
    return answer


def register(app: Flask) -> None:
    """Add the static route and put the content's mark into every address of it."""
    app.add_url_rule("/static/<path:filename>", endpoint="static", view_func=static)

    @app.url_defaults
    def mark(endpoint: str, values: dict[str, Any]) -> None:
        asset = load(values.get("filename", "")) if endpoint == "static" else None
        if asset is not None:
            values.setdefault("v", asset.version)
        elif endpoint == "static":
            current_app.logger.warning("static file missing: %s", values.get("filename"))
