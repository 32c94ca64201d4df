"""The counts of documents as nodes, and the lines that bind them: what a reader can calculate with.

Equal counts become one node, sums become lines. A quantity is a part of a figure, by the figure's id and the part:
``n`` numerator, ``d`` denominator, ``x:<reason>`` rows excluded. Ids that begin with ``@`` are of an earlier release,
those that begin with ``~`` are of a number that is shown nowhere, such as a total that two tables share.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from indsats.figure import Figure, Unit

Quantity = tuple[str, str]
Sum = tuple[Quantity, tuple[Quantity, ...]]
"""A total and its parts."""

EARLIER, UNSEEN = "@", "~"
SUMS: tuple[Unit, ...] = ("mean", "amount", "number")
"""Units whose numerator is a sum of something else than people."""


@dataclass(frozen=True, slots=True)
class Line:
    """``total`` equals the sum of ``parts``; all are nodes."""

    total: int
    parts: tuple[int, ...]

    @property
    def nodes(self) -> tuple[int, ...]:
        """The parts and the total."""
        return (*self.parts, self.total)


def close(a: float, b: float) -> bool:
    """Equal but for rounding in a division."""
    return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-6)


def parts_of(figure: Figure) -> dict[str, float]:
    """The counts of people a figure shows, by part; an amount without a numerator is its own.

    A number without parts (a fixed target, an estimate) and one about places show none.
    """
    found: dict[str, float] = {}
    if figure.of == "places":
        return found
    if figure.numerator is not None:
        found["n"] = float(figure.numerator)
    elif figure.unit in ("amount", "number") and figure.value is not None and _about_people(figure):
        found["n"] = float(figure.value)
    if figure.denominator is not None and figure.unit != "count":
        found["d"] = float(figure.denominator)
    for reason, rows in figure.excluded.items():
        found[f"x:{reason}"] = float(rows)
    return found


def _about_people(figure: Figure) -> bool:
    return figure.denominator is not None or bool(figure.largest)


class Quantities:
    """True numbers by quantity, and which of them are the same thing."""

    def __init__(self, apart: frozenset[Quantity] = frozenset()) -> None:
        self._apart = apart
        self.parts: dict[str, dict[str, float]] = {}
        self.unit: dict[str, Unit] = {}
        self._parent: dict[Quantity, Quantity] = {}

    def add(self, key: str, unit: Unit, parts: Mapping[str, float]) -> None:
        """The parts of one figure."""
        self.parts[key], self.unit[key] = dict(parts), unit
        self._parent |= {(key, part): (key, part) for part in parts}

    def has(self, quantity: Quantity) -> bool:
        """Whether there is such a number."""
        return quantity in self._parent

    def true(self, quantity: Quantity) -> float:
        """The true number."""
        return self.parts[quantity[0]][quantity[1]]

    def root(self, quantity: Quantity) -> Quantity:
        """The one that stands for all that are the same thing."""
        while self._parent[quantity] != quantity:
            self._parent[quantity] = self._parent[self._parent[quantity]]
            quantity = self._parent[quantity]
        return quantity

    def link(self, a: Quantity, b: Quantity) -> None:
        """Both are the same thing; but of new numbers ``apart`` are taken to be so only among themselves."""
        if (a in self._apart) != (b in self._apart) and not any(one[0].startswith(EARLIER) for one in (a, b)):
            return
        first, second = sorted((self.root(a), self.root(b)))
        self._parent[second] = first

    def all(self) -> Iterable[Quantity]:
        """Every quantity, in the order they came."""
        return self._parent


class Graph:
    """Numbered nodes and lines.

    ``value[node]`` is the true number, ``quantities[node]`` what shows it, ``signed`` the nodes that may be
    negative (sums behind means and amounts), ``within`` the pairs (numerator, denominator) of shares.
    """

    def __init__(self, quantities: Quantities, sums: Iterable[Sum]) -> None:
        self.node: dict[Quantity, int] = {}
        self.value: list[float] = []
        self.quantities: list[list[Quantity]] = []
        self.unit = quantities.unit
        roots: dict[Quantity, int] = {}
        for quantity in quantities.all():
            root = quantities.root(quantity)
            if root not in roots:
                roots[root] = len(self.value)
                self.value.append(quantities.true(quantity))
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
        self.sums = {
            node for (key, part), node in self.node.items() if part == "n" and self.unit[key] in SUMS
        }
        # An amount that is no loss is known to be none; a sum of scores may be anything.
        self.signed = {
            node
            for node in self.sums
            if self.value[node] < 0
            or any(part == "n" and self.unit[key] == "mean" for key, part in self.quantities[node])
        }
        self.within = sorted(
            {
                (self.node[key, "n"], self.node[key, "d"])
                for key, unit in self.unit.items()
                if unit == "share" and (key, "n") in self.node and (key, "d") in self.node
            }
        )
