"""What was done to have a round answered beside the answers: invitations, reminders, and noes of several kinds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .ledger import where_true
from .wording import drawn, values_of
from .world import World

_NO = ("declined", "not_relevant", "not_reached")


@dataclass(frozen=True, slots=True)
class Approached:
    """Who was to answer a round: an entry each, about the person of an enrolment or, with -1 for it, about a site.

    ``due`` is the day the answer was due, ``last`` the last day anything could be done, ``answered`` the day of the
    answer, a day that never comes where there is none. Those with a day in ``opens`` were invited on it.
    """

    enrolment: np.ndarray
    site: np.ndarray
    due: np.ndarray
    last: np.ndarray
    answered: np.ndarray
    opens: np.ndarray | None = None
    rater: np.ndarray | None = None
    respondent: np.ndarray | None = None


def ask_again(world: World, key: str, wave: str | None, name: str, who: Approached) -> None:
    """Writes what was done about a round: invited on its first day, reminded while unanswered, said no.

    Reminders go out as the questionnaire asks for them, but for those that were forgotten; after a no there are
    none. ``name`` is that of the random numbers. Without a ``wave`` it is about what a cadence asks for.
    """
    if not len(who.due):
        return
    rng = world.stream(f"asked {name}")
    profile, n = world.profile, len(who.due)
    shares = (profile.round_declined, profile.round_not_relevant, profile.round_not_reached)
    said = np.searchsorted(np.cumsum(shares), rng.random(n), side="right")
    no_on = np.maximum(who.due + rng.integers(-5, 22, n), who.due if who.opens is None else who.opens)
    refused = (said < len(_NO)) & (who.answered > who.last) & (no_on <= who.last)
    no_on = np.where(refused, no_on, np.iinfo(np.int64).max)
    if who.opens is not None:
        invited = np.flatnonzero(who.opens <= who.last)
        _write(world, key, wave, who, invited, who.opens[invited], "invited")
    for reminder in world.programme.questionnaires[key].reminders:
        when = world.later(who.due, reminder, who.site)
        sent = rng.random(n) < profile.reminded_share
        rows = np.flatnonzero(
            sent & (when < who.answered) & (when < no_on) & (when <= np.minimum(who.last, world.last_day))
        )
        _write(world, key, wave, who, rows, when[rows], "reminded")
    for number, step in enumerate(_NO):
        rows = np.flatnonzero(refused & (said == number))
        _write(world, key, wave, who, rows, no_on[rows], step)


def _write(
    world: World, key: str, wave: str | None, who: Approached, rows: np.ndarray, days: np.ndarray, step: str
) -> None:
    if not len(rows):
        return
    about_site = world.programme.questionnaires[key].about == "site"
    kind = "site_asked" if about_site else "questionnaire_asked"
    rng = world.stream(f"{kind} {key} {wave} {step}")
    reason = drawn(values_of(world.programme, kind, "reason"), len(rows), rng)
    said: dict[str, Any] = {
        "questionnaire": key,
        "wave": wave,
        "step": step,
        "rater": None if who.rater is None else who.rater[rows],
        "reason": where_true(np.full(len(rows), step in _NO), reason),
    }
    if about_site:
        said |= {"person": np.full(len(rows), -1), "by": "survey"}
        said["respondent"] = None if who.respondent is None else who.respondent[rows]
    world.ledger.add(kind, days, enrolment=who.enrolment[rows], site=who.site[rows], **said)
