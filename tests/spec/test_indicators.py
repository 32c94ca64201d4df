"""What counts in an indicator and what is left out of it, one sentence at a time."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from casebook import Casebook, indicator, period, programme
from indsats.figure import Figure
from indsats.record import Record
from indsats.steer import REASONS
from indsats.steer import indicator as level

HELD = 'outcome in ["held", "no_show", "cancelled"]'
PROGRAMME = programme(
    indicators={
        "placements": indicator("count", kind="placement", where='type != "subsidy"'),
        "meetings": indicator("count", kind="meeting"),
        "appointments": indicator("count", kind="meeting", where='outcome == "planned"'),
        "no-shows": indicator("share", "lower", kind="meeting", where='outcome == "no_show"'),
        "talk-no-shows": indicator(
            "share", "lower", kind="meeting", among=f'type == "talk" and {HELD}', where='outcome == "no_show"'
        ),
        "course-no-shows": indicator(
            "share", "lower", kind="meeting", where='outcome == "no_show"', service="course"
        ),
        "out-no-shows": indicator(
            "share", kind="meeting", among='place == "out"', where='outcome == "no_show"'
        ),
        "met-out": indicator("share", kind="meeting", among='outcome == "held"', where='place == "out"'),
    }
)
MAY = period("2016-05-01", "2016-05-31")


def book() -> Casebook:
    return Casebook(PROGRAMME).enrol("2016-01-01").data_until("2016-12-31")


def may(case: Casebook, name: str, **scope: str) -> Figure:
    return level(case.facts(), name, MAY, **scope)


def test_a_count_counts_facts_that_begin_in_the_period_both_ends_included() -> None:
    case = book()
    for day in ("2016-04-30", "2016-05-01", "2016-05-31", "2016-06-01"):
        case.fact("placement", day, to="2016-12-01", type="trainee")
    assert may(case, "placements").value == 2


def test_a_count_leaves_out_what_its_rule_rules_out_without_calling_it_an_exclusion() -> None:
    case = (
        book().fact("placement", "2016-05-02", type="subsidy").fact("placement", "2016-05-03", type="trainee")
    )
    figure = may(case, "placements")
    assert (figure.value, figure.excluded) == (1, {})


def test_a_fact_the_rule_cannot_decide_is_left_out_and_counted() -> None:
    figure = may(book().fact("placement", "2016-05-02", type=None), "placements")
    assert (figure.value, figure.excluded) == (0, {"unknown_value": 1})


def test_what_is_agreed_on_ahead_of_the_data_has_not_happened_yet() -> None:
    case = Casebook(PROGRAMME).enrol("2016-01-01").data_until("2016-05-20")
    agreed = datetime(2016, 5, 10, 12, tzinfo=UTC)
    case.fact("placement", "2016-05-12", type="trainee", recorded_at=agreed)
    case.fact("placement", "2016-05-23", type="trainee", recorded_at=agreed)
    figure = may(case, "placements")
    assert (figure.value, figure.excluded) == (1, {"planned": 1})
    case.data_until("2016-05-23")
    assert may(case, "placements").value == 2


def test_a_share_is_its_numerator_over_its_denominator() -> None:
    case = (
        book()
        .meet("2016-05-02")
        .meet("2016-05-03", "no_show")
        .meet("2016-05-04")
        .meet("2016-05-05", "cancelled")
    )
    figure = may(case, "no-shows")
    assert (figure.value, figure.numerator, figure.denominator) == (0.25, 1, 4)


def test_a_share_of_nothing_has_no_value() -> None:
    figure = may(book(), "no-shows")
    assert (figure.value, figure.numerator, figure.denominator) == (None, 0, 0)


def test_a_planned_meeting_is_not_yet_held_and_leaves_the_denominator() -> None:
    figure = may(book().meet("2016-05-02").meet("2016-05-30", "planned"), "no-shows")
    assert (figure.denominator, figure.excluded) == (1, {"planned": 1})
    assert may(book().meet("2016-05-30", "planned"), "meetings").excluded == {"planned": 1}


def test_planned_meetings_are_counted_where_a_rule_asks_for_them() -> None:
    figure = may(book().meet("2016-05-30", "planned"), "appointments")
    assert (figure.value, figure.excluded) == (1, {})


def test_an_unknown_outcome_leaves_the_denominator_and_is_counted_as_such() -> None:
    for name in ("no-shows", "talk-no-shows"):
        figure = may(book().meet("2016-05-02").meet("2016-05-03", None), name)
        assert (figure.denominator, figure.excluded) == (1, {"unknown_outcome": 1})


def test_an_unknown_outcome_of_another_type_of_meeting_is_no_exclusion() -> None:
    figure = may(book().meet("2016-05-03", None, type="course"), "talk-no-shows")
    assert figure.excluded == {}


def test_a_value_the_numerator_needs_and_does_not_have_leaves_the_denominator_too() -> None:
    case = book().meet("2016-05-02", place="out").meet("2016-05-03", place="in").meet("2016-05-04")
    figure = may(case, "met-out")
    assert (figure.value, figure.excluded) == (0.5, {"unknown_value": 1})


def test_a_value_that_decides_who_is_among_them_and_is_missing_leaves_the_denominator() -> None:
    case = book().meet("2016-05-02", place="out").meet("2016-05-03", place="in").meet("2016-05-04")
    figure = may(case, "out-no-shows")
    assert (figure.denominator, figure.excluded) == (1, {"unknown_value": 1})


def test_a_service_takes_only_its_own_enrolments_and_counts_facts_without_one() -> None:
    case = book().enrol("2016-01-01", enrolment="e2", service="course")
    case.meet("2016-05-02", "no_show").meet("2016-05-03", "no_show", enrolment="e2").meet(
        "2016-05-04", enrolment="e2"
    )
    case.meet("2016-05-05", enrolment=None, site="north")
    figure = may(case, "course-no-shows")
    assert (figure.numerator, figure.denominator, figure.excluded) == (1, 2, {"no_enrolment": 1})


def test_units_and_sites_share_out_the_whole() -> None:
    case = book().enrol("2016-01-01", person="p2", enrolment="e2", site="city")
    case.meet("2016-05-02", "no_show").meet("2016-05-03", person="p2", enrolment="e2").meet("2016-05-04")
    assert (
        may(case, "no-shows", unit="outreach").numerator,
        may(case, "no-shows", unit="outreach").denominator,
    ) == (1, 2)
    assert may(case, "no-shows", unit="centre").value == 0
    assert may(case, "no-shows", site="city").denominator == 1
    assert may(case, "no-shows").denominator == 3


def test_a_site_outside_the_unit_asked_for_holds_nothing() -> None:
    assert may(book().meet("2016-05-02"), "no-shows", unit="centre", site="north").denominator == 0


def test_the_id_names_indicator_place_and_period() -> None:
    case = book()
    assert may(case, "no-shows").id == "indicator/no-shows/all/2016-05-01..2016-05-31"
    assert may(case, "no-shows", unit="outreach").id == "indicator/no-shows/outreach/2016-05-01..2016-05-31"
    assert may(case, "no-shows", site="city").id == "indicator/no-shows/site.city/2016-05-01..2016-05-31"


def test_a_share_that_improves_because_the_hardest_were_reclassified_shows_it_in_its_denominator() -> None:
    def recorded(month: int) -> dict[str, object]:
        return {
            "recorded_at": datetime(2016, month, 1, tzinfo=UTC),
            "recorded_by": "a leader",
            "source": "form",
        }

    frame = book().facts()
    record = Record(PROGRAMME, {}, frame.persons, frame.sites)
    who = {"person": "p1", "enrolment": "e1", "site": "north"}
    record = record.add(
        "enrolled",
        [{**who, "occurred_from": date(2016, 1, 1), "service": "talks"}],
        **recorded(2),  # type: ignore[arg-type]
    )
    outcomes = ["held"] * 6 + ["no_show"] * 4
    rows = [
        {**who, "id": f"m{at}", "occurred_from": date(2016, 5, 1 + at), "type": "talk", "outcome": outcome}
        for at, outcome in enumerate(outcomes)
    ]
    record = record.add("meeting", rows, **recorded(6))  # type: ignore[arg-type]
    for at in (7, 8, 9):
        record = record.correct(f"m{at}", {"type": "outreach"}, **recorded(9))  # type: ignore[arg-type]
    before = level(record.as_of(datetime(2016, 7, 1, tzinfo=UTC)), "talk-no-shows", MAY)
    after = level(record.as_of(), "talk-no-shows", MAY)
    assert (before.numerator, before.denominator, before.value) == (4, 10, 0.4)
    assert (after.numerator, after.denominator) == (1, 7)
    assert after.value == pytest.approx(1 / 7)


@pytest.mark.parametrize(
    "asked",
    [
        indicator("count", kind="meeting"),
        indicator("stock"),
        indicator("consecutive", what=[{"kind": "meeting"}], months=1),
    ],
    ids=lambda one: one["measures"],
)
def test_of_a_period_nobody_has_seen_yet_nothing_is_told(asked: dict[str, object]) -> None:
    """A zero, or the level of months before, would be taken for that of the period."""
    case = Casebook(programme(indicators={"asked": asked})).enrol("2016-01-04").meet("2016-01-11")
    facts = case.data_until("2016-06-30").facts()
    ahead = level(facts, "asked", period("2017-01-01", "2017-06-30"))
    assert (ahead.value, ahead.numerator, ahead.low) == (None, None, None)
    assert level(facts, "asked", period("2016-01-01", "2016-06-30")).value == 1


def test_every_reason_has_a_title_in_both_languages() -> None:
    assert all(title.da != title.en for title in REASONS.values())


def test_an_unknown_indicator_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="nothing"):
        may(book(), "nothing")
