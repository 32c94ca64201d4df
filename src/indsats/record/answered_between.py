"""Checks of answers against others and against their enrolment: said twice and differently, or a year too early."""

from __future__ import annotations

import polars as pl

from indsats.problem import Problem
from indsats.programme import Programme

from .editions import edition_of
from .findings import FILE, ROW, Check, current, masked, problems, run
from .tables import ANSWER


def answered_differently(live: pl.DataFrame, programme: Programme) -> list[Problem]:
    """Two sets of answers that contradict each other: nobody can tell which holds.

    ``live`` are the facts in view of a kind with answers, old and new. Two rows contradict each other when the same
    rater answered the same edition of a questionnaire about the same person (in the same enrolment) or, under the
    same name, about the same site, in the same round, on the same day, and not alike. Allowed are two raters, two
    days (``measure`` says which counts), and respondents of a site who bear no name, for they may be two.
    """
    about_site = "respondent" in live.columns
    who = ["site", "respondent"] if about_site else ["person", "enrolment"]
    key = [*who, "questionnaire", "edition", "rater", "wave", "occurred_from"]
    columns = [name for name in live.columns if name.startswith(ANSWER)]
    resolved = pl.col("edition")
    for name, asked in programme.questionnaires.items():
        resolved = pl.when(pl.col("questionnaire") == name).then(edition_of(asked)).otherwise(resolved)
    rows = live.with_columns(resolved.alias("edition"))
    if about_site:
        rows = rows.filter(pl.col("respondent").is_not_null())
    again = rows.filter(pl.struct(key).is_duplicated()).sort(pl.col(ROW).is_not_null(), maintain_order=True)
    if again.is_empty() or not columns:
        return []
    here = (
        pl.when(pl.col(FILE) == "")
        .then(pl.format("row {}", ROW))
        .otherwise(pl.format("{} row {}", FILE, ROW))
    )
    recorded = pl.format("the fact {} in the record", "id")
    again = again.with_columns(
        _place=pl.when(pl.col(ROW).is_null()).then(recorded).otherwise(here), _says=pl.struct(columns)
    ).with_columns(
        pl.col("_place").first().over(key).alias("_first"),
        (pl.col("_says") != pl.col("_says").first().over(key)).alias("_differs"),
    )
    return run(
        again,
        [
            Check(
                "occurred_from",
                pl.col(ROW).is_not_null() & current(programme) & pl.col("_differs"),
                lambda first: f"the same rater has answered differently on the same day: see {masked(first)}",
                "Keep the row that holds, correct the day, rater or round of one of them, "
                "or record a correction with the fact's next version.",
                told="_first",
            )
        ],
    )


def year_too_early(frame: pl.DataFrame, enrolled: pl.DataFrame, programme: Programme) -> list[Problem]:
    """New facts of a kind about a questionnaire, more than a year before the enrolment they name began.

    A measurement before the start is allowed, for many are taken at visitation; so long before, a year is wrong.
    """
    starts = enrolled.select("enrolment", _start="occurred_from").unique("enrolment")
    both = frame.filter(pl.col("enrolment").is_not_null(), current(programme)).join(
        starts, on="enrolment", how="inner", maintain_order="left"
    )
    check = Check(
        "occurred_from",
        pl.lit(True),
        lambda start: f"it lies more than a year before the enrolment it names began ({start})",
        "Check the year of both dates; leave 'enrolment' empty if it belongs to a time before.",
        told="_start",
    )
    return list(problems(both.filter(pl.col("occurred_from") < pl.col("_start").dt.offset_by("-1y")), check))
