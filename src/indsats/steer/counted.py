"""What an indicator counts, row by row, and the one way rows become a figure for any place.

Every measure makes the same kind of table once for the whole programme. The level of a unit, of a site, of all sites
at once, of one enrolment, and the facts behind a figure are all read off that table.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import fsum
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import polars as pl

from indsats.figure import Figure
from indsats.figure import Unit as Measure

from . import reasons
from .exposure import person_time
from .intervals import change_interval, count_interval, mean_interval, share_interval, thinned_by
from .selection import Scope

if TYPE_CHECKING:
    from indsats.record import Facts

ROWS: dict[str, pl.DataType] = {
    "unit": pl.String(),
    "site": pl.String(),
    "person": pl.String(),
    "enrolment": pl.String(),
    "key": pl.String(),
    "day": pl.Date(),
    "kind": pl.String(),
    "fact": pl.String(),
    "n": pl.Float64(),
    "d": pl.Float64(),
    "reason": pl.String(),
}
"""``unit``, ``site``: where the row counts. ``key``: who is counted once however many rows there are. ``n`` and ``d``:
what it adds to numerator and denominator; null where ``reason`` says why it adds nothing. ``kind``, ``fact``: the fact
it is, where it is one."""

EXPOSURE: dict[str, pl.DataType] = {
    "unit": pl.String(),
    "site": pl.String(),
    "person": pl.String(),
    "start": pl.Date(),
    "stop": pl.Date(),
    "amount": pl.Float64(),
}
"""What a rate is divided by: time of a person from ``start`` up to, not including, ``stop``, or an ``amount``."""

Fold = Literal["sum", "first", "all", "total"]
Place = Literal["unit", "site"]

_ORDER = (
    reasons.NOT_YET_DUE,
    reasons.PHASE_ENDED_FIRST,
    reasons.UNKNOWN_VALUE,
    reasons.NOT_MEASURED,
    reasons.NOT_APPLICABLE,
)
"""Why a person has nothing in the denominator: the first of these that holds for one of the rows."""


@dataclass(frozen=True, slots=True)
class Counted:
    """The rows of an indicator in a period, and how they add up.

    ``fold`` says what becomes of several rows with one ``key`` in a place: ``sum`` counts them all, ``first`` only the
    earliest, ``all`` is met when all are, ``total`` adds up ``n`` and counts the key once in ``d``.
    """

    rows: pl.DataFrame
    unit: Measure
    fold: Fold = "sum"
    method: str = ""
    of: Literal["people", "places"] = "people"
    exposure: pl.DataFrame | None = None
    sampled: bool = True
    """Whether an interval makes sense: not for who is enrolled on a day, which is told of everybody."""
    known: bool = True
    """Whether there can be a value at all: not for a period after the data."""
    seen: bool = True
    """Whether the data cover any of the period. Where they do not, none is no answer: only a place, or a group, of
    which something was recorded all the same, before the first enrolment, has a count."""
    decimals: int | None = None
    """How many decimals its figures are told with; left out they follow the unit."""

    def within(self, inside: pl.Expr) -> Counted:
        """The part of it in places for which ``inside`` (over ``unit`` and ``site``) holds."""
        exposure = None if self.exposure is None else self.exposure.filter(inside)
        return replace(self, rows=self.rows.filter(inside), exposure=exposure)

    def between(self, first: date, last: date) -> Counted:
        """The part of it that has its ``day`` in a time."""
        return replace(self, rows=self.rows.filter(pl.col("day").is_between(first, last)))

    def without(self, persons: Sequence[str]) -> Counted:
        """All of it but what is about these persons."""
        if not persons:
            return self
        others = ~pl.col("person").is_in(list(persons)).fill_null(value=False)
        exposure = None if self.exposure is None else self.exposure.filter(others)
        return replace(self, rows=self.rows.filter(others), exposure=exposure)

    def about(self, persons: pl.DataFrame) -> Counted:
        """The part of it about the persons of a table; what is about no person, such as opening days, goes out."""
        exposure = None if self.exposure is None else self.exposure.join(persons, on="person", how="semi")
        return replace(self, rows=self.rows.join(persons, on="person", how="semi"), exposure=exposure)


def rows_of(table: pl.DataFrame, **columns: pl.Expr | pl.Series) -> pl.DataFrame:
    """``table`` with the columns of ``ROWS``; what is not given and not there is null."""
    made = table.with_columns(**columns)
    lacking = {name: pl.lit(None, dtype=type_) for name, type_ in ROWS.items() if name not in made.columns}
    return made.with_columns(**lacking).select(pl.col(name).cast(type_) for name, type_ in ROWS.items())


def left_out(rows: pl.DataFrame) -> pl.DataFrame:
    """``rows`` (with ``unit``, ``site``, ``reason``) as rows that count nowhere."""
    nothing = pl.lit(None, dtype=pl.Float64)
    return rows_of(rows.filter(pl.col("reason").is_not_null()), n=nothing, d=nothing)


def figure_of(counted: Counted, name: str) -> Figure:
    """All rows as one figure."""
    return figures(counted, None, [""], lambda _: name)[""]


def at_places(facts: Facts, found: Counted, place: Place, name: Callable[[Scope], str]) -> dict[str, Figure]:
    """A figure for every unit of the programme or site of the record; ``name`` gives the id for a scope."""
    units = place == "unit"
    places = list(facts.programme.units) if units else facts.sites["site"].to_list()
    return figures(
        found, place, places, lambda one: name(Scope.of(one, None) if units else Scope.of(None, one))
    )


def figures(
    counted: Counted, by: Place | None, places: Sequence[str], name: Callable[[str], str]
) -> dict[str, Figure]:
    """A figure for each of ``places``, whether it has rows or not; ``name`` gives its id."""
    folded = _folded(counted, by)
    sums = {row["place"]: row for row in _sums(counted, folded, by).iter_rows(named=True)}
    left = folded.filter(pl.col("reason").is_not_null()).group_by("place", "reason").len().sort("reason")
    excluded: dict[str, dict[str, int]] = {}
    for place, reason, number in left.iter_rows():
        excluded.setdefault(place, {})[reason] = number
    return {
        place: _figure(counted, name(place), sums.get(place, _NOTHING), excluded.get(place, {}))
        for place in places
    }


_NONE_SEEN = float(count_interval(np.zeros(1), np.zeros(1))[1][0])
"""How many there could have been where none was."""
_NOTHING: dict[str, Any] = {"n": 0.0, "d": 0.0, "value": None, "low": None, "high": None}


def _figure(counted: Counted, name: str, row: dict[str, Any], excluded: dict[str, int]) -> Figure:
    n, d = row["n"] or 0.0, row["d"] or 0.0
    if not counted.known or not (counted.seen or n):
        return Figure(name, None, counted.unit, decimals=counted.decimals)
    parts: dict[str, Any] = {"excluded": excluded, "low": row["low"], "high": row["high"]}
    parts |= {"method": counted.method, "of": counted.of, "decimals": counted.decimals}
    if counted.unit == "count":
        if counted.sampled and row["low"] is None:
            parts |= {"low": 0.0, "high": _NONE_SEEN}
        return Figure(name, n, "count", n, **parts)
    value = row["value"] if d else None
    return Figure(name, value, counted.unit, n, d, **parts)


def _placed(rows: pl.DataFrame, by: Place | None) -> pl.DataFrame:
    place = pl.lit("") if by is None else pl.col(by)
    return rows.with_columns(place=place).filter(pl.col("place").is_not_null())


def _folded(counted: Counted, by: Place | None) -> pl.DataFrame:
    """One row per thing counted: ``place``, ``cluster``, ``n``, ``d``, ``reason``."""
    rows = _placed(counted.rows, by)
    if counted.fold == "sum":
        return rows.select("place", "n", "d", "reason", cluster=pl.coalesce("person", "key"))
    if counted.fold == "first":
        first = rows.sort("day", "enrolment").unique(["place", "key"], keep="first", maintain_order=True)
        return first.select("place", "n", "d", "reason", cluster="key")
    counts = pl.col("reason").is_null()
    if counted.fold == "total":
        loose = rows.filter(~counts).select("place", "n", "d", "reason", cluster="key")
        keyed = rows.filter(counts).group_by("place", "key")
        held = keyed.agg(pl.col("n").sum(), d=pl.lit(1.0), reason=pl.lit(None, dtype=pl.String))
        return pl.concat([held.select("place", "n", "d", "reason", cluster="key"), loose])
    why = pl.coalesce(pl.when((pl.col("reason") == reason).any()).then(pl.lit(reason)) for reason in _ORDER)
    return (
        rows.group_by("place", "key")
        .agg(
            n=pl.col("n").filter(counts).min(),
            d=pl.when(counts.any()).then(1.0),
            reason=pl.when(~counts.any()).then(why),
        )
        .select("place", "n", "d", "reason", cluster="key")
    )


def _sums(counted: Counted, folded: pl.DataFrame, by: Place | None) -> pl.DataFrame:
    """Per ``place``: ``n``, ``d``, ``value``, ``low``, ``high``."""
    kept = folded.filter(pl.col("reason").is_null())
    sums = kept.group_by("place", maintain_order=True).agg(
        _added(kept["n"]),
        pl.col("d").sum(),
        both=(pl.col("n") * pl.col("d")).sum(),
        only_before=(pl.col("d") * (1 - pl.col("n"))).sum(),
        only_after=(pl.col("n") * (1 - pl.col("d"))).sum(),
    )
    if counted.exposure is not None:
        exposed = _exposed(counted.exposure, by)
        sums = (
            sums.drop("d")
            .join(exposed, on="place", how="full", coalesce=True)
            .with_columns(pl.col("n", "d").fill_null(0.0))
        )
    sums = sums.join(_spread(kept, sums), on="place", how="left", maintain_order="left")
    n, d = sums["n"].to_numpy(), sums["d"].to_numpy()
    with np.errstate(invalid="ignore", divide="ignore"):
        value = n / d - 1 if counted.unit == "change" else n if counted.unit == "count" else n / d
    low, high = _ends(counted, sums) if counted.sampled else (np.full(len(n), np.nan),) * 2
    ends = {
        # Rounded, an end may pass a level it equals.
        name: np.where(np.isfinite(value) & np.isfinite(end), beyond(np.round(end, 12), value), np.nan)
        for name, end, beyond in (("low", low, np.minimum), ("high", high, np.maximum))
    }
    return sums.select("place", "n", "d").with_columns(
        pl.Series(name, of, dtype=pl.Float64).fill_nan(None)
        for name, of in (("value", np.where(np.isfinite(value), value, np.nan)), *ends.items())
    )


def _added(numbers: pl.Series) -> pl.Expr:
    """The sum of a column, rounded once: floats that are added in another order, or beside others, differ otherwise."""
    if (numbers.round() == numbers).all():
        return pl.col(numbers.name).sum()
    return pl.col(numbers.name).map_batches(
        lambda held: fsum(held), return_dtype=pl.Float64, returns_scalar=True
    )


def _spread(kept: pl.DataFrame, sums: pl.DataFrame) -> pl.DataFrame:
    """Per ``place``: ``clusters``, ``most`` rows of one, squares of counts, and the ratio's variance.

    What names no person and no key is a cluster of its own.
    """
    alone = pl.col("cluster").is_null()
    known = (
        kept.filter(~alone)
        .group_by("place", "cluster", maintain_order=True)
        .agg(pl.col("n").sum(), pl.col("d").sum(), rows=pl.len())
    )
    loose = kept.filter(alone).select("place", "cluster", "n", "d", rows=pl.lit(1, dtype=pl.UInt32))
    ratio = sums.select("place", ratio=pl.when(pl.col("d") > 0).then(pl.col("n") / pl.col("d")))
    return (
        pl.concat([known, loose])
        .join(ratio, on="place", maintain_order="left")
        .group_by("place", maintain_order=True)
        .agg(
            clusters=pl.len(),
            most=pl.col("rows").max(),
            squares=(pl.col("n") ** 2).sum(),
            off=((pl.col("n") - pl.col("ratio") * pl.col("d")) ** 2).sum(),
        )
    )


def _ends(counted: Counted, sums: pl.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    n, d = sums["n"].to_numpy(), sums["d"].to_numpy()
    clusters = sums["clusters"].fill_null(0).to_numpy().astype(float)
    squares, off = (sums[name].fill_null(0.0).to_numpy() for name in ("squares", "off"))
    with np.errstate(invalid="ignore", divide="ignore"):
        inflated = clusters / (clusters - 1)
        if counted.unit == "change":
            return change_interval(*(sums[name].to_numpy() for name in ("both", "only_before", "only_after")))
        if counted.unit == "share" and counted.of == "people":
            p = n / d
            effect = inflated * off / d**2 / (p * (1 - p) / d)
            repeated = sums["most"].fill_null(0).to_numpy() > 1
            # With one answer only there is no spread to see: then a person is one observation.
            alike = (p <= 0) | (p >= 1) | (clusters < 2)
            thinned = np.where(alike, clusters, thinned_by(np.maximum(effect, 1), d, clusters))
            return share_interval(n, d, np.where(repeated, np.minimum(thinned, d), d))
        if counted.unit in ("count", "rate", "monthly"):
            effective = np.where(squares > 0, np.minimum(n**2 / squares, n), 0.0)
            low, high = count_interval(n, effective)
            return (low, high) if counted.unit == "count" else (low / d, high / d)
        low, high = mean_interval(n / d, np.sqrt(inflated * off) / d, clusters)
        return (np.maximum(low, 0.0), np.minimum(high, 1.0)) if counted.unit == "share" else (low, high)


def _exposed(exposure: pl.DataFrame, by: Place | None) -> pl.DataFrame:
    """``place``, ``d``: months of persons enrolled, each day once, and amounts."""
    placed = _placed(exposure, by)
    time = person_time(placed.filter(pl.col("person").is_not_null()), ["place"])
    told = placed.filter(pl.col("amount").is_not_null())
    amounts = told.group_by("place", maintain_order=True).agg(_added(told["amount"]).alias("d"))
    return (
        pl.concat([time.select("place", d="months"), amounts])
        .group_by("place", maintain_order=True)
        .agg(pl.col("d").sum())
    )
