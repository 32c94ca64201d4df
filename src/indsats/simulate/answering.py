"""Answers on a scale from a level nobody sees: items, raters, rounds, what is left open or answered beside."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from indsats.programme import Asking, Questionnaire, Scale

from .forms import form_on, forms_of, left_out, named, nearest
from .wording import drawn
from .world import World

_OF_THE_PERSON = 0.7
_OF_THE_ITEM = 0.35
_OF_THE_DAY = 0.55


def answer_at(
    world: World,
    key: str,
    enrolment: np.ndarray,
    days: np.ndarray,
    name: str,
    *,
    rater: np.ndarray | None = None,
    wave: np.ndarray | None = None,
    rises: np.ndarray | float = 0.0,
) -> None:
    """Answers to a questionnaire without classes about the persons of enrolments, a set on each day.

    ``rises`` is how far the persons have come since the first round, in standard deviations of persons. Without
    a ``rater`` the one who usually answers does, or each of them where the questionnaire wants each. ``name``
    is that of the random numbers.
    """
    if len(enrolment) == 0:
        return
    questionnaire = world.programme.questionnaires[key]
    if rater is None and questionnaire.by == "each":
        for one in questionnaire.raters:
            every = np.full(len(days), one, dtype=object)
            answer_at(world, key, enrolment, days, f"{name} {one}", rater=every, wave=wave, rises=rises)
        return
    if rater is None:
        rater = usual_rater(world, key, enrolment, name)
    score = (world.people.chance + world.people.unseen)[world.ledger.cases.person[enrolment]]
    level = _OF_THE_PERSON * score / max(float(np.std(world.people.chance + world.people.unseen)), 1e-9)
    level = level + rises + rater_shift(world.profile.rater_gap, questionnaire, rater)
    site = world.ledger.cases.site[enrolment]
    write_answers(world, key, level, days, rater, name, enrolment=enrolment, site=site, wave=wave)


def write_answers(
    world: World,
    key: str,
    level: np.ndarray,
    days: np.ndarray,
    rater: np.ndarray,
    name: str,
    *,
    enrolment: np.ndarray,
    site: np.ndarray,
    respondent: np.ndarray | None = None,
    wave: np.ndarray | None = None,
) -> None:
    """Writes a set of answers for each level: about the persons of enrolments, or about sites by respondents.

    About sites ``enrolment`` is -1. A set in which nothing was asked, or nothing answered, is no fact. ``name`` is
    that of the random numbers.
    """
    questionnaire = world.programme.questionnaires[key]
    rng = world.stream(f"answers {name}")
    place = form_on(world, questionnaire, days, name)
    values = answers_of(world, key, level, site, place, rng, name)
    values = _left_open(
        values, asked_cells(questionnaire, place, rater), world.profile.missing_item_share, rng
    )
    values = answered_beside(world, questionnaire, values, place, name)
    kept = np.flatnonzero(~np.isnan(values).all(axis=1))
    edition = named(questionnaire, days, place)
    said: dict[str, Any] = {
        "questionnaire": key,
        "rater": rater[kept],
        "wave": None if wave is None else wave[kept],
        "edition": None if edition is None else edition[kept],
    }
    kind = "questionnaire_answered"
    if questionnaire.about == "site":
        kind = "site_answered"
        said |= {"person": np.full(len(kept), -1), "by": "survey"}
        said["respondent"] = None if respondent is None else respondent[kept]
    world.ledger.add(kind, days[kept], enrolment=enrolment[kept], site=site[kept],
                     extra=as_columns(questionnaire, values[kept]), **said)  # fmt: skip


def usual_rater(world: World, key: str, enrolment: np.ndarray, name: str) -> np.ndarray:
    """Who answers for each enrolment where one of several raters does: mostly the same one each time."""
    raters = world.programme.questionnaires[key].raters
    usual = drawn(raters, len(world.ledger.cases), world.stream(f"usual rater {key}"))[enrolment]
    rng = world.stream(f"rater {name}")
    other = rng.random(len(enrolment)) < world.profile.other_rater_share
    return np.where(other, drawn(raters, len(enrolment), rng), usual)


def rater_shift(gap: float, questionnaire: Questionnaire, rater: np.ndarray) -> np.ndarray:
    """How much lower each rater rates than the first of the questionnaire's raters."""
    rank = {name: number for number, name in enumerate(questionnaire.raters)}
    return -gap * np.array([rank.get(name, 0) for name in rater], dtype=float)


def answers_of(
    world: World,
    key: str,
    level: np.ndarray,
    site: np.ndarray,
    place: np.ndarray,
    rng: np.random.Generator,
    name: str,
) -> np.ndarray:
    """Answers (rows) to the items of all editions (columns) at each level, at each site, on the form at ``place``.

    NaN for an item the form does not have. A level of 0 lies in the middle of the scale, 1 is a standard
    deviation of persons better. Who wanted a point the form lacks takes one beside it; at the site ``left_out``
    names, somebody printed the form without one more.
    """
    questionnaire = world.programme.questionnaires[key]
    items = list(questionnaire.all_items)
    easier = world.stream(f"items {key}").normal(0.0, _OF_THE_ITEM, len(items))
    seen = level[:, None] + easier[None, :] + rng.normal(0.0, _OF_THE_DAY, (len(level), len(items)))
    up = world.stream(f"between {name}").random(seen.shape) < 0.5
    values = np.full(seen.shape, np.nan)
    missing = left_out(world.programme, key)
    forms = forms_of(world.programme, key, world.seed)
    for number, form in enumerate(forms):
        here = place == number
        odd = np.zeros(len(here), dtype=bool)
        if missing is not None and form is forms[-1]:
            odd = here & (site == missing[0])
        for column, item in enumerate(items):
            if item not in form.asking.items:
                continue
            for rows, without in ((here & ~odd, None), (odd, missing[1] if missing else None)):
                ticked = on_scale(form.asking.scale, seen[rows, column])
                values[rows, column] = nearest(ticked, form.points(item, without), up[rows, column])
    return values


def on_scale(scale: Scale, seen: np.ndarray) -> np.ndarray:
    """Whole answers for levels around 0, higher levels with the better answers."""
    share = 1 / (1 + np.exp(-1.4 * seen))
    if scale.better == "lower":
        share = 1 - share
    width = scale.high - scale.low
    return np.clip(np.rint(scale.low + width * share), scale.low, scale.high).astype(np.int64)


def asked_cells(questionnaire: Questionnaire, place: np.ndarray, rater: np.ndarray) -> np.ndarray:
    """Which items (columns) are put to whom (rows): those of the form at ``place`` that the rater is asked.

    A point of advice is no question, unless the whole form is advice that is answered point by point.
    """
    asked = np.zeros((len(place), len(questionnaire.all_items)), dtype=bool)
    for number, asking in enumerate(questionnaire.editions.values()):
        here = place == number
        all_advice = all(item.advice for item in asking.items.values())
        for column, name in enumerate(questionnaire.all_items):
            item = asking.items.get(name)
            if item is None or (item.advice and not all_advice):
                continue
            asked[:, column] |= here & (np.isin(rater, item.raters) if item.raters else True)
    return asked


def _left_open(values: np.ndarray, asked: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
    """``values`` of what was asked; in a share of the sets one item was left open."""
    n, items = values.shape
    open_ = rng.random(n) < share
    which = rng.integers(0, items, n)
    answered = asked.copy()
    answered[np.arange(n), which] &= ~(open_ & (asked.sum(axis=1) > 1))
    return np.where(answered, values, np.nan)


def answered_beside(
    world: World, questionnaire: Questionnaire, values: np.ndarray, place: np.ndarray, name: str
) -> np.ndarray:
    """``values`` with a share of the answers put beside the scale: don't know, not relevant, would not say."""
    if not any(asking.beside for asking in questionnaire.editions.values()):
        return values
    rng = world.stream(f"beside {name}")
    hit = (rng.random(values.shape) < world.profile.beside_scale_share) & ~np.isnan(values)
    picked = rng.random(values.shape)
    changed = values.copy()
    for number, asking in enumerate(questionnaire.editions.values()):
        codes = np.array(list(asking.beside), dtype=float)
        here = hit & (place == number)[:, None]
        if len(codes):
            changed[here] = codes[np.floor(picked[here] * len(codes)).astype(np.int64)]
    return changed


def is_point(asking: Asking, values: np.ndarray) -> np.ndarray:
    """Which values are a point of the scale rather than left open or beside it."""
    return ~np.isnan(values) & ~np.isin(values, list(asking.beside))


def as_columns(questionnaire: Questionnaire, values: np.ndarray) -> dict[str, pl.Series]:
    """One column of whole numbers for each item of any edition, null where ``values`` have NaN."""
    names = [f"answer.{item}" for item in questionnaire.all_items]
    table = pl.DataFrame(values, schema=names, orient="row").select(pl.all().fill_nan(None).cast(pl.Int64))
    return {name: table[name] for name in names}
