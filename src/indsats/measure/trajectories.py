"""A score from round to round: among all who answered, and among those who answered every round so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from indsats.figure import Figure
from indsats.programme import Programme, Questionnaire

from .answered import answers, rater_place
from .change import ANOTHER_EDITION, baselines, comparable
from .distribution import ALL, UNKNOWN, By
from .rounds import expected_raters, given_by
from .scores import mean_figure, score
from .waves import waves_in_order

if TYPE_CHECKING:
    from indsats.record import Facts

_HALF_YEAR = 182.625
_KEPT = ("id", "person", "enrolment", "site", "unit", "respondent", "rater", "edition", "complete", "value")


@dataclass(frozen=True, slots=True)
class TrajectoryRow:
    """One point of a score's course in one unit or site, for one rater (None: whoever answered).

    ``place`` counts from 1; ``wave`` is the round, None where a questionnaire has no rounds. ``mean`` is of all who
    answered; ``stayed`` of those among them who also answered every place before, and ``stayed_first`` what those
    same people had at the first. Where the worst-off leave, ``mean`` rises and ``stayed`` against ``stayed_first``
    does not: only the latter two are of the same people.
    """

    group: str
    rater: str | None
    place: int
    wave: str | None
    mean: Figure
    stayed: Figure
    stayed_first: Figure


def trajectories(
    facts: Facts, questionnaire_id: str, score_id: str, until: date, by: By | None = None, name: str = ""
) -> tuple[TrajectoryRow, ...]:
    """The course of a score by unit, by site or (``by=None``) together, as known on the day ``until``.

    With waves the places are the rounds, and of each the answer that counts. Without, they are steps as long as the
    questionnaire's cadence (half a year where it has none) from the baseline's day, the nearest step for each
    answer and of several the first; ``excluded`` at the first place counts those without a baseline, by reason.
    ``by: each`` gives every rater a course. About persons enrolments are followed, grouped by the unit or site of the
    enrolment. About sites respondents are, and the means are over site means; unnamed respondents cannot be followed.
    Only editions comparable with what is asked now are read; others are ``excluded`` as ``another_edition``.

    Places without an answer have no row. Ids: ``trajectory/<name>/<score>/<group>/<rater>/<place>/<what>``. Raises
    KeyError for an unknown questionnaire or score.
    """
    questionnaire = facts.programme.questionnaires[questionnaire_id]
    scored = score(answers(facts, questionnaire_id), questionnaire, score_id)
    scored = scored.filter(pl.col("occurred_from") <= until).select(*_KEPT, day="occurred_from")
    if questionnaire.about == "person":
        homes = facts.enrolments().filter(pl.col("start") <= until).select("enrolment", "site", "unit")
        scored = scored.drop("site", "unit").join(homes, on="enrolment")
    course, unstarted = _course(facts, questionnaire_id, score_id, scored, until)
    current = pl.lit(questionnaire.edition).alias("now")
    course = course.with_columns(current).with_columns(ours=comparable(questionnaire, "edition", "now"))
    group = pl.lit(ALL) if by is None else pl.col(by).fill_null(UNKNOWN)
    points = _points(course.drop_nulls("value"), questionnaire).with_columns(group=group)
    unstarted = unstarted.with_columns(group=group)
    waves = dict(enumerate(_places(questionnaire), start=1))
    rows: list[TrajectoryRow] = []
    keys = points.filter("ours").select("group", "rater_order", "rater_shown", "place").unique()
    for key, order, rater, place in sorted(keys.rows(), key=lambda one: (one[0], one[1], one[3])):
        here = points.filter(
            (pl.col("group") == key) & (pl.col("rater_order") == order) & (pl.col("place") == place)
        )
        stem = f"trajectory/{name}/{score_id}/{key}/{rater or 'any'}/{place}"
        excluded: dict[str, int] = {}
        if place == 1:
            mine = unstarted.filter(
                (pl.col("group") == key) & pl.col("rater_shown").eq_missing(pl.lit(rater))
            )
            excluded = dict(mine.group_by("reason").len().sort("reason").iter_rows())
        kept = here.filter("ours")
        stayed = kept.filter("stayed")
        first = stayed.with_columns(value=pl.col("first"))
        rows.append(
            TrajectoryRow(
                *(key, rater, place, waves.get(place)),
                mean=_mean(here, questionnaire, f"{stem}/mean", excluded),
                stayed=_mean(stayed, questionnaire, f"{stem}/stayed", {}),
                stayed_first=_mean(first, questionnaire, f"{stem}/stayed_first", {}),
            )
        )
    return tuple(rows)


def _places(questionnaire: Questionnaire) -> list[str]:
    """The waves in their order; those that fall due on no day come last, as the definition has them."""
    timed = waves_in_order(questionnaire)
    return [*timed, *(wave for wave in questionnaire.waves if wave not in timed)]


def _course(
    facts: Facts, questionnaire_id: str, score_id: str, scored: pl.DataFrame, until: date
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """``scored`` with ``place``, and those who have no start: ``unit``, ``site``, ``rater_shown``, ``reason``."""
    questionnaire = facts.programme.questionnaires[questionnaire_id]
    places = {wave: number for number, wave in enumerate(_places(questionnaire), start=1)}
    nobody = scored.clear().select("unit", "site", rater_shown="rater", reason="rater")
    if places or questionnaire.about == "site":
        given = given_by(facts, questionnaire_id, until).filter("counts")
        place = pl.col("round").replace_strict(places, default=None, return_dtype=pl.Int64)
        placed = given.select("id", place=place).drop_nulls("place")
        return scored.join(placed, on="id"), nobody
    length = _step(facts.programme, questionnaire)
    parts: list[pl.DataFrame] = []
    without: list[pl.DataFrame] = [nobody]
    for rater in expected_raters(questionnaire):
        start = baselines(facts, questionnaire_id, score_id, until=until, rater=rater)
        mine = scored if rater is None else scored.filter(pl.col("rater") == rater)
        since = mine.join(start.drop_nulls("day").select("enrolment", first_day="day"), on="enrolment")
        days = (pl.col("day") - pl.col("first_day")).dt.total_days()
        place = (days / length + 0.5).floor().cast(pl.Int64) + 1
        parts.append(since.filter(days >= 0).with_columns(place=place).drop("first_day"))
        without.append(
            start.drop_nulls("reason")
            .select("unit", "site", "reason", rater_shown=pl.lit(rater, dtype=pl.String))
            .select(nobody.columns)
        )
    return pl.concat(parts), pl.concat(without)


def _step(programme: Programme, questionnaire: Questionnaire) -> float:
    """The days from one place to the next where there are no waves."""
    if questionnaire.cadence is None:
        return _HALF_YEAR
    every = programme.length(programme.cadences[questionnaire.cadence].every)
    return every.months * 30.4375 + every.days


def _points(course: pl.DataFrame, questionnaire: Questionnaire) -> pl.DataFrame:
    """One row per enrolment or respondent, rater and place, with ``stayed`` and its value at the ``first`` place."""
    each = expected_raters(questionnaire) != (None,)
    standing = rater_place(questionnaire)
    alone = pl.lit(value=False)
    who = pl.col("enrolment")
    if questionnaire.about == "site":
        alone = pl.col("respondent").is_null()
        who = (
            pl.when(alone)
            .then(pl.format("fact {}", "id"))
            .otherwise(pl.format("{} respondent {}", "site", "respondent"))
        )
    points = course.with_columns(
        who=who,
        alone=alone,
        standing=standing,
        rater_order=standing if each else pl.lit(0, dtype=pl.Int64),
        rater_shown=pl.col("rater") if each else pl.lit(None, dtype=pl.String),
    )
    one = ["who", "rater_order"]
    points = points.sort(
        *(*one, "place", ~pl.col("ours"), pl.col("complete").not_(), "day", "standing", "id")
    ).unique([*one, "place"], keep="first", maintain_order=True)
    ours = points.filter("ours")
    # Of places that are all different, the n-th being n says that none before it is missing.
    counted = ours.with_columns(
        stayed=(pl.col("place") == pl.int_range(1, pl.len() + 1).over(one)) & ~pl.col("alone"),
        first=pl.col("value").first().over(one),
    )
    return points.join(counted.select("id", "stayed", "first"), on="id", how="left", maintain_order="left")


def _mean(rows: pl.DataFrame, questionnaire: Questionnaire, name: str, excluded: Mapping[str, int]) -> Figure:
    other = pl.when(~pl.col("ours")).then(pl.lit(ANOTHER_EDITION))
    figure = mean_figure(rows.select("site", "value", reason=other), questionnaire, name)
    return replace(figure, excluded={**figure.excluded, **excluded})
