"""Control charts: what they call a shift, a single month, noise and too little, and how often they are wrong."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indsats.steer import control_chart, signals
from indsats.steer.control import ControlKind


def series(n: Sequence[float | None], d: float | list[float] = 40.0) -> pl.DataFrame:
    sizes = d if isinstance(d, list) else [d] * len(n)
    return pl.DataFrame({"n": n, "d": sizes}, schema={"n": pl.Float64, "d": pl.Float64})


SWINGS: list[float | None] = [12, 10, 13, 9, 12, 11, 14, 10, 9, 13, 11, 12]


def test_swings_about_a_line_are_noise() -> None:
    assert signals(control_chart(series(SWINGS), "p")).verdict == "noise"


def test_a_single_month_far_out_is_named_and_does_not_hide_itself() -> None:
    found = control_chart(series([*SWINGS[:6], 32, *SWINGS[6:]]), "p")
    assert found["outside"].arg_true().to_list() == [6]
    said = signals(found)
    assert (said.verdict, said.outside, said.widened) == ("outlier", 1, 1.0)


def test_a_later_level_against_a_frozen_baseline_is_a_shift() -> None:
    later = [16, 17, 15, 16, 18, 15, 16, 17]
    found = control_chart(series([*SWINGS, *later]), "p", baseline=12)
    said = signals(found, baseline=12)
    assert (said.verdict, said.direction) == ("shift", "up")
    assert said.centre == pytest.approx(sum(x or 0 for x in SWINGS) / 480)


@pytest.mark.parametrize("kind", ["p", "u", "c", "xmr"])
def test_a_series_without_a_month_says_that_twelve_are_needed(kind: ControlKind) -> None:
    said = signals(control_chart(series([]), kind))
    assert (said.verdict, said.months, said.needed, said.centre) == ("too_few", 0, 12, None)


def test_eleven_months_are_too_few_and_one_more_is_needed() -> None:
    said = signals(control_chart(series(SWINGS[:11]), "p"))
    assert (said.verdict, said.needed) == ("too_few", 1)


def test_rare_events_say_nothing_month_by_month() -> None:
    said = signals(control_chart(series([0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0], 1.0), "c"))
    assert (said.verdict, said.longest_run) == ("too_few", None)


def test_a_gap_stays_a_gap_and_no_range_reaches_across_it() -> None:
    found = control_chart(series([10, 11, None, 30, 31, 30], 1.0), "xmr")
    assert found["value"].to_list()[2] is found["low"].to_list()[2] is None
    mean = (10 + 11 + 30 + 31 + 30) / 5
    assert found["high"][0] == pytest.approx(mean + 3 * 1.0 / 1.128)


def test_a_baseline_of_all_or_none_leaves_no_limits() -> None:
    found = control_chart(series([40.0] * 12 + [39.0]), "p", baseline=12)
    assert found["low"].null_count() == found.height
    assert not found["outside"].any()


def test_a_baseline_longer_than_the_series_is_refused() -> None:
    with pytest.raises(ValueError, match="baseline of 13"):
        control_chart(series(SWINGS), "p", baseline=13)


@given(st.lists(st.integers(0, 40), min_size=1, max_size=30))
def test_limits_hold_the_centre_and_stay_on_the_scale(counts: list[int]) -> None:
    found = control_chart(series([float(n) for n in counts]), "p").drop_nulls()
    assert (found["low"] >= 0).all()
    assert (found["high"] <= 1).all()
    assert ((found["low"] <= found["centre"]) & (found["centre"] <= found["high"])).all()


@pytest.mark.parametrize(("level", "size"), [(0.4, 50), (0.2, 8), (0.03, 40)])
def test_stable_series_are_rarely_called_more_than_noise(level: float, size: int) -> None:
    """Of 24 stable months about 6 % are called a shift or a single month (the rules and limits together)."""
    random = np.random.default_rng(20160101)
    alarms = sum(
        signals(
            control_chart(series(list(random.binomial(size, level, 24).astype(float)), size), "p")
        ).verdict
        in ("shift", "outlier")
        for _ in range(200)
    )
    assert alarms <= 0.13 * 200


def test_a_planted_shift_is_found() -> None:
    random = np.random.default_rng(20160102)
    levels = np.repeat([0.4, 0.6], 12)
    found = sum(
        signals(
            control_chart(series(list(random.binomial(50, levels).astype(float)), 50), "p", baseline=12),
            baseline=12,
        ).verdict
        == "shift"
        for _ in range(100)
    )
    assert found >= 90


def test_months_of_thousands_that_truly_differ_are_widened_and_not_called_shifts() -> None:
    random = np.random.default_rng(20160103)
    called = 0
    for _ in range(100):
        counts = random.binomial(2000, np.clip(random.normal(0.4, 0.05, 24), 0, 1)).astype(float)
        charted = control_chart(series(list(counts), 2000), "p")
        assert charted["widened"][0] > 2
        called += signals(charted).verdict != "noise"
    assert called <= 30
