"""Where boxes and arrows of a drawing stand: in columns from left to right, with few crossings.

Sugiyama's way (Sugiyama, Tagawa and Toda 1981) by a library: it orders each column so that few arrows cross
and lines up what belongs together (Brandes and Köpf 2002). Two things it does not take are done around it: a
box may have to stand in a given column or later, so columns are found first and handed over as arrows that pass
one column each; and boxes are of different height, so the heights it wants are moved as little as possible until
no box covers another (least squares under an order, which is isotonic regression).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from fast_sugiyama import from_edges
from scipy.optimize import isotonic_regression

Ends = tuple[str, str]
_BEND = 12.0
"""The height kept free for an arrow that passes a column."""


@dataclass(frozen=True, slots=True)
class Laid:
    """``column`` (from 0) and ``middle`` of each box, in pixels from the top of the highest.

    ``passes`` tells for each arrow that runs forwards, by its place among the arrows, the heights at which it
    passes the columns between its ends; arrows not in it run backwards. ``height`` is that of the whole.
    """

    column: Mapping[str, int]
    middle: Mapping[str, float]
    passes: Mapping[int, tuple[float, ...]]
    height: float


def laid(heights: Mapping[str, float], arrows: Sequence[Ends], least: Mapping[str, int], gap: float) -> Laid:
    """Boxes of ``heights`` (pixels) joined by ``arrows`` in columns, at least ``gap`` pixels apart.

    ``least`` is the first column a box may stand in (0 when left out); it stands after everything that leads to
    it. An arrow that would close a circle with those before it runs backwards. The same input gives the same
    places.
    """
    if not heights:
        return Laid({}, {}, {}, 0.0)
    names = list(heights)
    forward = _forward(names, arrows)
    column = _columns(names, [arrows[at] for at in forward], least)
    number = {name: place for place, name in enumerate(names)}
    pairs = {at: (number[arrows[at][0]], number[arrows[at][1]]) for at in forward}
    columns = [column[name] for name in names]
    wanted, bends = _drawn(list(dict.fromkeys(pairs.values())), columns, list(heights.values()), gap)
    size = dict(enumerate(heights.values())) | {one: _BEND for path in bends.values() for one in path}
    where = dict(enumerate(columns))
    for (start, _), path in bends.items():
        where |= {one: columns[start] + 1 + step for step, one in enumerate(path)}
    middle = _apart({one: wanted[one] for one in size}, size, where, gap)
    top = min(middle[one] - size[one] / 2 for one in size)
    bottom = max(middle[one] + size[one] / 2 for one in size)
    return Laid(
        column,
        {name: middle[place] - top for name, place in number.items()},
        {at: tuple(middle[one] - top for one in bends[pair]) for at, pair in pairs.items()},
        bottom - top,
    )


def _forward(names: Sequence[str], arrows: Sequence[Ends]) -> list[int]:
    """The places of the arrows that close no circle with those before them.

    Which arrow of a circle is the way back is the caller's to say, by the order; a library would choose.
    """
    follows: dict[str, list[str]] = {name: [] for name in names}
    kept: list[int] = []
    for at, (cause, effect) in enumerate(arrows):
        waiting, seen = [effect], set[str]()
        while waiting:
            name = waiting.pop()
            if name not in seen:
                seen.add(name)
                waiting.extend(follows[name])
        if cause not in seen:
            follows[cause].append(effect)
            kept.append(at)
    return kept


def _columns(names: Sequence[str], arrows: Sequence[Ends], least: Mapping[str, int]) -> dict[str, int]:
    """The earliest column that stands after all causes; a box nothing leads to stands near the first it leads to."""
    column = {name: least.get(name, 0) for name in names}
    for _ in names:
        for cause, effect in arrows:
            column[effect] = max(column[effect], column[cause] + 1)
    reached = {effect for _, effect in arrows}
    for name in names:
        after = [column[effect] for cause, effect in arrows if cause == name]
        if name not in reached and name not in least and after:
            column[name] = max(min(after) - 1, 0)
    return column


def _drawn(
    pairs: Sequence[tuple[int, int]], columns: Sequence[int], heights: Sequence[float], gap: float
) -> tuple[dict[int, float], dict[tuple[int, int], list[int]]]:
    """The height the library wants each vertex at, and the vertices it puts where a pair passes columns.

    A spine beside the boxes, one vertex before each column, leads to every box that stands later than its causes
    would have it. So the columns of the library (the longest way from the spine's first) are those found here.
    """
    boxes = len(columns)
    following = boxes + max(columns) + 1
    earliest = dict.fromkeys(range(boxes), -1)
    for start, end in pairs:
        earliest[end] = max(earliest[end], columns[start])
    every = [*pairs, *pairwise(range(boxes, following))]
    later = (box for box in range(boxes) if earliest[box] < columns[box] - 1 or not columns[box])
    every += [(boxes + columns[box], box) for box in later]
    spacing = sum(heights) / boxes + gap
    ((places, _, _, edges),) = from_edges(
        every,
        minimum_length=1,
        vertex_spacing=spacing,
        dummy_vertices=True,
        dummy_size=_BEND / spacing,
        ranking_type="up",
        crossing_minimization="barycenter",
        transpose=True,
    )
    after: dict[int, list[int]] = {}
    for start, end in edges or every:
        after.setdefault(int(start), []).append(int(end))
    bends: dict[tuple[int, int], list[int]] = {}
    for start in range(boxes):
        for step in after.get(start, []):
            path = []
            while step >= following:  # a vertex of the library's own has one way on
                path.append(step)
                step = after[step][0]
            bends[start, step] = path
    return {int(vertex): float(x) for vertex, (x, _) in places}, bends


def _apart(
    wanted: Mapping[int, float], size: Mapping[int, float], where: Mapping[int, int], gap: float
) -> dict[int, float]:
    """Heights nearest to those wanted, column by column in the same order, at which nothing covers another."""
    middle: dict[int, float] = {}
    for column in sorted(set(where.values())):
        here = sorted((one for one in wanted if where[one] == column), key=lambda one: (wanted[one], one))
        steps = [0.0, *((size[a] + size[b]) / 2 + gap for a, b in pairwise(here))]
        offset = np.cumsum(steps)
        placed = isotonic_regression(np.array([wanted[one] for one in here]) - offset).x + offset
        middle |= dict(zip(here, placed.tolist(), strict=True))
    return middle
