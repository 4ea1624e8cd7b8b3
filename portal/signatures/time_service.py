"""The portal's own time-stamp authority (RFC 3161): `openssl ts` behind a small HTTP service on this machine alone.

Its clock is the server's own, so its stamps are labelled «giờ nội bộ». `portal serve` runs it beside the pages.
"""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread

from portal.signatures.authority import TSA_CERTIFICATE, TSA_KEY

HOST = "127.0.0.1"
QUERY_TYPE, REPLY_TYPE = "application/timestamp-query", "application/timestamp-reply"
LONGEST_QUERY = 4096
SECONDS = 10
SERIAL, CONFIGURATION = "tsa-serial", "tsa.cnf"
_CONFIGURATION = """[tsa]
serial = {folder}/{serial}
crypto_device = builtin
signer_cert = {folder}/{certificate}
signer_key = {folder}/{key}
signer_digest = sha256
default_policy = 2.25.305771462318962105814137034286731034931
digests = sha256, sha384, sha512
accuracy = secs:1
ordering = no
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


class TimeService(ThreadingHTTPServer):
    """Answers time-stamp queries with the key in `folder`; port 0 takes any free one."""

    daemon_threads = True

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.folder = folder
        self.one_at_a_time = Lock()
        """`openssl ts` reads and writes its file of serial numbers without a lock of its own."""
        configuration = _CONFIGURATION.format(folder=folder, serial=SERIAL, certificate=TSA_CERTIFICATE, key=TSA_KEY)
        (folder / CONFIGURATION).write_text(configuration, encoding="utf-8")
        super().__init__((HOST, port), _Answer)

    @property
    def address(self) -> str:
        """Where to send queries."""
        return f"http://{HOST}:{self.server_port}/"

    def reply(self, query: bytes) -> bytes:
        """The DER reply to a DER query; a query that makes no sense gets a refusal in the same form."""
        with self.one_at_a_time:
            done = subprocess.run(
                ["openssl", "ts", "-reply", "-config", str(self.folder / CONFIGURATION), "-section", "tsa",
                 "-queryfile", "/dev/stdin"],
                input=query,
                capture_output=True,
                timeout=SECONDS,
                check=True,
            )  # fmt: skip
        return done.stdout


class _Answer(BaseHTTPRequestHandler):
    server: TimeService
    timeout = SECONDS

    def do_POST(self) -> None:
        """One query, one reply."""
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > LONGEST_QUERY or self.headers.get("Content-Type") != QUERY_TYPE:
            self.send_error(400)
            return
        try:
            reply = self.server.reply(self.rfile.read(int(length)))
        except (subprocess.SubprocessError, OSError):
            self.send_error(503)
            return
        self.send_response(200)
        self.send_header("Content-Type", REPLY_TYPE)
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing: every stamp is an act in the event log already."""


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """The service in a thread of this process while the block runs; yields its address."""
    service = TimeService(folder)
    thread = Thread(target=service.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield service.address
    finally:
        service.shutdown()
        service.server_close()
        thread.join()
