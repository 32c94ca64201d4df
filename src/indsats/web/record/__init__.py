"""The record in the database: read as ``indsats.record`` has it, and written by its rules, append-only."""

from .reading import People, record_of
from .writing import Stale, correct, payload_of, register, withdraw

__all__ = ["People", "Stale", "correct", "payload_of", "record_of", "register", "withdraw"]
