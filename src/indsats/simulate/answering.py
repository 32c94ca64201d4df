"""Answers on a scale from a level nobody sees: items, raters, rounds, what is left open, an option left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from indsats.programme import Programme, Questionnaire, Scale

from .streams import stream

if TYPE_CHECKING:
    from .world import World

_OF_THE_PERSON = 0.7
_OF_THE_ITEM = 0.35
_OF_THE_DAY = 0.55
_FEWEST_OPTIONS = 4
"""A scale with fewer answers has none that could be missing without showing at once."""


def answer_at(
    world: World,
    key: str,
    enrolment: np.ndarray,
    days: np.ndarray,
    *,
    rater: np.ndarray | None = None,
    wave: np.ndarray | None = None,
    rises: np.ndarray | float = 0.0,
) -> None:
    """Answers to a questionnaire without classes about the persons of enrolments, one set on each day.

    ``rises`` is how far the persons have come since the first round, in standard deviations of persons.
    """
    if len(enrolment) == 0:
        return
    questionnaire = world.programme.questionnaires[key]
    table = world.ledger.table("questionnaire_answered")
    rng = world.stream(f"answers {key} {0 if table is None else table.height}")
    raters = np.array(questionnaire.raters, dtype=object)
    rater = raters[rng.integers(0, len(raters), len(days))] if rater is None else rater
    score = (world.people.chance + world.people.unseen)[world.ledger.cases.person[enrolment]]
    level = _OF_THE_PERSON * score / max(float(np.std(world.people.chance + world.people.unseen)), 1e-9)
    level = level + rises + rater_shift(world.profile.rater_gap, questionnaire, rater)
    site = world.ledger.cases.site[enrolment]
    answers = answers_of(world.programme, key, level, site, world.seed, rng)
    world.ledger.add(
        "questionnaire_answered",
        days,
        enrolment=enrolment,
        extra=columns(questionnaire, answers, rater, world.profile.missing_item_share, rng),
        questionnaire=key,
        rater=rater,
        wave=wave,
    )


def rater_shift(gap: float, questionnaire: Questionnaire, rater: np.ndarray) -> np.ndarray:
    """How much lower each rater rates than the first of the questionnaire's raters."""
    rank = {name: number for number, name in enumerate(questionnaire.raters)}
    return -gap * np.array([rank.get(name, 0) for name in rater], dtype=float)


def answers_of(
    programme: Programme, key: str, level: np.ndarray, site: np.ndarray, seed: int, rng: np.random.Generator
) -> np.ndarray:
    """Answers (rows) to all items (columns) of a questionnaire at each level, at each site.

    A level of 0 lies in the middle of the scale, 1 is a standard deviation of persons better. At the site
    ``left_out`` names nobody gives the answer it names: somebody printed the form without it.
    """
    questionnaire = programme.questionnaires[key]
    scale, items = questionnaire.scale, len(questionnaire.items)
    easier = stream(seed, f"items {key}").normal(0.0, _OF_THE_ITEM, items)
    seen = level[:, None] + easier[None, :] + rng.normal(0.0, _OF_THE_DAY, (len(level), items))
    answers = on_scale(scale, seen)
    missing = left_out(programme, key)
    if missing is not None:
        odd = (site == missing[0])[:, None] & (answers == missing[1])
        answers = np.where(odd, answers + np.where(rng.random(answers.shape) < 0.5, 1, -1), answers)
    return answers


def on_scale(scale: Scale, seen: np.ndarray) -> np.ndarray:
    """Whole answers for levels around 0, higher levels with the better answers."""
    share = 1 / (1 + np.exp(-1.4 * seen))
    if scale.better == "lower":
        share = 1 - share
    width = scale.high - scale.low
    return np.clip(np.rint(scale.low + width * share), scale.low, scale.high).astype(np.int64)


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


def columns(
    questionnaire: Questionnaire,
    answers: np.ndarray,
    rater: np.ndarray,
    missing_share: float,
    rng: np.random.Generator,
) -> dict[str, pl.Series]:
    """One column for each item: empty for advice, for items the rater is not asked, and where one was left open."""
    values = answers.astype(float)
    n, items = values.shape
    asked = np.ones((n, items), dtype=bool)
    for number, item in enumerate(questionnaire.items.values()):
        if item.raters:
            asked[:, number] = np.isin(rater, item.raters)
    advice = np.array([item.advice for item in questionnaire.items.values()])
    if not advice.all():
        asked &= ~advice[None, :]
    open_ = rng.random(n) < missing_share
    which = rng.integers(0, items, n)
    asked[np.arange(n), which] &= ~(open_ & (asked.sum(axis=1) > 1))
    values = np.where(asked, values, np.nan)
    names = [f"answer.{item}" for item in questionnaire.items]
    table = pl.DataFrame(values, schema=names, orient="row").select(pl.all().fill_nan(None).cast(pl.Int64))
    return {name: table[name] for name in names}
