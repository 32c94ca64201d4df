"""What a reader can calculate with: the counts of a document and the equations that bind them together.

Every figure gives a numerator and a denominator, every reason of exclusion a count. Equal counts become one
node, sums become lines. The true numbers decide which sums hold: a total that counts persons once where the
units share them does not add up, and nobody can subtract in it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from indsats.figure import Figure
from indsats.programme import Text

from .document import Cell, Document, Group, Table

Quantity = tuple[str, str]
"""Figure id and part: ``n`` numerator, ``d`` denominator, ``x:<reason>`` rows excluded."""


@dataclass(frozen=True, slots=True)
class Line:
    """``total`` equals the sum of ``parts``; all are nodes."""

    total: int
    parts: tuple[int, ...]

    @property
    def nodes(self) -> tuple[int, ...]:
        return (*self.parts, self.total)


def close(a: float, b: float) -> bool:
    """Equal but for rounding in a division."""
    return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-6)


def parts_of(figure: Figure) -> dict[str, float]:
    """The counts of people a figure shows, by part.

    A number without parts (a fixed target, an estimate) and one about places show none.
    """
    found: dict[str, float] = {}
    if figure.of == "places":
        return found
    if figure.numerator is not None:
        found["n"] = float(figure.numerator)
    if figure.denominator is not None and figure.unit != "count":
        found["d"] = float(figure.denominator)
    for reason, rows in figure.excluded.items():
        found[f"x:{reason}"] = float(rows)
    return found


class Relations:
    """The nodes of a document's counts and the lines between them.

    ``value[node]`` is the true number, ``quantities[node]`` what shows it, ``signed`` the nodes that may be
    negative (sums behind means and amounts), ``within`` the pairs (numerator, denominator) of shares.
    """

    def __init__(self, document: Document, figures: dict[str, Figure]) -> None:
        self._figures = figures
        self._parts = {key: parts_of(figure) for key, figure in figures.items()}
        self._parent: dict[Quantity, Quantity] = {
            (key, part): (key, part) for key, parts in self._parts.items() for part in parts
        }
        for table in document.tables():
            for matrix in _both_ways(table):
                self._link_equal_vectors(matrix)
        self._link_across_tables(document.tables())
        sums: list[tuple[Quantity, tuple[Quantity, ...]]] = []
        for table in document.tables():
            sums += self._table_sums(table)
        for group in document.groups:
            sums += self._group_sums(group)
        self._number(sums)

    def _has(self, quantity: Quantity) -> bool:
        return quantity in self._parent

    def _true(self, quantity: Quantity) -> float:
        return self._parts[quantity[0]][quantity[1]]

    def _root(self, quantity: Quantity) -> Quantity:
        while self._parent[quantity] != quantity:
            self._parent[quantity] = self._parent[self._parent[quantity]]
            quantity = self._parent[quantity]
        return quantity

    def _link(self, a: Quantity, b: Quantity) -> None:
        first, second = sorted((self._root(a), self._root(b)))
        self._parent[second] = first

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
                equal = all(close(self._true(a[1]), self._true(b[1])) for a, b in pairs)
                if equal and any(self._true(a[1]) for a, _ in pairs):
                    for a, b in pairs:
                        self._link(a[1], b[1])

    def _link_across_tables(self, tables: Sequence[Table]) -> None:
        """Columns of two tables that show the same counts for rows of the same name show one thing twice."""
        series: list[tuple[str, dict[str, Quantity]]] = []
        for table in tables:
            names = [_name(row[0]) for row in table.rows]
            if len(set(names)) < len(names):
                continue
            for column in zip(*table.rows, strict=True):
                known = [
                    (name, f.id) for name, cell in zip(names, column, strict=True) if (f := self._known(cell))
                ]
                for part in ("n", "d"):
                    line = {name: (key, part) for name, key in known if self._has((key, part))}
                    if len(line) > 1:
                        series.append((table.id, line))
        for i, (table_id, one) in enumerate(series):
            for other_id, other in series[i + 1 :]:
                common = [(one[name], other[name]) for name in one if name in other]
                if table_id == other_id or len(common) < 2:
                    continue
                equal = all(close(self._true(a), self._true(b)) for a, b in common)
                if equal and any(self._true(a) for a, _ in common):
                    for a, b in common:
                        self._link(a, b)

    def _table_sums(self, table: Table) -> list[tuple[Quantity, tuple[Quantity, ...]]]:
        sums: list[tuple[Quantity, tuple[Quantity, ...]]] = []
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
        for group in table.groups:
            sums += self._group_sums(group)
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
                    self._true((f.id, "n"))
                    for i, cell in enumerate(vector)
                    if i != at
                    and (f := self._known(cell))
                    and f.unit == whole.unit
                    and self._has((f.id, "n"))
                ]
                sums.append(len(parts) > 1 and close(sum(parts), self._true((whole.id, "n"))))
            if sums and all(sums):
                found.append(at)
        return found

    def _distribution(self, figures: Sequence[Figure]) -> list[tuple[Quantity, tuple[Quantity, ...]]]:
        """Shares of one whole that make up the whole: the last follows from the others."""
        shares = [f for f in figures if f.unit == "share" and {"n", "d"} <= self._parts.get(f.id, {}).keys()]
        if len(shares) < 2:
            return []
        whole = (shares[0].id, "d")
        if not all(close(self._true((f.id, "d")), self._true(whole)) for f in shares):
            return []
        for figure in shares[1:]:
            self._link(whole, (figure.id, "d"))
        return self._if_it_adds_up(whole, [(f.id, "n") for f in shares])

    def _group_sums(self, group: Group) -> list[tuple[Quantity, tuple[Quantity, ...]]]:
        if any(key not in self._figures for key in (group.total, *group.parts)):
            return []  # what is not shown is unknown to the reader, so there is nothing to subtract
        if group.left_out is not None:
            rows = (group.total, f"x:{group.left_out}")
            return self._if_it_adds_up(rows, [(key, "n") for key in group.parts]) if self._has(rows) else []
        if len(group.parts) == 1:
            for part in ("n", "d"):
                a, b = (group.total, part), (group.parts[0], part)
                if self._has(a) and self._has(b) and close(self._true(a), self._true(b)):
                    self._link(a, b)
        levels = [self._figures[key] for key in group.parts]
        return [*self._sums_of(group.total, list(group.parts)), *self._distribution(levels)]

    def _sums_of(self, total: str, parts: list[str]) -> list[tuple[Quantity, tuple[Quantity, ...]]]:
        sums: list[tuple[Quantity, tuple[Quantity, ...]]] = []
        reasons = {part for key in (total, *parts) for part in self._parts[key] if part.startswith("x:")}
        for part, whole in (("n", "n"), ("n", "d"), ("d", "d"), *((r, r) for r in sorted(reasons))):
            if self._has((total, whole)):
                present = [(key, part) for key in parts if self._has((key, part))]
                sums += self._if_it_adds_up((total, whole), present)
        return sums

    def _if_it_adds_up(
        self, total: Quantity, parts: list[Quantity]
    ) -> list[tuple[Quantity, tuple[Quantity, ...]]]:
        if not parts or not close(self._true(total), sum(self._true(part) for part in parts)):
            return []
        return [(total, tuple(parts))]

    def _number(self, sums: Iterable[tuple[Quantity, tuple[Quantity, ...]]]) -> None:
        self.node: dict[Quantity, int] = {}
        self.value: list[float] = []
        self.quantities: list[list[Quantity]] = []
        roots: dict[Quantity, int] = {}
        for quantity in self._parent:
            root = self._root(quantity)
            if root not in roots:
                roots[root] = len(self.value)
                self.value.append(self._true(quantity))
                self.quantities.append([])
            self.node[quantity] = roots[root]
            self.quantities[roots[root]].append(quantity)
        seen: dict[Line, None] = {}
        for total, parts in sums:
            line = Line(self.node[total], tuple(sorted(self.node[part] for part in parts)))
            if line.parts != (line.total,):
                seen[line] = None
        self.lines = list(seen)
        self.lines_of: list[list[int]] = [[] for _ in self.value]
        for index, line in enumerate(self.lines):
            for node in set(line.nodes):
                self.lines_of[node].append(index)
        signed_units = ("mean", "amount", "number")
        self.signed = {
            node
            for (key, part), node in self.node.items()
            if part == "n" and self._figures[key].unit in signed_units
        }
        self.within = sorted(
            {
                (self.node[key, "n"], self.node[key, "d"])
                for key, figure in self._figures.items()
                if figure.unit == "share" and self._has((key, "n")) and self._has((key, "d"))
            }
        )


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
