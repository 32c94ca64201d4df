"""What a case rests on and may be wrong about: effects, other quantities and prices, and the lines each moves.

Scenarios, sensitivity and draws all move inputs, never lines: lines with the same price, or with the same chance error,
go together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from .lines import Array, Case, Uncertain

Kind = Literal["effect", "quantity", "price"]


@dataclass(frozen=True, slots=True)
class Input:
    """One input: ``id`` is a price, or what lines err with; ``rows`` are the lines of the case it moves.

    ``signs`` (one per row) is which way a line goes when the input grows: 1, or -1 for an effect that is negative, as
    fewer weeks on benefit beside more weeks in a job. Errors that are shared make effects larger or smaller together.
    """

    kind: Kind
    id: str
    rows: tuple[int, ...]
    signs: Array

    def of(self, case: Case) -> list[Uncertain]:
        """The number of this input in each of its lines."""
        lines = [case.lines[row] for row in self.rows]
        return [line.price if self.kind == "price" else line.quantity for line in lines]

    def ends(self, case: Case) -> tuple[Array, Array]:
        """Every row's number where the input is smallest, and where it is largest."""
        pairs = np.array([number.ends for number in self.of(case)])
        grows = self.signs > 0
        return np.where(grows, pairs[:, 0], pairs[:, 1]), np.where(grows, pairs[:, 1], pairs[:, 0])

    def first(self, case: Case) -> int:
        """Which of ``rows`` the input is told in: the first that is its own, else the first."""
        own = (number for number, row in enumerate(self.rows) if case.lines[row].of == self.id)
        return 0 if self.kind == "price" else next(own, 0)


def inputs(case: Case) -> tuple[Input, ...]:
    """The inputs of a case in the order of its lines, quantities before prices."""
    rows: dict[tuple[Kind, str], list[int]] = {}
    for row, line in enumerate(case.lines):
        rows.setdefault(("effect" if line.moves else "quantity", line.errs_with), []).append(row)
    for row, line in enumerate(case.lines):
        rows.setdefault(("price", line.price_of), []).append(row)
    signs = _signs(case)
    return tuple(
        Input(kind, name, tuple(found), np.ones(len(found)) if kind == "price" else signs[found])
        for (kind, name), found in rows.items()
    )


def _signs(case: Case) -> Array:
    """-1 for lines of what is negative over all years, so that one year's error never goes against another's.

    By the middle of the interval: a scenario that counts on one end of it has the same signs.
    """
    total: dict[tuple[bool, str], float] = {}
    for line in case.lines:
        key = (line.moves, line.of)
        total[key] = total.get(key, 0.0) + sum(line.quantity.ends) * float(line.weights.sum())
    return np.array([-1.0 if total[line.moves, line.of] < 0 else 1.0 for line in case.lines])
