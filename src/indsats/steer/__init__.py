"""The room of steering: phases and requirements, indicators, due dates, targets and the light that compares them."""

from .aims import SHOWN_DECIMALS, TargetRow, Why, targets
from .barometer import (
    BarometerRow,
    barometer,
    effort_places,
    effort_scope,
    fulfilment_months,
    fulfilment_rows,
)
from .benchmark import Benchmark, Standing, benchmark
from .board import REQUIREMENTS, Board, board
from .cadence import due_items
from .case_rows import STATES, case_rows
from .caseload import RoleCaseload, caseload, responsible
from .comparable import Comparability, comparable
from .control import ControlKind, Signals, control_chart, signals
from .counted import Place
from .course import Course, Grain, IntakeRow, StepRow, course
from .data_checks import Reach, data_findings, reach
from .deviations import Action, DeviationRow, Explanation, Given, deviations
from .exposure import DAYS_PER_MONTH, population
from .fulfilment import (
    AnswerGap,
    Asked,
    ReasonCount,
    RequirementCounts,
    answer_gaps,
    answered_no,
    fulfilment,
    fulfilment_by,
    reasons_for_no,
    requirement_counts,
)
from .funnel import FunnelKind, PlaceSpread, Position, funnel, funnel_limits, place_spread
from .indicators import indicator, indicator_by, indicator_rows, per_enrolment
from .light import status
from .measurements_due import OPEN, measurements_due
from .phases import PhaseRow, phase_counts, phase_runs
from .reasons import REASONS
from .reclassified import Levels, Reclassified, compare_classes, period_before, reclassified
from .remembered import remembered
from .requirements import requirement_items
from .selection import happened
from .since import ORDER, Cause, Frozen, Passage, Since, Step, passage, passage_between, seen_by, since
from .theory import ENOUGH_PEOPLE, ENOUGH_SITES, WITHOUT, Association, associations, theory_evidence
from .validity import AnswerRow, ForetoldRow, ValidityRow, validity
from .validity_compared import ValidityComparison, compare_validity, other_raters
from .within import within_curve
from .worklist import QUEUES, Queue, worklist

__all__ = [
    "DAYS_PER_MONTH",
    "ENOUGH_PEOPLE",
    "ENOUGH_SITES",
    "OPEN",
    "ORDER",
    "QUEUES",
    "REASONS",
    "REQUIREMENTS",
    "SHOWN_DECIMALS",
    "STATES",
    "WITHOUT",
    "Action",
    "AnswerGap",
    "AnswerRow",
    "Asked",
    "Association",
    "BarometerRow",
    "Benchmark",
    "Board",
    "Cause",
    "Comparability",
    "ControlKind",
    "Course",
    "DeviationRow",
    "Explanation",
    "ForetoldRow",
    "Frozen",
    "FunnelKind",
    "Given",
    "Grain",
    "IntakeRow",
    "Levels",
    "Passage",
    "PhaseRow",
    "Place",
    "PlaceSpread",
    "Position",
    "Queue",
    "Reach",
    "ReasonCount",
    "Reclassified",
    "RequirementCounts",
    "RoleCaseload",
    "Signals",
    "Since",
    "Standing",
    "Step",
    "StepRow",
    "TargetRow",
    "ValidityComparison",
    "ValidityRow",
    "Why",
    "answer_gaps",
    "answered_no",
    "associations",
    "barometer",
    "benchmark",
    "board",
    "case_rows",
    "caseload",
    "comparable",
    "compare_classes",
    "compare_validity",
    "control_chart",
    "course",
    "data_findings",
    "deviations",
    "due_items",
    "effort_places",
    "effort_scope",
    "fulfilment",
    "fulfilment_by",
    "fulfilment_months",
    "fulfilment_rows",
    "funnel",
    "funnel_limits",
    "happened",
    "indicator",
    "indicator_by",
    "indicator_rows",
    "measurements_due",
    "other_raters",
    "passage",
    "passage_between",
    "per_enrolment",
    "period_before",
    "phase_counts",
    "phase_runs",
    "place_spread",
    "population",
    "reach",
    "reasons_for_no",
    "reclassified",
    "remembered",
    "requirement_counts",
    "requirement_items",
    "responsible",
    "seen_by",
    "signals",
    "since",
    "status",
    "targets",
    "theory_evidence",
    "validity",
    "within_curve",
    "worklist",
]
