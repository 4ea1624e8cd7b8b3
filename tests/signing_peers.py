"""The peers of remote signing as real servers on loopback: a CSC service, and the agent on a signer's computer."""

import json
import socket
import struct
import threading
import urllib.request
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha1
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

TOKEN, PIN, CODE, SAD = "portal-token", "135790", "246810", "sad-1"
PSS = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=hashes.SHA256.digest_size)


class CscService(ThreadingHTTPServer):
    """Two credentials, the second with the given key; whatever was asked is kept in `asked`."""

    daemon_threads = True

    def __init__(self, certificate: bytes, key: rsa.RSAPrivateKey, version: str, other: bytes) -> None:
        super().__init__(("127.0.0.1", 0), _CscAnswer)
        self.certificates = {"c-other": other, "c-mine": certificate}
        self.key, self.version = key, version
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.status, self.broken = "enabled", ""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/csc/{self.version}"

    def answer(self, method: str, body: dict[str, Any]) -> tuple[int, Any]:
        if method == "credentials/list":
            return 200, {"credentialIDs": list(self.certificates)}
        if method == "credentials/info":
            chain = [b64encode(self.certificates[body["credentialID"]]).decode()]
            return 200, {"key": {"status": self.status}, "cert": {"status": "valid", "certificates": chain}}
        digests = body["hashes" if self.version == "v2" else "hash"]
        if method == "credentials/authorize":
            if (body.get("PIN"), body.get("OTP")) != (PIN, CODE):
                return 400, {"error": "invalid_pin", "error_description": "The PIN is wrong"}
            return 200, {"SAD": SAD, "expiresIn": 60}
        if body["SAD"] != SAD or body["signAlgo"] != "1.2.840.113549.1.1.10":
            return 400, {"error": "invalid_request"}
        value = self.key.sign(b64decode(digests[0]), PSS, Prehashed(hashes.SHA256()))
        return 200, {"signatures": [b64encode(value).decode()]}


class _CscAnswer(BaseHTTPRequestHandler):
    server: CscService

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        method = self.path.removeprefix(f"/csc/{self.server.version}/")
        self.server.asked.append((method, body))
        status, answer = self.server.answer(method, body)
        if self.headers["Authorization"] != f"Bearer {TOKEN}":
            status, answer = 401, {"error": "invalid_token"}
        data = self.server.broken.encode() or json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def csc_service(certificate: bytes, key: rsa.RSAPrivateKey, version: str, other: bytes) -> Iterator[CscService]:
    """The service while the block runs."""
    service = CscService(certificate, key, version, other)
    thread = threading.Thread(target=service.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        service.shutdown()
        service.server_close()


@contextmanager
def agent(sign: Callable[[bytes], bytes]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """An agent that listens for WebSocket orders, fetches the file, signs it with `sign` and brings it back."""
    listener = socket.create_server(("127.0.0.1", 0))
    orders: list[dict[str, Any]] = []

    def work() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                _greet(connection)
                order = json.loads(_read_text(connection))
                orders.append(order)
                _write_text(connection, json.dumps(_obey(order, sign)))
                connection.recv(64)

    threading.Thread(target=work, daemon=True).start()
    try:
        yield f"ws://127.0.0.1:{listener.getsockname()[1]}", orders
    finally:
        listener.close()


def _obey(order: dict[str, Any], sign: Callable[[bytes], bytes]) -> dict[str, Any]:
    with urllib.request.urlopen(order["FileName"], timeout=20) as answer:
        signed = sign(answer.read())
    head = b'--x\r\nContent-Disposition: form-data; name="uploadfile"; filename="bien-ban.pdf"\r\n\r\n'
    request = urllib.request.Request(
        order["FileUploadHandler"],
        data=head + signed + b"\r\n--x--\r\n",
        headers={"Content-Type": "multipart/form-data; boundary=x"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read())


def _greet(connection: socket.socket) -> None:
    request = b""
    while b"\r\n\r\n" not in request:
        request += connection.recv(4096)
    lines = request.decode().split("\r\n")
    key = next(line.split(": ", 1)[1] for line in lines if line.lower().startswith("sec-websocket-key"))
    accept = b64encode(sha1(f"{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11".encode()).digest()).decode()
    connection.sendall(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Accept: {accept}\r\n\r\n".encode()
    )


def _exactly(connection: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        piece = connection.recv(count - len(data))
        if not piece:
            raise ConnectionError("the page went away")
        data += piece
    return data


def _read_text(connection: socket.socket) -> str:
    _, second = _exactly(connection, 2)
    length = second & 0x7F
    if length == 126:
        (length,) = struct.unpack(">H", _exactly(connection, 2))
    mask, data = _exactly(connection, 4), _exactly(connection, length)
    return bytes(each ^ mask[at % 4] for at, each in enumerate(data)).decode()


def _write_text(connection: socket.socket, text: str) -> None:
    data = text.encode()
    size = bytes([len(data)]) if len(data) < 126 else b"\x7e" + struct.pack(">H", len(data))
    connection.sendall(b"\x81" + size + data)
