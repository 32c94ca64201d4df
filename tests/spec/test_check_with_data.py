"""A definition held against data: windows longer than the data, and indicators with nothing to divide by."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from casebook import Casebook, indicator, item, programme, text
from indsats.programme import Finding, Programme
from indsats.register.weeks import week_number
from indsats.run.checking import register_findings
from indsats.steer import data_findings


def _case(until: str, definition: Programme) -> Casebook:
    """One person in talks from 1 January 2016, met on 2 January, followed until a day."""
    return Casebook(definition).enrol("2016-01-01").meet("2016-01-02").data_until(until)


def _said(findings: list[Finding]) -> list[tuple[Any, ...]]:
    assert all(finding.severity == "warning" for finding in findings)
    return [finding.path for finding in findings]


WITHIN = {"job": indicator("within", kind="exit", weeks=26)}
ROW = {"touched": indicator("consecutive", what=[{"kind": "placement"}], months=3)}
CADENCE = {"talk": item("Talk", what=[{"kind": "meeting"}], every="P3M")}
INTERVAL = {"gap": item("Gap", value=3, unit=text("months"), measures="months", override=True, low=1, high=6)}


@pytest.mark.parametrize(
    ("parts", "path", "too_short", "long_enough"),
    [
        # 26 weeks from 1 January 2016 are 182 days.
        ({"indicators": WITHIN}, ("indicators", "job", "weeks"), "2016-06-30", "2016-07-01"),
        # January, February and a day of March.
        ({"indicators": ROW}, ("indicators", "touched", "months"), "2016-02-29", "2016-03-01"),
        ({"cadences": CADENCE}, ("cadences", "talk", "every"), "2016-03-31", "2016-04-01"),
    ],
)
def test_a_window_longer_than_the_data_is_told(
    parts: dict[str, Any], path: tuple[str, ...], too_short: str, long_enough: str
) -> None:
    assert _said(data_findings(_case(too_short, programme(**parts)).facts())) == [path]
    assert _said(data_findings(_case(long_enough, programme(**parts)).facts())) == []


def test_a_site_that_chose_a_shorter_interval_has_had_its_due_day() -> None:
    definition = programme(
        settings=INTERVAL,
        cadences={"talk": item("Talk", what=[{"kind": "meeting"}], every="gap")},
    )
    case = _case("2016-02-15", definition)
    assert _said(data_findings(case.facts())) == [("cadences", "talk", "every")]
    case.fact(
        "site_setting", "2016-01-01", person=None, enrolment=None, site="north", setting="gap", value=1.0
    )
    assert data_findings(case.facts()) == []


def test_a_time_before_enrolment_the_facts_do_not_reach_is_told() -> None:
    before = {"growth": indicator("change", what=[{"kind": "hours"}], before="P2Y")}
    case = _case("2016-12-31", programme(indicators=before))
    case.fact("hours", "2015-06-01", enrolment=None, to="2015-06-30", hours_per_week=10.0, type="ordinary")
    [finding] = data_findings(case.facts())
    assert finding.path == ("indicators", "growth", "before")
    assert "2015-06-01" in finding.what
    case.fact("hours", "2013-12-01", enrolment=None, to="2014-01-31", hours_per_week=10.0, type="ordinary")
    assert data_findings(case.facts()) == []


def test_a_target_outside_the_data_is_told() -> None:
    aimed = [
        dict(indicator="held", unit="outreach", value=3, source="L1", period="2014-01-01/2014-12-31"),
        dict(indicator="held", unit="outreach", value=3, source="L1", valid="2017-01-01/2017-12-31"),
        dict(indicator="held", unit="outreach", value=3, source="L1", valid="2016-12-31/2017-12-31"),
    ]
    definition = programme(indicators={"held": indicator("count", kind="meeting")}, targets=aimed)
    found = data_findings(_case("2016-12-31", definition).facts())
    assert _said(found) == [("targets", 0, "period"), ("targets", 1, "valid")]


def test_a_block_that_shows_more_months_than_there_are_is_told() -> None:
    def shown(months: int) -> Programme:
        block = {"block": "trend", "title": text("t"), "indicators": ["held"], "months": months}
        report = item("Report", sections=[{"title": text("s"), "blocks": [block]}])
        return programme(
            indicators={"held": indicator("count", kind="meeting")}, reports={"half-year": report}
        )

    path = ("reports", "half-year", "sections", 0, "blocks", 0, "months")
    assert _said(data_findings(_case("2016-12-31", shown(13)).facts())) == [path]
    assert _said(data_findings(_case("2016-12-31", shown(12)).facts())) == []


def test_an_indicator_that_divides_by_nothing_in_the_data_is_told() -> None:
    share = {
        "no-shows": indicator("share", kind="meeting", among='type == "talk"', where='outcome == "no_show"')
    }
    case = Casebook(programme(indicators=share)).enrol("2016-01-01").data_until("2016-12-31")
    assert _said(data_findings(case.facts())) == [("indicators", "no-shows")]
    case.meet("2016-02-01", type="other")
    assert _said(data_findings(case.facts())) == [("indicators", "no-shows")]
    case.meet("2016-02-02", type="talk")
    assert data_findings(case.facts()) == []


def test_an_indicator_whose_window_is_told_is_not_told_again() -> None:
    found = data_findings(_case("2016-02-01", programme(indicators=WITHIN)).facts())
    assert _said(found) == [("indicators", "job", "weeks")]


def test_data_in_which_nobody_is_enrolled_are_told_once() -> None:
    case = Casebook(programme(indicators=WITHIN)).data_until("2016-12-31")
    assert _said(data_findings(case.facts())) == [("programme",)]


def _evaluated(window: str | None) -> Programme:
    index: dict[str, Any] = {"state": "benefit"} | ({"window": window} if window else {})
    return programme(
        states={"benefit": item("Benefit", codes=["130"])},
        evaluations={
            "work": item(
                "Work",
                ask=text("?"),
                design="matched",
                index=index,
                treated='unit == "outreach"',
                outcomes=[item("Job", id="job", kind="state", state="benefit", within_weeks=52)],
                history=[{"id": "past", "title": text("Past"), "state": "benefit", "weeks": 104}],
                covariates=[{"field": "past", "title": text("Past")}],
            )
        },
    )


@pytest.mark.parametrize(
    ("window", "first", "last", "paths"),
    [
        (None, "2014-01-06", "2016-12-26", []),
        # 52 weeks after the first week that can be an index.
        ("2016-01-04/2016-06-30", "2012-01-02", "2016-12-26", [("outcomes", 0)]),
        ("2016-01-04/2016-06-30", "2012-01-02", "2017-01-02", []),
        # 104 weeks before the last week that can be an index (the week of 30 June 2016 begins on the 27th).
        ("2016-01-04/2016-06-30", "2014-07-07", "2017-06-26", [("history", 0)]),
        ("2016-01-04/2016-06-30", "2014-06-30", "2017-06-26", []),
        ("2010-01-04/2010-06-30", "2014-06-30", "2017-06-26", [("index", "window")]),
    ],
)
def test_an_evaluation_the_register_is_too_short_for_is_told(
    window: str | None, first: str, last: str, paths: list[tuple[Any, ...]]
) -> None:
    weeks = [week_number(date.fromisoformat(day)) for day in (first, last)]
    found = list(register_findings(_evaluated(window), *weeks))
    assert _said(found) == [("evaluations", "work", *path) for path in paths]
