"""The scores of a questionnaire in one case: over time, from the start until now, and as a drawing.

Every number is that of the measurement room, worked out from the facts of one person; here it is put into words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import polars as pl
from django.utils.safestring import SafeString, mark_safe

from indsats.language import LANGUAGES, Lang, number
from indsats.measure import OUTSIDE_ROUNDS, change_rows, changes, comparable, score_of, score_table, threshold
from indsats.programme import Asking, Programme, Questionnaire, Score, Text
from indsats.record import Facts
from indsats.report import Chart, Column, Span, Table, Zone, chart_svg
from indsats.steer import REASONS

from ..models import Case
from ..words import has, say
from .case_words import plain_number, value_title
from .measurements_rounds import rater_title, wave_title

CLASS = "class"
"""What stands for the score in the rows of ``score_table`` that tell of classes."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A state as it is drawn (a name of ``parts.STATES``), and its words, which say the same."""

    state: str
    words: str


@dataclass(frozen=True, slots=True)
class Measured:
    """A score, or a class, of one answer. ``notes``: what is to be known when it is read; ``start``: the baseline."""

    answer: str
    day: date
    rater: str
    round: str
    edition: str
    value: float | None
    told: str
    band: str
    notes: tuple[str, ...]
    start: bool


@dataclass(frozen=True, slots=True)
class Point:
    """One end of a change."""

    value: float
    told: str
    band: str
    day: date


@dataclass(frozen=True, slots=True)
class Change:
    """A row of ``changes`` in words: from the baseline of a rater to their newest measurement.

    ``why`` says why there is no change to tell; ``reliable`` and ``noticed`` are None where the definition does not
    say how much is needed.
    """

    rater: str
    first: Point | None
    last: Point | None
    why: str
    change: float | None
    moved: Mark | None
    reliable: Mark | None
    noticed: Mark | None


@dataclass(frozen=True, slots=True)
class Course:
    """A score over time, newest first. ``svg`` is empty with fewer than two numbers; ``certain`` says what it takes for
    a change to be a sure one, and ``drawn`` is the id of the drawing."""

    title: str
    changes: tuple[Change, ...]
    certain: str
    rows: tuple[Measured, ...]
    svg: SafeString
    drawn: str
    rounds: bool
    editions: bool


def courses_of(
    facts: Facts,
    name: str,
    given: pl.DataFrame,
    case: Case,
    programme: Programme,
    until: date,
    lang: Lang,
    key: str,
) -> list[Course]:
    """Every score and the class of a questionnaire that was answered, in the order of the definition.

    ``given`` are the rows of ``assigned_waves`` that belong to the case; ``key`` begins the ids of the drawings.
    """
    asked = programme.questionnaires[name]
    placed = given.select("id", "round", "counts", place="reason")
    table = score_table(facts, name).join(placed, on="id", how="inner", maintain_order="left")
    return [
        _course(facts, name, asked, score, table, case, programme, until, lang, f"{key}-{place}")
        for place, score in enumerate(table["score"].unique(maintain_order=True))
    ]


def _course(
    facts: Facts,
    name: str,
    asked: Questionnaire,
    score: str,
    table: pl.DataFrame,
    case: Case,
    programme: Programme,
    until: date,
    lang: Lang,
    key: str,
) -> Course:
    rows = table.filter(pl.col("score") == score).sort("day", "id", descending=True)
    found: list[tuple[dict[str, Any], Change]] = []
    if score != CLASS and case.enrolment:
        order = {rater: place for place, rater in enumerate(asked.raters)}
        raters = sorted(rows["rater"].unique(), key=lambda one: (order.get(one, len(order)), one))
        found = [
            (row, _change(row, asked, score, programme, lang))
            for row in _rows(facts, name, score, case.enrolment, until, raters)
        ]
    starts = {row["answer"] for row, _ in found}
    return Course(
        say("measurements.class", lang) if score == CLASS else score_of(asked, score).title.in_(lang),
        tuple(change for _, change in found),
        _certain(asked, score, lang) if score != CLASS else "",
        tuple(_measured(row, name, asked, programme, starts, lang) for row in rows.iter_rows(named=True)),
        _drawn(rows, name, asked, score, programme, lang, key) if score != CLASS else mark_safe(""),
        key,
        bool(asked.waves),
        len(asked.editions) > 1,
    )


def _rows(
    facts: Facts, name: str, score: str, enrolment: str, until: date, raters: Sequence[str]
) -> list[dict[str, Any]]:
    """The rows of ``changes``: as reports count, by whoever was measured first, then by each other rater."""
    counted = changes(facts, name, score, until=until)
    each = [changes(facts, name, score, until=until, rater=rater) for rater in raters]
    found = [
        row for rows in (counted, *each) for row in rows.filter(pl.col("enrolment") == enrolment).to_dicts()
    ]
    if not found:
        return []
    first, others = found[0], found[1:]
    for row, rater in zip(others, raters, strict=True):
        row["rater"] = rater
    if first["rater"] is None:
        return others or [first]
    return [first, *(row for row in others if row["rater"] != first["rater"])]


def _change(
    row: Mapping[str, Any], asked: Questionnaire, score: str, programme: Programme, lang: Lang
) -> Change:
    change, gain = row["change"], row["gain"]
    moved = reliable = noticed = None
    if change is not None:
        way = "same" if not gain else "forward" if gain > 0 else "back"
        moved = Mark(way, say(f"measurements.moved.{way}", lang, change=_signed(change, lang)))
        limit = threshold(asked, score)
        if limit is not None and row["verdict"] is not None:
            state = {"better": "forward", "worse": "back", "same": "same"}[row["verdict"]]
            reliable = Mark(state, say(f"measurements.reliable.{row['verdict']}", lang, n=round(limit, 1)))
        noticed = _noticed(row, asked, score, lang)
    why = REASONS[row["reason"]].in_(lang) if row["reason"] else ""
    return Change(
        rater_title(programme, row["rater"], lang),
        _point(row, "", asked, score, lang),
        _point(row, "last_", asked, score, lang),
        why[:1].upper() + why[1:],
        change,
        moved,
        reliable,
        noticed,
    )


def _point(
    row: Mapping[str, Any], end: Literal["", "last_"], asked: Questionnaire, score: str, lang: Lang
) -> Point | None:
    value = row[f"{end}value"]
    if value is None:
        return None
    band = _band(asked.editions.get(row[f"{end}edition"]), score, row[f"{end}band"], lang)
    return Point(value, plain_number(value, lang), band, row[f"{end}day"])


def _noticed(row: Mapping[str, Any], asked: Questionnaire, score: str, lang: Lang) -> Mark | None:
    """Whether the change is one that people themselves would call one, as ``change_rows`` counts it."""
    schema = {"change": pl.Float64, "gain": pl.Float64, "value": pl.Float64, "last_value": pl.Float64}
    one = pl.DataFrame([{**row}], schema_overrides={**schema, "reason": pl.String, "verdict": pl.String})
    counted = change_rows(one, asked, score, by=None)[0]
    if counted.noticed is None or not counted.noticed.denominator:
        return None
    yes = bool(counted.noticed.numerator)
    key = "measurements.noticed.yes" if yes else "measurements.noticed.no"
    return Mark("forward" if yes else "same", say(key, lang, n=counted.smallest_change))


def _certain(asked: Questionnaire, score: str, lang: Lang) -> str:
    """What it takes for one person's change to be more than error of measurement, or why that cannot be said."""
    reliability = score_of(asked, score).reliability
    if reliability is None:
        return say("measurements.certain.unknown", lang)
    limit = threshold(asked, score)
    if limit is None:
        return say("measurements.certain.group", lang, reliability=number(reliability.value, lang, 2))
    return say("measurements.certain", lang, limit=number(limit, lang, 1))


def _measured(
    row: Mapping[str, Any],
    name: str,
    asked: Questionnaire,
    programme: Programme,
    starts: set[str | None],
    lang: Lang,
) -> Measured:
    asking = asked.editions.get(row["edition"])
    notes: list[str] = []
    if row["reason"] is not None:
        notes.append(_lacks(row, lang))
    if row["low"] is not None and row["low"] != row["high"]:
        low, high = (plain_number(row[end], lang) for end in ("low", "high"))
        notes.append(say("measurements.range", lang, low=low, high=high))
    if row["prorated"]:
        notes.append(say("measurements.prorated", lang, n=row["scored_items"], of=row["items"]))
    # A questionnaire without rounds has none an answer could lie outside.
    if row["place"] in REASONS and not (row["place"] == OUTSIDE_ROUNDS and not asked.waves):
        notes.append(REASONS[row["place"]].in_(lang))
    beside = {"questionnaire": name}
    return Measured(
        row["id"],
        row["day"],
        rater_title(programme, row["rater"], lang),
        wave_title(programme, name, row["round"], lang),
        value_title(programme, "questionnaire_answered", "edition", row["edition"] or "", beside, lang),
        row["value"],
        plain_number(row["value"], lang) if row["value"] is not None else "",
        _band(asking, row["score"], row["band"], lang),
        tuple(notes),
        row["id"] in starts,
    )


def _lacks(row: Mapping[str, Any], lang: Lang) -> str:
    if has(f"measurements.lacks.{row['reason']}"):
        return say(f"measurements.lacks.{row['reason']}", lang, n=row["scored_items"], of=row["items"])
    return REASONS[row["reason"]].in_(lang)


def _band(asking: Asking | None, score: str, band: str | None, lang: Lang) -> str:
    """What a band is called, or a class with the wider grouping it belongs to; empty for none."""
    if asking is None or band is None:
        return ""
    if score == CLASS:
        one = next(one for one in asking.classes if one.id == band)
        side = asking.sides.get(one.side or "")
        return f"{one.title.in_(lang)} ({side.title.in_(lang)})" if side is not None else one.title.in_(lang)
    return next((one.title.in_(lang) for one in asking.scores[score].bands if one.id == band), "")


def _signed(value: float, lang: Lang) -> str:
    return f"+{plain_number(value, lang)}" if value > 0 else plain_number(value, lang)


def _drawn(
    rows: pl.DataFrame,
    name: str,
    asked: Questionnaire,
    score: str,
    programme: Programme,
    lang: Lang,
    key: str,
) -> SafeString:
    """The drawing: a line for each rater, broken where editions may not be compared; empty below two numbers."""
    known = rows.drop_nulls("value").sort("day", "id")
    if known.height < 2:
        return mark_safe("")
    known = known.with_columns(pl.lit(one).alias(f"as {one}") for one in asked.editions)
    known = known.with_columns(
        span=pl.coalesce(
            pl.when(comparable(asked, "edition", f"as {one}")).then(pl.lit(one)) for one in asked.editions
        )
    )
    lines = known.select("rater", "span").unique(maintain_order=True).rows()
    several = known["span"].n_unique() > 1

    def titled(rater: str, span: str) -> Text:
        said = {}
        for one in LANGUAGES:
            edition = value_title(
                programme, "questionnaire_answered", "edition", span, {"questionnaire": name}, one
            )
            who = rater_title(programme, rater, one)
            said[one] = f"{who}, {edition}" if several else who
        return Text(**said)

    columns = [Column(f"line-{place}", titled(*line), "mean") for place, line in enumerate(lines)]
    cells = tuple(
        (row["day"], *(row["value"] if (row["rater"], row["span"]) == line else None for line in lines))
        for row in known.iter_rows(named=True)
    )
    one = score_of(asked, score)
    about = {
        lang: say("measurements.drawn", lang, first=known["day"][0], last=known["day"][-1])
        for lang in LANGUAGES
    }
    day = Text(da=say("measurements.day", "da"), en=say("measurements.day", "en"))
    chart = Chart(
        key,
        one.title,
        key,
        "course",
        {"day": "day", "value": tuple(column.id for column in columns)},
        Text(**about),
        scale=_scale(asked, one),
        zones=tuple(Zone(band.title, band.low, band.high) for band in one.bands),
    )
    svg = chart_svg(chart, Table(key, one.title, (Column("day", day), *columns), cells), lang)
    return mark_safe(svg or "")  # noqa: S308 - drawn by us; its words are escaped


def _scale(asked: Questionnaire, one: Score) -> Span:
    """The lowest and highest a score can be by the definition, and which end is better."""
    items = 1 if one.combine == "mean" else len(one.items or asked.items)
    low, high = sorted(end * items * one.times for end in (asked.scale.low, asked.scale.high))
    better = asked.scale.better
    return Span(low, high, better if better in ("higher", "lower") else "neither")  # type: ignore[arg-type]
