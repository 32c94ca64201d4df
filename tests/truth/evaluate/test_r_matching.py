"""Matched sets, their balance and effects equal MatchIt 4.7's, sandwich's and Matching's."""

from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
import pytest

from indsats.evaluate import Match, balance, logit, match, standardise, weigh
from indsats.evaluate.design import design_matrix
from indsats.evaluate.matching import abadie_imbens
from publicdata import answer_table, answers, table

R = answers("matching")
EQUAL = 1e-6

COVARIATES = ["age", "educ", "race", "married", "nodegree", "re74", "re75"]
DISCRETE = ["age", "educ", "race", "married", "nodegree"]
MEASURES = ["mean_treated", "mean_control", "smd", "variance_ratio", "ecdf_mean", "ks"]


def lalonde(covariates: list[str] = COVARIATES, **options: Any) -> Match:
    return match(table("lalonde"), "treat", covariates, **options)


def mahalanobis(**options: Any) -> Match:
    """With a number nobody shares: between controls exactly equally near, MatchIt chooses by rounding errors."""
    number = pl.Series(np.sin(np.arange(1, 615) ** 2.0))
    data = table("lalonde").with_columns(unlike=number)
    return match(data, "treat", [*COVARIATES, "unlike"], distance="mahalanobis", **options)


PAIRED: dict[str, Callable[[], Match]] = {
    "nearest": lalonde,
    "nearest_logit": lambda: lalonde(scale="logit"),
    "smallest": lambda: lalonde(order="smallest"),
    "data": lambda: lalonde(order="data"),
    "ratio_2": lambda: lalonde(ratio=2),
    "caliper": lambda: lalonde(caliper=0.2),
    "caliper_logit": lambda: lalonde(caliper=0.2, scale="logit"),
    "caliper_raw": lambda: lalonde(caliper=0.05, caliper_unit="raw"),
    "caliper_variables": lambda: lalonde(caliper={"distance": 0.2, "age": 0.5, "re75": 0.3}),
    "caliper_variables_raw": lambda: lalonde(
        caliper={"distance": 0.05, "age": 3, "re75": 1000}, caliper_unit="raw"
    ),
    "replace": lambda: lalonde(replace=True),
    "replace_ratio_3": lambda: lalonde(replace=True, ratio=3),
    "replace_caliper": lambda: lalonde(replace=True, caliper=0.1),
    "exact_race": lambda: lalonde(exact=["race", "married"]),
    "mahalanobis": mahalanobis,
    "mahalanobis_replace": lambda: mahalanobis(replace=True),
    "mahalanobis_ratio_2": lambda: mahalanobis(ratio=2),
    "mahalanobis_exact": lambda: mahalanobis(exact=["race"]),
    "mahalanobis_caliper": lambda: mahalanobis(caliper={"age": 0.5}),
    "discard_treated": lambda: lalonde(discard="treated"),
    "discard_control": lambda: lalonde(discard="control"),
    "discard_both": lambda: lalonde(discard="both"),
}
CELLS: dict[str, Callable[[], Match]] = {
    "exact": lambda: lalonde(DISCRETE, distance=None, exact=DISCRETE),
    "cem": lambda: lalonde(distance=None, coarsen="sturges"),
    "cem_bins": lambda: lalonde(
        distance=None,
        coarsen={"age": [20, 25, 30, 40], "educ": 4, "re74": [1, 5000], "re75": [1, 5000]},
        exact=["race", "married", "nodegree"],
    ),
}
MATCHES = {**PAIRED, **CELLS}


def test_logistic_regression_equals_glm() -> None:
    design = design_matrix(table("lalonde"), COVARIATES)
    ours, theirs = logit(design.matrix, table("lalonde")["treat"].to_numpy(), design.names), R["logit"]
    np.testing.assert_allclose(ours.coefficients, theirs["coefficients"], rtol=EQUAL)
    # R's errors are those of the iteration before the last, up to its own convergence.
    np.testing.assert_allclose(ours.se, theirs["se"], rtol=EQUAL)
    assert ours.log_likelihood == pytest.approx(theirs["loglik"], rel=1e-10)
    np.testing.assert_allclose(ours.fitted, R["score"]["probability"], rtol=EQUAL)


@pytest.mark.parametrize("name", PAIRED)
def test_pairs_are_those_of_matchit(name: str) -> None:
    theirs = answer_table(R["matched"][name]["pairs"]).drop_nulls("control_row")
    expected = set(theirs.select(pl.col("treated_row", "control_row").cast(pl.Int64)).iter_rows())
    ours = set(PAIRED[name]().pairs.select(pl.col("treated_row", "control_row").cast(pl.Int64)).iter_rows())
    different = len(expected ^ ours)
    assert not different, f"{different} pairs differ: {sorted(expected ^ ours)[:10]}"


@pytest.mark.parametrize("name", MATCHES)
def test_weights_are_those_of_matchit(name: str) -> None:
    """MatchIt's weights of controls have mean 1; ours sum to the number of treated."""
    ours, theirs = MATCHES[name]().weights.sort("row"), R["matched"][name]
    weight, treated = np.array(theirs["weights"], float), table("lalonde")["treat"].to_numpy() == 1
    weight[~treated] *= (weight[treated] > 0).sum() / weight[~treated].sum()
    np.testing.assert_allclose(ours["weight"], weight, rtol=EQUAL, atol=1e-12)


@pytest.mark.parametrize("name", MATCHES)
def test_sizes_are_those_of_matchit(name: str) -> None:
    ours, theirs = MATCHES[name](), R["matched"][name]
    assert (ours.n_treated, ours.n_control) == (185, 429)
    assert ours.n_matched == theirs["matched_treated"]
    assert ours.n_control_used == theirs["matched_control"]
    assert ours.effective_control == pytest.approx(theirs["effective_control"], rel=EQUAL)


def named(ours: pl.DataFrame) -> pl.DataFrame:
    """Rows by the names R gives to columns of a design: the field, followed by its level."""
    names = pl.col("field") + pl.col("level").fill_null("")
    return ours.with_columns(name=names.replace({"score": "distance"}))


@pytest.mark.parametrize("name", MATCHES)
def test_balance_equals_the_summary_of_matchit(name: str) -> None:
    ours = named(MATCHES[name]().balance)
    theirs = answer_table(R["matched"][name]["balance"])
    before = answer_table(R["balance"])
    for frame, suffix in ((theirs, "_matched"), (before, "")):
        expected = frame.filter(pl.col("name").is_in(theirs["name"].to_list()))
        if name in ("nearest_logit", "caliper_logit"):  # the table before matching is that of chances
            expected = expected.filter((pl.col("name") != "distance") | (suffix == "_matched"))
        both = expected.join(ours, on="name", suffix="_ours")
        assert both.height == expected.height > 4
        for measure in MEASURES:
            found, wanted = both[f"{measure}{suffix}_ours"], both[f"{measure}{suffix}"]
            assert found.is_null().equals(wanted.is_null(), check_names=False), measure
            np.testing.assert_allclose(
                found.drop_nulls(), wanted.drop_nulls(), rtol=EQUAL, atol=1e-12, err_msg=measure + suffix
            )


def test_balance_of_everybody_equals_the_summary_of_matchit() -> None:
    ours = named(balance(table("lalonde"), COVARIATES, "treat"))
    theirs = answer_table(R["balance"]).filter(pl.col("name") != "distance")
    both = theirs.join(ours, on="name", suffix="_ours")
    assert both.height == len(theirs)
    for measure in MEASURES:
        np.testing.assert_allclose(
            both[f"{measure}_ours"].drop_nulls(), both[measure].drop_nulls(), rtol=EQUAL, err_msg=measure
        )


def test_mahalanobis_matching_with_ties_gives_the_same_effect() -> None:
    effect = lalonde(distance="mahalanobis").effect("re78")
    theirs = R["matched"]["mahalanobis_tied"]["effect"]["plain"]
    assert effect.estimate == pytest.approx(theirs["estimate"], rel=EQUAL)


@pytest.mark.parametrize("name", MATCHES)
@pytest.mark.parametrize("adjusted", [False, True])
def test_effect_equals_least_squares_in_the_matched(name: str, adjusted: bool) -> None:
    """Errors follow the pair or cell, and with replacement also the person (sandwich: vcovCL, HC1)."""
    covariates = COVARIATES if adjusted else []
    effect = MATCHES[name]().effect("re78", covariates=covariates)
    theirs = R["matched"][name]["effect"]["adjusted" if adjusted else "plain"]
    assert effect.estimate == pytest.approx(theirs["estimate"], rel=EQUAL)
    assert effect.se == pytest.approx(theirs["cluster"], rel=EQUAL)


def test_subclasses_equal_matchit() -> None:
    theirs = R["matched"]["subclass"]
    ours = weigh(table("lalonde"), "treat", COVARIATES, method="subclass", subclasses=6)
    weight, treated = np.array(theirs["weights"], float), table("lalonde")["treat"].to_numpy() == 1
    weight[~treated] *= treated.sum() / weight[~treated].sum()
    np.testing.assert_allclose(ours.weights.sort("row")["weight"], weight, rtol=EQUAL)
    effect = ours.effect("re78", errors="robust")
    assert effect.estimate == pytest.approx(theirs["effect"]["plain"]["estimate"], rel=EQUAL)
    assert effect.se == pytest.approx(theirs["effect"]["plain"]["HC0"], rel=EQUAL)


def test_standardisation_of_the_matched_equals_a_regression_with_interactions() -> None:
    ours = standardise(lalonde().table, "re78", "treat", COVARIATES, estimand="ATT", cluster="pair")
    assert ours.estimate == pytest.approx(R["matched"]["nearest"]["standardised"]["estimate"], rel=EQUAL)


@pytest.mark.parametrize("ratio", [1, 3])
def test_abadie_imbens_errors_equal_package_matching(ratio: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """People without ties, one covariate, the spread of outcomes judged by one neighbour.

    With more neighbours the package takes the variance among all of them; ours is the distance to their mean, as
    equation 14 of Abadie & Imbens (2006) has it. With one neighbour that is the same.
    """
    monkeypatch.setattr(abadie_imbens, "NEIGHBOURS", 1)
    data = table("petersen").filter(pl.col("firm") <= 60).with_columns(treated=pl.col("year") <= 3)
    found = match(data, "treated", ["x"], distance="mahalanobis", replace=True, ratio=ratio)
    effect, theirs = found.effect("y", errors="abadie-imbens"), R["neighbours"][f"att_{ratio}_by_1"]
    assert effect.estimate == pytest.approx(theirs["estimate"], rel=EQUAL)
    assert effect.se == pytest.approx(theirs["se"], rel=EQUAL)
