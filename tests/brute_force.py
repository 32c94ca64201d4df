"""Nearest-neighbour matching written the slow and obvious way, as the measure for the fast one."""

import numpy as np


def brute_force(
    score: np.ndarray,
    treated: np.ndarray,
    cell: np.ndarray | None = None,
    ratio: int = 1,
    replace: bool = False,
    caliper: float | None = None,
) -> list[tuple[int, int]]:
    """Every treated looks at every untreated; returns (treated, untreated) positions."""
    n = len(score)
    rank = np.empty(n, dtype=int)
    rank[sorted(range(n), key=lambda i: (score[i], i))] = np.arange(n)
    free = ~treated
    queue = sorted(np.flatnonzero(treated), key=lambda i: (-score[i], i))
    chosen: dict[int, list[int]] = {int(i): [] for i in queue}
    for _ in range(ratio):
        for i in queue:
            open_to = free.copy()
            open_to[chosen[int(i)]] = False
            if cell is not None:
                open_to &= cell == cell[i]
            distance = np.where(open_to, np.abs(score - score[i]), np.inf)
            nearest = distance.min()
            if np.isinf(nearest) or (caliper is not None and nearest > caliper):
                continue
            tied = np.flatnonzero(distance == nearest)
            below = [j for j in tied if rank[j] < rank[i]]
            best = max(below, key=lambda j: rank[j]) if below else min(tied, key=lambda j: rank[j])
            chosen[int(i)].append(int(best))
            if not replace:
                free[best] = False
    return [(i, j) for i, partners in chosen.items() for j in partners]
