"""Reads the rows and columns of a Cox regression, and refuses what has no hazard ratio."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from ..design import is_categorical, levels
from ..inputs import Flags, Floats, codes, numbers, yes_no
from .cox_likelihood import weighted_sums
from .cox_risk import Index
from .cox_split import Episodes, Term, read_cuts, split_matrix, split_rows, split_terms


@dataclass(frozen=True, slots=True)
class Rows:
    """The complete rows: their times, strata (numbers, and the ``labels`` these stand for) and weights."""

    table: pl.DataFrame
    time: Floats
    event: Flags
    entry: Floats | None
    stratum: Index | None
    labels: pl.Series | None
    weights: Floats


def read_rows(
    table: pl.DataFrame, duration: str, event: str, entry: str | None, strata: str | None, weights: str | None
) -> Rows:
    """The columns as arrays. Raises ``ValueError`` for times, events and weights that cannot be used."""
    time, ended = numbers(table, duration), yes_no(table, event)
    if not ended.any():
        raise ValueError(
            f"nobody of the {len(time)} rows has the event '{event}': no hazard can be estimated"
        )
    entered = numbers(table, entry) if entry else None
    if entered is None:
        if time.min() < 0:
            raise ValueError(f"column '{duration}' has times below zero")
    elif not (entered < time).all():
        late = int((entered >= time).sum())
        raise ValueError(
            f"{late} rows enter ('{entry}') at or after the end of their time ('{duration}'): rows are at risk "
            "after entry, up to and with the end"
        )
    weight = numbers(table, weights) if weights else np.ones(len(time))
    if not (weight > 0).all():
        raise ValueError(f"weights in column '{weights}' must be above zero")
    stratum, labels = codes(table, strata) if strata else (None, None)
    return Rows(table, time, ended, entered, stratum, labels, weight)


def read_terms(
    rows: Rows,
    covariates: Sequence[str],
    columns: Sequence[str],
    matrix: Floats,
    split: Mapping[str, Sequence[float]] | None,
) -> tuple[list[Term], Floats, Episodes | None]:
    """The terms, their columns, and the episodes these belong to when ``split`` cuts the rows."""
    width = [len(levels(rows.table[c])) - 1 if is_categorical(rows.table[c]) else 1 for c in covariates]
    owners = [c for c, count in zip(covariates, width, strict=True) for _ in range(count)]
    terms = [Term(column, owner, column) for column, owner in zip(columns, owners, strict=True)]
    if not split:
        return terms, matrix, None
    cuts = read_cuts(split, covariates)
    every = np.unique(np.concatenate(list(cuts.values())))
    times = rows.time if rows.entry is None else np.concatenate([rows.time, rows.entry])
    whole = bool((times == np.floor(times)).all() and (every == np.floor(every)).all())
    terms = split_terms(terms, cuts, whole=whole)
    pieces = split_rows(rows.time, rows.event, rows.entry, every)
    return terms, split_matrix(matrix, columns, terms, pieces), pieces


def standardise(matrix: Floats, names: Sequence[str]) -> tuple[Floats, Floats]:
    """Centres and scales the columns in place; returns means and standard deviations.

    Raises ``ValueError`` naming the first column that has one value only.
    """
    if not matrix.shape[1]:
        raise ValueError("the covariates have one level only: there is nothing to compare")
    centres = weighted_sums(np.ones(len(matrix)), matrix) / len(matrix)
    matrix -= centres
    scales = np.sqrt(np.einsum("ij,ij->j", matrix, matrix) / len(matrix))
    for index in np.flatnonzero(scales <= 1e-9 * np.abs(centres)):
        if np.ptp(matrix[:, index]) == 0:
            raise ValueError(f"column '{names[int(index)]}' has the same value in every row: leave it out")
    matrix /= scales
    return centres, scales


def refuse_one_sided(
    matrix: Floats, event: Flags, names: Sequence[str], centres: Floats, scales: Floats
) -> None:
    """Raise ``ValueError`` for a column of two values when all events have the same one of them.

    ``matrix`` is standardised by ``centres`` and ``scales``.
    """
    events = event.astype(np.float64)
    total = events.sum()
    one = matrix[int(np.flatnonzero(event)[0])]
    # Columns whose mean among events is the value of one event are few: only they are looked at closely.
    for index in np.flatnonzero(np.abs(weighted_sums(events, matrix) / total - one) < 1e-9):
        column = matrix[:, index]
        if np.ptp(column[event]) > 0 or len(np.unique(column)) != 2:
            continue
        with_events = float(np.round(one[index] * scales[index] + centres[index], 9))
        raise ValueError(
            f"column '{names[int(index)]}' has events only where it is {with_events:g} (all {total:g} of them): "
            "no finite hazard ratio exists; merge it with another level or leave it out"
        )
