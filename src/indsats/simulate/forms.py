"""The form somebody has in hand: the edition in force on the day, and the points that can be ticked on it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from indsats.programme import Asking, Programme, Questionnaire

from .calendar import day
from .streams import stream
from .world import World

_FEWEST_OPTIONS = 4
"""A scale with fewer answers has none that could be missing without showing at once."""

_STILL_LYING = 60
"""Days after an edition was replaced within which somebody can still fill it in."""


@dataclass(frozen=True, slots=True)
class Form:
    """An edition as it lies in front of people; ``lacks`` is the point its print left out."""

    edition: str
    asking: Asking
    lacks: int | None

    def points(self, item: str, without: int | None = None) -> np.ndarray:
        """The points that can be ticked for an item, in order; ``without`` one that another print left out."""
        scale = self.asking.scale
        offered = sorted(self.asking.items[item].options) or list(range(scale.low, scale.high + 1))
        there = [point for point in offered if point not in (self.lacks, without)]
        return np.array(there or offered, dtype=np.int64)


def forms_of(programme: Programme, key: str, seed: int) -> list[Form]:
    """The editions of a questionnaire, oldest first; of points one of which a form lacks, a seed decides which."""
    found: list[Form] = []
    for name, asking in programme.questionnaires[key].editions.items():
        lacks = None
        if asking.lacks_one_of:
            rng = stream(seed, f"form {key} {name}")
            lacks = asking.lacks_one_of[int(rng.integers(0, len(asking.lacks_one_of)))]
        found.append(Form(name, asking, lacks))
    return found


def form_on(world: World, questionnaire: Questionnaire, days: np.ndarray, name: str) -> np.ndarray:
    """Which form is filled in on each day, as its place in ``forms_of``: the edition of the day, a few old ones.

    ``name`` is that of the random numbers.
    """
    place = np.full(len(days), len(questionnaire.earlier))
    last = [day(edition.until) for edition in questionnaire.earlier.values()]
    for number in reversed(range(len(last))):
        place = np.where(days <= last[number], number, place)
    if last:
        old = world.stream(f"old forms {name}").random(len(days)) < world.profile.old_form_share
        ended = np.array([0, *last])[place]
        place = np.where(old & (place > 0) & (days <= ended + _STILL_LYING), place - 1, place)
    return place


def named(questionnaire: Questionnaire, days: np.ndarray, place: np.ndarray) -> np.ndarray | None:
    """The edition each set of answers names; an early one came before there was another to tell it from.

    None where there has only been one edition.
    """
    if not questionnaire.earlier:
        return None
    names = np.array(list(questionnaire.editions), dtype=object)[place]
    first = day(next(iter(questionnaire.earlier.values())).until)
    names[days <= first] = None
    return names


def nearest(wanted: np.ndarray, there: np.ndarray, up: np.ndarray) -> np.ndarray:
    """Of the points ``there`` the one nearest to each that was ``wanted``; of two as near the higher where ``up``."""
    at = np.searchsorted(there, wanted)
    above, below = there[np.minimum(at, len(there) - 1)], there[np.maximum(at - 1, 0)]
    higher = np.abs(above - wanted) < np.abs(wanted - below)
    even = np.abs(above - wanted) == np.abs(wanted - below)
    return np.where(higher | (even & up), above, below)


def left_out(programme: Programme, key: str) -> tuple[int, int] | None:
    """Index of the site and the answer that its forms lack: one questionnaire of a programme, an inner answer.

    The first about sites with four answers or more, else the first such about persons; none elsewhere.
    """
    possible = [
        name
        for about in ("site", "person")
        for name, asked in programme.questionnaires.items()
        if asked.about == about and asked.scale.high - asked.scale.low + 1 >= _FEWEST_OPTIONS
    ]
    if not possible or possible[0] != key:
        return None
    scale = programme.questionnaires[key].scale
    return 0, (scale.low + scale.high) // 2
