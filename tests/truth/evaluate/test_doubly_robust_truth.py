"""Doubly robust and standardised estimates: equations stacked by hand, and effects planted in simulated people."""

import numpy as np
import polars as pl
import pytest
from scipy.special import expit

from indsats.evaluate import aipw, difference_in_means, standardise, weigh


def people(seed: int, n: int = 500, *, binary: bool = False) -> tuple[pl.DataFrame, float, float]:
    """People whose age and origin decide both treatment and outcome, and the effects in all and in the treated."""
    rng = np.random.default_rng(seed)
    age, west = rng.normal(size=n), (rng.random(n) < 0.4).astype(float)
    t = rng.random(n) < expit(-0.6 + 0.7 * age - 0.8 * west)
    if binary:
        one, two = expit(0.2 + 0.8 * age + 0.5 * west), expit(-0.6 + 0.5 * age)
        y = (rng.random(n) < np.where(t, one, two)).astype(float)
        gain = one - two
    else:
        gain = 1 + 0.5 * age
        y = 3 + 2 * age - west + t * gain + rng.normal(size=n) * (1 + t)
    df = pl.DataFrame({"t": t, "age": age, "west": west, "y": y, "origin": np.where(west == 1, "west", "dk")})
    return df, float(gain.mean()), float(gain[t].mean())


def stacked_error(df: pl.DataFrame, estimand: str, *, binary: bool, augmented: bool) -> tuple[float, float]:
    """M-estimation written out: score, two outcome models and the effect, differentiated numerically."""
    x = np.column_stack([np.ones(df.height), df["age"].to_numpy(), df["west"].to_numpy()])
    t, y = df["t"].to_numpy().astype(float), df["y"].to_numpy()
    curve = expit if binary else (lambda eta: eta)
    meant = {"ATE": np.ones(len(t)), "ATT": t, "ATC": 1 - t}[estimand]

    def equations(theta: np.ndarray) -> np.ndarray:
        e, one, two = expit(x @ theta[:3]), curve(x @ theta[3:6]), curve(x @ theta[6:9])
        signal = meant * (one - two)
        if augmented:
            weight = {"ATE": 1 / np.where(t == 1, e, 1 - e), "ATT": np.where(t == 1, 1, e / (1 - e))}.get(
                estimand, np.where(t == 1, (1 - e) / e, 1)
            )
            signal = signal + weight * (t * (y - one) - (1 - t) * (y - two))
        parts = [x * (t - e)[:, None], x * (t * (y - one))[:, None], x * ((1 - t) * (y - two))[:, None]]
        return np.column_stack([*parts, signal - meant * theta[9]])

    theta = np.zeros(10)

    def slope(at: np.ndarray) -> np.ndarray:
        return np.column_stack(
            [
                (equations(at + h).mean(axis=0) - equations(at - h).mean(axis=0)) / 2e-5
                for h in 1e-5 * np.eye(10)
            ]
        )

    for _ in range(30):
        theta = theta - np.linalg.solve(slope(theta), equations(theta).mean(axis=0))
    bread = np.linalg.inv(slope(theta))
    rows = equations(theta) @ bread.T
    return float(theta[9]), float(np.sqrt((rows[:, 9] ** 2).sum()) / len(t))


@pytest.mark.parametrize("estimand", ["ATE", "ATT", "ATC"])
@pytest.mark.parametrize("binary", [False, True])
def test_estimates_and_errors_equal_stacked_equations(estimand: str, binary: bool) -> None:
    df, _, _ = people(5, binary=binary)
    plain = standardise(df, "y", "t", ["age", "west"], estimand=estimand)  # type: ignore[arg-type]
    assert (plain.estimate, plain.se) == pytest.approx(
        stacked_error(df, estimand, binary=binary, augmented=False), rel=1e-6
    )
    robust = aipw(df, "y", "t", ["age", "west"], estimand=estimand, folds=1, trim=0)  # type: ignore[arg-type]
    assert (robust.estimate, robust.se) == pytest.approx(
        stacked_error(df, estimand, binary=binary, augmented=True), rel=1e-6
    )


def test_one_model_with_all_interactions_equals_a_model_for_each_group() -> None:
    for binary in (False, True):
        df, _, _ = people(6, binary=binary)
        apart = standardise(df, "y", "t", ["age", "origin"])
        together = standardise(df, "y", "t", ["age", "origin"], interactions=["age", "origin"])
        assert (apart.estimate, apart.se) == pytest.approx((together.estimate, together.se), rel=1e-7)


def test_the_model_without_interactions_is_a_regression_with_robust_error() -> None:
    """With one least-squares model the effect is a coefficient, and the stacked error is HC0."""
    df, _, _ = people(7)
    z = np.column_stack([np.ones(df.height), df.select("t", "age", "west").cast(float).to_numpy()])
    y = df["y"].to_numpy()
    inverse = np.linalg.inv(z.T @ z)
    beta = inverse @ z.T @ y
    hc0 = inverse @ (z.T @ (z * ((y - z @ beta) ** 2)[:, None])) @ inverse
    effect = standardise(df, "y", "t", ["age", "west"], interactions=False)
    assert (effect.estimate, effect.se) == pytest.approx((beta[1], np.sqrt(hc0[1, 1])), rel=1e-9)


def test_cross_fitting_equals_the_formula_fold_by_fold() -> None:
    """With folds that are clusters the split is known: every person judged by models of the other clusters."""
    df, _, _ = people(8, 300)
    df = df.with_columns(site=pl.int_range(300) % 3)
    effect = aipw(df, "y", "t", ["age", "west"], folds=3, cluster="site", trim=0)
    x = np.column_stack([np.ones(300), df.select("age", "west").to_numpy()])
    t, y, site = df["t"].to_numpy(), df["y"].to_numpy(), df["site"].to_numpy()
    signal = np.empty(300)
    for here in (site == k for k in range(3)):
        beta = np.zeros(3)
        for _ in range(50):
            p = expit(x[~here] @ beta)
            beta += np.linalg.solve(
                x[~here].T @ (x[~here] * (p * (1 - p))[:, None]), x[~here].T @ (t[~here] - p)
            )
        e = expit(x[here] @ beta)
        one, two = (
            x[here] @ np.linalg.lstsq(x[~here & group], y[~here & group], rcond=None)[0] for group in (t, ~t)
        )
        signal[here] = one - two + np.where(t[here], (y[here] - one) / e, -(y[here] - two) / (1 - e))
    sums = np.bincount(site, weights=signal - signal.mean())
    assert effect.estimate == pytest.approx(signal.mean(), rel=1e-8)
    assert effect.se == pytest.approx(np.sqrt((sums**2).sum() * 3 / 2) / 300, rel=1e-8)
    assert effect.df == 2


def test_either_model_is_enough() -> None:
    """Age squared matters to both; leaving it out of one model does no harm, out of both it does."""
    rng = np.random.default_rng(10)
    n = 20_000
    age = rng.normal(size=n)
    t = rng.random(n) < expit(-0.8 + 0.5 * age + 0.4 * (age**2 - 1))
    df = pl.DataFrame(
        {"t": t, "age": age, "square": age**2, "y": 1.0 * t + age + age**2 + rng.normal(size=n)}
    )
    poor, good = ["age"], ["age", "square"]
    for outcome, score in ((poor, good), (good, poor)):
        effect = aipw(df, "y", "t", outcome, score_covariates=score)
        assert abs(effect.estimate - 1) < 3.5 * effect.se
    assert abs(aipw(df, "y", "t", poor).estimate - 1) > 0.2
    assert abs(difference_in_means(df, "y", "t").estimate - 1) > 0.2


@pytest.mark.parametrize("estimand", ["ATE", "ATT"])
def test_intervals_contain_the_planted_effect_as_often_as_they_say(estimand: str) -> None:
    """80 simulations: at least 87 of a hundred intervals at 95 %, and errors centred on zero."""
    _, in_all, in_treated = people(1, 400_000)
    truth = in_all if estimand == "ATE" else in_treated
    meant = {"estimand": estimand}
    covariates = ["age", "west"]
    found: dict[str, list[float]] = {}
    for seed in range(1000, 1080):
        df = people(seed, 400)[0]
        effects = {
            "weights": weigh(df, "t", covariates, **meant).effect("y"),  # type: ignore[arg-type]
            "entropy": weigh(df, "t", covariates, method="entropy", **meant).effect("y"),  # type: ignore[arg-type]
            "standardised": standardise(df, "y", "t", covariates, **meant),  # type: ignore[arg-type]
            "doubly robust": aipw(df, "y", "t", covariates, **meant),  # type: ignore[arg-type]
        }
        for name, effect in effects.items():
            found.setdefault(name, []).append((effect.estimate - truth) / effect.se)
    for name, errors in found.items():
        assert np.mean(np.abs(errors) < 1.96) > 0.87, name
        assert abs(np.mean(errors)) < 4 / np.sqrt(len(errors)), name
