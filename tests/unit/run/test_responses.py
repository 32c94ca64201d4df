"""Who answered, who was lost and what is outstanding: the numbers of the rooms, and nothing of few people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from casebook import Casebook, item, period, programme, text
from indsats import measure
from indsats.figure import Figure
from indsats.measure import response_rows
from indsats.programme import DueBlock, Period, ResponseBlock
from indsats.report import Block, Chart, Document, Paragraph, ProtectedFigure, Section, Table, protect
from indsats.run.responses import due_blocks, response_blocks
from indsats.steer import REASONS

HALF_YEAR = period("2016-01-01", "2016-06-30")
WAVES = {"start": item("Start", after="P0D"), "later": item("Later", after="P3M")}


def book(raters: int = 1, **rest: Any) -> Casebook:
    form = item(
        "Form",
        **{
            "scale": {"low": 1, "high": 5},
            "items": {"a": item("a")},
            "raters": ["citizen", "worker"][:raters],
            "by": "each" if raters > 1 else "one",
            "waves": WAVES,
            "window": {"early": "P7D", "late": "P14D"},
            **rest,
        },
    )
    return Casebook(
        programme(
            questionnaires={"goals": form},
            disclosure_threshold=5,
            units={"outreach": item("Outreach"), "centre": item("Centre", in_effort=False)},
            sites={
                "north": item("North", unit="outreach"),
                "south": item("South", unit="outreach"),
                "city": item("City", unit="centre"),
            },
        )
    )


def enrolled(cases: Casebook, number: int, first: Iterable[int], later: Iterable[int]) -> Casebook:
    """``number`` people, of whom ``first`` and ``later`` answer those rounds; every other one in the south."""
    answered = {"2016-01-02": set(first), "2016-04-02": set(later)}
    for one in range(number):
        who = {"person": f"p{one}", "enrolment": f"e{one}"}
        cases.enrol("2016-01-01", site="south" if one % 2 else "north", **who)
        for day, those in answered.items():
            if one in those:
                cases.answer(day, {"a": 1 + one % 5}, rater="citizen", **who)
    return cases


def told(cases: Casebook, by: str = "unit", names: Iterable[str] = ("goals",)) -> list[Block]:
    block = ResponseBlock.model_validate(
        {"block": "response", "title": text("Answers"), "questionnaires": list(names), "by": by}
    )
    return list(response_blocks(cases.facts(), block, HALF_YEAR))


def outstanding(cases: Casebook, by: str = "site", when: Period = HALF_YEAR) -> list[Block]:
    block = DueBlock.model_validate({"block": "due", "title": text("Due"), "by": by})
    return list(due_blocks(cases.facts(), block, when))


def document(blocks: Iterable[Block]) -> Document:
    return Document(
        title=text_of("x"),
        programme="trial",
        version=1,
        period=HALF_YEAR,
        sections=(Section(text_of("s"), tuple(blocks)),),
        threshold=5,
        synthetic=True,
    )


def text_of(words: str) -> Any:
    return ResponseBlock.model_validate(
        {"block": "response", "title": text(words), "questionnaires": ["goals"]}
    ).title


def tables(blocks: Iterable[Block]) -> Mapping[str, Table]:
    return {block.id: block for block in blocks if isinstance(block, Table)}


def cell(table: Table, row: int, column: str) -> Figure:
    found = table.rows[row][table.column(column)]
    assert isinstance(found, Figure)
    return found


def hidden(blocks: Iterable[Block]) -> set[str]:
    figures = [figure for table in protect(document(blocks)).tables() for figure in table.figures()]
    return {figure.id for figure in figures if isinstance(figure, ProtectedFigure) and figure.hidden}


def test_rounds_show_what_became_of_them_with_a_bar_for_each() -> None:
    cases = enrolled(book(), 40, range(30), range(20))
    blocks = told(cases)
    whole = tables(blocks)["response-goals"]
    start, later = response_rows(cases.facts(), "goals", HALF_YEAR.last, "unit", "goals")
    assert cell(whole, 0, "expected").value == 40
    assert cell(whole, 0, "answered").value == start.answered.value == 0.75
    assert cell(whole, 1, "answered").value == later.answered.value == 0.5
    (chart,) = [block for block in blocks if isinstance(block, Chart)]
    assert chart.table_id == whole.id
    assert chart.encodings["parts"][0] == "answered"
    assert not hidden(blocks)


def test_states_of_few_are_told_together_so_that_the_answered_can_be_shown() -> None:
    cases = enrolled(book(), 40, range(30), range(20))
    for one in (30, 31):
        who = {"person": f"p{one}", "enrolment": f"e{one}"}
        cases.fact(
            "questionnaire_asked", "2016-01-02", questionnaire="goals", wave="start", step="declined", **who
        )
    blocks = told(cases)
    whole = tables(blocks)["response-goals"]
    columns = [column.id for column in whole.columns]
    assert "declined" not in columns
    assert columns[-1] == "declined-or-not-relevant-or-open-or-late-or-missed"
    assert cell(whole, 0, columns[-1]).numerator == 10
    assert not hidden(blocks)


def test_shares_beside_the_answered_add_up_to_those_expected() -> None:
    for blocks in (
        told(enrolled(book(), 40, range(30), range(20))),
        told(enrolled(book(), 40, range(38), range(20))),
    ):
        whole = tables(blocks)["response-goals"]
        shares = [name.id for name in whole.columns[1:] if name.id not in ("expected", "on-time")]
        for row in range(2):
            total = sum(cell(whole, row, name).numerator or 0 for name in shares)
            assert total == cell(whole, row, "expected").value


def test_attrition_is_of_those_who_answered_first_and_had_their_time() -> None:
    cases = enrolled(book(), 40, range(30), range(20))
    lost = tables(told(cases))["response-goals-lost"]
    assert len(lost.rows) == 1
    assert (cell(lost, 0, "followed").numerator, cell(lost, 0, "followed").denominator) == (30, 30)
    assert cell(lost, 0, "lost").value == pytest.approx(1 / 3)


def test_few_lost_to_follow_up_are_not_what_is_left_of_the_first_round() -> None:
    cases = enrolled(book(), 40, range(30), range(20))
    for one in (25, 26):
        cases.leave("2016-02-01", person=f"p{one}", enrolment=f"e{one}")
    followed = cell(tables(told(cases))["response-goals-lost"], 0, "followed")
    assert (followed.numerator, followed.denominator) == (28, 30)
    assert followed.id in hidden(told(cases))


def test_a_site_that_is_hidden_is_not_what_is_left_of_its_unit() -> None:
    # in the north three did not answer the first round, in the south seven
    missing = {0, 2, 4, *range(1, 15, 2)}
    cases = enrolled(book(), 40, set(range(40)) - missing, range(20))
    blocks = told(cases, "site")
    north, south = (f"response/goals/{site}/start/any/answered" for site in ("north", "south"))
    found = hidden(blocks)
    assert north in found
    assert south in found or "response/goals/outreach/start/any/answered" in found


def test_the_comparison_units_are_asked_nothing() -> None:
    cases = enrolled(book(), 40, range(30), range(20))
    cases.enrol("2016-01-01", person="c", enrolment="c", site="city")
    assert cell(tables(told(cases))["response-goals"], 0, "expected").value == 40
    places = {str(row[0]) for row in tables(told(cases, "site"))["response-goals-site"].rows}
    assert len(places) == 2


def test_each_rater_has_a_row_of_their_own() -> None:
    blocks = told(enrolled(book(raters=2), 40, range(30), range(20)))
    names = [str(row[0]) for row in tables(blocks)["response-goals"].rows]
    assert len(names) == len(set(names)) == 4


def test_a_round_of_sites_tells_who_stayed_and_who_is_new() -> None:
    waves = {
        "one": item("One", period={"first": "2016-01-01", "last": "2016-01-31"}),
        "two": item("Two", period={"first": "2016-04-01", "last": "2016-04-30"}),
    }
    cases = book(about="site", waves=waves)
    for day, staff in (("2016-01-10", range(12)), ("2016-04-10", range(6, 20))):
        for one in staff:
            cases.fact(
                "site_answered",
                day,
                person=None,
                enrolment=None,
                site="north",
                questionnaire="goals",
                rater="citizen",
                respondent=f"r{one}",
                to=None,
                **{"answer.a": 3},
            )
    blocks = told(cases)
    found = tables(blocks)
    assert set(found) == {"response-goals-who"}  # nobody was invited: there is no response rate to draw
    who = found["response-goals-who"]
    assert cell(who, 0, "respondents").value == 12
    assert (cell(who, 1, "stayed").numerator, cell(who, 1, "left").value, cell(who, 1, "new").value) == (
        6,
        6,
        8,
    )


def test_nobody_to_answer_is_said_in_words() -> None:
    (only,) = told(book())
    assert isinstance(only, Paragraph)


def test_due_tells_the_open_and_the_late_of_each_site_and_of_all() -> None:
    cases = enrolled(book(), 40, range(30), range(20))
    (table,) = tables(outstanding(cases)).values()
    by_place = {str(row[0]): row for row in table.rows}
    assert len(table.rows) == 3
    everybody = table.rows[-1]
    open_, late, missed = (one for one in everybody if isinstance(one, Figure))
    assert (open_.value, late.numerator, late.denominator) == (20, 20, 20)  # the second round never closes
    assert missed.value == 10  # the first was overtaken by the second
    sums = [one for one in table.groups if one.total == "due/goals/all/open"]
    assert {"due/goals/north/open", "due/goals/south/open"} in [set(one.parts) for one in sums]
    assert len(by_place) == 3


def test_missed_before_the_period_is_no_longer_counted() -> None:
    cases = enrolled(book(), 40, range(30), range(20))
    (table,) = tables(outstanding(cases, "unit", period("2016-05-01", "2016-06-30"))).values()
    assert all(cell(table, row, "missed").value == 0 for row in range(len(table.rows)))


def test_due_at_sites_about_themselves_counts_places_and_is_shown() -> None:
    waves = {"one": item("One", period={"first": "2016-01-01", "last": "2016-01-31"})}
    cases = book(about="site", waves=waves).enrol("2016-01-01")
    blocks = outstanding(cases)
    (table,) = tables(blocks).values()
    assert cell(table, 0, "open").of == "places"
    assert "city" not in {figure.id.split("/")[2] for figure in table.figures()}
    assert not hidden(blocks)


def test_nothing_outstanding_is_said_in_words() -> None:
    (only,) = outstanding(enrolled(book(), 10, range(10), range(10)))
    assert isinstance(only, Paragraph)


def test_every_reason_of_the_room_of_measurement_has_words() -> None:
    no_reasons = {"ALL", "UNKNOWN", "OTHER"}
    reasons = {
        value
        for name in measure.__all__
        if name.isupper() and name not in no_reasons and isinstance(value := getattr(measure, name), str)
    }
    assert {"too_late", "declined", "duplicate"} <= reasons
    others = {"upcoming", "ended", "open", "uninvited", "unnamed", "left", "no_class"}
    for reason in reasons | others:
        words = REASONS[reason]
        assert words.da
        assert words.en
        assert words.da != reason
