"""Runs a rule on every engine, for tests that demand the same answer from all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

import duckdb
import polars as pl

from indsats.programme import Rule, keep, parse_rule, with_rule

ENGINES = ("polars", "polars lazy", "duckdb")
_TYPES = {"number": pl.Float64, "text": pl.String, "bool": pl.Boolean, "date": pl.Date}


def table(rows: Mapping[str, Sequence[Any]], fields: Mapping[str, str], **columns: Any) -> pl.DataFrame:
    """A table with one column for each field; ``columns`` gives a column another Polars type."""
    types = {name: columns.get(name, _TYPES[kind]) for name, kind in fields.items()}
    return pl.DataFrame({name: pl.Series(name, rows[name], dtype=types[name]) for name in fields})


@cache
def _connection() -> duckdb.DuckDBPyConnection:
    # Opening a connection takes longer than any query here; one thread is enough for a handful of rows.
    return duckdb.connect(config={"threads": 1})


def _relation(frame: pl.DataFrame) -> duckdb.DuckDBPyRelation:
    return _connection().from_arrow(frame.to_arrow())


def values(frame: pl.DataFrame, rule: Rule, as_of: date | str | None, engine: str) -> list[Any]:
    """The rule's value for each row, in the order of the rows."""
    numbered = frame.with_row_index("row number")
    if engine == "polars":
        made = with_rule(numbered, "value", rule, as_of)
    elif engine == "polars lazy":
        made = with_rule(numbered.lazy(), "value", rule, as_of).collect()
    else:
        made = with_rule(_relation(numbered), "value", rule, as_of).pl()
    return made.sort("row number")["value"].to_list()


def kept(frame: pl.DataFrame, rule: Rule, as_of: date | str | None, engine: str) -> list[int]:
    """The numbers of the rows that ``keep`` leaves, counted from 0."""
    numbered = frame.with_row_index("row number")
    if engine == "polars":
        left = keep(numbered, rule, as_of)
    elif engine == "polars lazy":
        left = keep(numbered.lazy(), rule, as_of).collect()
    else:
        left = keep(_relation(numbered), rule, as_of).pl()
    return sorted(left["row number"].to_list())


def answer(text: str, fields: Mapping[str, str], row: Mapping[str, Any], as_of: Any = None) -> Any:
    """What a rule says about one row, having asked every engine and found them to agree."""
    rule = parse_rule(text, fields)  # type: ignore[arg-type]
    frame = table({name: [row.get(name)] for name in fields}, fields)
    found = [values(frame, rule, as_of, engine)[0] for engine in ENGINES]
    assert found[0] == found[1] == found[2], f"{text}: {dict(zip(ENGINES, found, strict=True))}"
    return found[0]
