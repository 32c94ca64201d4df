"""Definition part that says what may leave beside the threshold of small counts."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .base import Part


class Dominance(Part):
    """A sum may not be told when its ``largest`` contributions make up more than ``share`` of it."""

    largest: int = Field(default=2, ge=1, le=5)
    share: float = Field(default=0.85, gt=0, lt=1)


class DisclosureRules(Part):
    """What is hidden beside counts under ``disclosure_threshold``, and whether small counts are hidden or rounded.

    ``close`` is the p % rule: a sum may not be told when the second largest contributor could work out the largest to
    within this share of it. ``rounding`` shows every count about people as a multiple of this base instead of hiding
    small ones. ``everybody: hide`` hides shares of 0 and 100 %, which say something about each person in the group;
    ``zeros: hide`` counts zero as small. ``optimiser: tauargus`` lets tau-ARGUS choose what else is hidden, table by
    table, before the whole is checked.
    """

    dominance: Dominance | None = Dominance()
    close: float | None = Field(default=None, gt=0, lt=1)
    rounding: int | None = Field(default=None, ge=3)
    everybody: Literal["show", "hide"] = "show"
    zeros: Literal["show", "hide"] = "show"
    optimiser: Literal["own", "tauargus"] = "own"
