"""Histories: covariates from the weeks before index."""

from __future__ import annotations

from collections.abc import Iterator

import narwhals as nw

from indsats.programme import History

from .measures import Measure, touches, weeks_between
from .stays import Source


def history_measures(number: int, history: History) -> Iterator[Measure]:
    """What has to be counted for one history, the ``number``-th of the question."""
    back, window = history.weeks, (-history.weeks, -1)
    name, gap = f"h{number}", history.gap_weeks
    if history.measure == "stays":
        touched = nw.when(touches(*window)).then(nw.lit(1)).otherwise(nw.lit(0))
        yield Measure(
            name, Source(history.state, gap, "joined" if gap else "stays"), back, -1, "sum", touched
        )
    elif history.measure == "uninterrupted":
        until = nw.col("until" if gap else "last")
        lasts = nw.when(until >= nw.col("index_week") - (1 + gap)).then(weeks_between(*window))
        yield Measure(name, Source(history.state, gap), back, -1, "sum", lasts.otherwise(nw.lit(0)))
    else:
        yield Measure(name, Source(history.state), back, -1, "sum", weeks_between(*window))
        if history.of is not None:
            yield Measure(f"{name}of", Source(history.of), back, -1, "sum", weeks_between(*window))


def history_value(number: int, history: History) -> nw.Expr:
    """The history (Float64) from its measures; null unless the person is observed that far back."""
    counted = nw.col(f"h{number}").cast(nw.Float64)
    observed = nw.col("first_week") <= nw.col("index_week") - history.weeks
    if history.of is not None:
        whole = nw.col(f"h{number}of")
        observed = observed & (whole > 0)
        # A null in place of a 0 divides on every engine; the row is null in the end anyhow.
        counted = counted / nw.when(whole > 0).then(whole)
    return nw.when(observed).then(counted)
