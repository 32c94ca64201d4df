"""How far each hidden count can still lie: linear programmes over the sums a reader knows, component by component."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from .reader import Reader, Sum

Target = tuple[int, int | None]
"""A node, or a node less another (denominator less numerator)."""

_EPS = 1e-6
_WORLDS = 4
_SECONDS = 10.0


class NoWorldError(Exception):
    """No numbers agree with everything that is assumed."""


def ranges(reader: Reader, least: int) -> dict[Target, tuple[float, float]]:
    """Hidden counts with fewer than ``least`` possible whole numbers, and hidden sums known exactly, with the smallest
    and the largest of their possible numbers."""
    found: dict[Target, tuple[float, float]] = {}
    for nodes, targets, sums in _components(reader):
        # what a reader only guessed is given up where it cannot be, then what documents name
        for believed in (sums, [line for line in sums if line.named], []):
            try:
                found |= _Component(reader, nodes, believed).narrow(targets, least)
            except NoWorldError:
                continue
            break
    for node, hidden in enumerate(reader.hidden):
        number = reader.value(node)
        if hidden and number is not None and reader.kind[node] == "people":
            found[node, None] = number, number
    return found


def _components(reader: Reader) -> Iterator[tuple[list[int], list[Target], list[Sum]]]:
    """Unknown nodes that hang together, the counts in question among them, and their sums; where nothing shown bounds
    them there is nothing to find."""
    parent = {node: node for node in range(len(reader.quantities)) if reader.value(node) is None}

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    bound: set[int] = set()
    for group in (*((line.total, *line.parts) for line in reader.sums), *reader.within):
        unknown = [node for node in dict.fromkeys(group) if node in parent]
        if len(group) > len(unknown) or group not in reader.within:
            bound.update(unknown)
        for node in unknown[1:]:
            parent[root(node)] = root(unknown[0])
    by_root: dict[int, list[int]] = defaultdict(list)
    for node in parent:
        by_root[root(node)].append(node)
    sums_of: dict[int, list[Sum]] = defaultdict(list)
    for line in reader.sums:
        unknown = next((node for node in (line.total, *line.parts) if node in parent), None)
        if unknown is not None:
            sums_of[root(unknown)].append(line)
    for key, nodes in by_root.items():
        if bound.isdisjoint(nodes):
            continue
        inside = set(nodes)
        targets: list[Target] = [
            (n, None) for n in nodes if reader.hidden[n] and reader.kind[n] in ("people", "sum")
        ]
        targets += [(d, n) for n, d in reader.within if n in inside or d in inside]
        yield nodes, targets, sums_of[key]


class _Component:
    """The unknown nodes of one component as the variables of a programme."""

    def __init__(self, reader: Reader, nodes: Sequence[int], sums: Sequence[Sum]) -> None:
        self._reader = reader
        self._at = {node: i for i, node in enumerate(nodes)}
        rows: list[tuple[list[tuple[int, float]], bool]] = [
            ([*((part, 1.0) for part in line.parts), (line.total, -1.0)], True) for line in sums
        ]
        rows += [([(n, 1.0), (d, -1.0)], False) for n, d in reader.within if n in self._at or d in self._at]
        data: list[float] = []
        where: tuple[list[int], list[int]] = ([], [])
        right = np.zeros(len(rows))
        for index, (row, _) in enumerate(rows):
            for node, sign in row:
                if node in self._at:
                    data.append(sign)
                    where[0].append(index)
                    where[1].append(self._at[node])
                else:
                    right[index] -= sign * reader.low[node]
        self._people = np.array([reader.kind[node] == "people" for node in nodes])
        # weighted counts are no whole numbers
        if not np.allclose(right, right.round(), atol=_EPS) and self._people.all():
            self._people[:] = False
        # far enough for any count to move freely, near enough for every programme to have an end
        far = 1000.0 + 10.0 * np.abs(right).sum()
        self._bounds = Bounds(
            [max(reader.low[node], -far) for node in nodes],  # type: ignore[arg-type]
            [min(reader.high[node], max(reader.low[node], 0.0) + far) for node in nodes],  # type: ignore[arg-type]
        )
        self._rows = None
        if rows:
            left = np.where([equal for _, equal in rows], right, -np.inf)
            matrix = csr_array((data, where), shape=(len(rows), len(nodes)))
            self._rows = LinearConstraint(matrix, left, right)  # type: ignore[arg-type]

    def narrow(self, targets: Sequence[Target], least: int) -> dict[Target, tuple[float, float]]:
        """The targets that have too few possible numbers; ``NoWorldError`` where nothing agrees with the sums."""
        goals = np.array([self._goal(target) for target in targets]).reshape(len(targets), len(self._at))
        fixed = np.array([self._fixed(target) for target in targets])
        sums = np.array([self._reader.kind[node] == "sum" for node, _ in targets], dtype=bool)
        low, high = np.full(len(targets), np.inf), np.full(len(targets), -np.inf)

        def see(x: NDArray[np.float64]) -> None:
            values = goals @ x + fixed
            np.minimum(low, values, out=low)
            np.maximum(high, values, out=high)

        rng = np.random.default_rng(0)
        for _ in range(_WORLDS):
            see(self._world(rng.choice([-1.0, 1.0], len(self._at))))
        found: dict[Target, tuple[float, float]] = {}
        for i, target in enumerate(targets):
            for sign in (-1.0, 1.0):
                if not _wide(low[i], high[i], least, exact=sums[i]):
                    see(self._world(sign * goals[i]))
            if not _wide(low[i], high[i], least, exact=sums[i]):
                whole = not sums[i] and self._people.any()
                ends = (np.ceil(low[i] - _EPS), np.floor(high[i] + _EPS)) if whole else (low[i], high[i])
                ends = round(float(ends[0]), 6) + 0.0, round(float(ends[1]), 6) + 0.0
                # a rounded count whose sums tell no more than its rounding is as safe as the rule wants it
                if target[1] is not None or ends != self._own_bounds(target[0]):
                    found[target] = ends
        return found

    def _own_bounds(self, node: int) -> tuple[float, float]:
        return self._reader.low[node], self._reader.high[node]

    def _goal(self, target: Target) -> NDArray[np.float64]:
        goal = np.zeros(len(self._at))
        for node, sign in zip(target, (1.0, -1.0), strict=True):
            if node in self._at:
                goal[self._at[node]] = sign
        return goal

    def _fixed(self, target: Target) -> float:
        pairs = zip(target, (1.0, -1.0), strict=True)
        return sum(
            sign * self._reader.low[node] for node, sign in pairs if node is not None and node not in self._at
        )

    def _world(self, cost: NDArray[np.float64]) -> NDArray[np.float64]:
        """Numbers that agree with everything shown and make the cost smallest, whole where they count people.

        Within ten seconds; else the fractions, between which the whole numbers lie.
        """
        options = {"time_limit": _SECONDS}
        solved = milp(cost, bounds=self._bounds, constraints=self._rows, options=options)
        if solved.x is None:
            raise NoWorldError(solved.message)
        x = solved.x
        broken = np.abs(x - x.round()) > _EPS
        if (broken & self._people).any():
            again = milp(
                cost,
                integrality=self._people.astype(int),
                bounds=self._bounds,
                constraints=self._rows,
                options=options,
            )
            if again.status == 0:
                return again.x
            if again.status == 2:  # infeasible
                raise NoWorldError(again.message)
        return x


def _wide(low: float, high: float, least: int, *, exact: bool) -> bool:
    """Whether enough stays possible: so many whole numbers, or of a sum more than one number."""
    if exact:
        return high - low > _EPS
    return np.floor(high + _EPS) - np.ceil(low - _EPS) + 1 >= least
