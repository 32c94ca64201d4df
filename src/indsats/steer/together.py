"""Many happenings and many lengths of time looked up in one pass, so that one more part costs next to nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
import polars as pl

from indsats.programme import Duration, Happening
from indsats.record import later

from .remembered import remembered
from .selection import fact_rule, recorded, unheld

if TYPE_CHECKING:
    from indsats.record import Facts

PART = "part"
"""The column that says which part of a definition a row is of: its number."""

_TOLD = (PART, "enrolment", "kind", "id", "known")
_OCCURRED = {
    "day": pl.Date(),
    PART: pl.Int64(),
    **dict.fromkeys(("enrolment", "kind", "id"), pl.String()),
    "known": pl.Boolean(),
}


def occurrences(facts: Facts, wanted: Mapping[int, Sequence[Happening]], until: date) -> pl.DataFrame:
    """The facts of enrolments that satisfy any of the happenings of each part, known on the day ``until``.

    Columns: ``part``, ``enrolment``, ``day``, ``kind``, ``id``, ``known`` (false where a value that decides it is
    missing). As ``candidates`` of each part, but a fact that satisfies several of a part's happenings, or by several
    of the roles it combines, is there for each; no order.
    """
    asking: dict[str, dict[str, list[int]]] = {}
    for part, happenings in wanted.items():
        for one in happenings:
            asking.setdefault(one.kind, {}).setdefault(one.rule, []).append(part)
    found: list[pl.DataFrame] = []
    of: list[tuple[int, int]] = []
    first = 0
    for kind, rules in asking.items():
        rows = of_enrolments(facts, kind, until)
        if rows.is_empty():
            continue
        found.append(_of_kind(facts, kind, rows, list(rules), first, until))
        of += [(first + number, part) for number, parts in enumerate(rules.values()) for part in parts]
        first += len(rules)
    if not found:
        return pl.DataFrame(schema=_OCCURRED)
    parts = pl.DataFrame(of, schema={"rule": pl.Int64, PART: pl.Int64}, orient="row")
    return pl.concat(found).join(parts, on="rule").select(pl.col("occurred_from").alias("day"), *_TOLD)


def _of_kind(
    facts: Facts, kind: str, rows: pl.DataFrame, texts: Sequence[str], first: int, until: date
) -> pl.DataFrame:
    """The facts of one kind for which a rule holds or may hold: ``rule`` (its number from ``first`` on), ``known``."""
    rules = [fact_rule(facts, kind, text) for text in texts]
    names = [f"__{number}" for number in range(len(rules))]
    table: Any = nw.from_native(rows.lazy())
    read = table.with_columns(
        *(rule.expr(until).alias(name) for name, rule in zip(names, rules, strict=True))
    ).to_native()
    # All rules are read in one pass: 1 it holds, 0 it does not, 2 a value that decides it is missing.
    held = [pl.col(name) & ~unheld(kind, rule) for name, rule in zip(names, rules, strict=True)]
    hits = read.select(one.cast(pl.Int8).fill_null(2) for one in held).collect().to_numpy().T
    number, row = np.nonzero(hits)
    told = [pl.Series("rule", number + first), pl.Series("known", hits[number, row] == 1)]
    return rows[["enrolment", "occurred_from", "kind", "id"]][row].hstack(told)


def of_enrolments(facts: Facts, kind: str, until: date) -> pl.DataFrame:
    """The facts of a kind that name their enrolment, up to a day."""
    known = (pl.col("occurred_from") <= until) & pl.col("enrolment").is_not_null()

    def make() -> pl.DataFrame:
        rows = recorded(facts, kind)
        # Mostly all of them: then nothing is copied.
        return rows if rows.select(known.all()).item() else rows.filter(known)

    return remembered(facts, ("of_enrolments", kind, until), make)


def later_each(
    facts: Facts, rows: pl.DataFrame, day: str, lengths: Mapping[int, Duration], *, clock: str | None = None
) -> pl.Series:
    """As ``later``, by the length of each row's ``part``; null for parts without one."""
    parts: dict[Duration, list[int]] = {}
    for part, length in lengths.items():
        parts.setdefault(length, []).append(part)
    # Where no site of these rows has chosen for itself, the programme's own length is that of them all.
    there = pl.col("site").is_in(rows["site"].unique().implode())
    chosen = set(facts.settings().filter(there)["setting"])
    moved: pl.Expr = pl.lit(None, dtype=pl.Date)
    for length, of in parts.items():
        if length.setting in chosen:
            there: pl.Expr = pl.lit(later(facts, rows, day, length, clock=clock))
        else:
            there = pl.col(day).dt.offset_by(facts.programme.length(length).polars_offset)
        moved = pl.when(pl.col(PART).is_in(of)).then(there).otherwise(moved)
    return rows.with_columns(moved.alias("__moved"))["__moved"]
