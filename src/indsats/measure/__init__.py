"""The room of measurement: from questionnaires to scores and classes, and from classes to movement."""

from .agreement import (
    Agreement,
    Icc,
    Iccs,
    Limit,
    RaterGap,
    icc,
    rater_gap,
    test_retest,
)
from .answered import INCOMPLETE, NO_ENROLMENT, NOT_ANSWERED, answers, item_states, one_a_day
from .change import (
    ANOTHER_EDITION,
    ANOTHER_RATER,
    DECLINED,
    NOT_MEASURED,
    TOO_LATE,
    baselines,
    changes,
    comparable,
    score_of,
    threshold,
)
from .classes import classify
from .distribution import ALL, UNKNOWN, ClassRow, class_distribution, side_share
from .hours import CONFIRMED, counted_hours, differing_hours
from .kappa import Kappa, weighted_kappa
from .levels import LevelRow, item_answers, level_shares, share_of
from .load import FULL_WEEK, LOADING, crowded_days, weekly_load
from .omega import Omega, mcdonald_omega
from .paired import ChangeRow, change_rows
from .profile import ProfileRow, item_profile
from .quality import QualityRow, RaterRow, quality, rater_rows
from .reliability import (
    Alpha,
    FloorCeiling,
    cronbach_alpha,
    floor_and_ceiling,
    item_analysis,
    reliable_change,
    smallest_detectable_change,
    standard_error_of_measurement,
)
from .response import ResponseRow, leavers, response_rows
from .rounds import DUPLICATE, NOT_EXPECTED, ROUND_COLUMNS, assigned_waves, expected_raters, rounds
from .rounds import with_reminder as next_reminder
from .rounds import with_status as round_status
from .scored import score_table
from .scores import ScoreRow, band_of, mean_figure, measurements, score, score_rows
from .states import STATES, State
from .trajectories import TrajectoryRow, trajectories
from .transitions import (
    NOT_MEASURED_AGAIN,
    OTHER,
    Level,
    Movement,
    TransitionRow,
    Transitions,
    movement,
    transitions,
)
from .waves import BEFORE_ENROLMENT, OUTSIDE_ROUNDS, waves_in_order

__all__ = [
    "ALL",
    "ANOTHER_EDITION",
    "ANOTHER_RATER",
    "BEFORE_ENROLMENT",
    "CONFIRMED",
    "DECLINED",
    "DUPLICATE",
    "FULL_WEEK",
    "INCOMPLETE",
    "LOADING",
    "NOT_ANSWERED",
    "NOT_EXPECTED",
    "NOT_MEASURED",
    "NOT_MEASURED_AGAIN",
    "NO_ENROLMENT",
    "OTHER",
    "OUTSIDE_ROUNDS",
    "ROUND_COLUMNS",
    "STATES",
    "TOO_LATE",
    "UNKNOWN",
    "Agreement",
    "Alpha",
    "ChangeRow",
    "ClassRow",
    "FloorCeiling",
    "Icc",
    "Iccs",
    "Kappa",
    "Level",
    "LevelRow",
    "Limit",
    "Movement",
    "Omega",
    "ProfileRow",
    "QualityRow",
    "RaterGap",
    "RaterRow",
    "ResponseRow",
    "ScoreRow",
    "State",
    "TrajectoryRow",
    "TransitionRow",
    "Transitions",
    "answers",
    "assigned_waves",
    "band_of",
    "baselines",
    "change_rows",
    "changes",
    "class_distribution",
    "classify",
    "comparable",
    "counted_hours",
    "cronbach_alpha",
    "crowded_days",
    "differing_hours",
    "expected_raters",
    "floor_and_ceiling",
    "icc",
    "item_analysis",
    "item_answers",
    "item_profile",
    "item_states",
    "leavers",
    "level_shares",
    "mcdonald_omega",
    "mean_figure",
    "measurements",
    "movement",
    "next_reminder",
    "one_a_day",
    "quality",
    "rater_gap",
    "rater_rows",
    "reliable_change",
    "response_rows",
    "round_status",
    "rounds",
    "score",
    "score_of",
    "score_rows",
    "score_table",
    "share_of",
    "side_share",
    "smallest_detectable_change",
    "standard_error_of_measurement",
    "test_retest",
    "threshold",
    "trajectories",
    "transitions",
    "waves_in_order",
    "weekly_load",
    "weighted_kappa",
]
