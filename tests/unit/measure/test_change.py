"""Baselines, who has none and why, paired change, and what is more than error of measurement."""

from __future__ import annotations

from datetime import date, timedelta
from math import sqrt
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from casebook import Casebook, item, programme, text
from development_goals import ITEMS, all_at, goals
from indsats.measure.change import baselines, changes, comparable, threshold
from indsats.measure.paired import change_rows
from indsats.record import Facts

WINDOW = {"within": "P1M", "before": "P7D", "source": "L1"}
RELIABLE = {"value": 0.75, "sd": 1.0, "source": "L1"}
UNTIL = date(2017, 12, 31)


def mean(**rest: Any) -> dict[str, Any]:
    return {"mean": item("Mean", combine="mean", **rest)}


def book(**rest: Any) -> Casebook:
    asked = goals(**{"baseline": WINDOW, "scores": mean(reliability=RELIABLE), **rest})
    return Casebook(programme(questionnaires={"goals": asked}))


def start(cases: Casebook, **rest: Any) -> dict[str, Any]:
    [row] = baselines(cases.facts(), "goals", "mean", **rest).to_dicts()
    return row


def moved(cases: Casebook, until: date = UNTIL, **rest: Any) -> dict[str, Any]:
    [row] = changes(cases.facts(), "goals", "mean", until=until, **rest).to_dicts()
    return row


def asked_of(cases: Casebook) -> Any:
    return cases.programme.questionnaires["goals"]


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        ("2016-01-23", "before_enrolment"),
        ("2016-01-24", None),
        ("2016-01-31", None),
        ("2016-02-29", None),
        ("2016-03-01", "too_late"),
    ],
)
def test_both_ends_of_the_baselines_time_are_included(day: str, reason: str | None) -> None:
    row = start(book().enrol("2016-01-31").answer(day, all_at(3)))
    assert (row["reason"], row["value"]) == (reason, None if reason else 3.0)


def test_without_a_baseline_in_the_definition_the_first_counts_whenever_it_came() -> None:
    cases = book(baseline=None).enrol("2016-01-31").answer("2017-06-01", all_at(3))
    assert start(cases)["day"] == date(2017, 6, 1)
    assert start(cases.answer("2015-01-01", all_at(2)))["day"] == date(2015, 1, 1)


def test_the_first_answer_with_a_value_is_the_baseline() -> None:
    cases = book().enrol("2016-01-31").answer("2016-02-01", {**all_at(5), "focus": None})
    cases.answer("2016-02-03", all_at(2)).answer("2016-02-04", all_at(4))
    assert (start(cases)["value"], start(cases)["answer"]) == (2.0, "questionnaire_answered-000002")


def test_reasons_for_no_baseline_and_which_goes_first() -> None:
    cases = book().enrol("2016-01-31")
    assert start(cases)["reason"] == "not_measured"
    cases.answer("2015-06-01", all_at(3))
    assert start(cases)["reason"] == "before_enrolment"
    cases.answer("2016-06-01", all_at(3))
    assert start(cases)["reason"] == "too_late"
    cases.fact("questionnaire_asked", "2016-03-01", questionnaire="goals", step="declined")
    assert start(cases)["reason"] == "too_late"
    cases.fact("questionnaire_asked", "2016-02-29", questionnaire="goals", step="declined")
    assert start(cases)["reason"] == "declined"
    cases.answer("2016-02-10", {**all_at(3), "focus": None})
    assert start(cases)["reason"] == "incomplete"
    cases.answer("2016-02-20", all_at(3))
    assert start(cases)["reason"] is None


def test_a_person_enrolled_twice_has_two_baselines() -> None:
    cases = book().enrol("2016-01-01").answer("2016-01-05", all_at(2))
    cases.enrol("2017-01-01", enrolment="e2").answer("2017-01-05", all_at(4), enrolment="e2")
    assert baselines(cases.facts(), "goals", "mean")["value"].to_list() == [2.0, 4.0]


def test_an_answer_that_names_no_enrolment_is_nobodys_baseline() -> None:
    assert start(book().enrol("2016-01-01").answer("2016-01-05", all_at(2), enrolment=None))["reason"] == (
        "not_measured"
    )


def test_on_one_day_the_rater_named_first_is_the_baseline_and_the_same_rater_the_follow_up() -> None:
    cases = book().enrol("2016-01-01").answer("2016-01-05", all_at(2), rater="citizen")
    cases.answer("2016-01-05", all_at(3), rater="caseworker").answer(
        "2016-05-01", all_at(4), rater="caseworker"
    )
    cases.answer("2016-06-01", all_at(5), rater="citizen")
    row = moved(cases)
    assert (row["rater"], row["last_rater"], row["change"]) == ("caseworker", "caseworker", 1.0)
    own = moved(cases, rater="citizen")
    assert (own["value"], own["last_value"], own["change"]) == (2.0, 5.0, 3.0)


def test_measured_again_only_by_another_rater_is_no_change() -> None:
    cases = book().enrol("2016-01-01").answer("2016-01-05", all_at(2))
    row = moved(cases.answer("2016-06-01", all_at(5), rater="citizen"))
    assert (row["reason"], row["last_rater"], row["change"]) == ("another_rater", "citizen", None)


def test_a_follow_up_on_the_day_of_the_baseline_is_none() -> None:
    cases = book().enrol("2016-01-01").answer("2016-01-05", all_at(2)).answer("2016-01-05", all_at(5))
    assert moved(cases)["reason"] == "not_measured_again"
    assert moved(cases.answer("2016-01-06", all_at(3)))["change"] == 1.0


def test_the_newest_measurement_up_to_the_day_is_the_follow_up() -> None:
    cases = book().enrol("2016-01-01").answer("2016-01-05", all_at(2)).answer("2016-05-01", all_at(3))
    cases.answer("2016-09-01", all_at(5)).answer("2016-10-01", {**all_at(1), "focus": None})
    assert moved(cases)["last_value"] == 5.0
    assert moved(cases, date(2016, 8, 31))["last_value"] == 3.0


def test_with_a_wave_the_answer_that_counts_in_it_is_the_follow_up() -> None:
    waves = {"start": item("Start", after="P0D"), "half": item("Half", after="P6M")}
    cases = book(waves=waves).enrol("2016-01-01").answer("2016-01-05", all_at(2), wave="start")
    assert moved(cases, wave="half")["reason"] == "not_measured_again"
    cases.answer("2016-07-02", all_at(4), wave="half").answer("2016-08-02", all_at(5), wave="half")
    assert (moved(cases, wave="half")["last_value"], moved(cases)["last_value"]) == (4.0, 5.0)
    with pytest.raises(KeyError, match="third"):
        moved(cases, wave="third")


def editions(*kept: bool) -> dict[str, Any]:
    earlier = {
        f"v{number}": {
            "until": f"201{5 + number}-06-30",
            "comparable": comparable_,
            "source": "L1",
            "scale": {"low": 1, "high": 5},
            "items": {name: item(name) for name in ITEMS},
            "scores": mean(),
        }
        for number, comparable_ in enumerate(kept, start=1)
    }
    return {"earlier": earlier, "edition": "now"}


@pytest.mark.parametrize(("kept", "reason"), [(True, None), (False, "another_edition")])
def test_editions_are_compared_only_where_they_may_be(kept: bool, reason: str | None) -> None:
    cases = book(**editions(kept)).enrol("2016-01-01").answer("2016-01-05", all_at(2))
    row = moved(cases.answer("2016-07-01", all_at(4)))
    assert (row["edition"], row["last_edition"], row["last_value"]) == ("v1", "now", 4.0)
    assert (row["reason"], row["change"]) == (reason, 2.0 if kept else None)


def test_over_several_editions_each_has_to_be_comparable() -> None:
    questionnaire = asked_of(book(**editions(True, False, True)))
    pairs = pl.DataFrame(
        {"a": ["v1", "v1", "v2", "v3", "now", "now"], "b": ["v2", "v3", "v3", "now", "now", "v1"]}
    )
    assert pairs.select(comparable(questionnaire, "a", "b")).to_series().to_list() == [
        *(True, False, False, True, True, False)
    ]


def test_the_threshold_is_that_of_jacobson_and_truax() -> None:
    found = threshold(asked_of(book()), "mean")
    assert found == pytest.approx(1.96 * sqrt(2) * 1.0 * sqrt(1 - 0.75))
    own = asked_of(book(scores=mean(reliability={"value": 0.75, "source": "L1"})))
    assert threshold(own, "mean", 2.0) == pytest.approx(2 * (found or 0))
    assert threshold(own, "mean", pl.DataFrame({"value": [1.0, 3.0, None]})) == pytest.approx(
        sqrt(2) * (found or 0)
    )
    assert threshold(own, "mean", pl.DataFrame({"value": [1.0]})) is None
    assert threshold(own, "mean", 0.0) is None
    assert threshold(asked_of(book(scores=mean())), "mean", 1.0) is None
    with pytest.raises(KeyError, match="nothing"):
        threshold(own, "nothing")


@pytest.mark.parametrize(("times", "verdict"), [(1.0, "same"), (1.001, "same"), (0.999, "better")])
def test_a_change_exactly_at_the_threshold_is_the_same(times: float, verdict: str) -> None:
    exact = 2.0 / (1.96 * sqrt(2) * sqrt(1 - 0.75))
    reliable = {"value": 0.75, "sd": exact * times, "source": "L1"}
    cases = book(scores=mean(reliability=reliable)).enrol("2016-01-01")
    assert threshold(asked_of(cases), "mean") == pytest.approx(2.0 * times, abs=1e-12)
    cases.answer("2016-01-05", all_at(2)).answer("2016-06-01", all_at(4))
    assert moved(cases)["verdict"] == verdict


@pytest.mark.parametrize(
    ("better", "gain", "verdict"),
    [("higher", 3.0, "better"), ("lower", -3.0, "worse"), ("neither", None, None)],
)
def test_a_gain_is_what_the_scale_calls_better(better: str, gain: float | None, verdict: str | None) -> None:
    cases = book(scale={"low": 1, "high": 5, "better": better}).enrol("2016-01-01")
    row = moved(cases.answer("2016-01-05", all_at(1)).answer("2016-06-01", all_at(4)))
    assert (row["change"], row["gain"], row["verdict"]) == (3.0, gain, verdict)


def test_paired_change_by_hand() -> None:
    cases = book(scores=mean(reliability=RELIABLE, smallest_change=1.0))
    pairs = [(2, 4), (3, 3), (1, 4), (4, 3)]
    for number, (first, last) in enumerate(pairs):
        who = {"person": f"p{number}", "enrolment": f"e{number}"}
        cases.enrol("2016-01-01", **who).answer("2016-01-05", all_at(first), **who)
        cases.answer("2016-06-01", all_at(last), **who)
    cases.enrol("2016-01-01", person="p8", enrolment="e8").enrol(
        "2016-01-01", person="p9", enrolment="e9", site="city"
    )
    changed = changes(cases.facts(), "goals", "mean", until=UNTIL)
    centre, outreach = change_rows(changed, asked_of(cases), "mean", name="goals")
    got = [last - first for first, last in pairs]
    want = stats.ttest_1samp(got, 0)
    assert (outreach.group, outreach.paired.value, outreach.paired.excluded) == (
        "outreach",
        4,
        {"not_measured": 1},
    )
    assert (outreach.first.value, outreach.last.value, outreach.change.value) == (2.5, 3.5, 1.0)
    interval = want.confidence_interval(0.95)
    assert (outreach.change.low, outreach.change.high) == pytest.approx((interval.low, interval.high))
    assert outreach.change.p == pytest.approx(want.pvalue)
    # The threshold is 1.39: gains of 2 and 3 are beyond it, 0 and -1 are not.
    assert [share.numerator for share in (outreach.better, outreach.same, outreach.worse)] == [2, 2, 0]
    assert outreach.noticed is not None
    assert (outreach.noticed.numerator, outreach.noticed.denominator) == (2, 4)
    assert outreach.change.id == "change/goals/mean/outreach/change"
    assert (centre.paired.value, centre.change.value, centre.better.value) == (0, None, None)
    [together] = change_rows(changed, asked_of(cases), "mean", by=None)
    assert (together.group, together.paired.value) == ("all", 4)


def test_one_pair_or_pairs_alike_have_no_interval() -> None:
    cases = book().enrol("2016-01-01").answer("2016-01-05", all_at(2)).answer("2016-06-01", all_at(4))
    for number in (None, "2"):
        if number:
            who = {"person": "p2", "enrolment": "e2"}
            cases.enrol("2016-01-01", **who).answer("2016-01-05", all_at(1), **who)
            cases.answer("2016-06-01", all_at(3), **who)
        [row] = change_rows(changes(cases.facts(), "goals", "mean", until=UNTIL), asked_of(cases), "mean")
        assert (row.change.value, row.change.low, row.change.p) == (2.0, None, None)


def test_without_reliability_nobody_is_judged() -> None:
    cases = (
        book(scores=mean())
        .enrol("2016-01-01")
        .answer("2016-01-05", all_at(2))
        .answer("2016-06-01", all_at(4))
    )
    [row] = change_rows(changes(cases.facts(), "goals", "mean", until=UNTIL), asked_of(cases), "mean")
    assert (row.paired.value, row.better.value, row.threshold, row.noticed) == (1, None, None, None)


def test_no_facts_and_questionnaires_about_sites_give_no_rows() -> None:
    got = changes(book().facts(), "goals", "mean", until=UNTIL)
    assert got.height == 0
    assert change_rows(got, asked_of(book()), "mean") == ()
    site = goals(about="site", classes=[], scores=mean())
    of_sites = Casebook(programme(questionnaires={"goals": site})).enrol("2016-01-01").facts()
    none = changes(of_sites, "goals", "mean", until=UNTIL)
    assert (none.height, none.columns) == (0, got.columns)
    with pytest.raises(KeyError, match="nothing"):
        baselines(book().facts(), "goals", "nothing")


def test_a_site_that_chose_its_own_length_has_its_own_baseline_time() -> None:
    wait = item("Wait", value=1, unit=text("months"), measures="months", override=True)
    asked = goals(baseline={"within": "wait", "source": "L1"}, scores=mean())
    cases = Casebook(programme(questionnaires={"goals": asked}, settings={"wait": wait}))
    cases.fact(
        "site_setting", "2015-01-01", person=None, enrolment=None, site="city", setting="wait", value=2.0
    )
    for site in ("city", "north"):
        cases.enrol("2016-01-01", enrolment=site, site=site).answer("2016-02-15", all_at(3), enrolment=site)
    assert baselines(cases.facts(), "goals", "mean")["reason"].to_list() == [None, "too_late"]


@settings(max_examples=40, deadline=None)
@given(
    said=st.lists(
        st.tuples(
            st.integers(-30, 400),
            st.sampled_from(["e1", "e2", None]),
            st.sampled_from(["caseworker", "citizen"]),
            st.integers(1, 5),
            st.booleans(),
        ),
        max_size=8,
    ),
    until=st.integers(0, 500),
    seed=st.integers(0, 10_000),
)
def test_all_are_paired_or_left_out_for_a_reason_whatever_the_order_of_the_facts(
    said: list[Any], until: int, seed: int
) -> None:
    begun = date(2016, 1, 31)
    cases = book(**editions(False)).enrol(begun).enrol(begun + timedelta(100), enrolment="e2")
    cases.enrol(begun, person="p3", enrolment="e3")
    for days, who, rater, level, whole in said:
        answers = all_at(level) if whole else {**all_at(level), "focus": None}
        cases.answer(begun + timedelta(days), answers, enrolment=who, rater=rater)
    facts, day = cases.facts(), begun + timedelta(until)
    got = changes(facts, "goals", "mean", until=day)
    assert got.height == facts.enrolments().filter(pl.col("start") <= day).height
    assert got.filter(pl.col("reason").is_null() != pl.col("change").is_not_null()).is_empty()
    for row in change_rows(got, asked_of(cases), "mean", by=None):
        assert (row.paired.value or 0) + sum(row.paired.excluded.values()) == got.height
    tables = {kind: rows.sample(fraction=1, shuffle=True, seed=seed) for kind, rows in facts.facts.items()}
    mixed = Facts(facts.programme, tables, facts.persons, facts.sites, True, None)
    assert changes(mixed, "goals", "mean", until=day).equals(got)
