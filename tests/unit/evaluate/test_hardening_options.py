"""What estimators refuse instead of guessing: rounding as an error, unknown options, strings and twin names."""

from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
import pytest

import indsats.evaluate as ev


def people() -> pl.DataFrame:
    rng = np.random.default_rng(7)
    x = rng.normal(size=400)
    return pl.DataFrame(
        {
            "x": x,
            "g": rng.choice(["a", "b", "c"], 400),
            "site": np.arange(400) % 20,
            "t": rng.integers(0, 2, 400),
            "st": np.arange(400) % 20 < 10,
            "after": rng.integers(0, 2, 400),
            "y": x + rng.normal(size=400),
            "b": rng.integers(0, 2, 400),
        }
    )


def flat() -> pl.DataFrame:
    """Outcomes constant within the groups, and pairs that all differ by as much; three tenths are never exact."""
    paired = [0.1, 0.7, 0.3, 0.1 + 0.1, 0.7 + 0.1, 0.3 + 0.1]
    return pl.DataFrame(
        {
            "t": [0] * 3 + [1] * 3,
            "y": [0.1] * 3 + [0.3] * 3,
            "paired": paired,
            "pair": [0, 1, 2] * 2,
            "cluster": [0, 0, 1, 2, 3, 3],
            "w": [0.3, 0.7, 1.1] * 2,
        }
    )


@pytest.mark.parametrize(
    "estimate",
    [
        lambda df: ev.difference_in_means(df, "y", "t"),
        lambda df: ev.difference_in_means(df, "y", "t", variance="welch"),
        lambda df: ev.difference_in_means(df, "paired", "t", pair="pair"),
        lambda df: ev.regression(df, "y", "t"),
        lambda df: ev.regression(df, "y", "t", se="hc1"),
        lambda df: ev.regression(df, "y", "t", se="cluster", cluster="cluster"),
        lambda df: ev.regression(df, "y", "t", weights="w"),
    ],
)
def test_rounding_is_not_reported_as_a_certain_result(estimate: Callable[[pl.DataFrame], Any]) -> None:
    with pytest.raises(ValueError, match="no standard error to give"):
        estimate(flat())


def test_an_outcome_that_a_covariate_repeats_leaves_no_error() -> None:
    df = people().with_columns(copy=2 * pl.col("y") + 1)
    with pytest.raises(ValueError, match="without remainder"):
        ev.regression(df, "y", "t", ["copy"])


def test_clusters_that_are_the_groups_leave_no_error() -> None:
    with pytest.raises(ValueError, match="cancels out within each cluster"):
        ev.regression(people(), "y", "t", se="cluster", cluster="t")
    with pytest.raises(ValueError, match="cancels out within each cluster"):
        ev.progression_and_outcome(people(), "t", "b", cluster="t")


@pytest.mark.parametrize("moved", [1e6, 1e9])
def test_a_large_level_is_not_taken_for_rounding(moved: float) -> None:
    df, high = people(), people().with_columns(pl.col("y") + moved)
    assert ev.difference_in_means(high, "y", "t").se == pytest.approx(ev.difference_in_means(df, "y", "t").se)
    assert ev.regression(high, "y", "t", ["x"]).se == pytest.approx(ev.regression(df, "y", "t", ["x"]).se)


WITH_COVARIATES: dict[str, Callable[[pl.DataFrame, Any], Any]] = {
    "regression": lambda df, columns: ev.regression(df, "y", "t", columns),
    "itt": lambda df, columns: ev.itt(df, "y", "t", covariates=columns),
    "aipw": lambda df, columns: ev.aipw(df, "y", "t", columns),
    "standardise": lambda df, columns: ev.standardise(df, "y", "t", columns),
    "did": lambda df, columns: ev.did(df, "y", "st", "after", cluster="site", covariates=columns),
    "match": lambda df, columns: ev.match(df, "t", columns, outcome="y"),
    "dose": lambda df, columns: ev.dose_response(df, "y", "t", covariates=columns),
}


@pytest.mark.parametrize("name", WITH_COVARIATES)
def test_covariates_are_a_list_and_hold_no_outcome(name: str) -> None:
    with pytest.raises(ValueError, match=r"as a list of columns: \['x'\]"):
        WITH_COVARIATES[name](people(), "x")
    with pytest.raises(ValueError, match=r"the outcome \(column 'y'\) cannot be among"):
        WITH_COVARIATES[name](people(), ["x", "y"])


@pytest.mark.parametrize("name", ["regression", "itt", "aipw", "standardise", "match"])
def test_treatment_is_no_covariate(name: str) -> None:
    with pytest.raises(ValueError, match=r"the treatment \(column 't'\) cannot be among"):
        WITH_COVARIATES[name](people(), ["x", "t"])


def test_weigh_and_balance_want_a_list_too() -> None:
    for call in (lambda: ev.weigh(people(), "t", "x"), lambda: ev.balance(people(), "x", "t")):
        with pytest.raises(ValueError, match="as a list of columns"):
            call()
    with pytest.raises(ValueError, match="cannot be among"):
        ev.weigh(people(), "t", ["x", "t"])


def test_one_column_cannot_be_outcome_and_treatment() -> None:
    with pytest.raises(ValueError, match="both outcome and treatment"):
        ev.regression(people(), "t", "t")


def panel() -> pl.DataFrame:
    rng = np.random.default_rng(3)
    units, periods = np.repeat(np.arange(60), 4), np.tile(np.arange(1, 5), 60)
    first = np.where(units < 30, 3.0, 0.0)
    return pl.DataFrame({"u": units, "p": periods, "first": first, "y": rng.normal(size=240)})


UNKNOWN: dict[str, Callable[[Any], Any]] = {
    "link": lambda bad: ev.aipw(people(), "y", "t", ["x"], link=bad),
    "control": lambda bad: ev.group_time(panel(), "y", "u", "p", "first", control=bad),
    "method": lambda bad: ev.group_time(panel(), "y", "u", "p", "first", method=bad),
    "kind": lambda bad: ev.group_time(panel(), "y", "u", "p", "first").aggregate(bad),
    "se": lambda bad: ev.regression(people(), "y", "t", se=bad),
    "small_sample": lambda bad: ev.did(people(), "y", "st", "after", cluster="site", small_sample=bad),
    "two_way": lambda bad: ev.absorbed_regression(people(), "y", ["x"], cluster="site", two_way=bad),
    "weights": lambda bad: ev.wild_bootstrap(people(), "y", ["x"], term="x", cluster="site", weights=bad),
    "variance": lambda bad: ev.difference_in_means(people(), "y", "t", variance=bad),
    "scale": lambda bad: ev.e_value(2.0, scale=bad),
    "estimand": lambda bad: ev.check_overlap(people(), "x", "t", estimand=bad),
    "alternative": lambda bad: ev.bounds_of_differences([1.0, 2.0, -1.0], alternative=bad),
}


@pytest.mark.parametrize("option", UNKNOWN)
def test_an_unknown_option_is_refused_by_name(option: str) -> None:
    with pytest.raises(ValueError, match=f"^{option} is one of .*, not 'nonsense'$"):
        UNKNOWN[option]("nonsense")


def test_the_error_of_did_and_of_absorbed_regression_is_checked_without_clusters() -> None:
    nonsense: Any = "hc9"
    with pytest.raises(ValueError, match="se is one of"):
        ev.did(people(), "y", "st", "after", cluster=None, se=nonsense)
    with pytest.raises(ValueError, match="se is one of"):
        ev.absorbed_regression(people(), "y", ["x"], se=nonsense)


def test_a_column_called_constant_is_not_taken_for_the_intercept() -> None:
    df = people().with_columns(constant=pl.col("x"))
    with pytest.raises(ValueError, match="the same name 'constant'"):
        ev.dose_response(df, "y", "constant")
    with pytest.raises(ValueError, match="the same name 'constant'"):
        ev.absorbed_regression(df, "y", ["constant"])
    # Within sites there is no intercept to be mixed up with.
    within = ev.dose_response(df, "y", "constant", site="site").effect
    assert within.estimate == ev.dose_response(df, "y", "x", site="site").effect.estimate


def test_a_number_named_like_a_level_is_refused() -> None:
    df = people().with_columns(pl.col("x").alias("g=b"))
    with pytest.raises(ValueError, match="the same name 'g=b'"):
        ev.standardise(df, "y", "t", ["g", "g=b"])
    with pytest.raises(ValueError, match="the same name 'g=b'"):
        ev.absorbed_regression(df, "y", ["g", "g=b"])


def test_a_column_named_like_the_product_is_refused() -> None:
    df = people().with_columns(pl.col("x").alias("st:after"))
    with pytest.raises(ValueError, match="the product has that name"):
        ev.did(df, "y", "st", "after", cluster="site", covariates=["st:after"])


def test_estimates_with_a_table_can_be_compared() -> None:
    one, other = (ev.itt(people(), outcome, "t") for outcome in ("y", "x"))
    assert one.table is not None
    assert one == ev.itt(people(), "y", "t")
    assert one != other
