"""Control charts equal qicharts2's and the textbook's; funnel limits equal R's quantiles and FunnelPlotR's spread."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from indsats.steer.control import Spread, control_chart, signals
from indsats.steer.funnel import funnel, funnel_limits, place_spread
from publicdata import answers

R = answers("limits")
CONTROL = R["control"]
EQUAL = 1e-9
KINDS: dict[str, tuple[Any, Spread]] = {
    "p": ("p", "counts"),
    "pp": ("p", "laney"),
    "u": ("u", "counts"),
    "up": ("u", "laney"),
    "c": ("c", "counts"),
    "i": ("xmr", "counts"),
}


def series(theirs: dict[str, Any]) -> pl.DataFrame:
    n = pl.Series("n", theirs["n"], dtype=pl.Float64, strict=False)
    return pl.DataFrame({"n": n, "d": [float(d) for d in theirs["d"] or [1.0] * len(n)]})


@pytest.mark.parametrize("case", [*CONTROL, *range(len(R["drawn"]))])
def test_limits_runs_and_crossings_equal_qicharts2(case: str | int) -> None:
    theirs = CONTROL[case] if isinstance(case, str) else R["drawn"][case]
    kind, spread = KINDS[theirs["chart"]]
    found = control_chart(series(theirs), kind, baseline=theirs["freeze"], spread=spread)
    gap = [value is None for value in found["value"]]
    for ours, name in (("centre", "centre"), ("low", "low"), ("high", "high")):
        expected = [end for missing, end in zip(gap, theirs[name], strict=True) if not missing]
        assert found[ours].filter(~pl.Series(gap)).to_list() == pytest.approx(expected, rel=EQUAL), ours
    outside = [bool(x) for x in theirs["outside"]]
    assert found["outside"].to_list() == outside
    said = signals(found, baseline=theirs["freeze"])
    assert said.useful == theirs["useful"]
    assert (said.longest_run, said.longest_allowed) == (theirs["longest"], theirs["allowed"])
    assert (said.crossings, said.fewest_crossings) == (theirs["crossings"], theirs["fewest"])
    assert (said.long_run or said.few_crossings) == theirs["runs"]


def test_the_textbook_limits() -> None:
    """Montgomery 2013, examples 7.1, 7.3 and 6.5, as printed (7.3 with the line rounded before the limits)."""
    juice = control_chart(series(CONTROL["juice"]), "p", spread="counts")
    assert (juice["centre"][0], juice["low"][0], juice["high"][0]) == pytest.approx(
        (0.2313, 0.0524, 0.4102), abs=5e-5
    )
    assert [i + 1 for i, out in enumerate(juice["outside"]) if out] == [15, 23]
    boards = control_chart(series(CONTROL["boards"]), "c", spread="counts")
    assert (boards["centre"][0], boards["low"][0], boards["high"][0]) == pytest.approx(
        (19.85, 6.48, 33.22), abs=1e-2
    )
    assert [i + 1 for i, out in enumerate(boards["outside"]) if out] == [6, 20]
    paint = control_chart(series(CONTROL["paint"]), "xmr")
    assert (paint["centre"][0], paint["low"][0], paint["high"][0]) == pytest.approx(
        (33.52, 32.24, 34.80), abs=1e-2
    )


def test_the_textbooks_new_machine_is_a_shift_down() -> None:
    """Montgomery's cans after the machine was adjusted lie below the line that the first thirty samples set."""
    found = control_chart(series(CONTROL["juice_frozen"]), "p", baseline=30, spread="counts")
    said = signals(found, baseline=30)
    assert (said.verdict, said.direction) == ("shift", "down")


@pytest.mark.parametrize("kind", ["share", "rate"])
@pytest.mark.parametrize("which", range(3))
def test_exact_limits_equal_quantiles_of_r(kind: Any, which: int) -> None:
    theirs = R["binomial" if kind == "share" else "poisson"][which]
    found = funnel_limits(theirs["size"], theirs["level"], kind=kind, clipped=False)
    for name in ("low_998", "low_95", "high_95", "high_998"):
        assert found[name].to_list() == pytest.approx(theirs[name], rel=1e-7, abs=1e-9)


@pytest.mark.parametrize("theirs", R["spread"])
def test_spread_between_places_equals_funnelplotr(theirs: dict[str, Any]) -> None:
    places = pl.DataFrame({"place": [str(i) for i in range(20)], "n": theirs["n"], "d": theirs["d"]}).cast(
        {"n": pl.Float64, "d": pl.Float64}
    )
    found = place_spread(places, "share")
    assert found.phi == pytest.approx(theirs["phi"], rel=1e-9)
    assert found.tau**2 == pytest.approx(theirs["tau2"], rel=1e-9, abs=1e-15)
    counts = places.with_columns(n=pl.Series(theirs["counts"], dtype=pl.Float64))
    rates = place_spread(counts, "rate")
    assert rates.phi == pytest.approx(theirs["phi_rate"], rel=1e-9)
    assert rates.tau**2 / theirs["rate"] == pytest.approx(theirs["tau2_rate"], rel=1e-9, abs=1e-15)


def test_widened_limits_come_to_funnelplotrs_where_places_are_large() -> None:
    """FunnelPlotR takes the arcsine's normal limits; ours are exact within places, and the two meet with size."""
    theirs = max(R["spread"], key=lambda one: one["tau2"])
    assert theirs["tau2"] > 0.005
    found = funnel_limits(theirs["d"], theirs["level"], kind="share", tau=float(np.sqrt(theirs["tau2"])))
    for name in ("low_998", "low_95", "high_95", "high_998"):
        apart = np.abs(found[name].to_numpy() - np.array(theirs[name]))
        large = np.array(theirs["d"]) >= 100
        assert apart[large].max() < 0.006, name
        assert apart.max() < 0.08, name


def test_a_place_is_outside_exactly_when_chance_gives_it_too_rarely() -> None:
    from scipy.stats import binom

    for size in (1, 3, 7, 24, 61):
        for level in (0.04, 0.5, 0.8):
            made = pl.DataFrame(
                {"place": [str(n) for n in range(size + 1)], "n": [float(n) for n in range(size + 1)]}
            ).with_columns(d=pl.lit(float(size)))
            found = funnel(made, target=level, kind="share", widen=False)
            for n, position in enumerate(found["position"]):
                above, below = binom.sf(n - 1, size, level), binom.cdf(n, size, level)
                expected = (
                    "above_998" if above <= 0.001
                    else "above_95" if above <= 0.025
                    else "below_998" if below <= 0.001
                    else "below_95" if below <= 0.025
                    else "inside"
                )  # fmt: skip
                assert position == expected, (size, level, n)
