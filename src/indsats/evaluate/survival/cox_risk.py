"""Who is at risk at each moment of events, as index arrays and patterns that sum over risk sets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array

from ..inputs import Flags, Floats

Index = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Pattern:
    """Which rows go into which of ``count`` sums: ``rows[i]`` into sum ``place[i]``."""

    rows: Index
    place: Index
    count: int

    def sums(self, risk: Floats, x: Floats) -> Floats:
        """The risk-weighted sums of the columns of ``x``: one row per sum, without copying ``x``."""
        return summed(risk[self.rows], self.rows, self.place, self.count, x)

    def totals(self, risk: Floats) -> Floats:
        """The sums of ``risk`` itself."""
        totals = np.bincount(self.place, weights=risk[self.rows], minlength=self.count)
        return totals.astype(np.float64, copy=False)


def summed(weight: Floats, rows: Index, place: Index, count: int, x: Floats) -> Floats:
    """``count`` sums of rows of ``x``: ``weight[i]`` times row ``rows[i]`` goes into sum ``place[i]``."""
    return coo_array((weight, (place, rows)), shape=(count, len(x))) @ x


@dataclass(frozen=True, slots=True)
class RiskSets:
    """A moment is a time with events in a stratum (``times``, ``strata``); row i is at risk in the moments
    ``first[i]`` up to, not with, ``last[i]``.

    Rows stand by stratum and time, so that what is summed stands together: row i is ``order[i]`` of those given.
    ``first`` is ``None`` when everybody is at risk from the first moment. ``died`` are the rows with the event
    and ``moment`` theirs. A step is one term of the likelihood's sum: in each moment one per tied event (Efron)
    or one (Breslow), the first at ``starts``; ``share`` is how much of the tied events' own risk is taken away in
    it, and ``step_weight`` the weight it counts with. ``tied`` are the moments where that share is not always 0.

    Per moment, ``leaving`` are the rows, but for ``tied_events``, at risk for the last time, and ``entering`` those
    for whom the next moment is the first. Summed from the last moment backwards this gives the risk sets; the
    running sum never holds more than one risk set, so little is lost to rounding where strata meet.
    """

    order: Index
    first: Index | None
    last: Index
    died: Index
    moment: Index
    weights: Floats
    leaving: Pattern
    entering: Pattern | None
    tied: Index
    tied_events: Pattern
    starts: Index
    step_moment: Index
    share: Floats
    step_weight: Floats
    times: Floats
    strata: Index

    @property
    def moments(self) -> int:
        """How many moments of events there are."""
        return len(self.times)


def risk_sets(
    time: Floats, event: Flags, entry: Floats | None, stratum: Index | None, weights: Floats, *, efron: bool
) -> RiskSets:
    """Finds each row's moments: those of its stratum with ``entry`` < time ≤ its own ``time``."""
    key, before = _line(time, entry, stratum)
    order = _order(key)
    key, weights = key[order], weights[order]
    died = np.flatnonzero(event[order])
    begins = np.diff(key[died], prepend=-np.inf) > 0
    at = died[begins]  # some event of each moment
    moment = np.cumsum(begins) - 1
    begun = np.searchsorted(key, key[at])
    last = np.repeat(np.arange(len(at) + 1), np.diff(begun, prepend=0, append=len(key)))
    first = None if before is None else np.searchsorted(key[at], before[order], side="right")
    tally = np.bincount(moment)
    count = tally if efron else np.ones_like(tally)
    starts = np.cumsum(count) - count
    step_moment = np.repeat(np.arange(len(at)), count)
    share = (np.arange(len(step_moment)) - starts[step_moment]) / count[step_moment]
    step_weight = (np.bincount(moment, weights=weights[died]) / count)[step_moment]
    tied = np.flatnonzero(count > 1)
    sharing = count[moment] > 1
    leaves = last > 0 if first is None else last > first
    leaves[died[sharing]] = False
    entering = None
    if first is not None:
        enters = np.flatnonzero((first > 0) & (last > first))
        entering = Pattern(enters, first[enters] - 1, len(at))
    leaves = np.flatnonzero(leaves)
    return RiskSets(
        order=order,
        first=first,
        last=last,
        died=died,
        moment=moment,
        weights=weights,
        leaving=Pattern(leaves, last[leaves] - 1, len(at)),
        entering=entering,
        tied=tied,
        tied_events=Pattern(died[sharing], (np.cumsum(count > 1) - 1)[moment[sharing]], len(tied)),
        starts=starts,
        step_moment=step_moment,
        share=share,
        step_weight=step_weight,
        times=time[order[at]],
        strata=np.zeros(len(at), dtype=np.intp) if stratum is None else stratum[order[at]],
    )


def _line(time: Floats, entry: Floats | None, stratum: Index | None) -> tuple[np.ndarray, np.ndarray | None]:
    """Ends and entries of rows on one line, where strata follow one another; ``None`` when all enter before it."""
    if stratum is None:
        return time, entry
    distinct = np.unique(time)
    offset = stratum * len(distinct)
    entered = 0 if entry is None else np.searchsorted(distinct, entry, side="right")
    return offset + np.searchsorted(distinct, time), offset + entered - 1


def _order(key: np.ndarray) -> Index:
    """The positions from least to greatest; of small whole numbers (weeks) by counting, which is much faster."""
    if key.min() >= 0 and key.max() < 1 << 16:
        small = key.astype(np.uint16)
        if (small == key).all():
            return np.argsort(small, kind="stable")
    return np.argsort(key)
