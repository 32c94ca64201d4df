"""Cadences of several kinds of facts, inside a phase, and of a length each site may set, one sentence at a time."""

from __future__ import annotations

from datetime import date
from typing import Any

from casebook import Casebook, indicator, item, period, programme, text
from indsats.steer import REASONS, due_items
from indsats.steer import indicator as level

HELD = {"kind": "meeting", "where": 'outcome == "held"'}
PROGRAMME = programme(
    events={name: item(name) for name in ("begun", "over", "passed")},
    settings={
        "interval": item("Interval", value=6, unit=text("weeks"), measures="weeks", override=True),
        "fixed": item("Fixed", value=6, unit=text("weeks"), measures="weeks"),
    },
    phases={
        "busy": item(
            "Busy",
            about=text("about"),
            starts=[{"event": "begun"}],
            ends=[{"event": "over"}],
            skipped_by=[{"event": "passed"}],
            repeats=True,
        )
    },
    cadences={
        "contact": item(
            "Contact", what=[HELD, {"kind": "contact_attempt", "where": "reached"}], every="P14D"
        ),
        "in-phase": item("Talk", phase="busy", what=[HELD], every="P14D"),
        "local": item("Talk", what=[HELD], every="interval"),
        "common": item("Talk", what=[HELD], every="fixed"),
        "course-phase": item("Talk", phase="busy", service="course", what=[HELD], every="P14D"),
    },
    indicators={"timely": indicator("timeliness", cadence="in-phase")},
)


def book(*named: str, case: Casebook | None = None) -> Casebook:
    """An enrolment of 4 January 2016 and events of that year."""
    case = case or Casebook(PROGRAMME).enrol("2016-01-04")
    for one in named:
        day, what = one.split(" ")
        case.fact("event", f"2016-{day}", event=what)
    return case


def items(case: Casebook, cadence: str, until: str = "2016-12-31") -> list[str]:
    table = due_items(case.facts(), cadence, date.fromisoformat(until))
    shown = {True: "in time", False: "late", None: "open"}
    return [
        f"{start:%m-%d} due {due:%m-%d} {shown[timely]}"
        for start, due, timely in table.select("start", "due", "timely").iter_rows()
    ]


def chose(case: Casebook, day: str, value: float, setting: str = "interval", site: str = "north") -> Casebook:
    return case.fact(
        "site_setting", day, person=None, enrolment=None, site=site, setting=setting, value=value
    )


def test_any_of_several_kinds_starts_the_clock_anew() -> None:
    case = book().meet("2016-01-10").fact("contact_attempt", "2016-01-20", reached=True)
    assert items(case, "contact", until="2016-01-31") == [
        "01-04 due 01-18 in time",
        "01-10 due 01-24 in time",
        "01-20 due 02-03 open",
    ]


def test_two_kinds_on_a_day_are_one() -> None:
    case = book().meet("2016-01-10").fact("contact_attempt", "2016-01-10", reached=True)
    assert items(case, "contact", until="2016-01-20") == ["01-04 due 01-18 in time", "01-10 due 01-24 open"]


def test_an_attempt_that_reached_nobody_starts_nothing() -> None:
    case = book().fact("contact_attempt", "2016-01-10", reached=False)
    assert items(case, "contact", until="2016-01-17") == ["01-04 due 01-18 open"]


def test_in_a_phase_the_clock_starts_when_the_phase_does() -> None:
    case = book("02-01 begun").meet("2016-01-20").meet("2016-02-10")
    assert items(case, "in-phase", until="2016-02-20") == ["02-01 due 02-15 in time", "02-10 due 02-24 open"]


def test_outside_the_phase_nothing_falls_due() -> None:
    assert items(book().meet("2016-01-20"), "in-phase") == []
    assert items(book("02-01 begun", "02-15 over"), "in-phase") == []
    assert items(book("02-01 begun", "02-16 over"), "in-phase") == ["02-01 due 02-15 late"]


def test_a_talk_on_the_day_the_phase_ends_still_counts_as_held() -> None:
    assert items(book("02-01 begun", "02-20 over").meet("2016-02-20"), "in-phase") == ["02-01 due 02-15 late"]
    assert items(book("02-01 begun", "02-20 over").meet("2016-02-21"), "in-phase") == ["02-01 due 02-15 late"]
    table = due_items(
        book("02-01 begun", "02-20 over").meet("2016-02-20").facts(), "in-phase", date(2016, 12, 31)
    )
    assert table["done_on"].to_list() == [date(2016, 2, 20)]


def test_each_run_of_the_phase_has_a_clock_of_its_own() -> None:
    case = book("02-01 begun", "02-20 over", "06-01 begun").meet("2016-02-14").meet("2016-06-10")
    assert items(case, "in-phase", until="2016-06-12") == [
        "02-01 due 02-15 in time",
        "06-01 due 06-15 in time",
        "06-10 due 06-24 open",
    ]
    table = due_items(case.facts(), "in-phase", date(2016, 6, 12))
    assert table["run"].to_list() == [1, 2, 2]


def test_a_skipped_phase_has_no_clock() -> None:
    assert items(book("01-20 passed", "02-01 begun"), "in-phase") == []


def test_a_pause_puts_off_what_is_due_in_a_phase_too() -> None:
    case = book("02-01 begun").fact("pause", "2016-02-05", to="2016-02-09", reason="ill")
    assert items(case, "in-phase", until="2016-02-18") == ["02-01 due 02-20 open"]


def test_a_service_and_a_phase_have_to_fit_both() -> None:
    assert items(book("02-01 begun"), "course-phase") == []
    case = book("02-01 begun", case=Casebook(PROGRAMME).enrol("2016-01-04", service="course"))
    assert items(case, "course-phase", until="2016-02-10") == ["02-01 due 02-15 open"]


def test_items_the_end_of_the_phase_overtook_are_counted_beside() -> None:
    over = book("02-01 begun", "02-10 over").data_until("2016-12-31")
    year = period("2016-01-01", "2016-12-31")
    assert level(over.facts(), "timely", year).excluded == {"phase_ended_first": 1}
    gone = book("02-01 begun").leave("2016-02-10").data_until("2016-12-31")
    assert level(gone.facts(), "timely", year).excluded == {"exited_before_due": 1}
    assert {"phase_ended_first", "exited_before_due"} <= REASONS.keys()


def test_without_a_choice_of_its_own_a_site_has_the_length_of_the_programme() -> None:
    assert items(book(), "local", until="2016-02-01") == ["01-04 due 02-15 open"]


def test_a_site_that_chooses_another_length_has_it_from_that_day_on() -> None:
    case = chose(book().meet("2016-02-01").meet("2016-02-20"), "2016-02-10", 4)
    assert items(case, "local", until="2016-02-25") == [
        "01-04 due 02-15 in time",
        "02-01 due 03-14 in time",
        "02-20 due 03-19 open",
    ]


def test_a_clock_that_starts_on_the_day_of_the_choice_has_the_new_length() -> None:
    assert items(chose(book(), "2016-01-04", 4), "local", until="2016-01-10") == ["01-04 due 02-01 open"]
    assert items(chose(book(), "2016-01-05", 4), "local", until="2016-01-10") == ["01-04 due 02-15 open"]


def test_the_choice_of_one_site_changes_nothing_at_another() -> None:
    case = book().enrol("2016-01-04", person="p2", enrolment="e2", site="city")
    assert items(chose(case, "2016-01-01", 4), "local", until="2016-01-10") == [
        "01-04 due 02-01 open",
        "01-04 due 02-15 open",
    ]


def test_a_later_choice_takes_over_from_an_earlier_one() -> None:
    case = chose(chose(book().meet("2016-03-01"), "2016-01-01", 4), "2016-02-01", 8)
    assert items(case, "local", until="2016-03-02") == ["01-04 due 02-01 late", "03-01 due 04-26 open"]


def test_a_setting_that_sites_may_not_change_is_that_of_the_programme() -> None:
    case = chose(book(), "2016-01-01", 1, setting="fixed")
    assert items(case, "common", until="2016-01-10") == ["01-04 due 02-15 open"]


def test_the_length_is_that_of_the_site_of_the_enrolment_wherever_the_talk_was() -> None:
    case: Any = chose(book().meet("2016-02-01", site="city"), "2016-01-05", 4, site="city")
    assert items(case, "local", until="2016-02-10") == ["01-04 due 02-15 in time", "02-01 due 03-14 open"]
