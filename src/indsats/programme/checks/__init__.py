"""Checks of sense beyond the schema: references, rules, the flow of casework, measurement, steering, effects."""

# Importing a module enters its checks in CHECKS, in this order.
from . import references, text_checks  # isort: skip
from . import rule_checks  # isort: skip
from . import entry_checks, casework_checks, flow_checks  # isort: skip
from . import questionnaire_checks, instrument_checks, score_checks  # isort: skip
from . import answer_checks, edition_checks, round_checks  # isort: skip
from . import indicator_checks, steering_checks, theory_checks  # isort: skip
from . import denominator_checks, window_checks  # isort: skip
from . import evaluation_checks, estimate_checks, report_checks, template_checks, unused_checks  # isort: skip
from . import economy_checks, consequence_checks  # isort: skip
from . import course_checks, comparable_checks  # isort: skip
from .finding import CHECKS, Check, Finding

__all__ = [
    "CHECKS",
    "Check",
    "Finding",
    "answer_checks",
    "casework_checks",
    "comparable_checks",
    "consequence_checks",
    "course_checks",
    "denominator_checks",
    "economy_checks",
    "edition_checks",
    "entry_checks",
    "estimate_checks",
    "evaluation_checks",
    "flow_checks",
    "indicator_checks",
    "instrument_checks",
    "questionnaire_checks",
    "references",
    "report_checks",
    "round_checks",
    "rule_checks",
    "score_checks",
    "steering_checks",
    "template_checks",
    "text_checks",
    "theory_checks",
    "unused_checks",
    "window_checks",
]
