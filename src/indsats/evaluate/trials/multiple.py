"""Several tests at once: p-values adjusted for how many there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import numpy as np
import polars as pl

from ..results import Effect, tidy

Adjustment = Literal["holm", "benjamini-hochberg"]


def adjust_p(p_values: Sequence[float | None], method: Adjustment = "holm") -> list[float | None]:
    """p-values adjusted for their number, in the order given; ``None`` (no test made) stays and does not count.

    ``holm`` holds the chance of any false finding to the level (Holm 1979, Scandinavian Journal of Statistics
    6:65–70); ``benjamini-hochberg`` holds the expected share of false ones among the findings (Benjamini &
    Hochberg 1995, Journal of the Royal Statistical Society B 57:289–300). As R's ``p.adjust``. Raises
    ``ValueError`` for numbers outside 0 to 1 and for other methods.
    """
    if method not in ("holm", "benjamini-hochberg"):
        raise ValueError(f"method must be 'holm' or 'benjamini-hochberg', not '{method}'")
    made = [i for i, p in enumerate(p_values) if p is not None]
    p = np.array([p_values[i] for i in made], dtype=np.float64)
    if not ((p >= 0) & (p <= 1)).all():
        raise ValueError("p-values must be from 0 to 1; give None where no test was made")
    order, m = np.argsort(p, kind="stable"), len(p)
    rank = np.arange(1, m + 1)
    if method == "holm":
        stepped = np.maximum.accumulate((m - rank + 1) * p[order])
    else:
        stepped = np.minimum.accumulate((m / rank * p[order])[::-1])[::-1]
    adjusted: list[float | None] = [None] * len(p_values)
    for position, value in zip(order.tolist(), np.minimum(stepped, 1.0).tolist(), strict=True):
        adjusted[made[position]] = value
    return adjusted


def adjust(effects: Iterable[Effect], method: Adjustment = "holm") -> pl.DataFrame:
    """The table of :func:`tidy` with ``p_adjusted`` after ``p``: the effects are taken as one family of tests."""
    table = tidy(effects)
    adjusted = pl.Series("p_adjusted", adjust_p(table["p"].to_list(), method), pl.Float64)
    return table.insert_column(table.columns.index("p") + 1, adjusted)
