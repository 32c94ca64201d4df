"""Waiting times: Kaplan-Meier curves with intervals, medians, numbers at risk, and the log-rank test."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from ..inputs import Flags, Floats, codes, complete_rows, numbers, yes_no
from ..trials.proportions import Z95


def kaplan_meier(table: pl.DataFrame, time: str, event: str, by: str | None = None) -> pl.DataFrame:
    """The share still without the event, per distinct ``time``, for everybody or for each value of ``by``.

    ``time`` is the last week (or other unit) observed, ``event`` whether the wait ended then (otherwise
    censored: the person counts as at risk in that week and not after). Columns: ``group`` (null without
    ``by``), ``time``, ``at_risk`` (just before), ``events``, ``censored``, ``survival``, ``se`` (Greenwood),
    ``lower`` and ``upper`` (95 %, log-log, as R's ``conf.type = "log-log"``). Every curve starts with a row at
    time 0. Once nobody is left without the event, ``se``, ``lower`` and ``upper`` are null.

    Rows without time, event or group are left out (:func:`missing_rows` counts them). Raises ``ValueError``
    for negative times and when no row is complete.
    """
    group, times, ended, labels = read_times(table, time, event, by)
    curves = [_curve(times[group == index], ended[group == index]) for index in range(len(labels))]
    named = [
        curve.with_columns(pl.lit(labels[index], labels.dtype).alias("group"))
        for index, curve in enumerate(curves)
    ]
    return pl.concat(named).select(_COLUMNS)


def missing_rows(table: pl.DataFrame, columns: Sequence[str]) -> dict[str, int]:
    """How many rows lack a value, by the first of ``columns`` that does (``missing <column>``)."""
    return complete_rows(table, columns).excluded


def survival_at(curve: pl.DataFrame, times: float | Sequence[float]) -> pl.DataFrame:
    """The curve read off at ``times``: ``group``, ``time``, ``at_risk``, ``survival``, ``se``, ``lower``,
    ``upper``.

    ``at_risk`` counts those observed to that time or longer. Past the last observed time everything but
    ``at_risk`` (then 0) is null: the curve is not drawn on. Raises ``ValueError`` for negative times.
    """
    wanted = np.atleast_1d(np.asarray(times, dtype=np.float64))
    if (wanted < 0).any() or not np.isfinite(wanted).all():
        raise ValueError("a curve is read at times of zero or more")
    parts = []
    for part in curve.partition_by("group", maintain_order=True):
        known = part["time"].to_numpy()
        row = np.searchsorted(known, wanted, side="right") - 1
        following = np.searchsorted(known, wanted, side="left")
        at_risk = np.append(part["at_risk"].to_numpy(), 0)[following]
        beyond = wanted > known[-1]
        read = part[row].with_columns(time=pl.Series(wanted), at_risk=pl.Series(at_risk))
        parts.append(
            read.with_columns(
                pl.when(pl.Series(beyond)).then(None).otherwise(pl.col(name)).alias(name)
                for name in ("survival", "se", "lower", "upper")
            )
        )
    return pl.concat(parts).select("group", "time", "at_risk", "survival", "se", "lower", "upper")


def at_risk_table(curve: pl.DataFrame, times: Sequence[float]) -> pl.DataFrame:
    """Numbers still at risk under a curve: one row per group, one column per time (``0``, ``26`` …)."""
    read = survival_at(curve, times).with_columns(
        pl.Series("label", [f"{t:g}" for t in times] * curve["group"].n_unique())
    )
    return read.pivot("label", index="group", values="at_risk", maintain_order=True)


def median_time(curve: pl.DataFrame) -> pl.DataFrame:
    """The time by which half have had the event: ``group``, ``median``, and its 95 % interval ``lower``,
    ``upper``.

    The first time the curve is at one half or below (midway to the next step if it is one half exactly, as
    R); the interval is where the curve's own bounds cross one half. Null where the curve does not come that
    low.
    """
    rows = []
    for part in curve.partition_by("group", maintain_order=True):
        steps = part.filter((pl.col("events") > 0) | (pl.col("time") == part["time"][0]))
        crossings = [_crossing(steps, column) for column in ("survival", "lower", "upper")]
        rows.append((part["group"][0], *crossings))
    schema = {"group": curve.schema["group"], "median": pl.Float64, "lower": pl.Float64, "upper": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


_COLUMNS = ["group", "time", "at_risk", "events", "censored", "survival", "se", "lower", "upper"]


def read_times(
    table: pl.DataFrame, time: str, event: str, by: str | None
) -> tuple[np.ndarray, Floats, Flags, pl.Series]:
    """Group numbers, times, events and group labels (sorted) of the complete rows."""
    complete = complete_rows(table, [time, event, *([by] if by else [])]).table
    times, ended = numbers(complete, time), yes_no(complete, event)
    if (times < 0).any():
        raise ValueError(f"column '{time}' has negative times: a wait cannot end before it begins")
    if by is None:
        return np.zeros(len(times), dtype=np.int64), times, ended, pl.Series([None], dtype=pl.String)
    group, labels = codes(complete, by)
    return group, times, ended, labels


def _curve(times: Floats, ended: Flags) -> pl.DataFrame:
    """One Kaplan-Meier curve."""
    moments, index = np.unique(np.append(times, 0.0), return_inverse=True)
    index = index[:-1]
    leaving = np.bincount(index, minlength=len(moments))
    events = np.bincount(index, weights=ended, minlength=len(moments)).astype(np.int64)
    at_risk = leaving[::-1].cumsum()[::-1]
    survival = np.cumprod(1.0 - events / at_risk)
    left = at_risk - events
    alive = left > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(np.where(alive, events / (at_risk * np.where(alive, left, 1)), 0.0))
        se = survival * np.sqrt(greenwood)
        log_survival = np.log(survival)
        half = Z95 * np.sqrt(greenwood) / np.abs(log_survival)
        low = survival ** np.exp(half)
        high = survival ** np.exp(-half)
    certain, over = survival == 1.0, survival <= 0.0
    low, high = np.where(certain, 1.0, low), np.where(certain, 1.0, high)
    frame = pl.DataFrame(
        {
            "time": moments,
            "at_risk": at_risk.astype(np.int64),
            "events": events,
            "censored": (leaving - events).astype(np.int64),
            "survival": survival,
            "se": se,
            "lower": low,
            "upper": high,
        }
    )
    return frame.with_columns(
        pl.when(pl.Series(over)).then(None).otherwise(pl.col(name)).alias(name)
        for name in ("se", "lower", "upper")
    )


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
