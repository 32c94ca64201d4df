"""A day as coordinator: a list comes in, is undone and comes again; cases are given out; figures lead to people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

import town
from indsats.web.seed import PASSWORD
from served import Server
from walked import PATIENCE, Walk


@pytest.fixture
def day(walk: Walk, people: dict[str, Any]) -> Walk:
    """The coordinator, just signed in."""
    walk.sign_in(people["coordinator"], PASSWORD)
    assert walk.heading == "Min dag"
    return walk


def to(walk: Walk, title: str) -> None:
    """Choose a page of the main menu."""
    walk.follow(walk.page.locator("#menu").get_by_role("link", name=title, exact=True))


def send(walk: Walk, people: dict[str, Any], the_town: town.Town) -> None:
    """Choose the list of two new citizens, and ask what it would do."""
    began = (the_town.day - timedelta(days=3)).isoformat()
    rows = ["person;name;birth_date;occurred_from;service;site"]
    for n, name in ((1, "Nanna Bro"), (2, "Holger Vig")):
        rows.append(f"0{n}2161-100{n};{name};1961-0{n}-01;{began};{people['service']};{people['site']}")
    walk.page.set_input_files(
        "input[type=file]",
        {"name": "nye.csv", "mimeType": "text/csv", "buffer": "\n".join(rows).encode()},
    )
    walk.page.select_option("select[name=kind]", "enrolled")
    walk.follow(walk.page.locator("main form button[type=submit]"))


def test_a_list_is_written_undone_and_written_again_and_its_cases_given_out(
    day: Walk, people: dict[str, Any], the_town: town.Town
) -> None:
    page = day.page
    to(day, "Visitation")
    day.look()
    for again in (False, True):
        day.open("/visitation/liste/")
        day.look()
        send(day, people, the_town)
        expect(page.locator("#counts")).to_contain_text("Nye registreringer")
        day.look()
        day.follow(page.locator("form[action$='/skriv/'] button"))
        assert "Gemt" in day.told()
        if not again:
            day.follow(page.locator("a[href$='/fortryd/']"))
            day.look()
            page.fill("textarea[name=reason]", "Forkert fil")
            day.follow(page.locator("main form button[type=submit]"))
            expect(page.locator(".alert-info").last).to_contain_text("Forkert fil")
    day.open("/?koe=unassigned")
    until(day, lambda: page.get_by_role("link", name="Nanna Bro", exact=True).count() == 1)
    assert page.locator("#queue tbody tr").count() >= 2
    given_out(day)


def given_out(day: Walk) -> None:
    """Those of the list are given to somebody who has as many as they may: only with a reason."""
    page = day.page
    day.press(page.locator(".queues a").filter(has_text="Uden ansvarlig").get_attribute("data-key") or "")
    page.keyboard.press("j")
    day.press("r")
    assert day.heading == "Fordeling"
    for name in ("Nanna Bro", "Holger Vig"):
        page.get_by_label(name).check()
    page.select_option("select[name=til]", index=1)
    day.follow(page.get_by_role("button", name="Tildel"))
    assert "loft" in day.told()
    day.look()
    assert page.get_by_label("Nanna Bro").is_checked()
    page.fill("input[name=over]", "Ferie hos de andre")
    day.follow(page.get_by_role("button", name="Tildel"))
    assert "2 sager er givet" in day.told()
    assert page.get_by_label("Nanna Bro").count() == 0
    day.complaints = [one for one in day.complaints if "422" not in one]
    day.ends_well()


def until(walk: Walk, seen: Any) -> None:
    """Ask for the page anew until something is seen: what follows from a list comes a moment after it."""
    for _ in range(60):
        if seen():
            return
        walk.page.wait_for_timeout(1000)
        walk.page.reload()
    raise AssertionError("the projections do not follow")


def test_a_case_is_handed_over_and_taken(
    day: Walk, people: dict[str, Any], browser: Browser, server: Server
) -> None:
    page = day.page
    day.open("/?koe=requirements&hvem=alle")
    row = page.locator("#queue tbody tr").first
    name = row.locator("th a").inner_text()
    day.follow(row.locator("th a"))
    day.follow(page.get_by_role("link", name="Overdrag"))
    day.look()
    page.select_option("select[name=til]", index=1)
    taker = page.locator("select[name=til]").input_value()
    page.fill("textarea[name=hvorfor]", "Skifter afdeling")
    day.follow(page.locator("main form button[type=submit]"))
    assert day.told()
    day.ends_well()

    other = Walk.begun(browser, server.url)
    other.sign_in(taker, PASSWORD)
    assert other.page.locator("#queue-title").inner_text() == "Sager, du er spurgt om"
    assert name in other.page.locator("#queue").inner_text()
    assert "Skifter afdeling" in other.page.locator("#queue").inner_text()
    other.look()
    other.page.keyboard.press("j")
    other.press("r")
    assert other.page.locator("h1").inner_text().startswith(name)
    other.ends_well()
    other.page.context.close()


def test_from_the_barometer_to_the_people_behind_a_figure(day: Walk) -> None:
    page = day.page
    page.set_default_timeout(3 * PATIENCE)
    for title in ("Mål", "Progression", "Forløb", "Barometer"):
        to(day, title)
        made(day)
        day.look()
    figure = page.locator(".steering-table td a").first
    day.follow(figure)
    day.look()
    if page.get_by_role("heading", name="Vælg et sted").count():
        day.follow(page.locator("main .tiles a").first)
    somebody = page.locator("a.row-link").first
    name = somebody.inner_text()
    day.follow(somebody)
    assert day.heading.startswith(name)
    day.ends_well()


def made(walk: Walk) -> None:
    """Wait for figures that are not made yet; asked for where nobody has."""
    for _ in range(120):
        if walk.page.locator(".steering-known").count():
            return
        button = walk.page.locator("form[action$='/lav/'] button")
        if button.count():
            walk.follow(button)
            walk.page.go_back()
        walk.page.wait_for_timeout(1000)
        walk.page.reload()
    raise AssertionError("the figures are not made")
