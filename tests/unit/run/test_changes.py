"""The blocks of profiles and change show the numbers of the room of measurement, and give no small count away."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from casebook import Casebook, item, period, programme
from development_goals import ITEMS, all_at, goals
from indsats.figure import Figure
from indsats.measure import ALL, change_rows, changes, item_profile, threshold
from indsats.programme import ChangeBlock, ProfileBlock, Text
from indsats.report import Block, Chart, Document, ProtectedFigure, Section, Table, protect
from indsats.run.changes import change_blocks, profile_blocks
from indsats.run.measure_words import cited

TITLE = Text(da="Fra start til nu", en="From the start to now")
PERIOD = period("2016-07-01", "2017-12-31")
WAVES = {"start": item("Start", after="P0D"), "half": item("Half", after="P6M")}
RELIABLE = {"value": 0.8, "sd": 1.0, "source": ["doi:10.1000/1", "L12"]}


def book(scores: dict[str, Any] | None = None, **rest: Any) -> Casebook:
    mean = item("Mean", combine="mean", reliability=RELIABLE, smallest_change=0.5)
    asked = {"waves": WAVES, "window": {"late": "P28D"}, "scores": scores or {"mean": mean}, **rest}
    return Casebook(programme(questionnaires={"goals": goals(**asked)}))


def people(cases: Casebook, number: int, first: int, last: int | None, **rest: Any) -> None:
    begun = len(cases.facts().enrolments())
    for one in range(begun, begun + number):
        who = {"person": f"p{one}", "enrolment": f"e{one}"}
        cases.enrol("2016-01-01", **who, **rest).answer("2016-01-05", all_at(first), **who)
        if last is not None:
            cases.answer("2016-07-05", all_at(last), **who)


def two_units() -> Casebook:
    cases = book()
    people(cases, 9, 2, 4)
    people(cases, 7, 3, 3)
    people(cases, 6, 1, None)
    people(cases, 8, 4, 1, site="city")
    people(cases, 5, 2, 3, site="city")
    return cases


def change(cases: Casebook) -> list[Block]:
    block = ChangeBlock(block="change", title=TITLE, questionnaire="goals")
    return list(change_blocks(cases.facts(), block, PERIOD))


def profile(cases: Casebook) -> list[Block]:
    block = ProfileBlock(block="profile", title=TITLE, questionnaire="goals")
    return list(profile_blocks(cases.facts(), block, PERIOD))


def table(blocks: list[Block], name: str) -> Table:
    return next(block for block in blocks if isinstance(block, Table) and block.id == name)


def cells(found: Table, row: int) -> dict[str, Any]:
    return {column.id: cell for column, cell in zip(found.columns, found.rows[row], strict=True)}


def chart(blocks: list[Block], kind: str) -> Chart:
    return next(block for block in blocks if isinstance(block, Chart) and block.kind == kind)


def protected(blocks: list[Block]) -> Document:
    return protect(
        Document(
            title=TITLE,
            programme="trial",
            version=1,
            period=PERIOD,
            sections=(Section(TITLE, tuple(blocks)),),
            threshold=5,
            synthetic=True,
        )
    )


def test_the_change_table_shows_each_unit_and_everybody() -> None:
    cases = two_units()
    asked = cases.programme.questionnaires["goals"]
    changed = changes(cases.facts(), "goals", "mean", until=PERIOD.last)
    blocks = change(cases)
    found = table(blocks, "change-goals-mean")
    assert [row[0].en for row in found.rows if isinstance(row[0], Text)] == ["Outreach", "Centre", "All"]
    centre, outreach = change_rows(changed, asked, "mean", "unit", "goals")
    [together] = change_rows(changed, asked, "mean", None, "goals")
    for number, want in enumerate((outreach, centre, together)):
        got = cells(found, number)
        assert [got[name] for name in ("paired", "before", "after", "change", "noticed")] == [
            *(want.paired, want.first, want.last, want.change, want.noticed)
        ]
        assert (got["better"], got["same"], got["worse"]) == (want.better, want.same, want.worse)
        assert got["p"].value == want.change.p
        assert got["reliable"].value == threshold(asked, "mean", changed)
    assert cells(found, 0)["paired"].excluded == {"not_measured_again": 6}
    drawn = chart(blocks, "arrows")
    assert (drawn.table_id, drawn.encodings["reliable"]) == (found.id, "reliable")
    assert drawn.scale is not None
    assert (drawn.scale.low, drawn.scale.high, drawn.scale.better) == (1.0, 5.0, "higher")


def test_the_notes_name_reliability_and_felt_change_with_their_sources() -> None:
    said = " ".join(note.en for note in table(change(two_units()), "change-goals-mean").notes)
    assert "The reliability is 0.80 (the document; doi:10.1000/1); the spread is 1.0" in said
    assert "at least 0.5 for the better" in said
    assert cited(["decision", "published: A (2001), b"]) == (
        "A (2001), b; valgt her",
        "A (2001), b; decided here",
    )


@pytest.mark.parametrize("better", ["neither", "higher"])
def test_without_reliability_or_a_better_end_nobody_is_judged(better: str) -> None:
    reliable = {} if better == "higher" else {"reliability": RELIABLE}
    cases = book(
        {"mean": item("Mean", combine="mean", **reliable)}, scale={"low": 1, "high": 5, "better": better}
    )
    people(cases, 6, 2, 4)
    blocks = change(cases)
    found = table(blocks, "change-goals-mean")
    assert not {"better", "worse", "reliable", "noticed"} & {column.id for column in found.columns}
    assert "reliable" not in chart(blocks, "arrows").encodings
    assert len(found.rows) == 1  # one unit is everybody


def test_a_hidden_verdict_cannot_be_worked_out_from_the_others() -> None:
    cases = book()
    people(cases, 20, 2, 5)
    people(cases, 10, 3, 3)
    people(cases, 3, 4, 1)
    got = cells(protected(change(cases)).table("change-goals-mean"), 0)
    hidden = [name for name in ("better", "same", "worse") if got[name].hidden]
    assert "worse" in hidden
    assert len(hidden) > 1 or got["paired"].hidden


def test_all_who_answered_stand_beside_those_who_stayed() -> None:
    cases = two_units()
    found = table(change(cases), "course-goals-mean")
    first, second = cells(found, 0), cells(found, 1)
    assert (first["answered"].value, second["answered"].value, second["missed"].value) == (35, 29, 0)
    assert second["stayed-first"].value == pytest.approx((9 * 2 + 7 * 3 + 8 * 4 + 5 * 2) / 29)
    assert [group.total for group in found.groups] == [first["answered"].id, second["answered"].id]
    alone = book()
    people(alone, 6, 2, None)
    assert not [block for block in change(alone) if block.id.startswith("course")]  # type: ignore[union-attr]


def test_those_who_dropped_out_are_set_against_those_who_answered_again() -> None:
    row = cells(table(change(two_units()), "leavers-goals-mean"), 0)
    assert (row["stayed"].value, row["left"].value, row["left-start"].value) == (29, 6, 1.0)
    assert row["difference"].value == pytest.approx(1.0 - row["stayed-start"].value)
    assert row["difference"].low < row["difference"].value < row["difference"].high < 0
    assert row["p"].made_from == (row["difference"].id,)
    few = book()
    people(few, 9, 2, 4)
    people(few, 1, 1, None)
    assert not [block for block in change(few) if block.id.startswith("leavers")]  # type: ignore[union-attr]


def test_a_form_that_lacked_a_point_shows_what_the_score_could_have_been() -> None:
    cases = book(lacks_one_of=[1, 5])
    people(cases, 6, 4, 4)
    row = cells(table(change(cases), "band-goals-mean"), 0)
    assert row["n"].value == 6
    assert row["low"].value <= row["value"].value <= row["high"].value
    assert row["low"].value < row["high"].value
    assert not [block for block in change(two_units()) if block.id.startswith("band")]  # type: ignore[union-attr]


def test_the_profile_shows_everybody_and_two_units_beside_them() -> None:
    cases = two_units()
    blocks = profile(cases)
    found = table(blocks, "profile-goals")
    rows = {row.item: row for row in item_profile(cases.facts(), "goals", PERIOD.last, None, "goals")}
    assert len(found.rows) == len(ITEMS)
    for number, name in enumerate(ITEMS):
        got = cells(found, number)
        assert (got["all-people"], got["all-first"], got["all-last"]) == (
            rows[name].people,
            rows[name].first,
            rows[name].last,
        )
        assert got["all-people"].value == got["outreach-people"].value + got["centre-people"].value
    drawn = chart(blocks, "profile")
    assert drawn.encodings["before"] == ("outreach-first", "centre-first")
    alone = book(scale={"low": 1, "high": 5, "labels": {1: {"da": "Lav", "en": "Low"}}})
    people(alone, 6, 2, 4)
    one = chart(profile(alone), "profile")
    assert one.encodings["now"] == (f"{ALL}-last",)
    assert one.scale is not None
    assert one.scale.low_title == Text(da="Lav", en="Low")


def test_a_small_unit_cannot_be_subtracted_from_everybody_in_a_profile() -> None:
    cases = book()
    people(cases, 9, 2, 4)
    people(cases, 3, 4, 5, site="city")
    found = protected(profile(cases)).table("profile-goals")
    for number in range(len(ITEMS)):
        got = cells(found, number)
        shown = [name for name in ("all", "outreach") if not got[f"{name}-people"].hidden]
        assert got["centre-people"].hidden
        assert len(shown) < 2


def test_figures_have_ids_of_their_own() -> None:
    blocks = [*change(two_units()), *profile(two_units())]
    figures = [figure for block in blocks if isinstance(block, Table) for figure in block.figures()]
    by_id: dict[str, Figure] = {}
    for figure in figures:
        assert by_id.setdefault(figure.id, figure) == replace(figure)
    assert all(
        isinstance(figure, ProtectedFigure)
        for found in protected(blocks).tables()
        for figure in found.figures()
    )
