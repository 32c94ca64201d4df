"""How long people wait: curves, tests and models for weekly data, where ties are the normal case."""

from .curves import at_risk_table, kaplan_meier, median_time, missing_rows, survival_at
from .logrank import LogRank, logrank

__all__ = [
    "LogRank",
    "at_risk_table",
    "kaplan_meier",
    "logrank",
    "median_time",
    "missing_rows",
    "survival_at",
]
