"""People made with a known reliability: it is found again, and those who did not change are mostly left alone."""

import numpy as np
import polars as pl
import pytest
from scipy import stats

from indsats.measure.agreement import rater_gap
from indsats.measure.agreement import test_retest as retest
from indsats.measure.omega import mcdonald_omega
from indsats.measure.reliability import cronbach_alpha, reliable_change

EQUALLY = np.full(6, 0.7)
UNEQUALLY = np.array([0.3, 0.45, 0.6, 0.7, 0.8, 0.9])


def one_factor(loadings: np.ndarray, n: int, rng: np.random.Generator) -> pl.DataFrame:
    """Items of variance 1 with these correlations with what they all measure."""
    error = rng.normal(size=(n, len(loadings))) * np.sqrt(1 - loadings**2)
    return pl.DataFrame(rng.normal(size=(n, 1)) * loadings + error)


def reliability(loadings: np.ndarray) -> float:
    return float(loadings.sum() ** 2 / (loadings.sum() ** 2 + (1 - loadings**2).sum()))


def test_omega_finds_the_reliability_and_alpha_stays_below_when_items_are_unequal() -> None:
    rng = np.random.default_rng(20261122)
    samples = [one_factor(UNEQUALLY, 400, rng) for _ in range(300)]
    omegas = np.array([mcdonald_omega(one, one.columns).value for one in samples])
    alphas = np.array([cronbach_alpha(one, one.columns).value for one in samples])
    truth = reliability(UNEQUALLY)
    assert abs(omegas.mean() - truth) < 4 * omegas.std() / np.sqrt(len(omegas)) + 0.001
    assert alphas.mean() < truth - 0.01
    assert (omegas >= alphas - 0.01).all()


def test_feldts_interval_covers_the_reliability_of_equal_items_in_95_of_100() -> None:
    rng = np.random.default_rng(1)
    truth = reliability(EQUALLY)
    found = [cronbach_alpha(one, one.columns) for one in (one_factor(EQUALLY, 60, rng) for _ in range(1500))]
    covered = np.mean([(one.low or 0) <= truth <= (one.high or 0) for one in found])
    assert covered == pytest.approx(0.95, abs=3.5 * np.sqrt(0.95 * 0.05 / 1500))


def test_the_bootstrap_of_omega_is_as_wide_as_omega_varies() -> None:
    rng = np.random.default_rng(2)
    samples = [one_factor(UNEQUALLY, 300, rng) for _ in range(300)]
    spread = np.std([mcdonald_omega(one, one.columns).value for one in samples])
    found = [mcdonald_omega(one, one.columns, interval=True, draws=400) for one in samples[:15]]
    widths = [(one.high or 0) - (one.low or 0) for one in found]
    assert np.mean(widths) == pytest.approx(2 * 1.96 * spread, rel=0.15)
    assert all((one.low or 0) < one.value < (one.high or 0) for one in found)


def test_one_in_twenty_of_those_who_did_not_change_are_said_to_have() -> None:
    rng = np.random.default_rng(3)
    n, sd, share = 200_000, 12.0, 0.8
    true = 50 + rng.normal(size=n) * sd * np.sqrt(share)
    first, last = (true + rng.normal(size=n) * sd * np.sqrt(1 - share) for _ in range(2))
    verdicts = reliable_change(first, last, sd=sd, reliability=share)["verdict"].value_counts()
    shares = {verdict: count / n for verdict, count in verdicts.iter_rows()}
    assert shares["better"] == pytest.approx(0.025, abs=0.0015)
    assert shares["worse"] == pytest.approx(0.025, abs=0.0015)
    moved = reliable_change(first, last + 3 * sd, sd=sd, reliability=share)["verdict"]
    power = stats.norm.cdf(3 / np.sqrt(2 * (1 - share)) - 1.96)
    assert (moved == "better").mean() == pytest.approx(power, abs=0.0005)


def test_a_shift_between_raters_counts_against_agreement_and_not_against_consistency() -> None:
    rng = np.random.default_rng(4)
    n = 20_000
    true = rng.normal(size=n) * 2
    first, second = true + rng.normal(size=n), true + 1 + rng.normal(size=n)
    found = retest(first, second)
    assert found.consistency.value == pytest.approx(4 / 5, abs=0.01)
    # Two raters one apart have a variance of a half between them.
    assert found.agreement.value == pytest.approx(4 / 5.5, abs=0.01)
    assert found.error == pytest.approx(np.sqrt(1.5), abs=0.02)
    assert found.own_error == pytest.approx(1, abs=0.02)
    inside = np.mean((second - first > found.lower.value) & (second - first < found.upper.value))
    assert inside == pytest.approx(0.95, abs=0.01)


def test_intervals_of_agreement_and_kappa_cover_in_95_of_100() -> None:
    rng = np.random.default_rng(5)
    points = range(1, 8)

    def rated(n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        true = rng.normal(size=n) * 1.5
        exact = [4 + true + rng.normal(size=n) for _ in range(2)]
        return exact[0], exact[1], *(np.clip(np.rint(one), 1, 7) for one in exact)

    truth = rater_gap(*rated(1_000_000)[2:], points=points).quadratic
    assert truth is not None
    kappas, consistencies = [], []
    for _ in range(800):
        first, second, rough, other = rated(120)
        kappa = rater_gap(rough, other, points=points).quadratic
        assert kappa is not None
        kappas.append((kappa.low or 0) <= truth.value <= (kappa.high or 0))
        found = retest(first, second).consistency
        consistencies.append((found.low or 0) <= 2.25 / 3.25 <= (found.high or 0))
    assert np.mean(kappas) == pytest.approx(0.95, abs=0.03)
    assert np.mean(consistencies) == pytest.approx(0.95, abs=0.027)
