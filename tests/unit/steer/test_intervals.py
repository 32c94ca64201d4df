"""Intervals where everybody counts once equal statsmodels'; where people count several times, the formulas by hand."""

from __future__ import annotations

from math import exp, isfinite, sqrt
from typing import Any

import numpy as np
import polars as pl
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.rates import confint_poisson

from casebook import Casebook, indicator, period, programme
from drawn_cases import cases, definition, over, periods
from indsats.figure import Figure
from indsats.steer import indicator as level
from indsats.steer import indicator_by
from indsats.steer.counted import Counted, Fold, figure_of, rows_of
from indsats.steer.intervals import change_interval, count_interval, mean_interval, share_interval

Z = 1.959963984540054
SIX = period("2016-01-01", "2016-06-30")


def arrays(*numbers: float) -> list[Any]:
    return [np.array([number], dtype=float) for number in numbers]


def figure(rows: list[tuple[str, float, float]], unit: Any, fold: Fold = "sum", **rest: Any) -> Figure:
    """One figure of rows of (person, n, d)."""
    persons, n, d = zip(*rows, strict=True) if rows else ((), (), ())
    table = pl.DataFrame(
        {"person": persons, "n": n, "d": d}, schema={"person": pl.String, "n": pl.Float64, "d": pl.Float64}
    )
    return figure_of(Counted(rows_of(table, key=pl.col("person")), unit, fold, **rest), "it")


def once(*values: float) -> list[tuple[str, float, float]]:
    return [(f"p{at}", value, 1.0) for at, value in enumerate(values)]


@pytest.mark.parametrize(("n", "d"), [(0, 1), (1, 1), (0, 7), (7, 7), (3, 10), (40, 200), (999, 1000)])
def test_a_share_of_people_who_count_once_has_wilsons_interval(n: int, d: int) -> None:
    found = figure(once(*[1.0] * n, *[0.0] * (d - n)), "share")
    assert (found.low, found.high) == pytest.approx(proportion_confint(n, d, method="wilson"), abs=1e-11)


@pytest.mark.parametrize("n", [0, 1, 2, 9, 150])
def test_a_count_has_garwoods_interval(n: int) -> None:
    found = figure(once(*[1.0] * n), "count")
    low, high = confint_poisson(n, 1, method="exact-c")
    assert (found.low, found.high) == pytest.approx((max(low, 0.0) if n else 0.0, high), abs=1e-10)


def test_a_rate_has_that_of_its_count_over_its_time() -> None:
    definition = programme(indicators={"it": indicator("rate", kind="meeting", per="person_month")})
    case = Casebook(definition).data_until("2016-06-30")
    for number in range(6):
        who = {"person": f"p{number}", "enrolment": f"e{number}"}
        case.enrol("2016-01-01", **who).meet("2016-03-01", **who)
    found = level(case.facts(), "it", SIX)
    low, high = confint_poisson(6, found.denominator, method="exact-c")
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-10)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("abcdefgh"), st.floats(-50, 50)), min_size=2, max_size=30).filter(
        lambda rows: len({who for who, _ in rows}) > 1
    )
)
def test_a_mean_has_the_interval_of_a_regression_with_clustered_errors(rows: list[tuple[str, float]]) -> None:
    """Liang and Zeger's with m / (m - 1), and Student's with m - 1 degrees of freedom, of m people.

    statsmodels multiplies by (n - 1) / (n - k) too, which is one in a regression on nothing but a constant.
    """
    found = figure([(who, value, 1.0) for who, value in rows], "mean")
    values, codes = np.array([value for _, value in rows]), [ord(who) for who, _ in rows]
    fitted = sm.OLS(values, np.ones(len(rows))).fit(
        cov_type="cluster", cov_kwds={"groups": codes}, use_t=True
    )
    [[low, high]] = fitted.conf_int()
    if high - low < 1e-6:
        return
    assert (found.low, found.high) == pytest.approx((low, high), rel=1e-6, abs=1e-8)


def test_a_share_of_people_who_count_several_times_is_worth_fewer() -> None:
    """a: 3 of 3; b: 0 of 3; c: 1 of 2. p = 1/2; the squares of n - p d are 9/4, 9/4 and 0."""
    rows = [*[("a", 1.0, 1.0)] * 3, *[("b", 0.0, 1.0)] * 3, ("c", 1.0, 1.0), ("c", 0.0, 1.0)]
    variance = 3 / 2 * (9 / 4 + 9 / 4) / 8**2
    effect = variance / (0.25 / 8)
    worth = 8 / effect * (2.364624251010300 / 4.302652729696142) ** 2  # Student's, 7 and 2 degrees of freedom
    found = figure(rows, "share")
    middle, half = 0.5, Z / (1 + Z**2 / worth) * sqrt(0.25 / worth + Z**2 / (4 * worth**2))
    assert (found.low, found.high) == pytest.approx((middle - half, middle + half), abs=1e-9)
    plain = proportion_confint(4, 8, method="wilson")
    assert found.low is not None
    assert found.low < plain[0]


def test_answers_that_vary_more_within_people_than_between_them_are_worth_no_more_than_they_are() -> None:
    rows = [(who, float(value), 1.0) for who in "abcdefgh" for value in (0, 1)]
    found = figure(rows, "share")
    plain = proportion_confint(8, 16, method="wilson")
    assert found.low is not None
    assert found.low <= plain[0]


@pytest.mark.parametrize(("value", "people"), [(1.0, 1), (0.0, 1), (1.0, 3), (0.0, 3)])
def test_where_all_answers_are_the_same_a_person_is_one_observation(value: float, people: int) -> None:
    rows = [(f"p{one}", value, 1.0) for one in range(people) for _ in range(20)]
    found = figure(rows, "share")
    expected = proportion_confint(value * people, people, method="wilson")
    assert (found.low, found.high) == pytest.approx(expected, abs=1e-11)


def test_one_person_is_one_observation() -> None:
    found = figure([("a", 1.0, 1.0)] * 10 + [("a", 0.0, 1.0)] * 10, "share")
    assert found.low is not None
    assert found.high is not None
    assert found.high - found.low > 0.8


def test_events_of_the_same_person_are_thinned_to_as_many_as_tell_as_much() -> None:
    """Six of a, two of b: 8 events worth 8² / (36 + 4) = 1.6."""
    found = figure([("a", 1.0, 0.0)] * 6 + [("b", 1.0, 0.0)] * 2, "count")
    [low], [high] = count_interval(*arrays(1.6, 1.6))
    assert (found.low, found.high) == pytest.approx((low * 5, high * 5), abs=1e-9)


def test_the_interval_of_a_change_is_that_of_pairs() -> None:
    """20 touched both before and after, 5 only before, 15 only after: 35 against 25."""
    error = sqrt((5 + 15) / (25 * 35))
    rows = [(1.0, 1.0)] * 20 + [(0.0, 1.0)] * 5 + [(1.0, 0.0)] * 15 + [(0.0, 0.0)] * 9
    found = figure([(f"p{at}", n, d) for at, (n, d) in enumerate(rows)], "change", "first")
    assert found.value == pytest.approx(0.4)
    assert (found.low, found.high) == pytest.approx(
        (1.4 * exp(-Z * error) - 1, 1.4 * exp(Z * error) - 1), abs=1e-9
    )


def test_a_change_of_the_same_people_or_of_nobody_has_no_interval() -> None:
    for both, before, after in ((5, 0, 0), (0, 3, 0), (0, 0, 3), (0, 0, 0)):
        low, high = change_interval(*arrays(both, before, after))
        assert np.isnan([low, high]).all()


def test_people_who_all_say_the_same_give_a_mean_no_interval() -> None:
    same = figure(once(10 / 3, 10 / 3, 10 / 3), "mean")
    assert (same.low, same.high) == (None, None)
    assert figure(once(4.0), "mean").low is None


def test_nothing_has_an_interval_but_the_count_of_nothing() -> None:
    for unit in ("share", "mean", "change"):
        found = figure([], unit)
        assert (found.value, found.low, found.high) == (None, None, None)
    assert (figure([], "count").value, figure([], "count").low) == (0, 0)
    assert figure([], "count").high == pytest.approx(3.688879454)


def test_what_is_told_of_everybody_on_a_day_has_none() -> None:
    case = Casebook(programme(indicators={"it": indicator("stock")})).enrol("2016-01-04")
    found = level(case.data_until("2016-12-31").facts(), "it", SIX)
    assert (found.value, found.low, found.high) == (1, None, None)


def test_a_fact_after_everybody_has_left_has_no_rate_and_no_interval() -> None:
    definition = programme(indicators={"it": indicator("rate", kind="meeting", per="person_month")})
    case = Casebook(definition).enrol("2015-01-04").leave("2015-06-01").meet("2016-03-01")
    found = level(case.facts(), "it", SIX)
    assert (found.value, found.numerator, found.denominator, found.low, found.high) == (
        None,
        1,
        0,
        None,
        None,
    )


def test_days_nobody_has_seen_have_no_rate_and_no_interval() -> None:
    definition = programme(
        indicators={
            "it": indicator("rate", kind="meeting", per="open_day"),
            "count": indicator("count", kind="meeting"),
        }
    )
    facts = Casebook(definition).enrol("2015-01-04").meet("2015-03-01").facts()
    for name in ("it", "count"):
        found = level(facts, name, SIX)
        assert (found.low, found.high) == (None, None)


@settings(max_examples=25, deadline=None)
@given(cases(), periods())
def test_every_interval_is_finite_and_holds_its_level(case: Any, days: tuple[int, int]) -> None:
    facts = case.book().facts()
    for name in definition().indicators:
        at = indicator_by(facts, name, over(*days), "site")
        for found in (level(facts, name, over(*days)), *at.values()):
            ends = [end for end in (found.value, found.low, found.high) if end is not None]
            assert all(isfinite(end) for end in ends)
            assert (found.low is None) == (found.high is None)
            if found.low is not None and found.high is not None:
                assert found.value is not None
                assert found.low <= found.value <= found.high


ROWS = st.lists(
    st.tuples(st.sampled_from("abcdefgh"), st.sampled_from([0.0, 1.0, 1 / 3, 0.1]), st.just(1.0)), max_size=40
)


@settings(max_examples=150, deadline=None)
@given(ROWS, st.sampled_from(["share", "mean", "count"]))
def test_so_it_is_of_any_rows(rows: list[tuple[str, float, float]], unit: Any) -> None:
    if unit == "share":
        rows = [(who, float(round(n)), d) for who, n, d in rows]
    if unit == "count":
        rows = [(who, 1.0, d) for who, _, d in rows]
    found = figure(rows, unit)
    if found.low is not None and found.high is not None:
        assert found.value is not None
        assert isfinite(found.low)
        assert isfinite(found.high)
        assert found.low <= found.value <= found.high


def test_the_formulas_take_many_places_at_once() -> None:
    n, d = np.array([0.0, 3.0, 5.0, 0.0]), np.array([4.0, 10.0, 5.0, 0.0])
    low, high = share_interval(n, d, d)
    for at in range(3):
        one = proportion_confint(n[at], d[at], method="wilson")
        assert (low[at], high[at]) == pytest.approx(one, abs=1e-12)
    assert np.isnan([low[3], high[3]]).all()
    low, high = mean_interval(np.array([2.0, 2.0]), np.array([0.5, 0.5]), np.array([1.0, 3.0]))
    assert np.isnan(low[0])
    assert high[1] == pytest.approx(2 + 4.302652729696142 * 0.5)
