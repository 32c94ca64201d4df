"""The middle of a cluster-robust variance: what the clusters, and not the rows, say about a fit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .inputs import Floats


def cluster_meat(scores: Floats, clusters: NDArray[np.int64]) -> Floats:
    """Σ_g s_g s_gᵀ · G/(G − 1) (k × k), s_g being the sum of the ``scores`` (n × k) of cluster g.

    ``clusters`` (n) numbers the clusters from 0. Liang & Zeger (1986), Biometrika 73:13-22, with the usual correction
    for few clusters. Raises ``ValueError`` for one cluster.
    """
    groups = int(clusters.max()) + 1
    if groups < 2:
        raise ValueError("cluster-robust errors need at least two clusters, there is one")
    sums = np.zeros((groups, scores.shape[1]))
    for column, of_rows in enumerate(scores.T):
        sums[:, column] = np.bincount(clusters, weights=of_rows, minlength=groups)
    return groups / (groups - 1) * (sums.T @ sums)
