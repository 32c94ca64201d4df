"""Ranks and the sets of ranks: against a slow one written from the definition, and against simulated truth."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indsats.evaluate import wilson_interval
from indsats.steer.ranks import (
    between_variance,
    effective_sizes,
    outer_quarters,
    rank_sets,
    ranks,
    share_errors,
)

LEVELS = st.lists(st.tuples(st.integers(-20, 20), st.integers(1, 20)), min_size=2, max_size=8)


def slow(values: list[float], errors: list[float], place: int, drawn: np.ndarray) -> tuple[int, int]:
    """The marginal set of one place, hypothesis by hypothesis: (a, b) claims that a is not above b."""
    count = len(values)
    left = {(place, k) for k in range(count) if k != place} | {(k, place) for k in range(count) if k != place}
    surely: set[tuple[int, int]] = set()
    while left:
        largest = []
        for z in drawn:
            of = [(z[a] - z[b]) / np.hypot(errors[a], errors[b]) for a, b in left]
            largest.append(max(of))
        critical = np.quantile(largest, 0.95)
        found = {
            (a, b) for a, b in left if (values[a] - values[b]) / np.hypot(errors[a], errors[b]) > critical
        }
        if not found:
            break
        surely |= found
        left -= found
    above = sum(b == place for _, b in surely)
    below = sum(a == place for a, _ in surely)
    return above + 1, count - below


@settings(max_examples=15, deadline=None)
@given(LEVELS)
def test_the_sets_are_those_of_the_definition(levels: list[tuple[int, int]]) -> None:
    values, errors = [v / 4 for v, _ in levels], [e / 10 for _, e in levels]
    draws = 300
    drawn = np.random.default_rng(4).standard_normal((draws, len(values))) * errors
    found = rank_sets(values, errors, draws=draws, seed=4)
    expected = [slow(values, errors, place, drawn) for place in range(len(values))]
    # single precision may turn a value that equals its limit
    off = [
        abs(a - low) + abs(b - high)
        for a, b, (low, high) in zip(found.low, found.high, expected, strict=True)
    ]
    assert sum(off) <= 1


@given(LEVELS)
@settings(max_examples=25, deadline=None)
def test_a_set_holds_its_rank_and_all_at_once_are_wider(levels: list[tuple[int, int]]) -> None:
    values, errors = [v / 4 for v, _ in levels], [e / 10 for _, e in levels]
    one, all_ = rank_sets(values, errors), rank_sets(values, errors, together=True)
    assert (one.low <= one.rank).all()
    assert (one.rank <= one.high).all()
    assert all_.low.sum() <= one.low.sum() + 1
    assert all_.high.sum() >= one.high.sum() - 1


def test_equal_levels_share_the_better_rank() -> None:
    assert ranks([0.3, 0.5, 0.5, 0.1]).tolist() == [3, 1, 1, 4]
    assert ranks([1 / 3, 0.1 + 0.2, 0.3]).tolist() == [1, 2, 2]


def test_far_apart_there_is_one_possible_rank() -> None:
    found = rank_sets([1.0, 3.0, 2.0], [0.01, 0.01, 0.01])
    assert found.low.tolist() == found.high.tolist() == [3, 1, 2]


def test_without_any_error_the_order_is_sure_and_equals_may_stand_either_way() -> None:
    found = rank_sets([1.0, 2.0, 1.0], [0.0, 0.0, 0.0])
    assert list(zip(found.low, found.high, strict=True)) == [(2, 3), (1, 1), (2, 3)]


def test_the_same_seed_gives_the_same_sets() -> None:
    values, errors = np.sin(np.arange(30)), np.full(30, 0.3)
    first, second = rank_sets(values, errors), rank_sets(values, errors)
    assert (first.low == second.low).all()
    assert (first.high == second.high).all()


@pytest.mark.parametrize(
    "bad", [([1.0], [1.0]), ([1.0, 2.0], [1.0, -1.0]), ([1.0, float("nan")], [1.0, 1.0])]
)
def test_what_cannot_be_ranked_is_refused(bad: tuple[list[float], list[float]]) -> None:
    with pytest.raises(ValueError, match="ranks need"):
        rank_sets(*bad)


def covered(truth: np.ndarray, errors: np.ndarray, repeats: int, *, together: bool = False) -> float:
    """How often the sets hold the true ranks: of each place, or of all at once."""
    rng = np.random.default_rng(11)
    low = (truth[None, :] > truth[:, None]).sum(axis=1) + 1
    high = len(truth) - (truth[None, :] < truth[:, None]).sum(axis=1)
    held = []
    for _ in range(repeats):
        found = rank_sets(
            truth + errors * rng.standard_normal(len(truth)), errors, draws=500, together=together
        )
        inside = (found.low <= low) & (found.high >= high)
        held.append(inside.all() if together else inside.mean())
    return float(np.mean(held))


TRUTHS = {
    "equal": np.full(10, 0.4),
    "near ties": 0.4 + 0.001 * np.arange(10),
    "two groups": np.repeat([0.2, 0.6], 5),
    "spread": np.linspace(0.1, 0.9, 10),
}


@pytest.mark.parametrize("truth", TRUTHS.values(), ids=TRUTHS)
def test_sets_hold_the_true_rank_at_least_95_times_in_a_hundred(truth: np.ndarray) -> None:
    errors = np.linspace(0.05, 0.15, 10)
    repeats = 300
    # two standard errors below 0.95; the places of one draw are alike, so each draw counts once
    assert covered(truth, errors, repeats) >= 0.95 - 2 * np.sqrt(0.95 * 0.05 / repeats)
    assert covered(truth, errors, repeats, together=True) >= 0.95 - 2 * np.sqrt(0.95 * 0.05 / repeats)


def test_of_equals_the_set_is_nearly_all_ranks() -> None:
    rng = np.random.default_rng(2)
    widths = []
    for _ in range(40):
        found = rank_sets(rng.standard_normal(12), np.ones(12), draws=500)
        widths.append((found.high - found.low + 1).mean())
    assert np.mean(widths) > 11.5


def test_nobody_of_three_has_an_error_and_sets_of_small_shares_hold_the_truth() -> None:
    errors = share_errors([0, 20, 30], [3, 50, 60])
    assert errors[0] > 0.2
    rng = np.random.default_rng(5)
    missed = {"ours": 0, "plain": 0}
    for _ in range(120):
        people = rng.integers(3, 16, 15)
        number = rng.binomial(people, 0.5)
        share = number / people
        for name, error in (
            ("ours", share_errors(number, people)),
            ("plain", np.sqrt(share * (1 - share) / people)),
        ):
            found = rank_sets(share, error, draws=400)
            missed[name] += int(((found.low > 1) | (found.high < 15)).sum())
    # within two standard errors of 120 draws, in which all places tend to miss at once
    assert missed["ours"] / (120 * 15) < 0.05 + 2 * np.sqrt(0.05 * 0.95 / 120)
    assert missed["plain"] > 2 * missed["ours"]  # the plain error is 0 for none of three


def test_a_share_is_worth_as_many_people_as_its_interval_says() -> None:
    for hits, people in ((0, 3), (3, 3), (7, 40), (500, 900)):
        bounds = wilson_interval(hits, people)
        worth = effective_sizes([hits / people], [bounds.low], [bounds.high])
        assert worth[0] == pytest.approx(people, rel=1e-9)


def test_a_small_place_is_not_both_the_best_and_the_worst() -> None:
    values = np.array([0.0, *np.linspace(0.3, 0.5, 19)])
    errors = np.array([0.25, *np.full(19, 0.03)])
    best, worst = outer_quarters(values, errors)
    assert best.sum() == pytest.approx(5)
    assert worst.sum() == pytest.approx(5)
    assert worst[1] > 0.9  # low and well known
    assert worst[0] < 0.8  # lower still, and hardly known


def test_where_nothing_differs_beyond_chance_every_place_has_the_same_chance() -> None:
    best, worst = outer_quarters(np.array([0.1, 0.11, 0.12, 0.09]), np.full(4, 0.2))
    assert best.tolist() == worst.tolist() == [0.25] * 4


def test_said_chances_come_true() -> None:
    rng = np.random.default_rng(8)
    said, came = [], []
    for _ in range(150):
        truth = rng.normal(0.5, 0.1, 24)
        errors = rng.uniform(0.03, 0.15, 24)
        best, _ = outer_quarters(truth + errors * rng.standard_normal(24), errors, draws=800)
        said.append(best)
        came.append(ranks(truth) <= 6)
    said, came = np.concatenate(said), np.concatenate(came)
    for low, high in ((0.0, 0.2), (0.4, 0.6), (0.8, 1.0)):
        inside = (said >= low) & (said <= high)
        assert came[inside].mean() == pytest.approx(said[inside].mean(), abs=0.06)


def test_between_variance_is_the_moment_estimate() -> None:
    values, errors = np.array([1.0, 3.0]), np.array([1.0, 1.0])
    # Q = 2, one degree of freedom, scale 2 − 1
    assert between_variance(values, errors) == pytest.approx(1.0)
