"""Files for the browser to keep: werkzeug writes the plain and the RFC 6266 name."""

from io import BytesIO

from flask import Response, send_file

PDF = "application/pdf"
TEXT = "text/plain"
PACKAGE = "application/vnd.etsi.asic-e+zip"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def download(name: str, data: bytes, kind: str) -> Response:
    """The bytes as a file of this kind (one of the above), to be saved under this name."""
    return send_file(BytesIO(data), mimetype=kind, as_attachment=True, download_name=name)
