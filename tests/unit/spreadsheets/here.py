"""The reading process's own steps in the test's process: a process of its own for each file would take minutes."""

import json
from datetime import date

from portal.spreadsheets import checking, reading_process
from portal.spreadsheets.reading import LookedSheet
from portal.spreadsheets.refusals import FileRefused, refusal

TODAY = date(2026, 11, 20)


class HereReadWorkbook:
    """What `reading.OpenWorkbook` gives, with everything told through JSON as there."""

    def __init__(self, path):
        looked = reading_process._look(path)
        self._tables = reading_process._tables(str(path), looked)
        self._extents = {sheet.name: extent for sheet, extent in looked}
        self.sheets = tuple(
            LookedSheet(**json.loads(json.dumps(self._described(sheet, extent)))) for sheet, extent in looked
        )

    def _described(self, sheet, extent):
        return reading_process._described(sheet, extent, self._tables.get(sheet.name), count_rows=True)

    def rows(self, name):
        for row in reading_process._rows(self._tables.get(name), self._extents[name]):
            yield json.loads(json.dumps(row))


def check_here(path):
    """The check of a workbook that is read in this process."""
    try:
        return checking._check(HereReadWorkbook(path), TODAY, None, None)
    except FileRefused as refused:
        return checking.CheckResult(refused=refusal(refused.code, refused.detail))
