"""Makes the pictures of the server's screens again, on a desktop and on a phone.

Run it from the repository: ``.venv/bin/python docs/server_pictures.py``. It simulates a municipality, starts the server
on it and walks through it as those who use it; it takes some minutes and needs Chromium beside the package. All people
are invented. ``make docs`` does not run it.
"""

from __future__ import annotations

import io
import re
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, timedelta
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from indsats import library, programme
from indsats.simulate import simulate
from indsats.web.seed import PASSWORD

PICTURES = Path(__file__).parent / "pictures" / "server"
DEFINITION, PERSONS, SEED = "flere-skal-med", 1000, 1
DESKTOP, PHONE = 1300, 360
TALLEST = 1500
"""The most pixels of a page that are shown."""
COLOURS = 96
COMMAND = (sys.executable, "-c", "from indsats.cli import main; main()")
BUSIEST = """
select worker, site from web_due where opens <= :day and (closes is null or closes >= :day)
and worker in (select u.username from web_user u join web_membership m on m.user_id = u.id where m.role = 'caseworker')
group by worker, site order by count(distinct queue) desc, count(distinct case_id) desc, worker limit 1
"""


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, Path, date]]:
    """A server on a simulated municipality: its address, its database, and the day that counts as today."""
    data = simulate(programme.load(library.definition_path(DEFINITION)), PERSONS, SEED, folder / "data")
    database = folder / "pictures.sqlite3"
    with closing(socket.socket()) as tried:
        tried.bind(("127.0.0.1", 0))
        port = tried.getsockname()[1]
    command = [
        *COMMAND, "serve", "--database", f"sqlite:///{database}", "--data", str(data), "--demo", "--port", str(port),
    ]  # fmt: skip
    running = subprocess.Popen(  # noqa: S603 - our own command
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        said = ""
        while "Open http" not in said:
            line = running.stdout.readline() if running.stdout else ""
            if not line:
                raise RuntimeError(f"the server did not start: {said}")
            said += line
        day = re.search(r"(\d{4}-\d\d-\d\d) counts as today", said)
        yield f"http://localhost:{port}", database, date.fromisoformat(day[1]) if day else date.today()  # noqa: DTZ011
    finally:
        running.terminate()
        running.wait(60)


class Camera:
    """A window of somebody signed in, that takes pictures of pages."""

    def __init__(self, browser: Browser, url: str, user: str) -> None:
        """Sign in."""
        self.url = url
        self.page: Page = browser.new_context(viewport={"width": DESKTOP, "height": 900}).new_page()
        self.page.set_default_timeout(180_000)
        self.open("/log-ind/")
        self.page.fill("#id_username", user)
        self.page.fill("#id_password", PASSWORD)
        self.lead("main button[type=submit]")

    def open(self, path: str) -> None:
        """Open an address of the server."""
        self.page.goto(self.url + path)

    def lead(self, selector: str) -> None:
        """Click something that leads to another page."""
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()

    def take(self, name: str) -> None:
        """The page, wide and on a phone."""
        for width, suffix in ((DESKTOP, ""), (PHONE, "-phone")):
            self.page.set_viewport_size({"width": width, "height": 900})
            with Image.open(io.BytesIO(self.page.screenshot(full_page=True))) as image:
                save(
                    image.crop((0, 0, image.width, min(image.height, TALLEST))),
                    PICTURES / f"{name}{suffix}.png",
                )
        self.page.set_viewport_size({"width": DESKTOP, "height": 900})

    def figures(self, path: str) -> None:
        """A page of figures; where they are not made yet they are asked for, and waited for."""
        self.open(path)
        for _ in range(300):
            if self.page.locator(".steering-known").count():
                return
            ask = self.page.locator("form[action$='/lav/'] button")
            if ask.count():
                self.lead("form[action$='/lav/'] button")
            time.sleep(2)
            self.open(path)
        raise RuntimeError(f"no figures on {path}")


def save(image: Image.Image, file: Path) -> None:
    """A picture with few colours, which is small."""
    image.convert("RGB").quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(
        file, optimize=True
    )


def plan_meetings(camera: Camera, day: date) -> None:
    """Appointments for today and the days around it, planned from the queue of cases with nothing planned."""
    camera.open("/?koe=no_next_step")
    forms = [one.get_attribute("href") or "" for one in camera.page.locator("#queue td.do a").all()]
    for n, form in enumerate(forms[:5]):
        camera.open(form)
        camera.page.fill("input[name=occurred_from]", (day + timedelta(days=0 if n < 3 else n)).isoformat())
        camera.lead("#fill button[type=submit]")
    for _ in range(60):
        camera.open("/?koe=meetings_today")
        if camera.page.locator("#queue tbody tr").count() >= min(3, len(forms)):
            return
        time.sleep(1)
    raise RuntimeError("the meetings did not come on the list")


def caseworker(camera: Camera, day: date) -> None:
    """My day, a case from the queue, a meeting with its result, and a search."""
    plan_meetings(camera, day)
    camera.open("/?koe=meetings_today&nr=1")
    camera.take("day")
    camera.lead("#queue a.row-link")
    camera.take("case")
    camera.open("/?koe=meetings_today&nr=1")
    camera.lead("#queue td.do a")
    camera.take("meeting")
    camera.open("/?koe=requirements&nr=2")
    camera.take("requirements")
    camera.page.fill("#find", "an")
    camera.lead(".find button")
    camera.take("search")


def coordinator(camera: Camera) -> None:
    """The site's queues, assignment, intake, and the barometer."""
    camera.open("/?koe=requirements")
    camera.take("site")
    camera.open("/fordeling/")
    camera.take("assignment")
    camera.open("/visitation/")
    camera.take("intake")
    camera.figures("/barometer/")
    camera.take("barometer")


def manager(camera: Camera) -> None:
    """Targets, and who has read whom."""
    camera.figures("/maal/")
    camera.take("targets")
    camera.open("/kontrol/")
    camera.take("audit")


def main() -> None:
    """Take all pictures."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for former in PICTURES.glob("*.png"):
        former.unlink()
    with (
        tempfile.TemporaryDirectory() as kept,
        served(Path(kept)) as (url, database, day),
        sync_playwright() as player,
    ):
        with closing(sqlite3.connect(database)) as there:
            worker, site = there.execute(BUSIEST, {"day": day.isoformat()}).fetchone()
        browser = player.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        front = browser.new_page(viewport={"width": DESKTOP, "height": 900})
        front.goto(url)
        with Image.open(io.BytesIO(front.screenshot())) as image:
            save(image, PICTURES / "sign-in.png")
        caseworker(Camera(browser, url, worker), day)
        coordinator(Camera(browser, url, f"tovholder-{site}"))
        manager(Camera(browser, url, f"leder-{site}"))
        Camera(browser, url, "borger").take("citizen")
        browser.close()


if __name__ == "__main__":
    main()
