"""Differences in differences, their placebo and effects by group and time: small tables, refusals and cautions."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import numpy as np
import polars as pl
import pytest

from indsats.evaluate import did, group_time, placebo


def cross_section(sites: int = 40, treated: int = 15, effect: float = 2.0, seed: int = 1) -> pl.DataFrame:
    """Forty people of each site, of whom half are seen after."""
    rng = np.random.default_rng(seed)
    site = np.repeat(np.arange(sites), 40)
    later = np.tile(np.arange(40) % 2 == 1, sites)
    ours = site < treated
    return pl.DataFrame(
        {
            "site": site,
            "ours": ours,
            "later": later,
            "month": np.where(later, 6, 0) + rng.integers(0, 6, len(site)),
            "age": rng.normal(40, 10, len(site)),
            "hours": site / 10 + later + effect * (ours & later) + rng.normal(size=len(site)),
        }
    )


def staggered(units: int = 60, periods: int = 5, seed: int = 1) -> pl.DataFrame:
    """A third starts in period 3, a third in 4, a third never; the effect is the number of periods treated."""
    rng = np.random.default_rng(seed)
    unit, period = np.repeat(np.arange(units), periods), np.tile(np.arange(1, periods + 1), units)
    first = np.array([3.0, 4.0, np.nan])[unit % 3]
    effect = np.where(period >= np.nan_to_num(first, nan=np.inf), period - first + 1, 0)
    return pl.DataFrame({"unit": unit, "period": period, "first": first, "town": unit // 3}).with_columns(
        y=pl.Series(unit / 10 + period + effect + rng.normal(scale=0.1, size=len(unit))),
        first=pl.col("first").fill_nan(None),
        wage=pl.Series(rng.normal(size=units)[unit]),
    )


def test_the_estimate_is_the_difference_of_the_four_means_differences() -> None:
    df = pl.DataFrame(
        {"ours": [1, 1, 1, 1, 0, 0, 0, 0], "later": [0, 0, 1, 1] * 2, "y": [1, 3, 8, 10, 4, 6, 5, 9]}
    )
    found = did(df, "y", "ours", "later", cluster=None, se="classical")
    # Means 2, 9, 5, 7; squares within the cells 2 + 2 + 2 + 8 over 4 degrees of freedom, times 4 halves.
    assert found.estimate == pytest.approx((9 - 2) - (7 - 5))
    assert found.se == pytest.approx(np.sqrt(14 / 4 * 4 / 2))
    assert found.mean_treated == 9
    assert found.mean_control == pytest.approx(2 + (7 - 5))
    assert found.diagnostics["mean other sites after"] == 7
    assert (found.n_treated, found.n_control) == (2, 6)
    assert found.table is not None
    assert found.table["term"].to_list() == ["constant", "ours", "later", "ours:later"]


def test_main_effects_held_by_absorbed_levels_leave_the_regression() -> None:
    found = did(
        cross_section(),
        "hours",
        "ours",
        "later",
        cluster="site",
        absorb=["site", "month"],
        covariates=["age"],
    )
    assert found.table is not None
    assert found.table["term"].to_list() == ["ours:later", "age"]
    assert found.estimate == pytest.approx(2.0, abs=4 * found.se)
    assert found.estimand == "ATT"


def test_pandas_and_any_order_of_rows_give_the_same() -> None:
    df = cross_section()
    one = did(df, "hours", "ours", "later", cluster="site", absorb=["site"])
    other = did(
        df.sample(fraction=1, shuffle=True, seed=2).to_pandas(),
        "hours",
        "ours",
        "later",
        cluster="site",
        absorb=["site"],
    )
    assert other.estimate == pytest.approx(one.estimate, rel=1e-10)
    assert other.se == pytest.approx(one.se, rel=1e-10)


@pytest.mark.parametrize(
    ("sites", "treated", "code"),
    [(40, 15, "few-clusters"), (80, 4, "few-clusters"), (60, 1, "one-cluster-in-group")],
)
def test_few_sites_or_few_treated_sites_are_told(sites: int, treated: int, code: str) -> None:
    found = did(cross_section(sites, treated), "hours", "ours", "later", cluster="site")
    assert code in [told.code for told in found.warnings]


def test_many_sites_in_both_groups_need_no_caution() -> None:
    assert did(cross_section(60, 25), "hours", "ours", "later", cluster="site").warnings == ()


def test_rows_without_a_value_are_counted() -> None:
    df = cross_section().with_columns(age=pl.when(pl.int_range(pl.len()) >= 5).then("age"))
    found = did(df, "hours", "ours", "later", cluster="site", covariates=["age"])
    assert found.excluded == {"missing age": 5}
    assert found.n_treated + found.n_control == df.height - 5


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda df: did(df.filter("ours"), "hours", "ours", "later", cluster="site"), "control group"),
        (
            lambda df: did(
                df.filter(~(pl.col("ours") & pl.col("later"))), "hours", "ours", "later", cluster="site"
            ),
            "no complete row of treated sites after",
        ),
        (
            lambda df: did(df, "hours", "ours", "later", cluster="site", absorb=["cell"]),
            "'ours:later' does not vary within",
        ),
        (
            lambda df: did(df.with_columns(site=pl.lit(1)), "hours", "ours", "later", cluster="site"),
            "two clusters",
        ),
        (lambda df: did(df, "hours", "ours", "later", cluster="ours"), "does not vary between the clusters"),
        (lambda df: did(df.head(0), "hours", "ours", "later", cluster="site"), "no row"),
        (lambda df: did(df, "hours", "ours", "month", cluster="site"), "must be true/false"),
        (
            lambda df: did(df.with_columns(hours=pl.lit(1.0)), "hours", "ours", "later", cluster="site"),
            "remainder",
        ),
        (lambda df: placebo(df, "hours", "ours", "month", 6, 7, cluster="site"), "before the start"),
        (
            lambda df: placebo(df, "hours", "ours", "month", 6, 0, cluster="site"),
            "no rows before the fake start",
        ),
        (lambda df: placebo(df, "hours", "ours", "month", "6", "3", cluster="site"), "must be of the kind"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_words(
    change: Callable[[pl.DataFrame], object], words: str
) -> None:
    df = cross_section().with_columns(cell=pl.col("ours").cast(pl.Int8) * 2 + pl.col("later").cast(pl.Int8))
    with pytest.raises(ValueError, match=words):
        change(df)


def test_a_placebo_uses_only_the_time_before_and_warns_of_an_effect_there() -> None:
    df = cross_section()
    found = placebo(df, "hours", "ours", "month", 6, 3, cluster="site")
    before = df.filter(pl.col("month") < 6)
    assert found.n_treated + found.n_control == before.height
    assert found.excluded == {"month from 6 on": df.height - before.height}
    assert found.estimand == "association"
    assert "placebo-effect" not in [told.code for told in found.warnings]
    early = df.with_columns(hours=pl.col("hours") + 2 * (pl.col("ours") & (pl.col("month") >= 3)))
    told = placebo(early, "hours", "ours", "month", 6, 3, cluster="site").warnings
    assert "placebo-effect" in [one.code for one in told]


def test_a_placebo_takes_dates() -> None:
    df = cross_section()
    dated = df.with_columns(day=pl.date(2020, 1, 1) + pl.duration(days=pl.col("month") * 30))
    start, fake = (
        datetime.date(2020, 1, 1) + datetime.timedelta(180),
        datetime.date(2020, 1, 1) + datetime.timedelta(90),
    )
    assert (
        placebo(dated, "hours", "ours", "day", start, fake, cluster="site").estimate
        == placebo(df, "hours", "ours", "month", 6, 3, cluster="site").estimate
    )


def test_group_time_effects_grow_as_they_were_made_to() -> None:
    df = staggered()
    found = group_time(df, "y", "unit", "period", "first")
    after = found.table.filter(pl.col("period") >= pl.col("group"))
    np.testing.assert_allclose(after["estimate"], after["period"] - after["group"] + 1, atol=0.2)
    before = found.table.filter(pl.col("period") < pl.col("group"))
    np.testing.assert_allclose(before["estimate"], 0, atol=0.2)
    by_time = found.aggregate("dynamic").table
    assert by_time["at"].to_list() == [-2.0, -1.0, 0.0, 1.0, 2.0]
    assert by_time["groups"].to_list() == [1, 2, 2, 2, 1]
    # Two groups of equal size with effects 1, 2, 3 and 1, 2.
    assert found.aggregate("simple").effect.estimate == pytest.approx((1 + 2 + 3 + 1 + 2) / 5, abs=0.1)
    assert found.aggregate("group").effect.estimate == pytest.approx((2 + 1.5) / 2, abs=0.1)
    assert found.aggregate("calendar").effect.estimate == pytest.approx((1 + 1.5 + 2.5) / 3, abs=0.1)


def test_a_group_by_itself_is_what_a_regression_of_changes_gives() -> None:
    df = staggered().filter(pl.col("first").is_null() | (pl.col("first") == 3))
    found = group_time(df, "y", "unit", "period", "first", method="reg")
    wide = df.pivot("period", index=["unit", "first"], values="y")
    change = wide.with_columns(change=pl.col("4") - pl.col("2"))
    ours = change.filter(pl.col("first") == 3)["change"]
    others = change.filter(pl.col("first").is_null())["change"]
    row = found.table.row(by_predicate=(pl.col("group") == 3) & (pl.col("period") == 4), named=True)
    assert row["estimate"] == pytest.approx(ours.mean() - others.mean())
    assert row["se"] == pytest.approx(
        np.sqrt(ours.var(ddof=0) / len(ours) + others.var(ddof=0) / len(others))
    )


def test_never_treated_may_be_told_in_three_ways_and_the_order_of_rows_does_not_matter() -> None:
    df = staggered()
    one = group_time(df, "y", "unit", "period", "first", covariates=["wage"])
    for other in (
        df.with_columns(pl.col("first").fill_null(0)),
        df.with_columns(pl.col("first").fill_null(float("inf"))).to_pandas(),
        df.sample(fraction=1, shuffle=True, seed=5),
    ):
        again = group_time(other, "y", "unit", "period", "first", covariates=["wage"])
        np.testing.assert_allclose(again.table.to_numpy(), one.table.to_numpy(), rtol=1e-8)


def test_units_treated_from_the_start_and_gaps_in_the_panel_are_told() -> None:
    df = staggered().with_columns(first=pl.when(pl.col("unit") < 3).then(1.0).otherwise("first"))
    found = group_time(df.filter(pl.int_range(pl.len()) != 40), "y", "unit", "period", "first")
    assert {"always-treated", "unbalanced-panel"} <= {told.code for told in found.warnings}
    assert found.excluded == {"first not after the first period": 15}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda df: group_time(pl.concat([df, df]), "y", "unit", "period", "first"), "several rows"),
        (lambda df: group_time(df, "y", "unit", "period", "period"), "differs between rows of the same unit"),
        (lambda df: group_time(df.filter(period=1), "y", "unit", "period", "first"), "one period only"),
        (
            lambda df: group_time(df.with_columns(first=pl.lit(9.0)), "y", "unit", "period", "first"),
            "no unit is first",
        ),
        (lambda df: group_time(df.drop_nulls(), "y", "unit", "period", "first"), "no never treated"),
        (lambda df: group_time(df, "y", "unit", "period", "start"), "no column 'start'"),
        (lambda df: group_time(df, "y", "unit", "period", "first", cluster="period"), "same unit"),
        (
            lambda df: group_time(df.with_columns(y=pl.lit(1.0)), "y", "unit", "period", "first"),
            "no effect could",
        ),
        (
            lambda df: group_time(df.with_columns(first=pl.lit("x")), "y", "unit", "period", "first"),
            "must be numbers",
        ),
    ],
)
def test_what_is_no_panel_is_refused_in_words(change: Callable[[pl.DataFrame], object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        change(staggered())
