"""Answered questionnaires: sides as a Markov chain per unit, answer patterns drawn within a side."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
import polars as pl

from indsats.programme import Cadence, Programme, Questionnaire, parse_rule, rule_fields, with_rule

from .answering import answer_at, left_out
from .chains import Chain
from .due import spans_of
from .repeated import DEFAULT_EVERY, chain
from .streams import choose, stream
from .world import World

_MOST_PATTERNS = 20_000
_LEVELS = 5


@dataclass(frozen=True, slots=True)
class Patterns:
    """Answer patterns with the side each belongs to; ``sides`` from worst to best."""

    answers: np.ndarray
    """Shape (patterns, items)."""
    sides: tuple[str, ...]
    side: np.ndarray
    """Index into ``sides`` by pattern."""
    level: np.ndarray
    """Mean answer by pattern, 0 for the worst possible to 1 for the best."""


@dataclass(frozen=True, slots=True)
class Sides:
    """What was planted and drawn: one entry per answered questionnaire, in order of enrolment and day."""

    questionnaire: str
    sides: tuple[str, ...]
    enrolment: np.ndarray
    day: np.ndarray
    side: np.ndarray
    complete: np.ndarray


def answered(world: World) -> tuple[dict[str, Chain], list[Sides]]:
    """Facts for questionnaires about persons that are filled in again and again.

    Those with a cadence keep it, those without rounds or cadence are filled in every third month. Where a
    questionnaire has classes the sides behind the answers follow a chain of their own; returns the chains of
    the cadences and those sides.
    """
    chains: dict[str, Chain] = {}
    told: list[Sides] = []
    for key, questionnaire in world.programme.questionnaires.items():
        rounds = bool(questionnaire.waves) and questionnaire.cadence is None and not questionnaire.classes
        if questionnaire.about != "person" or rounds:
            continue
        cadence = None if questionnaire.cadence is None else world.programme.cadences[questionnaire.cadence]
        every = DEFAULT_EVERY if cadence is None else cadence.every
        items = chain(world, f"questionnaire {key}", every, spans_of(world, cadence))
        if questionnaire.cadence is not None and _only_this(cadence, key):
            chains[questionnaire.cadence] = items
        if questionnaire.classes:
            told.append(_answers(world, key, questionnaire, items))
        else:
            rows = items.happened
            rises = _place_in_enrolment(items.enrolment[rows], items.done[rows]) * world.profile.wave_rise / 3
            answer_at(world, key, items.enrolment[rows], items.done[rows], rises=rises)
    return chains, told


def _only_this(cadence: Cadence | None, key: str) -> bool:
    """Whether a cadence is about this questionnaire alone, so that its items are the planted ones."""
    return cadence is not None and all(
        one.kind == "questionnaire_answered" and (one.where == "true" or f'"{key}"' in one.where)
        for one in cadence.what
    )


def _place_in_enrolment(enrolment: np.ndarray, days: np.ndarray) -> np.ndarray:
    """How many came before each entry in its enrolment."""
    order = np.lexsort((days, enrolment))
    sorted_ = enrolment[order]
    n = len(sorted_)
    fresh = np.concatenate([[True], sorted_[1:] != sorted_[:-1]])[:n]
    place = np.empty(n, dtype=np.int64)
    place[order] = np.arange(n) - np.maximum.accumulate(np.where(fresh, np.arange(n), 0)) if n else 0
    return place


def patterns_of(programme: Programme, key: str, seed: int) -> Patterns:
    """All answer patterns of a questionnaire, a random choice where there are too many, with their sides."""
    questionnaire = programme.questionnaires[key]
    scale, items = questionnaire.scale, list(questionnaire.items)
    width = scale.high - scale.low + 1
    if width ** len(items) <= _MOST_PATTERNS:
        answers = np.array(list(product(range(scale.low, scale.high + 1), repeat=len(items))))
    else:
        rng = stream(seed, f"patterns {key}")
        centre = rng.uniform(scale.low - 0.5, scale.high + 0.5, (_MOST_PATTERNS, 1))
        drawn = np.rint(centre + rng.normal(0, width / 5, (_MOST_PATTERNS, len(items))))
        answers = np.clip(drawn, scale.low, scale.high).astype(np.int64)
    level = (answers.mean(axis=1) - scale.low) / (scale.high - scale.low)
    if scale.better == "lower":
        level = 1 - level
    named = _sides(programme, key, questionnaire, answers)
    found = sorted(sorted(set(named)), key=lambda name: level[named == name].mean())
    return Patterns(answers, tuple(found), _rank(found, named), level)


def _rank(found: list[str], named: np.ndarray) -> np.ndarray:
    rank = {name: index for index, name in enumerate(found)}
    return np.array([rank[name] for name in named])


def _sides(programme: Programme, key: str, questionnaire: Questionnaire, answers: np.ndarray) -> np.ndarray:
    """The side of each pattern; first class that fits wins; "" where no class or no side is defined."""
    frame = pl.DataFrame({item: answers[:, i].astype(float) for i, item in enumerate(questionnaire.items)})
    fields = rule_fields(programme, f"questionnaire:{key}")
    named = np.full(len(answers), "", dtype=object)
    free = np.ones(len(answers), dtype=bool)
    for one in questionnaire.classes:
        rule = parse_rule(one.when, fields, answers=tuple(questionnaire.items))
        hit = with_rule(frame, "hit", rule)["hit"].fill_null(value=False).to_numpy() & free
        named[hit] = one.side or ""
        free &= ~hit
    return named


def _answers(world: World, key: str, questionnaire: Questionnaire, items: Chain) -> Sides:
    rng = world.stream(f"answers {key}")
    profile, ledger, people = world.profile, world.ledger, world.people
    patterns = patterns_of(world.programme, key, world.seed)
    rows = items.happened
    rows = rows[np.lexsort((items.done[rows], items.enrolment[rows]))]
    enrolment, days = items.enrolment[rows], items.done[rows]
    n = len(rows)
    side = _side_chain(
        enrolment,
        len(patterns.sides),
        world.behaviour("side_up", enrolment),
        world.behaviour("side_down", enrolment),
        rng,
    )
    ability = (people.chance + people.unseen)[ledger.cases.person[enrolment]]
    order = np.argsort(np.argsort(ability, kind="stable"), kind="stable")
    level = np.clip(order * _LEVELS // max(n, 1) + rng.integers(-1, 2, n), 0, _LEVELS - 1)
    missing = left_out(world.programme, key)
    odd = np.zeros(n, dtype=bool) if missing is None else ledger.cases.site[enrolment] == missing[0]
    chosen = np.zeros(n, dtype=np.int64)
    for s in range(len(patterns.sides)):
        for at_odd in (False, True):
            candidates = np.flatnonzero(patterns.side == s)
            if at_odd and missing is not None:
                without = ~(patterns.answers[candidates] == missing[1]).any(axis=1)
                candidates = candidates[without] if without.any() else candidates
            for step in range(_LEVELS):
                wanted = np.flatnonzero((side == s) & (level == step) & (odd == at_odd))
                near = np.exp(-(((patterns.level[candidates] - (step + 0.5) / _LEVELS) / 0.2) ** 2)) + 1e-6
                chosen[wanted] = candidates[choose(rng, near, len(wanted))]
    values = patterns.answers[chosen].astype(float)
    complete = rng.random(n) >= profile.missing_item_share
    if len(questionnaire.items) == 1:
        complete[:] = True  # without its only item a questionnaire is not answered at all
    values[~complete, rng.integers(0, len(questionnaire.items), int((~complete).sum()))] = np.nan
    extra = {
        f"answer.{item}": pl.Series(values[:, i]).fill_nan(None).cast(pl.Int64)
        for i, item in enumerate(questionnaire.items)
    }
    raters = np.array(questionnaire.raters, dtype=object)[rng.integers(0, len(questionnaire.raters), n)]
    waves = list(questionnaire.waves)
    place = _place_in_enrolment(enrolment, days)
    wave = [waves[number] if number < len(waves) else None for number in place.tolist()]
    ledger.add(
        "questionnaire_answered",
        days,
        enrolment=enrolment,
        extra=extra,
        questionnaire=key,
        rater=raters,
        wave=wave,
    )
    return Sides(key, patterns.sides, enrolment, days, side, complete)


def _side_chain(
    enrolment: np.ndarray, sides: int, up: np.ndarray, down: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Sides step by step: even shares at first, then one step up or down with the unit's chances."""
    n = len(enrolment)
    fresh = np.concatenate([[True], enrolment[1:] != enrolment[:-1]]) if n else np.empty(0, bool)
    place = np.arange(n) - np.maximum.accumulate(np.where(fresh, np.arange(n), 0))
    draw = rng.random(n)
    side = np.minimum((draw * sides).astype(np.int64), sides - 1)
    for step in range(1, int(place.max(initial=0)) + 1):
        now = np.flatnonzero(place == step)
        before = side[now - 1]
        rises = (draw[now] < up[now]) & (before < sides - 1)
        falls = (draw[now] > 1 - down[now]) & (before > 0)
        side[now] = before + rises - falls
    return side
