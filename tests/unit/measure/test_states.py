"""What became of each item: answered, beside the scale, missing or never asked."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from casebook import Casebook, item, programme
from indsats.measure import answers, item_states, score

BESIDE = {
    -1: item("Don't know", means="dont_know"),
    -2: item("Not relevant", means="not_relevant"),
    -3: item("Would rather not say", means="declined"),
}


def asked(items: dict[str, Any], **rest: Any) -> dict[str, Any]:
    return item(
        "Questionnaire",
        **{"scale": {"low": 1, "high": 5}, "items": items, "raters": ["citizen", "worker"], **rest},
    )


def states(book: Casebook, name: str = "goals") -> list[tuple[Any, ...]]:
    table = item_states(book.facts(), name)
    return table.select(list(book.programme.questionnaires[name].all_items)).rows()


def test_dont_know_is_neither_missing_nor_an_answer() -> None:
    form = asked({name: item(name) for name in "abcde"}, beside=BESIDE)
    book = Casebook(programme(questionnaires={"goals": form})).enrol("2016-01-01")
    book.answer("2016-01-10", {"a": 4, "b": -1, "c": -2, "d": -3, "e": None})
    assert states(book) == [("answered", "dont_know", "not_relevant", "declined", "missing")]
    row = answers(book.facts(), "goals").row(0, named=True)
    assert [row[name] for name in "abcde"] == [4, None, None, None, None]
    counts = ("asked", "answered", "dont_know", "not_relevant", "declined", "missing")
    assert [row[f"n_{name}"] for name in counts] == [5, 1, 1, 1, 1, 1]
    assert not row["complete"]


def test_a_dont_know_does_not_score_and_is_not_prorated_unless_the_instrument_says_so() -> None:
    scores = {
        "strict": item("Strict", combine="sum"),
        "lenient": item("Lenient", combine="sum", at_least=2),
    }
    form = asked({name: item(name) for name in "abc"}, beside=BESIDE, scores=scores)
    book = Casebook(programme(questionnaires={"goals": form})).enrol("2016-01-01")
    book.answer("2016-01-10", {"a": 4, "b": 2, "c": -1})
    answered = answers(book.facts(), "goals")
    questionnaire = book.programme.questionnaires["goals"]
    assert score(answered, questionnaire, "strict")["value"].to_list() == [None]
    lenient = score(answered, questionnaire, "lenient").row(0, named=True)
    assert (lenient["value"], lenient["scored_items"], lenient["prorated"]) == (9.0, 2, True)


def test_an_item_of_another_rater_and_advice_are_not_asked() -> None:
    items = {"a": item("a"), "belief": item("b", raters=["worker"]), "tip": item("t", advice=True)}
    book = Casebook(programme(questionnaires={"goals": asked(items)})).enrol("2016-01-01")
    book.answer("2016-01-10", {"a": 4}, rater="citizen").answer(
        "2016-01-11", {"a": 4, "belief": 2}, rater="worker"
    )
    assert states(book) == [("answered", "not_asked", "not_asked"), ("answered", "answered", "not_asked")]
    assert answers(book.facts(), "goals")["complete"].to_list() == [True, True]


def test_a_form_of_advice_alone_is_asked_point_by_point() -> None:
    items = {"one": item("1", advice=True), "two": item("2", advice=True)}
    book = Casebook(programme(questionnaires={"goals": asked(items)})).enrol("2016-01-01")
    book.answer("2016-01-10", {"one": 4})
    assert states(book) == [("answered", "missing")]


@pytest.mark.parametrize(
    ("used", "benefit", "state", "complete"),
    [
        (2, 4, "answered", True),
        (2, None, "missing", False),
        (1, None, "not_asked", True),
        (1, 4, "not_asked", True),  # the filter says no: an answer all the same does not count
        (None, None, "not_asked", False),
        (None, 4, "answered", False),  # nobody can tell, and it was answered
    ],
)
def test_benefit_is_only_asked_of_users(
    used: int | None, benefit: int | None, state: str, complete: bool
) -> None:
    items = {"used": item("u"), "benefit": item("b", asked_of={"item": "used", "answers": [2, 3]})}
    book = Casebook(programme(questionnaires={"goals": asked(items)})).enrol("2016-01-01")
    book.answer("2016-01-10", {"used": used, "benefit": benefit})
    assert states(book)[0][1] == state
    row = answers(book.facts(), "goals").row(0, named=True)
    assert row["complete"] == complete
    assert row["benefit"] == (benefit if state == "answered" else None)


def two_surveys() -> Casebook:
    use = item("Use", about="site", scale={"low": 0, "high": 1}, raters=["lead"], items={"course": item("c")})
    benefit = item(
        "Benefit",
        about="site",
        scale={"low": 1, "high": 5},
        raters=["lead"],
        items={
            "course-benefit": item("c", asked_of={"questionnaire": "use", "item": "course", "answers": [1]})
        },
    )
    return Casebook(programme(questionnaires={"use": use, "benefit": benefit}))


def survey(book: Casebook, name: str, day: str, who: str, site: str = "north", **given: int) -> None:
    columns = {f"answer.{key.replace('_', '-')}": value for key, value in given.items()}
    book.fact("site_answered", day, person=None, enrolment=None, site=site, questionnaire=name, rater="lead",
              respondent=who, **columns)  # fmt: skip


def test_a_filter_can_look_at_what_the_same_respondent_answered_elsewhere_before() -> None:
    book = two_surveys()
    for day, who, used in [("2016-01-01", "a", 1), ("2016-01-01", "b", 0), ("2016-02-01", "b", 1)]:
        survey(book, "use", day, who, course=used)
    survey(book, "use", "2016-03-01", "c", course=0)
    for day, who in [("2016-01-02", "a"), ("2016-01-02", "b"), ("2016-02-02", "b"), ("2016-02-02", "c")]:
        survey(book, "benefit", day, who, course_benefit=4)
    table = item_states(book.facts(), "benefit").sort("occurred_from", "respondent")
    found = table.select("respondent", "course-benefit").rows()
    # "c" answered about use only afterwards, so nothing tells, and the answer stands.
    assert found == [("a", "answered"), ("b", "not_asked"), ("b", "answered"), ("c", "answered")]


def test_a_respondent_of_another_site_with_the_same_name_is_somebody_else() -> None:
    book = two_surveys()
    survey(book, "use", "2016-01-01", "a", site="city", course=0)
    survey(book, "benefit", "2016-01-02", "a", site="north", course_benefit=4)
    assert item_states(book.facts(), "benefit")["course-benefit"].to_list() == ["answered"]


def test_states_and_counts_tell_the_same() -> None:
    form = asked({name: item(name) for name in "abc"}, beside=BESIDE)
    book = Casebook(programme(questionnaires={"goals": form})).enrol("2016-01-01")
    for day, given in enumerate([(5, -1, None), (None, None, 1), (-3, -2, -1), (1, 2, 3)]):
        book.answer(f"2016-01-1{day}", dict(zip("abc", given, strict=True)))
    told = item_states(book.facts(), "goals").select("a", "b", "c")
    counted = answers(book.facts(), "goals")
    for state in ("answered", "dont_know", "not_relevant", "declined", "missing"):
        by_state = told.select(pl.sum_horizontal((pl.all() == state).cast(pl.Int64))).to_series().to_list()
        assert counted[f"n_{state}"].to_list() == by_state
