"""Every interval that claims 95 % holds the planted truth as often as it says; an interval too narrow is noticed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import sqrt

import numpy as np
import polars as pl
import pytest
from scipy import stats

import halved
from indsats.simulate import BAND, CLAIMS, Claim, coverage, worlds

RUNS = 50
CHANCE = 1e-4
"""How seldom a right estimator may be taken for a wrong one, over all claims together."""


def faults(found: pl.DataFrame, chance: float) -> Iterator[str]:
    """What chance (each time less than ``chance``) does not explain in a row: coverage, bias, or the spread."""
    for row in found.iter_rows(named=True):
        named = f"{row['estimator']}, {row['world']}, {row['part']}"
        runs = row["runs"] - row["failed"]
        if row["failed"]:
            yield f"{named}: {row['failed']} draws refused"
        if row["coverage"] * runs < stats.binom.ppf(chance, runs, BAND[0]):
            yield f"{named}: covers {row['coverage']:.3f}"
        if abs(row["bias"]) > 4 * row["sd"] / sqrt(runs):
            yield f"{named}: biased by {row['bias']:.3f}, estimates vary by {row['sd']:.3f}"
        # 5 % more than chance allows: errors are estimates themselves, and right in large samples only
        least, most = np.sqrt(stats.chi2(runs - 1).ppf([chance, 1 - chance]) / (runs - 1)) * [0.95, 1.05]
        if not least < row["sd"] / row["mean_se"] < most:
            yield f"{named}: errors are {row['mean_se']:.3f}, estimates vary by {row['sd']:.3f}"


def test_every_interval_holds_the_truth_and_half_of_it_does_not() -> None:
    found = coverage(RUNS, 1, claims=[halved.and_halved(claim) for claim in CLAIMS])
    narrow = pl.col("part").str.ends_with(halved.HALVED)
    honest = found.filter(~narrow)
    assert honest.height == sum(len(claim.truth) for claim in CLAIMS)
    each = CHANCE / (3 * honest.height)
    assert list(faults(honest, each)) == []
    halves = found.filter(narrow)
    noticed = sum(1 for row in range(halves.height) if list(faults(halves[[row]], each)))
    assert noticed >= 0.9 * halves.height  # limits that chance hardly ever passes let a few of them through


def _claim(name: str, world: str) -> Claim:
    [claim] = [one for one in CLAIMS if one.name == name and one.world == world]
    return claim


def test_errors_that_do_not_know_of_sites_are_noticed() -> None:
    """The worlds of sites are not so kind that clustering makes no difference."""
    plain = _claim("cox, split", "no effect")
    alike = _claim("cox, split, clustered", "no effect, 100 sites alike within")
    found = coverage(400, 1, claims=[replace(plain, draw=alike.draw)], workers=1)
    assert any("treated[9..]: errors are" in fault for fault in faults(found, CHANCE))


@pytest.mark.parametrize(
    "name", ["inverse probability, treated", "doubly robust, treated", "overlap weights"]
)
def test_an_effect_in_other_people_is_noticed(name: str) -> None:
    claim = _claim(name, "confounded, effect rising with age")
    in_all = {"effect": worlds.effect_among("ATE", 2.0, 3.0)}
    found = coverage(40, 1, claims=[replace(claim, truth=in_all)], workers=1)
    assert any("biased" in fault for fault in faults(found, CHANCE))
