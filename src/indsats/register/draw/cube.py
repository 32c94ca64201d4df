"""The cube method: a random sample with the chances asked for that is balanced on other variables."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from indsats.progress import Progress

Floats = NDArray[np.float64]

_FLAT = 1e-9
"""A pivot below this is no pivot: constraints come in standardised, so numbers that matter are near 1."""

_SETTLED = 1e-11
"""How near 0 or 1 a chance must come to be taken for it."""

_OFTEN = 1000
"""Rows gone through between two reports of progress."""


def cube(
    chances: Floats, constraints: Floats, uniform: Callable[[], float], progress: Progress | None = None
) -> NDArray[np.bool_]:
    """Who is taken: each row with exactly its chance, and every column summing to what it sums to on average.

    ``chances`` has a number from 0 to 1 a row, ``constraints`` a number a row and column, the columns that matter
    most first. Σ constraints[taken] is as near Σ chances · constraints as whole people allow: what is off comes
    from the last few rows only, as many as there are columns, and falls on the last columns first. So with a
    first column of ones and whole Σ chances the size is exact. ``uniform`` gives the next random number from 0 to
    1; rows are gone through in the order given, which therefore should be random. ``progress`` is called every
    thousand rows and may raise to stop.

    Deville & Tillé (2004), Biometrika 91(4):893–912; flight phase as in Chauvet & Tillé (2006), Computational
    Statistics 21:53–62, a few rows at a time; landing by giving up one column after the other. Chances are met
    exactly because each step moves them without changing their mean.
    """
    state = chances.astype(np.float64)
    width = constraints.shape[1]
    while width >= 0 and ((state > 0) & (state < 1)).any():
        _fly(state, constraints[:, :width], uniform, progress)
        width -= 1
    return state > 0.5


def _fly(state: Floats, constraints: Floats, uniform: Callable[[], float], progress: Progress | None) -> None:
    """Moves ``state`` along the constraints until no step is left that keeps them all."""
    waiting = np.flatnonzero((state > 0) & (state < 1))
    most = constraints.shape[1] + 1
    at = min(most, len(waiting))
    active = waiting[:at]
    while len(active):
        step = _kernel(constraints[active].T.copy())
        if step is None:
            return
        now = state[active]
        with np.errstate(divide="ignore", invalid="ignore"):
            room = np.where(step > 0, (1 - now) / step, np.where(step < 0, -now / step, np.inf))
            back = np.where(step > 0, now / step, np.where(step < 0, (now - 1) / step, np.inf))
        ahead, behind = float(room.min()), float(back.min())
        if uniform() * (ahead + behind) < behind:
            moved, last = now + ahead * step, int(room.argmin())
            moved[last] = 1.0 if step[last] > 0 else 0.0
        else:
            moved, last = now - behind * step, int(back.argmin())
            moved[last] = 0.0 if step[last] > 0 else 1.0
        moved[moved < _SETTLED] = 0.0
        moved[moved > 1 - _SETTLED] = 1.0
        state[active] = moved
        left = active[(moved > 0) & (moved < 1)]
        more = waiting[at : at + most - len(left)]
        if progress is not None and (at + len(more)) // _OFTEN > at // _OFTEN:
            progress(at, len(waiting), "persons balanced")
        at += len(more)
        active = np.concatenate([left, more])


def _kernel(matrix: Floats) -> Floats | None:
    """A vector other than 0 that ``matrix`` maps to 0, or none; written out so that it is the same everywhere."""
    rows, columns = matrix.shape
    pivots: list[int] = []
    for column in range(columns):
        row = len(pivots)
        below = np.abs(matrix[row:, column])
        if row == rows or below.max() < _FLAT:
            step = np.zeros(columns)
            step[column] = 1.0
            step[pivots] = -matrix[:row, column]
            step[np.abs(step) < _FLAT] = 0.0
            return step
        best = row + int(below.argmax())
        if best != row:
            matrix[[row, best]] = matrix[[best, row]]
        matrix[row] /= matrix[row, column]
        others = matrix[:, column].copy()
        others[row] = 0.0
        matrix -= others[:, None] * matrix[row]
        pivots.append(column)
    return None
