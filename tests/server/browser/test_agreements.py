"""An agreement with its follow-up plan, by keyboard: registered within its time, seen on the page of hours, renewed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import town
from indsats.web.seed import PASSWORD
from walked import Walk

MOST_SECONDS = 90


def test_an_agreement_with_its_follow_up_plan_is_registered_and_renewed(
    walk: Walk, people: dict[str, Any], the_town: town.Town
) -> None:
    page = walk.page
    walk.sign_in(people["caseworker"], PASSWORD)
    one = page.locator(".queues a").filter(has_text="Intet næste skridt")
    walk.press(one.get_attribute("data-key") or "")
    page.keyboard.press("j")
    walk.press("Enter")
    case = walk.path
    assert case.startswith("/sager/")
    walk.open(f"{case}ny/agreement/?next={case}timer/")
    with walk.timed() as watch:
        kind = page.locator("select[name=what]")
        walk.tab_to(kind)
        page.keyboard.type("Arbejds")
        page.keyboard.press("Tab")
        page.wait_for_selector("#id_occurred_to")
        walk.tab_to(page.locator("#id_occurred_to"), 60)
        walk.write_day(the_town.day + timedelta(days=90))
        walk.tab_to(page.locator("#id_follow_type"), 60)
        page.keyboard.type("Opf")
        walk.tab_to(page.locator("#id_follow_first"))
        walk.write_day(the_town.day + timedelta(days=7))
        walk.tab_to(page.locator("button[name=days]"), 60)
        walk.press("Enter")
        assert page.locator("#follow-up-days ol li").count() == 3
        walk.tab_to(page.locator("button.button-primary[type=submit]").filter(has_text="Gem"), 60)
        walk.press("Enter")
    assert "Gemt" in walk.told()
    assert "3 opfølgninger er planlagt" in walk.told()
    assert watch.seconds < MOST_SECONDS
    assert walk.path == f"{case}timer/"
    assert page.locator("section, .panel").filter(has_text="Opfølgninger").count()
    assert page.locator(".state").filter(has_text="næste").count()
    walk.look()

    walk.tab_to(page.locator("a").filter(has_text="Forny aftalen").first, 80)
    walk.press("Enter")
    assert walk.heading
    first = page.locator("#id_occurred_from").input_value()
    assert first == (the_town.day + timedelta(days=91)).isoformat()
    walk.look()
    walk.tab_to(page.locator("button.button-primary[type=submit]").filter(has_text="Gem"), 80)
    walk.press("Enter")
    assert "Gemt" in walk.told()

    # the form with its days shown, too
    walk.open(f"{case}ny/agreement/?what=arbejdsaftale")
    page.fill("#id_occurred_to", (the_town.day + timedelta(days=90)).isoformat())
    page.select_option("#id_follow_type", "virksomhedsopfoelgning")
    page.fill("#id_follow_first", (the_town.day + timedelta(days=7)).isoformat())
    page.locator("button[name=days]").click()
    page.wait_for_selector("#follow-up-days")
    walk.look()
    walk.ends_well()
