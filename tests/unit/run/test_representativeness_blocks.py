"""The block of representativeness: who is in it, what it shows, and that nothing hidden can be subtracted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Literal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casebook import EFFORT_EVERYWHERE, Casebook, period, programme
from indsats.figure import Figure
from indsats.problem import InputRefused
from indsats.programme import RepresentativenessBlock, Text
from indsats.record import Facts
from indsats.report import Document, Paragraph, ProtectedFigure, Section, Table, protect
from indsats.run.representativeness import representativeness_blocks

YEAR = period("2018-01-01", "2018-12-31")
TITLE = Text(da="Hvem", en="Who")
Population = Literal["assigned", "enrolled"]


def facts_of(women: tuple[int, int], men: tuple[int, int], unknown: tuple[int, int] = (0, 0)) -> Facts:
    """Persons drawn on 1 March, so many started a week later and so many did not, by sex."""
    book = Casebook(programme(units=EFFORT_EVERYWHERE))
    rows: list[dict[str, object]] = []
    for sex, (started, others) in (("woman", women), ("man", men), (None, unknown)):
        for number in range(started + others):
            person = f"{sex}-{number}"
            rows.append({"person": person, "sex": sex, "birth_date": date(1978, 3, 1)})
            book.fact("drawn", "2018-03-01", person=person, enrolment=None, draw="d", arm="in")
            if number < started:
                book.enrol("2018-03-08", person=person, enrolment=f"e-{person}")
    return with_persons(book.data_until("2018-12-31").facts(), rows)


def with_persons(facts: Facts, rows: Sequence[dict[str, object]]) -> Facts:
    schema = {"person": pl.String, "sex": pl.String, "birth_date": pl.Date}
    return replace(facts, persons=pl.DataFrame(rows, schema=schema))


def blocks(facts: Facts, *fields: str, population: Population = "assigned") -> list[object]:
    block = RepresentativenessBlock(
        block="representativeness", title=TITLE, population=population, fields=list(fields)
    )
    return list(representativeness_blocks(facts, block, YEAR))


def table_of(facts: Facts, *fields: str, population: Population = "assigned") -> Table:
    (table,) = blocks(facts, *fields, population=population)
    assert isinstance(table, Table)
    return table


def rows_of(table: Table) -> dict[str, dict[str, Figure]]:
    """The figures of each row by its English name and their column."""
    return {
        row[0].en: {
            column.id: cell
            for column, cell in zip(table.columns, row, strict=True)
            if isinstance(cell, Figure)
        }
        for row in table.rows
        if isinstance(row[0], Text)
    }


def document(table: Table, threshold: int = 5) -> Document:
    return Document(
        title=TITLE,
        programme="trial",
        version=1,
        period=YEAR,
        sections=(Section(TITLE, (table,)),),
        threshold=threshold,
        synthetic=True,
    )


def test_started_and_others_with_their_counts() -> None:
    rows = rows_of(table_of(facts_of(women=(30, 20), men=(10, 40)), "sex"))
    assert [rows["Persons"][side].value for side in ("started", "others", "all")] == [40, 60, 100]
    woman = rows["Sex: woman"]
    assert (woman["started"].numerator, woman["started"].denominator) == (30, 40)
    assert (woman["others"].numerator, woman["others"].denominator) == (20, 60)
    assert (woman["all"].numerator, woman["all"].denominator) == (50, 100)
    assert woman["difference"].value == pytest.approx(0.75 - 20 / 60)
    # (0.75 - 1/3) / sqrt((0.75 * 0.25 + 1/3 * 2/3) / 2), and Pearson's chi-squared of the four counts: 16.67
    assert woman["standardised"].value == pytest.approx(0.9206, abs=1e-4)
    assert woman["p"].value == pytest.approx(4.46e-5, rel=1e-2)


def test_whose_value_is_missing_is_left_out_and_told() -> None:
    woman = rows_of(table_of(facts_of((30, 20), (10, 40), unknown=(6, 9)), "sex"))["Sex: woman"]
    assert (woman["started"].denominator, woman["started"].excluded) == (40, {"missing": 6})
    assert (woman["others"].denominator, woman["others"].excluded) == (60, {"missing": 9})
    assert (woman["all"].denominator, woman["all"].excluded) == (100, {"missing": 15})


def test_age_is_that_of_the_day_they_came_in() -> None:
    book = Casebook(programme(units=EFFORT_EVERYWHERE))
    born = {"a": date(1978, 3, 1), "b": date(1978, 3, 2), "c": date(1968, 1, 1), "d": date(1968, 12, 31)}
    for person in born:
        book.fact("visitation", "2018-03-01", person=person, enrolment=None)
    for person in ("a", "b"):
        book.enrol("2018-09-01", person=person, enrolment=f"e-{person}")
    persons: list[dict[str, object]] = [
        {"person": one, "sex": None, "birth_date": day} for one, day in born.items()
    ]
    age = rows_of(table_of(with_persons(book.data_until("2018-12-31").facts(), persons), "age"))["Age"]
    assert age["started"].value == pytest.approx((40 + 39) / 2)
    assert age["others"].value == pytest.approx((50 + 49) / 2)


def test_who_starts_after_the_period_has_not_started_and_each_counts_once() -> None:
    book = Casebook(programme(units=EFFORT_EVERYWHERE))
    for number, day in enumerate(("2018-02-01", "2018-06-01", "2018-11-01")):
        book.enrol(day, person="twice", enrolment=f"e{number}")
    book.fact("drawn", "2018-01-05", person="later", enrolment=None, draw="d", arm="in")
    book.enrol("2019-02-01", person="later", enrolment="late")
    book.fact("drawn", "2019-01-05", person="unseen", enrolment=None, draw="d", arm="in")
    people: list[dict[str, object]] = [
        {"person": one, "sex": "man", "birth_date": None} for one in ("twice", "later", "unseen")
    ]
    facts = with_persons(book.data_until("2019-12-31").facts(), people)
    rows = rows_of(table_of(facts, "sex"))
    assert [rows["Persons"][side].value for side in ("started", "others", "all")] == [1, 1, 2]


def test_enrolled_in_the_effort_beside_the_other_units() -> None:
    book = Casebook(programme())  # the unit centre only serves as comparison
    people: list[dict[str, object]] = []
    for number in range(50):
        site = "north" if number < 20 else "city"
        book.enrol("2018-03-01", person=f"p{number}", enrolment=f"e{number}", site=site)
        people.append({"person": f"p{number}", "sex": "woman" if number % 2 else "man", "birth_date": None})
    facts = with_persons(book.data_until("2018-12-31").facts(), people)
    rows = rows_of(table_of(facts, "sex", population="enrolled"))
    assert [rows["Persons"][side].value for side in ("started", "others", "all")] == [20, 30, 50]


def test_nobody_to_compare_with_is_said() -> None:
    (said,) = blocks(facts_of((30, 0), (10, 0)), "sex")
    assert isinstance(said, Paragraph)


def test_a_field_nobody_has_is_refused_with_those_there_are() -> None:
    with pytest.raises(InputRefused) as refused:
        blocks(facts_of((30, 20), (10, 40)), "shoe-size")
    (problem,) = refused.value.problems
    assert "shoe-size" in str(problem)
    assert "age, sex" in str(problem)


def test_few_of_a_level_cannot_be_subtracted() -> None:
    table = protect(document(table_of(facts_of(women=(3, 47), men=(37, 63)), "sex"))).table(
        "representativeness-assigned"
    )
    rows = rows_of(table)
    sides = ("started", "others", "all")
    hidden = {side for side in sides if _gone(rows["Sex: woman"][side])}
    assert "started" in hidden
    assert len(hidden) > 1, "everybody minus the others gives those who started"
    assert _gone(rows["Sex: man"]["started"]), "the 40 who started minus the men gives the women"
    assert all(_gone(rows["Sex: woman"][what]) for what in ("difference", "standardised", "p"))


def _gone(figure: Figure) -> bool:
    return isinstance(figure, ProtectedFigure) and figure.hidden


@settings(deadline=None, max_examples=25)
@given(st.tuples(*(st.integers(1, 40) for _ in range(4))))
def test_the_parts_make_the_whole(counts: tuple[int, int, int, int]) -> None:
    """Started and others make everybody in each row, and levels make each column, whatever the numbers."""
    a, b, c, d = counts
    rows = rows_of(table_of(facts_of((a, b), (c, d)), "sex"))
    for name in ("Sex: woman", "Sex: man"):
        one = rows[name]
        assert (one["started"].numerator or 0) + (one["others"].numerator or 0) == one["all"].numerator
    for side, total in (("started", a + c), ("others", b + d), ("all", a + b + c + d)):
        assert rows["Persons"][side].value == total
        assert sum(rows[name][side].numerator or 0 for name in ("Sex: woman", "Sex: man")) == total
    assert rows["Sex: woman"]["difference"].value == pytest.approx(
        -(rows["Sex: man"]["difference"].value or 0)
    )
