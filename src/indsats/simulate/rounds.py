"""Rounds of questionnaires about persons: so long after the start or in a calendar period, within their windows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from indsats.programme import Duration, Questionnaire, Wave

from .answering import answer_at, usual_rater
from .asking import Approached, ask_again
from .calendar import after_each, day, weekday
from .world import Expected, World

_SAME_DAYS_LATER = 10
"""Days within which a second rater fills in the same round."""

_ANSWERS_TOO = 0.85
"""Chance that each further rater of a round fills it in where the first does."""

_LOSES = 0.9
_NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Window:
    """By enrolment: when a round opens, is due and closes, and the last day before the next one opens."""

    opens: np.ndarray
    due: np.ndarray
    closes: np.ndarray
    ends: np.ndarray


def person_rounds(world: World) -> None:
    """Every round of every questionnaire about persons that has rounds: its raters, those who answer."""
    for key, questionnaire in world.programme.questionnaires.items():
        if questionnaire.about != "person" or questionnaire.classes:
            continue
        every = np.flatnonzero(world.ledger.cases.main)
        windows = [
            _window(world, questionnaire, number, wave, every)
            for number, wave in enumerate(questionnaire.waves.values())
        ]
        for number, name in enumerate(questionnaire.waves):
            window = windows[number]
            later = [one.opens - 1 for one in windows if (one.opens > window.opens).all()]
            ends = np.minimum.reduce([*later, window.ends])
            _person_round(world, key, questionnaire, number, name, every,
                          Window(window.opens, window.due, window.closes, ends))  # fmt: skip


def _window(world: World, questionnaire: Questionnaire, number: int, wave: Wave, every: np.ndarray) -> Window:
    start, site = world.ledger.cases.start[every], world.ledger.cases.site[every]
    if wave.after is not None:
        due = world.later(start, wave.after, site)
        opens = _earlier(world, due, questionnaire.window.early)
        if number == 0 and questionnaire.baseline is not None:
            opens = np.minimum(opens, _earlier(world, start, questionnaire.baseline.before))
    elif wave.period is not None:
        opens = np.full(len(every), day(wave.period.first))
        due = np.full(len(every), day(wave.period.last))
    else:
        due = start + 30 + number * 150
        opens = due
    closes = world.later(due, questionnaire.window.late, site)
    return Window(opens, due, closes, np.full(len(every), world.last_day))


def _earlier(world: World, days: np.ndarray, by: Duration) -> np.ndarray:
    whole = world.programme.length(by)
    return after_each(days, np.full(len(days), -whole.months), np.full(len(days), -whole.days))


def _person_round(
    world: World,
    key: str,
    questionnaire: Questionnaire,
    number: int,
    name: str,
    every: np.ndarray,
    window: Window,
) -> None:
    profile, cases = world.profile, world.ledger.cases
    rng = world.stream(f"round {key} {name}")
    start, last = cases.start[every], np.minimum(cases.last[every], world.last_day)
    days = _answering_days(world, questionnaire, window, start, f"{key} {name}", rng)
    there = (days >= start) & (days <= last)
    answers = there & (rng.random(len(every)) < profile.wave_answered * _LOSES**number)
    expected = (window.due >= start) & (window.due <= last)
    if questionnaire.by == "one":
        rater = usual_rater(world, key, every, f"{key} {name}")
        when = np.where(answers, days, _NEVER)
        _filled_in(world, key, number, name, every, when, rater, "one")
        told = [(when, None)]
    else:
        told = []
        for place, one in enumerate(_with_items(questionnaire)):
            too = answers if place == 0 else answers & (rng.random(len(every)) < _ANSWERS_TOO)
            when = days + (rng.integers(0, _SAME_DAYS_LATER, len(every)) if place else 0)
            when = np.where(too & (when <= last), when, _NEVER)
            rater = np.full(len(every), one, dtype=object)
            _filled_in(world, key, number, name, every, when, rater, one)
            told.append((when, rater))
    for place, (when, rater) in enumerate(told if len(every) else []):
        rows = np.flatnonzero(expected)
        one = None if rater is None else str(rater[0])
        world.expected.append(Expected(key, name, every[rows], window.closes[rows], one))
        ask_again(world, key, name, f"{key} {name} {place}", Approached(
            every[rows], cases.site[every[rows]], window.due[rows], np.minimum(last, window.ends)[rows],
            when[rows], rater=None if rater is None else rater[rows]))  # fmt: skip


def _with_items(questionnaire: Questionnaire) -> list[str]:
    """The raters who have an item to answer."""
    items = [item for asking in questionnaire.editions.values() for item in asking.items.values()]
    return [
        rater for rater in questionnaire.raters if any(not one.raters or rater in one.raters for one in items)
    ]


def _answering_days(
    world: World,
    questionnaire: Questionnaire,
    window: Window,
    start: np.ndarray,
    name: str,
    rng: np.random.Generator,
) -> np.ndarray:
    """A day inside the window for most, most often about when it is due; after it has closed for some.

    Where nothing is said of a window people answer in the weeks from when it is due.
    """
    n = len(start)
    if (window.closes > window.opens).any():
        low = np.maximum(window.opens, np.minimum(start, window.closes))
        most = np.clip(window.due, low, window.closes)
        days = np.floor(rng.triangular(low, most, window.closes + 1)).astype(np.int64)
    else:
        low = np.maximum(window.opens, start)
        days = np.maximum(window.due + rng.integers(-4, 18, n), low)
    days = np.maximum(weekday(days), low)
    if world.followed_up(questionnaire):
        late_rng = world.stream(f"late {name}")
        late = late_rng.random(n) < world.profile.round_late_share
        after = window.closes + late_rng.integers(1, 22, n)
        days = np.where(late & (after <= window.ends), after, days)
    return days


def _filled_in(
    world: World,
    key: str,
    number: int,
    name: str,
    every: np.ndarray,
    when: np.ndarray,
    rater: np.ndarray,
    which: str,
) -> None:
    """Answers of those who answer, and again of a few who were given the form twice."""
    rises = world.profile.wave_rise * number
    stream = f"{key} {name} {which}"
    rows = np.flatnonzero(when < _NEVER)
    rng = world.stream(f"twice {stream}")
    twice = rows[rng.random(len(rows)) < world.profile.answered_twice_share]
    again = when[twice] + rng.integers(1, 7, len(twice))
    inside = again <= world.ledger.cases.last[every[twice]]
    for these, days, stream_of in (
        (rows, when[rows], stream),
        (twice[inside], again[inside], f"{stream} again"),
    ):
        answer_at(world, key, every[these], days, stream_of, rater=rater[these],
                  wave=np.full(len(these), name, dtype=object), rises=rises)  # fmt: skip
