"""Synthetic data for any programme with casework, with a known truth: the same seed gives the same bytes."""

from .claims import CLAIMS, Claim
from .coverage import BAND, REFUSALS, coverage
from .generator import GENERATOR_VERSION, simulate
from .people import IMPOSSIBLE_MONTH, person_numbers
from .profile import SMALLEST, Behaviour, Profile, default_profile, with_changes

__all__ = [
    "BAND",
    "CLAIMS",
    "GENERATOR_VERSION",
    "IMPOSSIBLE_MONTH",
    "REFUSALS",
    "SMALLEST",
    "Behaviour",
    "Claim",
    "Profile",
    "coverage",
    "default_profile",
    "person_numbers",
    "simulate",
    "with_changes",
]
