"""Doubts against truth: constructed hidden causes, every way hidden bias can fall, published numbers, properties."""

from dataclasses import replace
from itertools import product
from math import sqrt

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from indsats.evaluate import (
    Effect,
    EmpiricalNull,
    Interval,
    bounds_of_differences,
    calibrate,
    difference_in_means,
    difference_in_shares,
    e_value,
    empirical_null,
    leave_one_out,
    regression,
    robustness_value,
    tipping_point,
)

# Morton et al. (1982): lead in the blood of 33 children of exposed workers and of their matched controls, as in
# Rosenbaum (2002), chapters 3 and 4, and the documentation of R's rbounds.
# fmt: off
EXPOSED = np.array([
    38, 23, 41, 18, 37, 36, 23, 62, 31, 34, 24, 14, 21, 17, 16, 20, 15, 10, 45, 39, 22, 35, 49, 48, 44, 35, 43, 39, 34,
    13, 73, 25, 27,
])
CONTROL = np.array([
    16, 18, 18, 24, 19, 11, 10, 15, 16, 18, 18, 13, 19, 10, 16, 16, 24, 13, 9, 14, 21, 19, 7, 18, 19, 12, 11, 22, 25,
    16, 13, 11, 13,
])
# fmt: on


def estimated(estimate: float, se: float, degrees: float | None = None) -> Effect:
    law = stats.norm if degrees is None else stats.t(degrees)
    half = float(law.ppf(0.975)) * se
    return Effect(
        estimand="ATT",
        estimate=estimate,
        se=se,
        interval=Interval(estimate - half, estimate + half),
        p=float(2 * law.sf(abs(estimate / se))),
        n_treated=10,
        n_control=10,
        outcome="y",
        design="given",
        se_method="given",
        df=degrees,
    )


@given(st.floats(1.001, 50))
def test_a_hidden_cause_as_strong_as_the_e_value_makes_the_whole_ratio(ratio: float) -> None:
    # Everybody treated has the cause and one in E of the controls; it multiplies the risk by E; treatment does nothing.
    strong = e_value(ratio).point
    treated, control = strong, (1 / strong) * strong + (1 - 1 / strong)
    assert treated / control == pytest.approx(ratio)


@given(
    st.floats(0.01, 100), st.floats(1.0001, 3), st.sampled_from(["risk ratio", "hazard ratio", "odds ratio"])
)
def test_e_values_are_at_least_one_and_grow_with_the_distance_from_no_effect(ratio, further, scale) -> None:
    found = e_value(ratio, scale=scale).point
    away = ratio * further if ratio >= 1 else ratio / further
    assert found >= 1
    assert e_value(away, scale=scale).point > found
    assert e_value(1 / ratio, scale="risk ratio").point == pytest.approx(
        e_value(ratio, scale="risk ratio").point
    )


def test_the_lead_data_of_33_pairs() -> None:
    found = bounds_of_differences(EXPOSED - CONTROL, gammas=[1, 2, 3, 4, 4.25, 5, 6])
    assert (found.statistic, found.n_pairs, found.n_different) == (499, 33, 32)
    printed = [0.0000, 0.0018, 0.0131, 0.0367, 0.0441, 0.0694, 0.1073]  # R rbounds: psens
    assert found.table["p_high"].to_list() == pytest.approx(printed, abs=5e-5)
    assert found.gamma_star is not None
    assert 4.25 < found.gamma_star < 5


def test_the_pairs_of_mcnemar() -> None:
    found = bounds_of_differences([1] * 110 + [-1] * 12, gammas=[4, 5, 6])
    assert found.table["p_high"].to_list() == pytest.approx([0.0020, 0.0232, 0.0969], abs=5e-5)


@pytest.mark.parametrize("differences", [[3, -1, 4, 2, -5, 6], [2, -2, 1, 1, 3, 0, -1], [1, 1, -1, 1, 0, 1]])
@pytest.mark.parametrize("gamma", [1.0, 1.7, 4.0])
def test_bounds_are_the_extremes_over_every_hidden_bias(differences: list[int], gamma: float) -> None:
    d = np.array(differences, dtype=float)
    d = d[d != 0]
    ranks = stats.rankdata(np.abs(d))
    observed = ranks[d > 0].sum()
    signs = np.array(list(product([0, 1], repeat=len(d))))
    reached = signs @ ranks >= observed - 1e-9
    worst = []
    for chances in product([1 / (1 + gamma), gamma / (1 + gamma)], repeat=len(d)):
        ways = np.where(signs == 1, chances, 1 - np.array(chances)).prod(axis=1)
        worst.append(ways[reached].sum())
    found = bounds_of_differences(differences, gammas=[gamma]).table
    assert found["p_low"][0] == pytest.approx(min(worst))
    assert found["p_high"][0] == pytest.approx(max(worst))


def test_without_hidden_bias_the_bounds_are_the_ordinary_tests() -> None:
    rng = np.random.default_rng(1)
    few, many = rng.normal(0.5, 1, 20), np.round(rng.normal(0.3, 1, 60), 1)
    exact = stats.wilcoxon(few, alternative="greater", method="exact")
    assert bounds_of_differences(few, gammas=[1]).table["p_high"][0] == pytest.approx(exact.pvalue)
    plain = stats.wilcoxon(many, alternative="greater", method="approx", correction=False)
    assert bounds_of_differences(many, gammas=[1]).table["p_high"][0] == pytest.approx(plain.pvalue)
    binomial = stats.binomtest(14, 20, alternative="greater")
    assert bounds_of_differences([1] * 14 + [-1] * 6, gammas=[1]).table["p_high"][0] == pytest.approx(
        binomial.pvalue
    )


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(-6, 9), min_size=2, max_size=40).filter(lambda d: any(d) and max(map(abs, d)) > 1)
)
def test_bounds_widen_with_gamma_and_meet_at_one(differences: list[int]) -> None:
    table = bounds_of_differences(differences, gammas=[1, 1.5, 3]).table
    assert table["p_low"][0] == table["p_high"][0]
    for falls, rises in (("p_low", "p_high"), ("estimate_low", "estimate_high")):
        assert table[falls].diff().max() <= 1e-12  # type: ignore[operator]
        assert table[rises].diff().min() >= -1e-12  # type: ignore[operator]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(-100, 100), min_size=1, max_size=30).filter(lambda d: any(d)), st.floats(1, 10))
def test_bounds_on_the_estimate_are_quantiles_of_the_means_of_two(
    differences: list[float], gamma: float
) -> None:
    d = np.array(differences)
    if (np.abs(d[d != 0]) == 1).all():
        return
    first, second = np.triu_indices(len(d))
    means = (d[first] + d[second]) / 2
    row = bounds_of_differences(d, gammas=[gamma]).table.row(0, named=True)
    expected = np.quantile(means, [1 / (1 + gamma), gamma / (1 + gamma)])
    assert [row["estimate_low"], row["estimate_high"]] == pytest.approx(expected.tolist(), abs=1e-9)


def test_hidden_bias_up_to_gamma_is_allowed_for_and_no_further() -> None:
    # No effect, but with odds 2 the treated of a pair is the one with the larger outcome.
    rng = np.random.default_rng(8)
    sizes = rng.exponential(size=(300, 60))
    drawn = np.where(rng.random((300, 60)) < 2 / 3, sizes, -sizes)
    p = np.array([bounds_of_differences(d, gammas=[1, 2]).table["p_high"].to_list() for d in drawn])
    assert (p[:, 0] < 0.05).mean() > 0.5
    assert (p[:, 1] < 0.05).mean() < 0.09


def test_the_empirical_null_is_the_likeliest() -> None:
    rng = np.random.default_rng(2)
    for n in (3, 8, 40):
        se = rng.uniform(0.05, 0.4, n)
        estimates = rng.normal(0.2, 0.15, n) + rng.normal(0, se)

        def unlikely(at: np.ndarray, estimates=estimates, se=se) -> float:
            return -stats.norm.logpdf(estimates, at[0], np.hypot(at[1], se)).sum()

        starts = [(0.0, 0.01), (0.2, 0.2), (0.2, 1.0)]
        best = min(
            (optimize.minimize(unlikely, s, bounds=[(-2, 2), (0, 2)], tol=1e-12) for s in starts),
            key=lambda r: r.fun,
        )
        null = empirical_null([estimated(e, s) for e, s in zip(estimates, se, strict=True)])
        assert unlikely(np.array([null.mean, null.sd])) <= best.fun + 1e-8
        assert (null.mean, null.sd) == pytest.approx(best.x, abs=1e-3)


@given(st.floats(-5, 5), st.floats(0.01, 5), st.one_of(st.none(), st.floats(3, 500)))
def test_a_null_of_nothing_changes_nothing(estimate: float, se: float, degrees: float | None) -> None:
    before = estimated(estimate, se, degrees)
    after = calibrate(before, EmpiricalNull(0.0, 0.0, 10))
    assert (after.estimate, after.se, after.p) == pytest.approx((before.estimate, before.se, before.p))
    assert tuple(after.interval) == pytest.approx(tuple(before.interval))


def test_calibrated_intervals_cover_what_plain_ones_miss() -> None:
    rng = np.random.default_rng(9)
    covered = np.zeros(2)
    runs = 250
    for _ in range(runs):
        errors = rng.normal(0.3, 0.2, 41) + rng.normal(0, 0.1, 41)
        found = estimated(1.0 + errors[0], 0.1)
        calibrated = calibrate(found, [estimated(e, 0.1) for e in errors[1:]])
        covered += [e.interval.low < 1 < e.interval.high for e in (found, calibrated)]
    assert covered[0] / runs < 0.5
    assert 0.9 < covered[1] / runs < 0.98


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(0, 9), min_size=3, max_size=6).filter(lambda v: len(set(v)) > 1),
    st.integers(2, 5),
    st.data(),
)
def test_leaving_out_one_of_identical_sites_changes_nothing(
    values: list[int], copies: int, data: st.DataObject
) -> None:
    one = pl.DataFrame(
        {"treated": [True] * len(values) + [False] * len(values), "y": [*values, *reversed(values)]}
    )
    shift = data.draw(st.integers(-9, 9))
    one = one.with_columns(y=pl.col("y") + shift * pl.col("treated"))
    table = pl.concat([one.with_columns(site=pl.lit(f"site {i}")) for i in range(copies)])
    found = leave_one_out(table, "site", lambda rest: difference_in_means(rest, "y"))
    assert found.table["change"].to_list() == pytest.approx([0.0] * copies, abs=1e-12)
    assert found.table["estimate"].n_unique() == 1


def test_a_hidden_cause_as_strong_as_the_robustness_value_takes_the_estimate_to_zero() -> None:
    rng = np.random.default_rng(11)
    n = 200
    treated = rng.random(n) < 0.4
    age = rng.normal(size=n)
    table = pl.DataFrame({"treated": treated, "age": age, "y": 0.5 * treated + age + rng.normal(size=n)})
    found = regression(table, "y", adjust=["age"])
    assert found.statistic is not None
    assert found.df is not None
    robustness = tipping_point(found).robustness
    assert robustness is not None
    share = robustness.value
    # A cause with exactly that partial R² with treatment, and with the outcome given treatment.
    known = np.column_stack([np.ones(n), age])

    def rest(v: np.ndarray, *others: np.ndarray) -> np.ndarray:
        x = np.column_stack([known, *others])
        left = v - x @ np.linalg.lstsq(x, v, rcond=None)[0]
        return left / np.linalg.norm(left)

    d = rest(treated.astype(float))
    e = rest(table["y"].to_numpy(), d)
    noise = rest(rng.normal(size=n), d, e)
    hidden = sqrt(share) * d + sqrt((1 - share) * share) * e + (1 - share) * noise
    adjusted = regression(table.with_columns(hidden=hidden), "y", adjust=["age", "hidden"])
    assert adjusted.estimate == pytest.approx(0, abs=1e-8)
    weaker = sqrt(share / 2) * d + sqrt((1 - share / 2) * share / 2) * e + (1 - share / 2) * noise
    assert regression(table.with_columns(hidden=weaker), "y", adjust=["age", "hidden"]).estimate > 0.05


@pytest.mark.parametrize(("t", "degrees"), [(4.0, 100), (2.5, 40), (30.0, 12)])
def test_the_limit_is_the_least_cause_that_makes_the_estimate_uncertain(t: float, degrees: int) -> None:
    critical = stats.t.ppf(0.975, degrees - 1)

    def least_t(most: float) -> float:
        """Over causes that explain at most this share of both: t of the estimate once they are adjusted for."""
        of_treatment, of_outcome = np.meshgrid(np.linspace(0, most, 400), np.linspace(0, most, 400))
        bias = np.sqrt(degrees * of_outcome * of_treatment / (1 - of_treatment))
        error = np.sqrt((1 - of_outcome) / (1 - of_treatment) * degrees / (degrees - 1))
        return float(((t - bias) / error).min())

    limit = robustness_value(t, degrees).limit
    assert least_t(limit * 0.999) > critical > least_t(limit * 1.001)


@given(st.floats(2.1, 60), st.floats(10, 5000))
def test_robustness_takes_less_to_reach_the_interval_than_the_estimate(t: float, degrees: float) -> None:
    found = robustness_value(t, degrees)
    assert 0 <= found.limit < found.value < 1
    assert found.partial_r2 < found.value
    assert robustness_value(t * 1.1, degrees).value > found.value


def test_a_hidden_cause_at_the_tipping_point_makes_the_whole_difference_in_shares() -> None:
    # Half of the treated and a tenth of the controls have a cause that lifts the share by 0.25; treatment does nothing.
    share = np.array([0.5, 0.1]) * 0.25 + 0.3
    n = 4000
    job = np.concatenate([np.arange(n) < round(p * n) for p in share])
    table = pl.DataFrame({"treated": [True] * n + [False] * n, "job": job})
    tip = tipping_point(difference_in_shares(table, "job"), imbalances=[0.4], strengths=[0.25])
    assert tip.product == pytest.approx(0.4 * 0.25)
    assert tip.table is not None
    assert tip.table["estimate"][0] == pytest.approx(0, abs=1e-12)


def test_calibration_does_not_touch_the_effect_that_was_given() -> None:
    before = estimated(1.0, 0.2)
    kept = replace(before)
    calibrate(before, EmpiricalNull(0.5, 0.1, 10))
    assert before == kept
