"""Treated people and those most like them: scores, searches, balance, and effects in matched people."""

from .balance import balance, effective_size
from .match import match
from .nearest import Nearest, nearest
from .result import Match

__all__ = ["Match", "Nearest", "balance", "effective_size", "match", "nearest"]
