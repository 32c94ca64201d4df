"""What answers amount to: scores, bands and levels, for persons and for sites, one sentence at a time."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from casebook import Casebook, indicator, item, period, programme
from indsats.figure import Figure
from indsats.measure import LevelRow, ScoreRow, answers, level_shares, score, score_rows
from indsats.steer import REASONS, targets
from indsats.steer import indicator as level

LEVELS = [
    item("Low", id="low", answers=[1, 2]),
    item("Middle", id="middle", answers=[3]),
    item("High", id="high", answers=[4, 5]),
]


def asked(*items: str, **rest: Any) -> dict[str, Any]:
    named = {name: item(name) for name in items}
    return item(
        "Questionnaire",
        **{"scale": {"low": 1, "high": 5}, "items": named, "raters": ["citizen", "worker"], **rest},
    )


MOOD = asked(
    "calm",
    "rested",
    "glad",
    scores={
        "sum": item("Sum", combine="sum", times=4),
        "mean": item("Mean", combine="mean"),
        "enough": item("Enough", combine="sum", at_least=2),
        "enough-mean": item("Enough", combine="mean", at_least=1),
        "two": item("Two", combine="sum", items=["calm", "glad"]),
        "banded": item(
            "Banded",
            combine="sum",
            at_least=2,
            bands=[
                item("Low", id="low", high=7),
                item("Middle", id="middle", low=8, high=12),
                item("High", id="high", low=13),
            ],
        ),
    },
    waves={"start": item("Start"), "end": item("End")},
)
BELIEF = asked("believes", "supported", levels=LEVELS)
BELIEF["items"]["believes"]["raters"] = ["worker"]
BELIEF["items"]["note"] = item("Note", advice=True)
FIDELITY = asked(
    "plan",
    "match",
    about="site",
    levels=LEVELS,
    scores={"overall": item("Overall", combine="mean", bands=[item("Good", id="good", low=3.5)])},
    waves={
        "baseline": item("Baseline", period="2015-10-01/2015-12-31"),
        "midterm": item("Midterm", period="2016-10-01/2016-12-31"),
    },
)
PROGRAMME = programme(
    questionnaires={"mood": MOOD, "belief": BELIEF, "fidelity": FIDELITY},
    indicators={
        "mood-first": indicator("score", questionnaire="mood", score="sum"),
        "mood-last": indicator("score", questionnaire="mood", score="sum", at="last"),
        "mood-end": indicator("score", questionnaire="mood", score="sum", wave="end"),
        "mood-course": indicator("score", questionnaire="mood", score="sum", service="course"),
        "believes": indicator("answer", questionnaire="belief", item="believes", level="high"),
        "supported": indicator("answer", questionnaire="belief", item="supported", answers=[5], at="last"),
        "fidelity": indicator("score", questionnaire="fidelity", score="overall"),
        "fidelity-before": indicator("score", questionnaire="fidelity", score="overall", wave="baseline"),
        "plans": indicator("answer", questionnaire="fidelity", item="plan", level="high"),
    },
    targets=[
        {"indicator": "fidelity", "unit": "outreach", "value": 3.5, "source": "L1"},
        {"indicator": "mood-first", "unit": "outreach", "comparator": "others", "source": "L1"},
    ],
)
YEAR = period("2016-01-01", "2016-12-31")


def scored(name: str, *answered: int | None) -> tuple[float | None, str | None]:
    frame = pl.DataFrame(
        {one: [said] for one, said in zip(MOOD["items"], answered, strict=True)},
        schema=dict.fromkeys(MOOD["items"], pl.Int64),
    )
    row = score(frame, PROGRAMME.questionnaires["mood"], name)
    return row["value"][0], row["band"][0]


def value(name: str, *answered: int | None) -> float | None:
    return scored(name, *answered)[0]


def test_a_sum_is_the_sum_of_the_answers_times_what_it_is_multiplied_by() -> None:
    assert value("sum", 1, 2, 5) == 32


def test_a_mean_is_their_mean() -> None:
    assert value("mean", 1, 2, 6) == 3


def test_only_the_items_of_the_score_count() -> None:
    assert value("two", 1, None, 5) == 6


def test_with_an_item_missing_there_is_no_score() -> None:
    assert value("sum", 1, None, 5) is None
    assert value("mean", None, None, None) is None


def test_where_some_are_enough_a_sum_is_scaled_up_by_the_mean_of_those_answered() -> None:
    assert value("enough", 2, None, 5) == 10.5
    assert value("enough", 2, 3, 5) == 10
    assert value("enough", 2, None, None) is None


def test_a_mean_of_some_is_the_mean_of_those_answered() -> None:
    assert value("enough-mean", None, None, 5) == 5
    assert value("enough-mean", None, None, None) is None


def test_both_ends_of_a_band_belong_to_it() -> None:
    assert [scored("banded", *given)[1] for given in ((1, 1, 5), (2, 1, 5), (4, 4, 4), (4, 4, 5))] == [
        "low",
        "middle",
        "middle",
        "high",
    ]


def test_a_value_between_two_bands_has_none_and_so_has_no_value() -> None:
    assert scored("banded", 2, 3, None) == (7.5, None)
    assert scored("banded", None, 3, None) == (None, None)


def test_an_unknown_score_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="nothing"):
        value("nothing", 1, 2, 3)


def test_other_columns_and_the_order_of_rows_are_kept() -> None:
    frame = pl.DataFrame({"key": ["b", "a"], "calm": [1, 2], "rested": [1, 2], "glad": [1, 2]})
    row = score(frame, PROGRAMME.questionnaires["mood"], "sum")
    assert row.select("key", "value").rows() == [("b", 12.0), ("a", 24.0)]


def book(person: int = 1, case: Casebook | None = None, **rest: Any) -> Casebook:
    case = case or Casebook(PROGRAMME).data_until("2016-12-31")
    return case.enrol("2016-01-04", person=f"p{person}", enrolment=f"e{person}", **rest)


def feels(case: Casebook, day: str, each: int | None, person: int = 1, **rest: Any) -> Casebook:
    """The same answer to every item of the mood questionnaire."""
    who = {"person": f"p{person}", "enrolment": f"e{person}", "questionnaire": "mood", "rater": "citizen"}
    return case.answer(day, dict.fromkeys(MOOD["items"], each), **{**who, **rest})


def believes(case: Casebook, day: str, rater: str, person: int = 1, **said: int | None) -> Casebook:
    return case.answer(
        day, said, person=f"p{person}", enrolment=f"e{person}", questionnaire="belief", rater=rater
    )


def rates(case: Casebook, site: str, who: str | None, day: str = "2016-11-01", **rest: Any) -> Casebook:
    """What a respondent of a site answered: ``plan=4, match=2``."""
    answered = {f"answer.{name}": rest.pop(name) for name in ("plan", "match") if name in rest}
    return case.fact(
        "site_answered",
        day,
        person=None,
        enrolment=None,
        site=site,
        questionnaire="fidelity",
        rater="worker",
        respondent=who,
        **rest,
        **answered,
    )


def year(case: Casebook, name: str, **scope: str) -> Figure:
    return level(case.facts(), name, YEAR, **scope)


def parts(figure: Figure) -> tuple[float | None, float | None, float | None]:
    return figure.value, figure.numerator, figure.denominator


def rows(case: Casebook, name: str, by: Any = None, **rest: Any) -> tuple[ScoreRow, ...]:
    found = answers(case.facts(), name)
    of = {"mood": "sum", "fidelity": "overall"}[name]
    return score_rows(found, PROGRAMME.questionnaires[name], of, by, name=name, **rest)


def levels(case: Casebook, name: str, by: Any = None, **rest: Any) -> dict[tuple[str, str, str], LevelRow]:
    found = level_shares(answers(case.facts(), name), PROGRAMME.questionnaires[name], by, name=name, **rest)
    return {(row.group, row.item, row.level): row for row in found}


def test_the_mean_is_over_enrolments_at_their_first_measurement_of_the_period() -> None:
    case = feels(feels(feels(book(2, book()), "2015-12-01", 1), "2016-02-01", 3), "2016-06-01", 5)
    feels(case, "2016-03-01", 5, person=2)
    assert parts(year(case, "mood-first")) == (48, 96, 2)
    assert parts(year(case, "mood-last")) == (60, 120, 2)


def test_a_measurement_without_a_score_waits_for_one_that_has_it() -> None:
    case = feels(feels(book(), "2016-02-01", None), "2016-06-01", 5)
    assert parts(year(case, "mood-first")) == (60, 60, 1)


def test_who_never_answered_enough_is_left_out_and_counted() -> None:
    figure = year(feels(feels(book(2, book()), "2016-02-01", 3), "2016-02-01", None, person=2), "mood-first")
    assert (figure.denominator, figure.excluded) == (1, {"incomplete": 1})
    assert "incomplete" in REASONS


def test_answers_that_belong_to_no_enrolment_are_counted_beside() -> None:
    figure = year(feels(book(), "2016-02-01", 3, enrolment=None, site="north"), "mood-first")
    assert (figure.value, figure.excluded) == (None, {"no_enrolment": 1})


def test_on_one_day_the_rater_named_first_speaks() -> None:
    case = feels(feels(book(), "2016-02-01", 5, rater="worker"), "2016-02-01", 3, rater="citizen")
    assert year(case, "mood-first").value == year(case, "mood-last").value == 36


def test_on_one_day_a_complete_set_goes_before_what_is_just_enough() -> None:
    case = feels(book(), "2016-02-01", 4, rater="worker")
    who = {"person": "p1", "enrolment": "e1", "questionnaire": "mood", "rater": "citizen"}
    case.answer("2016-02-01", {"calm": 1, "rested": 1}, **who)
    found = answers(case.facts(), "mood")
    [row] = score_rows(found, PROGRAMME.questionnaires["mood"], "enough", None, name="mood")
    assert row.mean.value == 12


def test_a_person_enrolled_twice_is_measured_twice() -> None:
    case = book().enrol("2016-02-01", enrolment="e2", service="course")
    feels(feels(case, "2016-02-01", 3), "2016-03-01", 5, enrolment="e2")
    assert parts(year(case, "mood-first")) == (48, 96, 2)
    assert parts(year(case, "mood-course")) == (60, 60, 1)


def test_a_unit_has_those_measured_in_it() -> None:
    case = feels(feels(book(2, book(), site="city"), "2016-02-01", 3), "2016-02-01", 5, person=2)
    assert year(case, "mood-first", unit="outreach").value == 36
    assert year(case, "mood-first", site="city").value == 60
    assert [(row.group, row.mean.value) for row in rows(case, "mood", "unit")] == [
        ("centre", 60),
        ("outreach", 36),
    ]


def test_a_wave_says_itself_which_measurement_is_meant() -> None:
    case = feels(feels(book(), "2016-01-15", 1, wave="end"), "2016-08-01", 5, wave="start")
    assert level(case.facts(), "mood-end", period("2016-07-01", "2016-12-31")).value == 12
    assert level(case.facts(), "mood-end", period("2015-01-01", "2015-06-30")).value is None


def test_an_answer_from_before_the_enrolment_is_no_measurement_of_it_whatever_wave_it_names() -> None:
    found = year(feels(book(), "2015-12-01", 1, wave="end"), "mood-end")
    assert (found.value, found.excluded) == (None, {"outside_rounds": 1})


def test_the_bands_are_shares_of_those_measured() -> None:
    case = feels(feels(book(2, book()), "2016-02-01", 2), "2016-02-01", 5, person=2)
    found = answers(case.facts(), "mood")
    [row] = score_rows(found, PROGRAMME.questionnaires["mood"], "banded", None, name="mood")
    assert {band: figure.value for band, figure in row.bands.items()} == {
        "low": 0.5,
        "middle": 0,
        "high": 0.5,
    }
    assert row.bands["high"].id == "score/mood/banded/all/high"


def test_an_item_is_asked_of_those_who_are_to_answer_it() -> None:
    case = believes(book(), "2016-02-01", "citizen", believes=1, supported=5)
    believes(case, "2016-03-01", "worker", believes=4)
    assert parts(year(case, "believes")) == (1, 1, 1)
    assert parts(year(case, "supported")) == (1, 1, 1)


def test_who_did_not_answer_the_item_is_left_out_and_counted() -> None:
    case = believes(book(2, book()), "2016-02-01", "worker", believes=4)
    believes(case, "2016-02-01", "worker", person=2, supported=2)
    assert (year(case, "believes").denominator, year(case, "believes").excluded) == (1, {"not_answered": 1})
    assert "not_answered" in REASONS


def test_the_last_measurement_may_be_asked_for() -> None:
    case = believes(
        believes(book(), "2016-02-01", "citizen", supported=5), "2016-06-01", "citizen", supported=4
    )
    assert year(case, "supported").value == 0


def test_levels_share_out_those_who_answered_each_item() -> None:
    case = book(3, book(2, book()))
    for person, said in ((1, 2), (2, 3), (3, 5)):
        believes(case, "2016-02-01", "worker", person, believes=said)
    believes(case, "2016-02-02", "citizen", supported=4)
    shares = levels(case, "belief")
    assert [shares["all", "believes", one].share.value for one in ("low", "middle", "high")] == [1 / 3] * 3
    assert parts(shares["all", "supported", "high"].share) == (1, 1, 1)
    assert ("all", "note", "low") not in shares
    assert shares["all", "believes", "low"].share.id == "level/belief/believes/all/low"


def test_every_group_has_a_row_for_every_item_and_level() -> None:
    case = believes(book(2, book(), site="city"), "2016-02-01", "worker", believes=4)
    believes(case, "2016-02-01", "citizen", person=2, supported=4)
    shares = levels(case, "belief", "unit")
    assert list(shares) == [
        (unit, name, one.id)
        for unit in ("centre", "outreach")
        for name in ("believes", "supported")
        for one in PROGRAMME.questionnaires["belief"].levels
    ]
    assert shares["centre", "believes", "high"].share.value is None


def test_sites_count_alike_however_many_answered_at_each() -> None:
    case = rates(rates(Casebook(PROGRAMME), "north", "a", plan=5, match=5), "north", "b", plan=3, match=3)
    rates(case, "city", "c", plan=2, match=2)
    figure = year(case, "fidelity")
    assert (*parts(figure), figure.of) == (3, 6, 2, "places")
    assert figure.method == "mean of site means"
    [row] = rows(case, "fidelity")
    assert parts(row.bands["good"]) == (0.5, 1, 2)


def test_the_share_over_sites_is_the_mean_of_the_shares_of_sites() -> None:
    case = rates(rates(Casebook(PROGRAMME), "north", "a", plan=5), "north", "b", plan=3)
    rates(case, "city", "c", plan=4)
    figure = year(case, "plans")
    assert (*parts(figure), figure.of) == (0.75, 1.5, 2, "places")
    shares = levels(case, "fidelity", period=YEAR)
    assert [shares["all", "plan", one].share.value for one in ("low", "middle", "high")] == [0, 0.25, 0.75]


def test_a_respondent_counts_once_and_those_without_a_name_are_each_somebody() -> None:
    case = rates(
        rates(Casebook(PROGRAMME), "north", "a", plan=1, match=1), "north", "a", "2016-12-01", plan=5, match=5
    )
    assert year(case, "fidelity").value == 1
    case = rates(rates(Casebook(PROGRAMME), "north", None, plan=1, match=1), "north", None, plan=5, match=5)
    assert year(case, "fidelity").value == 3


def test_waves_of_sites_are_told_by_name_or_by_day() -> None:
    case = rates(Casebook(PROGRAMME), "north", "a", "2015-11-01", plan=2, match=2)
    rates(case, "city", "c", "2016-02-01", plan=3, match=3, wave="baseline")
    rates(case, "north", "a", plan=5, match=5)
    assert parts(year(case, "fidelity-before")) == (2.5, 5, 2)
    assert [row.mean.value for row in rows(case, "fidelity", wave="midterm")] == [5]
    assert {key[0] for key in levels(case, "fidelity", "site", wave="baseline")} == {"city", "north"}


def test_few_sites_are_no_small_number_of_people() -> None:
    case = rates(Casebook(PROGRAMME).enrol("2016-01-04"), "north", "a", plan=4, match=3).data_until(
        "2016-12-31"
    )
    [row] = targets(case.facts(), "outreach", ["fidelity"], YEAR)
    assert row.status == "met"


def test_a_score_is_compared_with_that_of_the_others() -> None:
    case = Casebook(PROGRAMME).data_until("2016-12-31")
    for person in range(12):
        book(person, case, site="north" if person < 6 else "city")
        feels(case, "2016-02-01", 3 if person < 6 else 4, person)
    [row] = targets(case.facts(), "outreach", ["mood-first"], YEAR)
    assert row.target is not None
    assert (row.realised.value, row.target.value, row.status) == (36, 48, "not_met")
