"""The items of a cadence as they were planted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Chain:
    """The items of one cadence: one entry each, for every item that fell due or was done.

    ``clock`` is the day the item's clock started, ``due`` when it should be done, ``done`` when it was (-1:
    not within the enrolment), ``counts`` whether it fell due within the enrolment, ``timely`` if in time.
    ``failed`` are the attempts that came to nothing: enrolment and day.
    """

    enrolment: np.ndarray
    clock: np.ndarray
    due: np.ndarray
    done: np.ndarray
    counts: np.ndarray
    timely: np.ndarray
    failed: tuple[np.ndarray, np.ndarray]

    @property
    def happened(self) -> np.ndarray:
        """Indices of the items that were done."""
        return np.flatnonzero(self.done >= 0)
