"""Answered questionnaires: sides as a Markov chain per unit, answer patterns drawn within a side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import polars as pl

from indsats.programme import Cadence, Questionnaire, parse_rule, with_rule

from .answering import answer_at, answered_beside, as_columns, asked_cells, is_point
from .asking import Approached, ask_again
from .chains import Chain
from .due import spans_of
from .forms import Form, form_on, forms_of, left_out, named, nearest
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
    open: np.ndarray
    """Whether an item that was asked was left open."""
    complete: np.ndarray
    """Whether every item that was asked has an answer on the scale."""


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
        _reminded(world, key, items)
        if questionnaire.cadence is not None and _only_this(cadence, key):
            chains[questionnaire.cadence] = items
        if questionnaire.classes:
            told.append(_answers(world, key, questionnaire, items))
        else:
            rows = items.happened
            rises = _place_in_enrolment(items.enrolment[rows], items.done[rows]) * world.profile.wave_rise / 3
            answer_at(world, key, items.enrolment[rows], items.done[rows], f"{key} again", rises=rises)
    return chains, told


def _reminded(world: World, key: str, items: Chain) -> None:
    """Reminders of what fell due by a cadence, while it had not been done."""
    cases = world.ledger.cases
    rows = np.flatnonzero(items.counts)
    enrolment = items.enrolment[rows]
    done = np.where(items.done[rows] >= 0, items.done[rows], np.iinfo(np.int64).max)
    last = np.minimum(cases.last[enrolment], world.last_day)
    ask_again(
        world, key, None, key, Approached(enrolment, cases.site[enrolment], items.due[rows], last, done)
    )


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


def patterns_of(form: Form, key: str, seed: int) -> Patterns:
    """All patterns that can be ticked on a form, a random choice where there are too many, with their sides."""
    asking, scale = form.asking, form.asking.scale
    points = [form.points(item) for item in asking.items]
    size = 1
    for there in points:
        size *= len(there)
    if size <= _MOST_PATTERNS:
        answers = np.array(list(product(*(there.tolist() for there in points))))
    else:
        rng = stream(seed, f"patterns {key}")
        centre = rng.uniform(scale.low - 0.5, scale.high + 0.5, (_MOST_PATTERNS, 1))
        width = scale.high - scale.low + 1
        drawn = np.rint(centre + rng.normal(0, width / 5, (_MOST_PATTERNS, len(points))))
        up = np.zeros(_MOST_PATTERNS, dtype=bool)
        answers = np.stack(
            [nearest(drawn[:, column], there, up) for column, there in enumerate(points)], axis=1
        )
    level = (answers.mean(axis=1) - scale.low) / (scale.high - scale.low)
    if scale.better == "lower":
        level = 1 - level
    names = _sides(form, answers)
    found = sorted(sorted(set(names)), key=lambda name: level[names == name].mean())
    return Patterns(answers, tuple(found), _rank(found, names), level)


def _rank(found: Sequence[str], names: np.ndarray) -> np.ndarray:
    rank = {name: index for index, name in enumerate(found)}
    return np.array([rank[name] for name in names])


def _sides(form: Form, answers: np.ndarray) -> np.ndarray:
    """The side of each pattern; first class that fits wins; "" where no class or no side is defined."""
    items = list(form.asking.items)
    frame = pl.DataFrame({item: answers[:, i].astype(float) for i, item in enumerate(items)})
    sides = np.full(len(answers), "", dtype=object)
    free = np.ones(len(answers), dtype=bool)
    for one in form.asking.classes:
        rule = parse_rule(one.when, dict.fromkeys(items, "number"), answers=tuple(items))
        hit = with_rule(frame, "hit", rule)["hit"].fill_null(value=False).to_numpy() & free
        sides[hit] = one.side or ""
        free &= ~hit
    return sides


def _aligned(patterns: Patterns, current: Patterns) -> Patterns:
    """The patterns of an earlier edition by the sides of the current one, an unknown side as the one nearest to it."""
    means = [current.level[current.side == s].mean() for s in range(len(current.sides))]
    place = []
    for s, name in enumerate(patterns.sides):
        own = patterns.level[patterns.side == s].mean()
        near = int(np.argmin(np.abs(np.array(means) - own)))
        place.append(current.sides.index(name) if name in current.sides else near)
    return Patterns(patterns.answers, current.sides, np.array(place)[patterns.side], patterns.level)


def _answers(world: World, key: str, questionnaire: Questionnaire, items: Chain) -> Sides:
    rng = world.stream(f"answers {key}")
    ledger, people = world.ledger, world.people
    forms = forms_of(world.programme, key, world.seed)
    current = patterns_of(forms[-1], key, world.seed)
    rows = items.happened
    rows = rows[np.lexsort((items.done[rows], items.enrolment[rows]))]
    enrolment, days = items.enrolment[rows], items.done[rows]
    n = len(rows)
    side = _side_chain(
        enrolment,
        len(current.sides),
        world.behaviour("side_up", enrolment),
        world.behaviour("side_down", enrolment),
        rng,
    )
    ability = (people.chance + people.unseen)[ledger.cases.person[enrolment]]
    order = np.argsort(np.argsort(ability, kind="stable"), kind="stable")
    level = np.clip(order * _LEVELS // max(n, 1) + rng.integers(-1, 2, n), 0, _LEVELS - 1)
    missing = left_out(world.programme, key)
    odd = np.zeros(n, dtype=bool) if missing is None else ledger.cases.site[enrolment] == missing[0]
    place = form_on(world, questionnaire, days, key)
    values = np.full((n, len(questionnaire.all_items)), np.nan)
    for number, form in enumerate(forms):
        here = np.flatnonzero(place == number)
        last = form is forms[-1]
        patterns = (
            current if last else _aligned(patterns_of(form, f"{key} {form.edition}", world.seed), current)
        )
        without = None if missing is None or not last else missing[1]
        chosen = _chosen(patterns, side[here], level[here], odd[here], without, rng)
        at = [list(questionnaire.all_items).index(item) for item in form.asking.items]
        values[here[:, None], np.array(at)] = patterns.answers[chosen]
    raters, values = _by_raters(world, key, questionnaire, values, place, rng)
    points = np.zeros(values.shape, dtype=bool)
    for number, form in enumerate(forms):
        points[place == number] = is_point(form.asking, values[place == number])
    asked = asked_cells(questionnaire, place, raters)
    open_ = np.asarray((asked & np.isnan(values)).any(axis=1))
    complete = (points == asked).all(axis=1)
    waves = list(questionnaire.waves)
    turn = _place_in_enrolment(enrolment, days)
    wave = np.array(
        [waves[number] if number < len(waves) else None for number in turn.tolist()], dtype=object
    )
    sets = [(values, raters, days)]
    if questionnaire.by == "each":
        sets += _other_raters(world, key, questionnaire, values, place, days, forms)
    for given, rater, when in sets:
        rows = np.flatnonzero((when <= ledger.cases.last[enrolment]) & ~np.isnan(given).all(axis=1))
        edition = named(questionnaire, when, place)
        ledger.add(
            "questionnaire_answered",
            when[rows],
            enrolment=enrolment[rows],
            extra=as_columns(questionnaire, given[rows]),
            questionnaire=key,
            rater=rater[rows],
            wave=wave[rows],
            edition=None if edition is None else edition[rows],
        )
    return Sides(key, current.sides, enrolment, days, side, open_, complete)


def _chosen(
    patterns: Patterns,
    side: np.ndarray,
    level: np.ndarray,
    odd: np.ndarray,
    without: int | None,
    rng: np.random.Generator,
) -> np.ndarray:
    """A pattern of each side near each level; where ``odd`` one that does not have the answer ``without``."""
    chosen = np.zeros(len(side), dtype=np.int64)
    for s in range(len(patterns.sides)):
        for at_odd in (False, True):
            candidates = np.flatnonzero(patterns.side == s)
            if not len(candidates):
                candidates = np.arange(len(patterns.side))
            if at_odd and without is not None:
                free = ~(patterns.answers[candidates] == without).any(axis=1)
                candidates = candidates[free] if free.any() else candidates
            for step in range(_LEVELS):
                wanted = np.flatnonzero((side == s) & (level == step) & (odd == at_odd))
                near = np.exp(-(((patterns.level[candidates] - (step + 0.5) / _LEVELS) / 0.2) ** 2)) + 1e-6
                chosen[wanted] = candidates[choose(rng, near, len(wanted))]
    return chosen


def _by_raters(
    world: World,
    key: str,
    questionnaire: Questionnaire,
    values: np.ndarray,
    place: np.ndarray,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """Who rates each set, and ``values`` as that rater leaves them: one item open in some, some beside the scale."""
    n, items = values.shape
    open_ = rng.random(n) < world.profile.missing_item_share
    if items == 1:
        open_[:] = False  # without its only item a questionnaire is not answered at all
    values = values.copy()
    values[open_, rng.integers(0, items, int(open_.sum()))] = np.nan
    raters = np.array(questionnaire.raters, dtype=object)[rng.integers(0, len(questionnaire.raters), n)]
    if questionnaire.by == "each":
        raters[:] = questionnaire.raters[0]
    values = np.where(asked_cells(questionnaire, place, raters), values, np.nan)
    return raters, answered_beside(world, questionnaire, values, place, key)


def _other_raters(
    world: World,
    key: str,
    questionnaire: Questionnaire,
    values: np.ndarray,
    place: np.ndarray,
    days: np.ndarray,
    forms: Sequence[Form],
) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """The sets of the raters after the first, some days later: as the first saw it, some answers one point worse."""
    found: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    for number, name in enumerate(questionnaire.raters[1:], start=1):
        rng = world.stream(f"answers {key} {name}")
        rater = np.full(len(days), name, dtype=object)
        lower = rng.random(values.shape) < min(number * world.profile.rater_gap, 1.0)
        seen = np.where(asked_cells(questionnaire, place, rater), values, np.nan)
        for at, form in enumerate(forms):
            worse = -1 if form.asking.scale.better != "lower" else 1
            for column, item in enumerate(questionnaire.all_items):
                if item not in form.asking.items:
                    continue
                rows = (place == at) & lower[:, column]
                rows &= is_point(form.asking, seen[:, column])
                up = np.zeros(int(rows.sum()), dtype=bool)
                seen[rows, column] = nearest(seen[rows, column] + worse, form.points(item), up)
        found.append((seen, rater, days + rng.integers(0, 8, len(days))))
    return found


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
