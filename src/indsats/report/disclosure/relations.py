"""The sums a careful reader of documents knows: within tables, across them, and those the documents name.

The true numbers decide which sums hold: a total that counts persons once where the units share them does not add up,
and nobody can subtract in it.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np

from indsats.figure import Figure
from indsats.programme import Text

from ..document import Cell, Document, Group, Table
from .graph import UNSEEN, Quantities, Quantity, Sum, close, parts_of
from .subtotals import runs_that_add_up

Sums = list[Sum]
_SHORTEST = 2
"""A line of no more places holds no sum of two."""


class Relations:
    """The quantities of documents that are read together, and ``sums``, the totals they add up to."""

    def __init__(
        self,
        documents: Sequence[Document],
        figures: Mapping[str, Figure],
        apart: frozenset[Quantity] = frozenset(),
    ) -> None:
        self._figures = figures
        self.quantities = Quantities(apart)
        for key, figure in figures.items():
            self.quantities.add(key, figure.unit, parts_of(figure))
        self._parts = self.quantities.parts
        tables = [table for document in documents for table in document.tables()]
        for table in tables:
            for matrix in _both_ways(table):
                self._link_equal_vectors(matrix)
        self._link_across_tables(tables)
        self.sums: Sums = []
        for table in tables:
            self.sums += self._table_sums(table)
        groups = list(dict.fromkeys(group for document in documents for group in document.groups))
        for group in groups:
            self.sums += self._group_sums(group)
        self.sums += self._unseen_totals(groups)

    def _known(self, cell: Cell) -> Figure | None:
        return cell if isinstance(cell, Figure) and self._parts.get(cell.id) else None

    def _link_equal_vectors(self, vectors: Sequence[Sequence[Cell]]) -> None:
        """Two columns (or rows) that show the same count throughout show one thing twice."""
        series: list[tuple[int, list[tuple[str, Quantity] | None]]] = []
        for at, vector in enumerate(vectors):
            for part in ("n", "d"):
                line: list[tuple[str, Quantity] | None] = []
                for cell in vector:
                    figure = self._known(cell)
                    has = figure is not None and part in self._parts[figure.id]
                    line.append((figure.unit, (figure.id, part)) if figure is not None and has else None)
                if any(line):
                    series.append((at, line))
        for i, (at, one) in enumerate(series):
            for other_at, other in series[i + 1 :]:
                pairs = [(a, b) for a, b in zip(one, other, strict=True) if a and b]
                if at == other_at or not pairs:
                    continue
                if len(pairs) == 1 and _coincidence(*pairs[0]):
                    continue
                equal = all(close(self.quantities.true(a[1]), self.quantities.true(b[1])) for a, b in pairs)
                if equal and any(self.quantities.true(a[1]) for a, _ in pairs):
                    for a, b in pairs:
                        self.quantities.link(a[1], b[1])

    def _link_across_tables(self, tables: Sequence[Table]) -> None:
        """Columns of two tables that show the same counts for rows of the same name show one thing twice.

        So do the rows of a table that is turned round, as far as they are of one unit.
        """
        series: dict[tuple[tuple[str, Quantity], ...], int] = {}
        for at, table in enumerate(tables):
            for known in self._by_heading(table):
                for part in ("n", "d"):
                    line = [(name, (key, part)) for name, key in known if self.quantities.has((key, part))]
                    if len(line) > 1:
                        series.setdefault(tuple(line), at)
        lines, places = [dict(line) for line in series], list(series.values())
        # Only columns with one number in common can be equal.
        alike: dict[tuple[str, float], list[int]] = defaultdict(list)
        for index, line in enumerate(lines):
            for name, quantity in line.items():
                if value := round(self.quantities.true(quantity), 3):
                    alike[name, value].append(index)
        pairs = sorted({pair for indices in alike.values() for pair in combinations(indices, 2)})
        for one, other in ((lines[i], lines[j]) for i, j in pairs if places[i] != places[j]):
            common = [(one[name], other[name]) for name in one if name in other]
            if len(common) > 1 and all(
                close(self.quantities.true(a), self.quantities.true(b)) for a, b in common
            ):
                for a, b in common:
                    self.quantities.link(a, b)

    def _by_heading(self, table: Table) -> Iterator[list[tuple[str, str]]]:
        """Every column by the headings of its rows, and every row by those of its columns: heading and figure's id."""
        names = [_name(row[0]) for row in table.rows]
        if len(set(names)) == len(names):
            for column in zip(*table.rows, strict=True):
                yield [
                    (name, f.id) for name, cell in zip(names, column, strict=True) if (f := self._known(cell))
                ]
        titles = [column.title.da for column in table.columns]
        if len(set(titles)) == len(titles):
            for row in table.rows:
                known = [
                    (name, f) for name, cell in zip(titles, row, strict=True) if (f := self._known(cell))
                ]
                for unit in sorted({f.unit for _, f in known}):
                    yield [(name, f.id) for name, f in known if f.unit == unit]

    def _table_sums(self, table: Table) -> Sums:
        sums: Sums = []
        rows = list(table.rows)
        columns = list(zip(*table.rows, strict=True)) if rows else []
        for vectors, total in ((columns, table.total_row), (rows, table.total_column)):
            if not vectors:
                continue  # a table without rows: nobody is in view
            length = len(vectors[0])
            totals = [total % length] if total is not None else self._totals_found(vectors, length)
            for vector in vectors:
                parts = [f for i, cell in enumerate(vector) if i not in totals and (f := self._known(cell))]
                sums += self._distribution(parts)
                for at in totals:
                    others = [f for i, cell in enumerate(vector) if i != at and (f := self._known(cell))]
                    whole = self._known(vector[at])
                    if whole is None:
                        continue
                    for unit in (None, "count", "share"):
                        subset = [f.id for f in others if unit is None or f.unit == unit]
                        sums += self._sums_of(whole.id, subset)
            sums += self._subtotals(vectors)
        for group in table.groups:
            sums += self._group_sums(group)
        return sums

    def _subtotals(self, vectors: Sequence[Sequence[Cell]]) -> Sums:
        sums: Sums = []
        if len(vectors[0]) <= _SHORTEST:
            return sums
        lines = [[self._known(cell) for cell in vector] for vector in vectors]
        for unit in sorted({figure.unit for line in lines for figure in line if figure is not None}):
            of_unit = [[f if f is not None and f.unit == unit else None for f in line] for line in lines]
            numbers = [
                [math.nan if f is None else self._parts[f.id].get("n", math.nan) for f in line]
                for line in of_unit
            ]
            for at, places in runs_that_add_up(np.array(numbers)):
                for line in of_unit:
                    parts = [f.id for place in places if (f := line[place]) is not None]
                    whole = line[at]
                    if whole is not None and len(parts) > 1:
                        sums += self._sums_of(whole.id, parts)
        return sums

    def _totals_found(self, vectors: Sequence[Sequence[Cell]], length: int) -> list[int]:
        """Places that hold the sum of all the others throughout, although nobody called them totals."""
        found: list[int] = []
        for at in range(length):
            sums: list[bool] = []
            for vector in vectors:
                whole = self._known(vector[at])
                if whole is None or not self._parts[whole.id].get("n"):
                    continue
                parts = [
                    self.quantities.true((f.id, "n"))
                    for i, cell in enumerate(vector)
                    if i != at
                    and (f := self._known(cell))
                    and f.unit == whole.unit
                    and self.quantities.has((f.id, "n"))
                ]
                sums.append(len(parts) > 1 and close(sum(parts), self.quantities.true((whole.id, "n"))))
            if sums and all(sums):
                found.append(at)
        return found

    def _distribution(self, figures: Sequence[Figure]) -> Sums:
        """Shares of one whole that make up the whole: the last follows from the others."""
        shares = [f for f in figures if f.unit == "share" and {"n", "d"} <= self._parts.get(f.id, {}).keys()]
        if len(shares) < 2:
            return []
        whole = (shares[0].id, "d")
        if not all(close(self.quantities.true((f.id, "d")), self.quantities.true(whole)) for f in shares):
            return []
        for figure in shares[1:]:
            self.quantities.link(whole, (figure.id, "d"))
        return self._if_it_adds_up(whole, [(f.id, "n") for f in shares])

    def _group_sums(self, group: Group) -> Sums:
        if any(key not in self._figures for key in (group.total, *group.parts)):
            return []  # what is not shown is unknown to the reader, so there is nothing to subtract
        if group.left_out is not None:
            rows = (group.total, f"x:{group.left_out}")
            return (
                self._if_it_adds_up(rows, [(key, "n") for key in group.parts])
                if self.quantities.has(rows)
                else []
            )
        if len(group.parts) == 1:
            for part in ("n", "d"):
                a, b = (group.total, part), (group.parts[0], part)
                if (
                    self.quantities.has(a)
                    and self.quantities.has(b)
                    and close(self.quantities.true(a), self.quantities.true(b))
                ):
                    self.quantities.link(a, b)
        levels = [self._figures[key] for key in group.parts]
        return [*self._sums_of(group.total, list(group.parts)), *self._distribution(levels)]

    def _unseen_totals(self, groups: Sequence[Group]) -> Sums:
        """A total that is shown nowhere, while its parts are shown in two ways: places and months of one sum."""
        told: dict[str, list[Group]] = defaultdict(list)
        for group in groups:
            shown = all(key in self._figures for key in group.parts)
            if group.total not in self._figures and shown and group.parts and group.left_out is None:
                told[group.total].append(group)
        sums: Sums = []
        for total, ways in told.items():
            for part in ("n", "d"):
                known = [
                    tuple((key, part) for key in way.parts)
                    for way in ways
                    if all(self.quantities.has((key, part)) for key in way.parts)
                ]
                added = [sum(self.quantities.true(one) for one in parts) for parts in known]
                if len(known) > 1 and all(close(one, added[0]) for one in added):
                    key = f"{UNSEEN}{total}/{part}"
                    self.quantities.add(key, self._figures[ways[0].parts[0]].unit, {part: added[0]})
                    sums += [((key, part), parts) for parts in known]
        return sums

    def _sums_of(self, total: str, parts: list[str]) -> Sums:
        sums: Sums = []
        reasons = {part for key in (total, *parts) for part in self._parts[key] if part.startswith("x:")}
        for part, whole in (("n", "n"), ("n", "d"), ("d", "d"), *((r, r) for r in sorted(reasons))):
            if self.quantities.has((total, whole)):
                present = [(key, part) for key in parts if self.quantities.has((key, part))]
                sums += self._if_it_adds_up((total, whole), present)
        return sums

    def _if_it_adds_up(self, total: Quantity, parts: list[Quantity]) -> Sums:
        if not parts or not close(
            self.quantities.true(total), sum(self.quantities.true(part) for part in parts)
        ):
            return []
        return [(total, tuple(parts))]


def _coincidence(one: tuple[str, Quantity], other: tuple[str, Quantity]) -> bool:
    """Whether a single pair of equal counts is no more than that: two of a kind, or the same thing at two sites.

    Two units with 20 persons each have nothing to do with each other; nor have the 20 persons of one site with the 20
    of another who reached something. Figures of the same thing at two sites differ in that step of their ids alone.
    Two indicators of one place differ in one step as well, and there the 20 who reached one may be those another is
    told of: they stay linked.
    """
    (unit, (figure, part)), (other_unit, (other_figure, other_part)) = one, other
    if (unit, part) == (other_unit, other_part):
        return True
    steps, others = figure.split("/"), other_figure.split("/")
    apart = [pair for pair in zip(steps, others, strict=False) if pair[0] != pair[1]]
    return (
        len(steps) == len(others) and len(apart) == 1 and all(step.startswith("site.") for step in apart[0])
    )


def _name(cell: Cell) -> str:
    return cell.da if isinstance(cell, Text) else str(cell)


def _both_ways(table: Table) -> Iterable[list[Sequence[Cell]]]:
    if table.rows:
        yield [list(column) for column in zip(*table.rows, strict=True)]
        yield [list(row) for row in table.rows]
