"""A process of its own, under limits of memory and time, for bytes from a stranger.

A file of two kilobytes can keep a reader busy for ever, a picture of the same size can unpack to gigabytes: who sent
it must get an answer all the same, and nobody else may notice.
"""

import os
import resource
import subprocess
import sys
from pathlib import Path

MEMORY_LIMIT = 1024 * 1024 * 1024
SECONDS_LIMIT = 20
"""Processor time."""
WALL_SECONDS = 40


class OutOfTime(Exception):
    """The clock ran out before the processor time did: the machine was busy, and the file is not to blame."""


_ROOT = Path(__file__).resolve().parents[1]
_START = (
    "import sys; sys.path.insert(0, sys.argv[1]); from portal.confined import limit; limit(int(sys.argv[3])); "
    "from importlib import import_module; import_module(sys.argv[2]).main()"
)


def confined(
    module: str, told: bytes, *, wall_seconds: float = WALL_SECONDS, seconds: int = SECONDS_LIMIT
) -> bytes | None:
    """What the module's `main` writes to standard output when it is told these bytes on standard input.

    `seconds`: of processor time, fewer than `wall_seconds`. None where it ran out of memory or of processor time, or
    failed; raises OutOfTime where it got too little of the processor. It knows no setting and no secret of ours.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-c", _START, str(_ROOT), module, str(seconds)],
            input=told,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={},
            timeout=wall_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise OutOfTime from late
    return done.stdout if done.returncode == 0 else None


def limit(seconds: int) -> None:
    """Take the limits upon this process, before anything of the file is read."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    os.nice(10)
