"""Kaplan-Meier curves with weekly exit rates, intervals, medians and numbers at risk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ..inputs import Flags, Floats, Frame, as_polars, codes, complete_rows, numbers, yes_no
from ..results import Z95


def kaplan_meier(
    df: Frame,
    duration: str,
    event: str,
    by: str | None = None,
    *,
    entry: str | None = None,
    weights: str | None = None,
) -> pl.DataFrame:
    """The share still without the event and the exit rate at each distinct time, for all or each value of ``by``.

    ``duration`` is the last week (or other unit) observed, ``event`` whether the wait ended then (otherwise
    censored: the person counts as at risk in that week and not after). ``entry`` names the week after which a
    person came under observation: at risk at t are those with entry < t ≤ duration, and an entry of 0 means from
    the very start, week 0 included. Where early risk sets are small the curve can fall to 0 for good.

    Columns: ``group`` (only with ``by``), ``time``, ``at_risk`` (just before), ``events``, ``censored``,
    ``hazard`` = events / at_risk (null where nobody is at risk), ``survival`` = Π (1 − hazard) (Kaplan & Meier
    1958, JASA), ``se`` (Greenwood 1926), ``lower`` and ``upper`` (95 %, log-log: Kalbfleisch & Prentice 1980, as
    R's ``conf.type = "log-log"``). Rows: time 0 and every time at which somebody enters or leaves. Once nobody is
    left without the event, ``se``, ``lower`` and ``upper`` are null.

    With ``weights`` the counts are sums of weights, and ``se`` is the infinitesimal jackknife over rows (R:
    ``survfit(robust = TRUE)``), which without late entry is Greenwood's where all weights are one; the weights
    count as known. Rows of weight 0 do not count.

    Rows with a missing value are left out (:func:`missing_rows` counts them). Raises ``ValueError`` for negative or
    infinite times, for an entry that is not before the duration, for negative weights and when no row is complete.
    """
    df = as_polars(df)
    if weights is not None and weights in df.columns:
        known = complete_rows(df, [weights]).table
        weight = numbers(known, weights)
        if (weight < 0).any() or not weight.any():
            raise ValueError(f"weights in column '{weights}' must not be negative, nor all be 0")
        df = known.filter(pl.Series(weight > 0))
    waits = read_waits(df, duration, event, by, [column for column in (entry, weights) if column])
    ended = yes_no(waits.table, event)
    starts = None if entry is None else _entries(waits, entry, duration)
    weight = None if weights is None else numbers(waits.table, weights)
    curves = []
    for rows in members(waits.group, len(waits.labels)):
        curve = _curve(
            waits.times[rows],
            ended[rows],
            None if starts is None else starts[rows],
            None if weight is None else weight[rows],
        )
        curves.append(curve)
    return labelled(curves, waits.labels if by else None)


def missing_rows(df: Frame, columns: Sequence[str]) -> dict[str, int]:
    """How many rows lack a value, by the first of ``columns`` that does (``missing <column>``)."""
    df = as_polars(df)
    return complete_rows(df, columns).excluded


def survival_at(curve: pl.DataFrame, times: float | Sequence[float]) -> pl.DataFrame:
    """The curve of :func:`kaplan_meier` read off at ``times``: ``group`` (if it has groups), ``time``, ``at_risk``,
    ``survival``, ``se``, ``lower``, ``upper``.

    ``at_risk`` counts those observed to that time or longer. Past the last observed time everything but
    ``at_risk`` (then 0) is null: the curve is not drawn on. Raises ``ValueError`` for negative times.
    """
    wanted = np.atleast_1d(np.asarray(times, dtype=np.float64))
    if (wanted < 0).any() or not np.isfinite(wanted).all():
        raise ValueError("a curve is read at times of zero or more")
    parts = []
    for part in _parts(curve):
        known = part["time"].to_numpy()
        row = np.searchsorted(known, wanted, side="right") - 1
        following = np.searchsorted(known, wanted, side="left")
        at_risk = np.append(part["at_risk"].to_numpy(), 0)[following]
        beyond = wanted > known[-1]
        read = part[row].with_columns(time=pl.Series(wanted), at_risk=pl.Series(at_risk))
        parts.append(blank(read, beyond, ("survival", "se", "lower", "upper")))
    return pl.concat(parts).drop("events", "censored", "hazard")


def at_risk_table(curve: pl.DataFrame, times: Sequence[float]) -> pl.DataFrame:
    """Numbers still at risk under a curve: one row per group, one column per time (``0``, ``26`` …)."""
    read = survival_at(curve, times)
    counts = read["at_risk"].to_numpy().reshape(-1, len(times))
    columns = {f"{time:.15g}": counts[:, place] for place, time in enumerate(times)}
    groups = {"group": curve["group"].unique(maintain_order=True)} if "group" in curve.columns else {}
    return pl.DataFrame({**groups, **columns})


def median_time(curve: pl.DataFrame) -> pl.DataFrame:
    """The time by which half have had the event: ``group`` (if the curve has groups), ``median``, and its 95 %
    interval ``lower``, ``upper``.

    The first time the curve is at one half or below (midway to the next step if it is one half exactly, as
    R); the interval is where the curve's own bounds cross one half (Brookmeyer & Crowley 1982, Biometrics). Null
    where the curve does not come that low.
    """
    rows = []
    for part in _parts(curve):
        steps = part.filter((pl.col("events") > 0) | (pl.col("time") == part["time"][0]))
        rows.append([_crossing(steps, column) for column in ("survival", "lower", "upper")])
    medians = pl.DataFrame(rows, schema=dict.fromkeys(("median", "lower", "upper"), pl.Float64), orient="row")
    if "group" in curve.columns:
        return medians.select(curve["group"].unique(maintain_order=True), pl.all())
    return medians


@dataclass(frozen=True, slots=True)
class Waits:
    """The complete rows of a table of waits: their ``times``, their ``group`` as numbers from 0 and the sorted
    ``labels`` of the groups (one null label when all are one group)."""

    table: pl.DataFrame
    times: Floats
    group: NDArray[np.int64]
    labels: pl.Series
    excluded: dict[str, int]


def read_waits(
    table: pl.DataFrame, duration: str, event: str, by: str | None, also: Sequence[str] = ()
) -> Waits:
    """The rows complete in all columns named; ``ValueError`` for times below zero and when there are none."""
    complete = complete_rows(table, [duration, event, *([by] if by else []), *also])
    times = numbers(complete.table, duration)
    if (times < 0).any():
        raise ValueError(f"column '{duration}' has negative times: a wait cannot end before it begins")
    if by is None:
        group, labels = np.zeros(len(times), dtype=np.int64), pl.Series([None], dtype=pl.String)
    else:
        group, labels = codes(complete.table, by)
    return Waits(complete.table, times, group, labels, complete.excluded)


def members(group: NDArray[np.int64], size: int) -> list[NDArray[np.int64] | slice]:
    """The rows of each of ``size`` groups, in their old order."""
    if size == 1:
        return [slice(None)]
    # A small integer type is sorted by counting, in one pass.
    order = np.argsort(group.astype(np.int16) if size < 2**15 else group, kind="stable")
    return list(np.split(order, np.bincount(group, minlength=size).cumsum()[:-1]))


def distinct(times: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """The distinct times in order, 0 always among them, and the place of each time in that list."""
    if times.max() <= 4 * len(times) + 10_000:
        whole = times.astype(np.int64)
        if (whole == times).all():  # weeks need no sorting: they are their own place
            seen = np.bincount(whole) > 0
            seen[0] = True
            return np.flatnonzero(seen).astype(np.float64), (np.cumsum(seen) - 1)[whole]
    moments, index = np.unique(np.append(times, 0.0), return_inverse=True)
    return moments, index[:-1]


def tally(places: NDArray[np.int64], values: Floats, size: int) -> Floats:
    """The sum of ``values`` at each of ``size`` places."""
    return np.bincount(places, weights=values, minlength=size).astype(np.float64)


def from_end(counts: Floats) -> Floats:
    """Sums of each place and all later ones, along the last axis."""
    return counts[..., ::-1].cumsum(axis=-1)[..., ::-1]


def labelled(tables: Sequence[pl.DataFrame], labels: pl.Series | None) -> pl.DataFrame:
    """One table of several, with a first column ``group`` where there are groups."""
    if labels is None:
        return pl.concat(tables)
    return pl.concat(
        table.select(pl.lit(labels[place], labels.dtype).alias("group"), pl.all())
        for place, table in enumerate(tables)
    )


def _entries(waits: Waits, entry: str, duration: str) -> Floats:
    starts = numbers(waits.table, entry)
    if (starts < 0).any():
        raise ValueError(f"column '{entry}' has negative times: nobody is under observation before 0")
    if late := int(((starts >= waits.times) & (starts > 0)).sum()):
        raise ValueError(
            f"{late} rows have '{entry}' at or after '{duration}': they were never at risk, leave them out"
        )
    return starts


def _curve(times: Floats, ended: Flags, starts: Floats | None, weight: Floats | None) -> pl.DataFrame:
    """One Kaplan-Meier curve; the arguments have one value per row of the group."""
    moments, places = distinct(times if starts is None else np.concatenate([times, starts]))
    index, late = places[: len(times)], places[len(times) :]
    counted = _risk(index, ended, late, None, len(moments))
    at_risk, events, leaving = counted if weight is None else _risk(index, ended, late, weight, len(moments))
    # Sums of weights are rounded; the counts of people tell for certain where nobody is at risk, or left.
    there = counted[0] > 0
    at_risk = np.where(there, at_risk, 0.0)
    left = np.where(counted[0] > counted[1], np.maximum(at_risk - events, 0.0), 0.0)
    alive = left > 0
    staying = np.divide(left, at_risk, out=np.ones(len(moments)), where=there)
    survival = np.cumprod(staying, dtype=np.float64)
    greenwood = np.cumsum(np.divide(events, at_risk * left, out=np.zeros(len(moments)), where=alive))
    variance = greenwood if weight is None else _jackknife(greenwood, left, index, ended, late, weight)
    lower, upper = log_log(survival, np.sqrt(variance) * survival)
    kind = pl.Int64 if weight is None else pl.Float64
    frame = pl.DataFrame(
        {
            "time": moments,
            "at_risk": pl.Series(at_risk).cast(kind),
            "events": pl.Series(events).cast(kind),
            "censored": pl.Series(leaving - events).cast(kind),
            "hazard": np.divide(events, at_risk, out=np.zeros(len(moments)), where=there),
            "survival": survival,
            "se": survival * np.sqrt(variance),
            "lower": lower,
            "upper": upper,
        }
    )
    return blank(blank(frame, ~there, ("hazard",)), survival <= 0, ("se", "lower", "upper"))


def _risk(
    index: NDArray[np.int64], ended: Flags, late: NDArray[np.int64], weight: Floats | None, size: int
) -> tuple[Floats, Floats, Floats]:
    """People (or their weights) at risk at, with the event at, and leaving at each distinct time."""
    each = np.ones(len(index)) if weight is None else weight
    events = tally(index, ended * each, size)
    leaving = tally(index, each, size)
    at_risk = from_end(leaving)
    if len(late):
        # Those who entered at 0 are at risk from the first row on; others not before the row after their entry.
        entering = tally(late, each, size)
        entering[0] = 0.0
        at_risk = at_risk - from_end(entering)
    return at_risk, events, leaving


def _jackknife(
    cumulated: Floats,
    left: Floats,
    index: NDArray[np.int64],
    ended: Flags,
    late: NDArray[np.int64],
    weight: Floats,
) -> Floats:
    """The infinitesimal-jackknife variance of log survival: Σ over rows of (weight × influence)².

    A row's influence on −log S(t) is 1 / left at its event minus the rise of ``cumulated`` = Σ d / (n (n − d))
    while it was at risk. It is settled when the row leaves; until then it is a square in ``cumulated``, which
    needs only sums over the rows at risk.
    """
    size = len(cumulated)
    start = np.where(late > 0, cumulated[late], 0.0) if len(late) else np.zeros(len(index))
    square = weight**2
    at_event = np.divide(1.0, left, out=np.zeros(size), where=left > 0)[index] * ended
    settled = square * (at_event - cumulated[index] + start) ** 2
    variance = np.cumsum(tally(index, settled, size))
    for power, factor in ((0, cumulated**2), (1, -2 * cumulated), (2, np.ones(size))):
        value = square * start**power
        later = from_end(tally(index, value, size))
        if len(late):
            later -= from_end(tally(late, value, size))
        variance += factor * np.append(later[1:], 0.0)
    return np.maximum(variance, 0.0)


def log_log(share: Floats, se: Floats) -> tuple[Floats, Floats]:
    """95 % bounds of shares that are symmetric for log(−log share); shares of 0 and 1 bound themselves."""
    inside = (share > 0) & (share < 1)
    log = np.log(np.where(inside, share, 0.5))
    half = np.where(inside, Z95 * se / np.where(inside, share, 1.0) / np.abs(log), 0.0)
    half = np.minimum(half, 700.0)  # exp() of more is no number, and the bounds are 0 and 1 long before
    return share ** np.exp(half), share ** np.exp(-half)


def blank(table: pl.DataFrame, where: Flags, columns: Sequence[str]) -> pl.DataFrame:
    """Null in ``columns`` of the rows marked."""
    marked = pl.Series(where)
    return table.with_columns(pl.when(marked).then(None).otherwise(pl.col(c)).alias(c) for c in columns)


def _parts(curve: pl.DataFrame) -> list[pl.DataFrame]:
    """A table of curves as one table for each."""
    return curve.partition_by("group", maintain_order=True) if "group" in curve.columns else [curve]


def _crossing(steps: pl.DataFrame, column: str) -> float | None:
    """The first event time at which ``column`` is one half or less."""
    values = steps[column].to_numpy()
    reached = np.flatnonzero(values <= 0.5 + 1e-9)
    if not len(reached):
        return None
    first = int(reached[0])
    times = steps["time"].to_numpy()
    if abs(values[first] - 0.5) <= 1e-9 and first + 1 < len(times):
        return float((times[first] + times[first + 1]) / 2)
    return float(times[first])
