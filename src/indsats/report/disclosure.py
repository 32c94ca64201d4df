"""The boundary every number passes before it leaves: small counts are hidden, and what would reveal them.

Counts from 1 to t-1 are hidden (numerator, denominator, and what is left of a share's denominator). Then
further figures are hidden, smallest first, until a reader who subtracts in every total, over all tables of
the document at once, is left with at least t possible whole numbers for each small count. That is checked
with two linear programmes per count: the smallest and the largest value that agree with all that is shown
(Fischetti and Salazar, 2001, call it the audit of the protection interval).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

from indsats.figure import Figure
from indsats.programme import Text

from .document import Cell, Column, Document, Light, ProtectedFigure, Reading, Table
from .relations import Quantity, Relations

_EPS = 1e-6

Need = tuple[int, int | None]
"""A small count: a node, or a node less another (what is left of a denominator)."""


def protect(document: Document) -> Document:
    """The same document with what may not be shown taken out; every figure becomes a ``ProtectedFigure``.

    Threshold 0 or 1 hides nothing. A figure with the same id is hidden everywhere. Lights on hidden figures
    become ``too_few``. Protecting a protected document changes nothing.
    A figure made from a hidden one is hidden with it, and so are the points of a survival curve since the last
    of which fewer than t persons reached the outcome or were lost.
    Raises ``ValueError`` when one id stands for two numbers.
    """
    if document.protected:
        return document
    everything = _figures(document)
    exempt = everything.keys() - _about_people(document)
    watched = {key: figure for key, figure in everything.items() if key not in exempt}
    hidden: set[str] = set()
    few: dict[str, set[str]] = {}
    if document.threshold > 1:
        search = _Search(Relations(document, watched), watched, document.threshold)
        search.hidden |= _single_steps(document)
        search.run()
        hidden = search.hidden
        for key, reason in search.hidden_reasons:
            few.setdefault(key, set()).add(reason)
        hidden |= _derived_from(hidden, everything)
    shown = {
        key: _hide(figure) if key in hidden else _keep(figure, few.get(key, set()))
        for key, figure in everything.items()
    }
    sections = tuple(
        replace(
            section,
            blocks=tuple(
                _table(block, shown) if isinstance(block, Table) else block for block in section.blocks
            ),
        )
        for section in document.sections
    )
    return replace(document, sections=sections, protected=True)


def _cells(document: Document) -> Iterable[tuple[Column, Figure]]:
    for table in document.tables():
        for row in table.rows:
            for column, cell in zip(table.columns, row, strict=True):
                if isinstance(cell, Figure):
                    yield column, cell


def _figures(document: Document) -> dict[str, Figure]:
    found: dict[str, Figure] = {}
    for _, figure in _cells(document):
        if found.setdefault(figure.id, figure) != figure:
            raise ValueError(f"the figure id '{figure.id}' stands for two different numbers in one document")
    return found


def _about_people(document: Document) -> set[str]:
    return {figure.id for column, figure in _cells(document) if column.about_people and not figure.given}


def _derived_from(hidden: set[str], figures: dict[str, Figure]) -> set[str]:
    """The figures computed, directly or through others, from a hidden one: they would give it away."""
    found: set[str] = set()
    while True:
        more = {
            key
            for key, figure in figures.items()
            if key not in found and (hidden | found) & set(figure.made_from)
        }
        if not more:
            return found
        found |= more


@dataclass(frozen=True, slots=True)
class CurvePoint(Figure):
    """A point of a survival curve. ``denominator`` is how many still wait; how many have reached the outcome and
    how many are followed no longer, both since the start, are judged but never shown."""

    reached: float = 0.0
    lost: float = 0.0


def small_step(before: CurvePoint, after: CurvePoint, threshold: int) -> bool:
    """Whether two printed points one after the other would show that few reached the outcome, or left."""
    return any(
        0 < change < threshold for change in (after.reached - before.reached, after.lost - before.lost)
    )


def _single_steps(document: Document) -> set[str]:
    """Points of survival curves that would show fewer than t persons since the point shown before.

    The first point with a number of people is set against nobody lost. Where a point does not say how many reached
    the outcome, a reader still finds them: the fall in the share times those who waited before.
    """
    hidden: set[str] = set()
    for chart in document.charts():
        if chart.kind != "survival":
            continue
        table = document.table(chart.table_id)
        at = table.column(str(chart.encodings["survival"]))
        group = table.column(str(chart.encodings["group"])) if "group" in chart.encodings else None
        before: dict[str, Figure] = {}
        for row in table.rows:
            figure, name = row[at], str(row[group]) if group is not None else ""
            if not isinstance(figure, Figure) or figure.denominator is None:
                continue
            earlier = before.get(name) or _start(figure)
            if _shows_few(earlier, figure, document.threshold):
                hidden.add(figure.id)
            else:
                before[name] = figure
    return hidden


def _start(first: Figure) -> Figure:
    """The curve before its first point: everybody waits."""
    if isinstance(first, CurvePoint):
        everybody = (first.denominator or 0.0) + first.reached + first.lost
        return CurvePoint(first.id, 1.0, "share", None, everybody)
    return replace(first, value=1.0)


def _shows_few(before: Figure, after: Figure, threshold: int) -> bool:
    if isinstance(before, CurvePoint) and isinstance(after, CurvePoint):
        return small_step(before, after, threshold)
    waited, wait = before.denominator or 0.0, after.denominator or 0.0
    if 0 < waited - wait < threshold:
        return True
    if not before.value or after.value is None:
        return False
    # within a half person of t: shares are rounded
    reached = waited * (1 - after.value / before.value)
    return _EPS < reached < threshold - 0.5


def _hide(figure: Figure) -> ProtectedFigure:
    return ProtectedFigure(
        figure.id, None, figure.unit, method=figure.method, made_from=figure.made_from, hidden=True
    )


def _keep(figure: Figure, few: set[str]) -> ProtectedFigure:
    return ProtectedFigure(
        figure.id,
        figure.value,
        figure.unit,
        figure.numerator,
        figure.denominator,
        {reason: rows for reason, rows in figure.excluded.items() if reason not in few},
        figure.low,
        figure.high,
        figure.p,
        figure.method,
        figure.made_from,
        figure.given,
        figure.of,
        few=tuple(sorted(few)),
    )


def _table(table: Table, shown: dict[str, ProtectedFigure]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for row in table.rows:
        cells = [shown[cell.id] if isinstance(cell, Figure) else cell for cell in row]
        any_hidden = any(isinstance(cell, ProtectedFigure) and cell.hidden for cell in cells)
        for index, cell in enumerate(cells):
            if isinstance(cell, Light):
                judged = shown.get(cell.of)
                if judged.hidden if judged is not None else any_hidden:
                    cells[index] = replace(cell, status="too_few")
            elif isinstance(cell, Reading):
                cells[index] = None if shown[cell.of].hidden else Text(da=cell.da, en=cell.en)
        rows.append(tuple(cells))
    return replace(table, rows=tuple(rows))


class _Search:
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
