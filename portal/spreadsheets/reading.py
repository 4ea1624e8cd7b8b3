"""Read a workbook through a process of its own, so that no file can harm the one that asks."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from portal.domain.wording import restored
from portal.spreadsheets.refusals import FileRefused

_ROOT = Path(__file__).resolve().parents[2]
_START = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from portal.spreadsheets.reading_process import main; main(sys.argv[2])"
)
_WALL_SECONDS = 60
"""Wall time of one reading: twice the processor time it may use, for a busy machine."""

NumberedRow = tuple[int, list[str]]
"""The sheet's row number (from 1) and its cells as text, from column A on."""


@dataclass(frozen=True, slots=True)
class LookedSheet:
    """A sheet as the reading process found it. `rows` is -1 where it was not counted; `head` are the first rows."""

    name: str
    hidden: bool
    rows: int
    head: list[NumberedRow]
    refused: tuple[str, str] | None
    hidden_rows: list[int]
    hidden_columns: list[int]
    error_cells: list[str]
    uncalculated_cells: list[str]


class OpenWorkbook:
    """A workbook being read: its sheets, and once the rows of one of them."""

    def __init__(self, asking: IO[bytes], answers: IO[bytes]) -> None:
        self._asking, self._answers = asking, answers
        answer = self._next()
        if "refused" in answer:
            code, detail = answer["refused"]
            raise FileRefused(code, restored(detail))
        self.sheets = tuple(LookedSheet(**sheet) for sheet in answer["sheets"])

    def rows(self, sheet: str) -> Iterator[NumberedRow]:
        """The rows of the sheet that hold a value. Raises FileRefused when the process gives up; call it once."""
        self._asking.write(json.dumps(sheet).encode() + b"\n")
        self._asking.flush()
        while (chunk := self._next()) is not None:
            yield from chunk

    def _next(self) -> Any:  # noqa: ANN401 - whatever JSON says
        line = self._answers.readline()
        if not line.endswith(b"\n"):
            # The process died: out of memory or time.
            raise FileRefused("too_heavy")
        return json.loads(line)


@contextmanager
def open_workbook(path: Path) -> Iterator[OpenWorkbook]:
    """Open the workbook for reading. Raises FileRefused with a code of `refusals`; the process ends with it."""
    process = subprocess.Popen(
        [sys.executable, "-I", "-c", _START, str(_ROOT), str(path.resolve())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env={},
    )
    alarm = threading.Timer(_WALL_SECONDS, process.kill)
    alarm.daemon = True
    alarm.start()
    try:
        if process.stdin is None or process.stdout is None:
            raise FileRefused("too_heavy")
        yield OpenWorkbook(process.stdin, process.stdout)
    finally:
        alarm.cancel()
        process.kill()
        _close(process)


def _close(process: "subprocess.Popen[bytes]") -> None:
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            try:
                stream.close()
            except BrokenPipeError:
                # The process has ended before it read our last word; nothing is lost.
                continue
    process.wait()
