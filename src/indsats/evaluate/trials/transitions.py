"""Movement of people between classes: counts and shares, tests of change, and groups compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl
import scipy

from ..cautions import Caution, left_out
from ..inputs import Frame, as_polars, codes, complete_rows
from .cautions import few_movers, nobody_moved, outside_classes
from .exact import SMALLEST_EXPECTED, freeman_halton
from .proportions import ChiSquared, chi_squared, wilson_interval

FEW_MOVERS = 25
DIRECTIONS = ("improved", "unchanged", "worse", "other")


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitionTable:
    """Where people of each class went.

    ``table``: (``group`` with ``by``,) ``before``, ``after``, ``count``, ``total`` (of the class before), ``share``,
    ``lower``, ``upper`` (Wilson). ``directions``: (``group``,) ``direction`` (``improved``, ``unchanged``,
    ``worse``, ``other``), ``count``, ``total``, ``share``, ``lower``, ``upper``. ``movement``: (``group``,) ``test``
    (``marginal homogeneity``, ``symmetry``), ``statistic``, ``df``, ``p`` (null where nobody moved), ``n`` people
    tested. ``between``, only with ``by``: ``before`` (null: all, by direction), ``test``, ``statistic``, ``df``,
    ``p``, ``least_expected``: whether the groups go different ways.
    """

    table: pl.DataFrame
    directions: pl.DataFrame
    movement: pl.DataFrame
    between: pl.DataFrame | None
    excluded: Mapping[str, int] = field(default_factory=dict)
    warnings: tuple[Caution, ...] = ()


def transitions(
    df: Frame, before: str, after: str, *, by: str | None = None, order: Sequence[object] | None = None
) -> TransitionTable:
    """How people moved from a class ``before`` to one ``after``, for all or for each group of ``by``.

    One row per person; classes may be text, numbers or true/false and may differ between the two times (A–G, then
    A–G, job or other). ``order`` lists classes from the worst to the best: a move upwards in it is ``improved``,
    downwards ``worse``, to or from a class it lacks ``other``. Without it, and with numbers, the order is theirs;
    with text all moves are ``other``.

    Tests of movement use the people whose two classes both exist at both times. Marginal homogeneity, that every
    class is as large after as before: Stuart (1955, Biometrika 42:412–416) and Maxwell (1970, British Journal of
    Psychiatry 116:651–655). Symmetry, that as many go from i to j as back: Bowker (1948, Journal of the American
    Statistical Association 43:572–574), with a degree of freedom for each pair of classes between which somebody
    moved. Groups are compared by χ² on groups × direction, and by class before on groups × class after; with two
    groups and an expected count below 5 by Fisher's test as Freeman & Halton's.

    Rows without a class are excluded and counted. Raises ``ValueError`` for fewer than two groups in ``by``, for
    repeated classes in ``order``, for an ``order`` none of whose classes occurs, and for classes of different types.
    """
    df = as_polars(df)
    complete = complete_rows(df, [before, after, *([by] if by else [])])
    table = complete.table
    ranks = _ranks(table, before, after, order)
    start, end = _named(table, before, after)
    known = (
        list(ranks) + sorted(set(start) | set(end) - set(ranks), key=str)
        if ranks
        else sorted(set(start) | set(end))
    )
    known = list(dict.fromkeys(known))
    number = {name: i for i, name in enumerate(known)}
    row, column = (np.array([number[name] for name in names]) for names in (start, end))
    group, labels = codes(table, by) if by else (np.zeros(len(row), dtype=np.int64), pl.Series([None]))
    if by and len(labels) < 2:
        raise ValueError(f"column '{by}' has a single group: leave 'by' out, or give both groups")
    k = len(known)
    counts = np.bincount((group * k + row) * k + column, minlength=len(labels) * k * k).reshape(-1, k, k)
    happened = np.unique(row), np.unique(column)
    both = np.intersect1d(*happened)
    directions = _directions(counts, [ranks.get(name) for name in known])
    warnings = left_out(complete.excluded, df.height)
    outside = int(counts.sum() - counts[:, both][:, :, both].sum())
    if outside:
        warnings = (*warnings, outside_classes(outside, int(counts.sum())))
    movers = counts[:, both][:, :, both].sum(axis=(1, 2)) - counts[:, both, both].sum(axis=1)
    if movers.max(initial=0) == 0:
        warnings = (*warnings, nobody_moved())
    elif movers.min() < FEW_MOVERS:
        warnings = (*warnings, few_movers(int(movers.min())))
    names = labels.cast(pl.String).to_list()

    def labelled(parts: list[pl.DataFrame]) -> pl.DataFrame:
        if not by:
            return parts[0]
        return pl.concat(
            part.select(pl.lit(name, pl.String).alias("group"), pl.all())
            for name, part in zip(names, parts, strict=True)
        )

    return TransitionTable(
        table=labelled([_shares(one, known, happened) for one in counts]),
        directions=labelled([_direction_shares(one) for one in directions]),
        movement=labelled([_movement(one[np.ix_(both, both)]) for one in counts]),
        between=_between(counts, directions, known) if by else None,
        excluded=complete.excluded,
        warnings=warnings,
    )


def _named(table: pl.DataFrame, before: str, after: str) -> tuple[list[str], list[str]]:
    """Both columns as text."""
    start, end = table[before], table[after]
    numeric = [series.dtype.is_numeric() for series in (start, end)]
    if any(numeric) and not all(numeric):
        raise ValueError(
            f"columns '{before}' and '{after}' must both be numbers or both be text, to be the same classes"
        )
    if all(numeric):
        start, end = start.cast(pl.Float64), end.cast(pl.Float64)
        return [f"{value:.15g}" for value in start], [f"{value:.15g}" for value in end]
    return start.cast(pl.String).to_list(), end.cast(pl.String).to_list()


def _ranks(table: pl.DataFrame, before: str, after: str, order: Sequence[object] | None) -> dict[str, int]:
    """The place of each ordered class; empty when there is no order."""
    if order is not None:
        names = [
            f"{float(name):.15g}"
            if isinstance(name, int | float) and not isinstance(name, bool)
            else str(name)
            for name in order
        ]
        if len(set(names)) < len(names):
            raise ValueError("'order' names a class twice")
        if not set(names) & {name for column in _named(table, before, after) for name in column}:
            raise ValueError(
                f"none of the classes of 'order' ({', '.join(names)}) occurs in columns '{before}' and '{after}': "
                "write them as the columns do"
            )
        return {name: place for place, name in enumerate(names)}
    if not all(table[column].dtype.is_numeric() for column in (before, after)):
        return {}
    values = pl.concat([table[before].cast(pl.Float64), table[after].cast(pl.Float64)]).unique().sort()
    return {f"{value:.15g}": place for place, value in enumerate(values)}


def _shares(counts: np.ndarray, known: list[str], happened: tuple[np.ndarray, np.ndarray]) -> pl.DataFrame:
    """One row per class before × class after that occurs at that time, empty cells included."""
    rows, columns = happened
    totals = counts.sum(axis=1)
    cells = [(int(i), int(j)) for i in rows for j in columns]
    return _with_bounds(
        {
            "before": [known[i] for i, _ in cells],
            "after": [known[j] for _, j in cells],
            "count": [int(counts[i, j]) for i, j in cells],
            "total": [int(totals[i]) for i, _ in cells],
        }
    )


def _with_bounds(columns: dict[str, list[str] | list[int]]) -> pl.DataFrame:
    """Adds ``share`` and its Wilson bounds to ``count`` of ``total``; null where nobody is counted."""
    table = pl.DataFrame(columns)
    pairs = list(zip(table["count"].to_list(), table["total"].to_list(), strict=True))
    bounds = [wilson_interval(x, n) if n else (None, None) for x, n in pairs]
    return table.with_columns(
        pl.Series("share", [x / n if n else None for x, n in pairs], pl.Float64),
        pl.Series("lower", [low for low, _ in bounds], pl.Float64),
        pl.Series("upper", [high for _, high in bounds], pl.Float64),
    )


def _directions(counts: np.ndarray, places: list[int | None]) -> np.ndarray:
    """Counts by group and direction."""
    place = np.array([-1 if one is None else one for one in places])
    ordered = (place[:, None] >= 0) & (place[None, :] >= 0)
    step = np.sign(place[None, :] - place[:, None])
    same = np.eye(len(place), dtype=bool)
    masks = (ordered & (step > 0), same, ordered & (step < 0), ~ordered & ~same)
    return np.stack([counts[:, mask].sum(axis=1) for mask in masks], axis=1)


def _direction_shares(counts: np.ndarray) -> pl.DataFrame:
    return _with_bounds(
        {
            "direction": list(DIRECTIONS),
            "count": [int(count) for count in counts],
            "total": [int(counts.sum())] * len(DIRECTIONS),
        }
    )


def _movement(counts: np.ndarray) -> pl.DataFrame:
    tests = {"marginal homogeneity": stuart_maxwell(counts), "symmetry": bowker(counts)}
    rows = [
        {"test": name, "n": int(counts.sum())} | ({} if found is None else found._asdict())
        for name, found in tests.items()
    ]
    schema = {"test": pl.String, "statistic": pl.Float64, "df": pl.Int64, "p": pl.Float64, "n": pl.Int64}
    return pl.DataFrame(rows, schema=schema)


def stuart_maxwell(counts: np.ndarray) -> ChiSquared | None:
    """The test that rows and columns of a square table have the same margins; None when nobody moved."""
    square = np.asarray(counts, dtype=np.float64)
    moved = square - np.diag(np.diag(square))
    if not moved.sum() > 0:
        return None
    change = moved.sum(axis=1) - moved.sum(axis=0)
    covariance = np.diag(moved.sum(axis=1) + moved.sum(axis=0)) - moved - moved.T
    # Rank falls short by one for every set of classes between which people move: use what is left.
    values, vectors = np.linalg.eigh(covariance)
    kept = values > 1e-10 * values.max()
    statistic = float(((vectors[:, kept].T @ change) ** 2 / values[kept]).sum())
    degrees = int(kept.sum())
    return ChiSquared(statistic, degrees, float(scipy.stats.chi2.sf(statistic, degrees)))


def bowker(counts: np.ndarray) -> ChiSquared | None:
    """The test that a square table is symmetric; None when nobody moved."""
    square = np.asarray(counts, dtype=np.float64)
    upper = np.triu_indices(len(square), 1)
    there, back = square[upper], square.T[upper]
    some = there + back > 0
    degrees = int(some.sum())
    if not degrees:
        return None
    statistic = float(((there[some] - back[some]) ** 2 / (there[some] + back[some])).sum())
    return ChiSquared(statistic, degrees, float(scipy.stats.chi2.sf(statistic, degrees)))


def _between(counts: np.ndarray, directions: np.ndarray, known: list[str]) -> pl.DataFrame:
    """Groups compared by direction, and class by class."""
    rows = [_compared(None, directions)]
    rows += [_compared(name, counts[:, i, :]) for i, name in enumerate(known) if counts[:, i, :].sum() > 0]
    schema = {
        "before": pl.String,
        "test": pl.String,
        "statistic": pl.Float64,
        "df": pl.Int64,
        "p": pl.Float64,
        "least_expected": pl.Float64,
    }
    return pl.DataFrame(rows, schema=schema)


def _compared(before: str | None, counts: np.ndarray) -> dict[str, object]:
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    if min(counts.shape) < 2:
        return {"before": before, "test": "none: all are alike or in one group"}
    least = float(np.outer(counts.sum(axis=1), counts.sum(axis=0)).min() / counts.sum())
    if least < SMALLEST_EXPECTED and len(counts) == 2 and (p := freeman_halton(counts.T)) is not None:
        return {"before": before, "test": "Fisher exact", "p": p, "least_expected": least}
    return {"before": before, "test": "chi-squared", **chi_squared(counts)._asdict(), "least_expected": least}
