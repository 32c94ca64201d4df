"""Somebody at a browser: signs in, uses the keyboard, and looks at each page for what would keep others out."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Playwright, Response

CHROMIUM = "/usr/bin/chromium"
"""Debian's package; a machine without it fails these tests."""
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDE, PHONE = (1300, 900), (360, 780)
PATIENCE = 60_000
"""Milliseconds a page may take before the test gives up: the machine may have other things to do."""


def launched(playwright: Playwright) -> Browser:
    """The browser."""
    return playwright.chromium.launch(
        executable_path=CHROMIUM,
        args=["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    )


@dataclass
class Walk:
    """A browser window of somebody who is signed in or about to be.

    ``complaints`` are what the console said and the answers that failed; ``seen`` the pages that were looked at.
    """

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)

    @classmethod
    def begun(cls, browser: Browser, url: str, lang: str = "da", *, scripts: bool = True) -> Walk:
        """A new window."""
        width, height = WIDE
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale="da-DK", java_script_enabled=scripts
        )
        context.set_default_timeout(PATIENCE)
        context.add_cookies([{"name": "lang", "value": lang, "url": url}])
        walk = cls(context.new_page(), url)
        walk.page.on("console", walk._said)
        walk.page.on("pageerror", lambda error: walk.complaints.append(str(error)))
        walk.page.on("response", walk._answered)
        return walk

    def _said(self, said: ConsoleMessage) -> None:
        # what the browser only remarks on, such as a focus it left where it was, is no complaint
        if said.type in ("warning", "error"):
            self.complaints.append(said.text)

    def _answered(self, answer: Response) -> None:
        if answer.status >= 400:
            self.complaints.append(f"{answer.status} {urlsplit(answer.url).path}")

    def sign_in(self, name: str, word: str) -> None:
        """Open the server and sign in, by keyboard alone."""
        self.page.goto(self.url)
        assert self.focused() == "id_username"
        self.write(name)
        self.page.keyboard.press("Tab")
        self.write(word)
        self.press("Enter")

    def write(self, text: str) -> None:
        """Type where the focus is."""
        self.page.keyboard.type(text)

    def write_day(self, day: date) -> None:
        """Type a day into the date field that has the focus, in the order this browser was installed with."""
        for order in ("%d%m%Y", "%m%d%Y"):
            self.page.keyboard.type(day.strftime(order))
            if self.page.evaluate("document.activeElement.value") == day.isoformat():
                return
            for _ in range(2):
                self.page.keyboard.press("ArrowLeft")
        raise AssertionError("the date field takes no day as it is typed")

    def press(self, key: str) -> None:
        """Press a key that leads to another page."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def follow(self, link: Locator) -> None:
        """Click something that leads to another page."""
        with self.page.expect_navigation():
            link.click()

    def open(self, path: str) -> None:
        """Open an address of the server."""
        self.page.goto(self.url + path)

    def focused(self) -> str:
        """The id of what has the focus."""
        return self.page.evaluate("document.activeElement.id")

    def tab_to(self, wanted: Locator, most: int = 40) -> int:
        """Press Tab until something has the focus; how often that took."""
        for n in range(most + 1):
            if wanted.evaluate("one => one === document.activeElement"):
                return n
            self.page.keyboard.press("Tab")
        raise AssertionError(f"not reached with {most} tabs: {wanted}")

    @property
    def path(self) -> str:
        """The address of the page, without its query."""
        return urlsplit(self.page.url).path

    @property
    def heading(self) -> str:
        """The page's own heading."""
        return self.page.locator("h1").inner_text()

    def told(self) -> str:
        """What the page says was done, or must be mended."""
        return " ".join(self.page.locator(".messages, #errors, [role=alert]").all_inner_texts())

    def look(self) -> None:
        """No rule of accessibility is broken here, wide or on a phone, and nothing needs two ways of scrolling."""
        name = "/".join("…" if re.search(r"[0-9A-Z]", part) else part for part in self.path.split("/"))
        if name in self.seen:
            return
        self.seen.append(name)
        for width, height in (PHONE, WIDE):
            self.page.set_viewport_size({"width": width, "height": height})
            found = Axe().run(self.page, options={"runOnly": TAGS})
            broken = [
                (one["id"], [node["html"][:200] for node in one["nodes"]])
                for one in found.response["violations"]
            ]
            assert not broken, (self.path, width, broken)
            assert self.page.evaluate("document.documentElement.scrollWidth") <= width, (self.path, width)
        for part in ("html[lang]", "head > title", "main", "h1"):
            assert self.page.locator(part).count() == 1, (self.path, part)

    @contextmanager
    def timed(self) -> Iterator[Watch]:
        """How long something takes."""
        watch = Watch(time.monotonic())
        yield watch
        watch.seconds = time.monotonic() - watch.began

    def ends_well(self) -> None:
        """Nothing complained on the way."""
        assert self.complaints == []


@dataclass
class Watch:
    """A stop watch; ``seconds`` once it has stopped."""

    began: float
    seconds: float = 0.0
