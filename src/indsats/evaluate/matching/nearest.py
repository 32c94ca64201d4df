"""Greedy nearest-neighbour search on one score, within exact cells, in near-linear time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..inputs import Flags, Floats

Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Nearest:
    """Pairs as positions: ``treated[i]`` got ``control[i]`` as its match number ``turn[i]`` (from 0)."""

    treated: Indices
    control: Indices
    turn: Indices


def nearest(
    score: Floats,
    treated: Flags,
    *,
    cell: Indices | None = None,
    ratio: int = 1,
    replace: bool = False,
    caliper: float | None = None,
    queue: Indices | None = None,
) -> Nearest:
    """Give each treated its nearest control by ``score``.

    ``cell`` numbers the exact cell of each row, ``caliper`` is the largest distance allowed (same unit as the
    score), ``ratio`` how many controls each treated may get, ``queue`` the positions of the treated in the
    order they choose (left out: falling score, among equals the earlier row). Without replacement they choose
    in as many rounds as ``ratio``, and a chosen control is gone.

    Ties follow MatchIt 4.7: rows stand in order of score and then of position, and of two controls equally
    near the one fewer steps away in that order wins, the one before the treated if the steps are equal. In
    later rounds steps are counted from the outermost controls that the treated already has.

    Time is O(n log n) for the sort; the search itself is near-linear, since a run of used-up controls is
    jumped over by a union-find.
    """
    n = len(score)
    cells = np.zeros(n, dtype=np.int64) if cell is None else cell
    order = walk(score, cells)
    is_control = ~treated[order]
    controls = order[is_control]
    place = np.empty(n, dtype=np.int64)
    place[order] = np.arange(n)
    who = falling(score, treated) if queue is None else queue
    line = _Line(
        goals=score[who],
        starts=place[who],
        scores=score[controls],
        places=place[controls],
        at=np.searchsorted(place[controls], place[who]),
        first=np.searchsorted(cells[controls], cells[who], side="left"),
        last=np.searchsorted(cells[controls], cells[who], side="right"),
    )
    choose = _with_replacement if replace else _without_replacement
    chooser, chosen, turn = choose(line, ratio, np.inf if caliper is None else caliper)
    return Nearest(who[chooser], controls[chosen], turn)


def walk(score: Floats, cells: Indices) -> Indices:
    """All rows, cell by cell in order of score and then of position."""
    return np.lexsort((np.arange(len(score)), score, cells))


def falling(score: Floats, treated: Flags) -> Indices:
    """The treated from the highest score down; among equals the earlier row goes first."""
    places = np.flatnonzero(treated)
    return places[np.argsort(-score[places], kind="stable")]


@dataclass(frozen=True, slots=True)
class _Line:
    """The treated in the order they choose, and the controls in the order of the walk.

    ``starts`` and ``places`` are places in the walk; ``at`` counts the controls before each treated;
    ``first`` and ``last`` bound the controls of its cell.
    """

    goals: Floats
    starts: Indices
    scores: Floats
    places: Indices
    at: Indices
    first: Indices
    last: Indices


def _without_replacement(line: _Line, ratio: int, caliper: float) -> tuple[Indices, Indices, Indices]:
    """One pass per round over the treated, each taking the nearest control not yet used.

    ``left[i]`` and ``right[i]`` lead towards the nearest free control at or below (above) place ``i − 1``
    (``i``); chains are shortened as they are walked. Python lists, not arrays: single reads dominate.
    """
    count = len(line.scores)
    left = list(range(count + 1))  # place i stands for control i − 1; 0 is the end
    right = list(range(count + 1))  # place i stands for control i; count is the end
    values: list[float] = line.scores.tolist()
    goals: list[float] = line.goals.tolist()
    places: list[int] = line.places.tolist()
    ats: list[int] = line.at.tolist()
    firsts: list[int] = line.first.tolist()
    lasts: list[int] = line.last.tolist()
    lowest: list[int] = line.starts.tolist()
    highest = lowest.copy()
    who: list[int] = []
    which: list[int] = []
    turn: list[int] = []
    waiting = range(len(goals))
    for round_number in range(ratio):
        served: list[int] = []
        for i in waiting:
            at, goal = ats[i], goals[i]
            low = at
            while left[low] != low:
                left[low] = left[left[low]]
                low = left[low]
            high = at
            while right[high] != high:
                right[high] = right[right[high]]
                high = right[high]
            low -= 1
            down = goal - values[low] if low >= firsts[i] else np.inf
            up = values[high] - goal if high < lasts[i] else np.inf
            if down < up or (down == up < np.inf and lowest[i] - places[low] <= places[high] - highest[i]):
                chosen, distance = low, down
            else:
                chosen, distance = high, up
            if distance > caliper or distance == np.inf:
                continue
            left[chosen + 1] = chosen
            right[chosen] = chosen + 1
            if ratio > 1:
                lowest[i] = min(lowest[i], places[chosen])
                highest[i] = max(highest[i], places[chosen])
            who.append(i)
            which.append(chosen)
            turn.append(round_number)
            served.append(i)
        # Who found nobody in this round will find nobody in the next: the supply only shrinks.
        waiting = served
    return np.array(who, np.int64), np.array(which, np.int64), np.array(turn, np.int64)


def _with_replacement(line: _Line, ratio: int, caliper: float) -> tuple[Indices, Indices, Indices]:
    """All treated at once: two pointers per treated move outwards ``ratio`` times."""
    count = len(line.scores)
    if not count:
        nobody = np.empty(0, dtype=np.int64)
        return nobody, nobody, nobody
    low, high = line.at - 1, line.at.copy()
    parts: list[tuple[Indices, Indices, Indices]] = []
    for round_number in range(ratio):
        below, above = np.maximum(low, 0), np.minimum(high, count - 1)
        down = np.where(low >= line.first, line.goals - line.scores[below], np.inf)
        up = np.where(high < line.last, line.scores[above] - line.goals, np.inf)
        nearer = line.starts - line.places[below] <= line.places[above] - line.starts
        take_low = (down < up) | ((down == up) & nearer)
        distance = np.where(take_low, down, up)
        found = np.flatnonzero((distance <= caliper) & np.isfinite(distance))
        chosen = np.where(take_low, low, high)[found]
        parts.append((found, chosen, np.full(len(found), round_number, dtype=np.int64)))
        low, high = low - take_low, high + ~take_low
    who, which, turn = (np.concatenate([part[i] for part in parts]) for i in range(3))
    by_treated = np.lexsort((turn, who))
    return who[by_treated], which[by_treated], turn[by_treated]
