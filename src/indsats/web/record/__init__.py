"""The record in the database: read as ``indsats.record`` has it, and written by its rules, append-only."""

from .reading import record_of
from .writing import (
    Beside,
    Stale,
    correct,
    laid_down,
    laid_down_with,
    payload_of,
    register,
    withdraw,
    written_since,
)

__all__ = [
    "Beside",
    "Stale",
    "correct",
    "laid_down",
    "laid_down_with",
    "payload_of",
    "record_of",
    "register",
    "withdraw",
    "written_since",
]
