"""Randomised comparisons and plain tests: means, shares, counts, and whether a group is like its population."""

from .means import difference_in_means, difference_in_shares
from .proportions import (
    ChiSquared,
    ProportionTest,
    chi_squared,
    mcnemar_test,
    newcombe_interval,
    newcombe_paired_interval,
    proportion_test,
    wilson_interval,
)
from .representativeness import representativeness

__all__ = [
    "ChiSquared",
    "ProportionTest",
    "chi_squared",
    "difference_in_means",
    "difference_in_shares",
    "mcnemar_test",
    "newcombe_interval",
    "newcombe_paired_interval",
    "proportion_test",
    "representativeness",
    "wilson_interval",
]
