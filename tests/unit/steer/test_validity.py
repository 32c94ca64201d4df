"""Whether the first measurement foretells what happens later: who is counted, and what it is told of."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

from casebook import Casebook, item, programme, text
from indsats.evaluate import compare_discrimination, discrimination
from indsats.figure import Figure
from indsats.programme import Duration, Happening, Programme
from indsats.steer.validity import ValidityRow, validity
from indsats.steer.validity_compared import compare_validity

UNTIL = date(2017, 12, 31)
JOB = [Happening(kind="event", event="job")]
YEAR = Duration(months=12)
START = date(2016, 1, 1)


def definition(better: str = "higher", **rest: Any) -> Programme:
    return programme(
        events={"job": item("job", values={"good": item()})},
        questionnaires={
            "bip": item(
                "BIP",
                scale={"low": 1, "high": 5, "better": better, "labels": {1: text("not at all")}},
                raters=["citizen", "worker"],
                items={
                    "own": item("own", raters=["citizen"]),
                    "energy": item("energy", raters=["citizen"]),
                    "belief": item("belief", raters=["worker"]),
                },
                scores={
                    "sum": item(
                        "sum", items=["own", "energy"], combine="sum", bands=[item("poor", id="poor", high=5)]
                    )
                },
                levels=[
                    {"id": "low", "title": text("low"), "answers": [1, 2], "source": "L1"},
                    {"id": "high", "title": text("high"), "answers": [4, 5], "source": "L1"},
                ],
                **rest,
            ),
            "house": item(
                "House",
                scale={"low": 1, "high": 5},
                raters=["team"],
                about="site",
                items={"ours": item("ours")},
            ),
        },
    )


class Town:
    """People who are enrolled, asked, and perhaps find a job; ``job`` in days after the day they were asked."""

    def __init__(self, made: Programme | None = None) -> None:
        self.case = Casebook(made or definition()).data_until(UNTIL)
        self.number = 0

    def person(
        self,
        belief: int | None,
        job: int | None = None,
        *,
        day: date = START,
        own: int | None = 3,
        **fact: Any,
    ) -> str:
        self.number += 1
        who = {"person": f"p{self.number}", "enrolment": f"e{self.number}"}
        self.case.enrol(day, **who)
        for rater, answers in (("worker", {"belief": belief}), ("citizen", {"own": own, "energy": own})):
            self.case.answer(day, answers, questionnaire="bip", rater=rater, **who)
        if job is not None:
            self.job(who["person"], day + timedelta(days=job), **fact)
        return who["person"]

    def job(self, person: str, day: date, **fact: Any) -> None:
        who = {"person": person, "enrolment": person.replace("p", "e")}
        self.case.fact("event", day, **{**who, "event": "job", "value": "good", **fact})

    def row(self, **asked: Any) -> ValidityRow:
        options = {"items": ["belief"], "what": JOB, "within": YEAR, "until": UNTIL, **asked}
        (row,) = validity(self.case.facts(), "bip", **options)
        return row


def town(n: int = 200, made: Programme | None = None) -> tuple[Town, pl.DataFrame]:
    """The worker's belief foretells; what the citizen says is that with noise."""
    rng, here, rows = np.random.default_rng(4), Town(made), []
    for belief in rng.integers(1, 6, n).tolist():
        own = int(np.clip(belief + rng.integers(-2, 3), 1, 5))
        job = bool(rng.random() < 1 / (1 + np.exp(3 - 0.9 * belief)))
        here.person(belief, 30 if job else None, own=own)
        rows.append((belief, own, job))
    return here, pl.DataFrame(rows, schema=["belief", "own", "job"], orient="row")


def counted(row: ValidityRow) -> tuple[float | None, float | None, dict[str, int]]:
    return row.people.value, row.outcome.numerator, dict(row.people.excluded)


def test_figures_are_those_of_the_plain_functions() -> None:
    here, plain = town()
    row, found = here.row(), discrimination(plain, "belief", "job")
    assert (row.auc.value, row.auc.p) == pytest.approx((found.auc, found.p))
    assert (row.auc.low, row.auc.high) == pytest.approx(found.interval)
    assert counted(row) == (200, plain["job"].sum(), {})
    assert row.odds.value is not None
    assert row.odds.low is not None
    assert 1 < row.odds.low < row.odds.value
    assert row.slope.low is not None
    assert row.slope.high is not None
    assert row.slope.low < 1 < row.slope.high
    assert row.brier.value is not None
    assert row.brier.value > 0
    assert [one.code for one in row.cautions] == ["association"]


def test_the_answers_make_up_those_counted() -> None:
    here, plain = town()
    row = here.row()
    assert [one.answer for one in row.answers] == ["1", "2", "3", "4", "5"]
    assert row.answers[0].title.en == "not at all"
    for one in row.answers:
        jobs = plain.filter(pl.col("belief") == int(one.answer))["job"]
        assert one.people.value == one.outcome.denominator == len(jobs)
        assert one.outcome.numerator == jobs.sum()
    assert [one.answer for one in row.levels] == ["low", "high"]
    assert row.levels[0].people.value == sum(one.people.value or 0 for one in row.answers[:2])
    assert row.groups == ()


def test_a_score_has_bands_and_groups_by_chance() -> None:
    here, plain = town()
    row = here.row(items=[], scores=["sum"])
    assert row.kind == "score"
    assert row.auc.value == pytest.approx(discrimination(plain, "own", "job").auc)
    assert row.answers == ()
    assert [one.answer for one in row.levels] == ["poor"]
    assert row.levels[0].people.value == plain.filter(pl.col("own") <= 2).height
    assert sum(one.people.value or 0 for one in row.groups) == 200
    assert sum(one.outcome.numerator or 0 for one in row.groups) == plain["job"].sum()
    expected = [one.expected.value or 0 for one in row.groups]
    assert expected == sorted(expected)


def test_ids_are_unique_and_hidden_counts_take_the_area_with_them() -> None:
    here, _ = town(60)
    facts = here.case.facts()
    asked: dict[str, Any] = {"scores": ["sum"], "items": ["own", "belief"], "what": JOB, "within": YEAR}
    rows = validity(facts, "bip", until=UNTIL, **asked)
    pairs = compare_validity(facts, "bip", until=UNTIL, **asked)
    figures = [
        *(
            figure
            for row in rows
            for figure in (row.people, row.outcome, row.auc, row.odds, row.slope, row.brier)
        ),
        *(
            figure
            for row in rows
            for one in (*row.answers, *row.levels)
            for figure in (one.people, one.outcome)
        ),
        *(figure for row in rows for one in row.groups for figure in (one.people, one.expected, one.outcome)),
        *(figure for one in pairs for figure in (one.people, one.outcome, one.first_auc, one.second_auc)),
        *(one.difference for one in pairs),
    ]
    assert all(isinstance(figure, Figure) for figure in figures)
    assert len({figure.id for figure in figures}) == len(figures)
    assert rows[2].auc.id == "validity/bip/belief/auc"
    assert "validity/bip/belief/outcome" in rows[2].auc.made_from
    assert "validity/bip/belief/answer/1/outcome" in rows[2].auc.made_from
    named = validity(facts, "bip", until=UNTIL, name="bip.year", **asked)
    assert named[2].auc.id == "validity/bip.year/belief/auc"


def test_the_outcome_begins_after_the_day_and_within_the_time() -> None:
    here = Town()
    for job in (-1, 0, 1, 366, 367, None):  # 2016 is a leap year
        here.person(3, job)
    assert counted(here.row()) == (6, 2, {})


def test_a_month_ends_on_its_last_day() -> None:
    here = Town()
    here.person(3, 30, day=date(2016, 1, 31))
    assert counted(here.row(within=Duration(months=1)))[1] == 0
    assert counted(here.row(within=Duration(days=30)))[1] == 1


def test_only_those_followed_the_whole_time_count_also_of_those_with_a_job() -> None:
    here = Town()
    here.person(3, 30, day=date(2016, 12, 31))
    here.person(3, 30, day=date(2017, 1, 1))
    here.person(3, None, day=date(2017, 6, 1))
    assert counted(here.row()) == (1, 1, {"not_observed_long_enough": 2})


def test_time_ends_with_the_data_however_late_until_is() -> None:
    here = Town()
    here.person(3, None, day=date(2017, 6, 1))
    assert counted(here.row(until=date(2020, 1, 1)))[2] == {"not_observed_long_enough": 1}


def test_nothing_after_until_is_used() -> None:
    here = Town()
    here.person(3, 300)
    here.person(3, None, day=date(2017, 3, 1))
    assert counted(here.row(until=date(2017, 1, 15))) == (1, 1, {})
    assert counted(here.row(until=date(2016, 9, 1)))[2] == {"not_observed_long_enough": 1}


def test_an_answer_after_until_is_not_there_yet_whatever_the_register_knows() -> None:
    here = Town()
    who = {"person": "p1", "enrolment": "e1"}
    here.case.enrol(START, **who)
    here.case.answer("2016-03-01", {"belief": 3}, questionnaire="bip", rater="worker", **who)
    known = pl.DataFrame({"person": ["p1"], "outcome": [True]})
    asked: dict[str, Any] = {"outcomes": known, "what": (), "within": None}
    assert counted(here.row(until=date(2016, 2, 29), **asked)) == (0, 0, {"not_answered": 1})
    assert counted(here.row(until=date(2016, 3, 1), **asked)) == (1, 1, {})


def test_scores_and_items_have_the_same_baseline() -> None:
    window = item(within="P2M", before="P1M")
    del window["title"]
    for start, day, inside in (
        (date(2016, 3, 31), date(2016, 2, 29), True),
        (date(2016, 3, 31), date(2016, 2, 28), False),
        (date(2016, 6, 30), date(2016, 8, 30), True),
        (date(2016, 6, 30), date(2016, 8, 31), False),
    ):
        here = Town(definition(baseline=window))
        here.case.enrol(start)
        here.case.answer(day, {"own": 4, "energy": 4}, questionnaire="bip", rater="citizen")
        score, own = here.row(items=[], scores=["sum"]), here.row(items=["own"])
        assert counted(score) == counted(own)
        assert score.people.value == inside


def test_a_job_after_the_exit_or_in_another_enrolment_counts() -> None:
    here = Town()
    gone = here.person(3)
    here.case.leave("2016-02-01", person=gone, enrolment="e1")
    here.job(gone, date(2016, 5, 1), enrolment=None)
    other = here.person(3)
    here.case.enrol("2016-03-01", person=other, enrolment="again")
    here.job(other, date(2016, 5, 1), enrolment="again")
    assert counted(here.row()) == (2, 2, {})


def test_a_person_counts_once_with_the_first_value() -> None:
    here = Town()
    who = here.person(None)
    here.case.enrol("2016-03-01", person=who, enrolment="again")
    here.case.answer(
        "2016-03-01", {"belief": 5}, questionnaire="bip", rater="worker", person=who, enrolment="again"
    )
    here.case.answer(
        "2016-04-01", {"belief": 1}, questionnaire="bip", rater="worker", person=who, enrolment="again"
    )
    row = here.row()
    assert counted(row) == (1, 0, {})
    assert {one.answer: one.people.value for one in row.answers}["5"] == 1


def test_a_fact_whose_decisive_value_is_missing_leaves_the_outcome_open() -> None:
    good = [Happening(kind="event", event="job", where='value == "good"')]
    here = Town()
    here.person(3, 10, value=None)
    here.person(3, 10, value="bad")
    both = here.person(3, 10, value=None)
    here.job(both, START + timedelta(days=20))
    assert counted(here.row(what=good)) == (2, 1, {"unknown_value": 1})


def test_who_is_not_measured_is_counted_by_reason() -> None:
    here = Town()
    here.person(None)
    here.person(3)
    here.person(3, own=None)
    here.case.enrol("2016-01-01", person="silent", enrolment="silent")
    here.case.answer(
        START, {"belief": 2}, questionnaire="bip", rater="worker", person="loose", enrolment=None
    )
    assert counted(here.row())[2] == {"no_enrolment": 1, "not_answered": 2}
    score = here.row(items=[], scores=["sum"])
    assert counted(score) == (2, 0, {"incomplete": 1, "no_enrolment": 1, "not_answered": 1})


def test_a_baseline_has_a_window() -> None:
    window = item(within="P30D", before="P7D")
    del window["title"]
    here = Town(definition(baseline=window))
    for day in (-8, -7, 30, 31):
        here.number += 1
        who = {"person": f"p{here.number}", "enrolment": f"e{here.number}"}
        here.case.enrol(START, **who)
        asked = START + timedelta(days=day)
        here.case.answer(asked, {"belief": 4}, questionnaire="bip", rater="worker", **who)
    assert counted(here.row()) == (2, 0, {"before_enrolment": 1, "too_late": 1})


def test_where_less_is_better_the_scale_is_turned() -> None:
    here, plain = town()
    turned, _ = town(made=definition("lower"))
    assert turned.row().auc.value == pytest.approx(1 - (here.row().auc.value or 0))
    assert [one.outcome for one in turned.row().answers] == [one.outcome for one in here.row().answers]
    ratio = turned.row().odds.value
    assert ratio is not None
    assert ratio < 1
    assert plain.height == 200


def test_the_worker_is_compared_with_the_citizen() -> None:
    here, plain = town()
    facts = here.case.facts()
    asked: dict[str, Any] = {"what": JOB, "within": YEAR, "until": UNTIL}
    found = compare_validity(facts, "bip", scores=["sum"], items=["own", "belief"], **asked)
    assert [(one.first, one.second) for one in found] == [("sum", "belief"), ("own", "belief")]
    theirs = compare_discrimination(plain, ["own", "belief"], "job")
    one = found[1]
    assert (one.difference.value, one.difference.p) == pytest.approx((theirs.difference, theirs.p))
    assert (one.first_auc.value, one.second_auc.value) == pytest.approx((theirs.first.auc, theirs.second.auc))
    (chosen,) = compare_validity(facts, "bip", items=["own", "energy"], pairs=[("own", "energy")], **asked)
    assert chosen.difference.value is None
    assert [each.code for each in chosen.cautions] == ["not-computed"]


def test_a_pair_needs_both_and_counts_from_the_later() -> None:
    here = Town()
    here.person(3, 20, own=None)
    here.person(None, 20)
    for late, job in ((10, 20), (30, 20)):
        here.number += 1
        who = {"person": f"p{here.number}", "enrolment": f"e{here.number}"}
        here.case.enrol(START, **who)
        here.case.answer(START, {"belief": 4}, questionnaire="bip", rater="worker", **who)
        asked = START + timedelta(days=late)
        here.case.answer(asked, {"own": 4}, questionnaire="bip", rater="citizen", **who)
        here.job(who["person"], START + timedelta(days=job))
    (found,) = compare_validity(
        here.case.facts(), "bip", items=["own", "belief"], what=JOB, within=YEAR, until=UNTIL
    )
    assert (found.people.value, found.outcome.numerator) == (2, 1)
    assert dict(found.people.excluded) == {"not_answered": 2}
    assert found.difference.value is None
    assert [one.code for one in found.cautions] == ["too-few-to-foretell"]


def test_an_outcome_from_a_register_takes_the_place_of_facts() -> None:
    here, plain = town(60)
    people = pl.DataFrame({"person": [f"p{i + 1}" for i in range(60)], "outcome": plain["job"]})
    given = {"what": (), "within": None}
    register = here.row(outcomes=people, **given)
    facts = here.row()
    assert (register.auc, register.outcome, register.people) == (facts.auc, facts.outcome, facts.people)
    by_enrolment = people.select(enrolment=pl.col("person").str.replace("p", "e"), outcome="outcome")
    assert here.row(outcomes=by_enrolment, **given).auc == facts.auc
    fewer = people[:50].with_columns(outcome=pl.when(pl.int_range(50) > 2).then("outcome"))
    assert counted(here.row(outcomes=fewer, **given))[2] == {"unknown_value": 13}


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        ({"id": ["p1"], "outcome": [True]}, "a column 'person' or 'enrolment'"),
        ({"person": ["p1"]}, "and a column 'outcome'"),
        ({"person": ["p1"], "outcome": [1]}, "must be true or false"),
        ({"person": ["p1", "p1"], "outcome": [True, False]}, "several rows for one person"),
    ],
)
def test_outcomes_of_the_wrong_form_are_refused(frame: dict[str, list[Any]], message: str) -> None:
    here = Town()
    here.person(3)
    with pytest.raises(ValueError, match=message):
        here.row(outcomes=pl.DataFrame(frame), what=(), within=None)


def test_few_people_give_no_figures_but_say_why() -> None:
    here = Town()
    assert here.row().people.value == 0
    here.person(3, 10)
    row = here.row()
    assert (row.auc.value, row.odds.value, row.slope.value, row.brier.value) == (None,) * 4
    assert [one.code for one in row.cautions] == ["too-few-to-foretell"]
    for job in (10, None, None):
        here.person(3, job)
    assert [one.code for one in here.row().cautions] == ["all-alike"]


def test_answers_that_separate_have_an_area_without_interval() -> None:
    here = Town()
    for belief, job in ((1, None), (2, None), (2, None), (4, 10), (5, 20)):
        here.person(belief, job)
    row = here.row()
    assert (row.auc.value, row.auc.low, row.odds.value) == (1, None, None)
    codes = [one.code for one in row.cautions]
    assert codes == ["few-to-foretell", "separates", "not-computed", "not-computed"]


def test_what_does_not_fit_together_is_refused() -> None:
    facts = Town().case.facts()
    with pytest.raises(ValueError, match="either 'what' and 'within', or 'outcomes'"):
        validity(facts, "bip", items=["own"], until=UNTIL)
    with pytest.raises(ValueError, match="either 'what' and 'within', or 'outcomes'"):
        validity(facts, "bip", items=["own"], what=JOB, until=UNTIL)
    with pytest.raises(ValueError, match="is about sites"):
        validity(facts, "house", items=["ours"], what=JOB, within=YEAR, until=UNTIL)
    asked: dict[str, Any] = {"what": JOB, "within": YEAR, "until": UNTIL}
    with pytest.raises(ValueError, match="both a score and an item"):
        validity(facts, "bip", scores=["sum"], items=["sum"], **asked)
    for unknown in ({"scores": ["none"]}, {"items": ["none"]}):
        with pytest.raises(KeyError, match="none"):
            validity(facts, "bip", **unknown, **asked)
