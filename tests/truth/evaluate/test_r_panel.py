"""Differences in differences, absorbed levels and cluster errors equal R's (lm, sandwich, fixest)."""

from typing import Any

import numpy as np
import polars as pl
import pytest

from indsats.evaluate import Effect, regression
from indsats.evaluate.panel import (
    absorbed_regression,
    did,
    event_study,
    group_time,
    randomisation_test,
    wild_bootstrap,
)
from publicdata import answer_table, answers, table

R = answers("panel")
EQUAL = 1e-6

COLUMNS = ["coef", "se", "t", "p", "lower", "upper"]


def same_rows(ours: pl.DataFrame, theirs: dict[str, list[Any]], names: dict[str, str]) -> None:
    """Every row of R's table that ``names`` translates (R's name: ours) is equal in ours."""
    expected = answer_table(theirs).filter(pl.col("term").is_in(list(names)))
    both = expected.with_columns(term=pl.col("term").replace(names)).join(ours, on="term", suffix="_ours")
    assert both.height == len(names)
    for column in COLUMNS:
        if f"{column}_ours" in both.columns:
            np.testing.assert_allclose(
                both[f"{column}_ours"], both[column], rtol=EQUAL, atol=1e-300, err_msg=column
            )


SIMPLE = {"(Intercept)": "constant", "x": "x"}
ERRORS: dict[str, dict[str, Any]] = {
    "classical": {"se": "classical"},
    "hc1": {"se": "hc1"},
    "firm": {"cluster": "firm"},
    "year": {"cluster": "year"},
    "two_way": {"cluster": ["firm", "year"]},
}


@pytest.mark.parametrize("name", ERRORS)
def test_errors_of_petersen_equal_sandwich(name: str) -> None:
    fit = absorbed_regression(table("petersen"), "y", ["x"], **ERRORS[name])
    same_rows(fit.table, R["petersen"][name], SIMPLE)


@pytest.mark.parametrize(
    ("name", "absorb", "options"),
    [
        ("dummies_year_by_firm", ["year"], {"cluster": "firm"}),
        ("dummies_both_by_firm", ["firm", "year"], {"cluster": "firm"}),
        ("dummies_both_classical", ["firm", "year"], {"se": "classical"}),
    ],
)
def test_absorbed_levels_equal_indicators_written_out(
    name: str, absorb: list[str], options: dict[str, Any]
) -> None:
    fit = absorbed_regression(table("petersen"), "y", ["x"], absorb=absorb, small_sample="all", **options)
    same_rows(fit.table, R["petersen"][name], {"x": "x"})


@pytest.mark.parametrize(("convention", "theirs"), [("nonnested", "nested"), ("all", "full")])
@pytest.mark.parametrize(
    ("name", "absorb", "cluster"),
    [
        ("petersen_year_by_firm", ["year"], "firm"),
        ("petersen_both_by_firm", ["firm", "year"], "firm"),
        ("petersen_both_by_both", ["firm", "year"], ["firm", "year"]),
    ],
)
def test_small_sample_conventions_equal_fixest(
    name: str, absorb: list[str], cluster: Any, convention: Any, theirs: str
) -> None:
    fit = absorbed_regression(
        table("petersen"),
        "y",
        ["x"],
        absorb=absorb,
        cluster=cluster,
        small_sample=convention,
        two_way="smallest",
    )
    assert fit.row("x")["se"] == pytest.approx(R["absorbed"][name][theirs], rel=EQUAL)
    if len(absorb) == 2:
        assert fit.row("x")["coef"] == pytest.approx(R["absorbed"]["petersen_both_slope"], rel=EQUAL)


def test_weighted_regression_with_absorbed_levels_equals_fixest() -> None:
    data = table("petersen").with_columns(weight=1 + pl.col("year") % 3)
    fit = absorbed_regression(data, "y", ["x"], absorb=["firm", "year"], cluster="firm", weights="weight")
    theirs = R["absorbed"]
    assert fit.row("x")["coef"] == pytest.approx(theirs["petersen_weighted_slope"], rel=EQUAL)
    assert fit.row("x")["se"] == pytest.approx(theirs["petersen_weighted_both_by_firm"]["nested"], rel=EQUAL)


def did_names(site: str, after: str, others: tuple[str, ...] = ()) -> dict[str, str]:
    """R puts the earlier main effect first in the name of a product; ours has the site first."""
    names = {name: name for name in (site, after, *others)}
    return {"(Intercept)": "constant", **names, f"{after}:{site}": f"{site}:{after}"}


def same_effect(effect: Effect, theirs: dict[str, list[Any]], product: str) -> None:
    row = answer_table(theirs).row(by_predicate=pl.col("term") == product, named=True)
    found = (effect.estimate, effect.se, effect.p, *effect.interval)
    assert found == pytest.approx([row[c] for c in ("coef", "se", "p", "lower", "upper")], rel=EQUAL)


@pytest.mark.parametrize("errors", ["classical", "hc1"])
@pytest.mark.parametrize(
    ("name", "state", "covariates"),
    [("ky", "ky", ()), ("mi", "mi", ()), ("ky_controls", "ky", ("male", "married", "lage"))],
)
def test_did_of_injuries_equals_lm(name: str, state: str, covariates: tuple[str, ...], errors: Any) -> None:
    data = table("injury").filter(pl.col(state) == 1)
    effect = did(data, "ldurat", "highearn", "afchnge", covariates=covariates, cluster=None, se=errors)
    theirs = R["injury"][name]
    same_effect(effect, theirs[errors], "afchnge:highearn")
    assert effect.table is not None
    same_rows(effect.table, theirs[errors], did_names("highearn", "afchnge", covariates))
    assert effect.n_treated + effect.n_control == theirs["n"]


def test_did_with_absorbed_levels_equals_indicators_written_out() -> None:
    data = table("injury").filter((pl.col("ky") == 1) & pl.col("indust").is_not_null())
    options: dict[str, Any] = {"covariates": ["male"], "absorb": ["injtype"], "cluster": "injtype"}
    theirs = R["injury"]["ky_absorbed"]
    effect = did(data, "ldurat", "highearn", "afchnge", small_sample="all", **options)
    same_effect(effect, theirs["by_injury"], "afchnge:highearn")
    nested = did(data, "ldurat", "highearn", "afchnge", small_sample="nonnested", **options)
    assert nested.table is not None
    se = nested.table.row(by_predicate=pl.col("term") == "afchnge", named=True)["se"]
    assert se == pytest.approx(theirs["fixest"]["nested"], rel=EQUAL)


def test_did_of_house_prices_equals_lm() -> None:
    data, others = table("kielmc"), ("age", "agesq", "intst", "land", "area", "rooms", "baths")
    for name, covariates, errors in (
        ("plain", (), "classical"),
        ("hc1", (), "hc1"),
        ("controls", others, "classical"),
    ):
        effect = did(data, "rprice", "nearinc", "y81", covariates=covariates, cluster=None, se=errors)  # pyright: ignore[reportArgumentType]
        same_effect(effect, R["kielmc"][name], "y81:nearinc")
    assert round(did(data, "rprice", "nearinc", "y81", cluster=None).estimate, 1) == -11863.9


def test_regression_of_house_prices_equals_lm() -> None:
    data = table("kielmc").with_columns(product=pl.col("y81") * pl.col("nearinc"))
    effect = regression(data, "rprice", "product", ["y81", "nearinc"])
    same_effect(effect, R["kielmc"]["plain"], "y81:nearinc")


def mpdta() -> pl.DataFrame:
    started = pl.col("first.treat")
    return table("mpdta").with_columns(
        treated_now=((started > 0) & (pl.col("year") >= started)).cast(pl.Float64),
        ever=(started > 0).cast(pl.Float64),
    )


def test_two_way_fixed_effects_of_minimum_wages_equal_fixest() -> None:
    theirs = R["mpdta"]["twfe"]
    for convention, name in (("nonnested", "nested"), ("all", "full")):
        fit = absorbed_regression(
            mpdta(),
            "lemp",
            ["treated_now"],
            absorb=["countyreal", "year"],
            cluster="countyreal",
            small_sample=convention,  # pyright: ignore[reportArgumentType]
        )
        assert fit.row("treated_now")["coef"] == pytest.approx(theirs["coef"], rel=EQUAL)
        assert fit.row("treated_now")["se"] == pytest.approx(theirs["se"][name], rel=EQUAL)


def test_event_study_of_those_who_started_in_2006_equals_fixest() -> None:
    data = mpdta().filter(pl.col("first.treat").is_in([0.0, 2006.0]))
    study = event_study(
        data,
        "lemp",
        "ever",
        "year",
        reference=2005,
        start=2006,
        absorb=["countyreal"],
        cluster="countyreal",
    )
    both = answer_table(R["mpdta"]["event_study"]).join(study.table, on="period", suffix="_ours")
    assert both.height == 4
    for column in ("coef", "se"):
        np.testing.assert_allclose(both[f"{column}_ours"], both[column], rtol=EQUAL, err_msg=column)
    assert study.pre_trend_statistic == pytest.approx(R["mpdta"]["pretrend"]["statistic"], rel=EQUAL)
    # R takes the rows' degrees of freedom where ours are clusters − 1, as for every single coefficient.
    assert study.pre_trend_df is not None
    assert study.pre_trend_df[0] == R["mpdta"]["pretrend"]["df1"]


def test_group_time_effects_equal_differences_of_mean_changes() -> None:
    found = group_time(mpdta(), "lemp", "countyreal", "year", "first.treat")
    both = answer_table(R["mpdta"]["group_time"]).join(found.table, on=["group", "period"], suffix="_ours")
    assert both.height == 12
    for column in ("estimate", "se"):
        np.testing.assert_allclose(both[f"{column}_ours"], both[column], rtol=EQUAL, err_msg=column)
    simple = found.aggregate("simple").effect
    assert simple.estimate == pytest.approx(R["mpdta"]["simple"]["estimate"], rel=EQUAL)
    assert simple.se == pytest.approx(R["mpdta"]["simple"]["se"], rel=EQUAL)
    dynamic = found.aggregate("dynamic").table
    theirs = answer_table(R["mpdta"]["dynamic"])
    by_event = theirs.join(dynamic, left_on="event_time", right_on="at", suffix="_ours")
    assert by_event.height == theirs.height
    for column in ("estimate", "se"):
        np.testing.assert_allclose(by_event[f"{column}_ours"], by_event[column], rtol=EQUAL, err_msg=column)


@pytest.mark.parametrize("firms", [8, 10])
def test_wild_bootstrap_over_all_signs_equals_enumeration(firms: int) -> None:
    data = table("petersen").filter(pl.col("firm") <= firms)
    effect = wild_bootstrap(data, "y", ["x"], term="x", cluster="firm", weights="rademacher")
    assert effect.p == pytest.approx(R["few_clusters"][f"wild_{firms}_firms"]["p"], abs=1e-12)


def test_randomisation_over_all_assignments_equals_enumeration() -> None:
    data = table("petersen").filter(pl.col("firm") <= 12).with_columns(treated=pl.col("firm") <= 5)
    effect = randomisation_test(data, "y", "firm", "treated")
    assert effect.estimate == pytest.approx(R["few_clusters"]["randomisation"]["estimate"], rel=EQUAL)
    assert effect.p == pytest.approx(R["few_clusters"]["randomisation"]["p"], abs=1e-12)
