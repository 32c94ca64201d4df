"""A form that changes: old answers are read, scored, classed and exported by the rules they were given under."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from casebook import Casebook, item, programme
from indsats.measure import answers, class_distribution, item_answers, score, score_table

OLD: dict[str, Any] = {
    "source": "L1",
    "scale": {"low": 0, "high": 5},
    "items": {"mood": item("Mood"), "calm": item("Calm")},
    "scores": {
        "sum": item(
            "Sum", combine="sum", bands=[item("Low", id="low", high=5), item("High", id="high", low=6)]
        )
    },
    "levels": [item("Few", id="few", answers=[0, 1, 2]), item("Many", id="many", answers=[3, 4, 5])],
    "classes": [item("Well", id="W", when="mood >= 4"), item("Rest", id="R", when="true")],
}


def first_alone(**changes: Any) -> dict[str, Any]:
    return item("Mood", **{**OLD, "raters": ["citizen"], **changes})


def second(**changes: Any) -> dict[str, Any]:
    """The form as it is now, with the old one behind it."""
    kept = {**OLD, "until": date(2016, 6, 30)}
    return first_alone(edition="second", earlier={"first": kept}, **changes)


def answered(form: dict[str, Any], *, late: bool = True) -> Casebook:
    book = Casebook(programme(questionnaires={"goals": form})).enrol("2016-01-01")
    book.answer("2016-01-10", {"mood": 5, "calm": 2}, rater="citizen")
    book.answer("2016-06-30", {"mood": 0, "calm": 1}, rater="citizen")
    return book.answer("2016-07-01", {"mood": 1, "calm": 3}, rater="citizen") if late else book


def test_dropping_an_option_leaves_old_answers_scores_and_classes_exactly_as_they_were() -> None:
    before = answered(first_alone(), late=False)
    dropped = {**OLD["items"], "mood": item("Mood", options=[1, 2, 3, 4])}
    after = answered(second(items=dropped, scale={"low": 0, "high": 5}), late=False)
    same = [column for column in answers(before.facts(), "goals").columns if column != "n_asked"]
    assert answers(before.facts(), "goals").select(same).equals(answers(after.facts(), "goals").select(same))
    old, new = score_table(before.facts()), score_table(after.facts())
    assert old.equals(new)
    assert old["rule"].str.contains("@first#").all()


def test_an_answer_belongs_to_the_edition_of_its_day_or_the_one_it_names() -> None:
    book = answered(second())
    book.answer("2016-08-01", {"mood": 2, "calm": 2}, rater="citizen", edition="first")
    assert answers(book.facts(), "goals")["edition"].to_list() == ["first", "first", "second", "first"]


def test_each_edition_scores_by_its_own_rule_and_says_which() -> None:
    doubled = {"sum": item("Sum", combine="sum", times=2)}
    book = answered(second(scores=doubled))
    scored = score(answers(book.facts(), "goals"), book.programme.questionnaires["goals"], "sum")
    assert scored["value"].to_list() == [7.0, 1.0, 8.0]
    assert scored["band"].to_list() == ["high", "low", None]
    assert [rule.split("#")[0] for rule in scored["rule"]] == ["sum@first", "sum@first", "sum@second"]
    assert scored["rule"].n_unique() == 2


def test_a_rule_is_known_by_what_it_does_and_not_by_its_words() -> None:
    renamed = second(scores={"sum": {**OLD["scores"]["sum"], "title": {"da": "Ny", "en": "New"}}})
    digests = score_table(answered(renamed).facts()).filter(score="sum")["rule"].str.split("#").list.last()
    assert digests.n_unique() == 1


def test_a_score_only_one_edition_has_is_told_for_its_answers_alone() -> None:
    book = answered(second(scores={"mean": item("Mean", combine="mean")}))
    told = score_table(book.facts()).filter(pl.col("score") != "class")
    assert told.select("score", "value").rows() == [("sum", 7.0), ("sum", 1.0), ("mean", 2.0)]


def test_an_item_that_went_out_of_use_stays_and_is_not_asked_of_later_answers() -> None:
    book = answered(second(items={"mood": item("Mood"), "sleep": item("Sleep")}, classes=[], levels=[]))
    book.answer("2016-08-01", {"mood": 2, "sleep": 4}, rater="citizen")
    table = answers(book.facts(), "goals")
    assert table.select("mood", "calm", "sleep").rows() == [
        (5, 2, None),
        (0, 1, None),
        (1, None, None),
        (2, None, 4),
    ]
    assert table["complete"].to_list() == [True, True, False, True]


def test_levels_are_those_of_the_edition() -> None:
    moved = [item("Few", id="few", answers=[0]), item("Many", id="many", answers=[1, 2, 3, 4, 5])]
    book = Casebook(programme(questionnaires={"goals": second(levels=moved)}))
    for number, day in enumerate(["2016-01-10", "2016-08-10"]):
        who = {"person": f"p{number}", "enrolment": f"e{number}"}
        book.enrol("2016-01-01", **who).answer(day, {"mood": 1, "calm": 1}, rater="citizen", **who)
    told = item_answers(answers(book.facts(), "goals"), book.programme.questionnaires["goals"], "mood")
    assert told.sort("person")["level"].to_list() == ["few", "many"]


def test_classes_that_only_an_earlier_edition_had_are_still_counted() -> None:
    book = answered(second(classes=[item("All", id="Z", when="true")]))
    rows = class_distribution(answers(book.facts(), "goals"), book.programme.questionnaires["goals"], by=None)
    assert {row.label: row.count.value for row in rows} == {"Z": 0, "W": 1, "R": 0}


def test_an_edition_nobody_knows_loses_no_row() -> None:
    book = answered(first_alone())
    book.answer("2016-08-01", {"mood": 2, "calm": 2}, rater="citizen", edition="gone")
    row = answers(book.facts(), "goals").filter(edition="gone").row(0, named=True)
    assert (row["mood"], row["complete"]) == (None, False)


@pytest.mark.parametrize(
    ("lacks", "given", "low", "high"),
    [
        ([3], (2, 4), 5.0, 7.0),  # 2 may stand for 3, 4 may stand for 3
        ([3], (1, 5), 6.0, 6.0),
        ([5], (4, 4), 8.0, 10.0),  # the top is gone: who wanted 5 chose 4
        ([0], (1, 2), 2.0, 3.0),
        ([3, 5], (2, 4), 5.0, 7.0),  # one of the two, not both at once
        ([3, 4], (2, 4), 5.0, 7.0),  # somebody chose 4, so it was 3 that lacked
        ([2, 4], (2, 4), None, None),  # both were chosen: no such form
        ([], (2, 4), None, None),
    ],
)
def test_a_form_that_lacked_a_point_tells_what_the_score_could_have_been(
    lacks: list[int], given: tuple[int, int], low: float | None, high: float | None
) -> None:
    form = first_alone(lacks_one_of=lacks)
    book = Casebook(programme(questionnaires={"goals": form})).enrol("2016-01-01")
    book.answer("2016-01-10", {"mood": given[0], "calm": given[1]}, rater="citizen")
    row = score(answers(book.facts(), "goals"), book.programme.questionnaires["goals"], "sum").row(
        0, named=True
    )
    assert (row["value"], row["low"], row["high"]) == (float(sum(given)), low, high)


def test_options_of_an_item_that_are_gone_widen_the_score_like_a_form_that_lacked_them() -> None:
    items = {"mood": item("Mood", options=[0, 1, 4, 5]), "calm": item("Calm")}
    book = Casebook(programme(questionnaires={"goals": first_alone(items=items)})).enrol("2016-01-01")
    book.answer("2016-01-10", {"mood": 1, "calm": 2}, rater="citizen")
    row = score(answers(book.facts(), "goals"), book.programme.questionnaires["goals"], "sum").row(
        0, named=True
    )
    assert (row["low"], row["value"], row["high"]) == (3.0, 3.0, 5.0)


def test_the_long_table_tells_why_there_is_no_number() -> None:
    book = Casebook(programme(questionnaires={"goals": first_alone()})).enrol("2016-01-01")
    book.answer("2016-01-10", {"mood": 3}, rater="citizen")
    table = score_table(book.facts())
    assert table.select("score", "value", "band", "reason").rows() == [
        ("sum", None, None, "too_few_answered"),
        ("class", None, None, "too_few_answered"),
    ]
    assert table.select("scored_items", "items").rows() == [(1, 2), (1, 2)]


def test_without_answers_the_long_table_has_its_columns() -> None:
    empty = score_table(
        Casebook(programme(questionnaires={"goals": first_alone()})).enrol("2016-01-01").facts()
    )
    assert empty.height == 0
    assert empty.schema["value"] == pl.Float64
