"""Nearest-neighbour matching written the slow and obvious way, as the measure for the fast one."""

from collections.abc import Sequence

import numpy as np


def brute_force(
    points: np.ndarray,
    treated: np.ndarray,
    queue: Sequence[int] | None = None,
    cell: np.ndarray | None = None,
    ratio: int = 1,
    replace: bool = False,
    caliper: float | None = None,
    calipers: Sequence[tuple[np.ndarray, float]] = (),
    outermost: bool = False,
) -> list[tuple[int, int]]:
    """Every treated looks at every control; returns (treated, control) positions.

    ``points`` are scores, or rows of coordinates. Ties are settled by walking outwards from the treated along
    the (first) coordinate, one step down and one up by turns: the first of those equally near wins, or with
    ``outermost`` the last. In later rounds the walk starts from the outermost controls found so far.
    """
    n = len(treated)
    matrix = points.reshape(n, -1)
    cells = np.zeros(n, dtype=int) if cell is None else cell
    free = ~treated
    falling = sorted(np.flatnonzero(treated), key=lambda i: (-matrix[i, 0], i))
    chosen: dict[int, list[int]] = {int(i): [] for i in (falling if queue is None else queue)}
    for _ in range(ratio):
        for i, mine in chosen.items():
            line = sorted(np.flatnonzero(cells == cells[i]), key=lambda j: (matrix[j, 0], j))
            place = {int(j): k for k, j in enumerate(line)}
            ends = [place[j] for j in (i, *(() if outermost or replace else mine))]
            best: tuple[float, int, int] | None = None
            for j, at in place.items():
                if not free[j] or j in mine:
                    continue
                if any(abs(values[i] - values[j]) > width for values, width in calipers):
                    continue
                gaps = matrix[i] - matrix[j]
                distance = abs(float(gaps[0])) if len(gaps) == 1 else float(sum(gap**2 for gap in gaps))
                if caliper is not None and distance > (caliper if len(gaps) == 1 else caliper**2):
                    continue
                turn = 2 * (min(ends) - at) if at < min(ends) else 2 * (at - max(ends)) + 1
                candidate = (distance, -turn if outermost else turn, j)
                best = candidate if best is None else min(best, candidate)
            if best is not None:
                mine.append(best[2])
                if not replace:
                    free[best[2]] = False
    return [(i, j) for i, partners in chosen.items() for j in partners]
