"""Plain tests, trials, power and bounds equal R's (stats, estimatr)."""

import itertools
from typing import Any

import numpy as np
import polars as pl
import pytest

from indsats.evaluate import (
    Effect,
    adjust_p,
    binomial_test,
    bounds_of_differences,
    cace,
    chi_squared,
    difference_in_means,
    exact_mcnemar,
    fisher_test,
    itt,
    mcnemar_test,
    power_means,
    power_shares,
    proportion_test,
    regression,
    transitions,
    wilson_interval,
)
from publicdata import answers, table

R = answers("tests")
SHARES, MEANS, TRIALS, POWER = R["shares"], R["means"], R["trials"], R["power"]
EQUAL = 1e-6


def same(effect: Effect, theirs: dict[str, Any]) -> None:
    assert effect.estimate == pytest.approx(theirs["estimate"], rel=EQUAL)
    assert effect.se == pytest.approx(theirs["se"], rel=EQUAL)
    if "p" in theirs:
        assert effect.p == pytest.approx(theirs["p"], rel=EQUAL)
        assert tuple(effect.interval) == pytest.approx(theirs["interval"], rel=EQUAL)
        assert effect.df == pytest.approx(theirs["df"], rel=EQUAL)


def test_chi_squared_of_four_shares_equals_prop_test() -> None:
    found = chi_squared([[83, 3], [90, 3], [129, 7], [70, 12]])
    theirs = SHARES["prop_4"]
    assert (found.statistic, found.df, found.p) == pytest.approx(
        (theirs["statistic"], theirs["df"], theirs["p"]), rel=EQUAL
    )


def test_two_shares_equal_prop_test() -> None:
    found = proportion_test(83, 86, 70, 82)
    assert found.z**2 == pytest.approx(SHARES["prop_2"]["statistic"], rel=EQUAL)
    assert found.p == pytest.approx(SHARES["prop_2"]["p"], rel=EQUAL)


@pytest.mark.parametrize("case", SHARES["wilson"], ids=lambda case: str(case["cells"]))
def test_wilson_interval_equals_prop_test(case: dict[str, Any]) -> None:
    assert tuple(wilson_interval(*case["cells"])) == pytest.approx(case["interval"], rel=EQUAL, abs=1e-12)


@pytest.mark.parametrize("name", SHARES["fisher"])
def test_fisher_test_equals_r(name: str) -> None:
    theirs = SHARES["fisher"][name]
    found = fisher_test(*theirs["cells"])
    assert found.p == pytest.approx(theirs["p"], rel=EQUAL)
    assert found.odds_ratio == pytest.approx(theirs["estimate"], rel=EQUAL)
    assert tuple(found.interval) == pytest.approx(theirs["interval"], rel=EQUAL)


@pytest.mark.parametrize(
    ("name", "arguments"), [("binomial", (682, 925, 0.75)), ("binomial_small", (2, 11, 0.5))]
)
def test_binomial_test_equals_r(name: str, arguments: tuple[int, int, float]) -> None:
    found = binomial_test(*arguments)
    assert found.p == pytest.approx(SHARES[name]["p"], rel=EQUAL)
    assert found.share == pytest.approx(SHARES[name]["estimate"][0], rel=EQUAL)
    assert tuple(found.interval) == pytest.approx(SHARES[name]["interval"], rel=EQUAL)


def test_mcnemar_equals_r() -> None:
    found = mcnemar_test(150, 86)
    assert found.z**2 == pytest.approx(SHARES["mcnemar"]["statistic"], rel=EQUAL)
    assert found.p == pytest.approx(SHARES["mcnemar"]["p"], rel=EQUAL)
    for name, counts in (("mcnemar_exact", (3, 12)), ("mcnemar_exact_lead", (110, 12))):
        assert exact_mcnemar(*counts).p == pytest.approx(SHARES[name]["p"], rel=EQUAL)


@pytest.mark.parametrize(
    ("name", "data", "outcome", "variance"),
    [
        ("nsw_welch", "nsw", "re78", "welch"),
        ("nsw_pooled", "nsw", "re78", "pooled"),
        ("jobs_welch", "jobs", "depress2", "welch"),
    ],
)
def test_difference_in_means_equals_t_test(name: str, data: str, outcome: str, variance: Any) -> None:
    found, theirs = difference_in_means(table(data), outcome, "treat", variance=variance), MEANS[name]
    assert found.statistic == pytest.approx(theirs["statistic"], rel=EQUAL)
    assert found.df == pytest.approx(theirs["df"], rel=EQUAL)
    assert found.p == pytest.approx(theirs["p"], rel=EQUAL)
    assert tuple(found.interval) == pytest.approx(theirs["interval"], rel=EQUAL)
    assert (found.mean_treated, found.mean_control) == pytest.approx(theirs["estimate"], rel=EQUAL)


NSW = ["age", "educ", "black", "hisp", "marr", "nodegree", "re74", "re75"]


def nsw() -> pl.DataFrame:
    return table("nsw").with_columns(
        stratum=pl.concat_str("black", "nodegree", separator=" "),
        cell=pl.concat_str("age", "educ", separator=" "),
    )


def test_intention_to_treat_equals_neyman() -> None:
    same_without_law(itt(nsw(), "re78", "treat"), TRIALS["nsw_neyman"])
    same_without_law(itt(table("jobs"), "depress2", "treat"), TRIALS["jobs_neyman"])


def test_intention_to_treat_in_strata_equals_blocked_difference() -> None:
    same_without_law(itt(nsw(), "re78", "treat", strata="stratum"), TRIALS["nsw_blocked"])


def test_intention_to_treat_with_covariates_equals_lin() -> None:
    same_without_law(itt(nsw(), "re78", "treat", covariates=NSW), TRIALS["nsw_lin_hc2"])


def test_intention_to_treat_of_clusters_equals_cr2() -> None:
    same(itt(nsw(), "re78", "treat", cluster="cell"), TRIALS["nsw_clustered_cr2"])


def same_without_law(effect: Effect, theirs: dict[str, Any]) -> None:
    """Estimate and error; programs differ in the degrees of freedom they then take."""
    same(effect, {"estimate": theirs["estimate"], "se": theirs["se"]})


def test_adjusted_regression_equals_lm() -> None:
    theirs = TRIALS["nsw_ordinary"]
    same(regression(nsw(), "re78", "treat", NSW), {"estimate": theirs["estimate"], "se": theirs["se"]})
    robust = regression(nsw(), "re78", "treat", NSW, se="hc1")
    assert robust.se == pytest.approx(theirs["hc1"], rel=EQUAL)
    clustered = regression(nsw(), "re78", "treat", se="cluster", cluster="cell")
    same(clustered, TRIALS["nsw_clustered_cr1"])
    plain = regression(table("jobs"), "depress2", "treat")
    same(plain, TRIALS["jobs_lm"])


def test_compliers_effect_equals_two_stage_least_squares() -> None:
    found = cace(table("jobs"), "depress2", "treat", "comply")
    theirs = TRIALS["jobs_cace"]
    assert found.estimate == pytest.approx(theirs["HC2"]["estimate"], rel=EQUAL)
    assert found.diagnostics["compliers"] == pytest.approx(TRIALS["jobs_first_stage"]["compliers"], rel=EQUAL)
    assert found.diagnostics["first_stage_f"] == pytest.approx(
        TRIALS["jobs_first_stage"]["robust_f"], rel=EQUAL
    )


def test_error_of_the_compliers_effect_is_neymans() -> None:
    """HC2 of the residuals y − β·received regressed on the draw, over the share of compliers."""
    found = cace(table("jobs"), "depress2", "treat", "comply")
    jobs = table("jobs").with_columns(left=pl.col("depress2") - found.estimate * pl.col("comply"))
    groups = [jobs.filter(pl.col("treat") == arm)["left"].to_numpy() for arm in (1, 0)]
    neyman = np.sqrt(sum(group.var(ddof=1) / len(group) for group in groups))
    assert found.se == pytest.approx(neyman / TRIALS["jobs_first_stage"]["compliers"], rel=EQUAL)


def vision() -> pl.DataFrame:
    """Right and left eyes of 7,477 women."""
    counts = R["transitions"]["counts"]
    cells = list(itertools.product(range(4), range(4)))
    people = [cell for cell in cells for _ in range(counts[cell[0]][cell[1]])]
    return pl.DataFrame(people, schema=["right", "left"], orient="row")


def test_movement_between_classes_equals_stuart_maxwell_and_bowker() -> None:
    movement = transitions(vision(), "right", "left").movement
    for test, name in (("marginal homogeneity", "stuart_maxwell"), ("symmetry", "bowker")):
        row = movement.row(by_predicate=pl.col("test") == test, named=True)
        for column in ("statistic", "df", "p"):
            assert row[column] == pytest.approx(R["transitions"][name][column], rel=EQUAL)


def test_adjusted_p_values_equal_p_adjust() -> None:
    p = R["adjusted"]["p"]
    assert adjust_p(p) == pytest.approx(R["adjusted"]["holm"], rel=EQUAL)
    found = adjust_p(p, "benjamini-hochberg")
    assert found == pytest.approx(R["adjusted"]["benjamini_hochberg"], rel=EQUAL)


def test_power_of_means_equals_power_t_test() -> None:
    assert power_means(1, 20).power == pytest.approx(POWER["t_20"], rel=EQUAL)
    assert power_means(0.5, 64).power == pytest.approx(POWER["t_64"], rel=EQUAL)
    size = power_means(0.5, power=0.9).n_treated
    assert size == pytest.approx(POWER["t_n_90"], rel=EQUAL)
    least = power_means(n_treated=50, power=0.8).effect
    assert least == pytest.approx(POWER["t_delta_50"], rel=EQUAL)


def test_power_of_shares_equals_power_prop_test() -> None:
    assert power_shares(0.5, 0.75, 50).power == pytest.approx(POWER["prop_50"], rel=EQUAL)
    assert power_shares(0.3, 0.4, 200).power == pytest.approx(POWER["prop_200"], rel=EQUAL)
    size = power_shares(0.5, 0.75, power=0.9).n_treated
    assert size == pytest.approx(POWER["prop_n_90"], rel=EQUAL)


def test_bounds_of_the_lead_pairs_equal_the_formula() -> None:
    lead = R["rosenbaum"]["lead"]
    differences = np.array(lead["exposed"], float) - np.array(lead["neighbour"], float)
    found = bounds_of_differences(differences, gammas=lead["gamma"])
    assert found.statistic == lead["statistic"]
    np.testing.assert_allclose(found.table["p_high"], lead["p_high"], rtol=EQUAL)


def test_bounds_of_yes_or_no_pairs_equal_the_binomial() -> None:
    """110 of 122 discordant pairs."""
    differences = np.repeat([1.0, -1.0], [110, 12])
    found = bounds_of_differences(differences, gammas=[4, 5, 6])
    np.testing.assert_allclose(found.table["p_high"], list(R["rosenbaum"]["mcnemar"].values()), rtol=EQUAL)


def test_signed_ranks_without_hidden_bias_equal_wilcoxon() -> None:
    theirs = MEANS["wilcoxon_pairs"]
    differences = np.array(theirs["first"]) - np.array(theirs["second"])
    found = bounds_of_differences(differences, gammas=[1])
    assert found.statistic == theirs["statistic"]
    assert found.table["p_high"][0] == pytest.approx(MEANS["wilcoxon_pairs_greater"]["p"], rel=EQUAL)
    estimate = found.table["estimate_high"][0]
    assert estimate == pytest.approx(MEANS["wilcoxon_pairs_estimate"]["estimate"][0], rel=EQUAL)
