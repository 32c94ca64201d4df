"""Alpha, omega and reliable change: what they do with missing answers, bad input and changed units."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indsats.measure.omega import mcdonald_omega
from indsats.measure.reliability import (
    cronbach_alpha,
    floor_and_ceiling,
    item_analysis,
    reliable_change,
    smallest_detectable_change,
    standard_error_of_measurement,
)

SEEDS = st.integers(0, 2**32 - 1)


def made(seed: int, n: int = 60, k: int = 4, *, rounded: bool = False) -> pl.DataFrame:
    """``n`` answers to ``k`` items that share one thing."""
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(n, 1)) + rng.normal(size=(n, k)) * rng.uniform(0.6, 1.5, k)
    return pl.DataFrame(np.rint(values) if rounded else values, schema=[f"i{i}" for i in range(k)])


def with_covariance(wanted: np.ndarray, n: int = 40) -> pl.DataFrame:
    """Answers whose covariance (divisor n − 1) is exactly ``wanted``."""
    rng = np.random.default_rng(0)
    raw = rng.normal(size=(n, len(wanted)))
    raw -= raw.mean(axis=0)
    white = raw @ np.linalg.inv(np.linalg.cholesky(raw.T @ raw / (n - 1))).T
    return pl.DataFrame(white @ np.linalg.cholesky(wanted).T, schema=[f"i{i}" for i in range(len(wanted))])


@given(SEEDS, st.floats(-1e3, 1e3), st.floats(0.01, 100))
@settings(max_examples=30, deadline=None)
def test_alpha_and_omega_do_not_change_with_the_units(seed: int, shift: float, scale: float) -> None:
    frame = made(seed)
    other = frame.select(pl.all() * scale).with_columns(pl.col("i1") + shift)
    before, after = (cronbach_alpha(one, one.columns) for one in (frame, other))
    assert (after.value, after.low, after.high) == pytest.approx(
        (before.value, before.low, before.high), rel=1e-6
    )
    assert after.mean_correlation == pytest.approx(before.mean_correlation, rel=1e-6)
    assert mcdonald_omega(other, other.columns).value == pytest.approx(
        mcdonald_omega(frame, frame.columns).value, rel=1e-6
    )


@given(st.floats(0.4, 2), st.lists(st.floats(0.3, 3), min_size=3, max_size=7))
@settings(max_examples=30, deadline=None)
def test_omega_is_alpha_when_all_items_load_alike(loading: float, own: list[float]) -> None:
    frame = with_covariance(np.full((len(own), len(own)), loading**2) + np.diag(own))
    found = mcdonald_omega(frame, frame.columns)
    assert found.value == pytest.approx(cronbach_alpha(frame, frame.columns).value, rel=1e-7)
    assert found.loadings == pytest.approx([loading] * len(own), rel=1e-6)
    assert found.uniquenesses == pytest.approx(own, rel=1e-6)
    assert found.chi_squared == pytest.approx(0, abs=1e-8)
    assert found.warnings == ()


@given(SEEDS)
@settings(max_examples=30, deadline=None)
def test_items_one_by_one_are_what_leaving_them_out_gives(seed: int) -> None:
    frame = made(seed, rounded=True)
    rows = item_analysis(frame, frame.columns)
    for row in rows.iter_rows(named=True):
        others = [item for item in frame.columns if item != row["item"]]
        assert row["alpha_if_dropped"] == pytest.approx(cronbach_alpha(frame, others).value, rel=1e-9)
        correlation = np.corrcoef(frame[row["item"]], frame.select(others).sum_horizontal())[0, 1]
        assert row["total_correlation"] == pytest.approx(correlation, rel=1e-9)
        assert (row["mean"], row["sd"]) == pytest.approx(
            (frame[row["item"]].mean(), frame[row["item"]].std()), abs=1e-12
        )


def test_rows_with_an_answer_missing_are_left_out_and_counted() -> None:
    frame = made(3)
    holed = pl.concat([frame, frame.head(3).with_columns(i0=pl.lit(None, pl.Float64))]).vstack(
        frame.head(2).with_columns(i2=pl.lit(float("nan")))
    )
    for function in (cronbach_alpha, mcdonald_omega):
        whole, found = function(frame, frame.columns), function(holed, frame.columns)
        assert (found.n, found.left_out) == (60, 5)
        assert found.value == pytest.approx(whole.value, rel=1e-12)
    assert item_analysis(holed, frame.columns)["n"].to_list() == [60] * 4


def test_items_that_say_the_same_have_alpha_1_and_no_interval() -> None:
    frame = pl.DataFrame({"a": [1, 2, 3, 5], "b": [2, 3, 4, 6]})
    found = cronbach_alpha(frame, ["a", "b"])
    assert found.value == pytest.approx(1)
    assert (found.low, found.high) == (None, None)


def test_an_item_against_the_others_is_told() -> None:
    frame = made(5, n=200).with_columns(i3=-pl.col("i3"))
    assert cronbach_alpha(frame, frame.columns).warnings == ("negative_item",)
    assert item_analysis(frame, frame.columns)["total_correlation"][3] < 0
    found = mcdonald_omega(frame, frame.columns)
    assert found.warnings == ("mixed_signs",)
    assert found.loadings[3] < 0 < min(found.loadings[:3])


def test_a_heywood_case_is_told() -> None:
    correlations = np.array([[1, 0.9, 0.8], [0.9, 1, 0.5], [0.8, 0.5, 1]])
    frame = with_covariance(correlations)
    found = mcdonald_omega(frame, frame.columns)
    assert "heywood" in found.warnings
    assert found.uniquenesses[0] == pytest.approx(0.005)
    assert 0 < found.value < 1


def test_two_factors_do_not_fit_one() -> None:
    wanted = np.eye(6)
    wanted[:3, :3] += 0.9
    wanted[3:, 3:] += 0.8
    wanted[:3, 3:] = wanted[3:, :3] = 0.2
    frame = with_covariance(wanted, n=300)
    found = mcdonald_omega(frame, frame.columns)
    assert found.p is not None
    assert found.p < 1e-6


def test_the_bootstrap_is_the_same_for_the_same_seed_and_holds_the_value() -> None:
    frame = made(8, n=120, rounded=True)
    one, again, other = (
        mcdonald_omega(frame, frame.columns, interval=True, draws=200, seed=seed) for seed in (4, 4, 5)
    )
    assert (one.low, one.high) == (again.low, again.high) != (other.low, other.high)
    assert one.low is not None
    assert one.high is not None
    assert one.low < one.value < one.high
    assert one.draws == 200
    assert mcdonald_omega(frame, frame.columns).low is None


GOOD = {"a": [1.0, 2, 3, 4, 2], "b": [2.0, 1, 4, 4, 3], "c": [1.0, 3, 3, 5, 1]}


@pytest.mark.parametrize(
    ("changed", "items", "message"),
    [
        ({}, ["a"], "at least 2 items, got 1"),
        ({}, ["a", "a"], "named more often: a"),
        ({}, ["a", "d"], "no column for these items: d"),
        ({"b": ["x", "y", "z", "x", "y"]}, ["a", "b"], "not numbers: b"),
        ({"b": [1.0, None, None, None, 2]}, ["a", "b"], "at least 3 rows .* 2 of 5 are"),
        ({"b": [None] * 5}, ["a", "b"], "0 of 5 are"),
        ({"b": [4.0] * 5}, ["a", "b"], "item b does not vary, all answered 4"),
        ({"b": [1.0, 2, float("inf"), 3, 1]}, ["a", "b"], "item b has a value that is not finite"),
        ({"b": [-1.0, -2, -3, -4, -2]}, ["a", "b"], "turn the reversed items round"),
    ],
)
def test_alpha_says_what_is_wrong(changed: dict[str, Any], items: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        cronbach_alpha(pl.DataFrame(GOOD | changed), items)


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (pl.DataFrame(GOOD).select("a", "b"), "at least 3 items, got 2"),
        (pl.DataFrame(GOOD).head(3), "more than 3 complete rows, got 3"),
        (pl.DataFrame(GOOD).with_columns(c=pl.col("a") + pl.col("b")), "follows from the others"),
    ],
)
def test_omega_says_what_is_wrong(frame: pl.DataFrame, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        mcdonald_omega(frame, frame.columns)


def test_floor_and_ceiling_warn_above_15_percent() -> None:
    values = [0.0] * 15 + [50.0] * 69 + [100.0] * 16
    found = floor_and_ceiling(pl.Series([*values, None, float("nan")]), 0, 100)
    assert (found.n, found.left_out) == (100, 2)
    assert (found.floor.count, found.floor.value) == (15, 0.15)
    assert (found.ceiling.count, found.ceiling.value) == (16, 0.16)
    assert found.ceiling.low < 0.16 < found.ceiling.high
    assert found.warnings == ("ceiling",)
    assert floor_and_ceiling([1, 2, 3], 0, 4).warnings == ("few",)


@pytest.mark.parametrize(
    ("values", "low", "high", "message"),
    [
        ([], 0, 4, "nobody has a score"),
        ([None, None], 0, 4, "nobody has a score"),
        ([1, 5, 7], 0, 4, "2 scores lie off 0 to 4"),
        ([1, 2], 4, 0, "must be above"),
        ([1, float("inf")], 0, 4, "not finite"),
        ([[1, 2]], 0, 4, "one column"),
    ],
)
def test_floor_and_ceiling_says_what_is_wrong(values: Any, low: float, high: float, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        floor_and_ceiling(values, low, high)


@given(st.floats(0.01, 1e3), st.floats(0, 0.999), st.integers(8, 1000))
def test_the_smallest_detectable_change_is_above_the_error(sd: float, reliability: float, n: int) -> None:
    error = standard_error_of_measurement(sd, reliability)
    one = smallest_detectable_change(sd, reliability)
    assert one > error
    assert one == pytest.approx(1.96 * np.sqrt(2) * sd * np.sqrt(1 - reliability))
    assert smallest_detectable_change(sd, reliability, n) == pytest.approx(one / np.sqrt(n))


@pytest.mark.parametrize(
    ("sd", "reliability", "n", "message"),
    [
        (-1, 0.8, 1, "zero or more"),
        (float("nan"), 0.8, 1, "zero or more"),
        (1, 1.2, 1, "between 0 and 1"),
        (1, -0.1, 1, "between 0 and 1"),
        (1, 0.8, 0, "at least one person"),
    ],
)
def test_an_error_of_measurement_says_what_is_wrong(
    sd: float, reliability: float, n: int, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        smallest_detectable_change(sd, reliability, n)


def test_a_change_is_reliable_beyond_the_threshold_and_not_at_it() -> None:
    threshold = smallest_detectable_change(10, 0.8)
    first = [50.0, 50, 50, 50, 50, None, 50]
    last = [50 + threshold, 50 + 1.001 * threshold, 50 - 1.001 * threshold, 50, 50 - threshold, 60, None]
    found = reliable_change(pl.Series(first), pl.Series(last), sd=10, reliability=0.8)
    assert found["verdict"].to_list() == ["same", "better", "worse", "same", "same", None, None]
    assert found["index"][1] == pytest.approx(1.96 * 1.001)
    assert found["change"][5] is None
    lower = reliable_change(first, last, sd=10, reliability=0.8, better="lower")
    assert lower["verdict"].to_list() == ["same", "worse", "better", "same", "same", None, None]
    neither = reliable_change(first, last, sd=10, reliability=0.8, better="neither")
    assert neither["verdict"].to_list() == [None] * 7
    assert neither.schema == found.schema == {"change": pl.Float64, "index": pl.Float64, "verdict": pl.String}


@pytest.mark.parametrize(("sd", "reliability"), [(0, 0.8), (10, 1)])
def test_no_error_of_measurement_gives_no_verdict(sd: float, reliability: float) -> None:
    with pytest.raises(ValueError, match="no error of measurement"):
        reliable_change([1], [2], sd=sd, reliability=reliability)


def test_columns_of_unequal_length_are_refused() -> None:
    with pytest.raises(ValueError, match="1 and 2 rows"):
        reliable_change([1], [2, 3], sd=1, reliability=0.5)


def test_a_scale_that_gets_better_some_other_way_is_refused() -> None:
    with pytest.raises(ValueError, match="higher, lower, neither, got up"):
        reliable_change([1], [2], sd=1, reliability=0.5, better="up")  # type: ignore[arg-type]


def test_yes_and_no_are_numbers() -> None:
    frame = made(1).select(pl.all() > 0)
    same = cronbach_alpha(frame.cast(pl.Int8), frame.columns)
    assert cronbach_alpha(frame, frame.columns) == same
