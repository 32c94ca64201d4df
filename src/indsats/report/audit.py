"""Which figures must be hidden so that nobody who subtracts finds a small count: search and audit.

The audit asks two linear programmes per small count: the smallest and the largest value that agree with all that
is shown (Fischetti and Salazar, 2001, call it the audit of the protection interval).
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

from indsats.figure import Figure

from .relations import Quantity, Relations

_EPS = 1e-6

Need = tuple[int, int | None]
"""A small count: a node, or a node less another (what is left of a denominator)."""


class Search:
    """Which figures to hide. ``hidden`` and ``hidden_reasons`` are the answer after ``run``."""

    def __init__(self, relations: Relations, figures: dict[str, Figure], threshold: int) -> None:
        self._r = relations
        self._figures = figures
        self._t = threshold
        self.hidden: set[str] = set()
        self.hidden_reasons: set[tuple[str, str]] = set()
        self._must: set[int] = set()
        self._needs: list[Need] = []
        self._totals = {line.total for line in relations.lines}
        self._range: dict[Need, tuple[float, float]] = {}
        """Values a small count is already known to be able to take, given what is shown."""
        self._pairs: dict[int, list[int]] = {}
        for n, d in relations.within:
            self._pairs.setdefault(n, []).append(d)
            self._pairs.setdefault(d, []).append(n)

    def run(self) -> None:
        for key in self._figures:
            for node, less in self._small(key):
                self._needs.append((node, less))
                truth = self._truth((node, less))
                self._range[node, less] = (truth, truth)
                self._hide_node(node if less is None else less)
        self._no_line_with_one_unknown()
        # hiding more never takes a possibility away from the reader, so what is safe once stays safe
        for need in self._needs:
            while not self._safe(need):
                self._hide_node(self._nearest_shown(need))
                self._no_line_with_one_unknown()

    def _small(self, key: str) -> Iterable[Need]:
        """The small counts in a figure. A mean's numerator is a sum of scores, a rate's
        denominator a time."""
        unit = self._figures[key].unit
        of = {part: self._r.node[key, part] for part in self._parts(key)}
        if (
            unit in ("count", "share", "rate", "monthly", "change")
            and "n" in of
            and self._is_small(self._r.value[of["n"]])
        ):
            yield of["n"], None
        if "d" in of and unit not in ("rate", "monthly") and self._is_small(self._r.value[of["d"]]):
            yield of["d"], None
        if (
            unit == "share"
            and {"n", "d"} <= of.keys()
            and self._is_small(self._r.value[of["d"]] - self._r.value[of["n"]])
        ):
            yield of["d"], of["n"]
        for part, node in of.items():
            if part.startswith("x:") and self._is_small(self._r.value[node]):
                yield node, None

    def _is_small(self, count: float) -> bool:
        return _EPS < count < self._t - _EPS

    def _parts(self, key: str) -> list[str]:
        reasons = (f"x:{reason}" for reason in self._figures[key].excluded)
        return [part for part in ("n", "d", *reasons) if (key, part) in self._r.node]

    def _shown(self, quantity: Quantity) -> bool:
        key, part = quantity
        return key not in self.hidden and (key, part.removeprefix("x:")) not in self.hidden_reasons

    def _unknown(self, node: int) -> bool:
        return not any(self._shown(quantity) for quantity in self._r.quantities[node])

    def _hide_node(self, node: int) -> None:
        self._must.add(node)
        for key, part in self._r.quantities[node]:
            if part.startswith("x:"):
                self.hidden_reasons.add((key, part.removeprefix("x:")))
            else:
                self.hidden.add(key)

    def _price(self, node: int, line_total: int) -> tuple[bool, bool, float, float, int]:
        """What hiding costs the reader, cheapest first: no zeros (they may be known to be), totals last."""
        bases = []
        for key, part in self._r.quantities[node]:
            whole = self._r.node.get((key, "d"))
            bases.append(self._r.value[whole if whole is not None and part == "n" else node])
        value = self._r.value[node]
        return value < _EPS, node == line_total or node in self._totals, min(bases), value, node

    def _no_line_with_one_unknown(self) -> None:
        """A hidden count that is alone in a sum follows from it: hide the next smallest of the sum too."""
        queue = sorted(self._must)
        while queue:
            node = queue.pop(0)
            for index in self._r.lines_of[node]:
                line = self._r.lines[index]
                unknown = [n for n in set(line.nodes) if self._unknown(n)]
                shown = [n for n in set(line.nodes) if not self._unknown(n)]
                if unknown == [node] and shown:
                    further = min(shown, key=lambda n: (*self._helps(n, index), *self._price(n, line.total)))
                    self._hide_node(further)
                    queue += [node, further]
                    break

    def _helps(self, node: int, index: int) -> tuple[bool, bool]:
        """False sorts first: not zero, and also the missing second in another sum."""
        helps = any(
            sum(self._unknown(n) for n in set(self._r.lines[other].nodes)) == 1
            for other in self._r.lines_of[node]
            if other != index
        )
        return self._r.value[node] < _EPS or node in self._totals, not helps

    def _component(self, need: Need) -> tuple[dict[int, int], list[int]]:
        """Unknown nodes that hang together with a small count, with their distance, and the lines between."""
        start = [node for node in need if node is not None and self._unknown(node)]
        distance = dict.fromkeys(start, 0)
        lines: dict[int, None] = {}
        queue = list(start)
        while queue:
            node = queue.pop(0)
            near = list(self._pairs.get(node, ()))
            for index in self._r.lines_of[node]:
                lines[index] = None
                near += self._r.lines[index].nodes
            for other in near:
                if other not in distance and self._unknown(other):
                    distance[other] = distance[node] + 1
                    queue.append(other)
        return distance, list(lines)

    def _nearest_shown(self, need: Need) -> int:
        distance, lines = self._component(need)
        choices: dict[int, tuple[int, int]] = {}
        for index in lines:
            line = self._r.lines[index]
            far = min(distance[node] for node in set(line.nodes) if node in distance)
            for node in set(line.nodes):
                if not self._unknown(node):
                    choices.setdefault(node, (far, line.total))
        for node in (n for n in need if n is not None and not self._unknown(n)):
            choices[node] = (-1, node)
        if not choices:
            raise RuntimeError("a small count can be worked out although all it is bound to is hidden")
        return min(choices, key=lambda n: (choices[n][0], *self._price(n, choices[n][1])))

    def _safe(self, need: Need) -> bool:
        if self._wide(need):
            return True
        if not all(n is None or not self._unknown(n) for n in need):
            distance, lines = self._component(need)
            for sign in (-1.0, 1.0):
                self._stretch(need, sign, distance, lines)
                if self._wide(need):
                    return True
        return False

    def _wide(self, need: Need) -> bool:
        low, high = self._range[need]
        return math.floor(high + _EPS) - math.ceil(low - _EPS) + 1 >= self._t

    def _stretch(self, need: Need, sign: float, distance: dict[int, int], lines: list[int]) -> None:
        """Find the largest (sign -1) or smallest (1) value of a count that agrees with everything shown.

        The solution is one possible world; it widens the range of every other small count in it as well.
        """
        order = {node: i for i, node in enumerate(sorted(distance))}
        node, less = need
        cost = np.zeros(len(order))
        for n, weight in ((node, sign), (less, -sign)):
            if n is not None and n in order:
                cost[order[n]] += weight
        equal = self._rows(
            order,
            ([*((n, 1.0) for n in x.parts), (x.total, -1.0)] for x in (self._r.lines[i] for i in lines)),
        )
        pairs = [(n, d) for n, d in self._r.within if n in order or d in order]
        below = self._rows(order, ([(n, 1.0), (d, -1.0)] for n, d in pairs))
        # far enough for any count to move by t, near enough for the programme never to be unbounded
        room = self._t * (len(order) + 1.0)
        bounds = [
            (self._r.value[n] - room if n in self._r.signed else 0.0, self._r.value[n] + room) for n in order
        ]
        found = linprog(
            cost, A_ub=below[0], b_ub=below[1], A_eq=equal[0], b_eq=equal[1], bounds=bounds, method="highs"
        )
        if found.status != 0:
            raise RuntimeError(f"the check of what can be worked out from a table failed: {found.message}")
        for other in self._needs:
            if any(n in order for n in other if n is not None):
                value = sum(
                    weight * (float(found.x[order[n]]) if n in order else self._r.value[n])
                    for n, weight in ((other[0], 1.0), (other[1], -1.0))
                    if n is not None
                )
                low, high = self._range[other]
                self._range[other] = (min(low, value), max(high, value))

    def _truth(self, need: Need) -> float:
        node, less = need
        return self._r.value[node] - (self._r.value[less] if less is not None else 0.0)

    def _rows(self, order: dict[int, int], rows: Iterable[list[tuple[int, float]]]):
        """Sparse rows over the unknown nodes; what is shown moves to the right-hand side."""
        data: list[float] = []
        at: tuple[list[int], list[int]] = ([], [])
        right: list[float] = []
        for index, row in enumerate(rows):
            right.append(0.0)
            for node, sign in row:
                if node in order:
                    data.append(sign)
                    at[0].append(index)
                    at[1].append(order[node])
                else:
                    right[index] -= sign * self._r.value[node]
        if not right:
            return None, None
        return csr_array((data, at), shape=(len(right), len(order))), np.array(right)
