"""One plan, by keyboard: a new version, an activity under a sub-goal, its review, an effort beside, and their sum."""

from __future__ import annotations

from typing import Any

import pytest

import town
from indsats.web.seed import PASSWORD
from walked import Walk


def send(walk: Walk) -> None:
    """Go to the button that saves and press it."""
    walk.tab_to(walk.page.locator("#fill button[type=submit]").filter(has_text="Gem"))
    walk.press("Enter")
    assert "Gemt" in walk.told()


def fill(walk: Walk, name: str, text: str) -> None:
    """Go to a field and write in it."""
    walk.tab_to(walk.page.locator(f"#fill [name={name}]").first)
    walk.page.keyboard.press("Control+a")
    walk.write(text)


def choose(walk: Walk, name: str, value: str) -> None:
    """Go to a group of radio buttons and choose one with the arrows."""
    group = walk.page.locator(f"input[name={name}]")
    values = [one.get_attribute("value") for one in group.all()]
    checked = [value for value, one in zip(values, group.all(), strict=True) if one.is_checked()]
    walk.tab_to(group.nth(values.index(checked[0])) if checked else group.first)
    walk.page.keyboard.press("Space")
    for _ in values:
        if group.nth(values.index(value)).is_checked():
            return
        walk.page.keyboard.press("ArrowRight")
    raise AssertionError(f"{name} cannot be set to {value}")


def follow(walk: Walk, name: str, within: str = "main") -> None:
    """Go to a link and press it."""
    walk.tab_to(walk.page.locator(f"{within} a").filter(has_text=name).first, 120)
    walk.press("Enter")


@pytest.fixture
def plan(walk: Walk, people: dict[str, Any], the_town: town.Town) -> Walk:
    """The plan of the first case there is something to do in."""
    walk.sign_in(people["caseworker"], PASSWORD)
    walk.open("/?koe=requirements")
    walk.page.keyboard.press("j")
    walk.press("Enter")
    follow(walk, "Hele planen og kalenderen")
    assert walk.heading == "Plan"
    return walk


def test_a_plan_is_made_filled_and_reviewed_by_keyboard(plan: Walk, the_town: town.Town) -> None:
    page = plan.page
    plan.look()
    here = plan.path
    follow(plan, "plan", "#goal .panel-foot")
    plan.look()
    fill(plan, "goal", "Job i et køkken")
    choose(plan, "agreed_by_citizen", "true")
    send(plan)
    assert plan.path == here
    assert page.locator(".plan-goal").inner_text() == "Job i et køkken"
    assert "Borgeren er enig" in page.locator("#goal").inner_text()

    follow(plan, "Ny aktivitet")
    fill(plan, "subgoal", "Komme op om morgenen")
    fill(plan, "activity", "Morgencafé")
    fill(plan, "hours_per_week", "30")
    choose(plan, "status", "under_way")
    send(plan)
    morning = page.locator(".subgoal").filter(has_text="Komme op om morgenen")
    assert "Morgencafé" in morning.inner_text()

    plan.tab_to(morning.locator("a").filter(has_text="Gennemgå"), 120)
    plan.press("Enter")
    assert page.locator("[name=subgoal]").input_value() == "Komme op om morgenen"
    choose(plan, "status", "under_way")
    choose(plan, "activities_work", "false")
    choose(plan, "other_activities", "true")
    send(plan)
    assert morning.inner_text().count("skal følges op") == 2

    plan.tab_to(morning.locator("a").filter(has_text="Føj aktivitet til"), 120)
    plan.press("Enter")
    assert page.locator("[name=subgoal]").input_value() == "Komme op om morgenen"
    fill(plan, "activity", "Træning med fysioterapeut")
    fill(plan, "hours_per_week", "4,5")
    choose(plan, "status", "planned")
    send(plan)
    assert morning.locator("tbody tr").count() == 2

    follow(plan, "Indsats ved siden af", "#calendar")
    page.keyboard.press("Tab")
    plan.tab_to(page.locator("#fill select[name=type]"))
    page.keyboard.press("ArrowDown")
    fill(plan, "hours_per_week", "8")
    send(plan)
    for _ in range(2):
        follow(plan, "Møde", "#calendar")
        plan.tab_to(page.locator("#fill input[name=occurred_from]"))
        plan.write_day(the_town.day)
        send(plan)
    assert "2 møder samme dag" in page.locator("#clashes").inner_text()
    said = page.locator("#load").inner_text()
    assert "mere end en fuld uge" in said
    plan.tab_to(page.locator("#load summary"), 120)
    page.keyboard.press("Enter")
    assert page.locator("#load details li").first.is_visible()
    plan.seen.clear()
    plan.look()
    plan.ends_well()
