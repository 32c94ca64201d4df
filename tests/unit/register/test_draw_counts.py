"""Quotas made whole, and the cube method: totals kept, chances kept."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from indsats.register.draw.allocation import allocate, whole_sizes
from indsats.register.draw.cube import cube


def hamilton(strata: list[int], size: int) -> list[Fraction]:
    """Remainders of the strata's quotas."""
    return [Fraction(size * count, sum(strata)) % 1 for count in strata]


counts_of_strata = st.lists(st.integers(1, 40), min_size=1, max_size=6)


@settings(deadline=None)
@given(counts_of_strata, st.data())
def test_strata_give_their_share_up_to_rounding_by_the_largest_remainder(
    strata: list[int], data: st.DataObject
) -> None:
    size = data.draw(st.integers(0, sum(strata)))
    rng = np.random.default_rng(0)
    found = allocate(strata, [size], "proportional", "largest_remainder", rng.random)[:, 0]
    assert found.sum() == size
    up = []
    for count, whole, remainder in zip(strata, found, hamilton(strata, size), strict=True):
        quota = Fraction(size * count, sum(strata))
        assert int(whole) - quota in (-remainder, 1 - remainder if remainder else 0)
        up.append((remainder, int(whole) > quota))
    rounded_up = [remainder for remainder, is_up in up if is_up]
    rounded_down = [remainder for remainder, is_up in up if not is_up]
    assert not rounded_up or not rounded_down or min(rounded_up) >= max(rounded_down)


@settings(deadline=None)
@given(
    counts_of_strata, st.sampled_from(["largest_remainder", "equal_chance"]), st.integers(0, 99), st.data()
)
def test_with_several_groups_every_count_is_its_quota_up_or_down_and_no_total_is_lost(
    strata: list[int], rounding: str, seed: int, data: st.DataObject
) -> None:
    first = data.draw(st.integers(0, sum(strata)))
    second = data.draw(st.integers(0, sum(strata) - first))
    rng = np.random.default_rng(seed)
    found = allocate(strata, [first, second], "proportional", rounding, rng.random)  # type: ignore[arg-type]
    assert found.sum(axis=0).tolist() == [first, second]
    assert (found.sum(axis=1) <= strata).all()
    quotas = np.outer(strata, [first, second]) / sum(strata)
    assert (np.abs(found - quotas) < 1).all()
    left = np.array(strata) - found.sum(axis=1)
    assert (np.abs(left - (np.array(strata) - quotas.sum(axis=1))) < 1).all()


def test_random_rounding_keeps_every_quota_on_average() -> None:
    strata, sizes = [10, 7, 3, 1], [5, 6]
    rng = np.random.default_rng(3)
    runs = 3000
    mean = (
        sum(allocate(strata, sizes, "proportional", "equal_chance", rng.random) for _ in range(runs)) / runs
    )
    quotas = np.outer(strata, sizes) / 21
    error = np.sqrt((quotas % 1) * (1 - quotas % 1) / runs)
    assert (np.abs(mean - quotas) <= 4 * error + 1e-12).all()


def test_ties_between_strata_are_settled_at_random() -> None:
    rng = np.random.default_rng(3)
    first = [
        int(allocate([4, 4, 4], [4], "proportional", "largest_remainder", rng.random)[0, 0])
        for _ in range(90)
    ]
    assert stats.binomtest(first.count(2), 90, 1 / 3).pvalue > 1e-3


@pytest.mark.parametrize(
    ("wanted", "available", "sizes"),
    [
        ([0.5, 0.5], 7, [4, 3]),
        ([0.3, 0.3, 0.4], 10, [3, 3, 4]),
        ([1 / 3, 1 / 3, 1 / 3], 100, [34, 33, 33]),
        ([1.0], 9, [9]),
        ([1], 9, [1]),
        ([0.25], 10, [3]),
        ([0.25], 9, [2]),
        ([3, 0.1], 20, [3, 2]),
        ([0.0], 9, [0]),
        ([], 0, []),
    ],
)
def test_shares_are_made_whole_by_the_largest_remainder(
    wanted: list[int | float], available: int, sizes: list[int]
) -> None:
    assert whole_sizes(wanted, available) == sizes


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 11))
def test_the_cube_meets_totals_exactly_where_whole_people_allow_it(seed: int, size: int) -> None:
    """Half men and half women, a whole number of each wanted: the size and both counts are met."""
    rng = np.random.default_rng(seed)
    sex = np.repeat([0.0, 1.0], 12)
    order = rng.permutation(24)
    taken = np.zeros(24, dtype=bool)
    constraints = np.column_stack([np.ones(24), sex])
    taken[order] = cube(np.full(24, size / 12), constraints[order], rng.random)
    assert taken[:12].sum() == taken[12:].sum() == size


def test_the_cube_keeps_chances_that_differ() -> None:
    rng = np.random.default_rng(5)
    chances = np.array([0.1, 0.9, 0.3, 0.7, 0.5, 0.2, 0.8, 0.5])
    constraints = np.column_stack([np.ones(8), np.arange(8.0) ** 2, rng.normal(size=8)])
    runs = 2000
    taken = sum(cube(chances, constraints, rng.random).astype(int) for _ in range(runs))
    tests = [stats.binomtest(int(n), runs, p).pvalue for n, p in zip(taken, chances, strict=True)]  # type: ignore
    assert min(tests) > 1e-3 / 8


def test_the_cube_takes_the_certain_leaves_the_impossible_and_bears_columns_that_say_nothing_new() -> None:
    chances = np.array([1.0, 0.0, 0.5, 0.5, 0.5, 0.5])
    ones = np.ones(6)
    constraints = np.column_stack([ones, ones, np.arange(6.0), 2 * np.arange(6.0) + 1])
    for seed in range(20):
        taken = cube(chances, constraints, np.random.default_rng(seed).random)
        assert taken[0]
        assert not taken[1]
        assert taken.sum() == 3
