"""Randomised comparisons and plain tests: means, shares, counts, and whether a group is like its population."""

from .exact import BinomialTest, FisherTest, binomial_test, exact_mcnemar, fisher_test
from .itt import cace, itt
from .means import difference_in_means, difference_in_shares
from .multiple import adjust, adjust_p
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
from .randomisation import PermutationTest, RandomisationBalance, permutation_test, randomisation_balance
from .representativeness import representativeness
from .transitions import TransitionTable, transitions

__all__ = [
    "BinomialTest",
    "ChiSquared",
    "FisherTest",
    "PermutationTest",
    "ProportionTest",
    "RandomisationBalance",
    "TransitionTable",
    "adjust",
    "adjust_p",
    "binomial_test",
    "cace",
    "chi_squared",
    "difference_in_means",
    "difference_in_shares",
    "exact_mcnemar",
    "fisher_test",
    "itt",
    "mcnemar_test",
    "newcombe_interval",
    "newcombe_paired_interval",
    "permutation_test",
    "proportion_test",
    "randomisation_balance",
    "representativeness",
    "transitions",
    "wilson_interval",
]
