"""Visitations in the windows of a definition's rule: several records for one person, put off, changed, tied."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from indsats.programme import Preference, Programme

from .calendar import day
from .ledger import where_true
from .profile import Profile
from .streams import stream

_SOON = 30
"""Days within which most people are assessed once it is their turn."""

_CHANGED, _SAME_DAY, _SAME_DAYS, _LATER_WINDOW = range(4)
_WAYS = (0.45, 0.2, 0.15, 0.2)
"""Shares of the ways to have several records: the group changed; two records begun on one day, one ending
later; two with the same days; one more in the next window."""


@dataclass(frozen=True, slots=True)
class Visits:
    """Records of visitation: ``end`` is -1 where it is open; ``group`` a group of the definition or None."""

    person: np.ndarray
    start: np.ndarray
    end: np.ndarray
    group: np.ndarray


def deferred_days(
    programme: Programme, profile: Profile, first: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """By person the day of the decisive visitation (-1 for those without a case) and whether it was put off.

    Those whose case would begin by the end of the last window are assessed inside a window; the others a few
    days before their case begins.
    """
    assert programme.visitation is not None  # noqa: S101 - called where there is one
    windows = programme.visitation.windows
    n = len(first)
    there = first >= 0
    opens = min(day(window.period.first) for window in windows)
    closes = max(day(window.period.last) for window in windows)
    wait = np.floor(rng.exponential(_SOON * 1.5, n)).astype(np.int64)
    visited = np.where(first <= closes, np.clip(np.maximum(first, opens) + wait, opens, closes), first - 3)
    deferred = np.zeros(n, dtype=bool)
    for earlier, later in pairwise(windows):
        if earlier.yields:
            inside = there & (first <= day(earlier.period.last)) & (visited <= day(earlier.period.last))
            put_off = inside & ~deferred & (rng.random(n) < profile.deferred_share)
            span = day(later.period.last) - day(later.period.first)
            drawn = day(later.period.first) + np.floor(rng.random(n) * (span + 1)).astype(np.int64)
            visited, deferred = np.where(put_off, drawn, visited), deferred | put_off
    return np.where(there, np.maximum(visited, day(profile.first_day) - 3), -1), deferred


def visits(
    programme: Programme,
    profile: Profile,
    seed: int,
    first: np.ndarray,
    visited: np.ndarray,
    deferred: np.ndarray,
    group: np.ndarray,
) -> Visits:
    """One to three records for each person assessed, the decisive one with the group that was meant."""
    assert programme.visitation is not None  # noqa: S101 - called where there is one
    rng = stream(seed, "visits")
    windows = programme.visitation.windows
    rows = np.flatnonzero(visited >= 0)
    parts = [_decisive(rows, visited, group, rng)]
    for number, window in enumerate(windows):
        inside = rows[
            (visited[rows] >= day(window.period.first)) & (visited[rows] <= day(window.period.last))
        ]
        several = inside[rng.random(len(inside)) < profile.several_records_share]
        parts += _more(window, windows[number + 1 :], several, visited, group, parts[0], rng)
    parts.append(_put_off(windows, np.flatnonzero(deferred), first, visited, rng))
    return Visits(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in Visits.__dataclass_fields__)
    )


def _decisive(rows: np.ndarray, visited: np.ndarray, group: np.ndarray, rng: np.random.Generator) -> Visits:
    n = len(rows)
    open_ = rng.random(n) < 0.6
    end = visited[rows] + rng.integers(60, 400, n)
    named = where_true(group[rows] != "", group[rows])
    return Visits(rows, visited[rows], np.where(open_, -1, end), named)


def _more(
    window: Preference,
    later: list[Preference],
    rows: np.ndarray,
    visited: np.ndarray,
    group: np.ndarray,
    decisive: Visits,
    rng: np.random.Generator,
) -> list[Visits]:
    """Further records that give way to the decisive one by what the window prefers."""
    ends = dict(zip(decisive.person.tolist(), decisive.end.tolist(), strict=True))
    way = rng.choice(len(_WAYS), len(rows), p=_WAYS)
    known = [key for key in window.groups if key not in window.yields] or window.groups
    other = np.array(known, dtype=object)[rng.integers(0, len(known), len(rows))]
    first, last = day(window.period.first), day(window.period.last)
    start, end = visited[rows].copy(), np.full(len(rows), -1)
    own_end = np.array([ends[person] for person in rows.tolist()], dtype=np.int64)
    apart = rng.integers(3, 46, len(rows))
    changed = way == _CHANGED
    if "earliest_start" in window.prefer:
        start = np.where(changed, np.minimum(start + apart, last), start)
    else:
        start = np.where(changed, np.maximum(start - apart, first), start)
        end = np.where(changed & (start < visited[rows]), visited[rows] - 1, end)
    end = np.where(way == _SAME_DAY, start + rng.integers(0, 50, len(rows)), end)
    end = np.where(way == _SAME_DAYS, own_end, end)
    rank = {key: number for number, key in enumerate(window.groups)}
    order = np.array([rank.get(key, -1) for key in group[rows]]), np.array([rank[key] for key in other])
    loses = (way != _SAME_DAYS) | (order[0] < order[1])
    strict = (way != _CHANGED) | (start != visited[rows])
    if later:
        span = day(later[0].period.first), day(later[0].period.last)
        drawn = span[0] + np.floor(rng.random(len(rows)) * (span[1] - span[0] + 1)).astype(np.int64)
        start = np.where(way == _LATER_WINDOW, drawn, start)
        end = np.where(way == _LATER_WINDOW, -1, end)
    else:
        strict &= way != _LATER_WINDOW
    kept = loses & strict & (other != group[rows])
    return [Visits(rows[kept], start[kept], end[kept], other[kept])]


def _put_off(
    windows: list[Preference],
    rows: np.ndarray,
    first: np.ndarray,
    visited: np.ndarray,
    rng: np.random.Generator,
) -> Visits:
    """The record in the earlier window of those whose visitation was put off; most end when it is made good."""
    window = next((one for one in windows if one.yields), windows[0])
    opens, closes = day(window.period.first), day(window.period.last)
    start = np.clip(np.maximum(first[rows], opens) + rng.integers(0, _SOON, len(rows)), opens, closes)
    start = np.minimum(start, visited[rows] - 1)
    end = np.where(rng.random(len(rows)) < 0.7, visited[rows] - 1, -1)
    named = np.full(len(rows), window.yields[0] if window.yields else None, dtype=object)
    return Visits(rows, start, end, named)
