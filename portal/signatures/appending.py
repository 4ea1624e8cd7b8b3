"""Writing to a PDF by appending only, and waiting for pyHanko's asynchronous acts."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from io import BytesIO
from typing import Any, TypeVar

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

Result = TypeVar("Result")


class AppendingWriter(IncrementalPdfFileWriter):
    """Appends a revision and leaves the document's own metadata as drawn.

    pyHanko would write the machine's time into /Info and XMP with every revision; then a verifier could not tell a
    changed title from a new date. The signature's own dictionary bears the time of signing.
    """

    def __init__(self, pdf: bytes) -> None:
        super().__init__(BytesIO(pdf))

    def _update_meta(self) -> None:
        """Nothing: the metadata are part of what is sealed."""


def run_to_end(work: Coroutine[Any, Any, Result]) -> Result:
    """The result of asynchronous work; in a thread of its own where this thread has a running loop already."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(copy_context().run, asyncio.run, work).result()
