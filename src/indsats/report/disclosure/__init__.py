"""Disclosure control: what documents may tell once they leave. The one boundary every number passes."""

from .curves import CurvePoint, small_step
from .log import Hidden, Rule, kept, log_csv
from .protect import Protection, protect, protect_all, protection, protection_of_all
from .releases import Release, Released, add_release, read_releases, releasing

__all__ = [
    "CurvePoint",
    "Hidden",
    "Protection",
    "Release",
    "Released",
    "Rule",
    "add_release",
    "kept",
    "log_csv",
    "protect",
    "protect_all",
    "protection",
    "protection_of_all",
    "read_releases",
    "releasing",
    "small_step",
]
