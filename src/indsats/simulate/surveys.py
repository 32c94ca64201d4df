"""Rounds of questionnaires: persons after so long, sites by those who work there, levels that rise."""

from __future__ import annotations

import numpy as np

from indsats.programme import Questionnaire, Wave

from .answering import answer_at, answers_of, columns, rater_shift
from .calendar import day, weekday
from .world import World

_SAME_DAYS_LATER = 10
"""Days within which a second rater fills in the same round."""

_LOSES = 0.9
_OF_A_SITE = 0.5
_OF_A_RESPONDENT = 0.4
_YEAR = 365


def person_rounds(world: World) -> None:
    """Every round of every questionnaire about persons that has rounds: each rater, those who answer."""
    for key, questionnaire in world.programme.questionnaires.items():
        if questionnaire.about != "person":
            continue
        for number, (name, wave) in enumerate(questionnaire.waves.items()):
            _person_round(world, key, questionnaire, number, name, wave)


def _person_round(
    world: World, key: str, questionnaire: Questionnaire, number: int, name: str, wave: Wave
) -> None:
    ledger, profile = world.ledger, world.profile
    rng = world.stream(f"round {key} {name}")
    every = np.flatnonzero(ledger.cases.main)
    if wave.after is not None:
        days = world.later(ledger.cases.start[every], wave.after, ledger.cases.site[every])
        days = days + rng.integers(-4, 18, len(every))
    elif wave.period is not None:
        first, last = day(wave.period.first), day(wave.period.last)
        days = first + np.floor(rng.random(len(every)) * (last - first + 1)).astype(np.int64)
    else:
        days = ledger.cases.start[every] + 30 + number * 150 + rng.integers(0, 30, len(every))
    days = weekday(np.maximum(days, ledger.cases.start[every]))
    there = (days >= ledger.cases.start[every]) & (days <= ledger.cases.last[every])
    answers = rng.random(len(every)) < profile.wave_answered * _LOSES**number
    rows = np.flatnonzero(there & answers)
    for place, rater in enumerate(questionnaire.raters):
        these = rows if place == 0 else rows[rng.random(len(rows)) < 0.85]
        when = days[these] + (rng.integers(0, _SAME_DAYS_LATER, len(these)) if place else 0)
        inside = when <= ledger.cases.last[every[these]]
        enrolment, when = every[these[inside]], when[inside]
        if questionnaire.classes:
            continue
        answer_at(world, key, enrolment, when, rater=np.full(len(when), rater, dtype=object),
                  wave=np.full(len(when), name, dtype=object), rises=profile.wave_rise * number)  # fmt: skip


def site_rounds(world: World) -> None:
    """Every round of every questionnaire about sites: several respondents at each site of the effort."""
    if world.places.nameless:
        return
    sites = np.flatnonzero(world.places.treated)
    for key, questionnaire in world.programme.questionnaires.items():
        if questionnaire.about == "site":
            _site_rounds(world, key, questionnaire, sites if len(sites) else np.arange(len(world.places.ids)))


def _site_rounds(world: World, key: str, questionnaire: Questionnaire, sites: np.ndarray) -> None:
    rng = world.stream(f"site rounds {key}")
    profile = world.profile
    level = dict(zip(sites.tolist(), rng.normal(0.0, _OF_A_SITE, len(sites)).tolist(), strict=True))
    seats = profile.respondents_per_site
    # Who sits in each of a site's seats: a number that grows when somebody else takes over.
    holder = {site: np.arange(1, seats + 1) for site in sites.tolist()}
    own = {site: rng.normal(0.0, _OF_A_RESPONDENT, seats) for site in sites.tolist()}
    for number, (name, first, last) in enumerate(_rounds(world, questionnaire)):
        parts: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
        for site in sites.tolist():
            if number:
                leaves = rng.random(seats) < profile.respondents_change
                fresh = holder[site].max() + np.cumsum(leaves)
                holder[site] = np.where(leaves, fresh, holder[site])
                own[site] = np.where(leaves, rng.normal(0.0, _OF_A_RESPONDENT, seats), own[site])
            there = np.flatnonzero(rng.random(seats) < 0.9)
            parts.append((np.full(len(there), site), there, level[site] + own[site][there]))
        site, seat, seen = (np.concatenate([part[side] for part in parts]) for side in range(3))
        days = np.maximum(
            weekday(first + np.floor(rng.random(len(site)) * (last - first + 1)).astype(np.int64)), first
        )
        rater = np.array(questionnaire.raters, dtype=object)[seat % len(questionnaire.raters)]
        seen = seen + profile.wave_rise * number + rater_shift(profile.rater_gap, questionnaire, rater)
        answers = answers_of(world.programme, key, seen, site, world.seed, rng)
        person = [
            f"{world.places.ids[at]}-r{holder[at][place]:02d}" for at, place in zip(site, seat, strict=True)
        ]
        world.ledger.add(
            "site_answered",
            days,
            person=np.full(len(site), -1),
            site=site,
            extra=columns(questionnaire, answers, rater, profile.missing_item_share, rng),
            by="survey",
            questionnaire=key,
            rater=rater,
            respondent=person,
            wave=name,
        )


def _rounds(world: World, questionnaire: Questionnaire) -> list[tuple[str | None, int, int]]:
    """Name, first and last day of each round up to the end of the data; once a year where none are defined."""
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
            found.append((name, first, min(last, ends)))
    if not questionnaire.waves:
        found = [(None, start, min(start + 28, ends)) for start in range(begins + 90, ends, _YEAR)]
    return found
