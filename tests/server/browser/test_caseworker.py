"""A day as caseworker, by keyboard: the queue, a meeting with its result, a mistake mended, the next case, a search."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

import town
import visiting
from indsats.web.seed import PASSWORD
from served import Server
from walked import PATIENCE, Walk

MOST_SECONDS, MOST_FIELDS = 20, 4
VISIT_SECONDS = 10


def queue(walk: Walk, title: str) -> None:
    """Press the key of a queue."""
    one = walk.page.locator(".queues a").filter(has_text=title)
    key = one.get_attribute("data-key")
    assert key, title
    walk.press(key)
    assert walk.page.locator("#queue-title").inner_text() == title


def stand_at(walk: Walk, name: str) -> None:
    """Press ``j`` until one stands at somebody in the list."""
    for _ in range(walk.page.locator("[data-row]").count()):
        walk.page.keyboard.press("j")
        if walk.page.evaluate("document.activeElement.innerText") == name:
            return
    raise AssertionError("not in the list")


def settled(walk: Walk) -> None:
    """Wait until nothing on the page is being brought up to date; the page is asked for anew as long as it is."""
    for _ in range(60):
        if not walk.page.get_by_text("opdateres").count():
            return
        walk.page.wait_for_timeout(1000)
        walk.page.reload()
    raise AssertionError("the projections do not follow")


@pytest.fixture
def day(walk: Walk, people: dict[str, Any]) -> Walk:
    """My day, just signed in."""
    walk.sign_in(people["caseworker"], PASSWORD)
    assert walk.heading == "Min dag"
    return walk


def test_a_meeting_is_planned_held_and_corrected_by_keyboard(day: Walk, the_town: town.Town) -> None:
    page = day.page
    day.look()
    queue(day, "Intet næste skridt")
    page.keyboard.press("j")
    name = page.evaluate("document.activeElement.innerText")
    assert name
    day.press("r")
    assert name in page.locator("header.case-head").inner_text()
    day.look()
    # the type of meeting is the last one's; its day is today's
    page.keyboard.press("Tab")
    day.write_day(the_town.day)
    day.press("Enter")
    assert "Gemt" in day.told()
    assert day.path == "/"
    settled(day)

    # from the queue to the saved result: the meeting has been held
    with day.timed() as watch:
        queue(day, "Møder i dag")
        stand_at(day, name)
        day.press("r")
        fields = page.locator("#fields, #choose").locator(
            "select:visible, textarea:visible, fieldset:visible, "
            "input:visible:not([type=radio], [type=checkbox])"
        )
        assert fields.count() <= MOST_FIELDS
        assert page.locator("input[name=outcome]:checked").get_attribute("value") == "held"
        day.tab_to(page.locator("button[type=submit]").filter(has_text="Gem"))
        day.press("Enter")
    assert "afholdt" in day.told()
    assert watch.seconds < MOST_SECONDS
    assert day.path == "/"
    settled(day)
    assert name not in page.locator("#queue tbody th a").all_inner_texts()

    # it was somewhere else: corrected from the case, found by search
    page.keyboard.press("/")
    day.write(name)
    day.press("Enter")
    day.look()
    page.keyboard.press("j")
    day.press("Enter")
    assert page.locator("h1").inner_text().startswith(name)
    day.look()
    correct = page.locator(".timeline a", has_text="Ret").first
    day.tab_to(correct, 120)
    day.press("Enter")
    assert page.locator("input[name=outcome]:checked").get_attribute("value") == "held"
    day.tab_to(page.locator("input[name=outcome]:checked"))
    page.keyboard.press("ArrowRight")
    day.tab_to(page.locator("button[type=submit]").filter(has_text="Gem"))
    day.press("Enter")
    assert "Rettelse af" in day.told()
    assert "udeblivelse" in day.told()
    expect(page.locator(".timeline")).to_contain_text("Vis tidligere udgaver (2)", timeout=PATIENCE)
    day.ends_well()


def test_a_meeting_not_planned_before_is_registered_from_the_case(day: Walk) -> None:
    page = day.page
    queue(day, "Intet næste skridt")
    page.keyboard.press("j")
    day.press("Enter")
    with day.timed() as watch:
        day.press("r")
        fields = page.locator("#fields, #choose").locator(
            "select:visible, textarea:visible, fieldset:visible, "
            "input:visible:not([type=radio], [type=checkbox])"
        )
        assert fields.count() <= MOST_FIELDS
        page.keyboard.press("Tab")
        day.press("Enter")
    assert "Gemt" in day.told()
    assert watch.seconds < MOST_SECONDS
    assert page.locator(".beside-nav").count() == 1
    day.ends_well()


def test_from_case_to_case_and_back_to_the_queue(day: Walk) -> None:
    page = day.page
    day.open("/?koe=requirements&hvem=alle")
    names = page.locator("#queue tbody th a").all_inner_texts()
    assert len(names) > 1
    page.keyboard.press("j")
    page.keyboard.press("j")
    day.press("Enter")
    assert page.locator("h1").inner_text().startswith(names[1])
    day.press("k")
    assert page.locator("h1").inner_text().startswith(names[0])
    day.press("j")
    assert page.locator("h1").inner_text().startswith(names[1])
    day.tab_to(page.locator(".beside-nav a").first)
    day.press("Enter")
    assert page.locator("tr.is-current th a").inner_text() == names[1]
    assert day.focused() == "row-2"
    day.ends_well()


def test_no_letter_acts_while_one_writes_and_none_at_all_when_they_are_switched_off(day: Walk) -> None:
    page = day.page
    page.keyboard.press("/")
    day.write("jr1?n")
    assert page.locator("#find").input_value() == "jr1?n"
    assert day.path == "/"
    day.open("/konto/")
    day.look()


def test_without_scripts_a_meeting_is_registered_all_the_same(
    browser: Browser, server: Server, people: dict[str, Any]
) -> None:
    walk = Walk.begun(browser, server.url, scripts=False)
    page = walk.page
    page.goto(server.url)
    page.fill("#id_username", people["caseworker"])
    page.fill("#id_password", PASSWORD)
    page.click("main button[type=submit]")
    assert page.locator("h1").inner_text() == "Min dag"
    page.goto(server.url + "/?koe=requirements")
    page.locator("#queue tbody td.do a").first.click()
    page.locator("input[name=answer][value=yes]").check()
    page.click("#fill button[type=submit]")
    assert "Gemt" in page.locator(".messages").inner_text()
    assert page.url.startswith(f"{server.url}/?koe=requirements")
    page.context.close()


def test_a_visit_is_registered_while_the_next_one_waits(walk: Walk) -> None:
    page = walk.page
    walk.sign_in(visiting.WORKER, PASSWORD)
    walk.follow(page.get_by_role("link", name="Åben rådgivning"))
    walk.look()
    with walk.timed() as watch:
        walk.write("signe å")  # one stands in the field of the search
        page.keyboard.press("Enter")
        chosen = page.locator("input[name=who]:checked")
        expect(chosen).to_have_count(1, timeout=PATIENCE)
        walk.tab_to(page.locator("select[name=topic]"))
        walk.write("Bolig")
        walk.tab_to(page.locator("button[type=submit]").filter(has_text="Registrér besøget"))
        walk.press("Enter")
    assert "Signe Åben" in walk.told()
    assert watch.seconds < VISIT_SECONDS
    expect(page.locator("#today")).to_contain_text("Bolig og udsættelse")
    walk.seen.clear()  # the same page with somebody on it
    walk.look()
    # the next has no case here
    walk.tab_to(page.locator("input[name=who][value='-']"))
    page.keyboard.press("Space")
    walk.tab_to(page.locator("select[name=topic]"))
    walk.write("Helbred")
    walk.tab_to(page.locator("button[type=submit]").filter(has_text="Registrér besøget"))
    walk.press("Enter")
    assert "En uden sag her" in walk.told()
    walk.ends_well()
