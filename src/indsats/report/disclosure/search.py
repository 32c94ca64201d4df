"""Which figures must be hidden so that nobody who subtracts finds what may not be known: search and audit.

The audit asks two linear programmes per need: the smallest and the largest value that agree with all that is shown
(Fischetti and Salazar, 2001, call it the audit of the protection interval). They are solved as distances from the true
numbers, so that the truth always is a solution and sums of kroner do not fail on the last decimal.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

from .graph import EARLIER, UNSEEN, Graph, Quantity
from .log import Hidden, Rule, part_name
from .needs import Need, is_rounded
from .rounding import interval

_EPS = 1e-6
_FEW_LEFT = 3
"""So many whole numbers a rounded small count has to be able to be."""


class Search:
    """Which figures to hide. ``hidden``, ``hidden_reasons`` and ``log`` are the answer after ``run``.

    ``told`` is what earlier releases showed and nobody can hide again: 0 exactly, else the base it was rounded to.
    With ``base`` the counts that are shown are known to within a multiple of it.
    """

    def __init__(
        self,
        graph: Graph,
        needs: Iterable[Need],
        threshold: int,
        told: Mapping[Quantity, int],
        base: int | None = None,
    ) -> None:
        self._r = graph
        self._t = threshold
        self._told = told
        self._base = base
        self._enough = threshold if base is None else min(threshold, _FEW_LEFT)
        self.hidden: set[str] = set()
        self.hidden_reasons: set[tuple[str, str]] = set()
        self.log: dict[tuple[str, str], Hidden] = {}
        self.chance: set[Quantity] = set()
        """Numbers an earlier release told, which only by chance are as large as one that has to be hidden."""
        self._because: dict[int, Need] = {}
        self._needs = list({(need.terms, need.margin): need for need in reversed(list(needs))}.values())[::-1]
        self._truth = [self._value(need) for need in self._needs]
        self._range = [(truth, truth) for truth in self._truth]
        """Values each need is already known to be able to take, given what is shown."""
        self._needs_of: dict[int, list[int]] = {}
        for index, need in enumerate(self._needs):
            for node, _ in need.terms:
                self._needs_of.setdefault(node, []).append(index)
        self._totals = {line.total for line in graph.lines}
        self._pairs: dict[int, list[int]] = {}
        for n, d in graph.within:
            self._pairs.setdefault(n, []).append(d)
            self._pairs.setdefault(d, []).append(n)

    def hide_at_once(self) -> None:
        """Hide what is small itself, before anything is calculated."""
        for need in self._needs:
            if need.at_once and need.rule == "everybody":
                self.hide_figure(need.figure, need.part, need.rule)
                self._because.setdefault(need.terms[0][0], need)
            elif need.at_once:
                self._hide_node(need.terms[-1][0], need, at_once=True)

    def hide_figure(self, figure: str, part: str, rule: Rule, because: str = "") -> None:
        """Hide one figure, for a reason the search does not know."""
        if figure not in self.hidden:
            self.hidden.add(figure)
            self.log[figure, ""] = Hidden(figure, part_name(part), rule, because)

    def hide_beside(self, quantity: Quantity, because: Quantity) -> None:
        """Hide a number to protect another, as some optimiser chose."""
        node = self._r.node[quantity]
        need = self._because.get(self._r.node[because])
        if need is not None and self._can_hide(node):
            self._hide_node(node, need)

    def run(self) -> None:
        """Hide further figures until every need is met, or nothing is left that could help."""
        self._no_line_with_one_unknown()
        # hiding more never takes a possibility away from the reader, so what is safe once stays safe
        for index, need in enumerate(self._needs):
            while not self._safe(index):
                node = self._nearest_shown(need)
                if node is None:
                    self._given_away(need)
                    break
                self._hide_node(node, need)
                self._no_line_with_one_unknown()

    def unknown(self, quantity: Quantity) -> bool:
        """Whether a reader is not told this number."""
        return self._open(self._r.node[quantity])

    def _given_away(self, need: Need) -> None:
        if need.rule == "zero":
            return  # all it is bound to is hidden: only who saw that the others are equal would know it
        if not self._told:
            raise RuntimeError("a small count can be worked out although all it is bound to is hidden")
        for node, _ in need.terms:
            own = self._r.quantities[node]
            told = {one for one in own if any(old in self._told and _same_id(old, one) for old in own)}
            if told and any(key == need.figure and (key, part) not in told for key, part in own):
                self.chance |= told
        figure = need.figure.partition(":")[2] if need.figure.startswith(EARLIER) else need.figure
        log = Hidden(figure, part_name(need.part), "given away", need.release)
        self.log.setdefault((need.figure, f"away {need.part}"), log)

    def _shown(self, quantity: Quantity) -> bool:
        """Whether the new documents show it."""
        key, part = quantity
        if key.startswith((EARLIER, UNSEEN)):
            return False
        return key not in self.hidden and (key, part.removeprefix("x:")) not in self.hidden_reasons

    def _bounds(self, node: int) -> tuple[float, float] | None:
        """Between what a reader is told the number lies, both ends the same where it is shown; none where it is not."""
        value = self._r.value[node]
        low, high = -math.inf, math.inf
        for quantity in self._r.quantities[node]:
            base = self._told.get(quantity)
            if base is None and self._shown(quantity):
                rounded = self._base is not None and is_rounded(self._r.unit[quantity[0]], quantity[1])
                base = self._base if rounded else 0
            if base == 0:
                return value, value
            if base is not None:
                ends = interval(value, base)
                low, high = max(low, ends[0]), min(high, ends[1])
        return None if low == -math.inf else (low, high)

    def _open(self, node: int) -> bool:
        """Whether a reader does not know the number exactly."""
        found = self._bounds(node)
        return found is None or found[0] < found[1]

    def _can_hide(self, node: int) -> bool:
        """Whether the new documents show it, and no release before them did."""
        quantities = self._r.quantities[node]
        return any(map(self._shown, quantities)) and not any(one in self._told for one in quantities)

    def _hide_node(self, node: int, need: Need, *, at_once: bool = False) -> None:
        self._because.setdefault(node, need)
        rule, because = need.rule, ""
        if not at_once:
            rule, because = (
                ("earlier release", need.release) if need.release else ("complementary", need.figure)
            )
        for key, part in self._r.quantities[node]:
            if key.startswith((EARLIER, UNSEEN)):
                continue
            reason = part.removeprefix("x:") if part.startswith("x:") else ""
            if (not reason and key in self.hidden) or (key, reason) in self.hidden_reasons:
                continue
            if reason:
                self.hidden_reasons.add((key, reason))
            else:
                self.hidden.add(key)
            looked_at = need.part if key == need.figure else part
            for_whom = because or ("" if key == need.figure else need.figure)
            self.log[key, reason] = Hidden(key, part_name(looked_at), rule, for_whom)

    def _price(self, node: int, line_total: int) -> tuple[bool, bool, float, float, int]:
        """What hiding costs the reader, cheapest first: no zeros (they may be known to be), totals last."""
        bases = []
        for key, part in self._r.quantities[node]:
            whole = self._r.node.get((key, "d"))
            bases.append(self._r.value[whole if whole is not None and part == "n" else node])
        value = self._r.value[node]
        return abs(value) < _EPS, node == line_total or node in self._totals, min(bases), value, node

    def _no_line_with_one_unknown(self) -> None:
        """A hidden count that is alone in a sum follows from it: hide the next smallest of the sum too."""
        queue = sorted(self._because)
        while queue:
            node = queue.pop(0)
            for index in self._r.lines_of[node]:
                line = self._r.lines[index]
                unknown = [n for n in set(line.nodes) if self._open(n)]
                shown = [n for n in set(line.nodes) if self._can_hide(n)]
                if unknown == [node] and shown:
                    further = min(shown, key=lambda n: (*self._helps(n, index), *self._price(n, line.total)))
                    self._hide_node(further, self._because[node])
                    queue += [node, further]
                    break

    def _helps(self, node: int, index: int) -> tuple[bool, bool]:
        """False sorts first: not zero, and also the missing second in another sum."""
        helps = any(
            sum(self._open(n) for n in set(self._r.lines[other].nodes)) == 1
            for other in self._r.lines_of[node]
            if other != index
        )
        return abs(self._r.value[node]) < _EPS or node in self._totals, not helps

    def _component(self, need: Need) -> tuple[dict[int, int], list[int]]:
        """Unknown nodes that hang together with a need, with their distance, and the lines between."""
        start = [node for node, _ in need.terms if self._open(node)]
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
                if other not in distance and self._open(other):
                    distance[other] = distance[node] + 1
                    queue.append(other)
        return distance, list(lines)

    def _nearest_shown(self, need: Need) -> int | None:
        """What to hide next: the need itself, or the cheapest number of the sums nearest to it."""
        distance, lines = self._component(need)
        choices: dict[int, tuple[int, int]] = {}
        for index in lines:
            line = self._r.lines[index]
            far = min(distance[node] for node in set(line.nodes) if node in distance)
            for node in set(line.nodes):
                if self._can_hide(node):
                    choices.setdefault(node, (far, line.total))
        for node in (n for n, _ in need.terms if self._can_hide(n)):
            choices[node] = (-1, node)
        if not choices:
            pairs = {other: far for node, far in distance.items() for other in self._pairs.get(node, ())}
            choices = {node: (far, node) for node, far in pairs.items() if self._can_hide(node)}
        if not choices:
            return None
        return min(choices, key=lambda n: (choices[n][0], *self._price(n, choices[n][1])))

    def _safe(self, index: int) -> bool:
        if self._wide(index):
            return True
        need = self._needs[index]
        if any(self._open(node) for node, _ in need.terms):
            distance, lines = self._component(need)
            if not lines and len(distance) == len(need.terms) == 1 and self._bounds(need.terms[0][0]) is None:
                return True  # nothing is said of it at all
            for sign in (-1.0, 1.0):
                self._stretch(need, sign, distance, lines)
                if self._wide(index):
                    return True
        return False

    def _wide(self, index: int) -> bool:
        low, high = self._range[index]
        margin = self._needs[index].margin
        if margin is not None:
            truth, slack = self._truth[index], _EPS * max(1.0, margin)
            return truth - low >= margin - slack and high - truth >= margin - slack
        return math.floor(high + _EPS) - math.ceil(low - _EPS) + 1 >= self._enough

    def _value(self, need: Need) -> float:
        return sum(sign * self._r.value[node] for node, sign in need.terms)

    def _stretch(self, need: Need, sign: float, distance: Mapping[int, int], lines: Sequence[int]) -> None:
        """Find the largest (sign -1) or smallest (1) value of a need that agrees with everything shown.

        The solution is one possible world; it widens the range of every other need in it as well.
        """
        order = {node: i for i, node in enumerate(sorted(distance))}
        cost = np.zeros(len(order))
        for node, weight in need.terms:
            if node in order:
                cost[order[node]] += sign * weight
        equal = self._rows(
            order,
            ([*((n, 1.0) for n in x.parts), (x.total, -1.0)] for x in (self._r.lines[i] for i in lines)),
        )
        pairs = [(n, d) for n, d in self._r.within if n in order or d in order]
        below = self._rows(order, ([(n, 1.0), (d, -1.0)] for n, d in pairs))
        spare = np.array([max(0.0, self._r.value[d] - self._r.value[n]) for n, d in pairs])
        # far enough for any number to move as it needs, near enough for the programme never to be unbounded
        room = self._t * (len(order) + 1.0)
        room_of_sums = room + sum(abs(self._r.value[n]) for n in order if n in self._r.sums)
        bounds = [self._moves(n, room_of_sums if n in self._r.sums else room) for n in order]
        found = linprog(
            cost,
            A_ub=below,
            b_ub=None if below is None else spare,
            A_eq=equal,
            b_eq=None if equal is None else np.zeros(len(lines)),
            bounds=bounds,
            method="highs",
        )
        if found.status != 0:
            raise RuntimeError(f"the check of what can be worked out from a table failed: {found.message}")
        for other in sorted({index for n in order for index in self._needs_of.get(n, ())}):
            moved = sum(
                weight * float(found.x[order[n]]) for n, weight in self._needs[other].terms if n in order
            )
            low, high = self._range[other]
            value = self._truth[other] + moved
            self._range[other] = (min(low, value), max(high, value))

    def _moves(self, node: int, room: float) -> tuple[float, float]:
        """How far below and above the truth a reader may think a number to be."""
        value = self._r.value[node]
        known = self._bounds(node)
        if known is not None:
            return min(0.0, known[0] - value), max(0.0, known[1] - value)
        return (-room if node in self._r.signed else min(0.0, -value)), room

    def _rows(self, order: Mapping[int, int], rows: Iterable[list[tuple[int, float]]]) -> csr_array | None:
        """Sparse rows over the unknown nodes; what is shown does not move."""
        data: list[float] = []
        at: tuple[list[int], list[int]] = ([], [])
        index = -1
        for index, row in enumerate(rows):
            for node, sign in row:
                if node in order:
                    data.append(sign)
                    at[0].append(index)
                    at[1].append(order[node])
        return None if index < 0 else csr_array((data, at), shape=(index + 1, len(order)))


def _same_id(old: Quantity, new: Quantity) -> bool:
    """Whether a number of an earlier release is the same part of the same figure as a new one."""
    key = old[0].partition(":")[2]
    return old[0].startswith(EARLIER) and not new[0].startswith(EARLIER) and (key, old[1]) == new
