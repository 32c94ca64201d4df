"""Whether what was measured at the start foretells what happened later: a score, an answer, a worker's belief."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import exp
from typing import TYPE_CHECKING, Literal

import polars as pl

from indsats.evaluate import (
    Calibration,
    Caution,
    Discrimination,
    Effect,
    calibration,
    caution,
    discrimination,
    foretold,
    progression_and_outcome,
    wilson_interval,
)
from indsats.figure import Figure
from indsats.measure import score_of
from indsats.programme import Duration, Happening, Questionnaire, Text

from .followed import first_measured, outcomes_of

if TYPE_CHECKING:
    from indsats.record import Facts

GROUPS = 5
"""Into so many groups people are put by the chance foretold of them."""
AREA = "area under the ROC curve (DeLong, log-odds interval)"
ODDS = "odds ratio per standard deviation (logistic regression)"
SLOPE = "calibration slope of chances foretold by the others (five parts)"
BRIER = "scaled Brier score of chances foretold by the others (five parts)"


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """Those who gave one answer, or stood at one level (or band): how many, and the share with the outcome."""

    answer: str
    title: Text
    people: Figure
    outcome: Figure


@dataclass(frozen=True, slots=True)
class ForetoldRow:
    """A group by the chance foretold: how many, the mean chance, and the share with the outcome."""

    group: int
    people: Figure
    expected: Figure
    outcome: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidityRow:
    """What a score or an item foretells.

    ``people`` counts those measured and followed, ``people.excluded`` the others by reason; ``outcome`` is their share
    with the outcome. ``auc``: the chance that somebody with the outcome stood better at the start than somebody
    without. ``odds``: odds ratio per standard deviation better. ``slope`` and ``brier`` (scaled) say whether chances
    foretold from it fit. Figures that cannot be computed have no value, and a caution says why. ``answers`` are the
    item's answers (empty for a score), ``levels`` its levels or the score's bands, ``groups`` a score's calibration.
    """

    kind: Literal["score", "item"]
    id: str
    title: Text
    people: Figure
    outcome: Figure
    auc: Figure
    odds: Figure
    slope: Figure
    brier: Figure
    answers: tuple[AnswerRow, ...] = ()
    levels: tuple[AnswerRow, ...] = ()
    groups: tuple[ForetoldRow, ...] = ()
    cautions: tuple[Caution, ...] = ()


def validity(
    facts: Facts,
    q_id: str,
    *,
    scores: Sequence[str] = (),
    items: Sequence[str] = (),
    what: Sequence[Happening] = (),
    within: Duration | None = None,
    until: date,
    outcomes: pl.DataFrame | None = None,
    name: str | None = None,
) -> tuple[ValidityRow, ...]:
    """One row per score and item: whether the first measurement foretells the outcome.

    A person counts once, with the first measurement by ``until`` that gives a value; where the questionnaire says what
    a baseline is, only one in that window. The outcome is that a fact of ``what`` about the person begins after that
    day and no later than ``within`` after it, in whichever enrolment and also after an exit. Only those are used whose
    ``within`` has passed by ``until`` and by the end of the data, also of those who already have the outcome: they
    would otherwise weigh more. Instead of ``what`` and ``within``, ``outcomes`` (``person`` or ``enrolment``, and the
    yes-or-no ``outcome``, null where it is not known) gives the outcome, as from a register.

    Measurements are turned so that more is better, by the questionnaire's scale. ``people.excluded``: not answered,
    incomplete, outside the baseline window (``too_late``, ``before_enrolment``), no enrolment, not observed long
    enough, unknown value. Ids: ``validity/<name>/<score or item>/…``, ``name`` being ``q_id`` when left out; two tables
    of one document that differ in ``what`` or ``within`` need two names.

    Raises KeyError for an unknown questionnaire, score or item, and ValueError for one about sites, for a score and an
    item of the same id, for other than one of ``what`` (with ``within``) and ``outcomes``, and for ``outcomes`` of the
    wrong form.
    """
    asked = ask(facts, q_id, scores, items, what, within, outcomes)
    rows: list[ValidityRow] = []
    for key, kind in asked.items():
        measured = first_measured(facts, q_id, kind, key, until)
        people = outcomes_of(facts, measured, what, within, until, outcomes)
        rows.append(
            _row(facts.programme.questionnaires[q_id], kind, key, people, f"validity/{name or q_id}/{key}")
        )
    return tuple(rows)


def ask(
    facts: Facts,
    q_id: str,
    scores: Sequence[str],
    items: Sequence[str],
    what: Sequence[Happening],
    within: Duration | None,
    outcomes: pl.DataFrame | None,
) -> dict[str, Literal["score", "item"]]:
    """The kind of each id; says what does not fit together."""
    questionnaire = facts.programme.questionnaires[q_id]
    if questionnaire.about == "site":
        raise ValueError(f"questionnaire '{q_id}' is about sites: it foretells nothing of a person")
    if (outcomes is None) == (not what) or (within is None and outcomes is None):
        raise ValueError("give either 'what' and 'within', or 'outcomes'")
    for key in set(scores) & set(items):
        raise ValueError(f"'{key}' is both a score and an item: ask for them one at a time")
    for key in scores:
        score_of(questionnaire, key)
    for key in items:
        _ = questionnaire.all_items[key]
    return {**dict.fromkeys(scores, "score"), **dict.fromkeys(items, "item")}


def title_of(questionnaire: Questionnaire, kind: Literal["score", "item"], key: str) -> Text:
    return (score_of(questionnaire, key) if kind == "score" else questionnaire.all_items[key]).title


def better(questionnaire: Questionnaire, people: pl.DataFrame) -> pl.DataFrame:
    """Those measured and followed, with values turned so that more is better."""
    known = people.filter(pl.col("reason").is_null())
    return known.with_columns(-pl.col("^value.*$")) if questionnaire.scale.better == "lower" else known


def counts(stem: str, people: pl.DataFrame, known: pl.DataFrame) -> tuple[Figure, Figure]:
    excluded = dict(people.drop_nulls("reason").group_by("reason").len().sort("reason").iter_rows())
    happened = int(known["outcome"].sum())
    return (
        Figure.count(f"{stem}/people", known.height, excluded=excluded),
        _share(f"{stem}/outcome", happened, known.height),
    )


def _share(name: str, number: int, of: int) -> Figure:
    low, high = wilson_interval(number, of) if of else (None, None)
    return Figure.share(name, number, of, low=low, high=high, method="Wilson interval")


def _row(
    questionnaire: Questionnaire, kind: Literal["score", "item"], key: str, people: pl.DataFrame, stem: str
) -> ValidityRow:
    known = better(questionnaire, people)
    counted, outcome = counts(stem, people, known)
    answers, levels = _answers(questionnaire, kind, key, people, stem)
    # The area follows from the counts by answer: shown beside them it could give away one that is hidden.
    made_from = (outcome.id, *(row.outcome.id for row in (*answers, *levels)))
    cautions: list[Caution] = []
    found = odds = fit = None
    if why := cannot_foretell(known):
        cautions.append(why)
    else:
        found = discrimination(known, "value", "outcome")
        cautions += found.warnings
        odds, fit = _odds(known), _fit(known)
        if odds is None:
            cautions.append(not_computed("oddsforholdet", "the odds ratio"))
        else:
            cautions += [one for one in odds.warnings if one.code == "association"]
        if fit is None:
            cautions.append(not_computed("kalibreringen", "the calibration"))
    return ValidityRow(
        kind=kind,
        id=key,
        title=title_of(questionnaire, kind, key),
        people=counted,
        outcome=outcome,
        auc=area_figure(f"{stem}/auc", found, known.height, made_from),
        odds=_odds_figure(f"{stem}/odds", odds, known.height, made_from),
        slope=_slope(f"{stem}/slope", fit, known.height, made_from),
        brier=number_figure(f"{stem}/brier", fit and fit.scaled_brier, known.height, BRIER, made_from),
        answers=answers,
        levels=levels,
        groups=_groups(fit, stem) if kind == "score" else (),
        cautions=tuple(cautions),
    )


def _odds(known: pl.DataFrame) -> Effect | None:
    try:
        return progression_and_outcome(known, "value", "outcome").odds
    except ValueError:  # the values separate the outcomes
        return None


def _fit(known: pl.DataFrame) -> Calibration | None:
    try:
        chances = foretold(known, "value", "outcome", id="person").table
        return calibration(chances, "probability", "outcome", groups=GROUPS)
    except ValueError:  # too few for five parts, or one in which values separate the outcomes
        return None


def number_figure(
    name: str,
    value: float | None,
    people: int,
    method: str,
    made_from: tuple[str, ...],
    low: float | None = None,
    high: float | None = None,
    p: float | None = None,
) -> Figure:
    return Figure(
        name,
        value,
        "number",
        None,
        float(people),
        low=low,
        high=high,
        p=p,
        method=method,
        made_from=made_from,
    )


def area_figure(name: str, found: Discrimination | None, people: int, made_from: tuple[str, ...]) -> Figure:
    if found is None:
        return number_figure(name, None, people, AREA, made_from)
    low, high = found.interval or (None, None)
    return number_figure(name, found.auc, people, AREA, made_from, low, high, found.p)


def _odds_figure(name: str, odds: Effect | None, people: int, made_from: tuple[str, ...]) -> Figure:
    if odds is None:
        return number_figure(name, None, people, ODDS, made_from)
    value, low, high = (exp(min(one, 700.0)) for one in (odds.estimate, *odds.interval))
    return number_figure(name, value, people, ODDS, made_from, low, high, odds.p)


def _slope(name: str, fit: Calibration | None, people: int, made_from: tuple[str, ...]) -> Figure:
    if fit is None:
        return number_figure(name, None, people, SLOPE, made_from)
    slope = fit.slope
    return number_figure(name, slope.estimate, people, SLOPE, made_from, *slope.interval, slope.p)


def _groups(fit: Calibration | None, stem: str) -> tuple[ForetoldRow, ...]:
    rows: list[ForetoldRow] = []
    for row in fit.table.iter_rows(named=True) if fit else ():
        here = f"{stem}/group/{row['group']}"
        outcome = _share(f"{here}/outcome", row["events"], row["n"])
        expected = number_figure(f"{here}/expected", row["expected"], row["n"], SLOPE, (outcome.id,))
        rows.append(ForetoldRow(row["group"], Figure.count(f"{here}/people", row["n"]), expected, outcome))
    return tuple(rows)


def _answers(
    questionnaire: Questionnaire, kind: Literal["score", "item"], key: str, people: pl.DataFrame, stem: str
) -> tuple[tuple[AnswerRow, ...], tuple[AnswerRow, ...]]:
    """Rows by answer (an item's) and by level (a score's bands), in the order of the definition."""
    known = people.filter(pl.col("reason").is_null())
    if kind == "score":
        bands = {band.id: band.title for band in score_of(questionnaire, key).bands}
        return (), _rows(known, "level", bands, f"{stem}/level")
    question, scale = questionnaire.all_items[key], questionnaire.scale
    points = {*(question.options or range(scale.low, scale.high + 1)), *known["value"].cast(pl.Int64)}
    titles = {
        str(point): question.answers.get(point)
        or scale.labels.get(point)
        or Text(da=str(point), en=str(point))
        for point in sorted(points)
    }
    numbered = known.with_columns(answer=pl.col("value").cast(pl.Int64).cast(pl.String))
    levels = {level.id: level.title for level in questionnaire.levels}
    return (
        _rows(numbered, "answer", titles, f"{stem}/answer"),
        _rows(known, "level", levels, f"{stem}/level"),
    )


def _rows(known: pl.DataFrame, column: str, titles: Mapping[str, Text], stem: str) -> tuple[AnswerRow, ...]:
    counted: Iterable[tuple[str, int, int]] = (
        known.group_by(column).agg(pl.len(), pl.col("outcome").sum()).drop_nulls(column).iter_rows()
    )
    numbers = {answer: (people, happened) for answer, people, happened in counted}
    return tuple(
        AnswerRow(
            answer,
            title,
            Figure.count(f"{stem}/{answer}/people", numbers.get(answer, (0, 0))[0]),
            _share(f"{stem}/{answer}/outcome", *reversed(numbers.get(answer, (0, 0)))),
        )
        for answer, title in titles.items()
    )


def cannot_foretell(known: pl.DataFrame) -> Caution | None:
    """Why nothing can be foretold from these people, if so."""
    happened = int(known["outcome"].sum())
    if min(happened, known.height - happened) < 2:
        return caution(
            "too-few-to-foretell",
            "grave",
            f"{happened} af {known.height} har udfaldet. Der skal være mindst to med og to uden.",
            f"{happened} of {known.height} have the outcome. At least two with and two without it are needed.",
        )
    if known["value"].n_unique() == 1:
        return caution(
            "all-alike",
            "grave",
            "Alle er målt ens ved starten, så målingen kan ikke forudsige noget.",
            "Everybody was measured alike at the start, so the measurement cannot foretell anything.",
        )
    return None


def not_computed(da: str, en: str) -> Caution:
    return caution(
        "not-computed",
        "note",
        f"{da.capitalize()} kan ikke beregnes: der er for få, eller målingen skiller udfaldene helt ad.",
        f"{en.capitalize()} cannot be computed: there are too few, or the measurement separates the outcomes entirely.",
    )
