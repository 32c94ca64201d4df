"""How answers to each item spread over the levels of a questionnaire, for persons and for sites."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from indsats.figure import Figure
from indsats.programme import Asking, Period, Questionnaire

from .answered import NOT_ANSWERED, At, in_round, once_each
from .distribution import ALL, UNKNOWN, By
from .editions import by_edition
from .scores import per_site


@dataclass(frozen=True, slots=True)
class LevelRow:
    """One level of one item in one unit or site: the share of those who answered the item."""

    group: str
    item: str
    level: str
    share: Figure


def level_shares(
    answered: pl.DataFrame,
    questionnaire: Questionnaire,
    by: By | None = "unit",
    *,
    period: Period | None = None,
    wave: str | None = None,
    at: At = "first",
    name: str = "",
) -> tuple[LevelRow, ...]:
    """The share at each level, item by item, by unit, by site or (``by=None``) together.

    ``answered`` comes from ``answers``. An item counts at the first or last measurement of the period in which
    it was answered, by those who are to answer it; points that only give advice are left out. About persons:
    denominator the enrolments that answered it, numerator those at the level. About sites: first the share among
    the respondents of each site, then the mean over sites; numerator is the sum of the sites' shares and
    denominator the number of sites. With a ``wave`` the answers that count in it by the period's end are taken.

    ``excluded`` counts ``not_answered``, enrolments or respondents measured but without an answer to the item,
    ``no_enrolment`` and ``outside_rounds`` as in ``score_rows``. Rows come by group, item and level, in the order of
    the definition. Ids: ``level/<name>/<item>/<group>/<level>``. Raises KeyError for an unknown wave.
    """
    group = pl.lit(ALL) if by is None else pl.col(by).fill_null(UNKNOWN)
    asked = [item for item, question in questionnaire.items.items() if not question.advice]
    of_item = {
        item: item_answers(answered, questionnaire, item, period=period, wave=wave, at=at).with_columns(
            group.alias("group")
        )
        for item in asked
    }
    keys = (
        in_round(answered, questionnaire, period, wave).select(group.alias("group"))["group"].unique().sort()
    )
    return tuple(
        LevelRow(
            key,
            item,
            level.id,
            share_of(
                of_item[item].filter(pl.col("group") == key),
                questionnaire,
                pl.col("level") == level.id,
                f"level/{name}/{item}/{key}/{level.id}",
            ),
        )
        for key in keys
        for item in asked
        for level in questionnaire.levels
    )


def item_answers(
    answered: pl.DataFrame,
    questionnaire: Questionnaire,
    item: str,
    *,
    period: Period | None = None,
    wave: str | None = None,
    at: At = "first",
) -> pl.DataFrame:
    """One row per enrolment, or respondent of a site: the answer (``value``), or why there is none (``reason``).

    ``level`` is what the answer is told as, by the levels of the edition it was given to. Raises KeyError for an
    unknown item or wave.
    """
    rows = in_round(answered, questionnaire, period, wave)
    raters = questionnaire.all_items[item].raters
    if raters:
        rows = rows.filter(pl.col("rater").is_in(raters))

    def level(_: str, asking: Asking) -> pl.Expr:
        told = {answer: one.id for one in reversed(asking.levels) for answer in one.answers}
        return pl.col(item).replace_strict(told, default=None, return_dtype=pl.String)

    valued = rows.with_columns(
        value=pl.col(item).cast(pl.Float64), level=by_edition(rows, questionnaire, level)
    )
    return once_each(valued, questionnaire, at, NOT_ANSWERED, wave=wave)


def share_of(rows: pl.DataFrame, questionnaire: Questionnaire, hit: pl.Expr, name: str) -> Figure:
    """The share of rows from ``item_answers`` for which ``hit`` holds: over enrolments, or over sites."""
    excluded = dict(rows.drop_nulls("reason").group_by("reason").len().sort("reason").iter_rows())
    hits = rows.filter(pl.col("reason").is_null()).with_columns(
        value=hit.fill_null(value=False).cast(pl.Float64)
    )
    of_sites = questionnaire.about == "site"
    values = (per_site(hits) if of_sites else hits)["value"]
    number = float(values.sum()), values.len()
    if of_sites:
        return Figure.share(name, *number, excluded=excluded, method="mean of site means", of="places")
    return Figure.share(name, *number, excluded=excluded)
