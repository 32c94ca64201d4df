"""The blocks of the course: what they show, by which lengths of time, and that nothing hidden can be worked out."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Literal

import pytest

from casebook import EFFORT_EVERYWHERE, Casebook, indicator, item, period, programme
from indsats.figure import Figure
from indsats.programme import CourseBlock, Programme, Text
from indsats.record import Facts
from indsats.report import Chart, Document, ProtectedFigure, Section, Table, chart_svg, protect
from indsats.run.course import course_blocks
from indsats.run.sums import groups

YEAR = period("2018-01-01", "2018-12-31")
TITLE = Text(da="Vejen", en="The way")


def definition(**parts: Any) -> Programme:
    def step(kind: str, **rest: Any) -> dict[str, Any]:
        return item(kind, what=[{"kind": kind}], **rest)

    return programme(
        units=EFFORT_EVERYWHERE,
        course={
            "drawn": step("drawn"),
            "excluded": step("excluded", leaves=True),
            "started": step("enrolled"),
            "agreement": step("agreement"),
            "exit": step("exit", leaves=True),
        },
        **parts,
    )


def facts_of(months: list[int], agreements: int = 0, exits: int = 0, **parts: Any) -> Facts:
    """So many enrolments in each month of 2018; the first of them with agreements, the last with exits. Half were
    drawn the same day, at one of two sites."""
    book = Casebook(definition(**parts))
    days = [date(2018, month, 1 + one % 10) for month, n in enumerate(months, 1) for one in range(n)]
    for number, day in enumerate(days):
        person, enrolment, site = f"p{number}", f"e{number}", ("north", "city")[number % 2]
        if number % 2:
            book.fact("drawn", day, person=person, enrolment=None, site=site, draw="d", arm="in")
        book.enrol(day, person=person, enrolment=enrolment, site=site)
        if number < agreements:
            book.fact("agreement", day + timedelta(number % 15), person=person, enrolment=enrolment, type="a")
        if number >= len(days) - exits:
            book.leave(day + timedelta(3), person=person, enrolment=enrolment)
    return book.data_until("2018-12-31").facts()


def document(facts: Facts, by: Literal["all", "unit"] = "all", threshold: int = 5) -> Document:
    block = CourseBlock(block="course", title=TITLE, by=by)
    section = Section(TITLE, tuple(course_blocks(facts, block, YEAR)))
    return Document(
        title=TITLE,
        programme="trial",
        version=1,
        period=YEAR,
        sections=(section,),
        threshold=threshold,
        synthetic=True,
        groups=tuple(groups(facts.programme, facts, [section])),
    )


def cell(table: Table, row: int, column: str) -> Figure:
    found = table.rows[row][table.column(column)]
    assert isinstance(found, Figure)
    return found


def first_column(table: Table) -> list[str]:
    return [row[0].en for row in table.rows if isinstance(row[0], Text)]


def test_months_where_all_can_be_shown() -> None:
    table = document(facts_of([20] * 12)).table("course-intake")
    assert first_column(table)[:2] == ["January 2018", "February 2018"]
    assert [cell(table, at, "enrolled-so-far").value for at in (0, 11)] == [20, 240]


@pytest.mark.parametrize(
    ("months", "spans"),
    [
        ([20] * 11 + [2], ["quarter 1, 2018", "quarter 2, 2018", "quarter 3, 2018", "quarter 4, 2018"]),
        ([20, 1, 1, *([0] * 6), 1, 1, 0], ["2018"]),
    ],
)
def test_longer_spans_where_months_are_few(months: list[int], spans: list[str]) -> None:
    made = protect(document(facts_of(months)))
    table = made.table("course-intake")
    assert first_column(table) == spans
    assert not any(figure.hidden for figure in table.figures() if isinstance(figure, ProtectedFigure))


def test_the_totals_stand_by_themselves_with_the_mean_of_a_month() -> None:
    table = document(facts_of([20] * 12)).table("course-in-all-all")
    assert [cell(table, 1, name).value for name in ("period", "per-month", "so-far")] == [240, 20, 240]


def test_a_step_tells_the_four_things_that_add_up() -> None:
    table = document(facts_of([20] * 12, agreements=150, exits=60)).table("course-steps")
    parts = [cell(table, 3, name).value for name in ("came-on", "past", "left", "under-way")]
    assert parts == [150, 0, 60, 30]
    assert cell(table, 3, "share").denominator == 240


def test_each_unit_has_tables_of_its_own() -> None:
    made = document(facts_of([20] * 12), by="unit")
    names = [table.id for table in made.tables()]
    assert [
        f"course-{unit}-{what}" in names for unit in ("outreach", "centre") for what in ("intake", "steps")
    ]
    assert first_column(made.table("course-in-all-unit"))[0].startswith("Outreach")


@pytest.mark.parametrize("lang", ["da", "en"])
def test_the_drawings_can_be_drawn(lang: Literal["da", "en"]) -> None:
    made = protect(document(facts_of([20] * 12, agreements=150, exits=60)))
    charts: tuple[Chart, ...] = made.charts()
    assert len(charts) == 2
    assert all(chart_svg(chart, made.table(chart.table_id), lang) for chart in charts)


SMALL = [
    ([20] * 12, 237, 0),
    ([20] * 12, 150, 88),
    ([20] * 12, 3, 2),
    ([20] * 11 + [1], 100, 3),
    ([3, 0, 2, 0, 0, 1, 0, 0, 0, 0, 0, 2], 4, 1),
]


@pytest.mark.parametrize("by", ["all", "unit"])
@pytest.mark.parametrize(("months", "agreements", "exits"), SMALL)
def test_nothing_hidden_is_what_is_left_of_a_sum(
    months: list[int], agreements: int, exits: int, by: Literal["all", "unit"]
) -> None:
    """Solved by hand: whatever a reader knows, from what is shown, by one sum after the other."""
    true = document(facts_of(months, agreements, exits), by)
    numbers = {figure.id: figure for table in true.tables() for figure in table.figures()}
    shown = {figure.id: figure for table in protect(true).tables() for figure in table.figures()}
    known = {
        (name, part)
        for name, figure in shown.items()
        if not (isinstance(figure, ProtectedFigure) and figure.hidden)
        for part in ("numerator", "denominator")
        if getattr(figure, part) is not None
    }
    sums = list(reader_sums(true, numbers))
    while True:
        more = {next(iter(left)) for one in sums if len(left := set(one) - known) == 1}
        if not more:
            break
        known |= more
    small = [
        (name, "numerator")
        for name, figure in numbers.items()
        if figure.unit in ("count", "share") and 0 < (figure.numerator or 0) < 5
    ]
    assert small, "nothing to hide"
    assert [one for one in small if one in known] == []


def reader_sums(made: Document, numbers: dict[str, Figure]) -> Any:
    """What a reader who has understood the tables adds up, told by the ids of the figures alone."""
    stems = {name.rsplit("/", 1)[0] for name in numbers if name.startswith("course/")}
    for stem in stems:
        parts = [(f"{stem}/{what}", "numerator") for what in ("came-on", "past", "left", "under-way")]
        yield [(f"{stem}/share", "denominator"), *parts]
        yield [(f"{stem}/share", "numerator"), parts[0]]
        scope = stem.split("/")[2]
        for other in stems:
            if other.startswith("course/started/") and other.split("/")[2] == scope:
                began = [(f"{other}/came-in", "numerator"), (f"{other}/came-on", "numerator")]
                if stem.split("/")[1] in ("agreement", "exit"):
                    yield [(f"{stem}/share", "denominator"), *began]
                yield [(f"intake-so-far/enrolled/{scope}/..2018-12-31", "numerator"), *began]
    for table in made.tables():
        if not table.id.endswith("intake"):
            continue
        for what in ("entered", "enrolled"):
            spans = [(cell(table, at, what).id, "numerator") for at in range(len(table.rows))]
            total = cell(table, 0, what).id.split("/")[2]
            yield [(f"intake/{what}/{total}/2018-01-01..2018-12-31/all", "numerator"), *spans]
            so_far = [(cell(table, at, f"{what}-so-far").id, "numerator") for at in range(len(table.rows))]
            for before, number, after in zip(so_far, spans[1:], so_far[1:], strict=False):
                yield [before, number, after]


def test_an_indicator_that_counts_the_same_is_known_to_be_the_same() -> None:
    count = indicator("count", kind="enrolled")
    facts = facts_of([20] * 12, indicators={"enrolments": count})
    made = document(facts).table("course-in-all-all")
    ids = [group.parts for group in made.groups]
    assert ("indicator/enrolments/all/2018-01-01..2018-12-31",) in ids
