"""Limits of the funnel: as wide as what is known of all, where answers about one person resemble one another."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indsats.figure import Figure
from indsats.run.barometer import design_effect
from indsats.steer.intervals import share_interval


def _all(value: float, size: int, effect: float) -> Figure:
    low, high = share_interval(np.array([value * size]), np.array([float(size)]), np.array([size / effect]))
    return Figure("all", value, "share", value * size, size, low=float(low[0]), high=float(high[0]))


@given(
    value=st.floats(min_value=0.02, max_value=0.98),
    size=st.integers(min_value=30, max_value=100_000),
    effect=st.floats(min_value=1.0, max_value=12.0),
)
def test_the_likeness_of_answers_is_the_one_the_interval_was_made_with(
    value: float, size: int, effect: float
) -> None:
    whole = _all(value, size, effect)
    if whole.low == 0.0 or whole.high == 1.0:
        return
    assert design_effect(whole) == pytest.approx(effect, rel=1e-6)


def test_without_an_interval_answers_are_taken_for_independent() -> None:
    assert design_effect(Figure("all", 0.7, "share", 70, 100)) == 1.0
    assert design_effect(Figure("all", 1.0, "share", 100, 100, low=0.9, high=1.0)) == 1.0
    assert design_effect(Figure("all", None, "share", 0, 0)) == 1.0
