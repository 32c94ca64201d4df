"""Checks of sense beyond the schema: references, rules, questionnaires, targets, theory, effects, reports."""

# Importing a module enters its checks in CHECKS, in this order.
from . import references  # isort: skip
from . import rule_checks  # isort: skip
from . import questionnaire_checks, steering_checks  # isort: skip
from . import evaluation_checks, report_checks  # isort: skip
from .finding import CHECKS, Check, Finding

__all__ = [
    "CHECKS",
    "Check",
    "Finding",
    "evaluation_checks",
    "questionnaire_checks",
    "references",
    "report_checks",
    "rule_checks",
    "steering_checks",
]
