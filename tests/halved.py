"""Claims made worse on purpose, so that a test can show that it would notice. Importable by other processes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import polars as pl

from indsats.simulate import Claim

Told = dict[str, tuple[float, float, float, float]]

HALVED = ", errors halved"


def and_halved(claim: Claim) -> Claim:
    """The claim, and beside each part the same estimate with a standard error and an interval half as wide."""
    truth = {**claim.truth, **{part + HALVED: value for part, value in claim.truth.items()}}
    return replace(claim, estimate=partial(_told_twice, claim.estimate), truth=truth)


def _told_twice(estimate: Callable[[pl.DataFrame], Told], data: pl.DataFrame) -> Told:
    told = estimate(data)
    halved = {
        part + HALVED: (value, se / 2, (value + low) / 2, (value + high) / 2)
        for part, (value, se, low, high) in told.items()
    }
    return {**told, **halved}
