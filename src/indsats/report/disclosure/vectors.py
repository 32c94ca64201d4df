"""The sums a careful reader finds in a table: rows and columns that add up wherever all their numbers are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indsats.figure import Figure
from indsats.programme import Text

from ..document import Table

Node = Callable[[Figure, str], int | None]
Value = Callable[[int], float | None]
_TOTALS = ("alle", "all", "total", "samlet")


@dataclass(frozen=True, slots=True)
class Vectors:
    """A table read one way: every row, or every column, with the places in it.

    ``nodes[part, unit]`` are the nodes by vector and place (-1: none); the unit of excluded rows is empty.
    ``total`` is the place the table calls its total.
    """

    nodes: dict[tuple[str, str], NDArray[np.int64]]
    places: tuple[str, ...]
    total: int | None

    @classmethod
    def of(cls, table: Table, node: Node) -> Iterator[Vectors]:
        """Its columns, then its rows."""
        rows = tuple(_text(row[0]) for row in table.rows)
        columns = tuple(column.title.da for column in table.columns)
        found: dict[tuple[str, str], NDArray[np.int64]] = {}
        cells = [
            (r, c, cell)
            for r, row in enumerate(table.rows)
            for c, (column, cell) in enumerate(zip(table.columns, row, strict=True))
            if isinstance(cell, Figure) and column.about_people
        ]
        reasons = sorted({f"x:{key}" for _, _, f in cells for key in (*f.excluded, *getattr(f, "few", ()))})
        for r, c, figure in cells:
            for part in ("n", "d", *reasons):
                if (at := node(figure, part)) is not None:
                    key = part, "" if part.startswith("x:") else figure.unit
                    found.setdefault(key, np.full((len(rows), len(columns)), -1))[r, c] = at
        if found:
            yield cls({key: at.T for key, at in found.items()}, rows, _place(table.total_row, len(rows)))
            yield cls(found, columns, _place(table.total_column, len(columns)))

    def by_heading(self) -> Iterator[dict[str, int]]:
        """Every vector that has nodes, by the heading of the place; none where two places have the same heading."""
        if len(set(self.places)) < len(self.places):
            return
        for (part, _), nodes in self.nodes.items():
            for vector in nodes if not part.startswith("x:") else ():
                line = {self.places[at]: int(vector[at]) for at in np.flatnonzero(vector >= 0)}
                if len(line) > 1:
                    yield line


def sums_within(way: Vectors, value: Value) -> Iterator[tuple[int, list[int], bool]]:
    """Totals with their parts, and whether the table names the total.

    A total the table names is believed unless the lines shown whole speak against it more often than for it. Others
    must hold in every line shown whole: in two at least, or in one of three numbers, or under the heading of a total.
    They are the sum of all others, or of those next to it on one side.
    """
    length = len(way.places)
    for whole_key, part_key, named_too in _pairs(way):
        wholes, parts = way.nodes[whole_key], way.nodes[part_key]
        known, number = _known(parts, value)
        whole_known, whole_number = _known(wholes, value)
        there = parts >= 0
        running = [_running(a) for a in (number, there, there & ~known, there & (number != 0))]
        for at in np.flatnonzero((wholes >= 0).any(0)).tolist():
            starts, ends = _runs(at, length)
            total, count, missing, nonzero = (_over(a, at, starts, ends) for a in running)
            told = (whole_known[:, at, None] & (wholes[:, at, None] >= 0)) & (missing == 0) & (count > 1)
            right = told & np.isclose(total, whole_number[:, at, None], rtol=1e-9, atol=1e-6)
            against, holds = (told & ~right).sum(0), right.sum(0)
            several = (right & (nonzero > 1)).sum(0) > 1
            believed = (against == 0) & several
            named = at == way.total and named_too
            if named:
                believed[:] = False
                believed[0] = holds[0] >= against[0]
            elif against[0] == 0:
                believed[0] |= (right[:, 0] & (nonzero[:, 0] > 2)).any() or _is_total(way.places[at])
            if not believed.any():
                continue
            choice = int(np.flatnonzero(believed)[0])
            inside = np.arange(length) != at
            if choice:
                inside = (np.arange(length) >= starts[choice - 1]) & (np.arange(length) < ends[choice - 1])
            for row in np.flatnonzero(wholes[:, at] >= 0):
                line = parts[row, inside]
                yield int(wholes[row, at]), line[line >= 0].tolist(), named


def wholes_within(way: Vectors, value: Value) -> Iterator[list[tuple[int, int]]]:
    """Shares of one whole that make up the whole: (numerator, denominator) for each, where a line shown whole says so
    and none speaks against it."""
    if ("n", "share") not in way.nodes or ("d", "share") not in way.nodes:
        return
    places = np.array([at for at in range(len(way.places)) if at != way.total])
    n, d = way.nodes["n", "share"][:, places], way.nodes["d", "share"][:, places]
    (n_known, n_number), (d_known, d_number) = _known(n, value), _known(d, value)
    there = (n >= 0) & (d >= 0)
    lines = there.sum(1) > 1
    full = lines & ((n_known & d_known) | ~there).all(1)
    highest = np.where(there, d_number, -np.inf).max(1)
    one = np.where(there, d_number, np.inf).min(1) == highest
    right = one & np.isclose((n_number * there).sum(1), highest, rtol=1e-9, atol=1e-6)
    if (full & ~right & (highest > 0)).any() or not (full & right & (highest > 0)).any():
        return
    for row in np.flatnonzero(lines):
        yield list(zip(n[row][there[row]].tolist(), d[row][there[row]].tolist(), strict=True))


def _pairs(way: Vectors) -> Iterator[tuple[tuple[str, str], tuple[str, str], bool]]:
    """What may be the sum of what: a part of the same part, and parts of shares of counts. Whether naming a total is
    enough to believe it."""
    for part, unit in way.nodes:
        yield (part, unit), (part, unit), True
    for whole, part in (
        (("n", "share"), ("n", "count")),
        (("d", "share"), ("n", "count")),
        (("n", "count"), ("n", "share")),
        (("d", "share"), ("n", "share")),
    ):
        if whole in way.nodes and part in way.nodes:
            yield whole, part, False


def _known(nodes: NDArray[np.int64], value: Value) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    numbers = [value(node) if node >= 0 else None for node in nodes.ravel().tolist()]
    known = np.array([number is not None for number in numbers], dtype=bool).reshape(nodes.shape)
    return known, np.array([number or 0.0 for number in numbers]).reshape(nodes.shape)


def _runs(at: int, length: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Starts and ends of the runs next to a place on one side, two places at least, the longest first."""
    runs = [(at + 1, end) for end in range(at + 3, length + 1)] + [(start, at) for start in range(at - 1)]
    runs.sort(key=lambda run: run[0] - run[1])
    pairs = np.array(runs, dtype=np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def _running(numbers: NDArray[np.float64] | NDArray[np.bool_]) -> NDArray[np.float64]:
    return np.pad(np.cumsum(numbers.astype(float), axis=1), ((0, 0), (1, 0)))


def _over(
    running: NDArray[np.float64], at: int, starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Sums over all places but one, and over each run, by vector."""
    others = running[:, -1] - (running[:, at + 1] - running[:, at])
    return np.column_stack([others, running[:, ends] - running[:, starts]])


def _is_total(heading: str) -> bool:
    return heading.casefold() == "i alt" or heading.casefold().split(" ")[0] in _TOTALS


def _place(index: int | None, length: int) -> int | None:
    return index % length if index is not None and length else None


def _text(cell: object) -> str:
    return cell.da if isinstance(cell, Text) else str(cell)
