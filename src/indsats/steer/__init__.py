"""The room of steering: phases and requirements, indicators, due dates, targets and the light that compares them."""

from .aims import SHOWN_DECIMALS, TargetRow, targets
from .cadence import due_items
from .caseload import RoleCaseload, caseload
from .exposure import DAYS_PER_MONTH, population
from .fulfilment import (
    AnswerGap,
    ReasonCount,
    RequirementCounts,
    answer_gaps,
    fulfilment,
    reasons_for_no,
    requirement_counts,
)
from .indicators import indicator
from .light import status
from .phases import PhaseRow, phase_counts, phase_runs
from .reasons import REASONS
from .requirements import requirement_items
from .selection import happened
from .within import within_curve

__all__ = [
    "DAYS_PER_MONTH",
    "REASONS",
    "SHOWN_DECIMALS",
    "AnswerGap",
    "PhaseRow",
    "ReasonCount",
    "RequirementCounts",
    "RoleCaseload",
    "TargetRow",
    "answer_gaps",
    "caseload",
    "due_items",
    "fulfilment",
    "happened",
    "indicator",
    "phase_counts",
    "phase_runs",
    "population",
    "reasons_for_no",
    "requirement_counts",
    "requirement_items",
    "status",
    "targets",
    "within_curve",
]
