"""The effect of being drawn, and of the treatment among those who do as they are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
import polars as pl
import scipy
from numpy.typing import NDArray

from ..cautions import FEW_CLUSTERS, Caution, few_clusters, left_out
from ..design import design_matrix
from ..inputs import (
    Flags,
    Floats,
    Frame,
    as_polars,
    codes,
    columns_of,
    complete_rows,
    numbers,
    two_groups,
    yes_no,
)
from ..results import Diagnostic, Effect, infer
from .cautions import WEAK, stratum_without_comparison, weak_instrument
from .robust import CR2, HC2, RobustFit, robust_fit

NEYMAN = "Neyman's variance within groups, t with Welch–Satterthwaite degrees of freedom"
BLOCKED = "Neyman's variance within groups and strata, t with n − 2 · strata degrees of freedom"

NO_COMPLIERS = 1e-10
"""A share of compliers this small is the rounding of none."""


def itt(
    df: Frame,
    outcome: str,
    drawn: str,
    *,
    strata: str | None = None,
    cluster: str | None = None,
    covariates: Sequence[str] = (),
) -> Effect:
    """The average effect on ``outcome`` of being drawn, whatever people then received (intention to treat).

    ``drawn`` is true/false or 0/1 as the draw decided. ``strata`` names the blocks the draw was made within:
    the estimate is the sum over blocks of (rows in block / rows) × (mean drawn − mean not drawn), so the share
    drawn may differ between blocks, and its variance is Neyman's, the same weights squared on s²/n of each
    group (Imbens & Rubin 2015, Causal Inference, chapters 6 and 9). ``covariates``, known before the draw,
    sharpen the estimate: they enter centred and interacted with ``drawn`` (Lin 2013, Annals of Applied
    Statistics 7:295–318), with HC2 errors. ``cluster`` names the groups that were drawn together (offices,
    families) and gives CR2 errors with Bell–McCaffrey degrees of freedom, which hold with few clusters; the
    estimand stays the average over people.

    ``table`` holds the coefficients of the interacted regression; that of ``drawn`` is the estimate.
    ``diagnostics``: ``strata`` used, ``missing_treated`` and ``missing_control`` rows left out by group.

    Rows without a value in a column used are excluded and counted, as are strata with one group only (a
    warning says so). Raises ``ValueError`` for an empty group, an outcome that does not vary, fewer than two
    rows (or clusters) per group in a stratum, and redundant covariates.
    """
    df = as_polars(df)
    trial = _read(df, [outcome], drawn, strata, cluster, covariates)
    values = numbers(trial.table, outcome)
    fit = trial.fit(values, outcome)
    estimate, se, degrees = fit.contrast(trial.of_drawn)
    if not (cluster or strata or covariates):
        degrees = trial.welch(values)
    inferred = infer(outcome, estimate, se, degrees)
    one, two = values[trial.drawn], values[~trial.drawn]
    binary = bool(((values == 0) | (values == 1)).all())
    return Effect(
        estimand="ITT",
        estimate=estimate,
        se=se,
        interval=inferred.interval,
        p=inferred.p,
        n_treated=len(one),
        n_control=len(two),
        outcome=outcome,
        design=trial.design("difference in means between drawn and not drawn"),
        se_method=trial.se_method,
        statistic=inferred.statistic,
        df=degrees,
        n_clusters=trial.n_clusters,
        mean_treated=float(one.mean()),
        mean_control=float(two.mean()),
        events_treated=int(one.sum()) if binary else None,
        events_control=int(two.sum()) if binary else None,
        excluded=trial.excluded,
        diagnostics=trial.losses,
        warnings=trial.warnings,
        table=fit.table,
    )


def cace(
    df: Frame,
    outcome: str,
    drawn: str,
    received: str,
    *,
    covariates: Sequence[str] = (),
    strata: str | None = None,
    cluster: str | None = None,
) -> Effect:
    """The average effect of receiving the treatment among those who receive it if, and only if, drawn.

    The complier average causal effect of Imbens & Angrist (1994, Econometrica 62:467–475): the effect of
    ``drawn`` on ``outcome`` divided by its effect on ``received``. It is an effect of the treatment if being
    drawn works only through receiving it, and nobody does the opposite of the draw. Both effects are weighted
    over ``strata`` as in :func:`itt`; ``covariates`` enter both linearly, so that without strata this is
    two-stage least squares with ``drawn`` as instrument (without covariates too, Wald's ratio). With β the ratio,
    its error is that of the effect on outcome − β·received, divided by the effect on ``received`` (the delta
    method): two-stage least squares with HC2 errors, or CR2 by ``cluster``.

    ``diagnostics``: ``compliers`` (their share), ``received_treated`` and ``received_control`` (shares),
    ``one_sided`` (nobody not drawn received it: compliers are then all the treated, and the effect is that in
    the treated), ``first_stage_f`` (null when all did as drawn), ``anderson_rubin_lower`` and ``_upper`` (an
    interval that holds however weak the draw is as an instrument; null where it has no end, as both are when
    it is not one interval), and those of :func:`itt`. The F below 10 gives the warning ``weak-instrument``.

    Raises ``ValueError`` as :func:`itt`, when ``received`` is not yes-or-no, and when those drawn did not
    receive the treatment more often than others.
    """
    df = as_polars(df)
    trial = _read(df, [received, outcome], drawn, strata, cluster, covariates, interacted=False)
    values, taken = numbers(trial.table, outcome), yes_no(trial.table, received)
    reduced = trial.fit(values, outcome)
    effect_on_outcome, se_outcome, degrees = reduced.contrast(trial.of_drawn)
    if taken.all() or not taken.any():
        who = "everybody" if taken.all() else "nobody"
        raise ValueError(
            f"{who} received the treatment (column '{received}'): there is no effect of it to find"
        )
    first = trial.fit(taken.astype(np.float64), received)
    compliers, se_compliers, _ = first.contrast(trial.of_drawn)
    if compliers <= NO_COMPLIERS:
        raise ValueError(
            f"those drawn (column '{drawn}') did not receive the treatment (column '{received}') more often than "
            "others: check the two columns; there is no effect among compliers to estimate"
        )
    ratio = effect_on_outcome / compliers
    one, two = reduced.influence(trial.of_drawn), first.influence(trial.of_drawn)
    if se_compliers == 0:
        two = np.zeros_like(two)
    spread = float(np.sqrt(((one - ratio * two) ** 2).sum())) / compliers
    se = 0.0 if se_outcome == 0 and se_compliers == 0 else spread
    inferred = infer(outcome, ratio, se, degrees)
    statistic = (compliers / se_compliers) ** 2 if se_compliers > 0 else None
    bounds = _anderson_rubin(
        effect_on_outcome, compliers, float(one @ one), float(one @ two), float(two @ two), degrees
    )
    control_share = float(taken[~trial.drawn].mean())
    warnings = trial.warnings
    if statistic is not None and statistic < WEAK:
        warnings = (*warnings, weak_instrument(statistic))
    return Effect(
        estimand="CACE",
        estimate=ratio,
        se=se,
        interval=inferred.interval,
        p=inferred.p,
        n_treated=int(trial.drawn.sum()),
        n_control=int((~trial.drawn).sum()),
        outcome=outcome,
        design=trial.design("effect of being drawn on the outcome over that on receiving the treatment"),
        se_method=f"delta method, {CR2.format(cluster=cluster) if cluster else HC2}",
        statistic=inferred.statistic,
        df=degrees,
        n_clusters=trial.n_clusters,
        excluded=trial.excluded,
        diagnostics={
            "compliers": compliers,
            "received_treated": float(taken[trial.drawn].mean()),
            "received_control": control_share,
            "one_sided": control_share == 0,
            "first_stage_f": statistic,
            "anderson_rubin_lower": bounds[0],
            "anderson_rubin_upper": bounds[1],
            **trial.losses,
        },
        warnings=warnings,
    )


def _anderson_rubin(
    a: float, b: float, vaa: float, vab: float, vbb: float, degrees: float
) -> tuple[float | None, float | None]:
    """All β at which the effect on outcome − β·received is not significant: (a − βb)² ≤ t² Var(a − βb).

    One interval when the effect on receiving is itself significant; otherwise it has no ends to give.
    """
    t2 = float(scipy.stats.t.ppf(0.975, degrees)) ** 2
    square, linear, constant = b**2 - t2 * vbb, a * b - t2 * vab, a**2 - t2 * vaa
    if square <= 0:
        return None, None
    half = sqrt(max(linear**2 - square * constant, 0.0))
    return (linear - half) / square, (linear + half) / square


@dataclass(frozen=True, slots=True)
class _Trial:
    """The complete rows of a trial and the interacted design matrix that all its estimates share."""

    table: pl.DataFrame
    drawn: Flags
    matrix: Floats
    names: tuple[str, ...]
    stratum: NDArray[np.int64]
    clusters: NDArray[np.int64] | None
    adjusted: tuple[str | None, str | None, tuple[str, ...]]
    excluded: dict[str, int]
    losses: dict[str, Diagnostic]
    warnings: tuple[Caution, ...]

    @property
    def of_drawn(self) -> Floats:
        """The contrast that picks out the coefficient of being drawn."""
        return np.eye(len(self.names))[1]

    @property
    def n_clusters(self) -> int | None:
        return None if self.clusters is None else int(self.clusters.max()) + 1

    @property
    def se_method(self) -> str:
        strata, cluster, covariates = self.adjusted
        if cluster is not None:
            return CR2.format(cluster=cluster)
        if covariates:
            return HC2
        return BLOCKED if strata else NEYMAN

    def design(self, what: str) -> str:
        """The design in words."""
        strata, _, covariates = self.adjusted
        parts = [f"drawn at random: {what}"]
        if strata:
            parts.append(f"within strata of '{strata}'")
        if covariates:
            parts.append(f"adjusted for {', '.join(covariates)}")
        return ", ".join(parts)

    def fit(self, values: Floats, outcome: str) -> RobustFit:
        """The interacted regression of ``values``."""
        if np.ptp(values) == 0:
            raise ValueError(
                f"outcome '{outcome}' has the same value in every row: there is nothing to compare"
            )
        return robust_fit(self.matrix, values, self.names, self.clusters)

    def welch(self, values: Floats) -> float:
        """Welch–Satterthwaite degrees of freedom of the plain difference in means."""
        n = np.bincount(self.drawn)
        part = np.array([values[self.drawn == one].var(ddof=1) for one in (False, True)]) / n
        return float(part.sum() ** 2 / (part**2 / (n - 1)).sum()) if part.sum() > 0 else 1.0


def _read(
    df: pl.DataFrame,
    measured: Sequence[str],
    drawn: str,
    strata: str | None,
    cluster: str | None,
    covariates: Sequence[str],
    *,
    interacted: bool = True,
) -> _Trial:
    """Complete rows, comparable strata and the design: strata interacted, covariates if asked for."""
    for column in measured:
        covariates = columns_of(covariates, outcome=column, treatment=drawn)
    columns = [drawn, *(c for c in (strata, cluster) if c), *measured, *covariates]
    complete = complete_rows(df, columns)
    table, excluded = complete.table, dict(complete.excluded)
    warnings = left_out(excluded, df.height)
    flags = two_groups(table, drawn)
    if strata is not None:
        table, lost = _comparable(table, flags, strata)
        if lost[0]:
            excluded["stratum with one group only"] = lost[1]
            warnings = (*warnings, stratum_without_comparison(*lost))
        flags = two_groups(table, drawn)
    stratum = codes(table, strata)[0] if strata else np.zeros(table.height, dtype=np.int64)
    clusters = codes(table, cluster)[0] if cluster else None
    _refuse_few(table, flags, stratum, strata, clusters)
    if clusters is not None:
        number = int(clusters.max()) + 1
        if number < FEW_CLUSTERS:
            warnings = (*warnings, few_clusters(number, len(np.unique(clusters[flags]))))
    adjustment = design_matrix(table, covariates, constant=False)
    # Strata as text, so that numbered ones too get an indicator each.
    texts = table.select(pl.col(strata).cast(pl.String)) if strata else table
    blocks = design_matrix(texts, [strata] if strata else [], constant=False)
    extra, named = np.column_stack([blocks.matrix, adjustment.matrix]), [*blocks.names, *adjustment.names]
    flat = np.flatnonzero(np.ptp(extra, axis=0) == 0)
    if len(flat):
        raise ValueError(f"column '{named[int(flat[0])]}' has the same value in every row: leave it out")
    centred = extra - extra.mean(axis=0)
    one = flags.astype(np.float64)
    products = len(named) if interacted else len(blocks.names)
    known = ~df[drawn].is_null()
    gone = known.to_numpy().copy()
    gone[complete.rows] = False
    lost_drawn = numbers(df.filter(pl.Series(gone)), drawn) if gone.any() else np.empty(0)
    return _Trial(
        table=table,
        drawn=flags,
        matrix=np.column_stack([np.ones(len(one)), one, centred, centred[:, :products] * one[:, None]]),
        names=("constant", drawn, *named, *(f"{drawn}:{name}" for name in named[:products])),
        stratum=stratum,
        clusters=clusters,
        adjusted=(strata, cluster, tuple(covariates)),
        excluded=excluded,
        losses={
            "strata": int(stratum.max()) + 1 if strata else None,
            "missing_treated": int((lost_drawn == 1).sum()),
            "missing_control": int((lost_drawn == 0).sum()),
        },
        warnings=warnings,
    )


def _comparable(table: pl.DataFrame, flags: Flags, strata: str) -> tuple[pl.DataFrame, tuple[int, int]]:
    """The rows of strata with both groups, and how many strata and rows that leaves out."""
    block = codes(table, strata)[0]
    n = np.bincount(block)
    treated = np.bincount(block, weights=flags)
    both = (treated > 0) & (treated < n)
    if not both.any():
        raise ValueError(f"no stratum of column '{strata}' has both drawn and not drawn people: merge strata")
    return table.filter(pl.Series(both[block])), (int((~both).sum()), int(n[~both].sum()))


def _refuse_few(
    table: pl.DataFrame,
    flags: Flags,
    stratum: NDArray[np.int64],
    strata: str | None,
    clusters: NDArray[np.int64] | None,
) -> None:
    """Raise where a group of a stratum has a single row or cluster, for then its variation is unknown."""
    cell = 2 * stratum + flags
    if clusters is not None:
        unique = np.unique(np.column_stack([cell, clusters]), axis=0)
        cell = unique[:, 0]
    few = np.flatnonzero(np.bincount(cell, minlength=2) == 1)
    if not len(few):
        return
    what = "row" if clusters is None else "cluster"
    group = "drawn" if few[0] % 2 else "not drawn"
    if strata is None:
        raise ValueError(
            f"those {group} are a single {what}: an error needs at least two {what}s in each group"
        )
    label = codes(table, strata)[1][int(few[0]) // 2]
    raise ValueError(
        f"stratum '{label}' of column '{strata}' has a single {what} {group}: an error needs two in each group; "
        "merge small strata, or use difference_in_means with 'pair' where people were drawn in pairs"
    )
