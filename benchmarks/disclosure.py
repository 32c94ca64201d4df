"""What else must be hidden in one table: our own search against tau-ARGUS, by cells kept and time.

    python benchmarks/disclosure.py [TABLES]

TABLES random tables of each size (3 when left out) with sums to the right and below, from 5 x 5 to 99 x 13 cells; a
tenth of the counts are zero and about as many small. Needs `pip install indsats[tauargus]`. Synthetic counts.
"""

from __future__ import annotations

import sys
import time

import numpy as np
from numpy.typing import NDArray

from indsats.figure import Figure
from indsats.programme import Text
from indsats.report import Column, Document, ProtectedFigure, Section, Table, protect
from indsats.report.disclosure.tauargus import optimal

SIZES = ((5, 5), (10, 8), (20, 10), (50, 13), (99, 13))
THRESHOLD = 5
_ANY = Text(da="tal", en="counts")


def main(tables: int) -> None:
    """Protect the same tables both ways and print a line for each size."""
    print(f"{'table':>8} {'small':>6} {'kept, own':>10} {'tau':>7} {'s, own':>8} {'tau':>8} {'own/tau':>8}")  # noqa: T201
    for rows, columns in SIZES:
        kept, seconds, small, cells = np.zeros(2), np.zeros(2), 0, 0
        for seed in range(tables):
            counts = _table(np.random.default_rng([seed, rows, columns]), rows, columns)
            unsafe = (counts > 0) & (counts < THRESHOLD)
            small, cells = small + int(unsafe.sum()), cells + counts.size
            start = time.perf_counter()
            own = _own(counts)
            between = time.perf_counter()
            best = optimal(counts, unsafe, threshold=THRESHOLD)
            seconds += between - start, time.perf_counter() - between
            kept += (~own).sum(), (~best).sum()
        shares, ratio = kept / cells, seconds[0] / seconds[1]
        print(  # noqa: T201
            f"{f'{rows} x {columns}':>8} {small / cells:6.1%} {shares[0]:10.1%} {shares[1]:7.1%} "
            f"{seconds[0] / tables:8.3f} {seconds[1] / tables:8.3f} {ratio:7.1f}x"
        )


def _table(rng: np.random.Generator, rows: int, columns: int) -> NDArray[np.int64]:
    counts = rng.poisson(rng.gamma(2.0, 12.0, (rows, columns))) * (rng.random((rows, columns)) > 0.1)
    below = np.vstack([counts, counts.sum(0)])
    return np.column_stack([below, below.sum(1)])


def _own(counts: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which cells our own search hides."""
    rows = tuple(
        (f"r{i}", *(Figure.count(f"{i}/{j}", int(n)) for j, n in enumerate(row)))
        for i, row in enumerate(counts)
    )
    columns = (Column("name", _ANY), *(Column(f"c{j}", _ANY) for j in range(counts.shape[1])))
    table = Table("t", _ANY, columns, rows, total_row=-1, total_column=-1)
    document = Document(
        title=_ANY,
        programme="p",
        version=1,
        period=None,
        sections=(Section(_ANY, (table,)),),
        threshold=THRESHOLD,
        synthetic=True,
    )
    shown = protect(document).table("t").rows
    return np.array(
        [[isinstance(cell, ProtectedFigure) and cell.hidden for cell in row[1:]] for row in shown]
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
