"""Those who answer for a site: who was invited, who answered, and who is the same from one round to the next."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

import polars as pl

from indsats.programme import Questionnaire

from .rounds import expected_raters, given_by, rounds, steps_of, with_status
from .waves import timetable, waves_in_period

if TYPE_CHECKING:
    from indsats.record import Facts

_ONE = ["site", "wave", "respondent"]
_DAYS = ("opens", "due", "closes", "ends")


def who_answered(facts: Facts, questionnaire_id: str, until: date) -> pl.DataFrame:
    """One row per respondent who answered a round of a questionnaire about sites by ``until``.

    Columns: ``site``, ``unit``, ``wave``, ``rater`` (null with ``by: one``), ``respondent`` (null: unnamed, somebody
    new each time), ``answer``, ``answered_on``, ``edition``, ``timing`` and ``invited`` (Boolean). With ``by: one``
    somebody who answered in two roles counts once, by the complete and then the first of the answers.
    """
    questionnaire = facts.programme.questionnaires[questionnaire_id]
    raters = expected_raters(questionnaire)
    given = given_by(facts, questionnaire_id, until).filter(
        pl.col("counts") & pl.col("round").is_in(list(waves_in_period(questionnaire)))
    )
    given = given.sort("site", pl.col("complete").not_(), "occurred_from", "place", "id").select(
        *("site", "unit", "respondent"),
        wave="round",
        rater="rater" if raters != (None,) else pl.lit(None, dtype=pl.String),
        answer="id",
        answered_on="occurred_from",
        edition="edition",
    )
    named = given.drop_nulls("respondent").unique([*_ONE, "rater"], keep="first", maintain_order=True)
    came = pl.concat([named, given.filter(pl.col("respondent").is_null())])
    days = _days(facts, questionnaire_id, until)
    came = came.join(days, on=["site", "wave"], how="left", maintain_order="left").with_columns(
        end=pl.lit(None, dtype=pl.Date), said=pl.lit(None, dtype=pl.String)
    )
    invited = _invited(facts, questionnaire_id, until, came)
    came = came.join(invited.with_columns(invited=True), on=[*_ONE, "rater"], how="left", nulls_equal=True)
    return with_status(came, until).select(
        *("site", "unit", "wave", "rater", "respondent", "answer", "answered_on", "edition", "timing"),
        invited=pl.col("invited").fill_null(value=False) & pl.col("respondent").is_not_null(),
    )


def asked_respondents(facts: Facts, questionnaire_id: str, until: date) -> pl.DataFrame:
    """One row per respondent invited by name to a round, with its ``status`` and ``timing`` as ``rounds`` has them.
    What a respondent said goes before what was said for the whole site.

    Columns beside: ``site``, ``unit``, ``wave``, ``rater``, ``respondent``. With ``by: each`` an invitation that names
    no rater is for the rater the respondent answered as; until then it is in no row.
    """
    came = who_answered(facts, questionnaire_id, until)
    invited = _invited(facts, questionnaire_id, until, came)
    days = _days(facts, questionnaire_id, until)
    rows = invited.join(days, on=["site", "wave"]).join(
        came.select(*_ONE, "rater", "answer", "answered_on"),
        on=[*_ONE, "rater"],
        how="left",
        nulls_equal=True,
    )
    steps = _steps(facts, questionnaire_id, until).filter(pl.col("step").is_in(["declined", "not_relevant"]))
    steps = steps.sort("occurred_from", "recorded_at", "id")
    own = steps.drop_nulls("respondent").unique(_ONE, keep="last").select(*_ONE, own="step")
    of_all = steps.filter(pl.col("respondent").is_null()).unique(["site", "wave"], keep="last")
    rows = rows.join(own, on=_ONE, how="left").join(
        of_all.select("site", "wave", of_all="step"), on=["site", "wave"], how="left"
    )
    units = facts.sites.select("site", "unit")
    rows = rows.join(units, on="site", how="left").with_columns(
        end=pl.lit(None, dtype=pl.Date), said=pl.coalesce("own", "of_all")
    )
    rows = with_status(rows, until)
    return rows.select("site", "unit", "wave", "rater", "respondent", "status", "timing").sort(
        *("site", "wave", "rater", "respondent")
    )


def moved_between(came: pl.DataFrame, questionnaire: Questionnaire) -> pl.DataFrame:
    """Who answered a round or the one before it, from ``who_answered``: ``site``, ``unit``, ``wave``, ``rater``,
    ``respondent``, ``before`` and ``now`` (Boolean). An unnamed respondent of either round has neither: nobody can
    say who that is."""
    following = dict(pairwise(waves_in_period(questionnaire)))
    who = ("site", "unit", "wave", "rater", "respondent")
    came = came.select(who)
    was = came.with_columns(
        wave=pl.col("wave").replace_strict(following, default=None, return_dtype=pl.String)
    ).drop_nulls("wave")
    both = pl.concat([was.with_columns(before=True, now=False), came.with_columns(before=False, now=True)])
    named = (
        both.drop_nulls("respondent")
        .group_by("site", "wave", "rater", "respondent")
        .agg(pl.col("unit").first(), pl.col("before").any(), pl.col("now").any())
    )
    unnamed = both.filter(pl.col("respondent").is_null()).with_columns(before=False, now=False)
    columns = (*who, "before", "now")
    return pl.concat([named.select(columns), unnamed.select(columns)]).sort(
        "site", "wave", "rater", "respondent"
    )


def _days(facts: Facts, questionnaire_id: str, until: date) -> pl.DataFrame:
    return rounds(facts, questionnaire_id, until).select("site", "wave", *_DAYS).unique(["site", "wave"])


def _steps(facts: Facts, questionnaire_id: str, until: date) -> pl.DataFrame:
    """What was done about rounds: ``site``, ``wave``, ``respondent``, ``rater``, ``step`` and when."""
    questionnaire = facts.programme.questionnaires[questionnaire_id]
    steps = steps_of(facts, questionnaire_id, timetable(facts, questionnaire, until), until)
    return steps.with_columns(wave=pl.col("round"))


def _invited(facts: Facts, questionnaire_id: str, until: date, came: pl.DataFrame) -> pl.DataFrame:
    """Once each respondent invited to a round: ``site``, ``wave``, ``respondent`` and ``rater``."""
    questionnaire = facts.programme.questionnaires[questionnaire_id]
    invited = (
        _steps(facts, questionnaire_id, until)
        .filter((pl.col("step") == "invited") & pl.col("respondent").is_not_null())
        .select(*_ONE, "rater")
    )
    if expected_raters(questionnaire) == (None,):
        return invited.with_columns(rater=pl.lit(None, dtype=pl.String)).unique(maintain_order=True)
    as_who = came.drop_nulls("respondent").select(*_ONE, answered_as="rater")
    return (
        invited.join(as_who, on=_ONE, how="left")
        .with_columns(rater=pl.coalesce("rater", "answered_as"))
        .drop_nulls("rater")
        .drop("answered_as")
        .unique(maintain_order=True)
    )
