"""What a target is taken from and how the realised level is held against it, one sentence at a time."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casebook import Casebook, indicator, item, period, programme, text
from indsats.programme import Period, Programme
from indsats.steer import TargetRow, status, targets

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


def test_a_rate_per_month_of_few_persons_is_too_few_however_many_their_months() -> None:
    definition = with_targets(target(indicator="placements-rate", value=0.5))
    case, year = book(definition, north=(0, 1)), period("2016-01-01", "2016-12-31")
    for number in range(3):
        case.enrol("2016-01-01", site="north", person=f"p{number}", enrolment=f"e{number}")
    found = row(case, "placements-rate", year)
    assert found.realised.denominator is not None
    assert found.realised.denominator > 40
    assert found.status == "too_few"
    case.enrol("2016-12-01", site="north", person="p4", enrolment="e4")
    assert row(case, "placements-rate", year).status == "not_met"


def test_a_rate_against_others_that_are_few_is_too_few() -> None:
    definition = with_targets(target(indicator="placements-rate", comparator="others"))
    case = book(definition, north=(0, 1), city=(0, 1))
    for number in range(5):
        case.enrol("2016-01-01", site="north", person=f"p{number}", enrolment=f"e{number}")
    assert row(case, "placements-rate", period("2016-01-01", "2016-12-31")).status == "too_few"


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


def at(case: Casebook, name: str = "no-shows", over: Any = MAY, **place: Any) -> TargetRow:
    """The row of a site (``site=``) or, without one, of the whole programme."""
    [found] = targets(case.facts(), None, [name], over, **place)
    return found


def aim(**parts: Any) -> dict[str, Any]:
    """A target that names its own place, or none."""
    return {"indicator": "no-shows", "source": "L1108", **parts}


def test_all_is_the_whole_with_the_unit_in_it() -> None:
    found = row(book(with_targets(target(comparator="all")), north=(0, 50), city=(10, 50)))
    assert found.target is not None
    assert (found.target.value, found.target.numerator, found.target.denominator) == (0.1, 10, 100)


def test_a_target_of_the_whole_programme_is_held_against_everybody() -> None:
    found = at(book(with_targets(aim(value=0.1)), north=(0, 50), city=(10, 50)))
    assert (found.unit, found.site, found.realised.value, found.status) == (None, None, 0.1, "met")
    assert found.target is not None
    assert found.target.id == "target/no-shows/all/2016-05-01..2016-05-31"


def test_a_site_has_its_own_target_and_is_held_against_it_alone() -> None:
    case = book(with_targets(aim(site="north", value=0.1)), north=(0, 50), city=(10, 50))
    found = at(case, site="north")
    assert (found.site, found.realised.value, found.status) == ("north", 0.0, "met")


def test_a_site_without_a_target_has_none_though_its_unit_has() -> None:
    found = at(book(with_targets(target(value=0.1), aim(value=0.1)), north=(0, 50)), site="north")
    assert (found.target, found.why) == (None, "no_target")


def test_the_others_of_a_site_are_all_other_sites_without_it() -> None:
    sites = {"north": item(unit="outreach"), "south": item(unit="outreach"), "city": item(unit="centre")}
    definition = with_targets(aim(site="north", comparator="others"), sites=sites)
    found = at(book(definition, north=(9, 10), south=(0, 30), city=(6, 30)), site="north")
    assert found.target is not None
    assert (found.target.numerator, found.target.denominator) == (6, 60)


def test_nobody_asks_for_a_unit_and_a_site_at_once() -> None:
    with pytest.raises(ValueError, match="a site has its unit"):
        targets(book(with_targets()).facts(), "outreach", ["no-shows"], MAY, site="north")


def test_a_part_is_the_share_given_of_the_other_target() -> None:
    definition = with_targets(
        aim(id="whole", indicator="placements", value=40),
        target(indicator="placements", share_of="whole", share=0.25),
    )
    found = row(book(definition, north=(0, 1)), "placements")
    assert found.target is not None
    assert (found.target.value, found.target.given) == (10, True)


def test_the_relative_part_follows_the_person_months() -> None:
    """L1116: the outreach is to deliver its relative part of the centre's target."""
    definition = with_targets(
        aim(id="whole", indicator="placements", value=108),
        target(indicator="placements", share_of="whole"),
    )
    case = book(definition, north=(0, 1), city=(0, 1))
    for number in range(2):
        case.enrol("2016-01-01", site="city", person=f"q{number}", enrolment=f"c{number}")
    found = row(case, "placements")
    assert found.target is not None
    assert found.target.value == pytest.approx(27)
    assert not found.target.given


def test_a_part_of_a_part_is_a_part_of_the_whole() -> None:
    definition = with_targets(
        aim(id="whole", indicator="placements", value=100),
        target(id="unit", indicator="placements", share_of="whole", share=0.5),
        aim(indicator="placements", site="north", share_of="unit", share=0.1),
    )
    found = at(book(definition, north=(0, 1)), "placements", site="north")
    assert found.target is not None
    assert found.target.value == pytest.approx(5)


def test_a_part_of_a_target_that_does_not_hold_has_no_level() -> None:
    definition = with_targets(
        aim(id="whole", indicator="placements", value=100, valid="2015-01-01/2015-12-31"),
        target(indicator="placements", share_of="whole", share=0.5),
    )
    found = row(book(definition, north=(0, 1)), "placements")
    assert (level_of(found), found.status, found.why) == (None, "not_measurable", "no_comparison")


def test_a_target_is_valid_where_the_report_ends_and_stands_between_exact_and_standing() -> None:
    definition = with_targets(
        target(value=0.5),
        target(value=0.4, valid="2016-05-15/2016-06-15"),
        target(value=0.3, period="2016-05-01/2016-05-31"),
    )
    case = book(definition, north=(3, 10))
    april_to_may, may_to_june = period("2016-04-01", "2016-05-20"), period("2016-05-20", "2016-06-20")
    levels = [level_of(row(case, over=over)) for over in (MAY, april_to_may, may_to_june)]
    assert levels == [0.3, 0.4, 0.5]


def test_why_there_is_no_light_is_told() -> None:
    definition = with_targets(target(value=0.5))
    within = indicator("within", kind="placement", weeks=26)
    followed = programme(targets=[target(indicator="placed", value=0.7)], indicators={"placed": within})
    short = Casebook(followed).data_until("2016-05-31").enrol("2016-05-01")
    assert row(short, "placed").why == "not_followed"
    nobody = Casebook(definition).data_until("2016-01-01").data_until("2016-12-31")
    assert (row(nobody).status, row(nobody).why) == ("not_measurable", "nobody")
    later = book(definition, north=(1, 10))
    assert row(later, over=period("2017-01-01", "2017-01-31")).why == "after_data"
    assert row(book(with_targets(), north=(1, 10))).why == "no_target"
    assert row(later).why is None


@pytest.mark.parametrize(
    ("over", "why"),
    [
        (period("2017-01-01", "2017-01-31"), "after_data"),
        (period("2010-01-01", "2010-12-31"), "before_data"),
    ],
)
def test_no_count_of_a_time_outside_the_data_is_taken_for_a_zero(over: Period, why: str) -> None:
    case = book(with_targets(target(indicator="placements", value=4)), north=(0, 1))
    found = row(case, "placements", over)
    assert (found.realised.value, found.status, found.why) == (None, "not_measurable", why)


@pytest.mark.parametrize(
    ("aimed", "reached", "better", "stands"),
    [
        (21, 30, "higher", "met"),  # L1018 traineeships
        (2.5, 2, "higher", "not_met"),  # L1019 wage subsidies: L1012 names them as not met
        (4.3, 4.1, "higher", "near"),  # L1017 exits: missed, as L1012 says, and by less than a tenth
        (0.68, 0.74, "higher", "met"),  # L1020
        (0.132, 0.126, "lower", "met"),  # L1022
        (21.0, 21.4, "higher", "met"),  # L1109: L1103 calls exits met
        (108, 89, "higher", "not_met"),  # L1110: L1104 names placements as not met
        (13, 6, "higher", "not_met"),  # L1111: L1104
        (0.74, 0.81, "higher", "met"),  # L1112
        (0.131, 0.131, "lower", "met"),  # L1114: L1103 "on the same level"
    ],
)
def test_the_statuses_the_committee_was_told(
    aimed: float, reached: float, better: Literal["higher", "lower"], stands: str
) -> None:
    assert status(reached, aimed, better) == stands


_RANK = {"met": 0, "near": 1, "not_met": 2}


@given(
    one=st.floats(0, 1e4),
    other=st.floats(0, 1e4),
    aimed=st.floats(0, 1e4),
    band=st.floats(0, 1),
    better=st.sampled_from(["higher", "lower"]),
)
def test_the_status_never_gets_better_when_the_level_gets_worse(
    one: float, other: float, aimed: float, band: float, better: Literal["higher", "lower"]
) -> None:
    worse, best = sorted((one, other), reverse=better == "lower")
    assert _RANK[status(worse, aimed, better, band)] >= _RANK[status(best, aimed, better, band)]


def test_who_set_a_target_and_when_is_kept_with_it() -> None:
    definition = with_targets(target(value=0.5, set_by=text("udvalget"), set_on="2016-02-08"))
    rule = row(book(definition, north=(3, 10))).rule
    assert rule is not None
    assert rule.set_by is not None
    assert (rule.set_by.da, str(rule.set_on)) == ("udvalget", "2016-02-08")
