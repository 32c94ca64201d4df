"""Transitions between classes, movement in the order of the sides, and editions that cannot be compared."""

from __future__ import annotations

from typing import Any

import pytest

from casebook import Casebook, item, period, programme, text
from development_goals import ITEMS, all_at, goals
from indsats.measure.transitions import Level, Transitions, movement, transitions

YEAR = period("2014-01-01", "2014-12-31")
EXITS = {"job-or-education": ["job", "education"]}

A, B, C = all_at(5), {**all_at(5), "focus": 3}, all_at(3)
D = {**all_at(5), "focus": 2}
G = {**all_at(5), "health": 1}
MIXED_SET = {"A": A, "B": B, "C": C, "D": D, "G": G}


def book(**rest: Any) -> Casebook:
    definition = programme(questionnaires={"goals": goals(**rest)})
    return Casebook(definition).data_until("2015-03-01")


def edition(until: str = "2014-06-30", **rest: Any) -> dict[str, Any]:
    """The questionnaire as it was up to a day."""
    kept = ("scale", "items", "sides", "classes", "source")
    return {**{name: part for name, part in goals().items() if name in kept}, "until": until, **rest}


def follow(case: Casebook, person: int, *answers: tuple[str, dict[str, int | None]], **rest: Any) -> Casebook:
    who = {"person": f"p{person}", "enrolment": f"e{person}"}
    case.enrol("2013-06-01", **who)
    for day, given in answers:
        case.answer(day, given, **who, **rest)
    return case


def moved(case: Casebook, level: Level = "class", **rest: Any) -> Transitions:
    return transitions(case.facts(), "goals", YEAR, EXITS, level=level, **rest)


def path(case: Casebook, level: Level = "class") -> list[tuple[str, str]]:
    return [(row.start, row.end) for row in moved(case, level).rows if row.unit == "all" and row.count.value]


def test_people_are_followed_from_class_to_class() -> None:
    case = follow(book(), 1, ("2014-01-10", D), ("2014-12-05", B))
    assert path(case) == [("D", "B")]
    assert path(case, "side") == [("good", "good")]


def test_classes_stand_in_the_order_of_their_ids_and_ends_follow() -> None:
    table = moved(follow(book(), 1, ("2014-01-10", A)))
    assert table.labels == tuple("ABCDEFG")
    assert table.sides == table.labels
    assert table.ends == (*"ABCDEFG", "job-or-education", "other", "not_measured_again")
    assert moved(follow(book(), 1, ("2014-01-10", A)), "side").labels == ("good", "poor")


def test_figures_of_the_two_levels_have_ids_of_their_own() -> None:
    case = follow(book(), 1, ("2014-01-10", A), ("2014-12-05", B))
    ids = [row.count.id for level in ("side", "class") for row in moved(case, level).rows]  # type: ignore[arg-type]
    assert len(set(ids)) == len(ids)


def test_a_relapse_within_the_period_does_not_count_between_classes_either() -> None:
    case = follow(book(), 1, ("2014-01-10", B), ("2014-04-10", G), ("2014-08-01", A), ("2014-12-05", B))
    assert path(case) == [("B", "B")]


def test_an_exit_later_than_the_last_measurement_wins_and_one_before_the_first_does_not() -> None:
    case = follow(book(), 1, ("2014-01-10", B), ("2014-06-10", A))
    case.leave("2014-09-01", "job", person="p1", enrolment="e1")
    assert path(case) == [("B", "job-or-education")]
    back = book().enrol("2013-01-01").leave("2013-09-01", "job")
    back.enrol("2013-12-01", enrolment="e2").answer("2014-01-10", B, enrolment="e2")
    assert path(back.answer("2014-06-10", A, enrolment="e2")) == [("B", "A")]


def test_complete_answers_without_a_class_are_left_out_and_counted() -> None:
    narrow = [part for part in goals()["classes"] if part["id"] != "A"]
    table = moved(follow(book(classes=narrow), 1, ("2014-01-10", A)))
    assert table.row("outreach", "B", "B").share.excluded == {"no_class": 1}


def test_an_exit_may_not_bear_the_name_of_a_class() -> None:
    case = follow(book(), 1, ("2014-01-10", A))
    with pytest.raises(ValueError, match="classes need different names; both have G"):
        transitions(case.facts(), "goals", YEAR, {"G": ["job"]}, level="class")
    transitions(case.facts(), "goals", YEAR, {"G": ["job"]}, level="side")


def test_movement_goes_by_the_order_of_sides_and_then_of_ids() -> None:
    case = book()
    steps = ["DB", "DB", "BD", "CC", "GA", "AG", "DG"]
    for number, (first, last) in enumerate(steps):
        follow(case, number, ("2014-01-10", MIXED_SET[first]), ("2014-12-05", MIXED_SET[last]))
    case.leave("2014-06-01", "job", person="p6", enrolment="e6")
    follow(case, 7, ("2014-01-10", A))
    found = {one.unit: one for one in movement(moved(case))}
    assert found.keys() == {"outreach", "all"}
    whole = found["all"]
    assert (whole.up.numerator, whole.same.numerator, whole.down.numerator) == (3, 1, 2)
    assert whole.up.value == pytest.approx(3 / 6)
    assert whole.up.excluded == {"left": 1, "not_measured_again": 1}
    sides = next(one for one in movement(moved(case, "side")) if one.unit == "all")
    assert (sides.up.numerator, sides.same.numerator, sides.down.numerator) == (1, 4, 1)
    assert sides.up.id != whole.up.id


def test_the_rank_of_a_class_is_that_of_its_side_before_its_id() -> None:
    classes = [
        {"id": name, "title": text(name), "source": "L1", "when": when, "side": side}
        for name, when, side in (
            ("X", "focus == 5", "good"),
            ("B", "focus >= 3", "poor"),
            ("A", "true", "poor"),
        )
    ]
    case = book(classes=classes)
    for number, (first, last) in enumerate([(5, 3), (3, 1), (1, 5)]):
        follow(case, number, ("2014-01-10", all_at(first)), ("2014-12-05", all_at(last)))
    table = moved(case)
    assert (table.labels, table.ranked) == (("A", "B", "X"), ("X", "A", "B"))
    whole = movement(table)[-1]
    assert (whole.up.numerator, whole.down.numerator) == (2, 1)  # B to A is up: A comes before B on one side


def test_editions_that_cannot_be_compared_leave_the_person_not_measured_again() -> None:
    for comparable, end in ((False, "not_measured_again"), (True, "A")):
        case = book(edition="second", earlier={"first": edition(comparable=comparable)})
        follow(case, 1, ("2014-01-10", D), ("2014-12-05", A))
        assert path(case) == [("D", end)]
        table = moved(case)
        excluded = table.row("all", "D", "not_measured_again").count.excluded
        assert excluded == ({} if comparable else {"another_edition": 1})
        assert table.row("all", "D", "A").count.excluded == {}
        whole = movement(table)[-1]
        assert whole.up.numerator == int(comparable)
        assert whole.up.excluded == ({} if comparable else {"another_edition": 1})


def test_an_earlier_edition_within_the_period_is_compared_with_itself() -> None:
    case = book(edition="second", earlier={"first": edition("2014-12-31")})
    assert path(follow(case, 1, ("2014-01-10", D), ("2014-12-05", A))) == [("D", "A")]


def test_the_older_edition_decides_whichever_was_filled_in_first() -> None:
    case = book(edition="second", earlier={"first": edition(comparable=True)})
    case.enrol("2013-06-01")
    case.answer("2014-01-10", D, edition="second").answer("2014-12-05", A, edition="first")
    assert path(case) == [("D", "A")]


def test_who_left_after_an_incomparable_measurement_has_left() -> None:
    case = book(edition="second", earlier={"first": edition()})
    follow(case, 1, ("2014-01-10", D), ("2014-10-05", A))
    case.leave("2014-12-01", "job", person="p1", enrolment="e1")
    table = moved(case)
    assert path(case) == [("D", "job-or-education")]
    assert table.row("all", "D", "not_measured_again").count.excluded == {}


def test_classes_only_an_earlier_edition_had_come_last_and_lose_nobody() -> None:
    whole = {"id": "All", "title": text("All"), "source": "L1", "when": "true", "side": "low"}
    before = edition(comparable=True, classes=[whole], sides={**goals()["sides"], "low": item("Low")})
    case = follow(book(edition="second", earlier={"first": before}), 1, ("2014-01-10", D), ("2014-12-05", A))
    table = moved(case)
    assert table.labels == (*"ABCDEFG", "All")
    assert path(case) == [("All", "A")]
    assert path(case, "side") == [("low", "good")]
    assert movement(table)[-1].up.numerator == 1


def test_an_incomplete_later_set_is_passed_over_for_the_last_with_a_class() -> None:
    short = {**A, ITEMS[0]: None}
    case = follow(book(), 1, ("2014-01-10", B), ("2014-06-10", C), ("2014-12-05", short))
    assert path(case) == [("B", "C")]
