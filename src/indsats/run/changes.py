"""Composes the tables of where people stood at the start and stand now: item by item, and score by score."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal

import polars as pl

from indsats.evaluate import difference_in_means
from indsats.figure import Figure, Unit
from indsats.measure import (
    ALL,
    ChangeRow,
    ProfileRow,
    answers,
    baselines,
    change_rows,
    changes,
    item_profile,
    leavers,
    score,
    trajectories,
    waves_in_order,
)
from indsats.programme import (
    ChangeBlock,
    Period,
    ProfileBlock,
    Programme,
    Questionnaire,
    Score,
    Text,
)
from indsats.record import Facts
from indsats.report import Block, Cell, Chart, Column, Group, Span, Table

from . import measure_words as said
from . import words
from .progression import in_order, slug, unit_title

_MOST_UNITS = 3
"""Units that fit beside one another in a profile."""
_FEWEST = 2
"""Persons on either side of whom a difference can be tested."""


def profile_blocks(facts: Facts, block: ProfileBlock, period: Period) -> Iterator[Block]:
    """A table with a row for each item, at the start and now, and a drawing of the two.

    Everybody together, and by unit beside it where there are two or three units.
    """
    programme, name = facts.programme, block.questionnaire
    questionnaire = programme.questionnaires[name]
    together = item_profile(facts, name, period.last, None, name)
    by_unit = item_profile(facts, name, period.last, "unit", name)
    units = in_order(programme, {row.group for row in by_unit})
    shown = units if 1 < len(units) <= _MOST_UNITS else []
    at = {(row.group, row.item): row for row in (*by_unit, *together)}
    groups = [ALL, *shown]
    items = list(dict.fromkeys(row.item for row in together))
    parts: tuple[tuple[str, Text, Unit], ...] = (
        ("people", words.PERSONS, "count"),
        ("first", said.AT_START, "mean"),
        ("last", said.NOW, "mean"),
    )
    table = Table(
        f"profile-{slug(name)}",
        block.title,
        (
            Column("item", words.ITEM),
            *(
                Column(_of(unit, what), _named(programme, title, unit, alone=not shown), measure)
                for unit in groups
                for what, title, measure in parts
            ),
        ),
        tuple(
            (questionnaire.items[item].title, *(cell for unit in groups for cell in _cells(at[unit, item])))
            for item in items
        ),
        notes=(said.profile_note(period),),
        groups=tuple(_sums(at, items, shown)),
    )
    yield table
    drawn = shown or [ALL]
    scale = questionnaire.scale
    yield Chart(
        f"{table.id}-chart",
        block.title,
        table.id,
        "profile",
        {
            "label": "item",
            "before": tuple(_of(unit, "first") for unit in drawn),
            "now": tuple(_of(unit, "last") for unit in drawn),
        },
        said.PROFILE_DRAWN,
        scale=Span(
            scale.low,
            scale.high,
            _better(questionnaire),
            scale.labels.get(scale.low),
            scale.labels.get(scale.high),
        ),
    )


def change_blocks(facts: Facts, block: ChangeBlock, period: Period) -> Iterator[Block]:
    """For each score its change by unit with a drawing, and what its means rest on.

    That is: the course of all who answered and of those who stayed, where there are two measurements; whether those
    who dropped out differed at the start; and, where a form lacked an answer option, what the score could have been.
    """
    questionnaire = facts.programme.questionnaires[block.questionnaire]
    for name, asked in questionnaire.scores.items():
        title = words.joined(block.title, asked.title) if len(questionnaire.scores) > 1 else block.title
        yield from _change(facts, block.questionnaire, name, title, period.last)
        yield from _course(facts, block.questionnaire, name, title, period.last)
        yield from _leavers(facts, block.questionnaire, name, title, period.last)
        yield from _band(facts, block.questionnaire, name, title, period.last)


def _change(facts: Facts, name: str, score_id: str, title: Text, until: date) -> Iterator[Block]:
    programme = facts.programme
    questionnaire = programme.questionnaires[name]
    asked = questionnaire.scores[score_id]
    changed = changes(facts, name, score_id, until=until)
    at = {row.group: row for row in change_rows(changed, questionnaire, score_id, "unit", name)}
    units = in_order(programme, set(at))
    if len(units) > 1:
        [at[ALL]] = change_rows(changed, questionnaire, score_id, None, name)
        units.append(ALL)
    rows = [at[unit] for unit in units]
    limit = next((row.threshold for row in rows if row.threshold is not None), None)
    judged = limit is not None and questionnaire.scale.better != "neither"
    felt = any(row.noticed is not None for row in rows)
    span = _span(questionnaire, asked)
    decimals = _decimals(span)
    stem = f"change/{name}/{score_id}"
    everybody = (rows[-1].paired.id,) if rows else ()
    reliable = Figure(f"{stem}/threshold", limit, "number", made_from=everybody)
    table = Table(
        f"change-{slug(name)}-{slug(score_id)}",
        title,
        (
            Column("unit", words.UNIT),
            Column("paired", said.MEASURED_TWICE, "count"),
            Column("before", said.AT_START, "mean", decimals),
            Column("after", said.NOW, "mean", decimals),
            Column("change", said.CHANGE, "mean", decimals),
            Column("p", words.P_VALUE, "p"),
            *_verdict_columns(judged=judged, felt=felt),
            *([Column("reliable", said.RELIABLE, "number", decimals)] if judged else []),
        ),
        tuple(
            (
                unit_title(programme, row.group),
                *(row.paired, row.first, row.last, row.change),
                Figure(f"{row.change.id}/p", row.change.p, "p", made_from=(row.change.id,)),
                *((row.better, row.same, row.worse) if judged else ()),
                *((row.noticed,) if felt else ()),
                *((reliable,) if judged else ()),
            )
            for row in rows
        ),
        notes=tuple(_notes(asked, rows, judged=judged)),
        total_row=-1 if len(rows) > 1 else None,
        # The share who noticed stands beside them and hides that these three make up everybody.
        groups=tuple(
            Group(row.paired.id, (row.better.id, row.same.id, row.worse.id)) for row in rows if judged
        ),
    )
    yield table
    yield Chart(
        f"{table.id}-chart",
        title,
        table.id,
        "arrows",
        {
            "label": "unit",
            "before": "before",
            "after": "after",
            "change": "change",
            "n": "paired",
            **({"reliable": "reliable"} if judged else {}),
        },
        said.CHANGE_DRAWN,
        scale=span,
    )


def _verdict_columns(*, judged: bool, felt: bool) -> Iterator[Column]:
    if judged:
        yield Column("better", said.BETTER, "share", 0)
        yield Column("same", said.SAME, "share", 0)
        yield Column("worse", said.WORSE, "share", 0)
    if felt:
        yield Column("noticed", said.NOTICED, "share", 0)


def _notes(asked: Score, rows: Sequence[ChangeRow], *, judged: bool) -> Iterator[Text]:
    yield said.PAIRED_NOTE
    yield said.EXCLUDED_NOTE
    if asked.reliability is None:
        yield said.NO_RELIABILITY
    elif judged:
        yield said.reliable(asked.reliability, own=asked.reliability.sd is None)
    if asked.smallest_change is not None and rows:
        yield said.noticed(asked, asked.smallest_change)


def _course(facts: Facts, name: str, score_id: str, title: Text, until: date) -> Iterator[Block]:
    """All who answered beside those who stayed, from measurement to measurement."""
    programme = facts.programme
    questionnaire = programme.questionnaires[name]
    rows = trajectories(facts, name, score_id, until, None, name)
    if not any(row.place > 1 and row.stayed.denominator for row in rows):
        return
    raters = len({row.rater for row in rows}) > 1
    decimals = _decimals(_span(questionnaire, questionnaire.scores[score_id]))
    body: list[tuple[Cell, ...]] = []
    sums: list[Group] = []
    for row in rows:
        place = questionnaire.waves[row.wave].title if row.wave else said.nth(row.place)
        everybody, stayed = row.mean.denominator or 0.0, row.stayed.denominator or 0.0
        of = row.mean.of
        counted = Figure.count(f"{row.mean.id}/n", everybody, of=of)
        kept = Figure.count(f"{row.stayed.id}/n", stayed, of=of)
        missed = Figure.count(f"{row.mean.id}/missed", everybody - stayed, of=of)
        # Whoever can subtract the two means knows that of the rest: so the rest is a count of its own.
        sums.append(Group(counted.id, (kept.id, missed.id)))
        label: tuple[Cell, ...] = (place, _rater(programme, row.rater)) if raters else (place,)
        body.append((*label, counted, row.mean, kept, row.stayed, row.stayed_first, missed))
    yield Table(
        f"course-{slug(name)}-{slug(score_id)}",
        words.joined(title, said.COURSE),
        (
            Column("place", said.PLACE),
            *([Column("rater", said.RATER)] if raters else []),
            Column("answered", said.ANSWERED, "count"),
            Column("mean", said.MEAN, "mean", decimals),
            Column("stayed", said.STAYED, "count"),
            Column("stayed-mean", said.STAYED_MEAN, "mean", decimals),
            Column("stayed-first", said.STAYED_FIRST, "mean", decimals),
            Column("missed", said.MISSED_ONE, "count"),
        ),
        tuple(body),
        notes=(said.COURSE_NOTE, *(() if questionnaire.waves else (said.STEPS_NOTE,))),
        groups=tuple(sums),
    )


def _leavers(facts: Facts, name: str, score_id: str, title: Text, until: date) -> Iterator[Block]:
    """For each later round the score at the start of those who did not answer it, against those who did."""
    questionnaire = facts.programme.questionnaires[name]
    decimals = _decimals(_span(questionnaire, questionnaire.scores[score_id]))
    body: list[tuple[Cell, ...]] = []
    for wave in waves_in_order(questionnaire)[1:]:
        rows = leavers(facts, name, score_id, wave, until).with_columns(left=~pl.col("stayed"))
        parts = {
            key: rows.filter("left" if key == "left" else "stayed")["value"] for key in ("left", "stayed")
        }
        if min(part.len() for part in parts.values()) < _FEWEST:
            continue
        stem = f"leavers/{name}/{score_id}/{wave}"
        counts = {key: Figure.count(f"{stem}/{key}", part.len()) for key, part in parts.items()}
        means = {
            key: Figure(
                f"{stem}/{key}/start",
                float(part.sum()) / part.len(),
                "mean",
                float(part.sum()),
                float(part.len()),
            )
            for key, part in parts.items()
        }
        difference = _difference(f"{stem}/difference", rows, tuple(mean.id for mean in means.values()))
        body.append(
            (
                questionnaire.waves[wave].title,
                *(counts["stayed"], counts["left"], means["stayed"], means["left"], difference),
                difference and Figure(f"{stem}/p", difference.p, "p", made_from=(difference.id,)),
            )
        )
    if body:
        yield Table(
            f"leavers-{slug(name)}-{slug(score_id)}",
            words.joined(title, said.LEAVERS),
            (
                Column("wave", words.WAVE),
                Column("stayed", said.REMAINED, "count"),
                Column("left", said.LEFT, "count"),
                Column("stayed-start", said.REMAINED_MEAN, "mean", decimals),
                Column("left-start", said.LEFT_MEAN, "mean", decimals),
                Column("difference", words.DIFFERENCE, "mean", decimals),
                Column("p", words.P_VALUE, "p"),
            ),
            tuple(body),
            notes=(said.LEAVERS_NOTE,),
        )


def _difference(id: str, rows: pl.DataFrame, made_from: tuple[str, ...]) -> Figure | None:
    """Those who left less those who stayed; None where neither group varies."""
    try:
        found = difference_in_means(rows, "value", "left", variance="welch")
    except ValueError:
        return None
    low, high = found.interval
    return Figure(id, found.estimate, "mean", low=low, high=high, p=found.p, made_from=made_from)


def _band(facts: Facts, name: str, score_id: str, title: Text, until: date) -> Iterator[Block]:
    """What the score at the start could have been, of those whose form lacked an answer option."""
    programme = facts.programme
    questionnaire = programme.questionnaires[name]
    if not any(asking.lacks_one_of for asking in questionnaire.editions.values()):
        return
    scored = score(answers(facts, name), questionnaire, score_id).select("id", "low", "high")
    start = baselines(facts, name, score_id, until=until).filter(pl.col("reason").is_null())
    rows = start.join(scored, left_on="answer", right_on="id").drop_nulls(["low", "high"])
    rows = rows.with_columns(pl.col("unit").fill_null("unknown"))
    if rows.is_empty():
        return
    decimals = _decimals(_span(questionnaire, questionnaire.scores[score_id]))
    units, body = in_order(programme, set(rows["unit"])), list[tuple[Cell, ...]]()
    for unit in [*units, ALL] if len(units) > 1 else units:
        of_unit = rows if unit == ALL else rows.filter(pl.col("unit") == unit)
        stem, people = f"change/{name}/{score_id}/{unit}/band", of_unit.height
        means = (
            Figure(f"{stem}/{column}", total / people, "mean", total, float(people))
            for column, total in (
                (column, float(of_unit[column].sum())) for column in ("low", "value", "high")
            )
        )
        body.append((unit_title(programme, unit), Figure.count(f"{stem}/n", people), *means))
    yield Table(
        f"band-{slug(name)}-{slug(score_id)}",
        words.joined(title, said.BAND),
        (
            Column("unit", words.UNIT),
            Column("n", said.MEASURED, "count"),
            Column("low", said.LOWEST, "mean", decimals),
            Column("value", said.OBSERVED, "mean", decimals),
            Column("high", said.HIGHEST, "mean", decimals),
        ),
        tuple(body),
        notes=(said.BAND_NOTE,),
        total_row=-1 if len(units) > 1 else None,
    )


def _sums(
    at: dict[tuple[str, str], ProfileRow], items: Sequence[str], units: Sequence[str]
) -> Iterator[Group]:
    """Item by item the units add up to everybody."""
    for item in items if units else ():
        for number, whole in enumerate(_cells(at[ALL, item])):
            yield Group(whole.id, tuple(_cells(at[unit, item])[number].id for unit in units))


def _cells(row: ProfileRow) -> tuple[Figure, ...]:
    return row.people, row.first, row.last


def _of(unit: str, what: str) -> str:
    return f"{slug(unit)}-{what}"


def _named(programme: Programme, what: Text, unit: str, *, alone: bool) -> Text:
    return what if alone else said.of(what, unit_title(programme, unit))


def _rater(programme: Programme, rater: str | None) -> Text | str | None:
    """What a rater is called: a value of the code list for raters, or a role of the programme."""
    listed = programme.codes_for("questionnaire_answered.rater")
    found = listed.values.get(rater) if listed is not None and rater else None
    found = found or programme.roles.get(rater or "")
    return found.title if found else rater


def _span(questionnaire: Questionnaire, asked: Score) -> Span:
    """The lowest and highest a score can be, and which of them is better."""
    number = 1 if asked.combine == "mean" else len(asked.items or questionnaire.items)
    scale = questionnaire.scale
    ends = sorted(end * number * asked.times for end in (scale.low, scale.high))
    return Span(ends[0], ends[1], _better(questionnaire))


def _better(questionnaire: Questionnaire) -> Literal["higher", "lower", "neither"]:
    better = questionnaire.scale.better
    return "higher" if better == "higher" else "lower" if better == "lower" else "neither"


def _decimals(span: Span) -> int:
    """Two on a short scale, one on a long."""
    return 1 if span.high - span.low >= 20 else 2
