"""Funnel limits: narrower with size, rarely crossed by chance, wider where places truly differ."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indsats.steer import FunnelKind, funnel, funnel_limits, place_spread


def places(n: Sequence[float | None], d: Sequence[float]) -> pl.DataFrame:
    names = [f"p{at}" for at in range(len(n))]
    return pl.DataFrame({"place": names, "n": n, "d": d}, schema_overrides={"n": pl.Float64, "d": pl.Float64})


def test_the_same_share_is_noise_in_a_small_place_and_none_in_a_large_one() -> None:
    found = funnel(places([1, 40, 400, None], [5, 200, 1000, 10]), target=0.4, kind="share")
    assert found["position"].to_list() == ["inside", "below_998", "inside", None]


def test_one_of_one_is_never_outside_a_level_of_one_half() -> None:
    found = funnel(places([1, 0], [1, 1]), target=0.5, kind="share")
    assert found["position"].to_list() == ["inside", "inside"]


@given(st.floats(0.02, 0.98), st.sampled_from(["share", "rate"]))
def test_limits_narrow_with_size(level: float, kind: FunnelKind) -> None:
    found = funnel_limits([10.0 * 4**step for step in range(6)], level, kind=kind)
    for name in ("95", "998"):
        widths = (found[f"high_{name}"] - found[f"low_{name}"]).to_list()
        assert all(small >= large for small, large in pairwise(widths))
    assert (found["low_998"] <= found["low_95"]).all()
    assert (found["high_95"] <= found["high_998"]).all()


@pytest.mark.parametrize("kind", ["share", "rate"])
def test_equal_places_lie_outside_by_chance_alone(kind: FunnelKind) -> None:
    random = np.random.default_rng(7)
    size = np.full(4000, 900)
    n = random.binomial(size, 0.6) if kind == "share" else random.poisson(size * 0.6)
    found = funnel(
        places(list(n.astype(float)), list(size.astype(float))), target=0.6, kind=kind, widen=False
    )
    outside = (found["position"] != "inside").mean()
    far = found["position"].str.ends_with("998").mean()
    assert outside == pytest.approx(0.046, abs=0.012)
    assert far == pytest.approx(0.002, abs=0.002)


def test_places_that_truly_differ_widen_the_limits_and_equal_ones_do_not() -> None:
    random = np.random.default_rng(8)
    size = random.integers(40, 200, 60)
    equal = places(list(random.binomial(size, 0.6).astype(float)), list(size.astype(float)))
    assert place_spread(equal, "share").used == 0
    levels = np.clip(random.normal(0.6, 0.12, 60), 0, 1)
    differ = places(list(random.binomial(size, levels).astype(float)), list(size.astype(float)))
    spread = place_spread(differ, "share")
    assert spread.tau == pytest.approx(0.12 / (2 * np.sqrt(0.6 * 0.4)), rel=0.4)
    assert 0 <= spread.used - spread.tau < 0.01
    strict, wide = (funnel(differ, kind="share", widen=widen) for widen in (False, True))
    assert (strict["position"] != "inside").sum() > 2 * (wide["position"] != "inside").sum()
    assert (wide["low_95"] <= strict["low_95"]).all()


def test_nine_places_are_too_few_to_widen_by() -> None:
    spread = place_spread(places([1.0, 9.0] * 4 + [5.0], [10.0] * 9), "share")
    assert (spread.phi, spread.used) == (None, 0.0)


def test_more_than_all_is_refused() -> None:
    with pytest.raises(ValueError, match="'p0'"):
        funnel(places([5], [4]), kind="share")
