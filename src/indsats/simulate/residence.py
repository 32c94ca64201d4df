"""Who lives and is served where: drawn from what is observed, so that only raw comparisons mislead."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from indsats.programme import Evaluation, Programme, parse_rule, rule_fields

from .calendar import FIRST_MONDAY, day
from .history import NEVER
from .people import People
from .places import Places
from .profile import Profile, register_evaluations
from .states import covered_codes
from .streams import choose, stream

STEEPNESS = -1.6
"""Log odds of living in an area of the effort per unit of good chances: it goes where chances are poor."""

HISTORY_STEEPNESS = 0.8
"""Log odds per standard deviation of weeks spent in a history state that makes good outcomes rarer."""


@dataclass(frozen=True, slots=True)
class Residence:
    """By person: index of the site that serves them, and of the site in whose area they are registered."""

    served: np.ndarray
    area: np.ndarray
    log_odds: np.ndarray
    """The planted log odds of being served by a unit in the effort."""


def first_evaluation(programme: Programme) -> tuple[str, Evaluation] | None:
    """The evaluation on registers that treatment is planted for, or none."""
    return next(iter(register_evaluations(programme).items()), None)


def index_week(
    programme: Programme, profile: Profile, codes: np.ndarray, evaluation: Evaluation | None
) -> np.ndarray:
    """By person the column of the first week in the index state within its window; NEVER when there is none.

    A week lies in the window when its Thursday does. Without an evaluation the clock starts at the first
    week on any benefit from the profile's first day.
    """
    first, last = day(profile.first_day), day(profile.last_day)
    covered = np.zeros(1000, dtype=bool)
    covered[100:900] = True
    if evaluation is not None and evaluation.index is not None:
        if evaluation.index.state is not None:
            covered = covered_codes(programme, evaluation.index.state)
        if evaluation.index.window is not None:
            first, last = day(evaluation.index.window.first), day(evaluation.index.window.last)
        else:
            first = 0
    thursdays = (np.arange(codes.shape[1]) + profile.register_first) * 7 + FIRST_MONDAY + 3
    hit = covered[codes] & (thursdays >= first) & (thursdays <= last)
    return np.where(hit.any(axis=1), hit.argmax(axis=1), NEVER)


def weeks_before(inside: np.ndarray, index: np.ndarray, weeks: int) -> np.ndarray:
    """How many of the ``weeks`` weeks before each index column are ``inside`` (persons x columns)."""
    total = np.concatenate(
        [np.zeros((len(inside), 1), np.int32), np.cumsum(inside, axis=1, dtype=np.int32)], axis=1
    )
    end = np.minimum(index, inside.shape[1])
    rows = np.arange(len(inside))
    return total[rows, end] - total[rows, np.maximum(end - weeks, 0)]


def settle(
    programme: Programme,
    profile: Profile,
    people: People,
    places: Places,
    codes: np.ndarray,
    index: np.ndarray,
    seed: int,
) -> Residence:
    """Draw the serving site and the registered area of everyone.

    The odds depend only on characteristics and histories the first register evaluation adjusts for; given
    those, residence tells nothing about a person's chances.
    """
    rng = stream(seed, "residence")
    n = len(index)
    odds = _log_odds(programme, people, codes, index)
    treated_sites, other_sites = np.flatnonzero(places.treated), np.flatnonzero(~places.treated)
    if len(treated_sites) == 0 or len(other_sites) == 0:
        in_effort = np.full(n, len(treated_sites) > 0)
    else:
        in_effort = rng.random(n) < _sigmoid(odds + _shift(odds, profile.treated_share))
    served = np.empty(n, dtype=np.int64)
    for sites, group in ((treated_sites, in_effort), (other_sites, ~in_effort)):
        if group.any():
            served[group] = sites[choose(rng, places.residents[sites].astype(float), int(group.sum()))]
    moved = rng.random(n) < profile.mismatch_share
    elsewhere = (served + rng.integers(1, max(len(places.ids), 2), n)) % len(places.ids)
    return Residence(served, np.where(moved, elsewhere, served), odds)


def _log_odds(programme: Programme, people: People, codes: np.ndarray, index: np.ndarray) -> np.ndarray:
    found = first_evaluation(programme)
    observed = set(people.scores) if found is None else adjusted_fields(programme, *found)
    odds = STEEPNESS * np.sum([score for name, score in people.scores.items() if name in observed], axis=0)
    # What else is measured before index follows from these weeks; planting on it too would count them twice.
    history = [] if found is None else [part for part in found[1].history if part.measure == "weeks"]
    if not history:
        return odds + np.zeros(len(index))
    weeks = [
        weeks_before(covered_codes(programme, part.state)[codes], index, part.weeks).astype(float)
        for part in history
    ]
    for spent in weeks:
        if spent.std() > 0:
            sign = 1.0 if np.corrcoef(spent, people.chance + people.unseen)[0, 1] < 0 else -1.0
            odds = odds + sign * HISTORY_STEEPNESS / len(weeks) * (spent - spent.mean()) / spent.std()
    return odds


def adjusted_fields(programme: Programme, key: str, evaluation: Evaluation) -> set[str]:
    """The characteristics an evaluation adjusts for, also where they enter through a derived column."""
    names = {part.field for part in evaluation.covariates}
    fields = rule_fields(programme, f"evaluation:{key}")
    for name, text in evaluation.derive.items():
        if name in names:
            names |= set(parse_rule(text, fields).fields)
    if "birth_date" in names:
        names.add("age")
    return names


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def _shift(odds: np.ndarray, share: float) -> float:
    """What to add to the log odds so that the mean probability is ``share`` (bisection)."""
    low, high = -20.0, 20.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _sigmoid(odds + middle).mean() < share else (low, middle)
    return (low + high) / 2
