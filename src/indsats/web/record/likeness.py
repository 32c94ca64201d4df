"""Who may be the same person: the same day of birth and sex, and a name much alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from ..models import folded
from .numbers import birth_of, is_replacement, sex_of

ALIKE = 0.8
"""How alike two names are, from 0 to 1, before somebody is asked whether they are one person."""
ALIKE_REPLACED = 0.6
"""The same where one of the two has a replacement number: that is how one person most often gets two."""
_SURE = 3
"""Letters a part of each name must share at its beginning before the whole names are compared."""


@dataclass(frozen=True, slots=True)
class Known:
    """What tells persons apart: their key, number, name, day of birth and sex."""

    key: int
    number: str
    name: str
    birth: date | None
    sex: str | None

    @property
    def born(self) -> date | None:
        """The day of birth as it is known, else as the number tells it."""
        return self.birth or birth_of(self.number)

    @property
    def known_sex(self) -> str | None:
        """The sex as it is known, else as the number tells it."""
        return self.sex or sex_of(self.number)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two who may be one; ``likeness`` of their names from 0 to 1."""

    one: Known
    other: Known
    likeness: float


def name_likeness(one: str, other: str) -> float:
    """How alike two names are, from 0 to 1, whatever the order of their parts, accents, hyphens or capitals."""
    left, right = sorted(" ".join(sorted(folded(name))) for name in (one, other))
    if not left or not right:
        return 0.0
    return SequenceMatcher(None, left, right).ratio()


def likeness(one: Known, other: Known) -> float | None:
    """How alike two persons' names are, where they may be one person; None where they are taken for two.

    They may be one when they were born the same day, are not known to be of different sex, and their names are much
    alike; less is enough where one of the numbers is a replacement number.
    """
    if one.born is None or one.born != other.born:
        return None
    if one.known_sex and other.known_sex and one.known_sex != other.known_sex:
        return None
    if not _begins_alike(one.name, other.name):
        return None
    least = ALIKE_REPLACED if is_replacement(one.number) or is_replacement(other.number) else ALIKE
    found = name_likeness(one.name, other.name)
    return found if found >= least else None


def _begins_alike(one: str, other: str) -> bool:
    """A quick look that spares comparing everybody born on a day letter by letter."""
    return not {part[:_SURE] for part in folded(one)}.isdisjoint(part[:_SURE] for part in folded(other))


def pairs(persons: Iterable[Known]) -> list[Pair]:
    """The pairs among ``persons`` who may be one, the most alike first."""
    found = [pair for born in _by_birth(persons).values() for pair in _among(born)]
    return sorted(found, key=lambda pair: (-pair.likeness, pair.one.key, pair.other.key))


def like(one: Known, persons: Iterable[Known]) -> list[Pair]:
    """The pairs of ``one`` with each of ``persons`` who may be the same, the most alike first."""
    found = [
        Pair(one, other, alike)
        for other in persons
        if other.key != one.key and (alike := likeness(one, other)) is not None
    ]
    return sorted(found, key=lambda pair: (-pair.likeness, pair.other.key))


def _by_birth(persons: Iterable[Known]) -> dict[date, list[Known]]:
    found: dict[date, list[Known]] = {}
    for one in persons:
        if one.born is not None and one.name:
            found.setdefault(one.born, []).append(one)
    return found


def _among(born: list[Known]) -> Iterator[Pair]:
    for place, one in enumerate(born):
        for other in born[place + 1 :]:
            if (alike := likeness(one, other)) is not None:
                yield Pair(one, other, alike)
