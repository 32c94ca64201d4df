"""When the rounds of a questionnaire open, are due and close, and which of them a dated fact belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from indsats.programme import Duration, Period, Questionnaire
from indsats.record import later

if TYPE_CHECKING:
    from indsats.record import Facts

BEFORE_ENROLMENT = "before_enrolment"
OUTSIDE_ROUNDS = "outside_rounds"
NO_ENROLMENT = "no_enrolment"

_ENROLMENT = ("enrolment", "person", "site", "unit", "service")


def waves_in_order(questionnaire: Questionnaire) -> tuple[str, ...]:
    """The waves that fall due, those after enrolment first, each clock by its days.

    A wave with neither ``after`` nor ``period`` falls due on no day and is none of them.
    """
    return (*waves_after(questionnaire), *waves_in_period(questionnaire))


def waves_after(questionnaire: Questionnaire) -> dict[str, Duration]:
    """The waves counted from enrolment, shortest first; none when the questionnaire is about sites."""
    if questionnaire.about == "site":
        return {}
    lengths = {name: wave.after for name, wave in questionnaire.waves.items() if wave.after is not None}
    days: dict[str, float] = {}
    before = 0.0
    for name, after in lengths.items():
        # A setting has no length before a site is known: it keeps its place in the definition.
        before = before if after.setting is not None else 30.4375 * after.months + after.days
        days[name] = before
    return {name: lengths[name] for name in sorted(days, key=lambda name: days[name])}


def waves_in_period(questionnaire: Questionnaire) -> dict[str, Period]:
    """The waves of the calendar, earliest first; one that is also counted from enrolment is not among them."""
    after = waves_after(questionnaire)
    periods = {
        name: wave.period
        for name, wave in questionnaire.waves.items()
        if wave.period is not None and name not in after
    }
    return dict(sorted(periods.items(), key=lambda one: (one[1].first, one[1].last)))


def who_of(questionnaire: Questionnaire) -> str:
    """The column that names whom a round is of."""
    return "site" if questionnaire.about == "site" else "enrolment"


def timetable(facts: Facts, questionnaire: Questionnaire, until: date | None = None) -> pl.DataFrame:
    """One row per enrolment begun by ``until``, or per site, ordered by it, with the days of every wave.

    Columns: ``row`` (its number), ``enrolment``, ``person``, ``site``, ``unit``, ``service``, ``start``, ``end`` (null
    when later than ``until``), ``floor`` (before it nothing is of this enrolment) and for each wave
    ``opens <wave>``, ``due <wave>``, ``closes <wave>`` and ``ends <wave>``; null where the wave is not for this
    enrolment, because it was due before the enrolment began.
    """
    if questionnaire.about == "site":
        table = facts.sites.select(
            *(
                pl.col(name) if name in ("site", "unit") else pl.lit(None, dtype=pl.String).alias(name)
                for name in _ENROLMENT
            ),
            *(pl.lit(None, dtype=pl.Date).alias(name) for name in ("start", "end", "floor")),
        )
    else:
        table = facts.enrolments().select(*_ENROLMENT, "start", "end")
        if until is not None:
            table = table.filter(pl.col("start") <= until).with_columns(
                end=pl.when(pl.col("end") <= until).then("end")
            )
    table = table.sort(who_of(questionnaire)).with_row_index("row")
    table = _after_days(facts, table, questionnaire)
    return _period_days(facts, table, questionnaire)


def placed(rows: pl.DataFrame, table: pl.DataFrame, questionnaire: Questionnaire) -> pl.DataFrame:
    """``rows`` with the ``row`` of the timetable they belong to, ``round`` and ``reason`` why there is none.

    ``rows`` have ``enrolment`` or ``site``, ``occurred_from`` and ``wave``. One that names a wave is that wave's, one
    that does not belongs to the wave of the calendar it lies in (from its first day until it closes; of several the
    last to open), else to the last wave after enrolment that had opened. Reasons: ``no_enrolment``,
    ``before_enrolment`` (earlier than the floor, whatever wave it names) and ``outside_rounds``.
    """
    who, day = who_of(questionnaire), pl.col("occurred_from")
    after, calendar = waves_after(questionnaire), waves_in_period(questionnaire)
    needed = [f"opens {wave}" for wave in (*after, *calendar)] + [f"closes {wave}" for wave in calendar]
    rows = rows.join(table.select(who, "row", "floor", *needed), on=who, how="left", maintain_order="left")
    found = pl.lit(None, dtype=pl.String)
    for wave in after:
        found = pl.when(day >= pl.col(f"opens {wave}")).then(pl.lit(wave)).otherwise(found)
    for wave in calendar:
        inside = day.is_between(pl.col(f"opens {wave}"), pl.col(f"closes {wave}"))
        found = pl.when(inside).then(pl.lit(wave)).otherwise(found)
    timed = pl.lit(value=False)
    for wave in (*after, *calendar):
        timed = timed | ((pl.col("wave") == wave) & pl.col(f"opens {wave}").is_not_null())
    untimed = [name for name in questionnaire.waves if name not in (*after, *calendar)]
    named = pl.when(timed | pl.col("wave").is_in(untimed)).then("wave")
    found = pl.when(pl.col("wave").is_null()).then(found).otherwise(named)
    reason = pl.lit(None, dtype=pl.String)
    if questionnaire.about == "person":
        reason = (
            pl.when(pl.col("row").is_null())
            .then(pl.lit(NO_ENROLMENT))
            .when(day < pl.col("floor"))
            .then(pl.lit(BEFORE_ENROLMENT))
        )
    return (
        rows.with_columns(reason=reason)
        .with_columns(round=pl.when(pl.col("reason").is_null()).then(found))
        .with_columns(
            reason=pl.when(pl.col("round").is_null()).then(pl.coalesce("reason", pl.lit(OUTSIDE_ROUNDS)))
        )
        .drop("floor", *needed)
    )


def moved(facts: Facts, rows: pl.DataFrame, day: str, duration: Duration, *, back: bool = False) -> pl.Series:
    """The date column ``day`` of ``rows`` a duration later, or earlier (``back``); months end at their last day.

    A duration that names a setting is as long as the row's ``site`` had chosen when its enrolment began, for rows
    without ``start`` on the day itself.
    """
    if duration.setting is None:
        return later(facts, rows, day, duration, back=back)
    clocked = rows.with_columns(__clock=pl.coalesce("start", day))
    return later(facts, clocked, day, duration, clock="__clock", back=back)


def _moved(
    facts: Facts, rows: pl.DataFrame, day: str, duration: Duration, name: str, *, back: bool = False
) -> pl.Expr | pl.Series:
    """As ``moved``, called ``name``: an expression where all rows move alike, so that many are made at once."""
    if duration.setting is not None:
        return moved(facts, rows, day, duration, back=back).alias(name)
    if not duration.months and not duration.days:
        return pl.col(day).alias(name)
    return pl.col(day).dt.offset_by(f"{'-' if back else ''}{duration.polars_offset}").alias(name)


def _after_days(facts: Facts, table: pl.DataFrame, questionnaire: Questionnaire) -> pl.DataFrame:
    """The table with the days of waves counted from enrolment, and ``floor``."""
    window, waves = questionnaire.window, waves_after(questionnaire)
    if questionnaire.about == "site":
        return table
    table = table.with_columns(
        _moved(facts, table, "start", after, f"due {wave}") for wave, after in waves.items()
    )
    table = table.with_columns(
        *(_moved(facts, table, f"due {wave}", window.early, f"opens {wave}", back=True) for wave in waves),
        *(_moved(facts, table, f"due {wave}", window.late, f"closes {wave}") for wave in waves),
    )
    first = [f"opens {wave}" for wave in list(waves)[:1]]
    floor = table["start"].alias("floor")
    if questionnaire.baseline is not None:
        floor = moved(facts, table, "start", questionnaire.baseline.before, back=True).alias("floor")
        table = table.with_columns(pl.min_horizontal(name, floor).alias(name) for name in first)
    table = table.with_columns(pl.min_horizontal(floor, *first).alias("floor"))
    return table.with_columns(_ends(list(waves)))


def _period_days(facts: Facts, table: pl.DataFrame, questionnaire: Questionnaire) -> pl.DataFrame:
    """The table with the days of the waves of the calendar."""
    waves = waves_in_period(questionnaire)
    for wave, period in waves.items():
        begun = (pl.col("start") <= period.last) | pl.col("start").is_null()
        table = table.with_columns(
            pl.when(begun).then(pl.lit(period.first)).alias(f"opens {wave}"),
            pl.when(begun).then(pl.lit(period.last)).alias(f"due {wave}"),
        )
        closes = moved(facts, table, f"due {wave}", questionnaire.window.late)
        table = table.with_columns(closes.alias(f"closes {wave}"))
    return table.with_columns(_ends(list(waves)))


def _ends(waves: Sequence[str]) -> list[pl.Expr]:
    """The day before the next wave of the same clock opens; null for the last."""
    following = [
        *(pl.col(f"opens {wave}").dt.offset_by("-1d") for wave in waves[1:]),
        pl.lit(None, dtype=pl.Date),
    ]
    return [day.alias(f"ends {wave}") for wave, day in zip(waves, following, strict=False)]
