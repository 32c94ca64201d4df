"""Trends in a report: months, verdicts in words, what is not judged, and that hidden months cannot be worked out."""

from __future__ import annotations

from typing import Any

import pytest

from casebook import Casebook, indicator, period, programme, text
from indsats.figure import Figure
from indsats.programme import Period, Text, TrendBlock
from indsats.report import Block, Chart, Column, Document, ProtectedFigure, Section, Table, protect
from indsats.run.sums import groups
from indsats.run.trends import months_until, trend_blocks
from indsats.steer import indicator as level

HALF = period("2016-07-01", "2016-12-31")
INDICATORS = {
    "no-shows": indicator("share", kind="meeting", where='outcome == "no_show"'),
    "meetings": indicator("count", kind="meeting"),
    "stock": indicator("stock"),
}


def book(shares: list[int], of: int = 40) -> Casebook:
    """So many of the meetings of each month are not met; the months end with 2016."""
    cases = Casebook(programme(indicators=INDICATORS))
    for person in range(of):
        cases.enrol("2014-12-01", person=f"p{person}", enrolment=f"e{person}")
    for month, missed in zip(months_until(HALF.last, len(shares)), shares, strict=True):
        for person in range(of):
            day = month.first.replace(day=person % 27 + 1)
            outcome = "no_show" if person < missed else "held"
            cases.meet(day, outcome, person=f"p{person}", enrolment=f"e{person}")
    return cases.data_until("2016-12-31")


SWINGS = [12, 10, 13, 9, 12, 11, 14, 10, 9, 13, 11, 12]


def blocks(cases: Casebook, *names: str, **rest: Any) -> list[Block]:
    block = TrendBlock.model_validate(
        {"block": "trend", "title": text("Trend"), "indicators": names, "unit": "outreach", **rest}
    )
    return list(trend_blocks(cases.facts(), block, HALF))


def verdict(found: list[Block]) -> Text:
    summary = found[0]
    assert isinstance(summary, Table)
    said = summary.rows[0][summary.column("verdict")]
    assert isinstance(said, Text)
    return said


def document(cases: Casebook, found: list[Block]) -> Document:
    sections = (Section(Text(da="s", en="s"), tuple(found)),)
    facts = cases.facts()
    return Document(
        title=Text(da="t", en="t"),
        programme="trial",
        version=1,
        period=HALF,
        sections=sections,
        threshold=5,
        synthetic=True,
        groups=tuple(groups(facts.programme, facts, sections)),
    )


def test_months_are_whole_and_end_with_the_period() -> None:
    found = months_until(HALF.last, 14)
    assert (len(found), found[0], found[-1]) == (
        14,
        period("2015-11-01", "2015-11-30"),
        period("2016-12-01", "2016-12-31"),
    )
    assert months_until(period("2016-01-01", "2016-12-20").last, 1) == [period("2016-11-01", "2016-11-30")]


def test_swings_are_told_as_chance() -> None:
    found = blocks(book(SWINGS), "no-shows", months=12)
    assert verdict(found).da.startswith("Kun tilfældige udsving")
    [chart] = [block for block in found if isinstance(block, Chart)]
    assert "Chance variation only" in chart.alt.en
    months = found[1]
    assert isinstance(months, Table)
    level = months.rows[0][1]
    assert isinstance(level, Figure)
    assert (level.numerator, level.denominator) == (12, 40)


def test_a_shift_against_the_first_months_is_told_with_its_direction() -> None:
    found = blocks(book([*SWINGS, 18, 20, 17, 19, 18, 20, 18, 19]), "no-shows", months=20, baseline=12)
    assert (
        verdict(found).da
        == "Tegn på et skift: niveauet ser ud til at være blevet højere siden de første måneder. "
        "Så meget sker sjældent ved et tilfælde."
    )
    assert verdict(found).en.startswith("Signs of a shift: the level seems to have become higher")


def test_too_few_months_say_how_many_are_missing() -> None:
    found = blocks(book(SWINGS[:9]), "no-shows", months=9)
    assert "at least 3 more months" in verdict(found).en


def test_a_stock_is_shown_and_not_judged() -> None:
    found = blocks(book(SWINGS), "stock", months=12)
    assert "largely the same persons" in verdict(found).en
    months = found[1]
    assert isinstance(months, Table)
    assert [column.id for column in months.columns] == ["month", "value"]


@pytest.mark.parametrize("few", [1, 4])
def test_a_hidden_month_hides_its_limits_and_is_not_left_over_from_the_centre_line(few: int) -> None:
    cases = book([*SWINGS[:5], few, *SWINGS[5:]])
    found = blocks(cases, "no-shows", months=13)
    guarded = protect(document(cases, found))
    months = guarded.table(found[1].id)  # type: ignore[union-attr]
    rows = [dict(zip((column.id for column in months.columns), row, strict=True)) for row in months.rows]

    def hidden(cell: object) -> bool:
        return isinstance(cell, ProtectedFigure) and cell.hidden

    assert hidden(rows[5]["value"])
    assert hidden(rows[5]["low"])
    assert hidden(rows[5]["high"])
    assert sum(hidden(row["value"]) for row in rows) > 1 or hidden(rows[0]["centre"])
    [chart] = [block for block in found if isinstance(block, Chart)]
    assert chart.alt.en.endswith("The table says what the months show.")


def test_months_that_fill_a_period_are_declared_to_add_up() -> None:
    cases = book(SWINGS)
    found = blocks(cases, "no-shows", "meetings", months=12)
    year = Period(first=period("2016-01-01", "2016-12-31").first, last=HALF.last)

    whole = level(cases.facts(), "no-shows", year, unit="outreach")
    table = Table("whole", Text(da="w", en="w"), (Column("value", Text(da="v", en="v")),), ((whole,),))
    made = document(cases, [*found, table])
    [group] = [one for one in made.groups if one.total == whole.id and len(one.parts) == 12]
    assert group.parts[0].endswith("2016-01-01..2016-01-31")


@pytest.mark.parametrize("few", [1, 4])
def test_of_a_hidden_month_nobody_is_told_whether_it_is_outside_the_limits(few: int) -> None:
    """The limits of a month of 40 stand beside the others: outside them would mean one or two, inside three or four."""
    found = blocks(book([12, 10, few, 9, 12, 11, 14, 10, 9, 13, 11, 12]), "no-shows", months=12)
    summary = found[0]
    assert isinstance(summary, Table)
    assert summary.rows[0][summary.column("outside")] == 0
    assert verdict(found).en.startswith("Chance variation only")


def test_a_month_outside_the_limits_that_may_be_shown_is_told() -> None:
    found = blocks(book([12, 10, 30, 9, 12, 11, 14, 10, 9, 13, 11, 12]), "no-shows", months=12)
    assert verdict(found).en.startswith("A single month deviates")
