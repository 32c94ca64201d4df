"""Random numbers: one independent stream per name, so that a new part never changes what the others draw."""

from __future__ import annotations

from zlib import crc32

import numpy as np


def stream(seed: int, name: str) -> np.random.Generator:
    """A PCG64 generator that depends on ``seed`` and ``name`` only."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, crc32(name.encode())])))


def choose(rng: np.random.Generator, weights: np.ndarray, n: int) -> np.ndarray:
    """``n`` indices drawn with probabilities proportional to ``weights``."""
    cumulated = np.cumsum(weights / weights.sum())
    return np.minimum(np.searchsorted(cumulated, rng.random(n), side="right"), len(weights) - 1)
