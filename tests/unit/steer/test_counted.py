"""Every indicator at every place in one pass, the rows behind each figure, and the indicator of one enrolment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casebook import Casebook, indicator, item, period, programme
from drawn_cases import SITES, Case, cases, definition, on, over, periods
from indsats.figure import Figure
from indsats.library import definition_path
from indsats.programme import FulfilmentIndicator, Indicator, Period, load
from indsats.record import Facts, read_record
from indsats.simulate import simulate
from indsats.steer import indicator as level
from indsats.steer import indicator_by, indicator_rows, per_enrolment

Row = dict[str, Any]
DAYS_PER_MONTH = 365.25 / 12
ONCE = ("stock", "consecutive", "change")
SAID_FIRST = ("not_yet_due", "phase_ended_first", "unknown_value", "not_measured", "not_applicable")


def placed(rows: Sequence[Row], unit: str | None, site: str | None) -> list[Row]:
    return [row for row in rows if unit in (None, row["unit"]) and site in (None, row["site"])]


def by_key(rows: Sequence[Row]) -> dict[str, list[Row]]:
    held: dict[str, list[Row]] = {}
    for row in rows:
        held.setdefault(row["key"], []).append(row)
    return held


def together(rows: Sequence[Row], asked: Indicator) -> list[tuple[float, float, str | None]]:
    """Numerator, denominator and reason of each thing counted, from the rows behind a figure."""
    if asked.measures in ONCE:
        firsts = [min(held, key=lambda row: (row["day"], row["enrolment"])) for held in by_key(rows).values()]
        return [(row["n"], row["d"], row["reason"]) for row in firsts]
    if asked.measures == "caseload":
        alone = [(0.0, 0.0, row["reason"]) for row in rows if row["reason"]]
        held = by_key([row for row in rows if not row["reason"]]).values()
        return [*alone, *((sum(row["n"] for row in mine), 1.0, None) for mine in held)]
    if isinstance(asked, FulfilmentIndicator) and asked.of == "participants":
        found: list[tuple[float, float, str | None]] = []
        for mine in by_key(rows).values():
            counting = [row["n"] for row in mine if not row["reason"]]
            why = {row["reason"] for row in mine}
            first = next((reason for reason in SAID_FIRST if reason in why), None)
            found.append((float(all(counting)), 1.0, None) if counting else (0.0, 0.0, first))
        return found
    return [(row["n"], row["d"], row["reason"]) for row in rows]


def assert_the_rows_add_up(figure: Figure, rows: Sequence[Row], asked: Indicator) -> None:
    counted = together(rows, asked)
    counts = [(n or 0.0, d or 0.0) for n, d, reason in counted if reason is None]
    assert all(reason is None or (not n and not d) for n, d, reason in counted)
    assert sum(n for n, _ in counts) == pytest.approx(figure.numerator or 0)
    assert figure.excluded == Counter(reason for *_, reason in counted if reason is not None)
    if figure.denominator is not None and asked.measures != "rate":
        assert sum(d for _, d in counts) == figure.denominator


def assert_one_pass_equals_each(facts: Facts, over: Period, names: Sequence[str]) -> None:
    sites = facts.sites.select("site", "unit").rows()
    for name in names:
        asked, rows = facts.programme.indicators[name], indicator_rows(facts, name, over).to_dicts()
        at_sites, at_units = (indicator_by(facts, name, over, by) for by in ("site", "unit"))
        assert at_sites == {site: level(facts, name, over, site=site) for site, _ in sites}
        assert at_units == {unit: level(facts, name, over, unit=unit) for unit in facts.programme.units}
        everywhere = level(facts, name, over)
        if asked.measures in ("stock", "caseload", "change", "consecutive") and over.first > facts.last_day:
            assert everywhere.value is everywhere.numerator is None
            assert not rows
            continue
        for site, _ in sites:
            assert_the_rows_add_up(at_sites[site], placed(rows, None, site), asked)
        for unit in facts.programme.units:
            assert_the_rows_add_up(at_units[unit], placed(rows, unit, None), asked)
        assert_the_rows_add_up(everywhere, rows, asked)


@settings(max_examples=80, deadline=None)
@given(cases(), periods(), st.lists(st.sampled_from(sorted(definition().indicators)), min_size=1, max_size=6))
def test_every_place_in_one_pass_is_each_place_and_its_rows_add_up(
    case: Case, days: tuple[int, int], names: list[str]
) -> None:
    assert_one_pass_equals_each(case.book().facts(), over(*days), names)


@pytest.mark.parametrize("name", ["udvikling-i-fleksjob", "fremskudt-indsats", "flere-skal-med"])
def test_so_it_is_in_a_simulated_programme(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    programme = load(definition_path(name))
    facts = read_record(simulate(programme, 150, 3, tmp_path_factory.mktemp(name)), programme).as_of()
    half = Period(first=facts.last_day - timedelta(days=400), last=facts.last_day - timedelta(days=200))
    assert_one_pass_equals_each(facts, half, list(programme.indicators))


@settings(max_examples=60, deadline=None)
@given(cases(("meeting",), most=4), periods())
def test_the_time_of_a_rate_is_each_persons_open_days_once(case: Case, days: tuple[int, int]) -> None:
    facts = case.book().facts()
    first, last = days[0], min(days[1], (facts.last_day - on(0)).days)
    found = indicator_by(facts, "rate-month", over(*days), "site")
    whole = level(facts, "rate-month", over(*days))
    open_days = {
        (one.site, one.person, day)
        for one in case.enrolled
        for day in range(first, last + 1)
        if one.open_on(day)
    }
    for site in SITES:
        mine = [day for day in open_days if day[0] == site]
        assert found[site].denominator == pytest.approx(len(mine) / DAYS_PER_MONTH)
    assert whole.denominator == pytest.approx(len({day[1:] for day in open_days}) / DAYS_PER_MONTH)


@settings(max_examples=40, deadline=None)
@given(cases(), periods())
def test_the_groups_figure_is_that_of_its_people(case: Case, days: tuple[int, int]) -> None:
    """By the newest visitation by the last day observed: the same indicator with everybody else taken out."""
    facts = case.book().facts()
    last = min(days[1], (facts.last_day - on(0)).days)
    newest: dict[str, str] = {}
    for fact in sorted(case.of("visitation"), key=lambda one: one.day):
        if fact.day <= last and fact.payload["group"] is not None:
            newest[fact.person or ""] = fact.payload["group"]
    mine = [one for one in case.enrolled if newest.get(one.person) == "g"]
    kept = [fact for fact in case.facts if newest.get(fact.person or "") == "g"]
    until = (facts.last_day - on(0)).days
    theirs = replace(Case(mine, kept, until).book().facts(), begins=facts.first_day)
    for name, plain in (("group-count", "count"), ("group-share", "share"), ("group-stock", "stock")):
        ours, alone = level(facts, name, over(*days)), level(theirs, plain, over(*days))
        assert (ours.numerator, ours.denominator, ours.excluded, ours.low, ours.high) == (
            alone.numerator,
            alone.denominator,
            alone.excluded,
            alone.low,
            alone.high,
        )


@settings(max_examples=40, deadline=None)
@given(cases(), periods())
def test_what_is_told_of_each_enrolment_adds_up_to_what_it_can(case: Case, days: tuple[int, int]) -> None:
    """Means and shares weighed by their denominators; a stock by persons where everybody is enrolled once."""
    facts, when = case.book().facts(), over(*days)
    for name in ("missing", "missing-cv", "within", "reached", "between"):
        each = per_enrolment(facts, name, when)
        figure = level(facts, name, when)
        assert each.height == (figure.denominator or 0)
        assert each["value"].sum() == pytest.approx(figure.numerator or 0)
    of_place = per_enrolment(facts, "within", when).filter(site="north")
    assert of_place["value"].sum() == (level(facts, "within", when, site="north").numerator or 0)
    stock = per_enrolment(facts, "stock", when).filter(pl.col("value") > 0)
    assert stock["person"].n_unique() == (level(facts, "stock", when).value or 0)


SIX = period("2016-01-01", "2016-06-30")


def book(**indicators: Any) -> Casebook:
    """p1 enrolled twice, in the north and the city; p2 once; p3 left before the spring."""
    ask = {"ask": {"da": "?", "en": "?"}, "due": "P10D"}
    definition = programme(
        groups={"g": item("G")},
        roles={"broker": item("Broker", does={"da": "x", "en": "x"})},
        requirements={"one": item("One", **ask), "two": item("Two", **ask)},
        indicators=indicators,
    )
    case = Casebook(definition)
    case.enrol("2016-02-01").enrol("2016-02-01", enrolment="e2", site="city", service="course")
    case.enrol("2016-02-01", person="p2", enrolment="e3")
    case.enrol("2015-06-01", person="p3", enrolment="e4").leave("2015-12-01", person="p3", enrolment="e4")
    return case.data_until("2016-12-31")


def each(case: Casebook, name: str = "it", over: Period = SIX) -> dict[str, float]:
    return dict(per_enrolment(case.facts(), name, over).select("enrolment", "value").iter_rows())


def test_a_count_is_nought_for_enrolments_open_in_the_period_that_have_none() -> None:
    case = book(it=indicator("count", kind="meeting")).meet("2016-03-01").meet("2016-03-02")
    assert each(case) == {"e1": 2, "e2": 0, "e3": 0}


def test_a_count_of_a_service_tells_only_of_enrolments_in_it() -> None:
    case = book(it=indicator("count", kind="meeting", service="course"))
    assert each(case.meet("2016-03-01")) == {"e2": 0}


def test_an_indicator_of_a_group_tells_only_of_its_people() -> None:
    case = book(it=indicator("count", kind="meeting", group="g")).meet("2016-03-01")
    case.fact("visitation", "2016-02-01", person="p1", enrolment=None, group="g")
    assert each(case) == {"e1": 1, "e2": 0}


def test_a_rate_is_told_per_month_the_enrolment_was_open() -> None:
    case = book(it=indicator("rate", kind="meeting", per="person_month")).meet("2016-03-01")
    case.leave("2016-05-02")
    assert each(case)["e1"] == pytest.approx(1 / (91 / DAYS_PER_MONTH))


def test_a_share_is_that_of_the_enrolments_own_facts_and_null_ones_are_left_out() -> None:
    case = book(it=indicator("share", kind="meeting", where='outcome == "held"'))
    case.meet("2016-03-01").meet("2016-03-02", "no_show").meet("2016-03-03", None, enrolment="e2")
    assert each(case) == {"e1": 0.5}


def test_a_mean_is_that_of_the_enrolments_own_facts() -> None:
    case = book(it=indicator("mean", kind="hours", field="hours_per_week"))
    for hours in (10.0, 20.0):
        case.fact("hours", "2016-03-01", hours_per_week=hours, type="ordinary")
    assert each(case) == {"e1": 15}


def test_a_fact_of_no_enrolment_is_told_of_none() -> None:
    case = book(it=indicator("count", kind="meeting")).meet("2016-03-01", enrolment=None, site="north")
    assert sum(each(case).values()) == 0
    assert level(case.facts(), "it", SIX).value == 1


def test_of_a_persons_requirements_all_have_to_be_met_and_of_requirements_it_is_the_share() -> None:
    case = book(
        it=indicator("fulfilment", of="participants"), items=indicator("fulfilment", of="requirements")
    )
    for requirement, answer in (("one", "yes"), ("two", "no")):
        case.fact("requirement_answered", "2016-02-03", requirement=requirement, answer=answer)
        case.fact(
            "requirement_answered",
            "2016-02-03",
            person="p2",
            enrolment="e3",
            requirement=requirement,
            answer="yes",
        )
    assert each(case) == {"e1": 0, "e2": 0, "e3": 1}
    assert each(case, "items") == {"e1": 0.5, "e2": 0, "e3": 1}


def test_a_stock_is_one_for_each_enrolment_open_on_the_day_and_nought_for_those_closed_before() -> None:
    assert each(book(it=indicator("stock")).leave("2016-05-02")) == {"e1": 0, "e2": 1, "e3": 1}


def test_no_enrolment_has_a_caseload_a_change_or_opening_days() -> None:
    case = book(
        caseload=indicator("caseload", role="broker"),
        change=indicator("change", what=[{"kind": "meeting"}], before="P1Y"),
        rate=indicator("rate", kind="meeting", per="open_day"),
    )
    case.fact("assigned", "2016-02-02", role="broker", worker="anna").meet("2016-03-01").meet("2015-03-01")
    for name in ("caseload", "change", "rate"):
        assert each(case, name) == {}


def test_a_site_answers_for_no_enrolment() -> None:
    answer: dict[str, Any] = {"questionnaire": "open", "rater": "team", "answer.calm": 4}
    case = Case(until=200).book()
    case.fact("site_answered", on(10), person=None, enrolment=None, site="north", **answer)
    assert level(case.facts(), "site-score", over(0, 20)).value == 4
    assert per_enrolment(case.facts(), "site-score", over(0, 20)).is_empty()


def test_a_unit_without_rows_has_a_figure_of_nothing() -> None:
    case = book(
        it=indicator("share", kind="meeting", where='outcome == "held"'), n=indicator("count", kind="meeting")
    )
    facts = case.meet("2016-03-01").facts()
    quiet = indicator_by(facts, "it", SIX, "unit")["centre"]
    assert (quiet.value, quiet.numerator, quiet.denominator, quiet.excluded) == (None, 0, 0, {})
    assert indicator_by(facts, "n", SIX, "unit")["centre"].value == 0


def test_the_fact_that_belongs_to_no_enrolment_is_named_among_the_rows() -> None:
    case = book(it=indicator("reached", what=[{"kind": "meeting"}]))
    case.meet("2016-03-01", enrolment=None, site="north")
    [row] = indicator_rows(case.facts(), "it", SIX).filter(reason="no_enrolment").to_dicts()
    assert (row["kind"], row["fact"][:8]) == ("meeting", "meeting-")
