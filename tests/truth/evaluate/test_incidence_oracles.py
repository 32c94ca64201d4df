"""Cumulative incidence and Gray's test against counting, independent implementations and simulation."""

import numpy as np
import polars as pl
import pytest
import surpyval
from hypothesis import given, settings
from hypothesis import strategies as st

from indsats.evaluate import cumulative_incidence, kaplan_meier, logrank


def ways_out(rows: int, groups: int, seed: int, weeks: float = 12) -> pl.DataFrame:
    """Weekly waits with many ties that end in three ways, at different paces in each group."""
    rng = np.random.default_rng(seed)
    group = rng.integers(0, groups, rows)
    wait = np.ceil(rng.exponential(weeks * (1 + 0.3 * group)))
    limit = rng.integers(1, 4 * int(weeks), rows)
    cause = np.where(wait <= limit, rng.choice([1, 2, 3], rows, p=[0.5, 0.3, 0.2]), 0)
    return pl.DataFrame({"t": np.minimum(wait, limit), "k": cause, "g": group})


@pytest.mark.parametrize(("rows", "groups", "seed"), [(60, 2, 1), (200, 2, 2), (300, 3, 3), (500, 5, 4)])
def test_gray_with_many_ties_equals_surpyval(rows: int, groups: int, seed: int) -> None:
    table = ways_out(rows, groups, seed)
    found = cumulative_incidence(table, "t", "k", "g").gray
    assert found is not None
    labels = [cause or None for cause in table["k"].to_list()]
    for cause, statistic, degrees, p in found.iter_rows():
        expected = surpyval.gray_test(table["t"].to_numpy(), labels, table["g"].to_list(), cause)
        assert (statistic, p) == pytest.approx((expected.statistic, expected.p_value), rel=1e-8)
        assert degrees == groups - 1


def test_gray_of_a_single_cause_is_close_to_the_logrank_test() -> None:
    """With one cause the risk sets are the plain ones, so only the variance is reckoned in another way."""
    table = ways_out(2000, 2, 7).with_columns(k=pl.col("k") > 0)
    found = cumulative_incidence(table, "t", "k", "g").gray
    assert found is not None
    assert found["statistic"][0] == pytest.approx(logrank(table, "t", "k", "g").statistic, rel=0.05)


def test_gray_rejects_one_true_null_in_twenty() -> None:
    """Groups alike in the cause but not in how they are censored."""
    rng = np.random.default_rng(11)
    rejected = 0
    for _ in range(200):
        group = rng.random(200) < 0.5
        wait, cause = np.ceil(rng.exponential(10, 200)), rng.integers(1, 3, 200)
        limit = np.where(group, 30, rng.integers(1, 40, 200))
        table = pl.DataFrame(
            {"t": np.minimum(wait, limit), "k": np.where(wait <= limit, cause, 0), "g": group}
        )
        found = cumulative_incidence(table, "t", "k", "g").gray
        assert found is not None
        rejected += found["p"][0] < 0.05
    assert 0.025 <= rejected / 200 <= 0.08


def test_bounds_cover_the_true_incidence_in_simulation() -> None:
    """Two causes of equal pace: by week 10 half of those who left did so by the first."""
    rng = np.random.default_rng(12)
    truth = (1 - np.exp(-10 / 15)) / 2
    inside = 0
    for _ in range(200):
        wait, limit = np.ceil(rng.exponential(15, 150)), rng.integers(4, 40, 150)
        cause = np.where(wait <= limit, rng.integers(1, 3, 150), 0)
        curves = cumulative_incidence(
            pl.DataFrame({"t": np.minimum(wait, limit), "k": cause}), "t", "k"
        ).curves
        read = curves.filter((pl.col("cause") == 1) & (pl.col("time") <= 10)).row(-1, named=True)
        inside += read["lower"] <= truth <= read["upper"]
    assert 0.91 <= inside / 200 <= 0.98


ROWS = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 2)), min_size=1, max_size=30).filter(
    lambda rows: any(cause for _, cause in rows)
)


@settings(max_examples=80, deadline=None)
@given(rows=ROWS)
def test_curves_count_people_and_add_up_with_those_who_stay(rows: list[tuple[int, int]]) -> None:
    table = pl.DataFrame(rows, schema=["t", "k"], orient="row")
    curves = cumulative_incidence(table, "t", "k").curves
    stays = kaplan_meier(table.with_columns(e=pl.col("k") > 0), "t", "e")
    assert (
        curves.drop_nulls("se")
        .filter((pl.col("lower") > pl.col("incidence")) | (pl.col("upper") < pl.col("incidence")))
        .is_empty()
    )
    total = np.zeros(stays.height)
    for (cause,), part in curves.group_by("cause", maintain_order=True):
        left, gone, expected = 1.0, 0.0, []
        for week in sorted({0, *(t for t, _ in rows)}):
            at_risk = sum(t >= week for t, _ in rows)
            gone += left * rows.count((week, cause)) / at_risk
            left *= 1 - sum(t == week and k > 0 for t, k in rows) / at_risk
            expected.append(gone)
        assert part["incidence"].to_list() == pytest.approx(expected, abs=1e-12)
        total += part["incidence"].to_numpy()
    assert total + stays["survival"].to_numpy() == pytest.approx(1)


@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.integers(0, 6), st.integers(0, 2), st.sampled_from("abc")), min_size=2, max_size=30
    ).filter(lambda rows: any(cause for _, cause, _ in rows)),
    names=st.permutations("xyz"),
)
@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_gray_does_not_depend_on_what_groups_are_called(
    rows: list[tuple[int, int, str]], names: list[str]
) -> None:
    """Also in tiny groups that are gone early, where a number is found or its want is said, never NaN."""
    table = pl.DataFrame(rows, schema=["t", "k", "g"], orient="row")
    one = cumulative_incidence(table, "t", "k", "g")
    renamed = table.with_columns(pl.col("g").replace_strict(dict(zip("abc", names, strict=True))))
    other = cumulative_incidence(renamed, "t", "k", "g")
    if one.gray is None or other.gray is None:
        assert one.gray is other.gray is None
        return
    untested = one.gray["statistic"].null_count()
    assert sum(caution.code == "cause-not-comparable" for caution in one.warnings) == untested
    for (_, *first), (_, *second) in zip(one.gray.iter_rows(), other.gray.iter_rows(), strict=True):
        assert (first[0] is None) == (second[0] is None)
        if first[0] is not None:
            assert first == pytest.approx(second, rel=1e-6, abs=1e-9)
            assert 0 <= first[2] <= 1
