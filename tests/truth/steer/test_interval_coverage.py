"""Intervals of people who count several times: as R's survey has them, and true in as many cases as they say."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import polars as pl
import pytest

from indsats.figure import Figure
from indsats.steer.counted import Counted, figure_of, figures, rows_of
from publicdata import answers

R = answers("intervals")
DRAWN = 1500
"""How many records of each kind: they put a coverage of 95 % within 0.94 and 0.96 nineteen times of twenty."""


def of_rows(person: list[Any], n: list[float], unit: Literal["share", "mean"]) -> Figure:
    table = pl.DataFrame({"person": [str(one) for one in person], "n": [float(one) for one in n]})
    return figure_of(Counted(rows_of(table, d=pl.lit(1.0)), unit), "it")


@pytest.mark.parametrize("case", R["shares"], ids=lambda case: f"{len(case['hit'])} rows")
def test_a_share_equals_wilsons_interval_of_what_survey_finds_the_rows_are_worth(
    case: dict[str, Any],
) -> None:
    found = of_rows(case["person"], case["hit"], "share")
    assert found.value == pytest.approx(case["level"], rel=1e-12)
    assert (found.low, found.high) == pytest.approx((case["low"], case["high"]), rel=1e-9)


@pytest.mark.parametrize("case", R["shares"], ids=lambda case: f"{len(case['hit'])} rows")
def test_a_mean_equals_surveys(case: dict[str, Any]) -> None:
    found = of_rows(case["person"], case["hours"], "mean")
    assert (found.value, found.low, found.high) == pytest.approx(
        (case["mean"], case["mean_low"], case["mean_high"]), rel=1e-9
    )


def test_everybody_once_equals_prop_test_and_poisson_test() -> None:
    for case in R["once"]:
        found = of_rows(list(range(case["d"])), [1.0] * case["n"] + [0.0] * (case["d"] - case["n"]), "share")
        assert (found.low, found.high) == pytest.approx((case["low"], case["high"]), rel=1e-9, abs=1e-12)
    for case in R["counts"]:
        rows = pl.DataFrame({"person": [str(one) for one in range(case["n"])]}, schema={"person": pl.String})
        found = figure_of(Counted(rows_of(rows, n=pl.lit(1.0)), "count"), "it")
        assert (found.low, found.high) == pytest.approx((case["low"], case["high"]), rel=1e-9)


def drawn(people: int, level: float, alike: float, unit: Literal["share", "mean"]) -> pl.DataFrame:
    """As many records as ``DRAWN``, each a site: people with six facts each on average, that resemble one another by
    ``alike`` (the correlation of two facts of a person)."""
    draw = np.random.default_rng([people, round(100 * level), round(100 * alike)])
    person = np.repeat(np.arange(DRAWN * people), draw.poisson(5, DRAWN * people) + 1)
    if unit == "share":
        a, b = level * (1 - alike) / alike, (1 - level) * (1 - alike) / alike
        own = draw.beta(a, b, DRAWN * people)
        n = (draw.random(len(person)) < own[person]).astype(float)
    else:
        own = draw.normal(level, np.sqrt(alike), DRAWN * people)
        n = own[person] + draw.normal(0, np.sqrt(1 - alike), len(person))
    return rows_of(pl.DataFrame({"site": person // people, "person": person, "n": n}), d=pl.lit(1.0))


def events(people: int, level: float, spread: float, *, others: bool) -> pl.DataFrame:
    """Records in which each person has a rate of their own, with this mean and variance.

    With ``others`` as many people as chance brings, else always so many.
    """
    draw = np.random.default_rng([people, round(100 * level), round(100 * spread)])
    sizes = draw.poisson(people, DRAWN) if others else np.full(DRAWN, people)
    site = np.repeat(np.arange(DRAWN), sizes)
    own = draw.poisson(draw.gamma(level**2 / spread, spread / level, len(site)))
    table = pl.DataFrame({"site": np.repeat(site, own), "person": np.repeat(np.arange(len(site)), own)})
    return rows_of(table, n=pl.lit(1.0), d=pl.lit(1.0))


def coverage(rows: pl.DataFrame, unit: Literal["share", "mean", "count"], truth: float) -> float:
    found = figures(Counted(rows, unit), "site", [str(at) for at in range(DRAWN)], str).values()
    assert all(one.low is not None for one in found)
    return float(np.mean([one.low <= truth <= one.high for one in found]))  # type: ignore[operator]


def alone(rows: pl.DataFrame) -> pl.DataFrame:
    """The same rows as if each were another person's: what a naive interval is made from."""
    return rows.with_columns(person=pl.format("row-{}", pl.int_range(pl.len())))


@pytest.mark.parametrize(
    ("people", "level", "alike", "least"),
    [
        (5, 0.5, 0.3, 0.93),
        (10, 0.3, 0.2, 0.93),
        (20, 0.5, 0.3, 0.93),
        (50, 0.3, 0.3, 0.93),
        (100, 0.5, 0.6, 0.93),
        # where nearly all say the same, and nearly always say it, no formula does well with few people
        (20, 0.1, 0.6, 0.88),
        (100, 0.1, 0.6, 0.92),
    ],
)
def test_a_share_of_facts_is_covered_and_the_naive_interval_is_too_narrow(
    people: int, level: float, alike: float, least: float
) -> None:
    rows = drawn(people, level, alike, "share")
    found = coverage(rows, "share", level)
    assert least <= found <= 0.985
    assert coverage(alone(rows), "share", level) < min(found - 0.05, 0.9)


@pytest.mark.parametrize(("people", "alike"), [(5, 0.3), (20, 0.3), (100, 0.6)])
def test_a_mean_of_facts_is_covered_and_the_naive_interval_is_too_narrow(people: int, alike: float) -> None:
    rows = drawn(people, 10.0, alike, "mean")
    assert 0.93 <= coverage(rows, "mean", 10.0) <= 0.97
    assert coverage(alone(rows), "mean", 10.0) < 0.85


@pytest.mark.parametrize(("people", "spread"), [(20, 4.0), (100, 4.0), (100, 9.0)])
def test_a_count_is_covered_where_some_people_have_many_and_the_naive_interval_is_too_narrow(
    people: int, spread: float
) -> None:
    """It allows for other people as well as other events: where the people are given it is more than wide enough."""
    rows = events(people, 3.0, spread, others=True)
    assert 0.92 <= coverage(rows, "count", 3.0 * people) <= 0.97
    assert coverage(alone(rows), "count", 3.0 * people) < 0.75
    given = events(people, 3.0, spread, others=False)
    assert coverage(given, "count", 3.0 * people) > 0.95
    assert coverage(alone(given), "count", 3.0 * people) < 0.9
