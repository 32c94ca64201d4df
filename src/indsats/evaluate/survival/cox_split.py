"""Splits rows where a coefficient may change in time, so that each piece of time has its own term."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ..inputs import Flags, Floats
from .cox_risk import Index


@dataclass(frozen=True, slots=True)
class Term:
    """One coefficient: the design column ``column`` of ``covariate`` at times above ``after``, up to
    ``until``.
    """

    name: str
    covariate: str
    column: str
    after: float = -np.inf
    until: float = np.inf


@dataclass(frozen=True, slots=True)
class Episodes:
    """Pieces of rows: which ``row`` each is of, from after ``entry`` to ``time``, ``event`` at its end or
    not.
    """

    row: Index
    entry: Floats
    time: Floats
    event: Flags


def read_cuts(split: Mapping[str, Sequence[float]], covariates: Sequence[str]) -> dict[str, Floats]:
    """The times at which coefficients change, by covariate. Raises ``ValueError`` for what cannot be cut
    at.
    """
    cuts: dict[str, Floats] = {}
    for covariate, times in split.items():
        if covariate not in covariates:
            raise ValueError(f"split names '{covariate}', which is not one of the covariates")
        points = np.asarray(times, dtype=np.float64)
        if points.ndim != 1 or not len(points) or not np.isfinite(points).all():
            raise ValueError(f"split of '{covariate}' needs a list of times, such as [8]")
        if (np.diff(points) <= 0).any():
            raise ValueError(f"split of '{covariate}' needs times that rise, it has {points.tolist()}")
        cuts[covariate] = points
    return cuts


def split_rows(time: Floats, event: Flags, entry: Floats | None, cuts: Floats) -> Episodes:
    """Cuts rows at ``cuts``: a time of exactly a cut belongs to the piece before it (R: ``survSplit``)."""
    entered = np.full(len(time), -np.inf) if entry is None else entry
    piece = np.searchsorted(cuts, entered, side="right")
    count = np.searchsorted(cuts, time, side="left") - piece + 1
    row = np.repeat(np.arange(len(time)), count)
    ends = np.cumsum(count)
    piece = piece[row] + np.arange(len(row)) - (ends - count)[row]
    edges = np.concatenate([[-np.inf], cuts, [np.inf]])
    finished = np.zeros(len(row), dtype=bool)
    finished[ends - 1] = event
    return Episodes(
        row, np.maximum(entered[row], edges[piece]), np.minimum(time[row], edges[piece + 1]), finished
    )


def split_terms(terms: Sequence[Term], cuts: Mapping[str, Floats], *, whole: bool) -> list[Term]:
    """One term per piece of time; with ``whole`` times (weeks) pieces are called ``[..8]`` and ``[9..]``."""
    result: list[Term] = []
    for term in terms:
        if term.covariate not in cuts:
            result.append(term)
            continue
        edges = [-np.inf, *cuts[term.covariate].tolist(), np.inf]
        for after, until in pairwise(edges):
            low = "" if after == -np.inf else f"{after + 1:.15g}" if whole else f">{after:.15g}"
            high = "" if until == np.inf else f"{until:.15g}"
            name = f"{term.column}[{high}]" if low == high else f"{term.column}[{low}..{high}]"
            result.append(Term(name, term.covariate, term.column, after, until))
    return result


def split_matrix(matrix: Floats, columns: Sequence[str], terms: Sequence[Term], pieces: Episodes) -> Floats:
    """The columns of the terms for each episode: the design's column within the term's time, otherwise 0."""
    place = {name: index for index, name in enumerate(columns)}
    result = np.empty((len(pieces.row), len(terms)))
    for index, term in enumerate(terms):
        column = matrix[:, place[term.column]][pieces.row]
        result[:, index] = np.where((pieces.entry >= term.after) & (pieces.time <= term.until), column, 0.0)
    return result
