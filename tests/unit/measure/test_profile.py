"""Item by item: the same people at the start and now, why others are out, and sites from first to last round."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from casebook import Casebook, item, programme
from development_goals import ITEMS, all_at, goals
from indsats.measure.profile import ProfileRow, item_profile

UNTIL = date(2017, 12, 31)
WINDOW = {"within": "P1M", "before": "P7D", "source": "L1"}
ROUNDS = {
    "spring": item("Spring", period="2016-03-01/2016-03-31"),
    "autumn": item("Autumn", period="2016-09-01/2016-09-30"),
    "winter": item("Winter", period="2017-01-01/2017-01-31"),
}


def book(**rest: Any) -> Casebook:
    return Casebook(programme(questionnaires={"goals": goals(baseline=WINDOW, **rest)}))


def person(cases: Casebook, number: int, *said: tuple[str, dict[str, int | None]], **rest: Any) -> None:
    who = {"person": f"p{number}", "enrolment": f"e{number}"}
    cases.enrol("2016-01-01", **who, **{key: rest.pop(key) for key in ("site",) if key in rest})
    for day, answers in said:
        cases.answer(day, answers, **who, **rest)


def rows(cases: Casebook, until: date = UNTIL, **rest: Any) -> dict[tuple[str, str], ProfileRow]:
    return {
        (row.group, row.item): row for row in item_profile(cases.facts(), "goals", until, name="g", **rest)
    }


def numbers(row: ProfileRow) -> tuple[float | None, ...]:
    return row.people.value, row.first.value, row.last.value


def three() -> Casebook:
    cases = book()
    person(cases, 1, ("2016-01-05", all_at(2)), ("2016-06-01", all_at(1)), ("2016-09-01", all_at(4)))
    person(cases, 2, ("2016-01-05", all_at(3)), ("2016-09-01", {**all_at(5), "focus": None}))
    person(cases, 3, ("2016-01-05", all_at(5)), site="city")
    person(cases, 4, site="city")
    return cases


def test_both_means_are_of_those_with_a_start_and_a_newest_later_answer() -> None:
    found = rows(three())
    assert [key[1] for key in found] == list(ITEMS)
    row = found["all", "health"]
    assert numbers(row) == (2, 2.5, 4.5)
    assert (row.first.numerator, row.first.denominator) == (5.0, 2.0)
    assert row.people.excluded == {"not_measured": 1, "not_measured_again": 1}
    assert row.last.id == "profile/g/health/all/last"
    # the second person's later answer lacks the item, so neither of theirs counts in it
    focus = found["all", "focus"]
    assert numbers(focus) == (1, 2.0, 4.0)
    assert focus.people.excluded == {"not_measured": 1, "not_measured_again": 2}


def test_by_unit_people_stand_where_they_are_enrolled() -> None:
    found = rows(three(), by="unit")
    assert numbers(found["outreach", "health"]) == (2, 2.5, 4.5)
    assert numbers(found["centre", "health"]) == (0, None, None)
    assert found["centre", "health"].people.excluded == {"not_measured": 1, "not_measured_again": 1}


def test_nothing_dated_later_is_used() -> None:
    assert numbers(rows(three(), date(2016, 8, 31))["all", "health"]) == (1, 2.0, 1.0)


def test_an_item_left_out_at_the_start_was_not_answered() -> None:
    cases = book()
    person(cases, 1, ("2016-01-05", {**all_at(2), "focus": None}), ("2016-09-01", all_at(4)))
    found = rows(cases)
    assert found["all", "focus"].people.excluded == {"not_answered": 1}
    assert numbers(found["all", "health"]) == (1, 2.0, 4.0)


def test_only_the_same_rater_and_those_who_are_to_answer_the_item_count() -> None:
    items = {name: item(name) for name in ITEMS} | {"focus": item("focus", raters=["citizen"])}
    cases = book(items=items, by="each", classes=[])
    person(cases, 1, ("2016-01-05", all_at(2)), ("2016-09-01", all_at(4)))
    who = {"person": "p1", "enrolment": "e1"}
    cases.answer("2016-01-06", all_at(1), rater="citizen", **who)
    cases.answer("2016-10-01", all_at(5), rater="citizen", **who)
    found = rows(cases)
    assert numbers(found["all", "health"]) == (1, 2.0, 4.0)
    assert numbers(found["all", "focus"]) == (1, 1.0, 5.0)
    other = book()
    person(other, 1, ("2016-01-05", all_at(2)))
    other.answer("2016-09-01", all_at(4), rater="citizen", **who)
    assert rows(other)["all", "health"].people.excluded == {"another_rater": 1}


@pytest.mark.parametrize(("kept", "expected"), [(True, (1, 2.0, 4.0)), (False, (0, None, None))])
def test_editions_are_compared_only_where_they_may_be(kept: bool, expected: tuple[Any, ...]) -> None:
    earlier = {
        "until": "2016-06-30",
        "comparable": kept,
        "source": "L1",
        "scale": {"low": 1, "high": 5},
        "items": {name: item(name) for name in ITEMS},
    }
    cases = book(earlier={"v1": earlier}, edition="now")
    person(cases, 1, ("2016-01-05", all_at(2)), ("2016-09-01", all_at(4)))
    row = rows(cases)["all", "health"]
    assert numbers(row) == expected
    assert row.people.excluded == ({} if kept else {"another_edition": 1})


def test_points_of_advice_are_left_out() -> None:
    items = {name: item(name) for name in ITEMS} | {"focus": item("focus", advice=True)}
    cases = book(items=items, classes=[])
    person(cases, 1, ("2016-01-05", all_at(2)))
    assert [key[1] for key in rows(cases)] == [name for name in ITEMS if name != "focus"]


def sites(**rest: Any) -> Casebook:
    asked = goals(about="site", classes=[], waves=ROUNDS, **rest)
    return Casebook(programme(questionnaires={"goals": asked}))


def told(cases: Casebook, day: str, site: str, level: int, who: str) -> None:
    columns: dict[str, Any] = {f"answer.{name}": value for name, value in all_at(level).items()}
    cases.fact(
        "site_answered",
        day,
        person=None,
        enrolment=None,
        site=site,
        questionnaire="goals",
        rater="caseworker",
        respondent=who,
        **columns,
    )


def test_sites_go_from_the_first_round_with_answers_to_the_last_as_means_of_site_means() -> None:
    cases = sites()
    for who, level in (("a", 1), ("b", 3)):
        told(cases, "2016-03-05", "north", level, who)
    told(cases, "2016-03-05", "city", 5, "c")
    told(cases, "2016-09-05", "north", 1, "a")
    for who in ("a", "b", "d"):
        told(cases, "2017-01-05", "north", 4, who)
    row = rows(cases)["all", "health"]
    # the city is in the first round alone: only the north is in both
    assert numbers(row) == (1, 2.0, 4.0)
    assert row.people.excluded == {"not_measured_again": 1}
    assert (row.people.of, row.first.of) == ("places", "places")
    told(cases, "2017-01-06", "city", 3, "c")
    assert numbers(rows(cases)["all", "health"]) == (2, 3.5, 3.5)
    assert numbers(rows(cases, by="unit")["centre", "health"]) == (1, 5.0, 3.0)


def test_a_single_round_is_no_change_of_sites_and_nobody_none_at_all() -> None:
    cases = sites()
    told(cases, "2016-03-05", "north", 2, "a")
    assert rows(cases)["all", "health"].people.excluded == {"not_measured_again": 1}
    assert rows(sites().data_until("2016-03-05")) == {}
    assert rows(book()) == {}
    with pytest.raises(KeyError, match="nothing"):
        item_profile(book().facts(), "nothing", UNTIL)
