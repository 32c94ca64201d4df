"""Who reached something within so many weeks of enrolment, plainly and by Kaplan-Meier."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from indsats.evaluate import kaplan_meier, survival_at
from indsats.figure import Figure
from indsats.programme import Period, WithinIndicator, with_rule

from . import reasons
from .counted import Counted, left_out, rows_of
from .exposure import observed
from .selection import (
    Scope,
    enrolled_in,
    fact_rule,
    in_group,
    one_per_fact,
    recorded,
    unheld,
    unknown_reason,
)

if TYPE_CHECKING:
    from indsats.record import Facts


def within_curve(
    facts: Facts, indicator_id: str, period: Period, *, unit: str | None = None, site: str | None = None
) -> Figure:
    """The Kaplan-Meier share that reached a ``within`` indicator in its weeks, with a 95 % interval.

    Uses every enrolment begun by the period's end (``denominator``; there is no numerator), each followed
    until the fact or until the period or the data end. An enrolment that exits without the fact stays in the
    risk set as one that did not reach it, exactly as in the plain share, so the two agree when everybody has
    been followed long enough. No value when nobody without it was followed that long.
    ``id`` is that of the indicator with ``within-curve`` in front. Raises KeyError for an unknown indicator
    and TypeError for one that is not a ``within``.
    """
    asked = facts.programme.indicators[indicator_id]
    if not isinstance(asked, WithinIndicator):
        raise TypeError(f"'{indicator_id}' measures {asked.measures}; a curve needs 'within'")
    scope = Scope.of(unit, site)
    name = f"within-curve/{indicator_id}/{scope.label}/{period.first}..{period.last}"
    if observed(facts, period) is None:
        return Figure(name, None, "share")
    followed = scope.rows(_followed(facts, asked, period))
    if asked.group is not None:
        followed = followed.join(in_group(facts, asked.group, period.last), on="person", how="semi")
    times = followed.select(
        time=pl.coalesce("reached", "followed").cast(pl.Float64), event=pl.col("reached").is_not_null()
    )
    value, low, high = _read_off(times, float(7 * asked.weeks))
    return Figure(
        name,
        value,
        "share",
        None,
        float(times.height),
        low=low,
        high=high,
        method="Kaplan-Meier, log-log interval",
        # With nobody censored the curve is the plain share: it may not give away what that hides.
        made_from=(f"indicator/{indicator_id}/{scope.label}/{period.first}..{period.last}",),
    )


def _read_off(times: pl.DataFrame, days: float) -> tuple[float | None, float | None, float | None]:
    """The share that had the event by then, with its interval; no interval for none or all."""
    if times.is_empty():
        return None, None, None
    curve = kaplan_meier(times, "time", "event")
    if curve["survival"][-1] == 0 and curve["time"][-1] <= days:
        return 1.0, None, None
    left, low, high = survival_at(curve, days).select("survival", "lower", "upper").row(0)
    if left is None:
        return None, None, None
    if left == 1:
        return 0.0, None, None
    return 1 - left, 1 - high, 1 - low


def within(facts: Facts, asked: WithinIndicator, period: Period) -> Counted:
    """The plain share: only enrolments followed ``weeks`` weeks by the end of the period and of the data.

    An enrolment that was not is left out even if it has already reached it: those who reach it early would
    otherwise weigh more. One whose only candidate fact cannot be decided is left out as unknown.
    """
    days = 7 * asked.weeks
    reached = (pl.col("reached") <= days).fill_null(value=False)
    doubtful = ~reached & (pl.col("perhaps") <= days).fill_null(value=False)
    why = (
        pl.when(pl.col("followed") < days)
        .then(pl.lit(reasons.NOT_OBSERVED_LONG_ENOUGH))
        .when(doubtful)
        .then("perhaps_reason")
    )
    followed = _followed(facts, asked, period).with_columns(hit=reached, reason=why, day="start")
    counts = pl.col("reason").is_null()
    rows = rows_of(followed, n=pl.when(counts).then("hit"), d=pl.when(counts).then(1.0))
    known = observed(facts, period) is not None
    return Counted(pl.concat([rows, left_out(_loose(facts, asked, period))]), "share", known=known)


def _candidates(facts: Facts, asked: WithinIndicator, end: date) -> pl.DataFrame:
    """Facts that do or may satisfy the rule, with ``hit`` and ``reason``."""
    rule = fact_rule(facts, asked.kind, asked.where)
    rows = with_rule(recorded(facts, asked.kind).filter(pl.col("occurred_from") <= end), "hit", rule, end)
    return (
        one_per_fact(rows, asked.kind)
        .filter(pl.col("hit").fill_null(value=True) & ~unheld(asked.kind, rule))
        .with_columns(reason=unknown_reason(asked.kind, rule), day="occurred_from")
    )


def _loose(facts: Facts, asked: WithinIndicator, period: Period) -> pl.DataFrame:
    """Facts that belong to no enrolment."""
    found = _candidates(facts, asked, min(period.last, facts.last_day))
    return found.filter(pl.col("enrolment").is_null()).with_columns(reason=pl.lit(reasons.NO_ENROLMENT))


def _followed(facts: Facts, asked: WithinIndicator, period: Period) -> pl.DataFrame:
    """One row per enrolment begun by the end: days ``followed``, ``reached``, ``perhaps`` and its reason.

    ``reached`` is the day number of the first fact that satisfies the rule, ``perhaps`` of the first that may.
    """
    end = min(period.last, facts.last_day)
    enrolled = enrolled_in(facts, Scope(), asked.service).filter(pl.col("start") <= end)
    begun = enrolled.select("unit", "site", "person", "enrolment", "start")
    dated = (
        _candidates(facts, asked, end)
        .select("enrolment", "hit", "reason", "day")
        .join(begun.select("enrolment", "start"), on="enrolment")
        .with_columns(after=(pl.col("day") - pl.col("start")).dt.total_days())
        .filter(pl.col("after") >= 0)
        .sort("after")
    )
    unknown = pl.col("hit").is_null()
    firsts = dated.group_by("enrolment").agg(
        reached=pl.col("after").filter(~unknown).min(),
        perhaps=pl.col("after").filter(unknown).min(),
        perhaps_reason=pl.col("reason").filter(unknown).first(),
    )
    followed = begun.with_columns(followed=(pl.lit(end) - pl.col("start")).dt.total_days())
    return followed.join(firsts, on="enrolment", how="left")
