"""Makes the pictures of the screens: a simulated municipality is served, and walked through in a real browser.

    python docs/server_pictures.py [FOLDER]

Chromium at /usr/bin/chromium. The people are invented; the same seed gives the same pictures.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).parent
PORT = 8391
URL = f"http://localhost:{PORT}"
PROGRAMME, PERSONS, SEED = "flere-skal-med", 1500, 2016


def main(out: Path) -> None:
    """Serve, walk, and write the pictures into ``out``."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as logins, sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        caseworker(signed_in(browser, logins["Caseworker"]), out)
        taken(signed_in(browser, logins["Caseworker"], width=360), out / "day-phone.png", "/")
        taken(signed_in(browser, logins["Caseworker"], lang="en"), out / "day-en.png", "/")
        coordinator(signed_in(browser, logins["Coordinator"]), out)
        manager(signed_in(browser, logins["Manager"]), out)
        taken(signed_in(browser, logins["Administrator"]), out / "users.png", "/brugere/")
        taken(signed_in(browser, logins["Citizen"], width=360), out / "citizen-phone.png", "/mit/")
        browser.close()


@contextmanager
def served(folder: Path) -> Iterator[dict[str, tuple[str, str]]]:
    """A server on fresh data; the user and the password to sign in with for each role."""
    indsats = str(Path(sys.executable).parent / "indsats")
    data = folder / "data"
    subprocess.run(  # noqa: S603 - our own command
        [indsats, "simulate", PROGRAMME, "--persons", str(PERSONS), "--seed", str(SEED), "--out", str(data)],
        check=True,
    )
    database = f"sqlite:///{folder / 'pictures.sqlite3'}"
    command = [indsats, "serve", "--demo", "--data", str(data), "--database", database, "--port", str(PORT)]
    log = folder / "log"
    with log.open("w") as told:
        server = subprocess.Popen(command, stdout=told, stderr=subprocess.STDOUT)  # noqa: S603
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(URL + "/log-ind/")  # noqa: S310 - this machine
                break
            except OSError:
                time.sleep(1)
        found = re.findall(r"│ (\w[\w ]*?)\s+│ (\S+)\s+│ (\S+)\s+│", log.read_text())
        yield {role: (user, word) for role, user, word in found}
    finally:
        server.terminate()
        server.wait(30)


def signed_in(browser: Browser, login: tuple[str, str], *, lang: str = "da", width: int = 1300) -> Page:
    """A window of somebody signed in."""
    context = browser.new_context(viewport={"width": width, "height": 860}, locale="da-DK")
    context.add_cookies([{"name": "lang", "value": lang, "url": URL}])
    page = context.new_page()
    page.set_default_timeout(120_000)
    page.goto(URL)
    page.fill("input[name=username]", login[0])
    page.fill("input[name=password]", login[1])
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "log-ind" not in url)
    return page


def taken(page: Page, picture: Path, path: str | None = None) -> None:
    """A picture of a page, once nothing on it waits any more."""
    if path is not None:
        page.goto(URL + path)
    page.wait_for_load_state("networkidle")
    for _ in range(120):  # longer work shows its progress until it is done
        if page.locator("progress").count() == 0:
            break
        time.sleep(1)
    page.screenshot(path=str(picture), full_page=True)


def caseworker(page: Page, out: Path) -> None:
    """My day, a case, a registration, the list of cases and a search."""
    taken(page, out / "day.png", "/")
    case = page.locator('a[href^="/sager/"]:not([href="/sager/"])').first.get_attribute("href") or ""
    taken(page, out / "case.png", case)
    address = case.split("?")[0]
    taken(page, out / "register.png", f"{address}ny/meeting/")
    taken(page, out / "cases.png", "/sager/")
    page.goto(URL)
    page.fill("input[type=search]", "an")
    page.keyboard.press("Enter")
    page.wait_for_url("**/soeg/**")
    taken(page, out / "search.png")
    page.set_viewport_size({"width": 360, "height": 780})
    taken(page, out / "case-phone.png", case)


def coordinator(page: Page, out: Path) -> None:
    """Intake, assignment, the barometer and the people behind a figure."""
    for name, path in (
        ("intake", "/visitation/"),
        ("list", "/visitation/liste/"),
        ("assignment", "/fordeling/"),
    ):
        taken(page, out / f"{name}.png", path)
    taken(page, out / "barometer.png", "/barometer/")
    behind = page.locator('a[href^="/tal/"]').first
    if behind.count():
        taken(page, out / "people.png", behind.get_attribute("href"))


def manager(page: Page, out: Path) -> None:
    """Targets, flow, progression, and the log of reads."""
    for name, path in (("targets", "/maal/"), ("flow", "/forloeb/"), ("progression", "/progression/")):
        taken(page, out / f"{name}.png", path)
    taken(page, out / "control.png", "/kontrol/")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "pictures" / "server")
