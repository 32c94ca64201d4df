"""Invented sites: made-up names, spread over the definition's units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from indsats.programme import Programme

from .streams import stream

# Compounds that sound like places and are none: no simulated report can be taken for one about a real area.
_FIRST = [
    "Glimmer",
    "Fnug",
    "Klukke",
    "Snegle",
    "Pusle",
    "Mulm",
    "Brumme",
    "Tusind",
    "Kvidder",
    "Sukker",
    "Plask",
    "Vrinsk",
    "Lommer",
    "Drys",
]
_LAST = ["lunden", "bakken", "engen", "højen", "krogen", "vangen", "sletten", "tunet"]

FEWEST_PER_UNIT = 3
NAMELESS = "all"
"""What the one unit is called in the truth of a programme that has none."""


@dataclass(frozen=True, slots=True)
class Places:
    """The sites in order: identifiers, names, index of each one's unit, inhabitants and open days a week."""

    ids: np.ndarray
    names: np.ndarray
    unit: np.ndarray
    units: tuple[str, ...]
    in_effort: np.ndarray
    """By unit: whether it is part of the effort."""
    residents: np.ndarray
    open_days: np.ndarray
    nameless: bool = False
    """True for a programme without units: one place without a name, which facts do not mention."""

    def names_of(self, site: np.ndarray) -> list[str | None]:
        """The identifier of each site in ``site`` (indices, -1 for none), None where there is none to give."""
        if self.nameless:
            return [None] * len(site)
        return np.array([*self.ids.tolist(), None], dtype=object)[np.where(site >= 0, site, -1)].tolist()

    def units_of(self, site: np.ndarray) -> list[str | None]:
        """The unit of each site in ``site``, None where there is none."""
        if self.nameless:
            return [None] * len(site)
        named = [self.units[index] for index in self.unit.tolist()]
        return np.array([*named, None], dtype=object)[np.where(site >= 0, site, -1)].tolist()

    @property
    def treated(self) -> np.ndarray:
        """By site: whether its unit is part of the effort."""
        return self.in_effort[self.unit]

    def table(self) -> pl.DataFrame:
        """The sites as a data folder tells them; none for a programme without units."""
        told = pl.DataFrame(
            {
                "site": self.ids.tolist(),
                "unit": [self.units[index] for index in self.unit],
                "name": self.names.tolist(),
                "residents": self.residents.tolist(),
                "open_days_per_week": self.open_days.astype(float).tolist(),
            }
        ).sort("site")
        return told.clear() if self.nameless else told


def invent_places(programme: Programme, seed: int) -> Places:
    """As many sites for each unit as the definition lists, at least three, under invented names.

    A programme without units has one place without a name: a site belongs to a unit.
    """
    rng = stream(seed, "places")
    units = tuple(programme.units)
    if not units:
        one = np.zeros(1, dtype=np.int64)
        return Places(np.array([NAMELESS]), np.array([NAMELESS]), one, (NAMELESS,), np.array([True]),
                      one + 3000, one + 5, nameless=True)  # fmt: skip
    listed = [site.unit for site in programme.sites.values()]
    unit = np.repeat(np.arange(len(units)), [max(listed.count(key), FEWEST_PER_UNIT) for key in units])
    names = [first + last for first in _FIRST for last in _LAST]
    order = rng.permutation(len(names))
    chosen = [_numbered(names[order[i % len(names)]], i // len(names)) for i in range(len(unit))]
    return Places(
        ids=np.array([_ascii(name) for name in chosen]),
        names=np.array(chosen),
        unit=unit,
        units=units,
        in_effort=np.array([programme.units[key].in_effort for key in units]),
        residents=rng.integers(10, 56, len(unit)) * 100,
        open_days=rng.integers(1, 6, len(unit)),
    )


def _numbered(name: str, round_: int) -> str:
    return name if round_ == 0 else f"{name} {round_ + 1}"


def _ascii(name: str) -> str:
    return name.lower().replace("ø", "oe").replace("å", "aa").replace("æ", "ae").replace(" ", "-")
