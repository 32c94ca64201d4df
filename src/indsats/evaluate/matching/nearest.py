"""Greedy nearest-neighbour search on one score, within exact cells, in near-linear time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..inputs import Flags, Floats

Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Nearest:
    """Pairs as positions: ``treated[i]`` got ``untreated[i]`` as its match number ``turn[i]`` (from 0)."""

    treated: Indices
    untreated: Indices
    turn: Indices


def nearest(
    score: Floats,
    treated: Flags,
    *,
    cell: Indices | None = None,
    ratio: int = 1,
    replace: bool = False,
    caliper: float | None = None,
) -> Nearest:
    """Give each treated its nearest untreated by ``score``.

    ``cell`` numbers the exact cell of each row, ``caliper`` is the largest distance allowed (same unit as the
    score), ``ratio`` how many untreated each treated may get. Without replacement the treated choose in order
    of falling score, in as many rounds as ``ratio``, and a chosen untreated is gone. Ties follow MatchIt's
    default: rows are ordered by score and then by position; of two untreated equally near, the one before the
    treated in that order wins, and of several with the same score the one closest to it in that order.

    Time is O(n log n) for the sort; the search itself is near-linear, since a run of used-up untreated is
    jumped over by a union-find.
    """
    n = len(score)
    cells = np.zeros(n, dtype=np.int64) if cell is None else cell
    order = np.lexsort((np.arange(n), score, cells))
    is_control = ~treated[order]
    controls = order[is_control]
    before = np.cumsum(is_control) - is_control  # untreated that stand before each row in the order
    places = order[~is_control]
    sorted_cells = cells[controls]
    first = np.searchsorted(sorted_cells, cells[places], side="left")
    last = np.searchsorted(sorted_cells, cells[places], side="right")
    at = before[~is_control]
    choose = _with_replacement if replace else _without_replacement
    # Treated choose from the highest score down; among equals the earlier row goes first.
    turn_order = np.lexsort((places, -score[places]))
    who, which, turn = choose(
        score[places][turn_order],
        score[controls],
        at[turn_order],
        first[turn_order],
        last[turn_order],
        ratio,
        np.inf if caliper is None else caliper,
    )
    return Nearest(places[turn_order][who], controls[which], turn)


def _without_replacement(
    targets: Floats, scores: Floats, at: Indices, first: Indices, last: Indices, ratio: int, caliper: float
) -> tuple[Indices, Indices, Indices]:
    """One pass per round over the treated, each taking the nearest untreated not yet used.

    ``left[i]`` and ``right[i]`` lead towards the nearest free untreated at or below (above) place ``i − 1``
    (``i``); chains are shortened as they are walked. Python lists, not arrays: single reads dominate.
    """
    count = len(scores)
    left = list(range(count + 1))  # place i stands for untreated i − 1; 0 is the end
    right = list(range(count + 1))  # place i stands for untreated i; count is the end
    values: list[float] = scores.tolist()
    goals: list[float] = targets.tolist()
    places: list[int] = at.tolist()
    firsts: list[int] = first.tolist()
    lasts: list[int] = last.tolist()
    who: list[int] = []
    which: list[int] = []
    turn: list[int] = []
    waiting = range(len(goals))
    for round_number in range(ratio):
        served: list[int] = []
        for i in waiting:
            place, goal = places[i], goals[i]
            low = place
            while left[low] != low:
                left[low] = left[left[low]]
                low = left[low]
            high = place
            while right[high] != high:
                right[high] = right[right[high]]
                high = right[high]
            low -= 1
            down = goal - values[low] if low >= firsts[i] else np.inf
            up = values[high] - goal if high < lasts[i] else np.inf
            chosen, distance = (low, down) if down <= up else (high, up)
            if distance > caliper or distance == np.inf:
                continue
            left[chosen + 1] = chosen
            right[chosen] = chosen + 1
            who.append(i)
            which.append(chosen)
            turn.append(round_number)
            served.append(i)
        # Who found nobody in this round will find nobody in the next: the supply only shrinks.
        waiting = served
    return np.array(who, np.int64), np.array(which, np.int64), np.array(turn, np.int64)


def _with_replacement(
    targets: Floats, scores: Floats, at: Indices, first: Indices, last: Indices, ratio: int, caliper: float
) -> tuple[Indices, Indices, Indices]:
    """All treated at once: two pointers per treated move outwards ``ratio`` times."""
    low, high = at - 1, at.copy()
    parts: list[tuple[Indices, Indices, Indices]] = []
    padded = np.append(scores, np.nan)
    for round_number in range(ratio):
        down = np.where(low >= first, targets - padded[np.maximum(low, 0)], np.inf)
        up = np.where(high < last, padded[np.minimum(high, len(scores))] - targets, np.inf)
        take_low = down <= up
        distance = np.where(take_low, down, up)
        found = np.flatnonzero((distance <= caliper) & np.isfinite(distance))
        chosen = np.where(take_low, low, high)[found]
        parts.append((found, chosen, np.full(len(found), round_number, dtype=np.int64)))
        low, high = low - take_low, high + ~take_low
    who, which, turn = (np.concatenate([part[i] for part in parts]) for i in range(3))
    by_treated = np.lexsort((turn, who))
    return who[by_treated], which[by_treated], turn[by_treated]
