"""Before and after, with and without: differences in differences and what inference few sites allow."""

from .absorbed import AbsorbedRegression, absorbed_regression
from .did import did, placebo
from .event import EventStudy, event_study
from .randomisation import randomisation_test
from .staggered import GroupTime, GroupTimeMean, group_time
from .wild import wild_bootstrap
from .within import regression_within

__all__ = [
    "AbsorbedRegression",
    "EventStudy",
    "GroupTime",
    "GroupTimeMean",
    "absorbed_regression",
    "did",
    "event_study",
    "group_time",
    "placebo",
    "randomisation_test",
    "regression_within",
    "wild_bootstrap",
]
