"""`page.crowd`: one page asked by fifty connections at once, from the real web server on the loopback."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from itertools import chain

from portal.bench.measuring import Figure, at_95
from portal.settings import CHECKOUT, Settings

CONNECTIONS, EACH = 50, 8
"""Bounded: four hundred requests to each address, one after the other on every connection."""
_HOST, _OK, _PATIENCE = "127.0.0.1", 200, 120.0


def under_a_crowd(name: str, size: int, settings: Settings, page: str, cookie: str) -> Figure:
    """The 95th percentile in milliseconds of the page; baseline is `/healthz`, which asks the same server and
    database for next to nothing."""
    with _served(settings) as port:
        for address in (page, "/healthz"):
            _asked_by_all(port, address, cookie, times=1)
        ours = at_95(_asked_by_all(port, page, cookie, times=EACH))
        bare = at_95(_asked_by_all(port, "/healthz", cookie, times=EACH))
    return Figure(name, size, ours, "ms p95, 50 connections", bare, float(f"{ours / bare:.4g}"))


@contextmanager
def _served(settings: Settings) -> Iterator[int]:
    """The pages as `portal serve` serves them, on a free port of the loopback, stopped at the end."""
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        port = int(probe.getsockname()[1])
    known = {
        "BANGIAO_HOME": str(settings.home),
        "PORT": str(port),
        "PYTHONPATH": str(CHECKOUT),
        "DATABASE_URL": settings.database_url or "",
        "DATABASE_OWNER_URL": settings.database_owner_url or "",
    }
    arguments = ["-m", "gunicorn", "wsgi:app", "--chdir", str(CHECKOUT), "--bind", f"{_HOST}:{port}"]
    arguments += ["--worker-class", "gthread", "--workers", str(settings.web_processes)]
    arguments += ["--threads", str(settings.web_threads), "--log-level", "error", "--no-control-socket", "--preload"]
    server = subprocess.Popen([sys.executable, *arguments], env=known)
    try:
        _await(port)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=_PATIENCE)


def _await(port: int) -> None:
    ends = time.monotonic() + _PATIENCE
    while time.monotonic() < ends:
        try:
            _ask(HTTPConnection(_HOST, port, timeout=5), port, "/healthz", "")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the web server did not answer")


def _asked_by_all(port: int, address: str, cookie: str, *, times: int) -> list[float]:
    """What each request took, in seconds, every connection asking as soon as it has its answer."""

    def one(_number: int) -> list[float]:
        connection = HTTPConnection(_HOST, port, timeout=_PATIENCE)
        taken = []
        for _time in range(times):
            begun = time.perf_counter()
            _ask(connection, port, address, cookie)
            taken.append(time.perf_counter() - begun)
        connection.close()
        return taken

    with ThreadPoolExecutor(CONNECTIONS) as crowd:
        return list(chain.from_iterable(crowd.map(one, range(CONNECTIONS))))


def _ask(connection: HTTPConnection, port: int, address: str, cookie: str) -> None:
    connection.request("GET", address, headers={"Host": f"localhost:{port}", "Cookie": cookie})
    answer = connection.getresponse()
    answer.read()
    if answer.status != _OK:
        raise RuntimeError(f"{address}: {answer.status}")
