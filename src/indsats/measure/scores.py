"""Scores: a number made from the items of a questionnaire, its band, and its mean over persons or sites."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from indsats.figure import Figure
from indsats.programme import Asking, Period, Questionnaire, Score, rule_of

from .answered import INCOMPLETE, At, in_round, once_each
from .distribution import ALL, UNKNOWN, By
from .editions import ANOTHER_EDITION, by_edition, comparable_with, lacking

_EPS = 1e-9
"""A score is at a band's end when it differs by less: 3 * (7 / 3) is not always 7."""


def score(answered: pl.DataFrame, questionnaire: Questionnaire, score_id: str) -> pl.DataFrame:
    """``answered`` with what it scores, each row by the rules of its own edition.

    Columns added: ``value`` (Float64), ``band`` (text), ``low`` and ``high`` (Float64), ``scored_items`` (how many
    of the score's items were answered), ``prorated`` (whether fewer than all were enough) and ``rule`` (text).

    ``answered`` has one whole-number column per item, named as the item, and may have ``edition``; other columns are
    kept. ``value`` is the sum or mean of the score's items (all when it names none), times ``times``. Without
    ``at_least`` every item must be answered; with it so many are enough, and a sum is scaled up to all items by the
    mean of those answered. Only answers count: an item that was not put to somebody, because of a filter or who
    answers, is no answer of theirs, and no number is made up for it unless ``at_least`` says that fewer will do.
    ``band`` is the first whose ``low`` to ``high``, both included, holds the value.

    ``low`` and ``high`` say what the value could have been had the form held every point of the scale; null where it
    did. ``rule`` names score, edition and a digest of all that determines the number, so that a score that was
    stored can be told from one made by other rules. Rows of an edition without the score have no value and no rule.
    Raises KeyError for a score that no edition has.
    """
    if not any(score_id in asking.scores for asking in questionnaire.editions.values()):
        raise KeyError(score_id)

    def made(part: Callable[[Asking, Score], pl.Expr], none: pl.Expr) -> pl.Expr:
        def of(_: str, asking: Asking) -> pl.Expr:
            return part(asking, asking.scores[score_id]) if score_id in asking.scores else none

        return by_edition(answered, questionnaire, of)

    def rule(name: str, asking: Asking) -> pl.Expr:
        known = score_id in asking.scores
        return pl.lit(f"{score_id}@{name}#{rule_of(asking, score_id)}" if known else None, dtype=pl.String)

    nothing = pl.lit(None, dtype=pl.Float64)
    valued = answered.with_columns(
        made(_value, nothing).alias("value"),
        made(lambda asking, asked: _bound(asking, asked, 0), nothing).alias("low"),
        made(lambda asking, asked: _bound(asking, asked, 1), nothing).alias("high"),
        made(lambda asking, asked: _number(_items(asking, asked)), pl.lit(0, dtype=pl.Int64)).alias(
            "scored_items"
        ),
        made(lambda asking, asked: pl.lit(len(_items(asking, asked))), pl.lit(0)).alias("__items"),
        by_edition(answered, questionnaire, rule).alias("rule"),
    )
    banded = made(lambda _, asked: band_of(asked), pl.lit(None, dtype=pl.String))
    return valued.with_columns(
        banded.alias("band"),
        (pl.col("value").is_not_null() & (pl.col("scored_items") < pl.col("__items"))).alias("prorated"),
    ).drop("__items")


def _items(asking: Asking, asked: Score) -> list[str]:
    return asked.items or list(asking.items)


def _number(items: Sequence[str]) -> pl.Expr:
    return pl.sum_horizontal(pl.col(item).is_not_null().cast(pl.Int64) for item in items)


def _value(asking: Asking, asked: Score) -> pl.Expr:
    items = _items(asking, asked)
    return _combined(asked, items, [pl.col(item).cast(pl.Float64) for item in items])


def _combined(asked: Score, items: Sequence[str], answers: Sequence[pl.Expr]) -> pl.Expr:
    """The score made of ``answers`` (null where there is none), one for each of ``items``."""
    number = _number(items)
    enough = number >= (asked.at_least or len(items))
    mean = pl.sum_horizontal(answers) / number
    combined = mean if asked.combine == "mean" else mean * len(items)
    return pl.when(enough & (number > 0)).then(combined * asked.times)


def _bound(asking: Asking, asked: Score, end: Literal[0, 1]) -> pl.Expr:
    """The lowest (0) or highest (1) value over the forms that may have been at hand.

    A form is ruled out by an answer, to any of its items, that it had no place for; null when all are.
    """
    items = _items(asking, asked)
    bounds: list[pl.Expr] = []
    for form in lacking(asking, items):
        could = [
            pl.col(item).replace_strict(
                {answer: float(reach[end]) for answer, reach in form.reach[item].items()},
                default=None,
                return_dtype=pl.Float64,
            )
            for item in items
        ]
        possible = pl.lit(value=True)
        if form.lacks is not None:
            possible = pl.all_horizontal(pl.col(item).ne_missing(form.lacks) for item in asking.items)
        bounds.append(pl.when(possible).then(_combined(asked, items, could)))
    if not bounds:
        return pl.lit(None, dtype=pl.Float64)
    return pl.min_horizontal(bounds) if end == 0 else pl.max_horizontal(bounds)


def band_of(asked: Score) -> pl.Expr:
    """The band of the column ``value``; null between bands and where there is no value."""
    found = pl.lit(None, dtype=pl.String)
    for band in reversed(asked.bands):
        inside = pl.col("value").is_not_null()
        if band.low is not None:
            inside = inside & (pl.col("value") >= band.low - _EPS)
        if band.high is not None:
            inside = inside & (pl.col("value") <= band.high + _EPS)
        found = pl.when(inside).then(pl.lit(band.id)).otherwise(found)
    return found


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """A score in one unit or site: its mean, and the share of those measured in each band."""

    group: str
    score: str
    mean: Figure
    bands: Mapping[str, Figure]


def score_rows(
    answered: pl.DataFrame,
    questionnaire: Questionnaire,
    score_id: str,
    by: By | None = "unit",
    *,
    period: Period | None = None,
    wave: str | None = None,
    at: At = "first",
    name: str = "",
) -> tuple[ScoreRow, ...]:
    """A score by unit, by site or (``by=None``) together, at the first or last measurement of the period.

    ``answered`` comes from ``answers``. One about persons: each enrolment counts once, where it was measured;
    the mean's numerator is the sum of values and its denominator the enrolments measured. One about sites: first
    the mean over the respondents of each site, then over sites; numerator and denominator are of sites, and a
    site's band is that of its mean. With a ``wave`` the answers that count in it by the period's end are taken.

    ``excluded`` counts ``incomplete``, enrolments or respondents that answered without giving a value,
    ``no_enrolment``, answers about a person that belong to none, ``outside_rounds``, those that name the wave and lie
    before the enrolment or came to it too late, and ``another_edition`` (see ``measurements``). Ids:
    ``score/<name>/<score>/<group>`` and that with ``/<band>``. Raises KeyError for an unknown score or wave.
    """
    measured = measurements(answered, questionnaire, score_id, period=period, wave=wave, at=at)
    group = pl.lit(ALL) if by is None else pl.col(by).fill_null(UNKNOWN)
    rows: list[ScoreRow] = []
    grouped = measured.with_columns(group.alias("group")).group_by("group")
    for (key,), members in sorted(grouped, key=lambda part: str(part[0][0])):
        stem = f"score/{name}/{score_id}/{key}"
        mean = mean_figure(members, questionnaire, stem)
        banded = members.filter(pl.col("reason").is_null())
        if questionnaire.about == "site":
            banded = per_site(banded).with_columns(band_of(questionnaire.scores[score_id]).alias("band"))
        shares = {
            band.id: Figure.share(
                f"{stem}/{band.id}",
                banded.filter(pl.col("band") == band.id).height,
                banded.height,
                excluded=mean.excluded,
                of=mean.of,
            )
            for band in questionnaire.scores[score_id].bands
        }
        rows.append(ScoreRow(str(key), score_id, mean, shares))
    return tuple(rows)


def measurements(
    answered: pl.DataFrame,
    questionnaire: Questionnaire,
    score_id: str,
    *,
    period: Period | None = None,
    wave: str | None = None,
    at: At = "first",
) -> pl.DataFrame:
    """One row per enrolment, or respondent of a site: ``value``, or why there is none (``reason``).

    The rows of ``answers``, with ``value``, ``band`` and ``reason``; see ``once_each``. Those whose edition cannot
    be compared with the newest one measured by are left out as ``another_edition``: a mean over both says nothing.
    """
    rows = in_round(answered, questionnaire, period, wave)
    found = once_each(score(rows, questionnaire, score_id), questionnaire, at, INCOMPLETE, wave=wave)
    if "edition" not in found.columns:
        return found
    there = found.filter(pl.col("reason").is_null())["edition"].unique().to_list()
    newest = next((name for name in reversed(list(questionnaire.editions)) if name in there), None)
    if newest is None:
        return found
    other = pl.when(~pl.col("edition").is_in(comparable_with(questionnaire, newest))).then(
        pl.lit(ANOTHER_EDITION)
    )
    return found.with_columns(reason=pl.coalesce("reason", other))


def mean_figure(rows: pl.DataFrame, questionnaire: Questionnaire, name: str) -> Figure:
    """The mean ``value`` of rows from ``measurements``: over enrolments, or over the means of sites."""
    excluded = dict(rows.drop_nulls("reason").group_by("reason").len().sort("reason").iter_rows())
    valued = rows.filter(pl.col("reason").is_null())
    of_sites = questionnaire.about == "site"
    values = (per_site(valued) if of_sites else valued)["value"]
    number, total = values.len(), float(values.sum())
    return Figure(
        name,
        total / number if number else None,
        "mean",
        total,
        float(number),
        excluded,
        method="mean of site means" if of_sites else "",
        of="places" if of_sites else "people",
    )


def per_site(rows: pl.DataFrame) -> pl.DataFrame:
    """The mean ``value`` of each site; those without one are left out."""
    valued = rows.drop_nulls("value").filter(pl.col("site").is_not_null())
    return valued.group_by("site").agg(pl.col("value").mean()).sort("site")
