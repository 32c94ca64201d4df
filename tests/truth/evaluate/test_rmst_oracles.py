"""Restricted mean time against means of complete waits, independent implementations and simulation."""

import numpy as np
import polars as pl
import pytest
import surpyval
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter
from lifelines.datasets import load_lung
from lifelines.utils import restricted_mean_survival_time

from indsats.evaluate import difference_in_means, restricted_mean, restricted_mean_difference


@pytest.fixture(scope="module")
def lung() -> pl.DataFrame:
    return pl.from_pandas(load_lung()).with_columns(female=pl.col("sex") == 2)


@pytest.mark.parametrize("horizon", [90.5, 365, 765])
def test_lung_equals_lifelines_and_surpyval(lung: pl.DataFrame, horizon: float) -> None:
    effect = restricted_mean_difference(lung, "time", "status", "female", horizon=horizon)
    fits = []
    for female, mean in ((True, effect.mean_treated), (False, effect.mean_control)):
        part = lung.filter(pl.col("female") == female)
        times, ended = part["time"].to_numpy(), part["status"].to_numpy()
        fitter = KaplanMeierFitter().fit(times, ended)
        assert mean == pytest.approx(restricted_mean_survival_time(fitter, t=horizon))
        fits.append(surpyval.KaplanMeier.fit(times, c=1 - ended))
    expected = surpyval.rmst_diff(*fits, tau=horizon)
    assert (effect.estimate, effect.se, effect.p) == pytest.approx(
        tuple(expected[name] for name in ("difference", "se", "p_value"))
    )
    assert effect.interval == pytest.approx((expected["lower"], expected["upper"]))


@settings(max_examples=50, deadline=None)
@given(
    waits=st.lists(st.integers(0, 20), min_size=2, max_size=30),
    horizon=st.floats(0.5, 25),
)
def test_when_nobody_is_censored_it_is_the_mean_of_shortened_waits(waits: list[int], horizon: float) -> None:
    table = pl.DataFrame({"t": waits, "e": True})
    found = restricted_mean(table, "t", "e", horizon=horizon).row(0, named=True)
    short = np.minimum(waits, horizon)
    assert found["mean"] == pytest.approx(short.mean())
    assert found["se"] or pytest.approx(short.std() / np.sqrt(len(short)), abs=1e-9) == 0.0


def test_difference_without_censoring_is_nearly_that_of_welch() -> None:
    rng = np.random.default_rng(3)
    table = pl.DataFrame({"treated": rng.random(4000) < 0.4}).with_columns(
        t=pl.Series(np.ceil(rng.exponential(30, 4000))), e=True
    )
    effect = restricted_mean_difference(table, "t", "e", "treated", horizon=26)
    welch = difference_in_means(
        table.with_columns(short=pl.col("t").clip(upper_bound=26)), "short", variance="welch"
    )
    assert effect.estimate == pytest.approx(welch.estimate)
    assert effect.se == pytest.approx(welch.se, rel=1e-3)


def test_interval_covers_the_true_difference_in_simulation() -> None:
    """The mean of an exponential wait of mean m, cut at h, is m (1 − exp(−h / m))."""
    rng = np.random.default_rng(4)
    truth = 20 * (1 - np.exp(-26 / 20)) - 30 * (1 - np.exp(-26 / 30))
    inside = 0
    for _ in range(200):
        treated = rng.random(300) < 0.5
        wait, limit = rng.exponential(np.where(treated, 20, 30)), rng.uniform(10, 60, 300)
        table = pl.DataFrame({"t": np.minimum(wait, limit), "e": wait <= limit, "treated": treated})
        low, high = restricted_mean_difference(table, "t", "e", "treated", horizon=26).interval
        inside += low <= truth <= high
    assert 0.91 <= inside / 200 <= 0.98
