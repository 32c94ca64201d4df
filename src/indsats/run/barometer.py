"""Composes the implementation barometer: places side by side, a funnel that tells chance from difference, months."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import sqrt
from statistics import NormalDist
from typing import Final

import polars as pl

from indsats.figure import Figure
from indsats.programme import BarometerBlock, Period, Text
from indsats.record import Facts
from indsats.report import Block, Cell, Chart, Column, Group, Reading, Table
from indsats.steer import (
    Asked,
    BarometerRow,
    barometer,
    effort_scope,
    fulfilment_months,
    funnel,
    reasons_for_no,
)

from . import barometer_words as said
from . import words
from .progression import slug
from .steering import places_of
from .trends import drawn, judged, months_until

_TREND_MONTHS = 24
_Z: Final = NormalDist().inv_cdf(0.975)


def barometer_blocks(facts: Facts, block: BarometerBlock, period: Period) -> Iterator[Block]:
    """A row for each place and one for all; why not; places in a funnel; all of the effort month by month."""
    rows = barometer(facts, period, by=block.by, phase=block.phase, element=block.element)
    if len(rows) == 2:
        rows = rows[:1]  # one place is all there is
    titles = dict(places_of(facts, block.by, effort=True))
    titles_of = [titles[row.place] if row.place is not None else said.ALL for row in rows]
    name = "-".join(["barometer", block.by, *(slug(part) for part in (block.phase, block.element) if part)])
    yield _places(block, name, rows, titles_of)
    yield from _reasons(facts, block, name, period)
    yield from _funnel(block, name, rows, titles_of)
    if block.trend:
        yield from _trend(facts, block, name, period)


def _places(block: BarometerBlock, name: str, rows: tuple[BarometerRow, ...], titles: list[Text]) -> Table:
    body: list[tuple[Cell, ...]] = [
        (
            title,
            row.participants,
            row.requirements,
            _others(row, rows[-1]),
            row.said,
            row.measured,
            row.gap,
            row.not_answered,
            row.not_due,
        )
        for row, title in zip(rows, titles, strict=True)
    ]
    columns = (
        Column("place", words.UNIT if block.by == "unit" else words.SITE),
        Column("participants", words.PARTICIPANTS_MET, "share"),
        Column("answered", words.ITEMS_ANSWERED, "share"),
        Column("others", said.OTHERS, "share"),
        Column("said", said.SAID, "share"),
        Column("measured", words.ITEMS_MEASURED, "share"),
        Column("gap", said.GAP, "points"),
        Column("not-answered", said.NOT_ANSWERED, "count"),
        Column("not-due", words.NOT_DUE, "count"),
    )
    notes = (words.FULFILMENT_NOTE, said.OTHERS_NOTE, said.GAP_NOTE)
    total = len(body) - 1 if len(body) > 1 else None
    return Table(name, block.title, columns, tuple(body), notes=notes, total_row=total)


def _others(row: BarometerRow, whole: BarometerRow) -> Figure | None:
    """The level of all other places, told where the place and the whole are: whoever sees both can subtract."""
    if row.others is None or row is whole:
        return None
    made_from = (row.requirements.id, whole.requirements.id)
    return replace(row.others, numerator=None, denominator=None, excluded={}, made_from=made_from)


def _reasons(facts: Facts, block: BarometerBlock, name: str, period: Period) -> Iterator[Table]:
    """Why requirements were not met, as answered, in all of the effort: requirement by requirement."""
    scope = effort_scope(facts)
    found = reasons_for_no(facts, period, phase=block.phase, element=block.element, scope=scope)
    given = [row for row in found if row.count.value]
    if not given:
        return
    codes = facts.programme.codes_for("requirement_answered.reason")
    titles = {key: code.title for key, code in codes.values.items()} if codes is not None else {}
    rows: list[tuple[Cell, ...]] = []
    sums: list[Group] = []
    of_each: list[str] = []
    for requirement in dict.fromkeys(row.requirement for row in given):
        mine = [row for row in given if row.requirement == requirement]
        stem = mine[0].count.id.rpartition("/")[0]
        every = Figure.count(f"{stem}/said_no", sum(row.count.value or 0 for row in mine))
        title = facts.programme.requirements[requirement].title
        rows.append((title, said.ALL_REASONS, every))
        for row in mine:
            reason = row.reason or ""
            told = titles.get(reason, words.both(reason, reason)) if reason else said.NO_REASON
            rows.append((title, told, row.count))
        sums.append(Group(every.id, tuple(row.count.id for row in mine)))
        # What fell due was answered yes, answered no, or not answered: who has two of them has the third.
        answered = f"fulfilment/requirements/answered/requirement.{stem.removeprefix('requirement/')}"
        sums.append(Group(answered, (answered, f"{stem}/not_answered/share", every.id)))
        of_each.append(every.id)
    which = f"{Asked(block.phase, block.element).label()}/{scope.label}/{period.first}..{period.last}"
    whole = f"fulfilment/requirements/answered/{which}"
    sums.append(Group(whole, (whole, f"barometer/not-answered/{which}", *of_each)))
    columns = (
        Column("requirement", words.REQUIREMENT),
        Column("reason", said.REASON),
        Column("number", said.TIMES, "count"),
    )
    title = words.joined(block.title, said.REASONS)
    yield Table(
        f"{name}-reasons", title, columns, tuple(rows), notes=(said.REASONS_NOTE,), groups=tuple(sums)
    )


def _funnel(
    block: BarometerBlock, name: str, rows: tuple[BarometerRow, ...], titles: list[Text]
) -> Iterator[Block]:
    """Each place against limits around the level of all: most of those that differ do so by chance."""
    if len(rows) < 3:
        return
    *places, whole = (getattr(row, block.of) for row in rows)
    counted = [(figure, title) for figure, title in zip(places, titles, strict=False) if figure.denominator]
    if len(counted) < 3:
        return
    alike = design_effect(whole)
    table = pl.DataFrame(
        {
            "place": [figure.id for figure, _ in counted],
            "n": [float(figure.numerator or 0) / alike for figure, _ in counted],
            "d": [float(figure.denominator) / alike for figure, _ in counted],
        }
    )
    limits = {row["place"]: row for row in funnel(table, kind="share").iter_rows(named=True)}
    body: list[tuple[Cell, ...]] = []
    for figure, title in counted:
        row = limits[figure.id]
        word = said.POSITION[row["position"]]
        signal = Reading(da=word.da, en=word.en, of=figure.id) if word is not None else None
        ends = [
            Figure(f"funnel/{figure.id}/{end}", row[end], "share", made_from=(figure.id, whole.id))
            for end in ("low_95", "high_95", "low_998", "high_998")
        ]
        body.append((title, figure, whole, *ends, signal))
    columns = (
        Column("place", words.UNIT if block.by == "unit" else words.SITE),
        Column(
            "level", words.PARTICIPANTS_MET if block.of == "participants" else words.ITEMS_ANSWERED, "share"
        ),
        Column("centre", said.LEVEL_OF_ALL, "share"),
        Column("low-95", said.LOW_95, "share"),
        Column("high-95", said.HIGH_95, "share"),
        Column("low-998", said.LOW_998, "share"),
        Column("high-998", said.HIGH_998, "share"),
        Column("signal", said.SIGNAL),
    )
    title = words.joined(block.title, said.FUNNEL)
    sums = (Group(whole.id, tuple(figure.id for figure in places)),)
    yield Table(f"{name}-funnel", title, columns, tuple(body), notes=(said.FUNNEL_NOTE,), groups=sums)
    yield Chart(
        f"{name}-funnel-chart",
        title,
        f"{name}-funnel",
        "funnel",
        {
            "label": "place",
            "level": "level",
            "centre": "centre",
            "low": ("low-95", "low-998"),
            "high": ("high-95", "high-998"),
            "signal": "signal",
        },
        said.FUNNEL_ALT,
        x_title=said.PARTICIPANTS if block.of == "participants" else said.ITEMS,
    )


def design_effect(whole: Figure) -> float:
    """How many answers make one independent one, solved out of the interval of all (Wilson's, with fewer people).

    Answers about the same person resemble one another. Limits that took each for independent would single out places
    whose own interval holds the level of all. One where there is no interval or it tells of no likeness.
    """
    value, low, high = whole.value, whole.low, whole.high
    if value is None or low is None or high is None or not whole.denominator or not 0 < value < 1:
        return 1.0
    half = ((high - low) / 2) ** 2
    # half (1 + u)^2 = u value (1 - value) + u^2 / 4, where u is the square of the normal quantile over the size
    a, b = half - 0.25, 2 * half - value * (1 - value)
    u = (-b - sqrt(max(b * b - 4 * a * half, 0.0))) / (2 * a)
    return max(whole.denominator * u / _Z**2, 1.0) if u > 0 else 1.0


def _trend(facts: Facts, block: BarometerBlock, name: str, period: Period) -> Iterator[Block]:
    months = months_until(min(period.last, facts.last_day), _TREND_MONTHS)
    asked = Asked(block.phase, block.element)
    levels = fulfilment_months(facts, months, of=block.of, asked=asked, scope=effort_scope(facts))
    begun = next((at for at, level in enumerate(levels) if level.denominator), len(levels))
    if len(levels) - begun < 2:
        return
    threshold = facts.programme.disclosure_threshold
    title = words.PARTICIPANTS_MET if block.of == "participants" else words.ITEMS_ANSWERED
    one = judged(f"{name}-months", title, list(levels[begun:]), "p", threshold)
    yield from drawn(facts, block.title, one, months[begun:])
