"""The questions evaluations ask beside the effect: how much, what foretells it, for whom, and whom to talk to."""

from .dose import DoseResponse, dose_response
from .interviewees import ExpectedAndActual, Interviewees, choose_interviewees, expected_and_actual
from .progression import Progression, progression_and_outcome
from .subgroups import Subgroups, subgroup_effects

__all__ = [
    "DoseResponse",
    "ExpectedAndActual",
    "Interviewees",
    "Progression",
    "Subgroups",
    "choose_interviewees",
    "dose_response",
    "expected_and_actual",
    "progression_and_outcome",
    "subgroup_effects",
]
