"""Whom to talk to: people whose outcome was as a model expected, and people whose was not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import expit

from ..cautions import Caution, left_out
from ..design import design_matrix
from ..inputs import Flags, Floats, Frame, as_polars, codes, complete_rows, yes_no
from ..logit import logit
from .cautions import quadrants_short

QUADRANTS = ("expected success", "unexpected success", "expected failure", "unexpected failure")

RESERVED = ("predicted", "actual", "quadrant", "treated", "order", "lot")
"""Columns these functions add, which the column of ids may not be called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedAndActual:
    """``table``, one row per person, and the ``threshold`` from which success was expected."""

    table: pl.DataFrame
    threshold: float
    excluded: Mapping[str, int] = field(default_factory=dict)
    warnings: tuple[Caution, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Interviewees:
    """``table`` of those chosen, by quadrant in the order they were drawn."""

    table: pl.DataFrame
    warnings: tuple[Caution, ...] = ()


def expected_and_actual(
    df: Frame,
    outcome: str,
    covariates: Sequence[str],
    *,
    id: str,
    treated: str | None = None,
    folds: int = 5,
    threshold: float | None = None,
    seed: int = 0,
) -> ExpectedAndActual:
    """The chance of success a model gives each person beside what happened, in four quadrants.

    ``outcome`` is success, yes or no. A logistic regression on ``covariates``, and on ``treated`` where given (the
    chance then allows for the effort received), predicts each person from the others: people are put in ``folds``
    parts, and each part is predicted by the model of the rest, so that nobody's own outcome shapes what was
    expected of them. ``folds=1`` uses one model of everybody. Success is expected from ``threshold`` on, by
    default the share with success, so that both are expected of some even where success is rare.

    ``table``: the column ``id``, ``predicted`` (0 to 1), ``actual``, ``quadrant`` (``expected success``,
    ``unexpected success``, ``expected failure``, ``unexpected failure``), and ``treated`` where given. Parts follow
    from ``id`` and ``seed``, not from the order of rows; each has its part of the successes.

    Rows without a value are excluded and counted. Raises ``ValueError`` for repeated ids, for an ``id`` column with
    the name of a column added here or by :func:`choose_interviewees`, for fewer than ``folds``
    people with or without success, and when a part's model cannot be fitted, saying which column is at fault.
    """
    df = as_polars(df)
    used = [*covariates, *([treated] if treated else [])]
    if not used:
        raise ValueError("name at least one covariate to expect success from")
    if id in RESERVED:
        raise ValueError(f"the column of ids may not be called '{id}', which is added: rename it")
    complete = complete_rows(df, [id, outcome, *used])
    table = complete.table
    if table[id].n_unique() < table.height:
        raise ValueError(f"column '{id}' has the same id in several rows: give one row per person")
    success = yes_no(table, outcome)
    given = yes_no(table, treated) if treated else None
    rarer = int(min(success.sum(), (~success).sum()))
    if folds < 1 or rarer < folds:
        raise ValueError(
            f"{folds} folds need at least that many people with and without success (column '{outcome}'), "
            f"the fewer are {rarer}; folds must be 1 or more"
        )
    design = design_matrix(table, used)
    part = _parts(codes(table, id)[0], success, folds, seed)
    predicted = _predict(design.matrix, design.names, success, part, folds)
    line = float(success.mean()) if threshold is None else threshold
    if not 0 < line < 1:
        raise ValueError(f"'threshold' is a chance between 0 and 1, got {line:g}")
    expected = predicted >= line
    quadrant = np.where(
        success, np.where(expected, *QUADRANTS[:2]), np.where(expected, QUADRANTS[3], QUADRANTS[2])
    )
    found = pl.DataFrame(
        {id: table[id], "predicted": predicted, "actual": success, "quadrant": quadrant.astype(str)}
    )
    if given is not None:
        found = found.with_columns(pl.Series("treated", given))
    return ExpectedAndActual(
        table=found,
        threshold=line,
        excluded=complete.excluded,
        warnings=left_out(complete.excluded, df.height),
    )


def _parts(rank: NDArray[np.int64], success: Flags, folds: int, seed: int) -> NDArray[np.int64]:
    """The part of each person, dealt out among the successful and the others in turn, in an order drawn by id."""
    drawn = np.random.default_rng(seed).permutation(len(rank))[rank]
    part = np.empty(len(rank), dtype=np.int64)
    for group in (success, ~success):
        rows = np.flatnonzero(group)
        part[rows[np.argsort(drawn[rows])]] = np.arange(len(rows)) % folds
    return part


def _predict(
    matrix: Floats, names: Sequence[str], success: Flags, part: NDArray[np.int64], folds: int
) -> Floats:
    predicted = np.empty(len(success))
    for one in range(folds):
        here = part == one
        rest = ~here if folds > 1 else here
        try:
            fit = logit(matrix[rest], success[rest], names)
        except ValueError as error:
            where = "" if folds == 1 else f"predicting part {one + 1} of {folds} from the others: "
            raise ValueError(f"{where}{error}") from error
        predicted[here] = expit(fit.predict(matrix[here]))
    return predicted


def choose_interviewees(
    expected: ExpectedAndActual | Frame, per_quadrant: int = 6, seed: int = 0
) -> Interviewees:
    """Draw people to interview, as many from each of the four quadrants (24 with 6 from each).

    ``expected`` is the result of :func:`expected_and_actual` or its table. Where that says who was treated, only
    they are drawn from. The draw follows from the ids (the first column) and ``seed``, not from the order of rows.
    ``table`` has its columns and ``order`` (1 is drawn first in its quadrant), so that a person who declines is
    followed by the next drawn with a larger ``per_quadrant``: the first ones stay the same. A quadrant with fewer
    people gives all of them, with a warning. Raises ``ValueError`` for ``per_quadrant`` below 1 and for a table
    without the columns needed.
    """
    if per_quadrant < 1:
        raise ValueError(f"'per_quadrant' must be at least 1, got {per_quadrant}")
    table = expected.table if isinstance(expected, ExpectedAndActual) else as_polars(expected)
    if "quadrant" not in table.columns or not set(table["quadrant"].unique()) <= set(QUADRANTS):
        raise ValueError(
            f"give the table of expected_and_actual: its column 'quadrant' is one of {QUADRANTS}"
        )
    clash = [name for name in table.columns if name in ("order", "lot")]
    if table.columns[0] in RESERVED or clash:
        name = clash[0] if clash else table.columns[0]
        raise ValueError(f"the table has a column '{name}' where the ids or nothing should be: rename it")
    if "treated" in table.columns:
        table = table.filter(pl.col("treated").cast(pl.Boolean))
    table = table.sort(table.columns[0])
    lot = np.random.default_rng(seed).random(table.height)
    chosen = (
        table.with_columns(pl.Series("lot", lot))
        .with_columns(pl.col("lot").rank("ordinal").over("quadrant").cast(pl.Int64).alias("order"))
        .filter(pl.col("order") <= per_quadrant)
        .with_columns(pl.col("quadrant").cast(pl.Enum(QUADRANTS)))
        .sort("quadrant", "order")
        .with_columns(pl.col("quadrant").cast(pl.String))
        .drop("lot")
    )
    counts = dict(chosen["quadrant"].value_counts().iter_rows())
    short = [name for name in QUADRANTS if counts.get(name, 0) < per_quadrant]
    return Interviewees(table=chosen, warnings=(quadrants_short(short, per_quadrant),) if short else ())
