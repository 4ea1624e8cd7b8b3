"""One person's browser window: goes to pages, notes whatever the browser complains about."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Request, expect
from playwright.sync_api import Page as Tab

OFFICE = {"width": 1366, "height": 768}
PHONE = {"width": 360, "height": 640}
CITIZENS_NUMBER = re.compile(r"(?<![0-9a-f-])(\d{9}|\d{12})(?![0-9a-f-])")
"""Nine or twelve digits standing alone; runs inside UUIDs and hashes are not citizens' numbers."""
_LOST = re.compile(r"net::ERR_|status of (401|502|504)")
_REFUSALS = re.compile(r"status of (400|403|404|409|413|422|429)")


class Window:
    """A context with one tab. `complaints` must stay empty: console errors, evaluated code, numbers in addresses."""

    def __init__(self, context: BrowserContext, username: str) -> None:
        self.context = context
        self.username = username
        self.complaints: list[str] = []
        self.bears_a_bad_network = False
        self.tab: Tab = context.new_page()
        context.on("console", self._heard)
        context.on("weberror", lambda error: self.complaints.append(f"{username}: {error.error}"))
        context.on("request", self._asked)

    def sign_in(self, username: str) -> None:
        """One click on the account's name, as the demonstration offers it."""
        self.username = username
        self.go("/sign-in")
        # Who has two places is offered twice; either button is the same account.
        self.tab.locator(f'button[name="demo_user"][value="{username}"]').first.click()
        expect(self.tab.locator("[data-sign-out]")).to_be_attached()

    def go(self, path: str) -> None:
        """Open a page by its path."""
        self.tab.goto(path)

    def sign_out(self) -> None:
        """Press «Đăng xuất», on a phone behind «Thêm»."""
        fold = self.tab.locator(".site-more > summary")
        if fold.is_visible() and not self.tab.locator(".site-more[open]").count():
            fold.click()
        self.tab.get_by_role("button", name="Đăng xuất").click()

    @property
    def path(self) -> str:
        """Where the tab stands, without the host."""
        parts = urlsplit(self.tab.url)
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def press(self, words: str, *, exact: bool = False) -> None:
        """Click the one button or link with these words."""
        self.deed(words, exact=exact).click()

    def deed(self, words: str, *, exact: bool = False) -> Locator:
        """The first button or link in the page with these words."""
        button = self.tab.get_by_role("button", name=words, exact=exact)
        return button.or_(self.tab.get_by_role("link", name=words, exact=exact)).first

    def see(self, words: str) -> None:
        """The page's main part says this."""
        expect(self.tab.locator("main")).to_contain_text(words)

    def see_not(self, words: str) -> None:
        """The page's main part does not say this."""
        expect(self.tab.locator("main")).not_to_contain_text(words)

    def download(self, words: str) -> Path:
        """Click what downloads a file; returns where it lies, under the name the browser would give it."""
        with self.tab.expect_download() as coming:
            self.press(words)
        kept = Path(coming.value.path()).with_name(coming.value.suggested_filename)
        coming.value.save_as(kept)
        return kept

    def download_from(self, path: str, words: str) -> Path:
        """Open a page and download what its link with these words leads to."""
        self.go(path)
        return self.download(words)

    def scrolls_sideways(self) -> bool:
        """Whether the page is wider than the window."""
        wide: bool = self.tab.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        return wide

    def _heard(self, message: ConsoleMessage) -> None:
        # The browser reports every 4xx as an error; a refusal with words is not one.
        if self.bears_a_bad_network and _LOST.search(message.text):
            return
        if message.type == "error" and not _REFUSALS.search(message.text):
            self.complaints.append(f"{self.username} at {self.tab.url}: {message.text}")

    def _asked(self, request: Request) -> None:
        if CITIZENS_NUMBER.search(urlsplit(request.url)._replace(netloc="").geturl()):
            self.complaints.append(f"a citizen's number in an address: {request.url}")
