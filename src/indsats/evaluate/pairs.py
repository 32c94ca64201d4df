"""Brings matched rows into pairs: one treated each, one or more controls, with their weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from .inputs import Flags, Floats, codes, complete_rows, numbers, yes_no


@dataclass(frozen=True, slots=True)
class PairedRows:
    """Rows of complete pairs. ``pair`` counts from 0; ``weight`` is 1 for treated and sums to 1 over the
    controls of a pair; ``person`` numbers the people; ``reused`` says whether someone serves in two
    pairs.
    """

    values: Floats
    treated: Flags
    pair: NDArray[np.int64]
    person: NDArray[np.int64]
    weight: Floats
    n_pairs: int
    reused: bool
    excluded: dict[str, int]

    @property
    def one_to_one(self) -> bool:
        """Whether every pair is one treated and one control, nobody used twice."""
        return not self.reused and len(self.values) == 2 * self.n_pairs


def paired_rows(
    table: pl.DataFrame, outcome: str, treated: str, pair: str, person: str | None = None
) -> PairedRows:
    """Read the pairs of a matched table; pairs that lack a side after exclusions are left out and counted.

    Rows whose ``pair`` is null are unmatched and counted as excluded. Raises ``ValueError`` when a pair has
    two treated, when no complete pair is left, or when a treated person stands in two pairs.
    """
    columns = [pair, treated, outcome] + ([person] if person else [])
    complete = complete_rows(table, columns)
    excluded = dict(complete.excluded)
    flags = yes_no(complete.table, treated)
    pairs = codes(complete.table, pair)[0]
    n_treated = np.bincount(pairs, weights=flags)
    n_control = np.bincount(pairs, weights=~flags)
    if (n_treated > 1).any():
        raise ValueError(f"column '{pair}' puts more than one treated row into a pair")
    whole = (n_treated == 1) & (n_control >= 1)
    keep = whole[pairs]
    if not keep.any():
        raise ValueError(f"no pair in column '{pair}' has both a treated and a control row with an outcome")
    if not keep.all():
        excluded["partner missing"] = int((~keep).sum())
    flags, pairs = flags[keep], np.unique(pairs[keep], return_inverse=True)[1]
    values = numbers(complete.table, outcome)[keep]
    people = codes(complete.table, person)[0][keep] if person else np.arange(len(values))
    counts = np.bincount(people)
    if (np.bincount(people, weights=flags) > 1).any():
        raise ValueError(f"column '{pair}' puts a treated person into more than one pair")
    size = np.bincount(pairs, weights=~flags)
    return PairedRows(
        values=values,
        treated=flags,
        pair=pairs,
        person=people,
        weight=np.where(flags, 1.0, 1.0 / size[pairs]),
        n_pairs=int(flags.sum()),
        reused=bool((counts > 1).any()),
        excluded=excluded,
    )
