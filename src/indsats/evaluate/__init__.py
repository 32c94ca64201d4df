"""Effects: differences, regressions, matching, balance and survival, as pure functions on tables."""

from .balance import balance, effective_size
from .logit import Logit, logit
from .matching import Match, match
from .means import difference_in_means, difference_in_shares
from .nearest import Nearest, nearest
from .proportions import (
    ChiSquared,
    Interval,
    ProportionTest,
    chi_squared,
    mcnemar_test,
    newcombe_interval,
    newcombe_paired_interval,
    proportion_test,
    wilson_interval,
)
from .regression import LeastSquares, least_squares, regression
from .representativeness import representativeness
from .results import Effect
from .survival import (
    LogRank,
    at_risk_table,
    kaplan_meier,
    log_rank,
    median_time,
    missing_rows,
    survival_at,
)

__all__ = [
    "ChiSquared",
    "Effect",
    "Interval",
    "LeastSquares",
    "LogRank",
    "Logit",
    "Match",
    "Nearest",
    "ProportionTest",
    "at_risk_table",
    "balance",
    "chi_squared",
    "difference_in_means",
    "difference_in_shares",
    "effective_size",
    "kaplan_meier",
    "least_squares",
    "log_rank",
    "logit",
    "match",
    "mcnemar_test",
    "median_time",
    "missing_rows",
    "nearest",
    "newcombe_interval",
    "newcombe_paired_interval",
    "proportion_test",
    "regression",
    "representativeness",
    "survival_at",
    "wilson_interval",
]
