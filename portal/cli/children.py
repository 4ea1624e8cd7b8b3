"""Child processes of `portal serve`: they end with their parent, and before the database does."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

PR_SET_PDEATHSIG = 1
END_SECONDS = 20


@dataclass
class Child:
    """One program that is kept running beside us."""

    arguments: Sequence[str]
    environment: Mapping[str, str]
    niceness: int = 0
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches us alone and we end things in order."""
        self.process = subprocess.Popen(
            self.arguments,
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=self._prepare,  # noqa: PLW1509  we have one thread when we start children
        )

    def ended(self) -> bool:
        """Whether it runs no longer."""
        return self.process is None or self.process.poll() is not None

    def end(self) -> None:
        """Ask it to end and wait; after twenty seconds it is made to."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _prepare(self) -> None:
        os.nice(self.niceness)
        if sys.platform == "linux":
            # Killed outright, we could end nobody: the kernel asks the child to end for us.
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
