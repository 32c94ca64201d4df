"""Makes the pictures of the server's screens again: wide, on a phone, at 400 % zoom and on paper.

Run it from the repository: ``.venv/bin/python docs/server_pictures.py``. It simulates a municipality, starts the server
on it and walks through it as those who use it; it takes some minutes and needs Chromium beside the package. All people
are invented. Given a folder, it keeps the municipality there and goes on from it the next time. ``make docs`` does not
run it.
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
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from indsats import library, programme
from indsats.simulate import simulate

PICTURES = Path(__file__).parent / "pictures" / "server"
DEFINITION, PERSONS, SEED = "flere-skal-med", 1000, 1
DESKTOP, PHONE, ZOOMED, PAPER = 1300, 360, 320, 690
"""Widths in pixels: a screen, a phone, a screen of 1280 enlarged to 400 %, and A4 within its margins."""
TALLEST = 1500
"""The most pixels of a page that are shown."""
COLOURS = 80
COMMAND = (sys.executable, "-c", "from indsats.cli import main; main()")
BUSIEST = """
select worker, site from web_due where opens <= :day and (closes is null or closes >= :day)
and worker in (select u.username from web_user u join web_membership m on m.user_id = u.id where m.role = 'caseworker')
group by worker, site order by count(distinct queue) desc, count(distinct case_id) desc, worker limit 1
"""


@dataclass(frozen=True, slots=True)
class Served:
    """A server: its address, its database, the day that counts as today, and the word its users sign in with."""

    url: str
    database: Path
    day: date
    word: str


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    """A server on a simulated municipality in the folder."""
    data = folder / "data"
    if not data.exists():
        simulate(programme.load(library.definition_path(DEFINITION)), PERSONS, SEED, data)
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
        word = re.search(r"│ leder +│ (\S+)", said)
        if day is None or word is None:
            raise RuntimeError(f"the server did not say what is needed: {said}")
        yield Served(f"http://localhost:{port}", database, date.fromisoformat(day[1]), word[1])
    finally:
        running.terminate()
        running.wait(60)


class Camera:
    """A window of somebody signed in, that takes pictures of pages."""

    def __init__(self, browser: Browser, server: Served, user: str) -> None:
        """Sign in."""
        self.url = server.url
        self.page: Page = browser.new_context(
            viewport={"width": DESKTOP, "height": 900}, locale="da-DK"
        ).new_page()
        self.page.set_default_timeout(180_000)
        self.open("/log-ind/")
        self.page.fill("#id_username", user)
        self.page.fill("#id_password", server.word)
        self.lead("main button[type=submit]")

    def open(self, path: str) -> None:
        """Open an address of the server."""
        self.page.goto(self.url + path)

    def lead(self, selector: str) -> None:
        """Click something that leads to another page."""
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()

    def take(self, name: str, width: int = DESKTOP, tallest: int = TALLEST) -> None:
        """The page from its top, at a width."""
        self.page.set_viewport_size({"width": width, "height": 900})
        shot = self.page.screenshot(full_page=True)
        self.page.set_viewport_size({"width": DESKTOP, "height": 900})
        with Image.open(io.BytesIO(shot)) as image:
            save(image.crop((0, 0, image.width, min(image.height, tallest))), PICTURES / f"{name}.png")

    def both(self, name: str) -> None:
        """The page wide and on a phone."""
        self.take(name)
        self.take(f"{name}-phone", PHONE)

    def print(self, name: str) -> None:
        """The page on paper."""
        self.page.emulate_media(media="print")
        self.take(name, PAPER)
        self.page.emulate_media(media="screen")

    def speak(self, lang: str) -> None:
        """Change the language, on the page shown."""
        self.lead(f"button[name=lang][value={lang}]")

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
    """A small picture: its commonest colours stay as they are, the others take the nearest of a few."""
    plain = image.convert("RGB")
    seen, places, often = np.unique(
        np.asarray(plain).reshape(-1, 3), axis=0, return_inverse=True, return_counts=True
    )
    common = seen[np.argsort(-often)[:COLOURS]].astype(int)
    spread = plain.quantize(COLOURS, Image.Quantize.MAXCOVERAGE).getpalette() or []
    kept = np.unique(np.vstack([common, np.array(spread).reshape(-1, 3)]), axis=0)
    nearest = ((seen[:, None, :].astype(int) - kept[None]) ** 2).sum(axis=2).argmin(axis=1)
    small = Image.fromarray(nearest[places].reshape(plain.height, plain.width).astype(np.uint8), "P")
    small.putpalette(kept.astype(np.uint8).tobytes())
    small.save(file, optimize=True)


def plan_meetings(camera: Camera, day: date) -> None:
    """Appointments for today and the days around it, planned from the queue of cases with nothing planned."""
    camera.open("/?koe=meetings_today")
    if camera.page.locator("#queue tbody tr").count():
        return
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


def fill_plan(camera: Camera, day: date) -> None:
    """Two activities under a sub-goal and an effort beside, from the plan's own page."""
    page = camera.page
    if page.locator(".subgoal table").count():
        return
    for activity, by, hours in (("Morgencafé", "Værestedet", "6"), ("Skriveværksted", "Jobcentret", "4,5")):
        camera.lead("#subgoals > .panel-foot a")
        page.fill("input[name=subgoal]", "Stå op og komme af sted tre dage om ugen")
        page.fill("input[name=activity]", activity)
        page.fill("input[name=by]", by)
        page.fill("input[name=hours_per_week]", hours)
        page.fill("input[name=occurred_to]", (day + timedelta(days=60)).isoformat())
        page.locator("input[name=status][value=under_way]").check()
        camera.lead("#fill button[type=submit]")
    camera.lead("#calendar .panel-foot a")
    page.select_option("select[name=type]", "misbrugsbehandling")
    page.fill("input[name=by]", "Rusmiddelcentret")
    page.fill("input[name=hours_per_week]", "7,5")
    page.fill("input[name=occurred_to]", (day + timedelta(days=120)).isoformat())
    camera.lead("#fill button[type=submit]")


def caseworker(camera: Camera, day: date) -> None:
    """My day, a case from the queue and its plan, a meeting with its result, the cases, and a search."""
    plan_meetings(camera, day)
    today = "/?koe=meetings_today&nr=1"
    camera.open("/?koe=meetings_today")
    camera.both("day")
    camera.take("day-zoomed", ZOOMED)
    camera.speak("en")
    camera.take("day-en")
    camera.speak("da")
    camera.open(today)
    camera.lead("#queue a.row-link")
    camera.both("case")
    camera.take("case-zoomed", ZOOMED)
    camera.print("case-print")
    camera.lead(".case-head a[href$='/plan/']")
    here = camera.page.url.removeprefix(camera.url)
    fill_plan(camera, day)
    camera.open(here)
    camera.both("plan")
    camera.open(today)
    camera.lead("#queue td.do a")
    camera.both("meeting")
    camera.open("/?koe=requirements&nr=2")
    camera.take("requirements")
    camera.open("/sager/")
    camera.take("cases")
    camera.page.fill("#find", "an")
    camera.lead(".find button")
    camera.take("search")


def new_people(day: date) -> bytes:
    """A list of people who were referred, the last of them with two mistakes."""
    rows = [
        f"{n:02}2161-1{n:03};{name};{day - timedelta(days=n)};gruppe-1"
        for n, name in enumerate(("Anna Prøve", "Bo Prøve", "Carla Prøve", "Dan Prøve"), 1)
    ]
    rows.append(f"052161-1005;Ella Prøve;{day.year}-13-05;gruppe-9")
    return "\n".join(["person;name;occurred_from;group", *rows]).encode()


def coordinator(camera: Camera, day: date) -> None:
    """The site's queues, intake, a list, assignment, and the barometer with the people behind a figure."""
    camera.open("/?koe=requirements")
    camera.take("site")
    camera.open("/visitation/")
    camera.take("intake")
    camera.open("/visitation/liste/")
    camera.page.set_input_files(
        "input[type=file]", {"name": "visitation.csv", "mimeType": "text/csv", "buffer": new_people(day)}
    )
    camera.lead("main form button[type=submit]")
    camera.take("list")
    camera.open("/fordeling/?rolle=personlig-jobformidler")
    camera.take("assignment")
    camera.figures("/barometer/")
    camera.both("barometer")
    camera.lead(".steering-table td a")
    camera.take("people")


def manager(camera: Camera) -> None:
    """Targets, progression and the course, reports, and who has read about whom."""
    camera.figures("/maal/")
    camera.both("targets")
    camera.figures("/progression/")
    camera.take("progression")
    camera.figures("/forloeb/")
    camera.take("flow")
    camera.open("/rapporter/")
    camera.take("reports")
    camera.open("/kontrol/?alle=1")
    camera.take("audit")


def main() -> None:
    """Take all pictures."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for former in PICTURES.glob("*.png"):
        former.unlink()
    with (
        nullcontext(sys.argv[1]) if len(sys.argv) > 1 else tempfile.TemporaryDirectory() as kept,
        served(Path(kept)) as server,
        sync_playwright() as player,
    ):
        with closing(sqlite3.connect(server.database)) as there:
            worker, site = there.execute(BUSIEST, {"day": server.day.isoformat()}).fetchone()
        browser = player.chromium.launch(
            executable_path="/usr/bin/chromium",
            # days in fields are written as the page's language writes them
            args=["--no-sandbox", "--enable-blink-features=LangAttributeAwareFormControlUI"],
        )
        front = browser.new_page(viewport={"width": DESKTOP, "height": 900})
        front.goto(server.url)
        with Image.open(io.BytesIO(front.screenshot())) as image:
            save(image, PICTURES / "sign-in.png")
        caseworker(Camera(browser, server, worker), server.day)
        coordinator(Camera(browser, server, f"tovholder-{site}"), server.day)
        manager(Camera(browser, server, f"leder-{site}"))
        administrator = Camera(browser, server, "administrator")
        administrator.open("/brugere/")
        administrator.take("users")
        Camera(browser, server, "borger").take("citizen-phone", PHONE)
        browser.close()


if __name__ == "__main__":
    main()
