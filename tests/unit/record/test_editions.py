"""A new edition changes nothing about answers to the old one: not the facts, their export or what is refused."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indsats.problem import InputRefused, Problem
from indsats.programme import Programme, Questionnaire
from indsats.record import Record, edition_of, import_files, payload_columns, read_record, write_record
from logbook import LATER, everything, item, programme, small_record, text, write

UNTIL = date(2016, 3, 31)
KIND = "questionnaire_answered"

OLD = {
    "scale": {"low": 1, "high": 5},
    "items": {"skills": item("skills", options=[1, 2, 3, 5]), "health": item("health"), "home": item("home")},
}
NEW = {
    "scale": {"low": 1, "high": 5},
    "beside": {9: item("Don't know", means="dont_know"), 8: item("Not relevant", means="not_relevant")},
    "items": {
        "skills": item("skills", options=[1, 2, 5]),
        "housing": item("housing"),
        "rent": item("rent", asked_of={"item": "housing", "answers": [1, 2]}),
        "debt": item("debt", asked_of={"item": "rent", "answers": [5]}),
    },
}
WELLBEING = item("Well-being", scale={"low": 0, "high": 5}, items={"calm": item("calm")}, raters=["citizen"])


def version_1(**parts: Any) -> Programme:
    """Goals in their first edition, before another questionnaire."""
    goals = item("Goals", raters=["citizen", "caseworker"], **{**OLD, **parts})
    return programme(version=1, questionnaires={"goals": goals, "wellbeing": WELLBEING})


def version_2(**parts: Any) -> Programme:
    """The second edition drops option 3 of ``skills`` and ``health``, and has ``housing`` for ``home``."""
    goals = item("Goals", raters=["citizen", "caseworker"], edition="second", **{**NEW, **parts})
    goals["earlier"] = {"first": {"source": "L1", **OLD, "until": UNTIL}}
    return programme(version=2, questionnaires={"goals": goals, "wellbeing": WELLBEING})


def answer(day: str = "2016-02-01", **answers: int | None) -> dict[str, Any]:
    return {
        "person": "p1",
        "enrolment": "e1",
        "questionnaire": "goals",
        "rater": "caseworker",
        "occurred_from": date.fromisoformat(day),
        "answers": answers or {"skills": 3, "health": 4},
    }


def named(edition: str, day: str = "2016-02-01", **answers: int | None) -> dict[str, Any]:
    return {**answer(day, **answers), "edition": edition}


def added(definition: Programme, *rows: dict[str, Any]) -> Record:
    return small_record(definition).add(KIND, rows, recorded_at=LATER, recorded_by="anna", source="web")


def refused(definition: Programme, *rows: dict[str, Any]) -> list[Problem]:
    with pytest.raises(InputRefused) as caught:
        added(definition, *rows)
    return list(caught.value.problems)


def old_record() -> Record:
    """Answers under version 1, among them the option and the items that version 2 drops, and a correction."""
    record = added(version_1(), answer(skills=3, health=4, home=2), answer("2016-05-01", skills=3, home=1))
    fact = record.table(KIND).filter(pl.col("answer.home") == 2)["id"].item()
    change = {"answers": {"home": 1}}
    return record.correct(
        fact, change, recorded_at=LATER + timedelta(hours=1), recorded_by="bo", source="phone"
    )


def test_columns_of_new_items_come_after_those_of_every_old_one() -> None:
    def items(definition: Programme) -> list[str]:
        return [name for name in payload_columns(KIND, definition) if name.startswith("answer.")]

    before = ["answer.skills", "answer.health", "answer.home", "answer.calm"]
    assert items(version_1()) == before
    assert items(version_2()) == [*before, "answer.housing", "answer.rent", "answer.debt"]


def test_old_answers_are_the_same_under_the_new_definition() -> None:
    before = old_record()
    after = before.under(version_2())
    new = ["answer.housing", "answer.rent", "answer.debt"]
    for kind, table in before.facts.items():
        seen = after.table(kind)
        assert seen.select(table.columns).equals(table), kind
        assert set(seen.columns) - set(table.columns) == (set(new) if kind == KIND else set()), kind
    assert after.table(KIND).select(pl.col(new).is_not_null().any()).row(0) == (False, False, False)
    assert after.as_of().table(KIND).sort("id")["answer.skills"].to_list() == (
        before.as_of().table(KIND).sort("id")["answer.skills"].to_list()
    )


def test_the_old_facts_are_exported_byte_for_byte_beside_the_empty_columns(tmp_path: Path) -> None:
    before = old_record()
    write_record(before, tmp_path / "a")
    write_record(before.under(version_2()), tmp_path / "b")
    one, two = everything(tmp_path / "a"), everything(tmp_path / "b")
    assert one.keys() == two.keys()
    assert [name for name in one if one[name] != two[name]] == ["dataset.json", f"facts/{KIND}.csv"]
    seen = pl.read_csv(two[f"facts/{KIND}.csv"], infer_schema=False)
    seen = seen.drop("answer.housing", "answer.rent", "answer.debt")
    assert seen.write_csv().encode() == one[f"facts/{KIND}.csv"]


@pytest.mark.parametrize("format_", ["csv", "parquet", "xlsx"])
def test_an_old_export_is_read_under_the_new_definition(format_: str, tmp_path: Path) -> None:
    before = old_record()
    write_record(before, tmp_path / "a", format_)  # type: ignore[arg-type]
    moved = before.under(version_2())
    read = read_record(tmp_path / "a", version_2())
    paths = sorted((tmp_path / "a/facts").iterdir())
    imported = import_files(paths, version_2(), recorded_at=LATER, recorded_by="anna")
    for kind, table in moved.facts.items():
        assert read.table(kind).equals(table.sort("id", "version")), kind
        assert imported.table(kind).equals(table.sort("id", "version")), kind


def test_an_export_from_before_there_were_editions_is_read(tmp_path: Path) -> None:
    before = old_record()
    write_record(before, tmp_path / "a")
    path = tmp_path / "a/facts" / f"{KIND}.csv"
    without = pl.read_csv(path, infer_schema=False).drop("edition")
    without.write_csv(path)
    table = read_record(tmp_path / "a", version_2()).table(KIND)
    assert table.equals(before.under(version_2()).table(KIND).sort("id", "version"))


def test_a_file_of_old_answers_keeps_its_ids_and_is_known_when_it_comes_again(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        f"{KIND}.csv",
        "person,questionnaire,rater,occurred_from,answer.skills,answer.home\n"
        "p1,goals,citizen,2016-02-08,3,2\n",
    )
    by: dict[str, Any] = {"recorded_at": LATER, "recorded_by": "anna"}
    first = import_files([path], version_1(), small_record(version_1()), **by)
    with pytest.raises(InputRefused, match="second time"):
        import_files([path], version_2(), first, **by)
    late = import_files([path], version_2(), small_record(version_2()), **by)
    assert set(late.table(KIND)["id"]) >= set(first.table(KIND).filter(pl.col("rater") == "citizen")["id"])


def test_an_old_answer_is_corrected_under_the_new_definition_with_the_old_options() -> None:
    moved = old_record().under(version_2())
    fact = moved.table(KIND).filter(pl.col("answer.skills") == 3)["id"][0]
    by: dict[str, Any] = {"recorded_at": LATER + timedelta(days=1), "recorded_by": "bo", "source": "phone"}
    row = moved.correct(fact, {"answers": {"health": 3}}, **by).as_of().table(KIND).filter(id=fact)
    assert row.select("answer.skills", "answer.health", "programme_version").row(0) == (3, 3, 1)


JUDGED: list[dict[str, Any]] = [
    answer(),
    answer(skills=3),
    answer(home=5, skills=None),
    answer(skills=4),
    answer(skills=0),
    answer(home=6),
    answer(skills=9),
    answer(housing=1),
    answer(calm=1),
    answer(skills=None),
    {**answer(), "rater": "mother"},
]


@pytest.mark.parametrize("row", JUDGED)
def test_what_was_refused_of_the_old_edition_is_refused_in_the_same_place_and_nothing_else(
    row: dict[str, Any],
) -> None:
    def verdict(definition: Programme) -> list[tuple[str | None, str | None]]:
        try:
            added(definition, row)
        except InputRefused as caught:
            return [(problem.field, problem.value) for problem in caught.problems]
        return []

    assert verdict(version_1()) == verdict(version_2())


@pytest.mark.parametrize(
    "row",
    [
        answer("2016-03-31", skills=3, home=1),  # the last day of the first edition
        named("first", "2016-05-01", skills=3, home=1),  # filled in on an old form
        answer("2016-04-01", skills=2, housing=5),
        named("second", "2016-02-01", skills=2, housing=5),  # tried out before it was the rule
        answer("2016-05-01", skills=9, housing=8),
        answer("2016-05-01", skills=9),  # "don't know" is an answer
        answer("2016-05-01", housing=2, rent=5, debt=1),
        answer("2016-05-01", housing=3, rent=8, debt=8),  # the form said "not relevant" for those it skipped
        answer("2016-05-01", rent=4),  # what the filter would have said is not known
    ],
)
def test_answers_that_fit_their_edition_are_accepted(row: dict[str, Any]) -> None:
    assert added(version_2(), row).table(KIND).height == 3


BROKEN: list[tuple[dict[str, Any], str, str, str]] = [
    (
        answer("2016-04-01", skills=3),
        "answer.skills",
        "item 'skills' of edition 'second' of 'goals' can only be answered by 1, 2, 5",
        "or write 9 (Don't know), 8 (Not relevant)",
    ),
    (named("second", skills=3), "answer.skills", "edition 'second'", "which edition was answered"),
    (named("first", "2016-05-01", skills=4), "answer.skills", "edition 'first'", "which edition"),
    (
        answer("2016-04-01", skills=7),
        "answer.skills",
        "outside the scale of edition 'second' of 'goals', 1 to 5",
        "leave the cell empty if item 'skills' was not answered, or write 9 (Don't know)",
    ),
    (answer(skills=9), "answer.skills", "outside the scale of edition 'first'", "was not answered."),
    (answer(housing=1), "answer.housing", "not asked in edition 'first' of 'goals'", "second has the item"),
    (answer("2016-04-01", home=1), "answer.home", "not asked in edition 'second'", "first has the item"),
    (answer(calm=1), "answer.calm", "questionnaire 'goals' has no item 'calm'", "skills, health, home"),
    (named("secnd", skills=1), "edition", "can take", "Did you mean 'second'? Choose a known edition: first"),
    (
        answer("2016-05-01", housing=3, rent=4),
        "answer.rent",
        "item 'rent' is not asked of those who answered 3 to 'housing'",
        "check the answer to 'housing'",
    ),
    (answer("2016-05-01", housing=9, rent=4), "answer.rent", "who answered 9 to 'housing'", "Leave"),
    (answer("2016-05-01", housing=1, rent=4, debt=1), "answer.debt", "answered 4 to 'rent'", "'rent'"),
    (answer("2016-05-01", housing=4, debt=1), "answer.debt", "answered 4 to 'housing'", "'housing'"),
]


@pytest.mark.parametrize(("row", "column", "what", "remedy"), BROKEN)
def test_answers_that_do_not_fit_their_edition_are_refused(
    row: dict[str, Any], column: str, what: str, remedy: str
) -> None:
    (problem,) = refused(version_2(), row)
    assert problem.field == column
    assert what in problem.what
    assert remedy in problem.remedy
    shown = row["edition"] if column == "edition" else row["answers"][column.removeprefix("answer.")]
    assert problem.value == str(shown)


def test_an_unknown_edition_is_told_once_and_its_answers_are_not_judged() -> None:
    assert [one.field for one in refused(version_2(), named("third", skills=7, home=7))] == ["edition"]


def test_the_point_a_form_lacked_cannot_have_been_ticked_where_it_is_known() -> None:
    goals = {"items": {"skills": item("skills"), "housing": item("housing")}}
    known = version_2(**goals, lacks_one_of=[4])
    (problem,) = refused(known, answer("2016-05-01", skills=4, housing=5))
    assert (problem.field, problem.value) == ("answer.skills", "4")
    assert "the form of edition 'second' of 'goals' was printed without 4" in problem.what
    unknown = version_2(**goals, lacks_one_of=[3, 4])
    assert added(unknown, answer("2016-05-01", skills=4, housing=3)).table(KIND).height == 3


def test_a_filter_in_another_questionnaire_refuses_nothing() -> None:
    rent = item("rent", asked_of={"questionnaire": "wellbeing", "item": "calm", "answers": [0]})
    definition = version_2(items={"housing": item("housing"), "rent": rent})
    calm = {**answer("2016-05-01", calm=5), "questionnaire": "wellbeing", "rater": "citizen"}
    assert added(definition, calm, answer("2016-05-01", rent=5)).table(KIND).height == 4


def test_only_some_raters_may_answer_an_item_in_one_edition() -> None:
    items = {**NEW["items"], "skills": item("skills", raters=["citizen"])}
    definition = version_2(items=items)
    (problem,) = refused(definition, answer("2016-05-01", skills=1))
    assert problem.what == "'caseworker' does not answer item 'skills'"
    assert added(definition, answer("2016-02-09", skills=1)).table(KIND).height == 3


def test_answers_under_a_newer_definition_of_a_record_from_before_are_judged_by_their_own_edition() -> None:
    moved = old_record().under(version_2())
    by: dict[str, Any] = {"recorded_at": LATER, "recorded_by": "anna", "source": "web"}
    late = moved.add(KIND, [answer("2016-03-01", skills=3, home=4)], **by)
    assert late.table(KIND).height == moved.table(KIND).height + 1
    with pytest.raises(InputRefused, match="can only be answered by 1, 2, 5"):
        moved.add(KIND, [answer("2016-06-01", skills=3)], **by)


def asked(untils: list[date]) -> Questionnaire:
    """A questionnaire with an earlier edition for each day, oldest first."""
    goals = {"title": text("x"), "source": "L1", "raters": ["citizen"], "edition": "now", **NEW}
    goals["earlier"] = {
        f"e{place}": {"source": "L1", **OLD, "until": until} for place, until in enumerate(untils)
    }
    return Questionnaire.model_validate(goals)


DAYS = st.dates(date(2016, 1, 1), date(2016, 1, 12))


@settings(deadline=None)
@given(
    st.lists(DAYS, max_size=3, unique=True).map(sorted),
    st.lists(st.tuples(st.sampled_from(["e0", "now", "gone", None]), DAYS), min_size=1, max_size=8),
)
def test_the_edition_of_an_answer_is_the_one_named_or_the_one_of_its_day(
    untils: list[date], rows: list[tuple[str | None, date]]
) -> None:
    schema = {"edition": pl.String, "occurred_from": pl.Date}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    found = frame.select(edition_of(asked(untils)).alias("found"))["found"].to_list()
    for (name, day), edition in zip(rows, found, strict=True):
        on_time = [f"e{place}" for place, until in enumerate(untils) if day <= until]
        assert edition == (name or [*on_time, "now"][0])


def test_two_new_editions_of_two_questionnaires_add_their_items_by_when_they_began() -> None:
    calmer = {"scale": {"low": 0, "high": 5}, "items": {"calm": item("calm"), "sleep": item("sleep")}}
    first = {**calmer, "source": "L1", "items": {"calm": item("calm")}, "until": UNTIL - timedelta(days=9)}
    wellbeing = item("Well-being", raters=["citizen"], edition="second", earlier={"first": first}, **calmer)
    goals = version_2().questionnaires["goals"]
    both = programme(version=3, questionnaires={"goals": goals, "wellbeing": wellbeing})
    added_last = list(payload_columns(KIND, both))[-4:]
    assert added_last == ["answer.sleep", "answer.housing", "answer.rent", "answer.debt"]
