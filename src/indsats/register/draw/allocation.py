"""How many of each group come from each stratum: quotas made whole without losing a total."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Allocation = Literal["proportional", "equal"]
Rounding = Literal["largest_remainder", "equal_chance"]
Counts = NDArray[np.int64]

_SHARP, _TIE = 1e6, 1e-3
"""What a whole person weighs in the choice of remainders, and what settles a tie, so that it is not the solver that
does: both far above its tolerance (1e-7), the tie far below any difference of remainders among less than a hundred
million people."""


def whole_sizes(wanted: Sequence[int | float], available: int) -> list[int]:
    """Group sizes in persons: whole numbers as they are, shares (float, 0 to 1) of all ``available``.

    Shares, and what they leave, are made whole together by the largest remainder, a tie going to the group named
    first; shares that make up everybody take everybody. Raises ``ValueError`` when more is wanted than there is.
    """
    # As fractions, so that 0.3 + 0.3 + 0.4 is 1 and a third is a third.
    shares = {
        place: Fraction(size).limit_denominator(10**6)
        for place, size in enumerate(wanted)
        if isinstance(size, float)
    }
    rest = 1 - sum(shares.values(), Fraction(0))
    if rest < 0:
        raise ValueError("the shares of the groups come to more than 1")
    quotas = {**shares, len(wanted): rest}
    whole = {place: int(share * available) for place, share in quotas.items()}
    by_remainder = sorted(quotas, key=lambda place: (whole[place] - quotas[place] * available, place))
    for place in by_remainder[: available - sum(whole.values())]:
        whole[place] += 1
    sizes = [whole[place] if isinstance(size, float) else size for place, size in enumerate(wanted)]
    if sum(sizes) > available:
        raise ValueError(f"the groups are to have {sum(sizes)} persons, and {available} can be drawn")
    return sizes


def allocate(
    strata: Sequence[int],
    sizes: Sequence[int],
    allocation: Allocation,
    rounding: Rounding,
    uniform: Callable[[], float],
) -> Counts:
    """How many each group takes from each stratum: strata × groups, int64.

    ``strata`` counts who can be drawn in each, ``sizes`` what each group is to have. The quota of a cell is the
    group's size times the stratum's share of all (``proportional``) or over the number of strata (``equal``).
    Every count is its quota rounded up or down, every group has its size, and no stratum gives more than it has.

    Which quotas are rounded up: with ``largest_remainder`` those with the largest remainders, as far as the totals
    of groups and strata allow (for one group this is Hamilton's method), ties settled at random; with
    ``equal_chance`` a random choice in which each goes up with the chance of its remainder, so that everybody in
    the population has the same chance to the last decimal. Raises ``ValueError`` when a stratum is too small for
    equal allocation.
    """
    if not sum(strata):
        return np.zeros((len(strata), len(sizes)), dtype=np.int64)
    # Quotas as whole numbers over one divisor: no rounding error can move a person.
    divisor = sum(strata) if allocation == "proportional" else len(strata)
    weights = strata if allocation == "proportional" else [1] * len(strata)
    over = np.array([[weight * size for size in sizes] for weight in weights], dtype=object)
    left = np.array([count * divisor for count in strata], dtype=object) - over.sum(axis=1)
    if (left < 0).any():
        short = int((left < 0).sum())
        raise ValueError(
            f"{short} of {len(strata)} strata have fewer persons than their equal part of the groups"
        )
    cells = np.column_stack([over, left])  # the last column is everybody who is not drawn
    counts, remainders = (cells // divisor).astype(np.int64), cells % divisor
    row, column = np.nonzero(remainders)
    if len(row):
        # In random order, so that neither a tie nor a random choice follows the order of the strata.
        mixed = np.argsort([uniform() for _ in range(len(row))])
        row, column = row[mixed], column[mixed]
        chosen = _largest if rounding == "largest_remainder" else _by_chance
        up = chosen(remainders[row, column].tolist(), row, column, divisor, uniform)
        counts[row[up], column[up]] += 1
    return counts[:, :-1]


def _largest(
    remainders: list[int], row: Counts, column: Counts, divisor: int, uniform: Callable[[], float]
) -> NDArray[np.bool_]:
    """The cells to round up so that their remainders sum to most while each row and column keeps its total.

    A transport problem: its best corner consists of whole numbers.
    """
    share = np.array([remainder / divisor for remainder in remainders])
    lines = np.concatenate([row, column + row.max() + 1])
    cell = np.tile(np.arange(len(share)), 2)
    sums = np.rint(np.bincount(lines, weights=share[cell]))
    ties = np.array([uniform() for _ in remainders])
    # Only here: it takes half a second to load, and the room is loaded by every process of a build.
    from scipy.optimize import linprog
    from scipy.sparse import coo_array

    found = linprog(
        -(_SHARP * share + _TIE * ties),
        A_eq=coo_array((np.ones(len(cell)), (lines, cell)), shape=(len(sums), len(share))).tocsr(),
        b_eq=sums,
        bounds=(0, 1),
        method="highs-ds",
    )
    return np.asarray(found.x) > 0.5


def _by_chance(
    remainders: list[int], row: Counts, column: Counts, divisor: int, uniform: Callable[[], float]
) -> NDArray[np.bool_]:
    """Cells rounded up at random, each with the chance of its remainder; rows and columns keep their totals.

    Cox (1987), Journal of the American Statistical Association 82(398):520–524: along a closed way of cells that
    turns from row to column and back, as much is added to every second cell as is taken from the others, up to
    where the first is whole; which of the two ways round is drawn so that no cell changes on average.
    """
    below = int(row.max()) + 1
    ends = list(zip(row.tolist(), (column + below).tolist(), strict=True))
    links: dict[int, dict[int, int]] = {}
    for cell, (one, other) in enumerate(ends):
        links.setdefault(one, {})[other] = cell
        links.setdefault(other, {})[one] = cell
    state = list(remainders)
    while links:
        way = _closed_way(links)
        plus, minus = way[0::2], way[1::2]
        ahead = min(*(divisor - state[cell] for cell in plus), *(state[cell] for cell in minus))
        behind = min(*(state[cell] for cell in plus), *(divisor - state[cell] for cell in minus))
        step = ahead if uniform() * (ahead + behind) < behind else -behind
        for cells, change in ((plus, step), (minus, -step)):
            for cell in cells:
                state[cell] += change
                if state[cell] in (0, divisor):
                    one, other = ends[cell]
                    del links[one][other], links[other][one]
        links = {line: crossing for line, crossing in links.items() if crossing}
    return np.array(state, dtype=object) == divisor


def _closed_way(links: dict[int, dict[int, int]]) -> list[int]:
    """Cells that lead from a line over others back to it; every line has two or none that are not whole."""
    line, came = next(iter(links)), -1
    lines, cells = [line], []
    while True:
        following = next(other for other in links[line] if other != came)
        cells.append(links[line][following])
        if following in lines:
            return cells[lines.index(following) :]
        lines.append(following)
        line, came = following, line
