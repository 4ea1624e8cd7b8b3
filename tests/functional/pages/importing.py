"""The station's import: choose a file, look at the check, take the rows."""

from pathlib import Path
from uuid import UUID

from playwright.sync_api import expect

from tests.functional.window import Window


class ImportPage:
    """The import in somebody's window."""

    def __init__(self, window: Window) -> None:
        self.window = window

    def choose(self, file: Path) -> "ImportPage":
        """Upload a file; its check opens."""
        self.window.go("/batches/new")
        self.window.tab.get_by_label("Tệp danh sách").set_input_files(file)
        self.window.press("Kiểm tra tệp")
        return self

    def confirm(self, deed: str) -> UUID:
        """Take the rows; returns the batch's id."""
        self.window.press(deed)
        expect(self.window.tab.get_by_role("heading", name="Danh sách theo thôn")).to_be_visible()
        return UUID(self.window.path.rsplit("/", 1)[1])

    def list_of(self, village: str) -> UUID:
        """On the batch's page: the list of a village."""
        link = self.window.tab.get_by_role("link", name=village, exact=True)
        return UUID(str(link.get_attribute("href")).rsplit("/", 1)[1])
