"""Who is at risk at each moment of events, as index arrays and two sparse patterns that sum over risk sets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ..inputs import Flags, Floats

Index = NDArray[np.intp]
SmallIndex = NDArray[np.int32 | np.int64]
"""What sparse arrays index by: 32 bits where these suffice."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """Which rows go into which sum: sum ``j`` takes ``rows[ends[j]:ends[j + 1]]``, each times its ``sign``
    (one, where that is ``None``).
    """

    rows: SmallIndex
    ends: SmallIndex
    sign: Floats | None
    width: int

    def sums(self, risk: Floats, x: Floats) -> Floats:
        """The risk-weighted sums of the columns of ``x``: one row per sum, without copying ``x``."""
        return self._matrix(risk) @ x

    def totals(self, risk: Floats) -> Floats:
        """The sums of ``risk`` itself."""
        return self._matrix(risk).sum(axis=1)

    def _matrix(self, risk: Floats) -> csr_array:
        values = risk[self.rows] if self.sign is None else risk[self.rows] * self.sign
        return csr_array((values, self.rows, self.ends), shape=(len(self.ends) - 1, self.width))


@dataclass(frozen=True, slots=True)
class RiskSets:
    """A moment is a time with events in a stratum (``times``, ``strata``); row i is at risk in the moments
    ``first[i]`` up to, not with, ``last[i]``.

    ``first`` is ``None`` when everybody is at risk from the first moment. ``died`` are the rows with the event
    and ``moment`` theirs. A step is one term of the likelihood's sum: in each moment one per tied event (Efron)
    or one (Breslow), the first at ``starts``; ``share`` is how much of the tied events' own risk is taken away in
    it, and ``step_weight`` the weight it counts with. ``tied`` are the moments where that share is not always 0.
    """

    first: Index | None
    last: Index
    died: Index
    moment: Index
    weights: Floats
    leaving: Pattern
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
    n = len(time)
    key, before = _line(time, entry, stratum)
    moments = np.unique(key[event])
    last = np.searchsorted(moments, key, side="right")
    first = None if before is None else np.searchsorted(moments, before, side="right")
    died = np.flatnonzero(event)
    moment = last[died] - 1
    one = np.empty(len(moments), dtype=np.intp)
    one[moment] = died  # some event of each moment, to read the time and stratum from
    count = np.bincount(moment) if efron else np.ones(len(moments), dtype=np.intp)
    starts = np.concatenate([[0], np.cumsum(count)[:-1]])
    step_moment = np.repeat(np.arange(len(moments)), count)
    share = (np.arange(len(step_moment)) - starts[step_moment]) / count[step_moment]
    step_weight = (np.bincount(moment, weights=weights[died]) / count)[step_moment]
    tied = np.flatnonzero(count > 1)
    place = np.full(len(moments), -1)
    place[tied] = np.arange(len(tied))
    among_tied = place[moment] >= 0
    return RiskSets(
        first=first,
        last=last,
        died=died,
        moment=moment,
        weights=weights,
        leaving=_leaving(first, last, len(moments), died[among_tied]),
        tied=tied,
        tied_events=_pattern(place[moment][among_tied], died[among_tied], None, len(tied), n),
        starts=starts,
        step_moment=step_moment,
        share=share,
        step_weight=step_weight,
        times=time[one],
        strata=np.zeros(len(one), dtype=np.intp) if stratum is None else stratum[one],
    )


def _line(time: Floats, entry: Floats | None, stratum: Index | None) -> tuple[np.ndarray, np.ndarray | None]:
    """Ends and entries of rows on one line, where strata follow one another; ``None`` when all enter before it."""
    if stratum is None:
        return time, entry
    distinct = np.unique(time)
    offset = stratum * len(distinct)
    entered = 0 if entry is None else np.searchsorted(distinct, entry, side="right")
    return offset + np.searchsorted(distinct, time), offset + entered - 1


def _leaving(first: Index | None, last: Index, moments: int, tied: Index) -> Pattern:
    """Per moment the rows, but for ``tied`` events, at risk for the last time, minus those for whom the next
    moment is the first.

    Summed from the last moment backwards, with the tied events, this gives the risk sets; the running sum never
    holds more than one risk set, so little is lost to rounding where strata meet.
    """
    out = last > 0 if first is None else (last > 0) & (last > first)
    out[tied] = False
    leave = np.flatnonzero(out)
    if first is None:
        return _pattern(last[leave] - 1, leave, None, moments, len(last))
    enter = np.flatnonzero((first > 0) & (last > first))
    return _pattern(
        np.concatenate([last[leave] - 1, first[enter] - 1]),
        np.concatenate([leave, enter]),
        np.concatenate([np.ones(len(leave)), -np.ones(len(enter))]),
        moments,
        len(last),
    )


def _pattern(sums: Index, rows: Index, sign: Floats | None, height: int, width: int) -> Pattern:
    """The pattern that adds ``rows[i]`` to sum ``sums[i]``."""
    order, ends = grouped(sums, height)
    return Pattern(rows[order].astype(order.dtype), ends, None if sign is None else sign[order], width)


def grouped(groups: Index, count: int) -> tuple[SmallIndex, SmallIndex]:
    """Positions ordered by group, and where each group ends; by counting, which is faster than sorting."""
    n = len(groups)
    places = csr_array((np.ones(n, dtype=bool), groups, np.arange(n + 1)), shape=(n, count)).tocsc()
    return places.indices, places.indptr
