"""Rounds of questionnaires about sites: several who work there answer, some are others in the next round."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from indsats.programme import Questionnaire

from .answering import rater_shift, write_answers
from .asking import Approached, ask_again
from .calendar import after_each, day, weekday
from .world import Expected, World

_OF_A_SITE = 0.5
_OF_A_RESPONDENT = 0.4
_YEAR = 365
_NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Seated:
    """Who was asked in a round: an entry each.

    ``level`` is that of the site and the respondent before rounds and raters, ``answered`` the day of the answer,
    a day that never comes for those who gave none.
    """

    site: np.ndarray
    respondent: np.ndarray
    rater: np.ndarray
    level: np.ndarray
    answered: np.ndarray


@dataclass(frozen=True, slots=True)
class Round:
    """A round of a questionnaire about sites: its name, first, due and last day in time, and the next one's first."""

    name: str | None
    first: int
    due: int
    closes: int
    next_first: int


def site_rounds(world: World) -> None:
    """Every round of every questionnaire about sites: several respondents at each site of the effort.

    A questionnaire with items that are only for those who answered another one so is put to the respondents of
    that other one: it is the same people who are asked.
    """
    if world.places.nameless:
        return
    treated = np.flatnonzero(world.places.treated)
    sites = treated if len(treated) else np.arange(len(world.places.ids))
    asked = {key: one for key, one in world.programme.questionnaires.items() if one.about == "site"}
    seated: dict[str, list[tuple[Round, Seated]]] = {}
    waiting = list(asked)
    while waiting:
        ready = [key for key in waiting if _leader(key, asked[key], waiting) is None] or waiting[:1]
        for key in ready:
            leader = _leader(key, asked[key], list(seated))
            follows = None if leader is None else seated[leader]
            seated[key] = _site_rounds(world, key, asked[key], sites, follows)
            waiting.remove(key)


def _leader(key: str, questionnaire: Questionnaire, among: list[str]) -> str | None:
    """The first other questionnaire ``among`` some that an item's filter looks at."""
    for asking in questionnaire.editions.values():
        for item in asking.items.values():
            other = item.asked_of.questionnaire if item.asked_of is not None else None
            if other is not None and other != key and other in among:
                return other
    return None


def _site_rounds(
    world: World,
    key: str,
    questionnaire: Questionnaire,
    sites: np.ndarray,
    follows: list[tuple[Round, Seated]] | None,
) -> list[tuple[Round, Seated]]:
    rng = world.stream(f"site rounds {key}")
    rounds = _rounds(world, questionnaire)
    if follows is None:
        everybody = _seats(world, questionnaire, sites, rounds, rng)
    else:
        everybody = _same_people(world, questionnaire, rounds, follows, rng)
    found: list[tuple[Round, Seated]] = []
    for number, (one, asked) in enumerate(zip(rounds, everybody, strict=True)):
        name = f"{key} {one.name or number}"
        seated = _late_or_never(world, questionnaire, one, asked, name)
        rows = np.flatnonzero(seated.answered < _NEVER)
        level = seated.level[rows] + world.profile.wave_rise * number
        level = level + rater_shift(world.profile.rater_gap, questionnaire, seated.rater[rows])
        wave = np.full(len(rows), one.name, dtype=object)
        nobody = np.full(len(seated.site), -1)
        write_answers(world, key, level, seated.answered[rows], seated.rater[rows], name,
                      enrolment=nobody[rows], site=seated.site[rows], respondent=seated.respondent[rows],
                      wave=wave)  # fmt: skip
        if one.name is not None and len(nobody):
            closes = np.full(len(nobody), one.closes)
            world.expected.append(Expected(key, one.name, seated.respondent, closes))
            last = min(one.next_first - 1, world.last_day)
            ask_again(world, key, one.name, name, Approached(
                nobody, seated.site, np.full(len(nobody), one.due), np.full(len(nobody), last), seated.answered,
                np.full(len(nobody), one.first), seated.rater, seated.respondent))  # fmt: skip
        found.append((one, seated))
    return found


def _seats(
    world: World,
    questionnaire: Questionnaire,
    sites: np.ndarray,
    rounds: list[Round],
    rng: np.random.Generator,
) -> list[Seated]:
    """Those who sit at each site in each round; a seat is another's in the next with the planted chance."""
    profile = world.profile
    level = dict(zip(sites.tolist(), rng.normal(0.0, _OF_A_SITE, len(sites)).tolist(), strict=True))
    seats = profile.respondents_per_site
    if questionnaire.by == "each":
        seats = max(seats, len(questionnaire.raters))
    # Who sits in each of a site's seats: a number that grows when somebody else takes over.
    holder = {site: np.arange(1, seats + 1) for site in sites.tolist()}
    own = {site: rng.normal(0.0, _OF_A_RESPONDENT, seats) for site in sites.tolist()}
    raters = np.array(questionnaire.raters, dtype=object)[np.arange(seats) % len(questionnaire.raters)]
    found: list[Seated] = []
    for number, one in enumerate(rounds):
        there: list[np.ndarray] = []
        for site in sites.tolist():
            if number:
                leaves = rng.random(seats) < profile.respondents_change
                fresh = holder[site].max() + np.cumsum(leaves)
                holder[site] = np.where(leaves, fresh, holder[site])
                own[site] = np.where(leaves, rng.normal(0.0, _OF_A_RESPONDENT, seats), own[site])
            there.append(rng.random(seats) < profile.respondent_answers)
        answers = np.concatenate(there)
        at = np.repeat(sites, seats)
        names = [
            f"{world.places.ids[site]}-r{who:02d}" for site in sites.tolist() for who in holder[site].tolist()
        ]
        days = np.full(len(at), _NEVER)
        room = one.closes - one.first + 1
        drawn = one.first + np.floor(rng.random(int(answers.sum())) * room).astype(np.int64)
        days[answers] = np.maximum(weekday(drawn), one.first)
        levels = np.concatenate([level[site] + own[site] for site in sites.tolist()])
        found.append(Seated(at, np.array(names, dtype=object), np.tile(raters, len(sites)), levels, days))
    return found


def _same_people(
    world: World,
    questionnaire: Questionnaire,
    rounds: list[Round],
    follows: list[tuple[Round, Seated]],
    rng: np.random.Generator,
) -> list[Seated]:
    """The respondents of the round a questionnaire goes with, those who may answer it; on the same day if they can."""
    found: list[Seated] = []
    for one in rounds:
        before = [seated for other, seated in follows if other.first <= one.closes]
        seated = before[-1] if before else follows[0][1]
        may = np.isin(seated.rater, questionnaire.raters)
        known = seated.answered[may]
        drawn = one.first + np.floor(rng.random(len(known)) * (one.closes - one.first + 1)).astype(np.int64)
        apart = np.maximum(np.maximum(weekday(drawn), one.first), np.where(known < _NEVER, known, 0))
        days = np.where((known >= one.first) & (known <= one.closes), known, apart)
        answers = (known < _NEVER) & (days < one.next_first) & (days <= world.last_day)
        found.append(
            Seated(seated.site[may], seated.respondent[may], seated.rater[may], seated.level[may],
                   np.where(answers, days, _NEVER))
        )  # fmt: skip
    return found


def _late_or_never(
    world: World, questionnaire: Questionnaire, one: Round, seated: Seated, name: str
) -> Seated:
    """Some answer after the round has closed, where somebody follows up and the next has not begun."""
    if not world.followed_up(questionnaire):
        return seated
    rng = world.stream(f"late {name}")
    late = (rng.random(len(seated.answered)) < world.profile.round_late_share) & (seated.answered < _NEVER)
    days = one.closes + rng.integers(1, 22, len(seated.answered))
    late &= (days < one.next_first) & (days <= world.last_day)
    moved = np.where(late, np.maximum(weekday(days), one.closes + 1), seated.answered)
    return Seated(seated.site, seated.respondent, seated.rater, seated.level, moved)


def _rounds(world: World, questionnaire: Questionnaire) -> list[Round]:
    """Each round up to the end of the data; once a year where none are defined."""
    begins, ends = day(world.profile.first_day), world.last_day
    found: list[tuple[str | None, int, int]] = []
    for number, (name, wave) in enumerate(questionnaire.waves.items()):
        if wave.period is not None:
            first, last = day(wave.period.first), day(wave.period.last)
        elif wave.after is not None:
            first = begins + world.usual_days(wave.after)
            last = first + 28
        else:
            first = begins + 60 + number * _YEAR
            last = first + 28
        if first <= ends:
            found.append((name, first, last))
    if not questionnaire.waves:
        found = [(None, start, start + 28) for start in range(begins + 90, ends, _YEAR)]
    nexts = [*(first for _, first, _ in found[1:]), _NEVER]
    late = world.programme.length(questionnaire.window.late)
    rounds: list[Round] = []
    for (name, first, last), following in zip(found, nexts, strict=True):
        closes = after_each(np.array([last]), np.array([late.months]), np.array([late.days])).item()
        rounds.append(Round(name, first, min(last, ends), min(closes, ends), following))
    return rounds
