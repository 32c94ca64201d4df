"""A citizen on a telephone: opens the link they were given, sees the plan, answers to a meeting and to a form."""

from __future__ import annotations

import os
import re

import pytest
from playwright.sync_api import Browser, Locator, expect

import visiting
from indsats.web.seed import PASSWORD
from served import Server
from walked import PHONE, Walk

MOST_SECONDS = 180
AVERAGE, SLOW = 238 / 60, 150 / 60
"""Words a second: as adults read on average (Brysbaert 2019, https://doi.org/10.1016/j.jml.2019.104047), and slowly."""
LEAST = 24
"""Pixels each way of what is pressed (WCAG 2.5.8); what is in the middle of a sentence may be as high as its line."""
ZOOMED = (320, 256)
"""What is left of 1280 by 1024 pixels when a page is shown at 400 %."""


def made(worker: Walk, name: str) -> tuple[str, str]:
    """The caseworker makes a link: from the search to what is shown once; the address and the code."""
    page = worker.page
    page.keyboard.press("/")
    worker.write(name)
    worker.press("Enter")
    page.keyboard.press("j")
    worker.press("Enter")
    worker.follow(page.get_by_role("link", name="Giv borgeren et link"))
    do = page.get_by_role("button", name=re.compile("^Lav (nyt )?link og"))
    worker.tab_to(do, 60)
    worker.press("Enter")
    address = re.search(r"http://\S+", page.locator("#message").input_value())
    assert address is not None
    return address[0], page.locator("#code").inner_text()


@pytest.fixture
def worker(walk: Walk) -> Walk:
    """The caseworker, signed in."""
    walk.sign_in(visiting.WORKER, PASSWORD)
    return walk


def phone(browser: Browser, server: Server, lang: str = "da", *, scripts: bool = True) -> Walk:
    """The citizen's own browser."""
    walk = Walk.begun(browser, server.url, lang, scripts=scripts)
    walk.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    return walk


def small(walk: Walk) -> list[str]:
    """What can be pressed on the page and is too small for a finger; links in the middle of a text are left out."""
    return walk.page.evaluate(
        """least => [...document.querySelectorAll('a, button, summary, input, textarea, label')].filter(one => {
          if (one.matches('input[type=hidden], .skipnav, .form-radio, label:not(.form-radio + label)')) return false;
          if (!one.checkVisibility() || one.closest('.sr-only')) return false;
          const box = one.getBoundingClientRect();
          const alone = one.parentElement.textContent.trim() === one.textContent.trim();
          const inline = getComputedStyle(one).display === 'inline' && !alone;
          return !inline && (box.width < least || box.height < least);
        }).map(one => one.outerHTML.slice(0, 120))""",
        LEAST,
    )


def looked(walk: Walk) -> None:
    """Nothing keeps anybody out: on a phone, on a screen, at 400 %, with a finger."""
    walk.seen.clear()
    walk.look()
    page = walk.page
    for width, height in (ZOOMED, PHONE):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (walk.path, width)
    assert small(walk) == [], walk.path


def words(walk: Walk, besides: str = "script") -> int:
    """How many words somebody sees on the page, without those in ``besides``."""
    return walk.page.evaluate(
        """besides => {
          const main = document.querySelector('main').cloneNode(true);
          main.querySelectorAll('.sr-only, details > :not(summary), ' + besides).forEach(one => one.remove());
          return main.textContent.split(/\\s+/).filter(Boolean).length;
        }""",
        besides,
    )


def pick(walk: Walk, at: int) -> None:
    """Choose an answer by keyboard: to the first, and down."""
    first = walk.page.locator(".form-radio").first
    walk.tab_to(first)
    walk.page.keyboard.press("Space")
    for _ in range(at):
        walk.page.keyboard.press("ArrowDown")
    chosen: Locator = walk.page.locator(".form-radio:checked")
    assert chosen.count() == 1


@pytest.mark.parametrize(("lang", "name"), [("da", "Tove Trappe"), ("en", "Tage Trappe")])
def test_link_plan_meeting_and_form_by_keyboard_in_under_three_minutes(
    browser: Browser, server: Server, worker: Walk, lang: str, name: str
) -> None:
    address, code = made(worker, name)
    worker.look()
    worker.ends_well()
    walk = phone(browser, server, lang)
    page = walk.page
    with walk.timed() as watch:
        page.goto(address)
        assert walk.path == "/link/"
        assert walk.focused() == "id_code"
        seen = words(walk)
        walk.write(code)
        walk.press("Enter")
        assert walk.path == "/mit/"
        seen += words(walk)
        walk.tab_to(page.locator("button[value=coming]").first)
        walk.press("Enter")
        assert page.locator(".messages .alert-success").count() == 1
    with walk.timed() as answering:
        walk.tab_to(page.locator("a[href$='?let=1']"), 60)
        walk.press("Enter")
        asked = steps = 0
        while page.locator(".form-radio").count():
            asked += words(walk)
            pick(walk, steps % 3)
            walk.press("Enter")
            steps += 1
        asked += words(walk, besides="ol")  # what was answered has been read
        walk.tab_to(page.locator("button[value=send]"))
        walk.press("Enter")
        assert page.locator(".messages .alert-success").count() == 1
    assert steps == 5
    keys = watch.seconds + answering.seconds
    alone = answering.seconds + asked / SLOW
    in_all = keys + (seen + asked) / AVERAGE
    told = f"{keys:.1f} s at the keys, {seen} + {asked} words: {alone:.0f} and {in_all:.0f} s"
    assert alone < MOST_SECONDS, told  # the form, for somebody who reads slowly
    assert in_all < MOST_SECONDS, told
    walk.ends_well()
    page.context.close()


@pytest.mark.parametrize(("lang", "name"), [("da", "Tilde Trappe"), ("en", "Tom Trappe")])
def test_every_page_keeps_nobody_out(
    browser: Browser, server: Server, worker: Walk, lang: str, name: str
) -> None:
    address, code = made(worker, name)
    walk = phone(browser, server, lang)
    page = walk.page
    page.goto(address)
    looked(walk)
    pictured(walk, f"code-{lang}")
    page.fill("#id_code", "123" if code != "123" else "124")
    walk.press("Enter")
    looked(walk)
    page.fill("#id_code", code)
    walk.press("Enter")
    looked(walk)
    pictured(walk, f"mine-{lang}")
    page.locator("summary", has_text=re.compile("Bed om|Ask for")).first.click()
    looked(walk)
    walk.follow(page.locator("a[href$='/udviklingsmaal/']"))
    looked(walk)
    pictured(walk, f"whole-{lang}")
    walk.follow(page.locator("a[href$='?let=1']"))
    looked(walk)
    walk.follow(page.locator("button[value=next]"))  # without an answer
    assert page.locator("#errors").is_visible()
    looked(walk)
    pick(walk, 1)
    walk.press("Enter")
    pictured(walk, f"easy-{lang}")
    # another language is chosen in the middle of it: the same question
    number = page.locator(".easy-progress").inner_text()
    walk.follow(page.locator("form[action='/sprog/'] button"))
    walk.follow(page.locator("form[action='/sprog/'] button"))
    assert page.locator(".easy-progress").inner_text() == number
    while page.locator(".form-radio").count():
        walk.follow(page.locator("button[value=skip]"))
    looked(walk)
    pictured(walk, f"send-{lang}")
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.locator(".who summary").click()
    walk.follow(page.locator("form[action='/log-ud/'] button"))
    assert walk.path == "/link/"
    looked(walk)
    # the refusals, and that the browser forgot what it kept
    assert {one.split()[0] for one in walk.complaints} <= {"422", "Failed", "Clear-Site-Data"}, (
        walk.complaints
    )
    page.context.close()


def test_without_scripts_a_meeting_is_moved_and_a_form_left_and_gone_on_with(
    browser: Browser, server: Server, worker: Walk
) -> None:
    address, code = made(worker, "Tina Trappe")
    walk = phone(browser, server, scripts=False)
    page = walk.page
    page.goto(address)
    page.fill("#id_code", code)
    page.click("main button[type=submit]")
    page.locator("summary", has_text="Bed om en anden tid").first.click()
    page.locator("textarea").first.fill("Hellere om eftermiddagen")
    page.locator("button[value=move]").first.click()
    assert "Du skrev: Hellere om eftermiddagen" in page.locator("main").inner_text()
    page.locator("a[href$='?let=1']").click()
    page.locator(".form-radio").first.check()
    page.locator("button[value=next]").click()
    page.get_by_role("link", name="Til min side").click()
    page.locator("a[href$='?let=1']").click()
    assert "2 af 5" in page.locator("main").inner_text()
    assert "Vi har gemt dine svar" in page.locator("main").inner_text()
    page.context.close()
    # the caseworker finds it on the list of what is to be done
    worker.open("/?koe=meetings_to_move&hvem=alle")
    for _ in range(60):
        if worker.page.locator("#queue", has_text="Tina Trappe").count():
            break
        worker.page.wait_for_timeout(1000)
        worker.page.reload()
    expect(worker.page.locator("#queue")).to_contain_text("Tina Trappe")
    worker.look()
    worker.ends_well()


def pictured(walk: Walk, name: str) -> None:
    """Keep a picture of the page, where somebody asked for pictures."""
    folder = os.environ.get("INDSATS_TEST_PICTURES")
    if folder:
        walk.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        walk.page.screenshot(path=f"{folder}/citizen-{name}.png", full_page=True)
