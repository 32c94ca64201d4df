"""Answered questionnaires as a table, and which of several on a day speaks."""

from __future__ import annotations

import polars as pl
import pytest

from casebook import Casebook, item, programme
from development_goals import ITEMS, all_at, goals
from indsats.measure import answers, classify, one_a_day
from indsats.problem import InputRefused

PROGRAMME = programme(questionnaires={"goals": goals()})
GOALS = PROGRAMME.questionnaires["goals"]


def test_one_row_per_answered_questionnaire_with_items_class_and_side() -> None:
    book = Casebook(PROGRAMME).enrol("2016-01-01").answer("2016-01-10", {**all_at(4), "health": 1})
    table = answers(book.facts(), "goals")
    columns = ["id", "person", "enrolment", "site", "unit", "service"]
    columns += ["occurred_from", "rater", "wave", "respondent"]
    counts = ["n_asked", "n_answered", "n_dont_know", "n_not_relevant", "n_declined", "n_missing"]
    assert table.columns == [*columns, "edition", "round", *ITEMS, *counts, "class", "side", "complete"]
    assert table.select("unit", "health", "class", "side", "complete").row(0) == (
        "outreach",
        1,
        "G",
        "poor",
        True,
    )


def test_an_unanswered_item_leaves_the_row_without_class_and_incomplete() -> None:
    book = Casebook(PROGRAMME).enrol("2016-01-01").answer("2016-01-10", {**all_at(4), "focus": None})
    row = answers(book.facts(), "goals").row(0, named=True)
    assert (row["class"], row["side"], row["complete"]) == (None, None, False)


def test_other_questionnaires_are_not_mixed_in() -> None:
    two = programme(questionnaires={"goals": goals(), "other": goals()})
    book = Casebook(two).enrol("2016-01-01").answer("2016-01-10", all_at(4))
    book.answer("2016-01-11", all_at(2), questionnaire="other")
    assert answers(book.facts(), "goals")["class"].to_list() == ["A"]
    assert answers(book.facts(), "other")["class"].to_list() == ["F"]


def test_an_unknown_questionnaire_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="nothing"):
        answers(Casebook(PROGRAMME).enrol("2016-01-01").facts(), "nothing")


def test_an_item_named_as_a_column_of_the_table_is_refused() -> None:
    clash = programme(questionnaires={"goals": goals(items={"unit": item("Unit")}, classes=[])})
    with pytest.raises(InputRefused, match="item 'unit' of questionnaire 'goals'"):
        answers(Casebook(clash).enrol("2016-01-01").facts(), "goals")


def test_the_rater_named_first_goes_before_the_other_on_the_same_day() -> None:
    book = Casebook(PROGRAMME).enrol("2016-01-01")
    book.answer("2016-01-10", all_at(5), rater="citizen").answer("2016-01-10", all_at(3), rater="caseworker")
    chosen = one_a_day(answers(book.facts(), "goals"), GOALS)
    assert chosen.select("rater", "class").rows() == [("caseworker", "C")]


def test_a_complete_set_goes_before_an_incomplete_one_by_the_preferred_rater() -> None:
    book = Casebook(PROGRAMME).enrol("2016-01-01").answer("2016-01-10", all_at(5), rater="citizen")
    book.answer("2016-01-10", {**all_at(3), "focus": None}, rater="caseworker")
    assert one_a_day(answers(book.facts(), "goals"), GOALS)["rater"].to_list() == ["citizen"]


def test_a_rater_the_definition_does_not_name_comes_last() -> None:
    book = Casebook(PROGRAMME).enrol("2016-01-01").answer("2016-01-10", all_at(5), rater="neighbour")
    book.answer("2016-01-10", all_at(3), rater="citizen")
    assert one_a_day(answers(book.facts(), "goals"), GOALS)["rater"].to_list() == ["citizen"]


def test_classify_keeps_other_columns_and_row_order() -> None:
    frame = pl.DataFrame({"key": ["b", "a"], **{name: [5, 1] for name in ITEMS}})
    got = classify(frame, GOALS)
    assert got.select("key", "class").rows() == [("b", "A"), ("a", "G")]


def test_a_complete_pattern_that_no_class_fits_has_none() -> None:
    only_g = programme(questionnaires={"goals": goals(classes=goals()["classes"][:1])}).questionnaires[
        "goals"
    ]
    frame = pl.DataFrame({name: [5] for name in ITEMS})
    assert classify(frame, only_g).select("class", "side").row(0) == (None, None)


def test_no_rows_give_no_rows_and_the_same_columns() -> None:
    frame = pl.DataFrame(schema=dict.fromkeys(ITEMS, pl.Int64))
    got = classify(frame, GOALS)
    assert got.schema["class"] == pl.String
    assert got.height == 0


def test_a_score_would_overwrite_an_item_of_its_name_so_that_is_refused() -> None:
    clash = programme(questionnaires={"goals": goals(items={"value": item("Value")}, classes=[])})
    with pytest.raises(InputRefused, match="item 'value' of questionnaire 'goals'"):
        answers(Casebook(clash).enrol("2016-01-01").facts(), "goals")


def test_a_questionnaire_about_sites_is_read_from_what_sites_answered() -> None:
    asked = goals(about="site", classes=[], sides={})
    two = programme(questionnaires={"goals": asked})
    book = Casebook(two).enrol("2016-01-01").answer("2016-01-10", all_at(4))
    said = {f"answer.{name}": 2 for name in ITEMS}
    book.fact(
        "site_answered",
        "2016-02-01",
        person=None,
        enrolment=None,
        site="city",
        questionnaire="goals",
        rater="caseworker",
        respondent="r1",
        wave="w",
        **said,
    )
    [row] = answers(book.facts(), "goals").iter_rows(named=True)
    assert (row["person"], row["enrolment"], row["unit"], row["respondent"], row["wave"]) == (
        None,
        None,
        "centre",
        "r1",
        "w",
    )
    assert (row["complete"], row["focus"]) == (True, 2)
