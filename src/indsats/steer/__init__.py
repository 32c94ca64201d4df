"""The room of steering: indicators, due dates, targets and the light that compares them."""

from .aims import SHOWN_DECIMALS, TargetRow, targets
from .cadence import due_items
from .exposure import DAYS_PER_MONTH, population
from .indicators import indicator
from .light import status
from .reasons import REASONS
from .within import within_curve

__all__ = [
    "DAYS_PER_MONTH",
    "REASONS",
    "SHOWN_DECIMALS",
    "TargetRow",
    "due_items",
    "indicator",
    "population",
    "status",
    "targets",
    "within_curve",
]
