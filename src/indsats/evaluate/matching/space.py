"""Greedy nearest-neighbour search among points of several dimensions, with calipers on any number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ..inputs import Flags, Floats
from .nearest import Indices, Nearest

BATCH = 1024
"""Treated that look for controls together."""
BLOCK = (64, 320)
"""Treated and controls whose distances are computed at once: they stay in the processor's cache, and the product
of ten-dimensional points is too small for threads, whose waiting for each other costs more than they gain."""
WANTED = 96
"""Controls listed per treated: most are served from the list although others took from it first."""
MOST = 4_000_000
"""Listed pairs sought at a time, so that memory stays bounded where very many are equally near."""


@dataclass(frozen=True, slots=True)
class Space:
    """Where everybody stands: ``points`` (rows × dimensions), whose Euclidean distance is to be small.

    ``calipers`` are pairs of a number per row and the largest difference allowed, ``widest`` is the largest
    distance allowed. ``place`` is the place of each row in the walk that settles ties, and ``outermost`` says
    that the last of those equally near wins (see :func:`nearest_in_space`).
    """

    points: Floats
    place: Indices
    calipers: tuple[tuple[Floats, float], ...] = ()
    widest: float = np.inf
    outermost: bool = False

    def distance(self, one: Indices, two: Indices) -> Floats:
        """The Euclidean distance of pairs of rows."""
        return self.measure(one, two) if self.points.shape[1] == 1 else np.sqrt(self.measure(one, two))

    def measure(self, one: Indices, two: Indices) -> Floats:
        """What pairs are compared by: the distance in one dimension, its square in several.

        Column by column: a matrix routine may add in another order in another row, and equal people would no
        longer be equally near.
        """
        if self.points.shape[1] == 1:
            return np.abs(self.points[one, 0] - self.points[two, 0])
        total = np.zeros(len(one))
        for column in self.points.T:
            total += (column[one] - column[two]) ** 2
        return total


def nearest_in_space(
    space: Space, treated: Flags, queue: Indices, *, cell: Indices, ratio: int = 1, replace: bool = False
) -> Nearest:
    """Give each treated its nearest controls within its ``cell``; the arguments are those of :func:`nearest`.

    The pairs are exactly those a loop over everybody finds. A sample of the free controls says how near the
    nearest hundred or so of each treated must be; all that may be so near are found in single precision, with
    room for its error, and their distances then computed in double precision. Treated choose from these lists
    in turn; whose list is used up looks again among the controls still free.

    Ties follow MatchIt 4.7, whose walk goes outwards from the treated in the order of one number, one step
    down and one up by turns: on a score the first of several equally near wins, among points of more
    dimensions (``outermost``) the last.
    """
    search = _Search(space)
    taken = np.zeros(len(treated), dtype=bool)
    pairs: list[tuple[int, int, int]] = []
    for who, controls in _cells(treated, queue, cell):
        if replace:
            pairs.extend(_shared(search, who, controls, ratio))
        else:
            pairs.extend(_exclusive(search, who, controls, ratio, taken))
    columns = np.array(pairs, dtype=np.int64).reshape(-1, 3)
    return Nearest(columns[:, 0], columns[:, 1], columns[:, 2])


def _cells(treated: Flags, queue: Indices, cell: Indices) -> Iterator[tuple[Indices, Indices]]:
    """The treated, in the order of the queue, and the controls of each cell that has both."""
    everybody = np.flatnonzero(~treated)
    controls = everybody[np.argsort(cell[everybody], kind="stable")]
    who = queue[np.argsort(cell[queue], kind="stable")]
    if not len(who):
        return
    names, starts = np.unique(cell[who], return_index=True)
    low = np.searchsorted(cell[controls], names, side="left")
    high = np.searchsorted(cell[controls], names, side="right")
    for chunk, a, b in zip(np.split(who, starts[1:]), low, high, strict=True):
        if a < b:
            yield chunk, controls[a:b]


def _exclusive(
    search: _Search, who: Indices, controls: Indices, ratio: int, taken: Flags
) -> Iterator[tuple[int, int, int]]:
    """Without replacement, in one cell: as many rounds as ``ratio``; ``taken`` is brought up to date."""
    used = taken.data  # a view: single reads from it are faster than from the array
    span = Span(search.space.place.copy(), search.space.place.copy())
    waiting = who
    for turn in range(ratio):
        served: list[int] = []
        for start in range(0, len(waiting), BATCH):
            batch = waiting[start : start + BATCH]
            lists = search.lists(batch, controls[~taken[controls]], span)
            for i, name in enumerate(batch.tolist()):
                found = next((c for c in lists[i].controls if not used[c]), None)
                if found is None and not lists[i].whole:
                    # All whose lists are used up look again together: one look is cheap for many.
                    empty = [k for k in range(i, len(batch)) if lists[k].exhausted(used)]
                    fresh = search.lists(batch[empty], controls[~taken[controls]], span)
                    for k, listed in zip(empty, fresh, strict=True):
                        lists[k] = listed
                    found = next(iter(lists[i].controls), None)
                if found is not None:
                    used[found] = True
                    served.append(name)
                    yield name, found, turn
                    if not search.space.outermost:
                        span.widen(name, search.space.place[found])
        # Who found nobody in this round will find nobody in the next: the supply only shrinks.
        waiting = np.array(served, dtype=np.int64)


def _shared(search: _Search, who: Indices, controls: Indices, ratio: int) -> Iterator[tuple[int, int, int]]:
    """With replacement, in one cell: the first ``ratio`` of every list."""
    span = Span(search.space.place, search.space.place)
    for start in range(0, len(who), BATCH):
        batch = who[start : start + BATCH]
        lists = search.lists(batch, controls, span, at_least=ratio)
        for name, listed in zip(batch.tolist(), lists, strict=True):
            yield from ((name, found, turn) for turn, found in enumerate(listed.controls[:ratio]))


@dataclass(frozen=True, slots=True)
class Span:
    """From where the walk of each row goes down and up: its own place, or its outermost controls so far."""

    lowest: Indices
    highest: Indices

    def widen(self, row: int, place: int) -> None:
        """Take a control into the span of ``row``."""
        self.lowest[row] = min(self.lowest[row], place)
        self.highest[row] = max(self.highest[row], place)

    def visited(self, row: Indices, place: Indices) -> Indices:
        """When the walk of ``row`` comes to ``place``."""
        below = place < self.lowest[row]
        return np.where(below, 2 * (self.lowest[row] - place), 2 * (place - self.highest[row]) + 1)


@dataclass(frozen=True, slots=True)
class _Listed:
    """The controls nearest to one treated, nearest first; ``whole`` says that no others are in reach."""

    controls: list[int]
    whole: bool

    def exhausted(self, used: memoryview) -> bool:
        """Whether all are used and there may be others."""
        return not self.whole and all(used[control] for control in self.controls)


@dataclass(frozen=True, slots=True)
class _Search:
    """The space with what the search in single precision needs.

    ``left`` and ``right`` hold each row's point and one number more, so that one product of matrices compares
    t·c − |c|²/2 with (|t|² − reach²)/2, which says whether c is within reach of t. ``slack`` covers the
    rounding of either side, as a share of |t|² and |c|².
    """

    space: Space
    size: Floats = field(init=False)
    left: NDArray[np.float32] = field(init=False)
    right: NDArray[np.float32] = field(init=False)
    slack: float = field(init=False)

    def __post_init__(self) -> None:
        centred = self.space.points - self.space.points.mean(axis=0)
        size = (centred**2).sum(axis=1)
        # An inner product of d + 1 terms errs by at most (d + 1) units of rounding; twice that leaves room.
        slack = float((centred.shape[1] + 6) * np.finfo(np.float32).eps)
        object.__setattr__(self, "size", size)
        object.__setattr__(self, "slack", slack)
        object.__setattr__(self, "left", np.column_stack([centred, np.ones(len(size))]).astype(np.float32))
        lifted = np.column_stack([centred, size * (slack - 0.5)])
        object.__setattr__(self, "right", lifted.astype(np.float32))

    def lists(self, who: Indices, free: Indices, span: Span, at_least: int = 1) -> list[_Listed]:
        """A list for each of ``who``: of ``free`` at least ``at_least``, if so many are in reach."""
        reach, expected = self._reach(who, free, max(3, at_least))
        # Where very many are equally near, fewer treated at a time keep the pairs within memory.
        total = np.cumsum(expected)
        cuts = np.searchsorted(total, np.arange(MOST, total[-1], MOST))
        lists: list[_Listed] = []
        for part in np.split(np.arange(len(who)), np.unique(cuts[cuts > 0])):
            lists.extend(self._within(who[part], free, reach[part], span, max(BATCH, at_least)))
        return lists

    def _reach(self, who: Indices, free: Indices, rank: int) -> tuple[Floats, NDArray[np.int64]]:
        """The distance within which each will look, and about how many controls that gives it.

        It is the distance to number ``rank`` of a sample, or as far as is allowed if the sample has not so
        many. A little is added, for these distances are rounded.
        """
        step = max(1, WANTED // rank)
        sample = free[::step]
        if len(sample) <= rank:
            return np.full(len(who), self.space.widest), np.full(len(who), len(free))
        points, others = self.space.points[who], self.space.points[sample]
        centre = others.mean(axis=0)
        points, others = points - centre, others - centre
        size = (points**2).sum(axis=1)
        squared = size[:, None] + (others**2).sum(axis=1) - 2 * points @ others.T
        for values, width in self.space.calipers:
            squared[np.abs(values[who][:, None] - values[sample]) > width] = np.inf
        far = np.partition(squared, rank - 1, axis=1)[:, rank - 1]
        far = np.where(np.isfinite(far), np.maximum(far, 0) * (1 + 1e-9) + 1e-11 * size, np.inf)
        inside = (squared <= far[:, None]) & np.isfinite(squared)
        return np.minimum(np.sqrt(far), self.space.widest), inside.sum(axis=1) * step

    def _within(self, who: Indices, free: Indices, reach: Floats, span: Span, most: int) -> list[_Listed]:
        """Everybody of ``free`` who is within reach, sorted by distance, and not more than ``most``."""
        size = self.size[who]
        limit = np.nextafter(
            ((size * (1 - 2 * self.slack) - reach**2 * (1 + 1e-6)) / 2).astype(np.float32), -np.inf
        )
        left, right = self.left[who], self.right[free]
        calipers = [(values[who], values[free], width) for values, width in self.space.calipers]
        owners: list[Indices] = []
        found: list[Indices] = []
        for a in range(0, len(who), BLOCK[0]):
            rows = slice(a, a + BLOCK[0])
            for b in range(0, len(free), BLOCK[1]):
                columns = slice(b, b + BLOCK[1])
                near = left[rows] @ right[columns].T >= limit[rows, None]
                for one, other, width in calipers:
                    near &= np.abs(one[rows, None] - other[columns]) <= width
                hit = np.flatnonzero(near)
                owners.append(hit // near.shape[1] + a)
                found.append(hit % near.shape[1] + b)
        owner = np.concatenate(owners) if owners else np.empty(0, np.int64)
        control = free[np.concatenate(found)] if found else np.empty(0, np.int64)
        measure = self.space.measure(who[owner], control)
        keep = measure <= (reach if self.space.points.shape[1] == 1 else reach**2)[owner]
        owner, control, measure = owner[keep], control[keep], measure[keep]
        visit = span.visited(who[owner], self.space.place[control])
        order = np.lexsort((-visit if self.space.outermost else visit, measure, owner))
        control = control[order]
        ends = np.cumsum(np.bincount(owner, minlength=len(who)))
        # Of a list longer than a batch the rest can wait: there are not so many to take from it.
        lists: list[_Listed] = []
        for start, end, whole in zip([0, *ends[:-1]], ends, reach >= self.space.widest, strict=True):
            stop = min(end, start + most)
            lists.append(_Listed(control[start:stop].tolist(), whole=bool(whole) and stop == end))
        return lists
