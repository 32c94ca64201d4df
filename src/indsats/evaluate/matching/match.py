"""Matching: each treated with the controls most like it; balance, losses and weights accounted for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import polars as pl

from ..cautions import Caution, left_out
from ..inputs import (
    Complete,
    Flags,
    Floats,
    Frame,
    as_polars,
    columns_of,
    complete_rows,
    numbers,
    two_groups,
    yes_no,
)
from .balance import balance_twice, effective_size
from .cells import Bins, Coarsening, cells, coarsenings
from .doubts import UNLIKE, poor_overlap, remaining_imbalance, treated_lost
from .lost import lost_treated
from .mahalanobis import mahalanobis_points
from .nearest import Indices, falling, walk
from .result import Match
from .sample import Sample
from .score import Scale, Score, given_score, prognostic_score, propensity_score
from .settings import DISTANCE, Caliper, Discard, Distance, Order, Settings
from .space import Space

FINENESS = 1e-10
"""Fitted scores are rounded to this part of their standard deviation, so that equal people have equal scores."""


def match(
    df: Frame,
    treatment: str,
    covariates: Sequence[str],
    *,
    distance: Distance | None = "propensity",
    ratio: int = 1,
    replace: bool = False,
    caliper: Caliper | None = None,
    exact: Sequence[str] | None = None,
    order: Order | None = "largest",
    outcome: str | None = None,
    score: str | None = None,
    scale: Scale = "probability",
    caliper_unit: Literal["sd", "raw"] = "sd",
    coarsen: Coarsening | None = None,
    discard: Discard = "none",
    id: str | None = None,
    seed: int | None = None,
) -> Match:
    """Find controls like the treated: pairs by distance, or whole cells of people who agree.

    ``distance="propensity"`` pairs by predicted treatment (a logistic regression on ``covariates``, or the
    column ``score`` as it stands), ``"prognostic"`` by the predicted ``outcome`` (required then), modelled
    among the controls, ``"mahalanobis"`` by the covariates themselves, and ``None`` takes whole cells of people
    equal in all covariates. Each treated gets the ``ratio`` nearest controls, greedily, in ``order``: from the
    ``"largest"`` score (the default; where there is no score, as for Mahalanobis, it is as the rows stand) or
    the ``"smallest"``, as the rows stand (``"data"``), or ``"random"`` by ``seed``. ``replace`` lets a control
    serve several.

    ``caliper`` is the largest distance allowed, or a mapping with one for single columns (``"distance"`` in it
    is the distance itself). Its unit is the standard deviation over all complete rows, or with
    ``caliper_unit="raw"`` that of the column; a Mahalanobis distance is measured in deviations already.
    ``exact`` names columns a pair must agree on; ``coarsen`` gives columns to agree on roughly: a number of
    bins, cut points, or ``"sturges"``, which alone stands for every number among the covariates. ``scale``
    measures the distance of fitted yes-or-no scores in probability or log odds (``"logit"``). ``discard``
    leaves out, before matching, the treated, controls or ``"both"`` with a score outside the range of the
    other group. ``id`` names a column of unique ids: ties are then broken by id instead of row position, so the
    order of rows cannot matter. Apart from ``"random"`` there is no chance in it.

    Estimand: the effect on the treated (those matched). The defaults, ties included, are those of MatchIt
    4.7 (Ho, Imai, King & Stuart 2011, Journal of Statistical Software). Only rows complete in every column
    used take part. Raises ``ValueError`` for empty groups, settings out of range or that do not go together,
    columns the score cannot be fitted with, a table that already has one of the columns added, and when
    nobody is matched.
    """
    given = as_polars(df)
    covariates = columns_of(covariates, outcome=outcome, treatment=treatment)
    widths = caliper if isinstance(caliper, Mapping) else {} if caliper is None else {DISTANCE: caliper}
    asked = Settings(
        distance=distance,
        ratio=ratio,
        replace=replace,
        calipers=widths,
        raw_calipers=caliper_unit == "raw",
        exact=columns_of(exact or (), "exact", treatment=treatment),
        order=order,
        outcome=outcome,
        score=score,
        scale=scale,
        discard=discard,
        id=id,
        seed=seed,
    )
    asked.check(given, covariates)
    bins = coarsenings(given, covariates, coarsen)
    needed = list(dict.fromkeys([treatment, *covariates, *bins, *asked.columns()]))
    numbered = given.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    complete = complete_rows(numbered, needed)
    rows = complete.table.sort(id) if id else complete.table
    treated = two_groups(rows, treatment)
    agreed = cells(rows, [*asked.exact, *(c for c in covariates if distance is None and c not in bins)], bins)
    scored = _score(asked, rows, covariates, treated)
    if scored is None:
        inside = np.ones(len(treated), dtype=bool)
    else:
        inside = _inside(scored.values, treated, discard)
        if score != "score":
            rows = rows.with_columns(pl.Series("score", scored.values))
    # Who is discarded stands in a cell of their own: nobody chooses from it.
    cell = np.where(inside, agreed, agreed.max() + 1)
    space, raw_widths = _space(asked, rows, covariates, treated, inside, cell, scored)
    sample = Sample(
        rows=rows,
        treatment=treatment,
        covariates=tuple(covariates),
        treated=treated,
        inside=inside,
        cell=cell,
        space=space,
        distance=distance,
        score_fitted=scored is not None and scored.fitted,
        ratio=ratio,
        replace=replace,
    )
    made = sample.whole_cells() if space is None else sample.paired(space, _queue(asked, sample, scored))
    table = balance_twice(rows, [*(["score"] if scored else []), *covariates], treated, made.weight)
    known = yes_no(complete_rows(given, [treatment]).table, treatment)
    lost = lost_treated(sample, made.matched, numbered, needed)
    return Match(
        pairs=made.pairs,
        weights=pl.DataFrame(
            {"row": rows["row"], "treated": treated, "weight": made.weight, "subclass": made.subclass}
        ),
        table=made.table,
        balance=table,
        scores=pl.DataFrame(
            {"row": rows["row"], "treated": treated, "score": scored.values, "matched": made.matched}
        )
        if scored
        else None,
        n_treated=int(known.sum()),
        n_matched=int((made.matched & treated).sum()),
        n_control=int((~known).sum()),
        n_control_used=int((made.matched & ~treated).sum()),
        effective_control=effective_size(made.weight[~treated]),
        short=made.short,
        lost=lost,
        excluded=complete.excluded,
        calipers=raw_widths,
        method=_describe(asked, bins, scored, covariates),
        warnings=_warnings(complete, given.height, asked, sample, scored, table, lost, int(known.sum())),
        sample=sample,
    )


def _score(asked: Settings, rows: pl.DataFrame, covariates: Sequence[str], treated: Flags) -> Score | None:
    """The score to match on, if any; a fitted one is rounded so that equal people have equal scores."""
    if not asked.scored:
        return None
    if asked.score:
        score = given_score(rows, asked.score)
    elif asked.distance == "prognostic" and asked.outcome:
        score = prognostic_score(rows, covariates, asked.outcome, treated, scale=asked.scale)
    else:
        score = propensity_score(rows, covariates, treated, scale=asked.scale)
    spread = float(score.values.std(ddof=1))
    if not spread > 1e-12 * max(float(np.abs(score.values).max()), 1e-300):
        raise ValueError("the score is the same for everybody: the covariates say nothing to match on")
    if not score.fitted:
        return score
    return Score(np.rint(score.values / (spread * FINENESS)) * (spread * FINENESS), score.text)


def _inside(score: Floats, treated: Flags, discard: Discard) -> Flags:
    """Who is not discarded: everybody, or those whose score lies within the range of the other group."""
    within = np.ones(len(score), dtype=bool)
    for group, other in ((treated, "treated"), (~treated, "control")):
        if discard in (other, "both"):
            against = score[~group]
            within &= ~group | ((score >= against.min()) & (score <= against.max()))
    if not (within & treated).any() or not (within & ~treated).any():
        raise ValueError(
            f"discard '{discard}' leaves nobody to match: the scores of the groups do not overlap"
        )
    return within


def _space(
    asked: Settings,
    rows: pl.DataFrame,
    covariates: Sequence[str],
    treated: Flags,
    inside: Flags,
    cell: Indices,
    scored: Score | None,
) -> tuple[Space | None, dict[str, float]]:
    """Where everybody stands, and the calipers in raw units; no space where whole cells are matched."""
    if asked.distance is None:
        return None, {}
    if scored:
        points, line = scored.values[:, None], scored.values
    else:
        points, line = mahalanobis_points(rows, covariates, treated)
    widths: dict[str, float] = {}
    columns: list[tuple[Floats, float]] = []
    for name, width in asked.calipers.items():
        values = numbers(rows, name) if name != DISTANCE else line
        measured = asked.raw_calipers or (name == DISTANCE and not scored)
        widths[name] = width if measured else width * float(values[inside].std(ddof=1))
        if name != DISTANCE:
            columns.append((values, widths[name]))
    place = np.empty(len(line), dtype=np.int64)
    place[walk(line, cell)] = np.arange(len(line))
    space = Space(
        points, place, tuple(columns), widest=widths.get(DISTANCE, np.inf), outermost=scored is None
    )
    return space, widths


def _queue(asked: Settings, sample: Sample, scored: Score | None) -> Indices:
    """The treated in the order they choose."""
    choosing = sample.treated & sample.inside
    if asked.turns == "random":
        return np.random.default_rng(asked.seed).permutation(np.flatnonzero(choosing))
    if asked.turns == "data" or scored is None:
        return np.flatnonzero(choosing)
    return falling(scored.values if asked.turns == "largest" else -scored.values, choosing)


def _warnings(
    complete: Complete,
    total: int,
    asked: Settings,
    sample: Sample,
    scored: Score | None,
    table: pl.DataFrame,
    lost: dict[str, int],
    n_treated: int,
) -> tuple[Caution, ...]:
    """What must be known before an effect is believed."""
    overlap: tuple[Caution, ...] = ()
    if scored:
        ones, twos = scored.values[sample.treated], scored.values[~sample.treated]
        overlap = poor_overlap(int(((ones < twos.min()) | (ones > twos.max())).sum()), len(ones))
    # Twins in outlook need not be alike in single characteristics.
    judged = table.filter(pl.col("field") == "score") if asked.distance == "prognostic" else table
    unlike = [
        (row["field"] + (f"={row['level']}" if row["level"] else ""), row["smd_matched"])
        for row in judged.iter_rows(named=True)
        if row["smd_matched"] is not None and abs(row["smd_matched"]) > UNLIKE
    ]
    return (
        *left_out(complete.excluded, total),
        *overlap,
        *treated_lost(lost, n_treated),
        *remaining_imbalance(unlike),
    )


def _describe(asked: Settings, bins: dict[str, Bins], scored: Score | None, covariates: Sequence[str]) -> str:
    """What was done, in one sentence."""
    agreed = [f"exact on {', '.join(asked.exact)}"] if asked.exact else []
    agreed += [f"coarsened {', '.join(bins)}"] if bins else []
    if asked.distance is None:
        return "; ".join(["matching of whole cells", f"equal in {', '.join(covariates)}", *agreed])
    parts = [
        f"greedy nearest-neighbour matching, {asked.ratio} control{'s' if asked.ratio > 1 else ''} per treated, "
        + ("with" if asked.replace else "without")
        + " replacement"
    ]
    if scored:
        parts.append(scored.text)
        if scored.fitted:
            parts.append(f"distance in {'log odds' if asked.scale == 'logit' else 'probability'}")
    else:
        parts.append(f"Mahalanobis distance in {', '.join(covariates)}")
    if not asked.replace:
        orders = {
            "largest": "of falling score",
            "smallest": "of rising score",
            "data": "of the rows",
            "random": f"drawn at random (seed {asked.seed})",
        }
        parts.append(f"treated in order {orders[asked.turns]}")
    for name, width in asked.calipers.items():
        unit = "" if asked.raw_calipers or (name == DISTANCE and not scored) else " standard deviations"
        parts.append(f"caliper {width:g}{unit} of the {'score' if name == DISTANCE and scored else name}")
    return "; ".join([*parts, *agreed])
