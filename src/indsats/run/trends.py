"""Composes indicators month by month: a table and a control chart of each, and whether it shifted or only swings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import assert_never

import polars as pl

from indsats.figure import Figure
from indsats.language import month_name
from indsats.programme import (
    AnswerIndicator,
    BetweenIndicator,
    CaseloadIndicator,
    ChangeIndicator,
    ConsecutiveIndicator,
    CountIndicator,
    FulfilmentIndicator,
    Indicator,
    MeanIndicator,
    MissingIndicator,
    Period,
    RateIndicator,
    ReachedIndicator,
    ScoreIndicator,
    ShareIndicator,
    StockIndicator,
    Text,
    TimelinessIndicator,
    TrendBlock,
    WithinIndicator,
)
from indsats.record import Facts
from indsats.report import Block, Cell, Chart, Column, Group, Reading, Table
from indsats.steer import ControlKind, Signals, control_chart, indicator, signals

from . import trend_words as said
from . import words
from .progression import slug

_Limits = tuple[Figure | None, Figure | None]


@dataclass(frozen=True, slots=True)
class Trend:
    """One indicator: its months, what was charted of them, and what they say."""

    id: str
    title: Text
    months: list[Figure]
    centre: Figure | None
    limits: list[_Limits]
    outside: list[bool]
    signals: Signals | None
    verdict: Text


def trend_blocks(facts: Facts, block: TrendBlock, period: Period) -> Iterator[Block]:
    """What each indicator did over the months, in words; then for each its months as a table and as a control chart.

    Months end with the last whole one of the period that the data cover. Indicators whose months share people
    (``carries_over``) are shown without limits and verdict.
    """
    months = months_until(min(period.last, facts.last_day), block.months)
    found = [_trend(facts, name, block, months) for name in block.indicators]
    yield _verdicts(block, found)
    for one in found:
        yield from drawn(facts, block.title, one, months, block.baseline)


def months_until(last: date, number: int) -> list[Period]:
    """So many whole months, the newest one ending no later than ``last``, in order."""
    after = (last + timedelta(days=1)).replace(day=1)
    first = after.year * 12 + after.month - 1 - number
    starts = [date(at // 12, at % 12 + 1, 1) for at in range(first, first + number + 1)]
    return [Period(first=start, last=following - timedelta(days=1)) for start, following in pairwise(starts)]


def chart_kind(asked: Indicator) -> ControlKind | None:
    """The control chart of an indicator by month, or none where its months carry over.

    A stock, a caseload, what is missing on a day, months in a row, change since enrolment and everybody followed so
    long are made of largely the same people from one month to the next: a level that stays is no sign of a shift.
    Of those begun in a month the newest have had the least time to reach anything.
    """
    match asked:
        case ShareIndicator() | TimelinessIndicator() | FulfilmentIndicator():
            return "p"
        case AnswerIndicator() | ScoreIndicator() | MeanIndicator() | BetweenIndicator():
            return "xmr"
        case RateIndicator():
            return "u"
        case CountIndicator():
            return "c"
        case (
            StockIndicator()
            | CaseloadIndicator()
            | MissingIndicator()
            | ConsecutiveIndicator()
            | ChangeIndicator()
            | WithinIndicator()
            | ReachedIndicator()
        ):
            return None
    assert_never(asked)


def _trend(facts: Facts, name: str, block: TrendBlock, months: list[Period]) -> Trend:
    programme = facts.programme
    asked = programme.indicators[name]
    levels = [indicator(facts, name, month, unit=block.unit) for month in months]
    key = f"trend-{slug(block.unit or 'all')}-{slug(name)}"
    kind = chart_kind(asked)
    if isinstance(asked, AnswerIndicator) and all(level.of == "people" for level in levels):
        kind = "p"
    nothing: list[_Limits] = [(None, None)] * len(months)
    if kind is None:
        carried = said.GROWING if isinstance(asked, ReachedIndicator) else said.CARRIES_OVER
        return Trend(key, asked.title, levels, None, nothing, [False] * len(months), None, carried)
    return judged(key, asked.title, levels, kind, programme.disclosure_threshold, block.baseline)


def judged(
    key: str,
    title: Text,
    levels: list[Figure],
    kind: ControlKind,
    threshold: int,
    baseline: int | None = None,
) -> Trend:
    """What a control chart says of the months of one thing; ``key`` names its table and chart."""
    baseline = min(baseline, len(levels)) if baseline else None
    charted = control_chart(_series(levels, kind, threshold), kind, baseline=baseline)
    # Limits stand beside other months: that a hidden one is outside them, or is not, would narrow its number down.
    told_alone = pl.Series([not _may_be_hidden(level, threshold) for level in levels], dtype=pl.Boolean)
    charted = charted.with_columns(pl.col("outside") & told_alone)
    told = signals(charted, baseline=baseline)
    centre, limits = _lines(levels, charted, kind, baseline)
    verdict = said.verdict(told, baseline)
    return Trend(key, title, levels, centre, limits, charted["outside"].to_list(), told, verdict)


def _series(levels: list[Figure], kind: ControlKind, threshold: int) -> pl.DataFrame:
    """Numerators and denominators. A mean over fewer than may be shown is a gap: it says little, and limits that
    rest on every month would be hidden with it."""
    n = [level.numerator if level.value is not None else None for level in levels]
    d = [1.0 if kind == "c" else level.denominator for level in levels]
    if kind == "xmr":
        few = [
            0 < (many or 0) < threshold and level.of == "people"
            for many, level in zip(d, levels, strict=True)
        ]
        n = [None if gap else one for gap, one in zip(few, n, strict=True)]
    return pl.DataFrame({"n": n, "d": d}, schema={"n": pl.Float64, "d": pl.Float64})


def _lines(
    levels: list[Figure], charted: pl.DataFrame, kind: ControlKind, baseline: int | None
) -> tuple[Figure | None, list[_Limits]]:
    """The centre line with the sums it is made of, and each month's limits, which tell that month's denominator."""
    line = charted["centre"][0]
    nothing: list[_Limits] = [(None, None)] * len(levels)
    if line is None:
        return None, nothing
    unit, of = levels[0].unit, levels[0].of
    known = charted.with_columns(id=pl.Series([level.id for level in levels])).head(baseline or len(levels))
    known = known.filter(pl.col("value").is_not_null())
    first, last = levels[0].id.partition("/")[2].rpartition("..")[0], levels[-1].id.rpartition("..")[2]
    name = f"trend/{first}..{last}/{f'first-{baseline}' if baseline else 'all'}"
    if kind == "xmr":
        # limits of single numbers are made from the steps between months: any month could be solved out of them
        centre = Figure(name, line, unit, method="mean of months", made_from=tuple(known["id"]), of=of)
        behind = (centre.id, *known["id"])
    else:
        n, d = float(known["n"].sum()), float(known["d"].sum())
        centre = Figure(name, line, unit, n, d, method="all months together", of=of)
        if unit == "count":
            # a month's mean is no count of people; what it gives away is the sum, which stands as the numerator
            centre = Figure(name, line, "rate", n, d, method="all months together", of=of)
        behind = (centre.id,)
    shown = "rate" if unit == "count" else unit
    limits = [
        tuple(
            None
            if end is None
            else Figure(
                f"{name}/{level.id.rpartition('/')[2]}/{what}",
                end,
                shown,
                made_from=(level.id, *behind),
                of=of,
            )
            for what, end in (("low", low), ("high", high))
        )
        for level, low, high in zip(levels, charted["low"], charted["high"], strict=True)
    ]
    return centre, limits  # type: ignore[return-value]


def _verdicts(block: TrendBlock, found: list[Trend]) -> Table:
    """A row for each indicator: what is to be said, and what says it."""
    rows: list[tuple[Cell, ...]] = []
    for one in found:
        told = one.signals
        verdict: Cell = one.verdict
        if one.centre is not None:
            verdict = Reading(da=one.verdict.da, en=one.verdict.en, of=one.centre.id)
        runs = told is not None and told.longest_run is not None
        rows.append(
            (
                one.title,
                verdict,
                one.centre,
                told.outside if told else None,
                said.of_most(told.longest_run, told.longest_allowed) if told and runs else None,
                said.of_least(told.crossings, told.fewest_crossings) if told and runs else None,
            )
        )
    columns = (
        Column("indicator", words.INDICATOR),
        Column("verdict", said.VERDICT),
        Column("centre", said.CENTRE),
        Column("outside", said.OUTSIDE_MONTHS, "number"),
        Column("run", said.LONGEST_RUN),
        Column("crossings", said.CROSSINGS),
    )
    name = f"trends-{slug(block.unit or 'all')}-{slug(block.indicators[0])}"
    notes = (said.how_judged(block.baseline),)
    return Table(name, block.title, columns, tuple(rows), notes=notes)


def drawn(
    facts: Facts, heading: Text, one: Trend, months: list[Period], baseline: int | None = None
) -> Iterator[Block]:
    """The months of one thing as a table, and the control chart of it."""
    title = words.joined(heading, one.title)
    charted = one.centre is not None
    rows: list[tuple[Cell, ...]] = []
    for month, level, (low, high), outside in zip(months, one.months, one.limits, one.outside, strict=True):
        signal = Reading(da=said.OUTSIDE.da, en=said.OUTSIDE.en, of=level.id) if outside else None
        rest: tuple[Cell, ...] = (one.centre, low, high, signal) if charted else ()
        rows.append((_named(month), level, *rest))
    columns = [Column("month", said.MONTH), Column("value", words.REALISED)]
    if charted:
        columns += [
            Column("centre", said.CENTRE),
            Column("low", said.LOW),
            Column("high", said.HIGH),
            Column("signal", said.SIGNAL),
        ]
    # a line of single numbers carries no sums; every other is the sum of the months that set it
    sums = ()
    if one.centre is not None and one.centre.denominator is not None:
        set_by = one.months[:baseline] if baseline else one.months
        sums = (Group(one.centre.id, tuple(level.id for level in set_by)),)
    yield Table(one.id, title, tuple(columns), tuple(rows), notes=_notes(one), groups=sums)
    encodings: dict[str, str | tuple[str, ...]] = {"label": "month", "value": "value"}
    if charted:
        encodings |= {name: name for name in ("centre", "low", "high", "signal")}
    yield Chart(
        f"{one.id}-chart",
        title,
        one.id,
        "control",
        encodings,
        said.alt(one.title, len(months), _open_verdict(facts, one), judged=charted),
        y_title=one.title,
    )


def _notes(one: Trend) -> tuple[Text, ...]:
    if one.signals is None:
        return (one.verdict,)
    return (said.WIDENED,) if one.signals.widened > 1 else ()


def _open_verdict(facts: Facts, one: Trend) -> Text | None:
    """The verdict, where no month has a count so small that it may be hidden: nothing hides a drawing's description."""
    least = facts.programme.disclosure_threshold
    return None if any(_may_be_hidden(level, least) for level in one.months) else one.verdict


def _may_be_hidden(level: Figure, least: int) -> bool:
    n, d = level.numerator or 0.0, level.denominator or 0.0
    left = d - n if level.unit == "share" else 0.0
    return level.of == "people" and any(0 < part < least for part in (n, d, left))


def _named(month: Period) -> Text:
    name = {lang: f"{month_name(month.first.month, lang)} {month.first.year}" for lang in ("da", "en")}  # type: ignore[arg-type]
    return Text(da=name["da"], en=name["en"])
