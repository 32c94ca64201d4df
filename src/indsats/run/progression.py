"""Composes the tables of questionnaire classes and of movement between their sides."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from indsats.figure import Figure
from indsats.measure import Transitions, answers, class_distribution, movement, transitions
from indsats.programme import (
    AnswerClass,
    ClassesBlock,
    Period,
    Programme,
    Questionnaire,
    Text,
    TransitionsBlock,
)
from indsats.record import Facts
from indsats.report import Block, Cell, Chart, Column, Table

from . import measure_words as said
from . import words
from .movement import (
    class_sums,
    direction_tests,
    movement_sums,
    stem_of,
    test_row,
    total_of,
    twice,
    units_differ,
)


def unit_title(programme: Programme, unit: str) -> Text:
    """The title of a unit, of everybody (``all``), or of those without one."""
    if unit in programme.units:
        return programme.units[unit].title
    return words.ALL_UNITS if unit == "all" else words.UNKNOWN_UNIT


def class_blocks(facts: Facts, block: ClassesBlock, period: Period) -> Iterator[Block]:
    """Persons by class and unit at their first complete measurement in the period, and a drawing of the shares."""
    questionnaire = facts.programme.questionnaires[block.questionnaire]
    rows = class_distribution(
        answers(facts, block.questionnaire), questionnaire, period=period, name=block.questionnaire
    )
    units = in_order(facts.programme, {row.group for row in rows})
    at = {(row.group, row.label): row for row in rows}
    classes = sorted(questionnaire.classes, key=lambda answer_class: answer_class.id)
    columns = [(f"class-{part.id.lower()}", Text(da=part.id, en=part.id)) for part in classes]
    key = Text(
        da="; ".join(f"{part.id}: {part.title.da}" for part in classes) + ".",
        en="; ".join(f"{part.id}: {part.title.en}" for part in classes) + ".",
    )
    name = f"classes-{block.questionnaire}"
    counts: list[tuple[Cell, ...]] = []
    for unit in units:
        members = [at[unit, part.id].count for part in classes]
        total = Figure.count(
            f"class/{block.questionnaire}/{unit}/total",
            sum(member.value or 0 for member in members),
            excluded=members[0].excluded if members else {},
        )
        counts.append((unit_title(facts.programme, unit), *members, total))
    yield Table(
        name,
        block.title,
        (
            Column("unit", words.UNIT),
            *(Column(id, title, "count") for id, title in columns),
            Column("total", words.TOTAL, "count"),
        ),
        tuple(counts),
        notes=(key,),
        total_column=-1,
    )
    shares = Table(
        f"{name}-shares",
        Text(da=f"{block.title.da}, andele", en=f"{block.title.en}, shares"),
        (Column("unit", words.UNIT), *(Column(id, title, "share", 0) for id, title in columns)),
        tuple(
            (unit_title(facts.programme, unit), *(at[unit, part.id].share for part in classes))
            for unit in units
        ),
        notes=(key,),
    )
    yield shares
    yield Chart(
        f"{name}-chart",
        block.title,
        shares.id,
        "stacked",
        {"label": "unit", "parts": tuple(id for id, _ in columns)},
        Text(
            da=f"Fordelingen på grupper i hver enhed; tallene står i tabellen »{shares.title.da}«.",
            en=f"The distribution over classes in each unit; the numbers stand in the table “{shares.title.en}”.",
        ),
    )


def transition_blocks(facts: Facts, block: TransitionsBlock, period: Period) -> Iterator[Block]:
    """Where people began and ended, told by side or by class: together with a drawing, then up and down by unit.

    The movement is followed over the twelve months that end with the period. By side two tables for each start,
    persons and shares by unit, come first, and a table tests whether the units differ in them; classes are too many
    for that. The last table tests whether the movement has a direction.
    """
    questionnaire = facts.programme.questionnaires[block.questionnaire]
    year = Period(first=_a_year_before(period), last=period.last)
    found = transitions(
        facts, block.questionnaire, year, block.exits, start_months=block.start_months, level=block.level
    )
    notes = (words.followed(year, block.start_months),)
    if block.level == "side":
        yield from _by_start(facts.programme, block, found, notes)
    yield from _together(block, questionnaire, found, notes)
    yield from _movement(facts.programme, block, found)


def _by_start(
    programme: Programme, block: TransitionsBlock, found: Transitions, notes: tuple[Text, ...]
) -> Iterator[Block]:
    """Two tables per start, persons and shares: where they ended, by unit."""
    titles = _titles(programme.questionnaires[block.questionnaire], block)
    units = _units(programme, found)
    tests: list[tuple[Cell, ...]] = []
    for side in found.labels:
        title = words.joined(block.title, words.from_side(titles[side]))
        name = f"transitions-{block.questionnaire}-{slug(side)}"
        counts: list[tuple[Cell, ...]] = []
        shares: list[tuple[Cell, ...]] = []
        for unit in units:
            rows = [found.row(unit, side, end) for end in found.ends]
            counts.append(
                (unit_title(programme, unit), *(row.count for row in rows), total_of(found, unit, side))
            )
            shares.append((unit_title(programme, unit), *(row.share for row in rows)))
        shown = tuple(cell.id for row in counts for cell in row if isinstance(cell, Figure))
        tests += test_row(
            f"transition/{block.questionnaire}/{side}/test",
            words.from_side(titles[side]),
            found.counts(side, [unit for unit in units if unit != "all"]),
            shown,
        )
        ends = [(slug(end), titles[end]) for end in found.ends]
        total_row = len(units) - 1 if "all" in units else None
        yield Table(
            name,
            title,
            (
                Column("unit", words.UNIT),
                *(Column(id, end, "count") for id, end in ends),
                Column("total", words.TOTAL, "count"),
            ),
            tuple(counts),
            notes=notes,
            total_row=total_row,
            total_column=-1,
        )
        yield Table(
            f"{name}-shares",
            Text(da=f"{title.da}, andele", en=f"{title.en}, shares"),
            (Column("unit", words.UNIT), *(Column(id, end, "share") for id, end in ends)),
            tuple(shares),
            notes=notes,
        )
    if tests:
        yield _tests(f"transitions-{block.questionnaire}-test", block, words.UNITS_TEST, words.GROUP, tests)


def _together(
    block: TransitionsBlock, questionnaire: Questionnaire, found: Transitions, notes: tuple[Text, ...]
) -> Iterator[Block]:
    """All units: where people began, down, and where they ended, across; drawn as streams."""
    titles = _titles(questionnaire, block)
    short = block.level == "class"
    body: list[tuple[Cell, ...]] = [
        (
            titles[start],
            *(found.row("all", start, end).count for end in found.ends),
            total_of(found, "all", start),
        )
        for start in found.labels
    ]
    stem = f"{stem_of(found)}/all/total"
    ended = {
        end: sum(found.row("all", start, end).count.value or 0 for start in found.labels)
        for end in found.ends
    }
    sums = [Figure.count(f"{stem}/{end}", number) for end, number in ended.items()]
    body.append((words.TOTAL, *sums, Figure.count(stem, sum(ended.values()))))
    table = Table(
        f"{_name(block)}-together",
        words.joined(block.title, said.FROM_TO),
        (
            Column("start", said.BEGAN_IN),
            *(
                Column(
                    slug(end), Text(da=end, en=end) if short and end in found.labels else titles[end], "count"
                )
                for end in found.ends
            ),
            Column("total", words.TOTAL, "count"),
        ),
        tuple(body),
        notes=notes,
        total_row=-1,
        total_column=-1,
        groups=tuple(class_sums(found, questionnaire)),
    )
    yield table
    yield Chart(
        f"{table.id}-chart",
        block.title,
        table.id,
        "transitions",
        {"label": "start", "ends": tuple(slug(end) for end in found.ends), "total": "total"},
        said.STREAMS_DRAWN,
        x_title=said.ENDED_IN,
        y_title=said.BEGAN_IN,
    )


def _movement(programme: Programme, block: TransitionsBlock, found: Transitions) -> Iterator[Block]:
    """Up, unchanged and down by unit, and whether that has a direction and differs between units."""
    at = {row.unit: row for row in movement(found)}
    units = _units(programme, found)
    if len(units) == 2:  # one unit is everybody
        units = units[:1]
    other_rater = any(found.changed_rater[unit].numerator for unit in units)
    yield Table(
        f"{_name(block)}-movement",
        words.joined(block.title, said.MOVEMENT),
        (
            Column("unit", words.UNIT),
            Column("people", said.MEASURED_TWICE, "count"),
            Column("up", said.UP, "share"),
            Column("same", said.STAYED_IN, "share"),
            Column("down", said.DOWN, "share"),
            *([Column("another-rater", said.ANOTHER_RATER, "share")] if other_rater else []),
        ),
        tuple(
            (
                unit_title(programme, unit),
                twice(found, at[unit]),
                *(at[unit].up, at[unit].same, at[unit].down),
                *((found.changed_rater[unit],) if other_rater else ()),
            )
            for unit in units
        ),
        notes=(said.MOVEMENT_NOTE,),
        total_row=-1 if len(units) > 1 else None,
        groups=tuple(group for unit in units for group in movement_sums(found, at[unit])),
    )
    tests = [*direction_tests(found), *units_differ(found, [at[unit] for unit in units if unit != "all"])]
    if tests:
        title = words.joined(block.title, said.DIRECTION_TEST)
        yield replace(
            _tests(f"{_name(block)}-direction", block, said.DIRECTION_TEST, said.QUESTION, tests),
            title=title,
            notes=(said.DIRECTION_NOTE,),
        )


def _tests(
    id: str, block: TransitionsBlock, what: Text, first: Text, rows: Sequence[tuple[Cell, ...]]
) -> Table:
    return Table(
        id,
        words.joined(block.title, what),
        (
            Column("start", first),
            Column("statistic", words.STATISTIC, "number", 1),
            Column("df", words.DEGREES, "number", 0),
            Column("p", words.P_VALUE, "p", 3),
        ),
        tuple(rows),
    )


def _titles(questionnaire: Questionnaire, block: TransitionsBlock) -> dict[str, Text]:
    """What starts and ends are called, those of earlier editions too."""
    titles: dict[str, Text] = {}
    for asking in questionnaire.editions.values():
        if block.level == "side":
            titles |= {side: part.title for side, part in asking.sides.items()}
        else:
            titles |= {part.id: _with_id(part) for part in asking.classes}
    return {
        **titles,
        **{name: block.exit_titles.get(name, Text(da=name, en=name)) for name in block.exits},
        "other": words.OTHER_EXIT,
        "not_measured_again": words.NOT_AGAIN,
    }


def _with_id(part: AnswerClass) -> Text:
    return Text(da=f"{part.id}: {part.title.da}", en=f"{part.id}: {part.title.en}")


def _name(block: TransitionsBlock) -> str:
    return f"{'transitions' if block.level == 'side' else 'class-transitions'}-{slug(block.questionnaire)}"


def _units(programme: Programme, found: Transitions) -> list[str]:
    return [*in_order(programme, set(found.units) - {"all"}), *(["all"] if "all" in found.units else [])]


def slug(name: str) -> str:
    """An identifier as tables and files write it."""
    return name.replace("_", "-").lower()


def in_order(programme: Programme, units: Collection[str]) -> list[str]:
    """Units in the definition's order, those without one last."""
    return [*(unit for unit in programme.units if unit in units), *sorted(set(units) - set(programme.units))]


def _a_year_before(period: Period) -> date:
    """The first day of the twelve months that end with the period."""
    next_day = period.last + timedelta(days=1)
    if (next_day.month, next_day.day) == (2, 29):
        return date(next_day.year - 1, 2, 28)
    return next_day.replace(year=next_day.year - 1)
