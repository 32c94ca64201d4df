"""Effects and their doubts: survival, matching, weighting, panels and trials, as pure functions on tables."""

from .cautions import Caution, caution
from .logit import Logit, logit
from .matching import Match, Nearest, balance, effective_size, match, nearest
from .regression import LeastSquares, least_squares, regression
from .results import Effect, Inference, Interval, infer, tidy
from .survival import (
    LogRank,
    at_risk_table,
    kaplan_meier,
    logrank,
    median_time,
    missing_rows,
    survival_at,
)
from .trials import (
    ChiSquared,
    ProportionTest,
    chi_squared,
    difference_in_means,
    difference_in_shares,
    mcnemar_test,
    newcombe_interval,
    newcombe_paired_interval,
    proportion_test,
    representativeness,
    wilson_interval,
)

__all__ = [
    "Caution",
    "ChiSquared",
    "Effect",
    "Inference",
    "Interval",
    "LeastSquares",
    "LogRank",
    "Logit",
    "Match",
    "Nearest",
    "ProportionTest",
    "at_risk_table",
    "balance",
    "caution",
    "chi_squared",
    "difference_in_means",
    "difference_in_shares",
    "effective_size",
    "infer",
    "kaplan_meier",
    "least_squares",
    "logit",
    "logrank",
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
    "tidy",
    "wilson_interval",
]
