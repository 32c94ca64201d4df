"""Whether a score, or somebody's belief, foretells a yes or no: how well it tells people apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl
import scipy
from numpy.typing import NDArray
from scipy.special import expit
from scipy.special import logit as log_odds

from indsats.language import number

from ..cautions import FEW_CLUSTERS, Caution, caution, few_clusters, left_out
from ..inputs import Complete, Flags, Floats, Frame, as_polars, codes, complete_rows, numbers, yes_no
from ..results import NO_ERROR, Interval, infer

FEW = 10
"""With fewer people than this with, or without, the outcome an area or a calibration says next to nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Discrimination:
    """How well ``score`` tells those with the ``outcome`` from those without.

    ``auc``: the area under the ROC curve, the chance that somebody with the outcome scored higher than somebody
    without (equal scores count half); 0.5 is a coin, below it higher scores go with *not* having the outcome.
    ``interval`` (95 %) is made on the log-odds scale and stays within 0 to 1; ``plain`` is ``auc`` ± the quantile
    times ``se``, cut off at 0 and 1. ``p`` is two-sided against 0.5 and agrees with ``interval``. The three are
    None when the score separates the two groups (``auc`` 0 or 1), for then there is no error to give.
    ``n`` rows, ``events`` of them with the outcome.
    """

    score: str
    outcome: str
    auc: float
    se: float
    interval: Interval | None
    plain: Interval | None
    p: float | None
    n: int
    events: int
    se_method: str
    n_clusters: int | None = None
    excluded: Mapping[str, int] = field(default_factory=dict)
    warnings: tuple[Caution, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedDiscrimination:
    """Which of two scores of the same people foretells better: ``difference`` is the first area less the second.

    ``correlation`` is that of the two areas' errors; ``first`` and ``second`` are about those with both scores.
    """

    first: Discrimination
    second: Discrimination
    difference: float
    se: float
    interval: Interval
    p: float
    correlation: float
    excluded: Mapping[str, int] = field(default_factory=dict)
    warnings: tuple[Caution, ...] = ()


def discrimination(df: Frame, score: str, outcome: str, *, cluster: str | None = None) -> Discrimination:
    """The area under the ROC curve of ``score`` for the yes-or-no ``outcome``, with DeLong's standard error.

    DeLong, DeLong & Clarke-Pearson (1988), Biometrics 44:837–845, by midranks (Sun & Xu 2014, IEEE Signal Processing
    Letters 21:1389–1393) in the time of a sort; ties count half. With ``cluster`` rows of a cluster may depend on one
    another (Obuchowski 1997, Biometrics 53:567–578), and the quantile is that of t with clusters − 1 degrees of
    freedom. Rows without a value are excluded and counted.

    Raises ``ValueError`` for a score that does not vary, an outcome that is not 0/1 or that nobody or everybody (or all
    but one) has, one cluster, and clusters that leave no error.
    """
    (found,), _, _ = _areas(df, [score], outcome, cluster)
    return found


def compare_discrimination(
    df: Frame, scores: Sequence[str], outcome: str, *, cluster: str | None = None
) -> ComparedDiscrimination:
    """Whether the first of two ``scores`` foretells ``outcome`` better than the second, among those with both.

    DeLong's test for paired curves (Obuchowski's with ``cluster``). A higher value must mean *more likely* in both:
    turn the sign of a score that runs the other way. Raises ``ValueError`` as :func:`discrimination`, for other
    than two scores, and for two that rank everybody alike.
    """
    if isinstance(scores, str) or len(scores) != 2 or scores[0] == scores[1]:
        raise ValueError(f"give two different columns to compare, not {scores!r}")
    (first, second), covariance, complete = _areas(df, list(scores), outcome, cluster)
    variance = float(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1])
    if variance <= NO_ERROR**2 * float(np.trace(covariance)):
        raise ValueError(
            f"'{scores[0]}' and '{scores[1]}' tell people apart alike: there is no difference to test"
        )
    difference, se = first.auc - second.auc, float(np.sqrt(variance))
    degrees = None if first.n_clusters is None else first.n_clusters - 1.0
    inferred = infer(outcome, difference, se, degrees)
    errors = first.se * second.se
    return ComparedDiscrimination(
        first=first,
        second=second,
        difference=difference,
        se=se,
        interval=inferred.interval,
        p=inferred.p,
        correlation=float(covariance[0, 1] / errors) if errors > 0 else 0.0,
        excluded=complete.excluded,
        warnings=tuple(dict.fromkeys((*first.warnings, *second.warnings))),
    )


def roc_points(df: Frame, score: str, outcome: str) -> pl.DataFrame:
    """The points of the ROC curve, from nobody expected to have the outcome to everybody.

    One row per distinct score, highest first, after a first row with a null ``threshold``: who scores ``threshold`` or
    more is expected to have the outcome. Columns ``threshold``, ``sensitivity`` (share of those with the outcome who
    are expected to), ``specificity`` (share of those without who are not), ``with_outcome`` and ``without`` (people
    expected to, by what happened). Raises ``ValueError`` as :func:`discrimination`.
    """
    values, flags, _, _ = rows_to_foretell(df, [score], outcome, None)
    counted = (
        pl.DataFrame({"threshold": values[:, 0], "yes": flags})
        .group_by("threshold")
        .agg(with_outcome=pl.col("yes").sum().cast(pl.Int64), without=(~pl.col("yes")).sum().cast(pl.Int64))
        .sort("threshold", descending=True)
        .with_columns(pl.col("with_outcome", "without").cum_sum())
    )
    nobody = pl.DataFrame({"threshold": [None], "with_outcome": [0], "without": [0]}, schema=counted.schema)
    events = int(flags.sum())
    return pl.concat([nobody, counted]).select(
        "threshold",
        sensitivity=pl.col("with_outcome") / events,
        specificity=1 - pl.col("without") / (len(flags) - events),
        with_outcome="with_outcome",
        without="without",
    )


def rows_to_foretell(
    df: Frame, scores: Sequence[str], outcome: str, beside: str | None
) -> tuple[Floats, Flags, Complete, int]:
    """Scores (n × k), outcomes, the complete rows and how many rows there were; says what cannot be used."""
    df = as_polars(df)
    if outcome in scores:
        raise ValueError(f"column '{outcome}' cannot foretell itself")
    complete = complete_rows(df, [*scores, outcome, *([beside] if beside else [])])
    flags = yes_no(complete.table, outcome)
    events = int(flags.sum())
    if min(events, len(flags) - events) < 2:
        raise ValueError(
            f"{events} of {len(flags)} rows have the outcome '{outcome}': "
            "at least two with and two without it are needed"
        )
    columns = [numbers(complete.table, name) for name in scores]
    for name, column in zip(scores, columns, strict=True):
        if np.ptp(column) == 0:
            raise ValueError(f"'{name}' is the same for everybody: it cannot foretell anything")
    return np.column_stack(columns), flags, complete, df.height


def _areas(
    df: Frame, scores: Sequence[str], outcome: str, cluster: str | None
) -> tuple[list[Discrimination], Floats, Complete]:
    """Each score's area, and the covariance (k × k) of the areas."""
    values, flags, complete, total = rows_to_foretell(df, scores, outcome, cluster)
    of_yes, of_no = _placements(values, flags)
    areas = of_yes.mean(axis=0)
    clusters = codes(complete.table, cluster)[0] if cluster else None
    independent = _covariance(of_yes - areas, of_no - areas)
    covariance = independent
    n_clusters, degrees, method = None, None, "DeLong, normal distribution"
    if clusters is not None:
        n_clusters = int(clusters.max()) + 1
        if n_clusters < 2:
            raise ValueError("cluster-robust errors need at least two clusters, there is one")
        covariance = _clustered(of_yes - areas, of_no - areas, clusters[flags], clusters[~flags], n_clusters)
        degrees, method = (
            n_clusters - 1.0,
            f"Obuchowski by '{cluster}', t with clusters − 1 degrees of freedom",
        )
    warnings = (*left_out(complete.excluded, total), *few_to_foretell(flags))
    if n_clusters is not None and n_clusters < FEW_CLUSTERS:
        warnings = (*warnings, few_clusters(n_clusters))
    found: list[Discrimination] = []
    for index, name in enumerate(scores):
        area, variance = float(areas[index]), float(covariance[index, index])
        least = NO_ERROR**2 * float(independent[index, index])
        separates = area in (0.0, 1.0)
        if not separates and variance <= least:
            raise ValueError(
                f"what '{name}' leaves untold cancels out within each cluster (column '{cluster}'): "
                "there is no standard error to give"
            )
        se = 0.0 if separates else float(np.sqrt(variance))
        interval, plain, p = (None, None, None) if separates else _inference(outcome, area, se, degrees)
        said = _said(area, interval)
        found.append(
            Discrimination(
                score=name,
                outcome=outcome,
                auc=area,
                se=se,
                interval=interval,
                plain=plain,
                p=p,
                n=len(flags),
                events=int(flags.sum()),
                se_method=method,
                n_clusters=n_clusters,
                excluded=complete.excluded,
                warnings=(*warnings, *said),
            )
        )
    return found, covariance, complete


def _placements(values: Floats, flags: Flags) -> tuple[Floats, Floats]:
    """For each row with the outcome the share of those without whom it outscores, and the other way about."""
    yes, no = values[flags], values[~flags]
    among_all = scipy.stats.rankdata(values, axis=0)
    above = (among_all[flags] - scipy.stats.rankdata(yes, axis=0)) / len(no)
    return above, 1 - (among_all[~flags] - scipy.stats.rankdata(no, axis=0)) / len(yes)


def _covariance(of_yes: Floats, of_no: Floats) -> Floats:
    """DeLong's covariance of the areas, from placements less their mean."""
    parts = [one.T @ one / (len(one) * (len(one) - 1)) for one in (of_yes, of_no)]
    return parts[0] + parts[1]


def _clustered(
    of_yes: Floats, of_no: Floats, yes: NDArray[np.int64], no: NDArray[np.int64], groups: int
) -> Floats:
    """Obuchowski's: the same from sums by cluster, and what rows with and without it in one cluster share."""

    def sums(rows: Floats, clusters: NDArray[np.int64]) -> tuple[Floats, int]:
        columns = [np.bincount(clusters, weights=column, minlength=groups) for column in rows.T]
        return np.column_stack(columns) / len(rows), len(np.unique(clusters))

    (with_it, i), (without, j) = sums(of_yes, yes), sums(of_no, no)
    if min(i, j) < 2:
        raise ValueError("rows with, and rows without, the outcome must each come from at least two clusters")
    both = with_it.T @ without
    own = i / (i - 1) * (with_it.T @ with_it) + j / (j - 1) * (without.T @ without)
    return own + groups / (groups - 1) * (both + both.T)


def _inference(
    outcome: str, area: float, se: float, degrees: float | None
) -> tuple[Interval, Interval, float]:
    """The interval by log odds, the plain one, and p against 0.5 by log odds."""
    on_log_odds = infer(outcome, float(log_odds(area)), se / (area * (1 - area)), degrees)
    low, high = infer(outcome, area, se, degrees).interval
    bounded = Interval(*(float(expit(end)) for end in on_log_odds.interval))
    return bounded, Interval(max(low, 0.0), min(high, 1.0)), on_log_odds.p


def few_to_foretell(flags: Flags) -> tuple[Caution, ...]:
    """Few have, or few lack, the outcome."""
    rarer = int(min(flags.sum(), (~flags).sum()))
    if rarer >= FEW:
        return ()
    return (
        caution(
            "few-to-foretell",
            "doubt",
            f"Kun {rarer} personer har det sjældneste udfald. Med færre end {FEW} siger tallene næsten intet, og "
            "intervallerne bliver let for smalle.",
            f"Only {rarer} people have the rarer outcome. With fewer than {FEW} the numbers say next to nothing, and "
            "intervals easily become too narrow.",
        ),
    )


def _said(area: float, interval: Interval | None) -> tuple[Caution, ...]:
    if interval is None:
        return (
            caution(
                "separates",
                "doubt",
                "Scoren skiller de to grupper helt ad, så usikkerheden kan ikke beregnes. Det sker let med få "
                "personer.",
                "The score separates the two groups entirely, so no uncertainty can be computed. That happens easily "
                "with few people.",
            ),
        )
    if interval.high < 0.5:
        return (
            caution(
                "runs-the-other-way",
                "note",
                f"En højere score går sammen med et sjældnere udfald (arealet er {number(area, 'da', 2)}).",
                f"A higher score goes with a rarer outcome (the area is {number(area, 'en', 2)}).",
            ),
        )
    return ()
