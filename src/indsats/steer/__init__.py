"""The room of steering: phases and requirements, indicators, due dates, targets and the light that compares them."""

from .aims import SHOWN_DECIMALS, TargetRow, targets
from .cadence import due_items
from .caseload import RoleCaseload, caseload, responsible
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
from .measurements_due import OPEN, measurements_due
from .phases import PhaseRow, phase_counts, phase_runs
from .reasons import REASONS
from .requirements import requirement_items
from .selection import happened
from .validity import AnswerRow, ForetoldRow, ValidityRow, validity
from .validity_compared import ValidityComparison, compare_validity, other_raters
from .within import within_curve

__all__ = [
    "DAYS_PER_MONTH",
    "OPEN",
    "REASONS",
    "SHOWN_DECIMALS",
    "AnswerGap",
    "AnswerRow",
    "ForetoldRow",
    "PhaseRow",
    "ReasonCount",
    "RequirementCounts",
    "RoleCaseload",
    "TargetRow",
    "ValidityComparison",
    "ValidityRow",
    "answer_gaps",
    "caseload",
    "compare_validity",
    "due_items",
    "fulfilment",
    "happened",
    "indicator",
    "measurements_due",
    "other_raters",
    "phase_counts",
    "phase_runs",
    "population",
    "reasons_for_no",
    "requirement_counts",
    "requirement_items",
    "responsible",
    "status",
    "targets",
    "validity",
    "within_curve",
]
