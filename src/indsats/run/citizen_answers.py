"""A citizen's answers to forms, the first and the newest, in the words of the scale."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from indsats.figure import Figure
from indsats.measure import answers, comparable, item_states, one_a_day
from indsats.programme import Asking, PersonBlock, Question, Questionnaire, Text
from indsats.record import Facts
from indsats.report import Block, Cell, Chart, Column, Span, Table

from . import citizen_words as said
from .progression import slug

_FEWEST = 3
"""Questions from which a drawing says more than the table."""


def answer_blocks(facts: Facts, block: PersonBlock, source: Text) -> Iterator[Block]:
    """A table for each form about how the citizen is doing, with a drawing where it was answered twice.

    The answers are of one rater, for two people who answer are no movement: the citizen, where it was the citizen who
    answered last or who answered more than once, else whoever answered last. Questions for others alone are left out.
    """
    for name, asked in facts.programme.questionnaires.items():
        if not said.for_citizen(asked):
            continue
        rows = _of_one(facts, name, asked, block.citizen)
        if rows:
            yield from _told(facts, name, asked, rows, block, source)


def _of_one(facts: Facts, name: str, asked: Questionnaire, citizen: str | None) -> list[dict[str, Any]]:
    """The answers of one rater that may be compared with the newest, oldest first."""
    given = one_a_day(answers(facts, name), asked).filter(pl.col("n_answered") > 0)
    own = given.filter(pl.col("rater") == citizen) if citizen is not None else given.clear()
    last = given["rater"].last() if given.height else None
    rows = (
        own if own.height > 1 or last == citizen else given.filter(pl.col("rater") == pl.col("rater").last())
    )
    if rows.is_empty():
        return []
    rows = rows.with_columns(newest=pl.col("edition").last())
    rows = rows.filter(comparable(asked, "edition", "newest"))
    states = {row["id"]: row for row in item_states(facts, name).iter_rows(named=True)}
    return [{**row, "states": states[row["id"]]} for row in rows.iter_rows(named=True)]


def _told(
    facts: Facts,
    name: str,
    asked: Questionnaire,
    rows: list[dict[str, Any]],
    block: PersonBlock,
    source: Text,
) -> Iterator[Block]:
    first, last = rows[0], rows[-1]
    twice = len(rows) > 1
    edition = asked.editions[last["edition"]]
    items = {
        key: item
        for key, item in edition.items.items()
        if not item.raters or block.citizen in item.raters
        if last["states"][key] != "not_asked" or first["states"].get(key, "not_asked") != "not_asked"
    }
    key = f"person-form-{slug(name)}"
    day: dict[str, Text] = {
        "first": said.then(first["occurred_from"]),
        "last": said.latest(last["occurred_from"]),
    }
    points = [("first", first), ("last", last)] if twice else [("last", last)]
    columns = (
        Column("item", said.QUESTION),
        *(
            column
            for when, _ in points
            for column in (
                Column(f"{when}-words", day[when]),
                Column(when, said.STEP_THEN if when == "first" else said.STEP_LATEST, "mean", 0),
            )
        ),
    )
    body: list[tuple[Cell, ...]] = []
    for number, item in items.items():
        cells: list[Cell] = [item.easy or item.title]
        for when, row in points:
            value = row[number]
            cells.append(_words(edition, item, row["states"][number], value))
            cells.append(None if value is None else Figure(f"{key}/{number}/{when}", float(value), "mean"))
        body.append(tuple(cells))
    role = facts.programme.roles.get(last["rater"])
    who = (
        None
        if last["rater"] == block.citizen
        else role.title
        if role
        else said.both(last["rater"], last["rater"])
    )
    notes = (said.filled_in_by(who), said.steps(edition.scale.low, edition.scale.high))
    yield Table(key, asked.title, columns, tuple(body), notes, source=source)
    moved = [one for one in items if first[one] is not None and last[one] is not None]
    if twice and len(moved) >= _FEWEST:
        scale = edition.scale
        yield Chart(
            f"{key}-chart",
            asked.title,
            key,
            "profile",
            {"label": "item", "before": "first", "now": "last"},
            said.STEPS_DRAWN,
            scale=Span(
                scale.low,
                scale.high,
                "higher" if scale.better == "higher" else "lower" if scale.better == "lower" else "neither",
                scale.labels.get(scale.low),
                scale.labels.get(scale.high),
            ),
        )


def _words(edition: Asking, item: Question, state: str, value: int | None) -> Text:
    """An answer in the words of its scale; one beside the scale in those it was given in."""
    if value is None:
        beside = next((one.title for one in edition.beside.values() if one.means == state), None)
        return beside or said.NOTHING
    labels = {**edition.scale.labels, **item.answers}
    if value in labels:
        return labels[value]
    below = max((step for step in labels if step < value), default=None)
    above = min((step for step in labels if step > value), default=None)
    if below is None or above is None:
        return said.both(str(value), str(value))
    return said.between(labels[below], labels[above])
