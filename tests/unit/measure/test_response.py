"""Who answered each round, who was lost, whether those differ, and the course of a score from round to round."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from casebook import EFFORT_EVERYWHERE, Casebook, item, programme
from development_goals import ITEMS, all_at, goals
from indsats.measure.response import ResponseRow, leavers, response_rows
from indsats.measure.trajectories import TrajectoryRow, trajectories
from indsats.record import Facts

WAVES = {"start": item("Start", after="P0D"), "half": item("Half", after="P6M")}
SEASONS = {
    "spring": item("Spring", period="2016-03-01/2016-03-31"),
    "autumn": item("Autumn", period="2016-09-01/2016-09-30"),
}
MEAN = {"mean": item("Mean", combine="mean")}
STATES = ("answered", "declined", "not_relevant", "open", "late", "missed")


def book(**rest: Any) -> Casebook:
    asked = {"waves": WAVES, "window": {"late": "P28D"}, "scores": MEAN, **rest}
    return Casebook(programme(questionnaires={"goals": goals(**asked)}))


def people(cases: Casebook, number: int, **rest: Any) -> None:
    for one in range(number):
        cases.enrol("2016-01-01", person=f"p{one}", enrolment=f"e{one}", **rest)


def says(cases: Casebook, number: int, day: str, level: int, **rest: Any) -> None:
    cases.answer(day, all_at(level), person=f"p{number}", enrolment=f"e{number}", **rest)


def rows_of(cases: Casebook, until: str, **rest: Any) -> dict[tuple[str, str, str | None], ResponseRow]:
    found = response_rows(cases.facts(), "goals", date.fromisoformat(until), name="goals", **rest)
    return {(row.group, row.wave, row.rater): row for row in found}


def parts(row: ResponseRow) -> list[float | None]:
    return [getattr(row, state).numerator for state in STATES]


def course(cases: Casebook, until: str = "2017-12-31", **rest: Any) -> list[TrajectoryRow]:
    return list(trajectories(cases.facts(), "goals", "mean", date.fromisoformat(until), **rest))


def lost_and_kept() -> Casebook:
    """Six begin: five answer the start, one declines; at half a year two answer, one left before, one is late."""
    cases = book()
    people(cases, 6)
    for number, level in enumerate((1, 2, 3, 4, 5)):
        says(cases, number, "2016-01-02" if number else "2016-02-20", level)
    cases.fact(
        "questionnaire_asked",
        "2016-01-03",
        person="p5",
        enrolment="e5",
        questionnaire="goals",
        step="declined",
    )
    says(cases, 3, "2016-07-01", 4)
    says(cases, 4, "2016-09-01", 5)
    cases.leave("2016-06-30", person="p0", enrolment="e0").leave("2016-07-15", person="p1", enrolment="e1")
    cases.fact(
        "questionnaire_asked",
        "2016-07-03",
        person="p5",
        enrolment="e5",
        questionnaire="goals",
        step="not_relevant",
    )
    return cases


def test_the_parts_of_those_expected_add_up_and_the_others_stand_beside() -> None:
    rows = rows_of(lost_and_kept(), "2016-10-01")
    start, half = rows["outreach", "start", None], rows["outreach", "half", None]
    assert (start.expected.value, parts(start), start.attrition) == (6, [5, 1, 0, 0, 0, 0], None)
    assert (half.expected.value, half.expected.excluded) == (5, {"ended": 1})
    assert parts(half) == [2, 0, 1, 0, 1, 1]
    assert sum(getattr(half, state).value for state in STATES) == pytest.approx(1)
    assert (start.on_time.numerator, start.on_time.denominator) == (4, 5)
    assert (half.on_time.numerator, half.on_time.denominator) == (1, 2)
    assert half.answered.id == "response/goals/outreach/half/any/answered"


def test_attrition_is_of_those_who_began_and_have_had_their_time() -> None:
    cases = lost_and_kept()
    attrition = rows_of(cases, "2016-10-01")["outreach", "half", None].attrition
    # p0 left before it was due, p5 never began; p1 and p2 of the other four did not answer.
    assert attrition is not None
    assert (attrition.numerator, attrition.denominator, attrition.excluded) == (2, 4, {"ended": 1})
    in_time = rows_of(cases, "2016-07-29")["outreach", "half", None].attrition
    assert in_time is not None
    assert (in_time.value, in_time.excluded) == (None, {"ended": 1, "open": 4})


def test_a_round_not_yet_open_expects_nobody() -> None:
    half = rows_of(lost_and_kept(), "2016-06-01")["outreach", "half", None]
    assert (half.expected.value, half.upcoming.value, half.answered.value) == (0, 6, None)
    assert half.expected.excluded == {"upcoming": 6}


def test_every_unit_site_and_rater_has_its_own_row() -> None:
    cases = book(by="each").enrol("2016-01-01").enrol("2016-01-01", person="p2", enrolment="e2", site="city")
    cases.answer("2016-01-02", all_at(3), rater="citizen").answer("2016-07-02", all_at(3), rater="caseworker")
    rows = rows_of(cases, "2016-10-01", by="site")
    assert list(rows)[:4] == [
        ("city", "start", "caseworker"),
        ("city", "start", "citizen"),
        ("city", "half", "caseworker"),
        ("city", "half", "citizen"),
    ]
    assert rows["north", "start", "citizen"].answered.value == 1
    lost = {rater: rows["north", "half", rater].attrition for rater in ("citizen", "caseworker")}
    # Each rater is followed alone: the caseworker did not begin, the citizen did not go on.
    assert lost["citizen"] is not None
    assert lost["caseworker"] is not None
    assert (lost["citizen"].value, lost["caseworker"].value) == (1, None)
    together = rows_of(cases, "2016-10-01", by=None)
    assert together["all", "start", "citizen"].answered.value == 0.5


def test_no_waves_and_no_facts_give_no_rows() -> None:
    assert rows_of(book(waves={}).enrol("2016-01-01"), "2016-10-01") == {}
    assert rows_of(book(), "2016-10-01") == {}
    assert course(book()) == []
    assert leavers(book().facts(), "goals", "mean", "half", date(2016, 10, 1)).height == 0


def of_sites(**rest: Any) -> Casebook:
    asked = {
        "about": "site",
        "classes": [],
        "waves": SEASONS,
        "scores": MEAN,
        "window": {"late": "P10D"},
        **rest,
    }
    return Casebook(programme(units=EFFORT_EVERYWHERE, questionnaires={"goals": goals(**asked)}))


def site_fact(cases: Casebook, kind: str, day: str, site: str, respondent: str | None, **rest: Any) -> None:
    cases.fact(
        kind,
        day,
        **{
            "person": None,
            "enrolment": None,
            "site": site,
            "respondent": respondent,
            "questionnaire": "goals",
            **rest,
        },
    )


def filled(cases: Casebook, day: str, site: str, respondent: str | None, level: int = 3, **rest: Any) -> None:
    given = {f"answer.{name}": level for name in ITEMS}
    site_fact(cases, "site_answered", day, site, respondent, **{"rater": "caseworker", **rest}, **given)


def test_without_invitations_nobody_knows_how_many_could_have_answered() -> None:
    cases = of_sites()
    filled(cases, "2016-03-02", "north", "r1")
    filled(cases, "2016-04-05", "north", None)
    rows = rows_of(cases, "2016-05-01", by=None)
    spring, autumn = rows["all", "spring", None], rows["all", "autumn", None]
    assert (spring.expected.value, spring.answered.value, spring.answered.numerator) == (None, None, 2)
    assert spring.respondents is not None
    assert spring.sites is not None
    assert (spring.respondents.value, spring.sites.numerator, spring.sites.denominator) == (2, 1, 2)
    assert (spring.on_time.value, spring.sites.of) == (1, "places")
    assert autumn.sites is not None
    assert (autumn.sites.value, autumn.sites.excluded, autumn.stayed) == (None, {"upcoming": 2}, None)


def test_those_invited_by_name_are_the_ones_expected() -> None:
    cases = of_sites()
    for name in ("r1", "r2", "r3"):
        site_fact(cases, "site_asked", "2016-03-01", "north", name, step="invited")
    site_fact(cases, "site_asked", "2016-03-01", "north", "r1", step="invited")
    site_fact(cases, "site_asked", "2016-03-09", "north", "r2", step="declined")
    site_fact(cases, "site_asked", "2016-03-09", "north", None, step="invited")
    filled(cases, "2016-03-10", "north", "r1")
    filled(cases, "2016-03-10", "north", "r9")
    filled(cases, "2016-03-10", "north", None)
    row = rows_of(cases, "2016-04-15")["outreach", "spring", None]
    assert (row.expected.value, parts(row), row.expected.excluded) == (
        3,
        [1, 1, 0, 0, 1, 0],
        {"uninvited": 2},
    )
    assert row.respondents is not None
    assert row.respondents.value == 3
    assert rows_of(cases, "2016-04-15")["centre", "spring", None].answered.value is None
    site_fact(cases, "site_asked", "2016-04-01", "north", None, step="not_relevant")
    # What r2 said goes before what was said for the whole site.
    assert parts(rows_of(cases, "2016-04-15")["outreach", "spring", None]) == [1, 1, 1, 0, 0, 0]


def test_respondents_who_change_between_waves_are_told_apart() -> None:
    cases = of_sites()
    for name in ("r1", "r2", "r3", None):
        filled(cases, "2016-03-02", "north", name)
    for name in ("r2", "r4", "r5"):
        filled(cases, "2016-09-02", "north", name)
    filled(cases, "2016-09-02", "city", "r1")
    rows = rows_of(cases, "2016-10-01", by=None)
    assert rows["all", "spring", None].stayed is None
    autumn = rows["all", "autumn", None]
    assert autumn.stayed is not None
    assert autumn.left is not None
    assert autumn.new is not None
    assert (autumn.stayed.numerator, autumn.stayed.denominator, autumn.stayed.excluded) == (
        1,
        3,
        {"unnamed": 1},
    )
    # The r1 of another site is somebody else.
    assert (autumn.left.value, autumn.new.value) == (2, 3)


def test_with_each_rater_an_invitation_without_one_is_for_whom_they_answered_as() -> None:
    cases = of_sites(by="each")
    site_fact(cases, "site_asked", "2016-03-01", "north", "r1", step="invited")
    site_fact(cases, "site_asked", "2016-03-01", "north", "r2", step="invited", rater="citizen")
    filled(cases, "2016-03-02", "north", "r1")
    rows = rows_of(cases, "2016-03-10", by=None)
    assert parts(rows["all", "spring", "caseworker"]) == [1, 0, 0, 0, 0, 0]
    assert parts(rows["all", "spring", "citizen"]) == [0, 0, 0, 1, 0, 0]


def test_leavers_are_those_with_a_baseline_whose_time_is_over() -> None:
    cases = lost_and_kept()
    facts = cases.facts()
    persons = pl.DataFrame(
        {"person": ["p1", "p2"], "birth_date": [date(1980, 1, 2), date(1980, 1, 1)], "sex": ["f", "m"]}
    )
    known = Facts(facts.programme, facts.facts, persons, facts.sites, True, None)
    got = leavers(known, "goals", "mean", "half", date(2016, 10, 1))
    assert got.select("enrolment", "value", "stayed", "age", "sex").rows() == [
        ("e1", 2.0, False, 35, "f"),
        ("e2", 3.0, False, 36, "m"),
        ("e3", 4.0, True, None, None),
        ("e4", 5.0, True, None, None),
    ]
    assert leavers(facts, "goals", "mean", "half", date(2016, 7, 29)).height == 0
    with pytest.raises(KeyError, match="third"):
        leavers(facts, "goals", "mean", "third", date(2016, 7, 29))


def test_with_each_rater_it_is_the_baselines_rater_who_stayed_or_left() -> None:
    cases = book(by="each").enrol("2016-01-01").answer("2016-01-02", all_at(3), rater="citizen")
    cases.answer("2016-07-02", all_at(3), rater="caseworker")
    assert leavers(cases.facts(), "goals", "mean", "half", date(2016, 10, 1))["stayed"].to_list() == [False]


def test_attrition_does_not_look_like_progress() -> None:
    cases = book()
    people(cases, 3)
    for number, level in enumerate((1, 3, 5)):
        says(cases, number, "2016-01-02", level)
    says(cases, 1, "2016-07-02", 3)
    says(cases, 2, "2016-07-02", 5)
    cases.enrol("2016-01-01", person="p9", enrolment="e9")
    says(cases, 9, "2016-07-02", 1)
    first, second = course(cases)
    assert (first.wave, first.mean.value, first.stayed.value) == ("start", 3.0, 3.0)
    assert (second.wave, second.place, second.mean.value, second.mean.denominator) == ("half", 2, 3.0, 3)
    # The mean of all stood still because somebody new came; of those who stayed nobody moved either.
    assert (second.stayed.value, second.stayed_first.value, second.stayed.denominator) == (4.0, 4.0, 2)
    assert [row.group for row in course(cases, by="unit")] == ["outreach", "outreach"]
    assert len(course(cases, "2016-07-01")) == 1


def test_a_cadence_gives_places_as_long_as_itself_from_the_baseline() -> None:
    cadence = {"talk": item("Talk", every="P6W", what=[{"kind": "meeting"}])}
    asked = goals(cadence="talk", scores=MEAN, baseline={"within": "P1M", "source": "L1"})
    cases = Casebook(programme(questionnaires={"goals": asked}, cadences=cadence))
    people(cases, 2)
    for day, level in (("2016-01-10", 2), ("2016-02-01", 5), ("2016-02-14", 3), ("2016-04-03", 4)):
        says(cases, 0, day, level)
    says(cases, 1, "2016-03-01", 5)
    rows = course(cases)
    assert [(row.place, row.wave, row.mean.value, row.mean.denominator) for row in rows] == [
        (1, None, 2.0, 1),
        (2, None, 5.0, 1),
        (3, None, 4.0, 1),
    ]
    assert [row.mean.excluded for row in rows] == [{"too_late": 1}, {}, {}]


def test_each_rater_has_a_course_and_a_gap_ends_the_following() -> None:
    waves = {**WAVES, "year": item("Year", after="P12M")}
    cases = book(by="each", waves=waves).enrol("2016-01-01")
    cases.answer("2016-01-02", all_at(2), rater="citizen").answer("2016-01-02", all_at(3), rater="caseworker")
    cases.answer("2017-01-02", all_at(4), rater="citizen")
    rows = course(cases)
    assert [(row.rater, row.place, row.mean.value, row.stayed.value) for row in rows] == [
        ("caseworker", 1, 3.0, 3.0),
        ("citizen", 1, 2.0, 2.0),
        ("citizen", 3, 4.0, None),
    ]


def test_a_course_about_sites_is_over_site_means_and_follows_named_respondents() -> None:
    cases = of_sites()
    for site, name, level in (("north", "r1", 1), ("north", "r2", 5), ("city", "r1", 5)):
        filled(cases, "2016-03-02", site, name, level)
    for site, name, level in (("north", "r1", 2), ("north", None, 4), ("city", "r7", 5)):
        filled(cases, "2016-09-02", site, name, level)
    spring, autumn = course(cases)
    assert (spring.mean.value, spring.mean.of) == (4.0, "places")
    assert (autumn.mean.value, autumn.stayed.value, autumn.stayed_first.value) == (4.0, 2.0, 1.0)


def test_editions_that_may_not_be_compared_are_left_out_of_the_course() -> None:
    old = {
        "until": "2016-03-31",
        "source": "L1",
        "scale": {"low": 1, "high": 5},
        "items": {name: item(name) for name in ITEMS},
        "scores": MEAN,
    }
    for kept in (True, False):
        cases = book(earlier={"old": {**old, "comparable": kept}}, edition="now").enrol("2016-01-01")
        cases.answer("2016-01-02", all_at(2)).answer("2016-07-02", all_at(4))
        assert [row.wave for row in course(cases)] == (["start", "half"] if kept else ["half"])
