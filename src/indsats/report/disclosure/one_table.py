"""Single tables handed to tau-ARGUS, whose choice is where the search over all tables begins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from indsats.figure import Figure

from ..document import Document, Table
from .graph import Graph, Quantity, close
from .search import Search

Grid = list[list[Quantity]]


def choose(documents: Sequence[Document], graph: Graph, search: Search, threshold: int) -> None:
    """Hide in each table of counts with totals what tau-ARGUS finds best.

    What is hidden in one table counts as unsafe in those after it. Raises ``InputRefused`` where tau-ARGUS is not
    installed, and ``RuntimeError`` where it finds no answer.
    """
    from .tauargus import optimal  # an extra that few have

    for table in (table for document in documents for table in document.tables()):
        for grid in _grids(table, graph):
            counts = np.array([[graph.value[graph.node[one]] for one in row] for row in grid])
            unsafe = np.array([[search.unknown(one) for one in row] for row in grid])
            if not unsafe.any():
                continue
            pattern = optimal(np.rint(counts).astype(np.int64), unsafe, threshold=threshold)
            because = grid[int(np.argwhere(unsafe)[0][0])][int(np.argwhere(unsafe)[0][1])]
            for row, column in np.argwhere(pattern & ~unsafe):
                search.hide_beside(grid[int(row)][int(column)], because)


def _grids(table: Table, graph: Graph) -> Iterator[Grid]:
    """The counts of a table with its margins last: all at once with both totals, else a line at a time."""
    if not table.rows or (table.total_row is None and table.total_column is None):
        return
    rows = _last(list(range(len(table.rows))), table.total_row)
    width = len(table.columns)
    columns = _last(list(range(width)), table.total_column)
    grid = [[_count(table, graph, row, column) for column in columns] for row in rows]
    if table.total_row is not None and table.total_column is not None:
        whole = [[one for one in row if one is not None] for row in grid]
        # names and other columns are left out of every row alike
        if len({tuple(one is None for one in row) for row in grid}) == 1:
            yield from (one for one in [whole] if _adds_up(one, graph, down=True, across=True))
        return
    lines = grid if table.total_row is None else [list(column) for column in zip(*grid, strict=True)]
    for line in lines:
        known = [one for one in line if one is not None]
        if len(known) > 1 and line[-1] is not None:
            yield from (one for one in [[known]] if _adds_up(one, graph, down=False, across=True))


def _last(places: list[int], total: int | None) -> list[int]:
    if total is not None:
        places.append(places.pop(total))
    return places


def _count(table: Table, graph: Graph, row: int, column: int) -> Quantity | None:
    cell = table.rows[row][column]
    quantity = (cell.id, "n") if isinstance(cell, Figure) and cell.unit == "count" else None
    return quantity if quantity in graph.node else None


def _adds_up(grid: Grid, graph: Graph, *, down: bool, across: bool) -> bool:
    """Whether the last of each row (and column) is the sum of the others: whole numbers, as tau-ARGUS wants them."""
    values = np.array([[graph.value[graph.node[one]] for one in row] for row in grid], dtype=float)
    if values.size == 0 or not np.array_equal(values, np.rint(values)) or values.min() < 0:
        return False
    sums = [values] * across + [values.T] * down
    return all(close(float(line[:-1].sum()), float(line[-1])) for way in sums for line in way)
