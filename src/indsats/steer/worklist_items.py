"""What a row of the work list looks like, and how the queues make one."""

from __future__ import annotations

import polars as pl

_TEXTS = ("queue", "enrolment", "person", "unit", "site", "service", "role", "worker", "what", "fact")
ITEM: dict[str, pl.DataType] = {
    **dict.fromkeys(_TEXTS, pl.String()),
    **dict.fromkeys(("opens", "due", "closes"), pl.Date()),
}
"""The columns of the work list and their types."""

LEANING = "leaning"
"""Who acts where nobody holds a role for the case: the worker a fact itself names."""

_FILLED: dict[str, pl.Expr] = {
    "role": pl.lit(None, dtype=pl.String),
    "worker": pl.lit(None, dtype=pl.String),
    LEANING: pl.lit(None, dtype=pl.String),
    "what": pl.lit("", dtype=pl.String),
    "fact": pl.lit("", dtype=pl.String),
    "due": pl.lit(None, dtype=pl.Date),
    "closes": pl.lit(None, dtype=pl.Date),
}
_COLUMNS = (*(name for name in ITEM if name != "queue"), LEANING)


def items(queue: str, rows: pl.LazyFrame, **told: pl.Expr | str) -> pl.LazyFrame:
    """``rows`` as items of a queue: the columns of ``ITEM`` and ``leaning``, as ``told`` or as the rows have them.

    ``told`` is an expression or the name of another column, and must have ``opens``. The rows have ``enrolment``,
    ``person``, ``unit``, ``site`` and ``service``; of the others what is not told is empty.
    """
    columns: list[pl.Expr] = []
    for name in _COLUMNS:
        if name in told:
            one = told[name]
            columns.append((pl.col(one) if isinstance(one, str) else one).alias(name))
        else:
            columns.append(_FILLED[name].alias(name) if name in _FILLED else pl.col(name))
    return rows.select(pl.lit(queue).alias("queue"), *columns)
