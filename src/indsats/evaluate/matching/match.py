"""Matching: each treated with the untreated nearest in score; balance, losses and weights accounted for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from ..inputs import Flags, Floats, codes, complete_rows, missing_values, two_groups, yes_no
from .balance import balance, effective_size
from .nearest import Indices, Nearest, nearest
from .score import Basis, Scale, prognostic_score, propensity_score

ADDED = ("pair", "row", "weight", "score")
"""Columns of the matched table that the given table may not already have."""

FINENESS = 1e-10
"""Scores are rounded to this part of their standard deviation, so that equal people have equal scores."""


@dataclass(frozen=True, slots=True)
class Match:
    """Matched pairs and everything needed to judge them.

    ``pairs``: ``pair`` (from 1, one number per treated), ``treated_row``, ``untreated_row`` (positions in the
    table given, from 0), ``distance`` (absolute difference in score). ``table``: the matched rows, the given
    columns plus ``pair``, ``row``, ``weight`` (1 for treated; 1/partners for untreated) and ``score``;
    with replacement an untreated stands once per pair it serves in. ``balance_before`` and ``balance_after``
    are tables of :func:`balance`, the score being the first field, with the same denominators. ``score``:
    ``row``, ``treated``, ``score``, ``matched`` for every row that was complete. ``effective_untreated`` is
    Kish's effective number of untreated. ``lost`` counts the treated without a match by reason: ``missing
    <column>``, ``no untreated in cell``, ``no untreated within caliper``, ``untreated used up``; ``excluded``
    counts all incomplete rows. ``short`` counts matched treated with fewer partners than asked for.
    ``method`` says in words what was done.
    """

    pairs: pl.DataFrame
    table: pl.DataFrame
    balance_before: pl.DataFrame
    balance_after: pl.DataFrame
    score: pl.DataFrame
    n_treated: int
    n_matched: int
    n_untreated_used: int
    effective_untreated: float
    short: int
    lost: Mapping[str, int]
    excluded: Mapping[str, int]
    caliper_width: float | None
    method: str


def match(
    table: pl.DataFrame,
    covariates: Sequence[str],
    *,
    on: Basis = "propensity",
    outcome: str | None = None,
    treated: str = "treated",
    ratio: int = 1,
    replace: bool = False,
    caliper: float | None = None,
    exact: Sequence[str] = (),
    scale: Scale = "logit",
    person: str | None = None,
) -> Match:
    """Pair every treated with the ``ratio`` untreated whose score is nearest.

    ``on="propensity"`` scores by predicted treatment, ``"prognosis"`` by the predicted ``outcome`` (required
    then), modelled among the untreated. ``caliper`` is the largest distance in standard deviations of the
    score over all complete rows; ``exact`` names columns a pair must agree on. ``scale="logit"`` measures
    distance in log odds, ``"probability"`` in probability, which is MatchIt's default. ``person`` names a
    column of unique ids: ties are then broken by id instead of row position, so the order of rows cannot
    matter. The search is greedy and has no chance in it: the same table gives the same pairs.

    Only complete rows (treatment, covariates, exact columns and, if given, outcome) take part. Raises
    ``ValueError`` for empty groups, settings out of range, columns the score cannot be fitted with, a table
    that already has one of the columns added, and when nobody is matched.
    """
    _check_settings(table, covariates, on, outcome, ratio, caliper, person)
    needed = [treated, *covariates, *exact, *([outcome] if outcome else []), *([person] if person else [])]
    numbered = table.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    complete = complete_rows(numbered, needed)
    rows = complete.table.sort(person) if person else complete.table
    flags = two_groups(rows, treated)
    if on == "prognosis" and outcome:
        score = prognostic_score(rows, covariates, outcome, flags, scale=scale)
    else:
        score = propensity_score(rows, covariates, flags, scale=scale)
    spread = float(score.values.std(ddof=1))
    if not spread > 1e-12 * max(float(np.abs(score.values).max()), 1e-300):
        raise ValueError("the score is the same for everybody: the covariates say nothing to match on")
    values = np.rint(score.values / (spread * FINENESS)) * (spread * FINENESS)
    width = None if caliper is None else caliper * spread
    cells = _cells(rows, exact)
    found = nearest(values, flags, cell=cells, ratio=ratio, replace=replace, caliper=width)
    if not len(found.treated):
        raise ValueError("no treated row has an untreated one in reach: widen the caliper or the exact cells")
    rows = rows.with_columns(pl.Series("score", values))
    pairs, matched, partners = _pair_up(rows, values, found)
    plain = bool((partners == 1).all()) and not replace
    fields = ["score", *covariates]
    used = np.unique(found.untreated)
    weights = np.zeros(len(values))
    np.add.at(weights, found.untreated, _shares(found, flags, partners))
    taken = np.zeros(len(values), dtype=bool)
    taken[found.treated] = taken[found.untreated] = True
    known = complete_rows(table, [treated]).table
    lost = _lost(numbered, rows, treated, flags, values, cells, taken, width, needed)
    return Match(
        pairs=pairs,
        table=matched,
        balance_before=balance(rows, fields, treated),
        balance_after=balance(matched, fields, treated, None if plain else "weight", reference=rows),
        score=pl.DataFrame({"row": rows["row"], "treated": flags, "score": values, "matched": taken}),
        n_treated=int(yes_no(known, treated).sum()),
        n_matched=len(partners),
        n_untreated_used=len(used),
        effective_untreated=effective_size(weights[used]),
        short=int((partners < ratio).sum()),
        lost=lost,
        excluded=complete.excluded,
        caliper_width=width,
        method=_describe(score.text, ratio, replace, caliper, exact, scale),
    )


def _check_settings(
    table: pl.DataFrame,
    covariates: Sequence[str],
    on: Basis,
    outcome: str | None,
    ratio: int,
    caliper: float | None,
    person: str | None,
) -> None:
    if not covariates:
        raise ValueError("matching needs at least one covariate")
    if on not in ("propensity", "prognosis"):
        raise ValueError(f"a score is 'propensity' or 'prognosis', not '{on}'")
    if on == "prognosis" and outcome is None:
        raise ValueError("a prognostic score needs the outcome it is to predict")
    if ratio < 1:
        raise ValueError(f"the number of untreated per treated must be at least 1, it is {ratio}")
    if caliper is not None and not caliper > 0:
        raise ValueError(f"a caliper must be above zero, it is {caliper:g}")
    clash = [name for name in ADDED if name in table.columns]
    if clash:
        raise ValueError(f"the table already has a column {clash[0]!r}, which matching adds: rename it")
    if person and person in table.columns and table[person].drop_nulls().is_duplicated().any():
        raise ValueError(f"column '{person}' has the same id in several rows: ids must be unique")


def _cells(rows: pl.DataFrame, exact: Sequence[str]) -> Indices:
    """The exact cell of each row as a number."""
    cell = np.zeros(rows.height, dtype=np.int64)
    for column in exact:
        level, labels = codes(rows, column)
        cell = np.unique(cell * len(labels) + level, return_inverse=True)[1]
    return cell


def _shares(found: Nearest, flags: Flags, partners: Indices) -> Floats:
    """The weight of each match: one over the number of partners of its treated."""
    by_row = np.zeros(len(flags))
    by_row[np.unique(found.treated)] = 1.0 / partners
    return by_row[found.treated]


def _pair_up(
    rows: pl.DataFrame, values: Floats, found: Nearest
) -> tuple[pl.DataFrame, pl.DataFrame, Indices]:
    """The pairs, the matched table and the number of partners by treated (in order of position)."""
    who, first_of, partners = np.unique(found.treated, return_inverse=True, return_counts=True)
    row_numbers = rows["row"].to_numpy()
    # Pairs are numbered by the row of their treated in the table given.
    number_of = np.empty(len(who), dtype=np.int64)
    number_of[np.argsort(row_numbers[who])] = np.arange(1, len(who) + 1)
    pair = number_of[first_of]
    pairs = pl.DataFrame(
        {
            "pair": pair,
            "treated_row": row_numbers[found.treated],
            "untreated_row": row_numbers[found.untreated],
            "distance": np.abs(values[found.treated] - values[found.untreated]),
            "turn": found.turn,
        }
    ).sort("pair", "turn")
    picked = np.concatenate([who, found.untreated])
    turn = np.concatenate([np.full(len(who), -1, dtype=np.int64), found.turn])
    matched = (
        rows[picked]
        .with_columns(
            pl.Series("pair", np.concatenate([number_of, pair])),
            pl.Series("weight", np.concatenate([np.ones(len(who)), 1.0 / partners[first_of]])),
            pl.Series("turn", turn),
        )
        .sort("pair", "turn")
    )
    return pairs.drop("turn"), matched.drop("turn"), partners


def _lost(
    numbered: pl.DataFrame,
    rows: pl.DataFrame,
    treated: str,
    flags: Flags,
    values: Floats,
    cells: Indices,
    taken: Flags,
    width: float | None,
    needed: Sequence[str],
) -> dict[str, int]:
    """Treated without a match, by the first reason that applies."""
    lost: dict[str, int] = {}
    incomplete = numbered.filter(pl.col(treated).cast(pl.Float64) == 1).join(
        rows.select("row"), on="row", how="anti"
    )
    if incomplete.height:
        remaining = incomplete
        for column in dict.fromkeys(needed):
            kept = remaining.filter(pl.Series(~missing_values(remaining[column])))
            if kept.height < remaining.height:
                lost[f"missing {column}"] = remaining.height - kept.height
            remaining = kept
    alone = np.flatnonzero(flags & ~taken)
    if len(alone):
        # The nearest untreated of all, used or not, tells a narrow caliper from an exhausted supply.
        subset = np.concatenate([alone, np.flatnonzero(~flags)])
        free = nearest(values[subset], flags[subset], cell=cells[subset], replace=True)
        gap = np.full(len(alone), np.inf)
        gap[free.treated] = np.abs(values[subset][free.treated] - values[subset][free.untreated])
        for reason, count in (
            ("no untreated in cell", np.isinf(gap).sum()),
            ("no untreated within caliper", (np.isfinite(gap) & (gap > (width or np.inf))).sum()),
            ("untreated used up", (gap <= (width or np.finfo(np.float64).max)).sum()),
        ):
            if count:
                lost[reason] = int(count)
    return lost


def _describe(
    score_text: str,
    ratio: int,
    replace: bool,
    caliper: float | None,
    exact: Sequence[str],
    scale: Scale,
) -> str:
    """What was done, in one sentence."""
    parts = [
        f"greedy nearest-neighbour matching, {ratio} untreated per treated, "
        + ("with" if replace else "without")
        + " replacement",
        score_text,
        f"distance in {'log odds' if scale == 'logit' else 'probability'}",
    ]
    if not replace:
        parts.append("treated in order of falling score")
    if caliper is not None:
        parts.append(f"caliper {caliper:g} standard deviations of the score")
    if exact:
        parts.append(f"exact on {', '.join(exact)}")
    return "; ".join(parts)
