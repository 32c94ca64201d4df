"""Composes the tables of questionnaire classes and of movement between their sides."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta

from indsats.evaluate import chi_squared
from indsats.figure import Figure
from indsats.measure import answers, class_distribution, transitions
from indsats.programme import ClassesBlock, Period, Programme, Text, TransitionsBlock
from indsats.record import Facts
from indsats.report import Block, Cell, Chart, Column, Table

from . import words


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
    units = _in_order(facts.programme, {row.group for row in rows})
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
    """Two tables per side people began on, persons and shares: where they ended, by unit.

    The movement is followed over the twelve months that end with the period. A last table tests whether the
    units differ.
    """
    programme = facts.programme
    questionnaire = programme.questionnaires[block.questionnaire]
    year = Period(first=_a_year_before(period), last=period.last)
    found = transitions(facts, block.questionnaire, year, block.exits, start_months=block.start_months)
    titles = {
        **{side: part.title for side, part in questionnaire.sides.items()},
        **{name: block.exit_titles.get(name, Text(da=name, en=name)) for name in block.exits},
        "other": words.OTHER_EXIT,
        "not_measured_again": words.NOT_AGAIN,
    }
    units = [*_in_order(programme, set(found.units) - {"all"}), *(["all"] if "all" in found.units else [])]
    followed = words.followed(year, block.start_months)
    tests: list[tuple[Cell, ...]] = []
    for side in found.sides:
        title = words.joined(block.title, words.from_side(titles[side]))
        name = f"transitions-{block.questionnaire}-{slug(side)}"
        counts: list[tuple[Cell, ...]] = []
        shares: list[tuple[Cell, ...]] = []
        for unit in units:
            rows = [found.row(unit, side, end) for end in found.ends]
            total = Figure.count(
                f"transition/{block.questionnaire}/{unit}/{side}/total",
                sum(row.count.value or 0 for row in rows),
            )
            counts.append((unit_title(programme, unit), *(row.count for row in rows), total))
            shares.append((unit_title(programme, unit), *(row.share for row in rows)))
        shown = tuple(cell.id for row in counts for cell in row if isinstance(cell, Figure))
        tests += _test_row(
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
            notes=(followed,),
            total_row=total_row,
            total_column=-1,
        )
        yield Table(
            f"{name}-shares",
            Text(da=f"{title.da}, andele", en=f"{title.en}, shares"),
            (Column("unit", words.UNIT), *(Column(id, end, "share") for id, end in ends)),
            tuple(shares),
            notes=(followed,),
        )
    if tests:
        yield Table(
            f"transitions-{block.questionnaire}-test",
            words.joined(block.title, words.UNITS_TEST),
            (
                Column("start", words.GROUP),
                Column("statistic", words.STATISTIC, "number", 1),
                Column("df", words.DEGREES, "number", 0),
                Column("p", words.P_VALUE, "p", 3),
            ),
            tuple(tests),
        )


def slug(name: str) -> str:
    """An identifier as tables and files write it."""
    return name.replace("_", "-").lower()


def _in_order(programme: Programme, units: Collection[str]) -> list[str]:
    """Units in the definition's order, those without one last."""
    return [*(unit for unit in programme.units if unit in units), *sorted(set(units) - set(programme.units))]


def _test_row(
    stem: str, title: Text, counts: list[list[int]], made_from: tuple[str, ...]
) -> list[tuple[Cell, ...]]:
    """The test that units do not differ; hidden with any count of its table, which it would give away."""
    used = [column for column in zip(*counts, strict=True) if sum(column)]
    rows = [list(row) for row in zip(*used, strict=True) if sum(row)] if used else []
    if len(rows) < 2 or len(used) < 2:
        return []
    test = chi_squared(rows)
    return [
        (
            title,
            Figure(f"{stem}/statistic", test.statistic, "number", made_from=made_from),
            Figure(f"{stem}/df", float(test.df), "number", made_from=made_from),
            Figure(f"{stem}/p", test.p, "p", made_from=made_from),
        )
    ]


def _a_year_before(period: Period) -> date:
    """The first day of the twelve months that end with the period."""
    next_day = period.last + timedelta(days=1)
    if (next_day.month, next_day.day) == (2, 29):
        return date(next_day.year - 1, 2, 28)
    return next_day.replace(year=next_day.year - 1)
