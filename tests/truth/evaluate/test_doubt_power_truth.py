"""Power against R's printed answers, statsmodels, and studies drawn again and again."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.power import TTestIndPower

from indsats.evaluate import power_cox, power_means, power_shares


def test_power_equals_r() -> None:
    assert power_means(1, 20).power == pytest.approx(0.8689528, abs=5e-8)  # power.t.test(20, 1, 1)
    assert power_shares(0.5, 0.75, power=0.9).n_treated == pytest.approx(76.70693, abs=5e-6)
    assert power_shares(0.5, 0.75, 50).power == pytest.approx(0.7401659, abs=5e-8)


@given(st.floats(0.2, 1.5), st.integers(4, 300), st.floats(0.3, 4))
def test_power_of_means_equals_statsmodels(difference: float, n: int, ratio: float) -> None:
    one_sided = TTestIndPower().power(difference, n, 0.025, ratio=ratio, alternative="larger")
    assert power_means(difference, n, n * ratio).power == pytest.approx(float(one_sided), abs=1e-9)


@given(st.floats(0.05, 0.9), st.floats(0.02, 0.95), st.integers(20, 5000))
def test_power_never_falls_with_more_people(p_control: float, p_treated: float, n: int) -> None:
    assert (
        power_shares(p_control, p_treated, 2 * n).power >= power_shares(p_control, p_treated, n).power - 1e-12
    )


def test_unequal_shares_are_found_as_often_as_said() -> None:
    rng = np.random.default_rng(1)
    runs, n1, n0, p1, p0 = 20_000, 150, 400, 0.42, 0.3
    x1, x0 = rng.binomial(n1, p1, runs), rng.binomial(n0, p0, runs)
    both = (x1 + x0) / (n1 + n0)
    z = (x1 / n1 - x0 / n0) / np.sqrt(both * (1 - both) * (1 / n1 + 1 / n0))
    assert power_shares(p0, p1, n1, n0).power == pytest.approx((z > 1.96).mean(), abs=0.015)


def test_treated_clusters_are_found_different_as_often_as_said() -> None:
    # A t test of cluster means: 8 + 8 clusters of 25, intraclass correlation 0.05.
    rng = np.random.default_rng(2)
    runs, clusters, size, icc, gap = 10_000, 8, 25, 0.05, 0.4
    spread = np.sqrt(icc + (1 - icc) / size)  # of a cluster's mean, when a person's variance is 1
    one = rng.normal(gap, spread, (runs, clusters))
    two = rng.normal(0, spread, (runs, clusters))
    found = stats.ttest_ind(one, two, axis=1)
    seen = ((found.pvalue < 0.05) & (found.statistic > 0)).mean()
    expected = power_means(gap, 200, 200, cluster_size=size, icc=icc)
    assert expected.degrees == 14
    assert expected.power == pytest.approx(seen, abs=0.015)


def test_hazard_ratios_are_found_as_often_as_said() -> None:
    # Without censoring every person is an event; the score test of exponential times stands in for the log rank.
    rng = np.random.default_rng(3)
    runs, n, share, ratio = 4000, 240, 0.4, 1.45
    n1 = round(n * share)
    treated = rng.exponential(1 / ratio, (runs, n1)).mean(axis=1)
    control = rng.exponential(1, (runs, n - n1)).mean(axis=1)
    z = np.log(control / treated) / np.sqrt(1 / n1 + 1 / (n - n1))
    assert power_cox(n, share, ratio).power == pytest.approx((z > 1.96).mean(), abs=0.02)
