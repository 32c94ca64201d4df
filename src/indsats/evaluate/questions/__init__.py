"""The questions evaluations ask beside the effect: how much, what foretells it, for whom, and whom to talk to."""

from .dose import DoseResponse, dose_response
from .foretelling import Calibration, Foretold, Recalibration, calibration, foretold
from .interviewees import ExpectedAndActual, Interviewees, choose_interviewees, expected_and_actual
from .prediction import (
    ComparedDiscrimination,
    Discrimination,
    compare_discrimination,
    discrimination,
    roc_points,
)
from .progression import Progression, progression_and_outcome
from .subgroups import Subgroups, subgroup_effects

__all__ = [
    "Calibration",
    "ComparedDiscrimination",
    "Discrimination",
    "DoseResponse",
    "ExpectedAndActual",
    "Foretold",
    "Interviewees",
    "Progression",
    "Recalibration",
    "Subgroups",
    "calibration",
    "choose_interviewees",
    "compare_discrimination",
    "discrimination",
    "dose_response",
    "expected_and_actual",
    "foretold",
    "progression_and_outcome",
    "roc_points",
    "subgroup_effects",
]
