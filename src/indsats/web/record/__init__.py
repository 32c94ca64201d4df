"""The record in the database: read as ``indsats.record`` has it, and written by its rules, append-only."""

from .reading import record_of
from .writing import Stale, correct, payload_of, register, withdraw, written_since

__all__ = ["Stale", "correct", "payload_of", "record_of", "register", "withdraw", "written_since"]
