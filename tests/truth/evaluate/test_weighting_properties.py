"""What holds for weights of any people: positive, balanced, and indifferent to the units covariates are in."""

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.special import expit

from indsats.evaluate import aipw, standardise, weigh

seeds = st.integers(0, 10**6)
estimands = st.sampled_from(["ATT", "ATE", "ATC"])


def drawn(seed: int) -> pl.DataFrame:
    """Some 40 to 200 people, confounded more or less."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(40, 200))
    a, b = rng.normal(size=n), rng.random(n) < 0.5
    t = rng.random(n) < expit(rng.normal() * 0.5 + rng.normal() * 0.7 * a + rng.normal() * 0.7 * b)
    return pl.DataFrame({"t": t, "a": a, "b": b, "y": a + b + t + rng.normal(size=n)})


def weights_of(df: pl.DataFrame, **settings: object) -> pl.DataFrame:
    """The weights, or nothing when these people cannot be weighted so (which says why)."""
    try:
        return weigh(df, "t", ["a", "b"], **settings).weights  # type: ignore[arg-type]
    except ValueError as reason:
        assume(not any(word in str(reason) for word in ("separate", "solution", "subclass")))
        raise


@settings(max_examples=60, deadline=None)
@given(seeds, estimands, st.sampled_from(["propensity", "entropy", "subclass"]))
def test_weights_are_positive_and_one_for_those_meant(seed: int, estimand: str, method: str) -> None:
    weights = weights_of(drawn(seed), method=method, estimand=estimand, subclasses=3)
    assert weights["weight"].is_finite().all()
    assert (weights["weight"] > 0).all()
    meant = {"ATT": pl.col("treated"), "ATC": ~pl.col("treated"), "ATE": pl.lit(value=False)}[estimand]
    assert (weights.filter(meant)["weight"] == 1).all()


@settings(max_examples=60, deadline=None)
@given(seeds, estimands)
def test_entropy_weights_balance_exactly(seed: int, estimand: str) -> None:
    df = drawn(seed)
    weights = weights_of(df, method="entropy", estimand=estimand)
    x, w, t = df.select("a", "b").to_numpy().astype(float), weights["weight"].to_numpy(), df["t"].to_numpy()
    target = {"ATT": t, "ATC": ~t, "ATE": np.ones(len(t), dtype=bool)}[estimand]
    for group in (t, ~t):
        assert np.average(x[group], axis=0, weights=w[group]) == pytest.approx(
            x[target].mean(axis=0), abs=1e-9
        )
        assert w[group].sum() == pytest.approx(target.sum())


@settings(max_examples=40, deadline=None)
@given(seeds)
def test_overlap_weights_balance_exactly(seed: int) -> None:
    """Li, Morgan & Zaslavsky (2018), theorem 3: with a logistic score every covariate of it."""
    df = drawn(seed)
    w, t = weights_of(df, method="overlap")["weight"].to_numpy(), df["t"].to_numpy()
    x = df.select("a", "b").to_numpy().astype(float)
    one, two = (np.average(x[group], axis=0, weights=w[group]) for group in (t, ~t))
    assert one == pytest.approx(two, abs=1e-7)


@settings(max_examples=30, deadline=None)
@given(
    seeds,
    estimands,
    st.floats(-50, 50),
    st.sampled_from([1e-4, 0.3, 12.0, 1e5]),
    st.sampled_from([-1.0, 1.0]),
)
def test_units_of_covariates_and_outcome_do_not_matter(
    seed: int, estimand: str, shift: float, scale: float, sign: float
) -> None:
    """Covariates may be moved, scaled and turned round; the effect follows the unit of the outcome."""
    df = drawn(seed)
    other = df.with_columns(
        a=sign * scale * (pl.col("a") + shift), b=1 - pl.col("b").cast(float), y=3 * pl.col("y") + 7
    )
    for estimate in (
        lambda table: weigh(table, "t", ["a", "b"], estimand=estimand).effect("y"),  # type: ignore[arg-type]
        lambda table: weigh(table, "t", ["a", "b"], method="entropy", estimand=estimand).effect("y"),  # type: ignore[arg-type]
        lambda table: standardise(table, "y", "t", ["a", "b"], estimand=estimand),  # type: ignore[arg-type]
        lambda table: aipw(table, "y", "t", ["a", "b"], estimand=estimand, folds=1, trim=0),  # type: ignore[arg-type]
        lambda table: aipw(table, "y", "t", ["a", "b"], estimand=estimand, folds=2, trim=0),  # type: ignore[arg-type]
    ):
        try:
            one = estimate(df)
        except ValueError as reason:
            assume(not any(word in str(reason) for word in ("separate", "solution", "cannot be fitted")))
            raise
        two = estimate(other)
        assert two.estimate == pytest.approx(3 * one.estimate, rel=1e-5, abs=1e-6)
        assert two.se == pytest.approx(3 * one.se, rel=1e-5)
