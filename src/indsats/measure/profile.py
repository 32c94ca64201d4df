"""Where people, or sites, stood on each item at the start, and where those same people stand now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from indsats.figure import Figure
from indsats.programme import Questionnaire

from .answered import INCOMPLETE, NOT_ANSWERED, answers
from .change import ANOTHER_EDITION, NOT_MEASURED, comparable, first_and_last, measured_rows
from .distribution import ALL, UNKNOWN, By
from .rounds import given_by
from .scores import mean_figure
from .transitions import NOT_MEASURED_AGAIN
from .waves import waves_in_order

if TYPE_CHECKING:
    from indsats.record import Facts

_ROWS = ("site", "unit", "value", "last_value", "reason")


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """One item in one unit or site: how many were measured twice, and their mean ``first`` and ``last``.

    All three are of the same people; of sites, where the questionnaire is about those.
    """

    group: str
    item: str
    people: Figure
    first: Figure
    last: Figure


def item_profile(
    facts: Facts, questionnaire_id: str, until: date, by: By | None = None, name: str = ""
) -> tuple[ProfileRow, ...]:
    """Every item by unit, by site or (``by=None``) together, as known on the day ``until``, in points of the scale.

    About persons each item is followed as ``changes`` follows a score: the baseline's answer to it and the newest
    later one, by the same rater on comparable editions; the group is that of the enrolment. ``excluded`` counts the
    enrolments without both by the reasons of ``changes``, ``not_answered`` for those who were asked in time and did
    not answer the item. About sites it is the first round in which anybody answered against the last, in the sites
    that answered the item in both: means of site means, over editions comparable with what is asked now. Without
    rounds sites have no first and last.

    Points that only give advice are left out. Rows come by group, in the order of the items. Ids:
    ``profile/<name>/<item>/<group>/<what>``. Raises KeyError for an unknown questionnaire.
    """
    questionnaire = facts.programme.questionnaires[questionnaire_id]
    answered = answers(facts, questionnaire_id).filter(pl.col("occurred_from") <= until)
    asked = [item for item, question in questionnaire.items.items() if not question.advice]
    group = pl.lit(ALL) if by is None else pl.col(by).fill_null(UNKNOWN)
    if questionnaire.about == "site":
        answered = _in_rounds(facts, questionnaire_id, answered, until)
        of_item = {item: _of_sites(_valued(answered, questionnaire, item)) for item in asked}
    else:
        of_item = {
            item: _of_persons(facts, questionnaire_id, _valued(answered, questionnaire, item), until)
            for item in asked
        }
    of_item = {item: rows.with_columns(group=group) for item, rows in of_item.items()}
    keys = sorted({key for rows in of_item.values() for key in rows["group"]})
    return tuple(
        _row(rows.filter(pl.col("group") == key), questionnaire, key, item, f"profile/{name}/{item}/{key}")
        for key in keys
        for item, rows in of_item.items()
    )


def _row(rows: pl.DataFrame, questionnaire: Questionnaire, group: str, item: str, stem: str) -> ProfileRow:
    first = mean_figure(rows, questionnaire, f"{stem}/first")
    last = mean_figure(rows.with_columns(value="last_value"), questionnaire, f"{stem}/last")
    number = first.denominator or 0.0
    people = Figure.count(f"{stem}/people", number, excluded=first.excluded, of=first.of)
    return ProfileRow(group, item, people, first, last)


def _valued(answered: pl.DataFrame, questionnaire: Questionnaire, item: str) -> pl.DataFrame:
    """The answers of those who are to answer ``item``, with it as their ``value``."""
    raters = questionnaire.items[item].raters
    rows = answered.filter(pl.col("rater").is_in(raters)) if raters else answered
    return rows.with_columns(value=pl.col(item).cast(pl.Float64), band=pl.lit(None, dtype=pl.String))


def _of_persons(facts: Facts, questionnaire_id: str, valued: pl.DataFrame, until: date) -> pl.DataFrame:
    """One row per enrolment: ``site``, ``unit``, ``value``, ``last_value`` and ``reason``."""
    measured = measured_rows(valued, facts.programme.questionnaires[questionnaire_id])
    both = first_and_last(facts, questionnaire_id, measured, until=until)
    return both.with_columns(pl.col("reason").replace(INCOMPLETE, NOT_ANSWERED)).select(_ROWS)


def _in_rounds(facts: Facts, questionnaire_id: str, answered: pl.DataFrame, until: date) -> pl.DataFrame:
    """The answers that count in a round, with its ``place`` in time and whether they can be compared (``ours``)."""
    questionnaire = facts.programme.questionnaires[questionnaire_id]
    places = {wave: place for place, wave in enumerate(waves_in_order(questionnaire))}
    place = pl.col("round").replace_strict(places, default=None, return_dtype=pl.Int64)
    given = given_by(facts, questionnaire_id, until).filter("counts").select("id", place=place)
    rows = answered.join(given.drop_nulls("place"), on="id").drop_nulls("site")
    rows = rows.with_columns(now=pl.lit(questionnaire.edition))
    return rows.with_columns(ours=comparable(questionnaire, "edition", "now"))


def _of_sites(valued: pl.DataFrame) -> pl.DataFrame:
    """One row per site that answered: its means in the first and the last round anybody answered the item in."""
    said = valued.drop_nulls("value")
    kept = said.filter("ours")
    ends = (kept["place"].min(), kept["place"].max())
    means = kept.group_by("site", "place").agg(pl.col("value").mean())
    first, last = (
        means.filter(pl.col("place").eq_missing(pl.lit(end, dtype=pl.Int64))).select("site", "value")
        for end in ends
    )
    if ends[0] == ends[1]:
        last = last.clear()
    other = said.filter(~pl.col("ours")).select("site", other=pl.lit(value=True)).unique()
    reason = (
        pl.when(pl.col("value").is_not_null() & pl.col("last_value").is_not_null())
        .then(None)
        .when(pl.col("other"))
        .then(pl.lit(ANOTHER_EDITION))
        .when(pl.col("value").is_null())
        .then(pl.lit(NOT_MEASURED))
        .otherwise(pl.lit(NOT_MEASURED_AGAIN))
    )
    return (
        valued.select("site", "unit")
        .unique("site", keep="first", maintain_order=True)
        .join(first, on="site", how="left", maintain_order="left")
        .join(last.rename({"value": "last_value"}), on="site", how="left", maintain_order="left")
        .join(other, on="site", how="left", maintain_order="left")
        .with_columns(reason=reason)
        .select(_ROWS)
    )
