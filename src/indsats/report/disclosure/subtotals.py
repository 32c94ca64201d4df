"""Totals that no table names: a unit with its sites below it adds up in every column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

_SEVERAL = 2
"""In so many lines of a table a sum of two numbers has to hold before it is more than chance; one of three need not."""


def runs_that_add_up(numbers: NDArray[np.float64]) -> Iterator[tuple[int, Sequence[int]]]:
    """Places that hold the sum of two or more places next to them, on one side, in every line.

    ``numbers`` has a row for each line of a table and a column for each place; NaN is no number. A place and those that
    add up to it, for every run that does.
    """
    there, zero_for_none = ~np.isnan(numbers), np.nan_to_num(numbers)
    length = numbers.shape[1]
    for at in range(length):
        lines = there[:, at]
        for places in (list(range(at + 1, length)), list(range(at - 1, -1, -1))):
            if len(places) < _SEVERAL or not lines.any():
                continue
            parts, known = zero_for_none[lines][:, places], there[lines][:, places]
            added, counted = parts.cumsum(1), known.cumsum(1)
            nonzero = (parts != 0).cumsum(1)
            judged = counted >= _SEVERAL
            right = judged & np.isclose(added, zero_for_none[lines, at][:, None], rtol=1e-9, atol=1e-6)
            often = (right & (nonzero >= _SEVERAL)).sum(0) >= _SEVERAL
            plain = (right & (nonzero > _SEVERAL)).any(0)
            for end in np.flatnonzero((right | ~judged).all(0) & (often | plain)).tolist():
                yield at, places[: end + 1]
