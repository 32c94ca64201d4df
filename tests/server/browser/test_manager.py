"""A day as manager: targets, an explanation of a deviation, a plan, who has read whom, and a broken glass."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser

from indsats.web.seed import PASSWORD
from served import Server
from walked import Walk


@pytest.fixture
def day(walk: Walk, people: dict[str, Any]) -> Walk:
    """The manager of the site, just signed in: the barometer is what they begin with."""
    walk.sign_in(people["manager"], PASSWORD)
    assert walk.heading == "Implementeringsbarometer" or "arometer" in walk.heading
    return walk


def test_a_deviation_is_explained_and_an_action_planned(day: Walk) -> None:
    page = day.page
    day.open("/maal/")
    day.look()
    for path, words in (
        ("/maal/forklar/", "To medarbejdere var syge i marts"),
        ("/maal/plan/", "Fast vikar fra august"),
    ):
        day.open(path)
        day.look()
        page.select_option("select[name=indicator]", index=1)
        if not page.locator("select[name=place]").input_value():
            page.select_option("select[name=place]", index=1)
        cause = page.locator("select[name=cause]")
        if cause.count():
            cause.select_option(index=1)
        page.fill("textarea[name=text]", words)
        day.follow(page.locator("main form button[type=submit]"))
        assert "Gemt" in day.told()
        assert day.path == "/maal/"
    day.ends_well()


def test_a_broken_glass_is_looked_into(
    day: Walk, people: dict[str, Any], browser: Browser, server: Server
) -> None:
    elsewhere = Walk.begun(browser, server.url)
    elsewhere.sign_in(people["stranger"], PASSWORD)
    elsewhere.open("/glas/")
    elsewhere.look()
    page = elsewhere.page
    page.fill("input[name=number]", people["number"])
    page.locator("input[name=cause]").first.check()
    page.fill("textarea[name=reason]", "Borgeren står her og har brug for hjælp nu")
    elsewhere.follow(page.locator("main form button[type=submit]"))
    assert elsewhere.path.startswith("/sager/")
    assert page.locator(".banner").filter(has_text="las").count() >= 1
    elsewhere.look()
    assert people["number"] not in page.url
    elsewhere.ends_well()
    page.context.close()

    page = day.page
    day.open("/kontrol/")
    day.look()
    day.open("/kontrol/glas/")
    assert "har brug for hjælp nu" in page.locator("main").inner_text()
    day.look()
    page.fill("textarea[name=note]", "Talt med medarbejderen. Det var rigtigt at åbne.")
    day.follow(page.locator("main form button[type=submit]"))
    assert "Det var rigtigt at åbne" in page.locator("main").inner_text()
    for path in (
        "/kontrol/stikproeve/",
        "/kontrol/soegninger/",
        "/kontrol/indsigt/",
        "/kontrol/rettigheder/",
    ):
        day.open(path)
        day.look()
    day.ends_well()


@pytest.mark.parametrize("role", ["evaluator", "administrator", "citizen", "job_broker", "cti_worker"])
def test_the_first_page_of_the_other_roles_breaks_no_rule(
    browser: Browser, server: Server, people: dict[str, Any], role: str
) -> None:
    for lang in ("da", "en"):
        walk = Walk.begun(browser, server.url, lang)
        walk.sign_in(people[role], PASSWORD)
        walk.look()
        walk.ends_well()
        walk.page.context.close()
