"""Checks of explanations and action plans: about an indicator and one place, with a period, and naming nobody."""

from __future__ import annotations

import polars as pl

from indsats.programme import Programme

from .findings import Check, current, listed
from .kinds import KINDS

PERSON_NUMBER = r"(^|\D)(\d{6}[- ]?\d{4}|\d{9})(\D|$)"
"""Ten digits as a person number is written, or nine that lost their zero, with no digit beside them."""

_FREE = ("explanation", "action", "cause", "owner")


def deviation_checks(kind: str, programme: Programme) -> list[Check]:
    """Checks of ``deviation_explained`` or ``action_planned``: indicator, place, period and free text."""
    both = pl.col("unit").is_not_null() & pl.col("site").is_not_null()
    until = "the period it explains" if kind == "deviation_explained" else "the day it is to be done by"
    return [
        listed("indicator", programme.indicators, current(programme), "indicator"),
        listed("unit", programme.units, current(programme), "unit"),
        Check(
            "unit",
            both,
            "both a unit and a site are filled in",
            "Keep the site, which has its unit, or the unit if it is about all of its sites.",
        ),
        Check(
            "occurred_to",
            pl.col("occurred_to").is_null(),
            f"'occurred_to' is not filled in, so nobody can tell {until}",
            "Write the last day of it.",
        ),
        *(
            Check(
                name,
                pl.col(name).str.contains(PERSON_NUMBER),
                "the text has a person number in it",
                "It is shown in reports as it is written. Write about the figures, and about nobody.",
            )
            for name in _FREE
            if name in KINDS[kind].model_fields
        ),
    ]
