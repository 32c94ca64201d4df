"""The room of measurement: from questionnaires to classes, and from classes to movement."""

from .answered import answers, one_a_day
from .classes import classify
from .distribution import ALL, UNKNOWN, ClassRow, class_distribution, side_share
from .transitions import NOT_MEASURED_AGAIN, OTHER, TransitionRow, Transitions, transitions

__all__ = [
    "ALL",
    "NOT_MEASURED_AGAIN",
    "OTHER",
    "UNKNOWN",
    "ClassRow",
    "TransitionRow",
    "Transitions",
    "answers",
    "class_distribution",
    "classify",
    "one_a_day",
    "side_share",
    "transitions",
]
