"""Competing ways out: the share that has left by each cause, and Gray's test between groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ..cautions import Caution, caution, left_out
from ..design import is_categorical
from ..inputs import Floats, Frame, as_polars, codes, numbers
from .curves import blank, distinct, from_end, labelled, log_log, read_waits
from .logrank import chi_squared_of


@dataclass(frozen=True, slots=True)
class Incidence:
    """``curves``: ``group`` (only with ``by``), ``cause``, ``time``, ``at_risk``, ``events`` (of that cause),
    ``incidence``, ``se``, ``lower``, ``upper``. ``gray``: ``cause``, ``statistic`` (χ²), ``df``, ``p``; None where
    there are not two groups to compare. ``excluded`` counts rows left out, by reason (``missing <column>``).
    """

    curves: pl.DataFrame
    gray: pl.DataFrame | None
    excluded: Mapping[str, int] = field(default_factory=dict)
    warnings: tuple[Caution, ...] = ()


def cumulative_incidence(
    df: Frame, duration: str, event: str, by: str | None = None, *, censored: str | float = 0
) -> Incidence:
    """The share that has left by each cause at each time, where leaving by one cause rules out the others.

    ``event`` says how the wait ended: a number, true/false or text per cause, and ``censored`` when it had not
    ended (in text, 0 stands for the empty text as well). ``duration`` is the last week (or other unit) observed.

    The incidence of cause k is the sum over times of S(t−) d_k / n (Aalen & Johansen 1978, Scandinavian Journal of
    Statistics), S being the share that has not left at all; those who leave by another cause never reach this
    one, so the causes and S add up to 1. ``se`` is the delta-method error with the hypergeometric correction for
    ties, as R's ``cmprsk::cuminc``; ``lower`` and ``upper`` are 95 % log-log bounds. All three are null where
    everybody has left by one cause. Several events and censorings at one time count as simultaneous, censoring
    last: the order of the rows never matters.

    Gray's test (1988, Annals of Statistics 16:1141–1154, ρ = 0), one row per cause, is that all groups have the
    same incidence. Where a cause never occurs while two groups are at risk, its numbers are null and a warning
    says so. Rows with a missing value are left out and counted. Raises ``ValueError`` for negative times, when no
    row is complete, when nobody has an event, and when ``event`` is neither numbers, true/false nor text.
    """
    df = as_polars(df)
    waits = read_waits(df, duration, event, by)
    cause, causes = _causes(waits.table, event, censored)
    moments, index = distinct(waits.times)
    k, size, ways = len(waits.labels), len(moments), len(causes) + 1
    cell = (waits.group * ways + cause) * size + index
    counts = np.bincount(cell, minlength=k * ways * size).reshape(k, ways, size).astype(np.float64)
    at_risk = from_end(counts.sum(axis=1))
    tables = [_curves(moments, counts[group], at_risk[group], causes) for group in range(k)]
    warnings = left_out(waits.excluded, df.height)
    if not counts[:, 0].any():
        warnings = (*warnings, _nobody_censored(event, censored))
    gray = None
    if k > 1:
        tests = [_gray(counts, at_risk, way) for way in range(1, ways)]
        columns = zip(*(test or (None, None, None) for test in tests), strict=True)
        schema = {"statistic": pl.Float64, "df": pl.Int64, "p": pl.Float64}
        gray = pl.DataFrame(dict(zip(schema, columns, strict=True)), schema=schema).select(
            causes.alias("cause"), pl.all()
        )
        untested = [str(causes[way]) for way, test in enumerate(tests) if test is None]
        warnings = (*warnings, *(_not_comparable(name) for name in untested))
    return Incidence(labelled(tables, waits.labels if by else None), gray, waits.excluded, warnings)


def _causes(table: pl.DataFrame, event: str, censored: str | float) -> tuple[NDArray[np.int64], pl.Series]:
    """The cause of each row as a number from 1 (0: censored), and the sorted causes those numbers stand for."""
    series = table[event]
    if is_categorical(series):
        none = ["", "0"] if censored == 0 else [str(censored)]
        place, labels = codes(table.select(series.cast(pl.String)), event)
        open_ended = labels.is_in(none).to_numpy()
    else:
        if isinstance(censored, str):
            raise ValueError(
                f"column '{event}' holds numbers, so censored={censored!r} cannot occur: give a number"
            )
        numbers(table, event)  # refuses dates, lists and infinite values
        place, labels = codes(table, event)
        open_ended = labels.cast(pl.Float64).to_numpy() == float(censored)
    if open_ended.all():
        raise ValueError(f"nobody has an event: column '{event}' only says censored ({censored!r})")
    renumbered = np.where(open_ended, 0, np.cumsum(~open_ended))
    return renumbered[place], labels.filter(pl.Series(~open_ended))


def _curves(moments: Floats, counts: Floats, at_risk: Floats, causes: pl.Series) -> pl.DataFrame:
    """The incidence of every cause in one group; ``counts`` is (censored and causes) × times."""
    own = counts.sum(axis=0) > 0
    own[0] = True  # every curve starts at time 0
    moments, counts, at_risk = moments[own], counts[:, own], at_risk[own]
    leaving = counts[1:].sum(axis=0)
    after = np.cumprod(1.0 - leaving / at_risk)
    before = np.append(1.0, after[:-1])
    parts = []
    for way, name in enumerate(causes, start=1):
        incidence = np.cumsum(before * counts[way] / at_risk)
        se = np.sqrt(_variance(counts[way], leaving - counts[way], at_risk, before, after, incidence))
        lower, upper = log_log(incidence, se)
        table = pl.DataFrame(
            {
                "cause": pl.repeat(name, len(moments), dtype=causes.dtype, eager=True),
                "time": moments,
                "at_risk": pl.Series(at_risk).cast(pl.Int64),
                "events": pl.Series(counts[way]).cast(pl.Int64),
                "incidence": incidence,
                "se": se,
                "lower": lower,
                "upper": upper,
            }
        )
        parts.append(blank(table, incidence >= 1 - 1e-12, ("se", "lower", "upper")))
    return pl.concat(parts)


def _variance(
    hits: Floats, others: Floats, at_risk: Floats, before: Floats, after: Floats, incidence: Floats
) -> Floats:
    """The variance of the incidence at each time t: what the events at all u ≤ t add to it.

    A share F(t) − F(u) is still to leave by the cause out of the S(u) left at u. An event of the cause at u moves
    F(t) by 1 − (F(t) − F(u)) / S(u) of its weight S(u−) / n, another event by −(F(t) − F(u)) / S(u). The squares
    are sums over u of a polynomial in F(t), so three running sums serve every t.
    """
    one_over = np.divide(1.0, after, out=np.zeros_like(after), where=after > 0)
    ahead = incidence * one_over
    by_cause = _spread(hits, at_risk) * before**2
    by_others = np.where(after > 0, _spread(others, at_risk) * before**2, 0.0)
    constant = np.cumsum((1 + ahead) ** 2 * by_cause + ahead**2 * by_others)
    linear = np.cumsum(one_over * ((1 + ahead) * by_cause + ahead * by_others))
    squared = np.cumsum(one_over**2 * (by_cause + by_others))
    return np.maximum(constant - 2 * incidence * linear + incidence**2 * squared, 0.0)


def _spread(events: Floats, at_risk: Floats) -> Floats:
    """The variance of events / at_risk given how many there were: d (n − d) / (n² (n − 1)), and d / n² for n = 1."""
    ties = np.where(events > 1, 1 - (events - 1) / np.maximum(at_risk - 1, 1.0), 1.0)
    return ties * events / at_risk**2


def _gray(counts: Floats, at_risk: Floats, way: int) -> tuple[float, int, float] | None:
    """Gray's test for one cause: χ², degrees of freedom, p; None where nothing can be compared.

    ``counts`` is groups × (censored and causes) × times, ``at_risk`` groups × times. Notation of Gray (1988): with
    ``before`` and ``after`` the share of a group that has not left at all just before and just after t, R =
    ``at_risk`` / ``before`` counts those who would be at risk had nobody been censored, so that R (1 − F(t−)) is the
    risk set of the cause alone. The score of a group is its events less the share of them its risk set predicts.
    """
    hit = counts[:, 1:].sum(axis=(0, 1)) > 0
    hits, all_events, at_risk = counts[:, way, hit], counts[:, 1:, hit].sum(axis=1), at_risk[:, hit]
    others = all_events - hits
    here = at_risk > 0
    there = np.where(here, at_risk, 1.0)
    after = np.cumprod(1 - all_events / there, axis=1)
    before = _just_before(after, 1.0)
    incidence = _just_before(np.cumsum(before * hits / there, axis=1), 0.0)
    free = np.divide(at_risk, before, out=np.zeros_like(before), where=here)
    total, d = free.sum(axis=0), hits.sum(axis=0)
    alone = free * (1 - incidence)
    score = (hits - d * alone / alone.sum(axis=0)).sum(axis=1)

    # The groups' common incidence, were they alike, and the pace at which its events come.
    common = np.cumsum(d / total)
    remaining = 1 - _just_before(common, 0.0)
    pace = np.divide(d / total, remaining, out=np.zeros_like(d), where=remaining > 0)
    covariance = np.zeros((len(score), len(score)))
    for group in range(len(score)):
        # What an event in this group adds to every group's score: at once, and by the risk sets from then on.
        at_once = -free * free[group] / total
        at_once[group] += free[group]
        later = from_end(at_once * pace) - at_once * pace
        still = after[group] > 0
        passed = np.divide(1 - common, after[group], out=np.zeros_like(common), where=still)
        ties = np.where(d > 1, 1 - (d - 1) / np.maximum(total * before[group] - 1, 1.0), 1.0)
        chance = np.where(here[group], ties * before[group] * d / (total * there[group]), 0.0)
        moved = at_once + np.where(still, 1 - passed, 1.0) * later
        covariance += (moved * chance) @ moved.T
        chance = np.where(still, _spread(others[group], there[group]) * before[group] ** 2, 0.0)
        moved = passed * later
        covariance += (moved * chance) @ moved.T
    return chi_squared_of(score, covariance)


def _just_before(values: Floats, first: float) -> Floats:
    """Values of the step before, along the last axis."""
    return np.concatenate([np.full((*values.shape[:-1], 1), first), values[..., :-1]], axis=-1)


def _nobody_censored(event: str, censored: str | float) -> Caution:
    return caution(
        "nobody-censored",
        "note",
        f"Ingen rækker tæller som uafsluttede: værdien {censored!r} findes ikke i kolonnen '{event}'. Er nogen "
        "stadig i gang, skal det fremgå af kolonnen.",
        f"No row counts as unfinished: the value {censored!r} does not occur in column '{event}'. If somebody is "
        "still waiting, the column must say so.",
    )


def _not_comparable(cause: str) -> Caution:
    return caution(
        "cause-not-comparable",
        "doubt",
        f"Grupperne kan ikke sammenlignes på årsagen '{cause}': den optræder aldrig, mens to grupper er med.",
        f"The groups cannot be compared on the cause '{cause}': it never occurs while two groups are under way.",
    )
