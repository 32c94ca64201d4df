"""How well a questionnaire measures: reliability, ends of the scale, retest and raters, from recorded answers."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from casebook import Casebook, item, programme
from indsats.measure import answers
from indsats.measure.quality import QualityRow, quality, rater_rows
from indsats.measure.reliability import cronbach_alpha

ITEMS = ("a", "b", "c", "d")
UNTIL = date(2017, 1, 1)


def form(**rest: Any) -> dict[str, Any]:
    return item(
        "Form",
        **{
            "scale": {"low": 1, "high": 5},
            "items": {name: item(name) for name in ITEMS},
            "raters": ["citizen", "worker"],
            "scores": {"sum": item("Sum", combine="sum", at_least=3)},
            **rest,
        },
    )


def answered(people: int = 60, seed: int = 3, **rest: Any) -> Casebook:
    """People with one level each, seen through four items; by the worker a point higher, a week later."""
    book = Casebook(programme(questionnaires={"goals": form(**rest)}))
    rng = np.random.default_rng(seed)
    for number in range(people):
        who = {"person": f"p{number}", "enrolment": f"e{number}"}
        book.enrol("2016-01-01", **who)
        level = rng.normal(3, 0.8)
        for day, rater, above in [
            ("01", "citizen", 0),
            ("11", "citizen", 0),
            ("01", "worker", 1),
        ]:
            given = np.clip(np.rint(level + above + rng.normal(0, 0.5, 4)), 1, 5).astype(int).tolist()
            book.answer(f"2016-01-{day}", dict(zip(ITEMS, given, strict=True)), rater=rater, **who)
    return book


def row_of(book: Casebook) -> QualityRow:
    (row,) = quality(book.facts(), "goals", UNTIL)
    return row


def test_alpha_is_that_of_each_persons_first_whole_answer() -> None:
    book = answered()
    row = row_of(book)
    first = answers(book.facts(), "goals").filter(occurred_from=date(2016, 1, 1), rater="citizen")
    assert row.people.value == 60
    assert row.alpha.value == pytest.approx(cronbach_alpha(first, ITEMS).value)
    assert row.alpha.low is not None
    assert row.alpha.value is not None
    assert row.alpha.low < row.alpha.value < (row.alpha.high or 0)
    assert row.omega.value == pytest.approx(row.alpha.value, abs=0.05)
    assert row.alpha.made_from == (row.people.id,)


def test_a_whole_answer_goes_before_an_earlier_one_with_a_hole() -> None:
    book = answered()
    who = {"person": "late", "enrolment": "late"}
    book.enrol("2016-01-01", **who).answer("2016-01-02", {"a": 3, "b": 3, "c": 3}, rater="citizen", **who)
    assert row_of(book).people.value == 60
    book.answer("2016-06-02", dict.fromkeys(ITEMS, 3), rater="citizen", **who)
    assert row_of(book).people.value == 61


def test_the_least_change_follows_the_instruments_own_reliability_where_it_has_one() -> None:
    published = form()["scores"]["sum"] | {"reliability": {"value": 0.75, "sd": 4.0, "source": "L1"}}
    row = row_of(answered(scores={"sum": published}))
    assert row.detectable.value == pytest.approx(1.96 * 2**0.5 * 4.0 * 0.5, rel=1e-4)
    own = row_of(answered())
    sd = (
        own.detectable.value / (1.96 * (2 * (1 - (own.alpha.value or 0))) ** 0.5)
        if own.detectable.value
        else 0
    )
    assert 2.5 < sd < 4.5


def test_a_retest_is_two_answers_by_the_same_rater_within_five_weeks() -> None:
    row = row_of(answered())
    assert row.retest.denominator == 60
    assert 0.6 < (row.retest.value or 0) < 0.95
    apart = answered()
    apart = Casebook(apart.programme)
    for number in range(5):
        who = {"person": f"p{number}", "enrolment": f"e{number}"}
        apart.enrol("2016-01-01", **who)
        for day in ("2016-01-01", "2016-04-01"):
            apart.answer(day, dict.fromkeys(ITEMS, 1 + number % 4), rater="citizen", **who)
    assert row_of(apart).retest.value is None


def test_floor_and_ceiling_are_the_ends_the_score_can_reach() -> None:
    book = Casebook(programme(questionnaires={"goals": form()}))
    for number, level in enumerate([1, 1, 5, 3, 2, 4]):
        who = {"person": f"p{number}", "enrolment": f"e{number}"}
        given = {"a": level, "b": level, "c": level, "d": level}
        book.enrol("2016-01-01", **who).answer("2016-01-02", given, rater="citizen", **who)
    row = row_of(book)
    assert (row.floor.numerator, row.floor.denominator) == (2, 6)
    assert (row.ceiling.numerator, row.ceiling.denominator) == (1, 6)
    assert "floor: floor" in row.warnings
    assert "ceiling: ceiling" in row.warnings  # one of six is more than 15 %
    assert "people: few" in row.warnings


def test_the_ends_are_those_of_the_points_that_can_be_chosen() -> None:
    items = {name: item(name) for name in ITEMS} | {"a": item("a", options=[2, 3])}
    book = Casebook(programme(questionnaires={"goals": form(items=items)}))
    for number, level in enumerate([1, 1, 2, 5]):
        who = {"person": f"p{number}", "enrolment": f"e{number}"}
        given = {"a": 2 if level < 5 else 3, "b": level, "c": level, "d": level}
        book.enrol("2016-01-01", **who).answer("2016-01-02", given, rater="citizen", **who)
    row = row_of(book)
    assert (row.floor.numerator, row.ceiling.numerator) == (2, 1)


def test_what_cannot_be_computed_has_no_value_and_says_why() -> None:
    book = Casebook(programme(questionnaires={"goals": form()})).enrol("2016-01-01")
    book.answer("2016-01-02", dict.fromkeys(ITEMS, 3), rater="citizen")
    row = row_of(book)
    assert (row.alpha.value, row.omega.value, row.detectable.value) == (None, None, None)
    assert set(row.warnings) == {
        "alpha: few_answers",
        "omega: few_answers",
        "people: few",
        "retest: not_twice",
        "detectable: no_reliability",
    }
    assert quality(Casebook(book.programme).enrol("2016-01-01").facts(), "goals", UNTIL) == ()


def test_why_a_number_cannot_be_made_is_found_in_the_answers() -> None:
    two = {name: item(name) for name in ("a", "b")}
    few_items = Casebook(
        programme(questionnaires={"goals": form(items=two, scores={"sum": item("S", combine="sum")})})
    )
    alike = Casebook(programme(questionnaires={"goals": form()}))
    for number in range(6):
        who = {"person": f"p{number}", "enrolment": f"e{number}"}
        point = 1 + number % 5
        for book, given in (
            (few_items, {"a": point, "b": 6 - point if number else point}),
            (alike, {"a": 3, "b": point, "c": point, "d": 6 - point}),
        ):
            book.enrol("2016-01-01", **who).answer("2016-01-02", given, rater="citizen", **who)
    assert "omega: few_items" in row_of(few_items).warnings
    assert {"alpha: no_variation", "omega: no_variation"} <= set(row_of(alike).warnings)


def test_an_enrolment_is_one_retest_however_many_raters_answered_twice() -> None:
    book = answered()
    for number in range(60):
        who = {"person": f"p{number}", "enrolment": f"e{number}"}
        book.answer("2016-01-20", dict.fromkeys(ITEMS, 1 + number % 5), rater="worker", **who)
    assert row_of(book).retest.denominator == 60


def test_raters_of_the_same_day_are_compared_and_a_point_higher_is_a_gap_of_one() -> None:
    found = {(row.of, row.first, row.second): row for row in rater_rows(answered().facts(), "goals", UNTIL)}
    assert set(found) == {(of, "citizen", "worker") for of in ("sum", *ITEMS)}
    gap = found["a", "citizen", "worker"]
    assert gap.people.value == 60
    assert 0.6 < (gap.gap.value or 0) < 1.2  # the scale ends at five
    assert (gap.gap.p or 1) < 0.001
    assert gap.kappa.value is not None
    assert found["sum", "citizen", "worker"].kappa.value is None


def test_raters_who_never_meet_are_not_compared() -> None:
    book = Casebook(programme(questionnaires={"goals": form()}))
    for number in range(6):
        who = {"person": f"p{number}", "enrolment": f"e{number}"}
        book.enrol("2016-01-01", **who)
        book.answer("2016-01-02", dict.fromkeys(ITEMS, 1 + number % 5), rater="citizen", **who)
        book.answer("2016-02-02", dict.fromkeys(ITEMS, 1 + number % 5), rater="worker", **who)
    assert rater_rows(book.facts(), "goals", UNTIL) == ()


def test_in_rounds_raters_of_the_same_round_are_compared_whatever_the_day() -> None:
    book = Casebook(
        programme(questionnaires={"goals": form(by="each", waves={"start": item("Start", after="P0D")})})
    )
    for number in range(6):
        who = {"person": f"p{number}", "enrolment": f"e{number}"}
        book.enrol("2016-01-01", **who)
        book.answer("2016-01-02", dict.fromkeys(ITEMS, 1 + number % 5), rater="citizen", **who)
        book.answer("2016-02-02", dict.fromkeys(ITEMS, 1 + number % 5), rater="worker", **who)
    found = rater_rows(book.facts(), "goals", UNTIL)
    assert {row.of for row in found} == {"sum", *ITEMS}
    assert all(row.same.value == 1 and row.gap.value == 0 for row in found)
