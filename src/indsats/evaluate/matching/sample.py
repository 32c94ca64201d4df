"""The people a matching is made among, and the two ways to make it: pairs and whole cells."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from ..inputs import Flags, Floats
from .cells import cell_weights
from .nearest import Indices, Nearest, nearest
from .settings import Distance
from .space import Space, nearest_in_space

PAIRS = {"pair": pl.Int64, "treated_row": pl.Int64, "control_row": pl.Int64, "distance": pl.Float64}


@dataclass(frozen=True, slots=True)
class Matched:
    """Who was matched with whom; ``weight``, ``subclass`` and ``matched`` by row of the sample."""

    pairs: pl.DataFrame
    table: pl.DataFrame
    weight: Floats
    subclass: pl.Series
    matched: Flags
    short: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Every complete row with where it stands.

    ``rows`` holds the columns given, ``row`` (position in the table given) and, with a score, ``score``.
    ``inside`` says who was not discarded, ``cell`` numbers the cell a row must be matched in, ``space`` is
    ``None`` where whole cells are matched. ``score_fitted`` says that the score was estimated here.
    """

    rows: pl.DataFrame
    treatment: str
    covariates: tuple[str, ...]
    treated: Flags
    inside: Flags
    cell: Indices
    space: Space | None
    distance: Distance | None
    score_fitted: bool
    ratio: int
    replace: bool

    def search(self, space: Space, queue: Indices, *, replace: bool) -> Nearest:
        """The nearest controls of the treated in ``queue``, who choose in its order."""
        if space.points.shape[1] == 1 and not space.calipers and not space.outermost:
            return nearest(
                space.points[:, 0],
                self.treated,
                cell=self.cell,
                ratio=self.ratio,
                replace=replace,
                caliper=space.widest,
                queue=queue,
            )
        return nearest_in_space(space, self.treated, queue, cell=self.cell, ratio=self.ratio, replace=replace)

    def paired(self, space: Space, queue: Indices) -> Matched:
        """Each treated of ``queue`` with its controls."""
        found = self.search(space, queue, replace=self.replace)
        if not len(found.treated):
            raise ValueError(
                "no treated row has a control in reach: widen the caliper or the cells to agree in"
            )
        who, first_of, partners = np.unique(found.treated, return_inverse=True, return_counts=True)
        row_numbers = self.rows["row"].to_numpy()
        # Pairs are numbered by the row of their treated in the table given.
        number_of = np.empty(len(who), dtype=np.int64)
        number_of[np.argsort(row_numbers[who])] = np.arange(1, len(who) + 1)
        pair, share = number_of[first_of], 1.0 / partners[first_of]
        by_pair = np.lexsort((found.turn, pair))
        pairs = pl.DataFrame(
            {
                "pair": pair,
                "treated_row": row_numbers[found.treated],
                "control_row": row_numbers[found.control],
                "distance": space.distance(found.treated, found.control),
            }
        )[by_pair]
        weight = np.bincount(found.control, weights=share, minlength=len(self.treated)).astype(np.float64)
        weight[who] = 1.0
        subclass = np.zeros(len(self.treated), dtype=np.int64)
        subclass[found.control], subclass[who] = pair, number_of
        picked = np.concatenate([who, found.control])
        turn = np.concatenate([np.full(len(who), -1), found.turn])
        numbers_of = np.concatenate([number_of, pair])
        order = np.lexsort((turn, numbers_of))
        table = self.rows[picked[order]].with_columns(
            pl.Series("pair", numbers_of[order]),
            pl.Series("weight", np.concatenate([np.ones(len(who)), share])[order]),
        )
        return Matched(
            pairs,
            table,
            weight,
            _subclasses(subclass, weight > 0) if not self.replace else _subclasses(subclass, weight < 0),
            weight > 0,
            int((partners < self.ratio).sum()),
        )

    def whole_cells(self) -> Matched:
        """Everybody in the cells that have both treated and controls."""
        weight = cell_weights(self.cell, self.treated)
        matched = weight > 0
        if not matched.any():
            raise ValueError("no cell has both treated and controls: use fewer covariates or coarser bins")
        subclass = np.zeros(len(weight), dtype=np.int64)
        subclass[matched] = np.unique(self.cell[matched], return_inverse=True)[1] + 1
        table = self.rows.with_columns(pl.Series("pair", subclass), pl.Series("weight", weight))
        return Matched(
            pl.DataFrame(schema=PAIRS),
            table.filter(pl.Series(matched)).sort("pair", maintain_order=True),
            weight,
            _subclasses(subclass, matched),
            matched,
            0,
        )


def _subclasses(number: Indices, known: Flags) -> pl.Series:
    """The numbers where known, null elsewhere."""
    return pl.select(pl.when(pl.Series(known)).then(pl.Series(number))).to_series()
