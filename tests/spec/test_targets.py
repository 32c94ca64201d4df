"""What a target is taken from and how the realised level is held against it, one sentence at a time."""

from __future__ import annotations

from typing import Any

import pytest

from casebook import Casebook, indicator, item, period, programme
from indsats.programme import Programme
from indsats.steer import TargetRow, targets

MAY, JUNE = period("2016-05-01", "2016-05-31"), period("2016-06-01", "2016-06-30")


def target(**parts: Any) -> dict[str, Any]:
    return {"indicator": "no-shows", "unit": "outreach", "source": "L1108", **parts}


def with_targets(*all_targets: dict[str, Any], **parts: Any) -> Programme:
    return programme(
        targets=list(all_targets),
        indicators={
            "no-shows": indicator("share", "lower", kind="meeting", where='outcome == "no_show"'),
            "placements": indicator("count", kind="placement"),
            "placements-rate": indicator("rate", kind="placement", per="person_month"),
        },
        **parts,
    )


def book(definition: Programme, **no_shows: tuple[int, int]) -> Casebook:
    """Per site: missed meetings and all meetings, in May."""
    case = Casebook(definition).data_until("2016-12-31")
    for site, (missed, held) in no_shows.items():
        who = {"person": f"p-{site}", "enrolment": f"e-{site}"}
        case.enrol("2016-01-01", site=site, **who)
        for number in range(held):
            case.meet("2016-05-10", "no_show" if number < missed else "held", **who)
    return case


def row(case: Casebook, name: str = "no-shows", over: Any = MAY) -> TargetRow:
    [found] = targets(case.facts(), "outreach", [name], over)
    return found


def level_of(found: TargetRow) -> float | None:
    assert found.target is not None
    return found.target.value


def test_a_fixed_target_is_its_value() -> None:
    found = row(book(with_targets(target(value=0.131)), north=(131, 1000)))
    assert (level_of(found), found.realised.value, found.status) == (0.131, 0.131, "met")


def test_without_a_target_there_is_no_light() -> None:
    found = row(book(with_targets(), north=(1, 10)))
    assert (found.target, found.status) == (None, "not_measurable")


def test_the_others_are_the_other_units_without_the_unit_itself() -> None:
    found = row(book(with_targets(target(comparator="others")), north=(0, 50), city=(10, 50)))
    assert found.target is not None
    assert (found.target.value, found.target.numerator, found.target.denominator) == (0.2, 10, 50)
    assert (found.realised.value, found.status) == (0, "met")


def test_the_others_are_pooled_not_averaged() -> None:
    sites = {
        "north": item(unit="outreach"),
        "city": item(unit="centre"),
        "harbour": item(unit="third"),
    }
    units = {name: item(name) for name in ("outreach", "centre", "third")}
    definition = with_targets(target(comparator="others"), sites=sites, units=units)
    assert level_of(row(book(definition, north=(0, 10), city=(10, 10), harbour=(0, 30)))) == 0.25


def test_levels_are_compared_as_they_are_printed() -> None:
    found = row(book(with_targets(target(comparator="others")), north=(1314, 10000), city=(1306, 10000)))
    assert found.realised.value == 0.1314
    assert found.status == "met"


def test_a_count_of_others_is_scaled_to_the_person_months_of_the_unit() -> None:
    case = book(with_targets(target(indicator="placements", comparator="others")), north=(0, 1), city=(0, 1))
    for number in range(3):
        case.enrol("2016-01-01", site="city", person=f"q{number}", enrolment=f"c{number}")
    for number in range(8):
        case.fact("placement", "2016-05-20", person="p-city", enrolment="e-city", type=f"t{number}")
    found = row(case, "placements")
    assert found.target is not None
    assert found.target.value == pytest.approx(2)
    assert (found.target.numerator, found.target.denominator) == (8, pytest.approx(4))
    assert found.status == "not_met"


def test_others_without_person_months_give_no_target_for_a_count() -> None:
    case = book(with_targets(target(indicator="placements", comparator="others")), north=(0, 1))
    found = row(case, "placements")
    assert (level_of(found), found.status) == (None, "not_measurable")


def test_a_rate_of_others_is_their_rate() -> None:
    case = book(
        with_targets(target(indicator="placements-rate", comparator="others"), disclosure_threshold=0),
        north=(0, 1),
        city=(0, 1),
    )
    case.fact("placement", "2016-05-20", person="p-city", enrolment="e-city")
    assert level_of(row(case, "placements-rate")) == pytest.approx(1 / (31 / 30.4375))


def test_a_target_with_a_period_holds_for_that_report_period_only_and_goes_first() -> None:
    definition = with_targets(target(value=0.5), target(value=0.1, period="2016-05-01/2016-05-31"))
    case = book(definition, north=(3, 10))
    assert level_of(row(case, over=MAY)) == 0.1
    assert level_of(row(case, over=JUNE)) == 0.5
    assert row(case, over=MAY).rule == definition.targets[1]
    assert row(case, over=JUNE).rule == definition.targets[0]
    only_may = book(with_targets(target(value=0.1, period="2016-05-01/2016-05-31")), north=(3, 10))
    june = row(only_may, over=JUNE)
    assert (june.target, june.rule) == (None, None)


def test_a_part_of_the_period_is_another_period() -> None:
    definition = with_targets(target(value=0.1, period="2016-05-01/2016-05-31"))
    assert row(book(definition, north=(3, 10)), over=period("2016-05-01", "2016-05-30")).target is None


def test_a_target_of_another_unit_is_not_taken() -> None:
    assert row(book(with_targets(target(value=0.1, unit="centre")), north=(3, 10))).target is None


def test_the_band_of_the_target_decides_what_is_near() -> None:
    assert row(book(with_targets(target(value=0.28)), north=(3, 10))).status == "near"
    assert row(book(with_targets(target(value=0.28, band=0.05)), north=(3, 10))).status == "not_met"


def test_a_share_of_fewer_than_the_threshold_is_too_few() -> None:
    assert row(book(with_targets(target(value=0.28)), north=(0, 4))).status == "too_few"
    assert row(book(with_targets(target(value=0.28), disclosure_threshold=0), north=(0, 4))).status == "met"


def test_a_comparison_with_fewer_than_the_threshold_is_too_few() -> None:
    found = row(book(with_targets(target(comparator="others")), north=(0, 50), city=(1, 4)))
    assert found.status == "too_few"


def test_a_small_count_is_still_judged_because_it_has_no_denominator() -> None:
    case = book(with_targets(target(indicator="placements", value=1)), north=(0, 1))
    case.fact("placement", "2016-05-20", person="p-north", enrolment="e-north")
    assert row(case, "placements").status == "met"


def test_a_programme_with_one_unit_has_no_others() -> None:
    alone = {"units": {"outreach": item()}, "sites": {"north": item(unit="outreach")}}
    for name in ("no-shows", "placements", "placements-rate"):
        definition = with_targets(target(indicator=name, comparator="others"), **alone)
        found = row(book(definition, north=(3, 10)), name)
        assert (level_of(found), found.status) == (None, "not_measurable")


def test_rows_come_in_the_order_asked_for() -> None:
    facts = book(with_targets(), north=(0, 1)).facts()
    names = ["placements", "no-shows"]
    assert [found.indicator for found in targets(facts, "outreach", names, MAY)] == names


def test_target_ids_stand_apart_from_indicator_ids() -> None:
    found = row(book(with_targets(target(value=0.1)), north=(0, 10)))
    assert found.target is not None
    assert found.target.id == "target/no-shows/outreach/2016-05-01..2016-05-31"
