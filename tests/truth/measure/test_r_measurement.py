"""Reliability and agreement equal R's (psych, irr, lavaan, vcd) on public data."""

from typing import Any

import numpy as np
import polars as pl
import pytest

from indsats.measure.agreement import icc, rater_gap
from indsats.measure.agreement import test_retest as retest
from indsats.measure.kappa import weighted_kappa
from indsats.measure.omega import mcdonald_omega
from indsats.measure.reliability import cronbach_alpha, floor_and_ceiling, item_analysis
from publicdata import REFERENCE, answers

R = answers("measurement")
EQUAL = 1e-6


def read(name: str) -> pl.DataFrame:
    return pl.read_csv(REFERENCE / "measurement" / f"{name}.csv", infer_schema_length=None)


def frame(name: str) -> pl.DataFrame:
    """The items that the script calls ``name``."""
    bfi, holzinger = read("bfi"), read("holzinger")
    agreeable = [f"A{i}" for i in range(1, 6)]
    match name:
        case "agreeableness":
            return bfi.select(agreeable).with_columns(A1=7 - pl.col("A1"))
        case "unturned":
            return bfi.select(agreeable)
        case "neuroticism":
            return bfi.select(f"N{i}" for i in range(1, 6))
        case "two":
            return bfi.select("N1", "N2")
        case "visual":
            return holzinger.select("x1", "x2", "x3")
        case _:
            return holzinger


def same(ours: Any, theirs: Any, equal: float = EQUAL) -> None:
    assert ours == pytest.approx(theirs, rel=equal)


@pytest.mark.parametrize("name", R["alphas"])
def test_alpha_with_feldts_interval_equals_psych(name: str) -> None:
    items, theirs = frame(name), R["alphas"][name]
    found = cronbach_alpha(items, items.columns)
    same(
        (found.value, found.low, found.high, found.mean_correlation),
        (theirs["value"], *theirs["interval"], theirs["mean_correlation"]),
    )
    assert (found.n, found.left_out) == (items.height, 0)


@pytest.mark.parametrize("name", R["alphas"])
def test_items_one_by_one_equal_psych(name: str) -> None:
    items, theirs = frame(name), R["alphas"][name]
    found = item_analysis(items, items.columns)
    same(found["total_correlation"].to_list(), theirs["total_correlation"])
    if name == "two":
        assert found["alpha_if_dropped"].to_list() == [None, None]  # psych gives a correlation instead
    else:
        same(found["alpha_if_dropped"].to_list(), theirs["dropped"])


@pytest.mark.parametrize("name", R["omegas"])
def test_omega_equals_lavaan(name: str) -> None:
    """To 1e-5, not 1e-6: lavaan's search stops at slopes of 1e-6, ours at 1e-10. Both maximise the same likelihood."""
    items, theirs = frame(name), R["omegas"][name]
    found = mcdonald_omega(items, items.columns)
    same(found.value, theirs["value"], 1e-5)
    same(found.loadings, theirs["loadings"], 1e-5)
    same(found.uniquenesses, theirs["uniquenesses"], 1e-5)
    assert found.df == theirs["df"]
    if found.df:
        same((found.chi_squared, found.p), (theirs["chi_squared"], theirs["p"]), 1e-5)
    else:
        assert found.chi_squared == pytest.approx(0, abs=1e-8)
        assert found.p is None
    assert found.warnings == (("mixed_signs",) if name == "unturned" else ())


@pytest.mark.parametrize("name", R["iccs"])
@pytest.mark.parametrize("package", ["psych", "irr"])
def test_intraclass_correlations_equal_psych_and_irr(name: str, package: str) -> None:
    ratings = frame(name) if name == "neuroticism" else read(name)
    found = icc(ratings).forms
    for form, theirs in zip(
        ("1,1", "2,1", "3,1", "1,k", "2,k", "3,k"), R["iccs"][name][package], strict=True
    ):
        ours = found[form]  # type: ignore[index]
        same(ours.value, theirs[0])
        if (package, form) != ("irr", "2,k"):  # see the README: irr counts the raters twice there
            same((ours.low, ours.high), tuple(theirs[1:]))


def _pair(name: str) -> tuple[pl.Series, pl.Series]:
    table, first, second = {
        "pefr": ("pefr", "mini", "large"),
        "anxiety": ("anxiety", "rater1", "rater3"),
        "neuroticism": ("bfi", "N1", "N2"),
    }[name]
    return read(table)[first], read(table)[second]


@pytest.mark.parametrize("name", R["repeated"])
def test_two_measurements_equal_r(name: str) -> None:
    theirs = R["repeated"][name]
    found = retest(*_pair(name))
    same((found.gap, found.gap_sd, found.p), (theirs["gap"], theirs["gap_sd"], theirs["p"]))
    same((found.low, found.high), tuple(theirs["interval"]))
    same((found.error, found.own_error), (theirs["error"], theirs["own_error"]))
    for limit, value, interval in zip(
        (found.lower, found.upper), theirs["limits"], theirs["limits_intervals"], strict=True
    ):
        same((limit.value, limit.low, limit.high), (value, *interval))
    alike = rater_gap(*_pair(name)).same
    assert alike.count == theirs["alike"]
    assert (alike.low, alike.high) == pytest.approx(theirs["alike_interval"], rel=EQUAL, abs=1e-12)


@pytest.mark.parametrize("name", R["kappas"])
@pytest.mark.parametrize("weights", ["quadratic", "linear", "none"])
def test_kappa_equals_vcd_irr_and_the_delta_method(name: str, weights: Any) -> None:
    theirs = R["kappas"][name]
    cells = np.array(theirs["cells"])
    size = len(cells)
    first, second = (np.repeat(axis.ravel() + 1, cells.ravel()) for axis in np.indices(cells.shape))
    found = weighted_kappa(first, second, points=range(1, size + 1), weights=weights)
    same((found.value, found.se), tuple(theirs[weights]))
    same(found.value, theirs["irr"][weights])
    same(found.se, theirs["delta"][weights])
    assert found.n == cells.sum()


@pytest.mark.parametrize("item", R["ends"])
def test_the_ends_of_a_scale_equal_prop_test(item: str) -> None:
    theirs = R["ends"][item]
    found = floor_and_ceiling(read("bfi")[item], 1, 6)
    for end, name in ((found.floor, "floor"), (found.ceiling, "ceiling")):
        assert end.count == theirs[name]
        same((end.low, end.high), tuple(theirs[f"{name}_interval"]))
    assert ("floor" in found.warnings) == (theirs["floor"] > 75)
    assert "ceiling" not in found.warnings
