"""Agreement: what must hold whatever the ratings, and what is said when there is nothing to judge."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from indsats.measure.agreement import icc, rater_gap
from indsats.measure.agreement import test_retest as retest
from indsats.measure.kappa import weighted_kappa

POINTS = range(1, 6)
RATINGS = st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), min_size=5, max_size=60)


def apart(pairs: list[tuple[int, int]]) -> tuple[list[int], list[int]]:
    first, second = [list(side) for side in zip(*pairs, strict=True)]
    assume(len({a + b for a, b in pairs}) > 1)
    return first, second


@given(RATINGS)
@settings(max_examples=60, deadline=None)
def test_turning_the_raters_round_turns_the_gap_and_nothing_else(pairs: list[tuple[int, int]]) -> None:
    first, second = apart(pairs)
    one, other = rater_gap(first, second, points=POINTS), rater_gap(second, first, points=POINTS)
    assert one.agreement.gap == pytest.approx(-other.agreement.gap)
    if one.agreement.low is not None:
        assert (one.agreement.low, one.agreement.high) == pytest.approx(
            (-(other.agreement.high or 0), -(other.agreement.low or 0))
        )
        assert one.agreement.p == pytest.approx(other.agreement.p)
    assert one.agreement.agreement.value == pytest.approx(other.agreement.agreement.value)
    assert one.agreement.lower.value == pytest.approx(-other.agreement.upper.value)
    assert one.same == other.same
    assert one.quadratic is not None
    assert other.quadratic is not None
    assert (one.quadratic.value, one.quadratic.se) == pytest.approx(
        (other.quadratic.value, other.quadratic.se)
    )


@given(RATINGS)
@settings(max_examples=60, deadline=None)
def test_bounds_hold_the_value_and_detectable_is_above_the_error(pairs: list[tuple[int, int]]) -> None:
    first, second = apart(pairs)
    table = icc(np.column_stack([first, second]))
    for form, one in table.forms.items():
        assert one.value <= 1 + 1e-12
        # Below zero the degrees of freedom of these two can be so few that their interval misses.
        if one.low is not None and one.high is not None and (one.value >= 0 or form[0] != "2"):
            assert one.low <= one.value + 1e-9
            assert one.value <= one.high + 1e-9
    found = retest(first, second)
    assert found.detectable >= found.error >= found.own_error
    assert found.detectable > found.error or found.error == 0
    assert found.detectable_mean == pytest.approx(found.detectable / np.sqrt(len(pairs)))
    assert found.gap_sd == pytest.approx(np.std(np.subtract(second, first), ddof=1), abs=1e-7)


@given(st.lists(st.floats(-100, 100), min_size=3, max_size=40), st.floats(-1e3, 1e3))
@settings(max_examples=60, deadline=None)
def test_perfect_agreement_is_1_and_claims_no_certainty(values: list[float], shift: float) -> None:
    assume(np.ptp(values) > 0.1)
    found = retest(values, values)
    for one in (found.agreement, found.consistency, *icc(np.column_stack([values] * 3)).forms.values()):
        assert one.value == 1
        assert (one.low, one.high) == (None, None)
    assert (found.error, found.gap, found.p, found.low) == (0, 0, None, None)
    assert found.warnings == ("no_spread",)
    moved = retest(values, np.asarray(values) + shift)
    assert moved.consistency.value == pytest.approx(1)
    assert moved.gap == pytest.approx(shift, abs=1e-9)


@given(st.lists(st.integers(1, 5), min_size=3, max_size=40))
@settings(max_examples=40, deadline=None)
def test_perfect_agreement_gives_kappa_1(ratings: list[int]) -> None:
    assume(len(set(ratings)) > 1)
    for weights in ("quadratic", "linear", "none"):
        found = weighted_kappa(ratings, ratings, points=POINTS, weights=weights)
        assert found.value == pytest.approx(1)
        assert found.se == pytest.approx(0, abs=1e-7)
    both = rater_gap(ratings, ratings, points=POINTS)
    assert both.same.value == 1
    assert both.same.low < 1


def test_quadratic_kappa_is_the_agreement_of_intraclass_correlation_in_large_numbers() -> None:
    """Fleiss & Cohen (1973): the same but for terms of 1/n."""
    rng = np.random.default_rng(6)
    true = rng.normal(size=50_000)
    first, second = (np.clip(np.rint(3 + true + rng.normal(size=true.size) * 0.7), 1, 5) for _ in range(2))
    found = rater_gap(first, second, points=POINTS)
    assert found.quadratic is not None
    assert found.quadratic.value == pytest.approx(found.agreement.agreement.value, abs=1e-4)


def test_a_gap_of_one_point_is_found() -> None:
    first = [1, 2, 3, 4, 2, 3, 1, 4]
    second = [2, 3, 4, 5, 3, 4, 2, 4]
    found = rater_gap(pl.Series(first), pl.Series(second), points=POINTS)
    assert found.agreement.gap == 0.875
    assert found.agreement.p is not None
    assert found.agreement.p < 0.001
    assert (found.same.count, found.same.value) == (1, 0.125)
    assert found.agreement.consistency.value > found.agreement.agreement.value
    assert found.linear is not None
    assert found.linear.weights == "linear"
    assert rater_gap(first, second).quadratic is None


def test_pairs_with_one_missing_are_left_out_and_counted() -> None:
    first, second = [1, 2, 3, 4, None, 2], [1, 3, 3, 5, 4, None]
    found = rater_gap(first, second, points=POINTS)  # type: ignore[arg-type]
    whole = rater_gap(first[:4], second[:4], points=POINTS)  # type: ignore[arg-type]
    assert (found.agreement.n, found.agreement.left_out) == (4, 2)
    assert found.agreement.gap == whole.agreement.gap == 0.5
    assert found.quadratic is not None
    assert whole.quadratic is not None
    assert (found.quadratic.value, found.quadratic.left_out) == (whole.quadratic.value, 2)
    assert found.same == whole.same
    three = icc(pl.DataFrame({"a": [1, 2, 3, None], "b": [1, 2, 4, 5], "c": [2, 2, 4, 5]}))
    assert (three.n, three.raters, three.left_out) == (3, 3, 1)


def test_points_nobody_used_do_not_change_kappa_and_gaps_between_points_count() -> None:
    first, second = [1, 2, 2, 4, 4, 1], [1, 2, 4, 4, 2, 1]
    used = weighted_kappa(first, second, points=[1, 2, 4])
    assert weighted_kappa(first, second, points=range(9)).value == pytest.approx(used.value)
    assert weighted_kappa(first, second, points=range(9)).se == pytest.approx(used.se)
    renamed = {1: 1, 2: 2, 4: 3}
    even = weighted_kappa([renamed[x] for x in first], [renamed[x] for x in second], points=[1, 2, 3])
    assert even.value != pytest.approx(used.value)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: icc([[1.0], [2.0], [3.0]]), "at least two raters, got 1"),
        (lambda: icc([[1, 2], [2, 3]]), "at least 3 people with every rating, 2 of 2"),
        (lambda: icc([[1, np.nan], [2, 3], [3, 3]]), "2 of 3 have"),
        (lambda: icc([1, 2, 3]), "people by raters"),
        (lambda: icc([[1, np.inf], [2, 3], [3, 3]]), "not finite"),
        (lambda: icc([[2, 2]] * 4), "do not differ"),
        (lambda: icc([[1, 2]] * 4), "do not differ"),
        (lambda: retest([1, 2, 3], [1, 2]), "3 and 2 rows"),
        (lambda: weighted_kappa([1, 2], [1, 2], points=POINTS), "at least 3 people"),
        (
            lambda: weighted_kappa([1, 2, 9, 8], [1, 2, 3, 3], points=POINTS),
            "2 ratings, 9 the first, are none",
        ),
        (lambda: weighted_kappa([1, 2, 2.5], [1, 2, 3], points=POINTS), "2.5 the first"),
        (lambda: weighted_kappa([2, 2, 2], [2, 2, 2], points=POINTS), "the same point"),
        (lambda: weighted_kappa([2, 2, 2], [2, 2, 2], points=[2]), "the same point"),
        (lambda: weighted_kappa([2, 2, 2], [2, 2, 2], points=[]), "points of a scale"),
    ],
)
def test_agreement_says_what_is_wrong(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


def test_raters_who_contradict_each_other_have_no_mean_to_rely_on() -> None:
    found = icc([[1, 4], [2, 3], [2, 3], [3, 1], [2, 2]]).forms
    assert found["2,1"].value <= -0.9
    assert found["2,k"].value == -np.inf
    assert found["2,k"].low is None
