"""What people do on the pages of one list: records and signatures, the village's form, the police's grid, the lanes."""

import re
from pathlib import Path
from uuid import UUID

from playwright.sync_api import expect

from tests.functional.window import Window
from tests.integration.scene import PASSPHRASE


class ListPage:
    """The page of one list in somebody's window."""

    def __init__(self, window: Window, list_id: UUID) -> None:
        self.window = window
        self.address = f"/lists/{list_id}"

    def open(self) -> "ListPage":
        """Go there."""
        self.window.go(self.address)
        return self

    def prepare(self, words: str = "Lập biên bản bàn giao") -> "RecordPage":
        """Draw the record; the preview opens."""
        self.open()
        self.window.press(words)
        expect(self.window.tab).to_have_url(re.compile("/handovers/"))
        return RecordPage(self.window)

    def take(self) -> "RecordPage":
        """Open the record that waits for this unit's signature."""
        self.open()
        self.window.press("Xem và ký nhận")
        return RecordPage(self.window)

    def correct_number(self, number: int, right: str) -> None:
        """Village: state a person's right number."""
        self.correct(number, id_number=right)
        self.window.see("Đã lưu")

    def correct(self, number: int, **values: str) -> None:
        """Village: state a person's right values."""
        self.window.go(f"{self.address}/entries/{number}")
        for name, value in values.items():
            self._item(name, value)
        self.window.tab.locator('input[name="verdict"][value="fixed"]').check()
        self.window.press("LƯU, SANG NGƯỜI TIẾP")
        self._is_saved()

    def conclude(
        self,
        number: int,
        verdict: str,
        *,
        reason: str = "",
        return_reason: str = "",
        note: str = "",
        is_refused: bool = False,
    ) -> None:
        """Village or station: a conclusion without values."""
        self.window.go(f"{self.address}/entries/{number}")
        tab = self.window.tab
        tab.locator(f'input[name="verdict"][value="{verdict}"]').check()
        if reason:
            tab.locator('select[name="reason"]').select_option(reason)
        if return_reason:
            tab.locator('select[name="return_reason"]').select_option(return_reason)
        if note:
            tab.locator('textarea[name="note"]').fill(note)
        tab.locator("button.btn-save").click()
        if not is_refused:
            self._is_saved()

    def press_key(self, number: int, key: str) -> None:
        """Police: one key on one row of the grid; waits until the row has been saved."""
        row = self.window.tab.locator(f"#row-{number}")
        row.focus()
        row.press(key)
        expect(self.window.tab.locator(f"#row-{number}:not([data-verdict=''])")).to_be_visible()

    def press_button(self, number: int, words: str) -> None:
        """Police without keys: one button of one row."""
        self.window.tab.locator(f"#row-{number}").get_by_role("button", name=words).click()

    def import_file(self) -> Path:
        """Station: the import file of the first lane."""
        return self.window.download("Tải tệp import")

    def mark_first_field(self) -> None:
        """Station: tick the first field of the editing lane."""
        self.window.go(f"{self.address}?part=edit")
        self.window.press("Đánh dấu xong")
        self.window.see("✓ Đã sửa xong")

    def read_verification_list(self, file: Path) -> None:
        """Station: read the platform's verification list."""
        self.open()
        form = self.window.tab.locator('form[action$="/verification-list"]')
        form.locator('input[type="file"]').set_input_files(file)
        self.window.press("Nạp danh sách xác minh")

    def _is_saved(self) -> None:
        """Wait for the server's word: the phone goes on by itself, and leaving before would leave the save waiting."""
        expect(self.window.tab.locator("#messages")).to_contain_text("Đã lưu")

    def _item(self, name: str, value: str) -> None:
        tab = self.window.tab
        tab.locator(f'input[name="{name}_choice"][value="fix"]').check()
        tab.locator(f'input[name="{name}"]').fill(value)


class RecordPage:
    """A record's page: preview, incoming record or receipt."""

    def __init__(self, window: Window) -> None:
        self.window = window

    def sign(self, deed: str, passphrase: str = PASSPHRASE) -> None:
        """Type the passphrase and press the one button."""
        self.window.tab.locator('input[name="passphrase"]').fill(passphrase)
        self.window.press(deed)

    def record_file(self) -> Path:
        """Download the record."""
        return self.window.download("Tải biên bản")
