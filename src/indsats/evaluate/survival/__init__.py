"""How long people wait: curves, tests and models for weekly data, where ties are the normal case."""

from .cox import CoxFit, cox
from .curves import at_risk_table, kaplan_meier, median_time, missing_rows, survival_at
from .incidence import Incidence, cumulative_incidence
from .logrank import LogRank, logrank
from .rmst import restricted_mean, restricted_mean_difference

__all__ = [
    "CoxFit",
    "Incidence",
    "LogRank",
    "at_risk_table",
    "cox",
    "cumulative_incidence",
    "kaplan_meier",
    "logrank",
    "median_time",
    "missing_rows",
    "restricted_mean",
    "restricted_mean_difference",
    "survival_at",
]
