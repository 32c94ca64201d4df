"""There is one answer to which round an answer belongs to, which counts, what it is worth and what it compares with."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from casebook import Casebook, item, period, programme, text
from development_goals import all_at, goals
from indsats import library, simulate
from indsats import programme as programmes
from indsats.measure import answers, change_rows, item_answers, level_shares, measurements, score_table
from indsats.measure.change import baselines, changes
from indsats.measure.response import response_rows
from indsats.measure.rounds import assigned_waves, rounds
from indsats.measure.scores import score_rows
from indsats.measure.trajectories import trajectories
from indsats.measure.transitions import transitions
from indsats.record import read_record
from plain_rounds import Plain

UNTIL = date(2017, 12, 31)
LONG = period("2016-01-01", "2017-12-31")
MEAN = {"mean": item("Mean", combine="mean", at_least=2)}
LEVELS = [{"id": "low", "title": text("low"), "answers": [1, 2], "source": "L1"}]
AFTER = {"start": item("Start", after="P0D"), "half": item("Half", after="P6M")}
SPRING = {"spring": item("Spring", period="2016-03-01/2016-05-31")}


def book(**rest: Any) -> Casebook:
    return Casebook(programme(questionnaires={"goals": goals(**{"scores": MEAN, **rest})}))


def mean_of(cases: Casebook, wave: str) -> tuple[float | None, dict[str, int]]:
    facts, asked = cases.facts(), cases.programme.questionnaires["goals"]
    [row] = score_rows(answers(facts, "goals"), asked, "mean", None, period=LONG, wave=wave)
    return row.mean.value, dict(row.mean.excluded)


def test_an_answer_that_names_no_wave_scores_in_the_round_it_belongs_to() -> None:
    cases = (
        book(waves=AFTER).enrol("2016-01-01").answer("2016-01-03", all_at(2)).answer("2016-07-05", all_at(4))
    )
    assert mean_of(cases, "start") == (2.0, {})
    assert mean_of(cases, "half") == (4.0, {})
    assert [row.mean.value for row in trajectories(cases.facts(), "goals", "mean", UNTIL)] == [2.0, 4.0]


@pytest.mark.parametrize(("day", "value"), [("2016-06-14", 4.0), ("2016-06-15", None)])
def test_a_late_answer_scores_in_the_calendar_round_until_it_closes(day: str, value: float | None) -> None:
    cases = book(waves=SPRING, window={"late": "P14D"}).enrol("2016-01-01").answer(day, all_at(4))
    rows = score_rows(
        answers(cases.facts(), "goals"), cases.programme.questionnaires["goals"], "mean", None, wave="spring"
    )
    assert (rows[0].mean.value if rows else None) == value
    [row] = response_rows(cases.facts(), "goals", UNTIL)
    assert row.answered.numerator == (value is not None)


def test_of_several_in_a_round_the_complete_one_scores_as_it_counts_everywhere_else() -> None:
    cases = book(waves=AFTER).enrol("2016-01-01")
    cases.answer("2016-01-02", {**all_at(1), "focus": None}).answer("2016-01-09", all_at(5))
    cases.answer("2016-01-20", all_at(3))
    facts, asked = cases.facts(), cases.programme.questionnaires["goals"]
    [round_] = rounds(facts, "goals", UNTIL).filter(wave="start").to_dicts()
    assert round_["answered_on"] == date(2016, 1, 9)
    assert mean_of(cases, "start") == (5.0, {})
    told = item_answers(answers(facts, "goals"), asked, "skills", wave="start", at="last")
    assert told["value"].to_list() == [5.0]
    assert measurements(answers(facts, "goals"), asked, "mean", wave="start", at="last")[
        "value"
    ].to_list() == [5.0]
    # Known on the fifth only the incomplete one was there.
    early = measurements(
        answers(facts, "goals"), asked, "mean", wave="start", period=period("2016-01-01", "2016-01-05")
    )
    assert early["value"].to_list() == [1.0]


def test_who_names_a_round_and_lies_outside_it_is_told() -> None:
    waves = {**AFTER, **SPRING}
    cases = book(waves=waves).enrol("2016-06-01").answer("2016-06-01", all_at(2), wave="start")
    cases.answer("2016-06-02", all_at(4), wave="spring")  # it was over before the enrolment began
    cases.enrol("2016-01-01", person="p2", enrolment="e2")
    cases.answer("2015-12-01", all_at(1), person="p2", enrolment="e2", wave="start")
    cases.answer("2016-01-02", all_at(1), person="p3", enrolment=None, wave="start")
    assert mean_of(cases, "start") == (2.0, {"no_enrolment": 1, "outside_rounds": 1})
    assert mean_of(cases, "spring") == (None, {"outside_rounds": 1})
    told = dict(assigned_waves(cases.facts(), "goals").select("occurred_from", "reason").rows())
    assert told[date(2015, 12, 1)] == "before_enrolment"
    levels = level_shares(
        answers(cases.facts(), "goals"),
        cases.programme.questionnaires["goals"].model_copy(update={"levels": []}),
        None,
        wave="start",
    )
    assert levels == ()


def test_an_answer_by_an_edition_nobody_knows_is_an_answer_without_a_score() -> None:
    cases = book(waves=AFTER).enrol("2016-01-01").answer("2016-01-02", all_at(3), edition="gone")
    cases.answer("2016-01-05", all_at(4))
    facts = cases.facts()
    assert assigned_waves(facts, "goals").select("round", "counts", "reason").rows() == [
        ("start", False, "duplicate"),
        ("start", True, None),
    ]
    alone = book(waves=AFTER).enrol("2016-01-01").answer("2016-01-02", all_at(3), edition="gone").facts()
    assert assigned_waves(alone, "goals").select("round", "counts", "reason").rows() == [
        ("start", True, None)
    ]
    assert rounds(alone, "goals", date(2016, 2, 1))["status"].to_list() == ["answered", "upcoming"]
    assert baselines(alone, "goals", "mean")["reason"].to_list() == ["incomplete"]


def of_three(first: bool, second: bool) -> Casebook:
    one = goals(scores=MEAN)
    asking = {key: one[key] for key in ("scale", "items", "scores", "sides", "classes")}
    ends = {"first": ("2016-03-31", first), "second": ("2016-06-30", second)}
    earlier = {name: item(**asking, until=end, comparable=compares) for name, (end, compares) in ends.items()}
    for part in earlier.values():
        del part["title"]
    return book(edition="third", earlier=earlier)


@pytest.mark.parametrize(
    ("first", "second", "compares"),
    [(True, True, True), (True, False, False), (False, True, False), (False, False, False)],
)
def test_over_three_editions_each_has_to_be_comparable_for_scores_and_classes_alike(
    first: bool, second: bool, compares: bool
) -> None:
    cases = of_three(first, second).enrol("2016-01-01")
    cases.answer("2016-01-05", all_at(1)).answer("2016-08-01", all_at(5))
    facts = cases.facts()
    [changed] = changes(facts, "goals", "mean", until=UNTIL).to_dicts()
    assert changed["change"] == (4.0 if compares else None)
    table = transitions(facts, "goals", period("2016-01-01", "2016-12-31"), {})
    assert (table.row("all", "poor", "good").count.value == 1) == compares
    [row] = change_rows(
        changes(facts, "goals", "mean", until=UNTIL), facts.programme.questionnaires["goals"], "mean"
    )
    assert row.paired.value == compares


def test_a_mean_is_of_editions_that_compare_and_tells_of_the_others() -> None:
    cases = of_three(first=False, second=True)
    for number, day in enumerate(("2016-01-05", "2016-05-01", "2016-08-01")):
        whose = {"person": f"p{number}", "enrolment": f"e{number}"}
        cases.enrol("2016-01-01", **whose).answer(day, all_at(number + 1), **whose)
    answered, asked = answers(cases.facts(), "goals"), cases.programme.questionnaires["goals"]
    [row] = score_rows(answered, asked, "mean", None)
    assert (row.mean.value, row.mean.denominator, dict(row.mean.excluded)) == (2.5, 2, {"another_edition": 1})
    # While the first was the only one, it was measured by alone.
    [row] = score_rows(answered, asked, "mean", None, period=period("2016-01-01", "2016-03-31"))
    assert (row.mean.value, dict(row.mean.excluded)) == (1.0, {})


def test_a_persons_band_is_that_of_the_edition_answered() -> None:
    def scores(high: float) -> dict[str, Any]:
        bands = [
            {"id": "low", "title": text("low"), "high": high, "source": "L1"},
            {"id": "high", "title": text("high"), "low": high + 0.1, "source": "L1"},
        ]
        return {"mean": item("Mean", combine="mean", bands=bands)}

    one = goals(scores=scores(3.0))
    asking = {key: one[key] for key in ("scale", "items", "scores")}
    earlier = {"first": {**asking, "until": "2016-06-30", "comparable": True, "source": "L1"}}
    cases = book(scores=scores(1.0), edition="second", earlier=earlier)
    cases.enrol("2016-01-01").answer("2016-01-05", all_at(2))
    facts, asked = cases.facts(), cases.programme.questionnaires["goals"]
    [row] = score_rows(answers(facts, "goals"), asked, "mean", None)
    assert (row.bands["low"].value, row.bands["high"].value) == (1.0, 0.0)
    assert baselines(facts, "goals", "mean")["band"].to_list() == ["low"]


@pytest.mark.parametrize("name", ["day", "questionnaire", "score", "items", "level", "group", "start", "row"])
def test_an_item_may_be_called_as_a_column_made_later(name: str) -> None:
    form = item(
        "Goals",
        scale={"low": 1, "high": 5},
        raters=["caseworker"],
        items={name: item(name), "other": item("other")},
        scores={"sum": item("Sum", combine="sum")},
        waves=AFTER,
    )
    cases = Casebook(programme(questionnaires={"goals": form})).enrol("2016-01-01")
    facts = cases.answer("2016-01-02", {name: 4, "other": 1}).facts()
    assert score_table(facts).select("day", "questionnaire", "score", "value", "items").rows() == [
        (date(2016, 1, 2), "goals", "sum", 5.0, 2)
    ]
    assert mean_of_sum(facts) == 5.0


def mean_of_sum(facts: Any) -> float | None:
    asked = facts.programme.questionnaires["goals"]
    return score_rows(answers(facts, "goals"), asked, "sum", None, wave="start")[0].mean.value


@pytest.mark.parametrize(
    ("at_least", "given", "value", "reason"),
    [
        # Nobody puts the second question to who says no to the first: it is not answered, and not missing.
        (None, {"first": 0, "third": 4}, None, "not_asked"),
        (2, {"first": 0, "third": 4}, 6.0, None),
        (2, {"first": 0}, None, "too_few_answered"),
        (None, {"first": 1, "third": 4}, None, "too_few_answered"),
        (2, {"first": 1, "third": 4}, 7.5, None),
        (3, {"first": 1, "second": 9, "third": 4}, None, "too_few_answered"),
        # What a filter rules out is no answer, even where somebody gave it.
        (2, {"first": 0, "second": 4, "third": 4}, 6.0, None),
        (3, {"first": 0, "second": 4, "third": 4}, None, "not_asked"),
        (None, {"first": 1, "second": 4, "third": 4}, 9.0, None),
    ],
)
def test_only_answers_count_towards_a_score_and_what_was_not_asked_is_told_apart(
    at_least: int | None, given: dict[str, int], value: float | None, reason: str | None
) -> None:
    rule: dict[str, Any] = {"combine": "sum"} | ({} if at_least is None else {"at_least": at_least})
    form = item(
        "Goals",
        scale={"low": 0, "high": 4},
        beside={9: item("Don't know", means="dont_know")},
        raters=["caseworker"],
        items={
            "first": item("first"),
            "second": item("second", asked_of={"item": "first", "answers": [1]}),
            "third": item("third"),
        },
        scores={"sum": item("Sum", **rule)},
    )
    cases = Casebook(programme(questionnaires={"goals": form})).enrol("2016-01-01")
    [row] = score_table(cases.answer("2016-01-02", given).facts()).to_dicts()
    assert (row["value"], row["reason"]) == (value, reason)


def test_a_wave_whose_length_a_site_chooses_keeps_its_place_among_the_others() -> None:
    waves = {
        "start": item("Start", after="P1D"),
        "mid": item("Mid", after="pace"),
        "year": item("Year", after="P12M"),
    }
    settings = {"pace": item("Pace", value=6, unit=text("months"), measures="months", override=True)}
    cases = Casebook(programme(questionnaires={"goals": goals(waves=waves)}, settings=settings)).enrol(
        "2016-01-01"
    )
    rows = rounds(cases.facts(), "goals", date(2016, 1, 1)).select("wave", "due", "ends").rows()
    assert rows == [
        ("start", date(2016, 1, 2), date(2016, 6, 30)),
        ("mid", date(2016, 7, 1), date(2016, 12, 31)),
        ("year", date(2017, 1, 1), None),
    ]


def test_a_simulated_municipality_is_as_told_plainly(tmp_path: Path) -> None:
    definition = programmes.load(library.definition_path("social-stoette-i-job"))
    facts = read_record(simulate.simulate(definition, 50, 5, tmp_path / "data"), definition).as_of()
    until, seen = facts.last_day, 0
    for name, form in definition.questionnaires.items():
        plain = Plain.of(facts, name)
        told = plain.rounds(until)
        seen += len(told)
        columns = list(told[0]) if told else ["enrolment"]
        assert rounds(facts, name, until).select(columns).to_dicts() == told
        got = assigned_waves(facts, name).select("id", "round", "counts", "reason").rows()
        assert {row[0]: row[1:] for row in got} == plain.assigned()
        for score in form.scores:
            changed = plain.changes(score, until)
            found = changes(facts, name, score, until=until)
            assert dict(found.select("enrolment", "reason").rows()) == {
                enrolment: row["reason"] for enrolment, row in changed.items()
            }
            assert found["change"].sum() == pytest.approx(sum(row["change"] or 0 for row in changed.values()))
    assert seen > 100
