"""Time-stamp authorities that are away, slow, lying or wrong; and our own, judged by OpenSSL."""

import hashlib
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from asn1crypto import tsp

from portal.signatures import stamping, time_service
from portal.signatures.appending import run_to_end
from portal.signatures.authority import create_authority, issue_time_authority
from portal.signatures.invented_time import InventedTime
from portal.signatures.signing import seal
from portal.signatures.stamping import Attempt, Authorities, NoTimeStamp
from tests.unit.signatures import papers

DIGEST = hashlib.sha256(b"bien ban").digest()
Answer = Callable[[bytes], bytes | None]


def right_now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def answering(answer: Answer) -> Iterator[str]:
    """An authority on this machine that answers as it is told; None is an HTTP error."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(503 if body is None else 200)
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def authorities(*addresses: str, seconds: float = 10.0) -> Authorities:
    return Authorities(lambda: addresses, lambda: [papers.authority().certificate], right_now, answer_seconds=seconds)


def ask(of: Authorities) -> tsp.TSTInfo:
    token = run_to_end(of.async_timestamp(DIGEST, "sha256"))
    return token["content"]["encap_content_info"]["content"].parsed


def reply(query: bytes, at: datetime | None = None, folder: Path | None = None) -> bytes:
    clock = authority_in(folder or papers.folder())
    clock._now = lambda: at or right_now()
    return clock.request_tsa_response(tsp.TimeStampReq.load(query)).dump()


@cache
def authority_in(folder: Path) -> InventedTime:
    papers.authority()
    return InventedTime(folder, right_now)


def other_query(query: bytes, **changed: object) -> bytes:
    asked = tsp.TimeStampReq.load(query)
    for name, value in changed.items():
        asked[name] = value
    return asked.dump(force=True)


def other_digest(query: bytes) -> bytes:
    imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": hashlib.sha256(b"other").digest()}
    return reply(other_query(query, message_imprint=imprint))


@pytest.fixture(scope="module")
def foreign(tmp_path_factory) -> Path:
    """A time-stamp authority under a root that nobody trusts."""
    folder = tmp_path_factory.mktemp("foreign") / "authority"
    other = create_authority(folder, name="Kẻ khác", now=papers.NOW, key=papers.spare_key(0))
    issue_time_authority(other, folder, portal_name="Kẻ khác", now=papers.NOW, key=papers.spare_key(4))
    return folder


def faults(foreign: Path) -> dict[str, tuple[Answer, str]]:
    return {
        "an error": (lambda _: None, "503"),
        "garbage": (lambda _: b"<html>502 Bad Gateway</html>", "127.0.0.1"),
        "nothing": (lambda _: b"", "127.0.0.1"),
        "too much": (lambda _: b"0" * 200_000, "too long"),
        "another nonce": (lambda query: reply(other_query(query, nonce=4711)), "127.0.0.1"),
        "no nonce": (lambda query: reply(other_query(query, nonce=None)), "127.0.0.1"),
        "another digest": (other_digest, "does not fit"),
        "a clock ahead": (lambda query: reply(query, right_now() + timedelta(minutes=26)), "120 s"),
        "a clock behind": (lambda query: reply(query, right_now() - timedelta(seconds=125)), "120 s"),
        "a key nobody trusts": (lambda query: reply(query, folder=foreign), "no trusted root"),
    }


@pytest.mark.parametrize("fault", faults(Path()))
def test_a_faulty_authority_gives_no_token_and_the_next_one_is_asked(fault, foreign):
    answer, reason = faults(foreign)[fault]
    with answering(answer) as bad, answering(reply) as good:
        with pytest.raises(NoTimeStamp, match=reason):
            ask(authorities(bad))
        assert ask(authorities(bad, good))["message_imprint"]["hashed_message"].native == DIGEST


def test_a_slow_authority_is_waited_for_no_longer_than_allowed():
    with (
        answering(lambda query: time.sleep(1.5) or reply(query)) as slow,
        pytest.raises(NoTimeStamp, match="timed out"),
    ):
        ask(authorities(slow, seconds=0.3))


def test_a_changed_bit_of_a_token_is_refused():
    def damaged(query: bytes) -> bytes:
        answer = bytearray(reply(query))
        answer[-20] ^= 1
        return bytes(answer)

    with answering(damaged) as address, pytest.raises(NoTimeStamp):
        ask(authorities(address))


def test_a_dripping_answer_counts_as_a_whole():
    class Drip(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(200)
            self.end_headers()
            for _ in range(40):
                try:
                    self.wfile.write(b"0")
                    self.wfile.flush()
                except OSError:
                    return
                time.sleep(0.1)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Drip)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    begun = time.monotonic()
    with pytest.raises(NoTimeStamp):
        ask(authorities(f"http://127.0.0.1:{server.server_port}/", seconds=0.4))
    assert time.monotonic() - begun < 2
    server.shutdown()
    server.server_close()


def test_after_two_failures_an_authority_is_left_alone_for_a_while_and_comes_back(monkeypatch):
    asked: list[bytes] = []
    works = threading.Event()

    def answer(query: bytes) -> bytes | None:
        asked.append(query)
        return reply(query) if works.is_set() else b"no"

    monkeypatch.setattr(stamping, "PAUSE_SECONDS", 0.3)
    with answering(answer) as address:
        of = authorities(address)
        for _ in range(5):
            with pytest.raises(NoTimeStamp):
                ask(of)
        assert len(asked) == 2
        works.set()
        time.sleep(0.35)
        ask(of)
        assert len(asked) == 3


def test_without_an_answer_the_signature_is_made_all_the_same_and_says_so():
    attempt = Attempt(authorities("http://127.0.0.1:9/"))
    pdf = seal(papers.with_fields(), papers.seal_key(), now=papers.NOW, timestamper=attempt)
    assert not attempt.obtained
    assert "127.0.0.1:9" in attempt.failed
    assert pdf.startswith(papers.with_fields())


def test_our_own_authority_s_tokens_are_good_for_openssl(tmp_path):
    papers.authority()
    with time_service.running(papers.folder()) as address:
        of = authorities(address, seconds=10)
        tokens = []
        threads = [
            threading.Thread(target=lambda: tokens.append(run_to_end(of.async_timestamp(DIGEST, "sha256"))))
            for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    numbers = {each["content"]["encap_content_info"]["content"].parsed["serial_number"].native for each in tokens}
    assert len(numbers) == 8
    (tmp_path / "token.der").write_bytes(tokens[0].dump())
    (tmp_path / "roots.pem").write_bytes(papers.authority().certificate_pem)
    (tmp_path / "data").write_bytes(b"bien ban")
    told = subprocess.run(
        ["openssl", "ts", "-verify", "-token_in", "-in", tmp_path / "token.der", "-data", tmp_path / "data",
         "-CAfile", tmp_path / "roots.pem"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Verification: OK" in told.stdout + told.stderr


@pytest.mark.parametrize("body", [b"", b"x" * 5000, b"no query"])
def test_our_own_authority_survives_what_is_no_query(body):
    import http.client

    papers.authority()
    with time_service.running(papers.folder()) as address:
        connection = http.client.HTTPConnection(address.removeprefix("http://").strip("/"), timeout=10)
        connection.request("POST", "/", body, {"Content-Type": time_service.QUERY_TYPE})
        connection.getresponse().read()
        connection.close()
        ask(authorities(address, seconds=10))
