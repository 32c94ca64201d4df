"""A target that is part of another: what makes it mean nothing is found; so are targets that compete."""

from __future__ import annotations

from typing import Any

import pytest

from casebook import indicator, item, programme
from indsats.programme import CHECKS, explain


def aim(**parts: Any) -> dict[str, Any]:
    return {"indicator": "placements", "source": "L1", **parts}


def found(check: str, *targets: dict[str, Any]) -> list[str]:
    definition = programme(
        targets=list(targets),
        indicators={
            "placements": indicator("count", kind="placement"),
            "exits": indicator("count", kind="exit"),
            "no-shows": indicator("share", "lower", kind="meeting", where='outcome == "no_show"'),
        },
        sites={
            "north": item("North", unit="outreach"),
            "south": item("South", unit="outreach"),
            "city": item("City", unit="centre"),
        },
    )
    return [finding.what for finding in CHECKS[check](definition)]


WHOLE = aim(id="whole", value=100)
WRONG = [
    ([WHOLE, aim(unit="outreach", share_of="hole", share=0.5)], "no target with the id 'hole'"),
    ([aim(id="whole", indicator="no-shows", value=0.1),
      aim(indicator="no-shows", unit="outreach", share_of="whole", share=0.5)], "is no count"),
    ([WHOLE, aim(indicator="exits", unit="outreach", share_of="whole", share=0.5)], "is for 'placements'"),
    ([aim(id="a", share_of="a", share=0.5)], "never ends in a level"),
    ([aim(id="a", unit="outreach", share_of="b", share=0.5), aim(id="b", share_of="a", share=0.5)],
     "never ends in a level"),
    ([aim(id="a", unit="centre", comparator="others"), aim(unit="outreach", share_of="a", share=0.5)],
     "no fixed level"),
    ([aim(id="a", unit="centre", value=9), aim(unit="outreach", share_of="a")], "no part of"),
    ([aim(id="a", unit="centre", value=9), aim(site="north", share_of="a")], "no part of"),
]  # fmt: skip
RIGHT = [
    [WHOLE, aim(unit="outreach", share_of="whole")],
    [WHOLE, aim(site="north", share_of="whole")],
    [aim(id="a", unit="outreach", value=9), aim(site="north", share_of="a")],
    [aim(id="a", unit="centre", value=9), aim(unit="outreach", share_of="a", share=0.5)],
    [WHOLE, aim(id="a", unit="outreach", share_of="whole"), aim(site="south", share_of="a", share=0.1)],
]


@pytest.mark.parametrize(("targets", "what"), WRONG)
def test_a_part_that_means_nothing_is_found(targets: list[dict[str, Any]], what: str) -> None:
    assert any(what in one for one in found("target-part", *targets))


@pytest.mark.parametrize("targets", RIGHT)
def test_a_part_that_holds_is_let_through(targets: list[dict[str, Any]]) -> None:
    assert found("target-part", *targets) == []


@pytest.mark.parametrize(
    ("one", "other", "compete"),
    [
        ({"valid": "2016-01-01/2016-06-30"}, {"valid": "2016-06-30/2016-12-31"}, True),
        ({"valid": "2016-01-01/2016-06-30"}, {"valid": "2016-07-01/2016-12-31"}, False),
        ({"valid": "2016-01-01/2016-06-30"}, {"period": "2016-01-01/2016-06-30"}, False),
        ({"valid": "2016-01-01/2016-06-30"}, {}, False),
        ({"valid": "2016-01-01/2016-06-30"}, {"valid": "2016-01-01/2016-06-30", "unit": "outreach"}, False),
        ({"site": "north"}, {"site": "north"}, True),
        ({"site": "north"}, {"site": "south"}, False),
        ({}, {}, True),
    ],
)
def test_targets_compete_where_neither_goes_first(
    one: dict[str, Any], other: dict[str, Any], compete: bool
) -> None:
    assert bool(found("target-once", aim(value=1, **one), aim(value=2, **other))) is compete


def test_the_whole_programme_is_not_held_against_itself() -> None:
    assert "nothing beside it" in found("target-comparator", aim(comparator="all"))[0]
    assert found("target-comparator", aim(site="north", comparator="others")) == []


def test_a_target_is_told_with_its_place_its_level_and_who_set_it() -> None:
    definition = programme(
        targets=[
            aim(id="whole", value=100, valid="2016-01-01/2016-12-31", set_on="2015-12-07",
                set_by={"da": "udvalget", "en": "the committee"}),
            aim(unit="outreach", share_of="whole"),
            aim(site="north", share_of="whole", share=0.2),
            aim(site="city", comparator="others", explain_within="P14D"),
        ],
        indicators={"placements": indicator("count", kind="placement")},
    )  # fmt: skip
    page = explain(definition, "en")
    for told in (
        "in the whole programme: at least 100",
        "for reports that end",
        "Set by the committee on 7 December 2015.",
        "its relative part of the target in the whole programme",
        "at the site “North”: at least 20% of the target in the whole programme",
        "the level of the other sites",
        "asked for within 2 weeks of the period",
    ):
        assert told in page
