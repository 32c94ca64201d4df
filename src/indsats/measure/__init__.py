"""The room of measurement: from questionnaires to scores and classes, and from classes to movement."""

from .answered import INCOMPLETE, NO_ENROLMENT, NOT_ANSWERED, answers, one_a_day
from .classes import classify
from .distribution import ALL, UNKNOWN, ClassRow, class_distribution, side_share
from .levels import LevelRow, item_answers, level_shares, share_of
from .scores import ScoreRow, mean_figure, measurements, score, score_rows
from .transitions import NOT_MEASURED_AGAIN, OTHER, TransitionRow, Transitions, transitions

__all__ = [
    "ALL",
    "INCOMPLETE",
    "NOT_ANSWERED",
    "NOT_MEASURED_AGAIN",
    "NO_ENROLMENT",
    "OTHER",
    "UNKNOWN",
    "ClassRow",
    "LevelRow",
    "ScoreRow",
    "TransitionRow",
    "Transitions",
    "answers",
    "class_distribution",
    "classify",
    "item_answers",
    "level_shares",
    "mean_figure",
    "measurements",
    "one_a_day",
    "score",
    "score_rows",
    "share_of",
    "side_share",
    "transitions",
]
