"""The day a person reaches the state pension age, by date of birth."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import polars as pl
from ruamel.yaml import YAML

from indsats.library import pension_ages_path

_MONTHS_A_YEAR = 12


@cache
def pension_ages() -> pl.DataFrame:
    """The pension age by date of birth, a row for each step of the law, the oldest first.

    ``born_from``, ``born_to`` (Date, included; null at the outer ends), ``months`` (Int32, the age in months),
    ``source`` and ``verified`` (false where the text of the law was not seen). The rows leave no gap.
    """
    written: dict[str, Any] = YAML(typ="safe", pure=True).load(pension_ages_path())
    rows = [
        (
            step.get("born_from"),
            step.get("born_to"),
            round(step["years"] * _MONTHS_A_YEAR),
            step["source"],
            step["verified"],
        )
        for step in written["ages"]
    ]
    schema: dict[str, Any] = {
        "born_from": pl.Date,
        "born_to": pl.Date,
        "months": pl.Int32,
        "source": pl.String,
        "verified": pl.Boolean,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def pension_date(birth: pl.Expr) -> pl.Expr:
    """The day each person reaches the state pension age (Date); null for a date of birth that is null.

    ``birth`` is a Date. Who is born on a day the month of pension lacks (29 February, or the 31st before a half
    year) reaches it on that month's last day. This is the birthday of the law, not the first payment, and the
    law of today: later changes for those born after 1970 are to be expected.
    """
    found: pl.Expr = pl.lit(None, pl.Date)
    for born_from, months in pension_ages().select("born_from", "months").iter_rows():
        since: date = born_from or date.min
        found = pl.when(birth >= since).then(birth.dt.offset_by(f"{months}mo")).otherwise(found)
    return found
