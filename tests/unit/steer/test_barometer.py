"""The implementation barometer, one sentence at a time, and against the figures it is made of on drawn facts."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from hypothesis import given, settings

from casebook import Casebook, item, period, programme, text
from drawn_cases import Case, cases, over, periods
from indsats.figure import Figure
from indsats.programme import Period
from indsats.steer import (
    Asked,
    BarometerRow,
    answer_gaps,
    barometer,
    effort_scope,
    fulfilment,
    fulfilment_by,
    fulfilment_months,
    requirement_counts,
)

JANUARY = period("2016-01-01", "2016-01-31")
EVENTS = {name: item(name) for name in ("begun", "done", "met")}


def asked(**rest: Any) -> dict[str, Any]:
    return item("Requirement", ask=text("?"), answer="yes_partly_no", **rest)


def definition(**rest: Any) -> Any:
    return programme(
        **{
            "units": {
                "outreach": item("Outreach"),
                "second": item("Second"),
                "centre": item("Centre", in_effort=False),
            },
            "sites": {
                "north": item("North", unit="outreach"),
                "south": item("South", unit="outreach"),
                "west": item("West", unit="second"),
                "city": item("City", unit="centre"),
            },
            "events": EVENTS,
            "elements": {"early": item("Early", about=text("about"))},
            "phases": {
                "work": item(
                    "Work", about=text("about"), starts=[{"event": "begun"}], ends=[{"event": "done"}]
                )
            },
            "requirements": {
                "talked": asked(
                    due="P10D", measured={"how": "within", "what": [{"event": "met"}], "within": "P10D"}
                ),
                "written": asked(due="P10D", element="early"),
                "worked": asked(phase="work"),
            },
            **rest,
        }
    )


class Told:
    """People enrolled on 4 January 2016, with what was answered of what fell due on the 14th."""

    def __init__(self, under: Any = None) -> None:
        self.case = Casebook(under or definition())
        self.number = 0

    def person(self, site: str = "north", met: bool = False, day: str = "2016-01-08", **answers: str) -> Told:
        self.number += 1
        who = {"person": f"p{self.number}", "enrolment": f"e{self.number}"}
        self.case.enrol("2016-01-04", site=site, **who)
        if met:
            self.case.fact("event", "2016-01-09", event="met", **who)
        for requirement, answer in answers.items():
            self.case.fact("requirement_answered", day, requirement=requirement, answer=answer, **who)
        return self

    def rows(
        self, by: Literal["site", "unit"] = "site", over: Period = JANUARY, **which: Any
    ) -> dict[str | None, BarometerRow]:
        facts = self.case.data_until("2016-12-31").facts()
        return {row.place: row for row in barometer(facts, over, by=by, **which)}


def parts(figure: Figure | None) -> tuple[float | None, float | None]:
    assert figure is not None
    return figure.numerator, figure.denominator


def test_both_shares_by_what_was_answered_stand_side_by_side() -> None:
    told = Told().person(talked="yes", written="yes").person(talked="yes", written="no")
    row = told.rows()["north"]
    assert parts(row.participants) == (1, 2)
    assert parts(row.requirements) == (3, 4)


def test_not_met_partly_met_and_not_answered_are_not_met_and_what_is_not_answered_is_told() -> None:
    told = Told().person(talked="no").person(talked="partly", written="yes")
    row = told.rows()["north"]
    assert parts(row.requirements) == (1, 4)
    assert row.not_answered.value == 1


def test_what_is_not_applicable_is_in_neither() -> None:
    row = Told().person(talked="not_applicable", written="yes").rows()["north"]
    assert (parts(row.requirements), parts(row.participants)) == ((1, 1), (1, 1))
    assert row.requirements.excluded == {"not_applicable": 1}
    assert (row.not_answered.value, row.not_due.value) == (0, 0)


def test_what_is_not_due_when_the_period_ends_is_told_and_not_counted() -> None:
    row = Told().person(talked="yes", written="yes").rows(over=period("2016-01-01", "2016-01-13"))["north"]
    assert (parts(row.requirements), row.not_due.value, row.not_answered.value) == ((0, 0), 2, 0)


def test_what_a_run_ended_before_is_neither_due_nor_waiting() -> None:
    told = Told().person()
    told.case.leave("2016-01-08")
    row = told.rows()["north"]
    assert (parts(row.requirements), row.not_due.value, row.not_answered.value) == ((0, 0), 0, 0)
    assert row.requirements.excluded == {"phase_ended_first": 2}


def test_the_gap_is_above_nought_where_more_was_answered_yes_than_the_dates_show() -> None:
    row = Told().person(talked="yes").person(talked="yes", met=True).rows()["north"]
    assert (parts(row.said), parts(row.measured)) == ((2, 2), (1, 2))
    assert (row.gap.value, row.gap.unit) == (0.5, "points")


def test_the_gap_is_below_nought_where_the_dates_show_more() -> None:
    row = Told().person(talked="no", met=True).person(met=True).rows()["north"]
    assert (parts(row.said), parts(row.measured), row.gap.value) == ((0, 2), (2, 2), -1)


def test_answers_and_dates_are_told_of_the_same_items() -> None:
    """What nothing dated tells is in what was answered in all, and not in the answers set against dates."""
    row = Told().person(talked="yes", written="yes", met=True).rows()["north"]
    assert parts(row.requirements) == (2, 2)
    assert row.said.denominator == row.measured.denominator == 1
    assert row.gap.made_from == (row.said.id, row.measured.id)


def test_where_dates_tell_nothing_there_is_no_gap() -> None:
    row = Told().person(written="yes").rows(requirement="written")["north"]
    assert (row.said.value, row.measured.value, row.gap.value) == (None, None, None)


def test_the_others_are_all_of_the_effort_without_the_place_itself() -> None:
    told = Told().person(talked="yes", written="yes").person("south", talked="yes", written="no")
    rows = told.person("west").person("city", talked="yes", written="yes").rows()
    assert list(rows) == ["north", "south", "west", None]
    assert [parts(rows[place].others) for place in ("north", "south", "west")] == [(1, 4), (2, 4), (3, 4)]
    assert rows[None].others is None
    assert rows["north"].others is not None
    assert rows["north"].others.id == (
        "fulfilment/requirements/answered/all/others.north/2016-01-01..2016-01-31"
    )


def test_a_place_alone_has_no_others() -> None:
    others = Told().person(talked="yes").rows()["north"].others
    assert others is not None
    assert others.value is None


def test_the_last_row_is_all_of_the_effort_and_leaves_the_comparison_out() -> None:
    told = Told().person(talked="yes", written="yes").person("west", talked="no", written="no")
    rows = told.person("city", talked="yes", written="yes").rows()
    assert parts(rows[None].requirements) == (2, 4)
    assert rows[None].requirements.id.split("/")[4] == "effort"


def test_places_are_the_sites_or_the_units_of_the_effort() -> None:
    told = Told().person(talked="yes").person("south").person("west")
    assert list(told.rows("unit")) == ["outreach", "second", None]
    assert parts(told.rows("unit")["outreach"].requirements) == (1, 4)


def test_one_unit_of_effort_and_no_comparison_are_named_as_elsewhere() -> None:
    one = definition(
        units={"outreach": item("O"), "centre": item("C", in_effort=False)},
        sites={"north": item("N", unit="outreach"), "city": item("C", unit="centre")},
    )
    assert effort_scope(Casebook(one).enrol("2016-01-01").facts()).label == "outreach"
    every = definition(units={"outreach": item("O")}, sites={"north": item("N", unit="outreach")})
    assert effort_scope(Casebook(every).enrol("2016-01-01").facts()).label == "all"


def test_a_phase_an_element_or_a_requirement_can_be_asked_for_and_has_to_exist() -> None:
    told = Told().person(talked="yes", written="no")
    assert parts(told.rows(element="early")["north"].requirements) == (0, 1)
    assert parts(told.rows(requirement="talked")["north"].requirements) == (1, 1)
    assert parts(told.rows(phase="work")["north"].requirements) == (0, 0)
    missing: tuple[dict[str, Any], ...] = ({"phase": "no"}, {"element": "no"}, {"requirement": "no"})
    for which in missing:
        with pytest.raises(KeyError, match="no"):
            told.rows(**which)


def test_an_item_belongs_to_the_month_it_fell_due_in_and_is_told_as_known_now() -> None:
    told = Told().person(day="2016-03-01", talked="yes", written="no")
    told.case.enrol("2016-01-25", person="p9", enrolment="e9")
    facts = told.case.data_until("2016-12-31").facts()
    months = [JANUARY, period("2016-02-01", "2016-02-29"), period("2016-03-01", "2016-03-31")]
    found = fulfilment_months(facts, months, of="requirements", asked=Asked(), scope=effort_scope(facts))
    assert [parts(one) for one in found] == [(1, 2), (0, 2), (0, 0)]
    assert parts(fulfilment(facts, JANUARY, of="requirements")) == (0, 2)
    assert found[0].id == "fulfilment/requirements/answered/all/effort/2016-01-01..2016-01-31"


def test_of_no_months_there_is_no_figure() -> None:
    facts = Told().person(talked="yes").case.facts()
    assert fulfilment_months(facts, [], of="requirements", asked=Asked(), scope=effort_scope(facts)) == ()


def test_in_months_a_participant_has_to_meet_what_fell_due_that_month() -> None:
    told = Told(definition(requirements={"talked": asked(due="P10D"), "written": asked(due="P1M")}))
    facts = told.person(talked="yes", written="no").case.data_until("2016-12-31").facts()
    months = [JANUARY, period("2016-02-01", "2016-02-29")]
    found = fulfilment_months(facts, months, of="participants", asked=Asked(), scope=effort_scope(facts))
    assert [parts(one) for one in found] == [(1, 1), (0, 1)]


@settings(max_examples=40, deadline=None)
@given(cases(("requirement_answered", "meeting", "event"), most=25), periods())
def test_it_is_made_of_the_figures_told_elsewhere(case: Case, days: tuple[int, int]) -> None:
    facts, when = case.book().facts(), over(*days)
    rows = {row.place: row for row in barometer(facts, when)}
    if when.last < facts.first_day or when.first > facts.last_day:
        assert {
            figure for row in rows.values() for figure in (row.requirements.value, row.not_due.value)
        } == {None}
        return
    participants = fulfilment_by(facts, when, "site", of="participants")
    requirements = fulfilment_by(facts, when, "site", of="requirements")
    for place in ("north", "south", "quiet"):
        row = rows[place]
        assert row.participants == participants[place]
        assert row.participants == fulfilment(facts, when, of="participants", site=place)
        assert row.requirements == requirements[place]
        assert row.measured == fulfilment(facts, when, of="requirements", by="measured", site=place)
    for place, scope in ((None, {"unit": "outreach"}), ("north", {"site": "north"})):
        row = rows[place]
        counts = requirement_counts(facts, when, **scope)
        assert row.not_answered.value == sum(one.not_answered.value or 0 for one in counts)
        assert row.not_due.value == sum(one.not_due.value or 0 for one in counts)
        gaps = answer_gaps(facts, when, **scope)
        only = sum((one.only_answered.value or 0) for one in gaps)
        more = sum((one.only_measured.value or 0) + (one.unanswered_met.value or 0) for one in gaps)
        both = sum(one.both_met.value or 0 for one in gaps)
        assert row.said.numerator == only + both
        assert row.measured.numerator == more + both
        if row.gap.value is not None:
            assert row.gap.value == pytest.approx((only - more) / (row.said.denominator or 1))
    for place in ("north", "south", "quiet"):
        others = [rows[other].requirements for other in ("north", "south", "quiet") if other != place]
        n, d = sum(one.numerator or 0 for one in others), sum(one.denominator or 0 for one in others)
        told = rows[place].others
        assert parts(told) == (n, d)
        left = sum(sum(one.excluded.values()) for one in others)
        assert told is not None
        assert sum(told.excluded.values()) == left
