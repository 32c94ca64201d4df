"""Figures made from tables of transitions: totals, tests, and the sums that disclosure control has to know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from indsats.evaluate import chi_squared
from indsats.evaluate import transitions as moved_between
from indsats.figure import Figure
from indsats.measure import Movement, Transitions
from indsats.programme import Questionnaire, Text
from indsats.report import Cell, Group

from . import measure_words as said


def movement_sums(found: Transitions, row: Movement) -> Iterator[Group]:
    """Up, unchanged and down are all who were measured twice, and each the sum of its starts and ends."""
    yield Group(twice(found, row).id, (row.up.id, row.same.id, row.down.id))
    rank = {label: place for place, label in enumerate(found.ranked)}
    parts: dict[str, list[str]] = {row.up.id: [], row.same.id: [], row.down.id: []}
    for start in found.labels:
        for end in found.labels:
            step = rank[end] - rank[start]
            way = row.up if step < 0 else row.down if step > 0 else row.same
            parts[way.id].append(found.row(row.unit, start, end).count.id)
    yield from (Group(way, tuple(ids)) for way, ids in parts.items())


def class_sums(found: Transitions, questionnaire: Questionnaire) -> Iterator[Group]:
    """The classes of a side add up to what another block may show of the side."""
    if found.level == "side":
        return
    side_of = {part.id: part.side for asking in questionnaire.editions.values() for part in asking.classes}
    parts: dict[str, list[str]] = {}
    for row in found.rows:
        if row.unit == "all":
            start, end = side_of[row.start], side_of.get(row.end, row.end)
            parts.setdefault(f"{start}/{end}/count", []).append(row.count.id)
    for label in found.labels:
        parts.setdefault(f"{side_of[label]}/total", []).append(total_of(found, "all", label).id)
    stem = f"transition/{found.questionnaire}/all"
    yield from (Group(f"{stem}/{name}", tuple(ids)) for name, ids in parts.items())


def direction_tests(found: Transitions) -> list[tuple[Cell, ...]]:
    """Whether those measured twice moved one way more than the other; hidden with any count it is made of."""
    rows = [found.row("all", start, end).count for start in found.labels for end in found.labels]
    pairs = [(start, end) for start in found.labels for end in found.labels]
    people = [pair for pair, row in zip(pairs, rows, strict=True) for _ in range(int(row.value or 0))]
    if not people:
        return []
    table = pl.DataFrame(people, schema={"start": pl.String, "end": pl.String}, orient="row")
    tests = {test["test"]: test for test in moved_between(table, "start", "end").movement.to_dicts()}
    asked = {"marginal homogeneity": said.MARGINS, "symmetry": said.SYMMETRY}
    if len(found.labels) == 2:  # both ask the same of two groups
        asked = {"symmetry": said.TWO_WAYS}
    made_from = tuple(row.id for row in rows)
    return [
        tested(f"{stem_of(found)}/all/{name.replace(' ', '-')}", title, tests[name], made_from)
        for name, title in asked.items()
        if tests[name]["p"] is not None
    ]


def units_differ(found: Transitions, rows: Sequence[Movement]) -> list[tuple[Cell, ...]]:
    moved = [(row.up, row.same, row.down) for row in rows]
    counts = [[int(share.numerator or 0) for share in row] for row in moved]
    made_from = tuple(share.id for row in moved for share in row)
    return test_row(f"{stem_of(found)}/movement/test", said.UNITS_ALIKE, counts, made_from)


def test_row(
    stem: str, title: Text, counts: list[list[int]], made_from: tuple[str, ...]
) -> list[tuple[Cell, ...]]:
    """The test that units do not differ; hidden with any count of its table, which it would give away."""
    used = [column for column in zip(*counts, strict=True) if sum(column)]
    rows = [list(row) for row in zip(*used, strict=True) if sum(row)] if used else []
    if len(rows) < 2 or len(used) < 2:
        return []
    return [tested(stem, title, chi_squared(rows)._asdict(), made_from)]


def tested(stem: str, title: Text, test: Mapping[str, Any], made_from: tuple[str, ...]) -> tuple[Cell, ...]:
    return (
        title,
        Figure(f"{stem}/statistic", test["statistic"], "number", made_from=made_from),
        Figure(f"{stem}/df", float(test["df"]), "number", made_from=made_from),
        Figure(f"{stem}/p", test["p"], "p", made_from=made_from),
    )


def total_of(found: Transitions, unit: str, start: str) -> Figure:
    """All who began in ``start`` in a unit."""
    number = sum(found.row(unit, start, end).count.value or 0 for end in found.ends)
    return Figure.count(f"{stem_of(found)}/{unit}/{start}/total", number)


def twice(found: Transitions, row: Movement) -> Figure:
    number = row.up.denominator or 0
    return Figure.count(f"{stem_of(found)}/{row.unit}/movement/people", number, excluded=row.up.excluded)


def stem_of(found: Transitions) -> str:
    """What the ids of its figures begin with."""
    return f"{'transition' if found.level == 'side' else 'class-transition'}/{found.questionnaire}"
