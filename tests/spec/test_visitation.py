"""One group for each person: the worked cases of 001 L1133-1170, and a sentence each for what was decided."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from casebook import Casebook, programme
from indsats.programme import Visitation
from indsats.record import one_group

WRITTEN = {
    "keep": "occurred_to is missing or occurred_to >= occurred_from",
    "windows": [
        {
            "id": "a",
            "period": "2017-08-01/2018-01-31",
            "groups": ["g1", "g2", "g3", "g6"],
            "prefer": ["latest_start", "latest_end", "group_order"],
            "yields": ["g6"],
            "source": "L1137-1148",
        },
        {
            "id": "b",
            "period": "2018-02-01/2018-03-31",
            "groups": ["g1", "g2", "g3"],
            "prefer": ["earliest_start", "latest_end", "group_order"],
            "source": "L1150-1160",
        },
    ],
    "source": "L1133-1170",
}
RULE = Visitation.model_validate(WRITTEN)

Visit = tuple[str, str, str | None]
"""Group, first day, last day (None: no end yet)."""


def day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def visited(*visits: Visit) -> list[tuple[str, str]]:
    """Group and window of the one person, or nothing."""
    records = pl.DataFrame(
        [
            {"person": "p", "group": group, "occurred_from": day(first), "occurred_to": day(last)}
            for group, first, last in visits
        ],
        schema={"person": pl.String, "group": pl.String, "occurred_from": pl.Date, "occurred_to": pl.Date},
    )
    return one_group(records, RULE).select("group", "window").rows()  # type: ignore[return-value]


CASES: dict[str, tuple[list[Visit], list[tuple[str, str]]]] = {
    "a: the start nearest the window's last day": (
        [("g2", "2017-09-01", None), ("g1", "2018-01-15", None)],
        [("g1", "a")],
    ),
    "b: same start, the longest time to its end": (
        [("g2", "2017-12-01", "2018-06-01"), ("g1", "2017-12-01", "2018-03-01")],
        [("g2", "a")],
    ),
    "c: same start and end, the order of the groups": (
        [("g3", "2017-12-01", "2018-06-01"), ("g2", "2017-12-01", "2018-06-01")],
        [("g2", "a")],
    ),
    "d: deferred gives way to the next window's earliest": (
        [("g6", "2017-10-01", None), ("g2", "2018-02-05", None), ("g1", "2018-03-20", None)],
        [("g2", "b")],
    ),
    "e: deferred stays when nothing follows": ([("g6", "2017-10-01", None)], [("g6", "a")]),
    "f: a record that ends before it begins is left out": ([("g1", "2018-02-01", "2018-01-01")], []),
    "second window: same start, the longest time to its end": (
        [("g1", "2018-02-05", "2018-03-01"), ("g3", "2018-02-05", "2018-04-01")],
        [("g3", "b")],
    ),
    "second window: same start and end, the order of the groups": (
        [("g3", "2018-02-05", None), ("g2", "2018-02-05", None)],
        [("g2", "b")],
    ),
    "no end is the latest end": (
        [("g1", "2017-12-01", "2030-01-01"), ("g3", "2017-12-01", None)],
        [("g3", "a")],
    ),
    "a group in the first window goes before one in the next": (
        [("g3", "2017-08-01", "2017-08-02"), ("g1", "2018-02-01", None)],
        [("g3", "a")],
    ),
    "deferred gives way only when it is the record that won": (
        [("g6", "2017-10-01", None), ("g2", "2017-11-01", None), ("g1", "2018-02-05", None)],
        [("g2", "a")],
    ),
    "deferred does not count in the second window": (
        [("g6", "2018-01-31", None), ("g6", "2018-02-01", None)],
        [("g6", "a")],
    ),
    "a record that ends the day it begins is kept": (
        [("g2", "2017-12-01", "2017-12-01")],
        [("g2", "a")],
    ),
    "the windows' own days belong to them": (
        [("g1", "2017-07-31", None), ("g3", "2017-08-01", None), ("g2", "2018-04-01", None)],
        [("g3", "a")],
    ),
    "the second window's last day belongs to it": ([("g2", "2018-03-31", None)], [("g2", "b")]),
    "nobody without a record in a window": ([("g1", "2016-01-01", None), ("g9", "2017-12-01", None)], []),
}


@pytest.mark.parametrize("case", CASES)
def test_worked_case(case: str) -> None:
    visits, expected = CASES[case]
    assert visited(*visits) == expected
    assert visited(*reversed(visits)) == expected


def test_the_facts_give_one_group_by_the_programmes_rule() -> None:
    definition = programme(visitation=WRITTEN)
    case = Casebook(definition)
    case.fact("visitation", "2017-10-01", person="p2", group="g6", enrolment=None)
    case.fact("visitation", "2018-02-05", person="p2", group="g2", enrolment=None)
    case.fact("visitation", "2017-09-01", person="p1", group="g1", enrolment=None, site="north")
    case.fact("visitation", "2015-09-01", person="p3", group="g1", enrolment=None)
    found = case.facts().groups()
    assert found.select("person", "group", "window").rows() == [("p1", "g1", "a"), ("p2", "g2", "b")]
    assert found["site"].to_list() == ["north", None]
    assert found.columns[:5] == ["person", "group", "window", "occurred_from", "occurred_to"]


def test_without_a_rule_the_latest_visitation_counts() -> None:
    case = Casebook(programme())
    for group, first, last in [
        ("old", "2016-01-01", None),
        ("ended", "2016-03-01", "2016-04-01"),
        ("open", "2016-03-01", None),
    ]:
        case.fact("visitation", first, to=last, group=group, enrolment=None)
    case.fact("visitation", "2016-02-01", person="p2", group="g1", enrolment=None)
    case.fact("visitation", "2016-05-01", person="p2", group=None, enrolment=None)
    found = case.facts().groups()
    assert found.select("person", "group", "window").rows() == [("p1", "open", None), ("p2", None, None)]


def test_of_two_visitations_of_the_same_days_the_one_recorded_last_counts() -> None:
    case = Casebook(programme())
    for group, month in (("second", 7), ("first", 6), ("third", 5)):
        recorded = datetime(2016, month, 1, tzinfo=UTC)
        case.fact("visitation", "2016-03-01", group=group, enrolment=None, recorded_at=recorded)
    assert case.facts().groups()["group"].to_list() == ["second"]


def test_a_visitation_recorded_late_changes_the_group_only_from_then_on() -> None:
    case = Casebook(programme())
    case.fact("visitation", "2016-01-01", group="g1", enrolment=None)
    case.fact(
        "visitation", "2016-02-01", group="g2", enrolment=None, recorded_at=datetime(2016, 6, 1, tzinfo=UTC)
    )
    record = case.record()
    assert record.as_of(datetime(2016, 5, 1, tzinfo=UTC)).groups()["group"].to_list() == ["g1"]
    assert record.as_of().groups()["group"].to_list() == ["g2"]
