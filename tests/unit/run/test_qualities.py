"""How well a form measures and what it foretells: numbers of the rooms, read no further than their intervals allow."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from casebook import Casebook, item, period, programme, text
from indsats.figure import Figure
from indsats.measure import quality
from indsats.programme import QualityBlock, ValidityBlock
from indsats.report import Block, Chart, Document, Paragraph, ProtectedFigure, Section, Table, protect
from indsats.run import quality_words as said
from indsats.run.foretelling import validity_blocks
from indsats.run.qualities import quality_blocks
from indsats.steer import validity

YEARS = period("2016-01-01", "2017-12-31")
ITEMS = ("a", "b", "c", "d")


def book(**rest: Any) -> Casebook:
    form = item(
        "Form",
        **{
            "scale": {"low": 1, "high": 5},
            "items": {name: item(name) for name in ITEMS},
            "raters": ["citizen", "worker"],
            "scores": {"sum": item("Sum", combine="sum")},
            "levels": [
                item(id="low", title="Low", answers=[1, 2, 3]) | {"id": "low"},
                item(id="high", title="High", answers=[4, 5]) | {"id": "high"},
            ],
            **rest,
        },
    )
    return Casebook(programme(questionnaires={"goals": form}, disclosure_threshold=5))


def answered(cases: Casebook, people: int, *, strength: float = 0.0, above: int = 0) -> Casebook:
    """People with one level each; ``strength`` makes the high ones meet later, the worker rates ``above`` higher."""
    rng = np.random.default_rng(5)
    for number in range(people):
        who = {"person": f"p{number}", "enrolment": f"e{number}"}
        cases.enrol("2016-01-01", **who)
        level = rng.normal(3, 0.8)
        for rater, more in (("citizen", 0), ("worker", above)):
            given = np.clip(np.rint(level + more + rng.normal(0, 0.5, 4)), 1, 5).astype(int).tolist()
            cases.answer("2016-01-02", dict(zip(ITEMS, given, strict=True)), rater=rater, **who)
        by_level = rng.random() < 1 / (1 + np.exp(-strength * (level - 3)))
        if by_level if strength else number % 2:
            cases.meet("2016-03-01", **who)
    # somebody is followed to the end, so that the data reach it
    return cases.meet("2017-12-31", person="p0", enrolment="e0")


def of_quality(cases: Casebook) -> list[Block]:
    block = QualityBlock.model_validate({"block": "quality", "title": text("Q"), "questionnaire": "goals"})
    return list(quality_blocks(cases.facts(), block, YEARS))


def of_validity(cases: Casebook, **rest: Any) -> list[Block]:
    asked = {"items": ["a"], "what": [{"kind": "meeting"}], "within": "P26W", **rest}
    block = ValidityBlock.model_validate(
        {"block": "validity", "title": text("Does it?"), "questionnaire": "goals", **asked}
    )
    return list(validity_blocks(cases.facts(), block, YEARS))


def table(blocks: Iterable[Block], name: str) -> Table:
    return next(block for block in blocks if isinstance(block, Table) and block.id == name)


def figure(found: Table, row: int, column: str) -> Figure:
    cell = found.rows[row][found.column(column)]
    assert isinstance(cell, Figure)
    return cell


def reading(found: Table, row: int, column: str = "reading") -> str:
    return str(getattr(found.rows[row][found.column(column)], "da", ""))


def protected(blocks: Iterable[Block]) -> Document:
    title = next(block for block in blocks if isinstance(block, Table)).title
    return protect(
        Document(
            title=title,
            programme="trial",
            version=1,
            period=YEARS,
            sections=(Section(title, tuple(blocks)),),
            threshold=5,
            synthetic=True,
        )
    )


def test_each_measure_is_a_row_with_its_number_limit_and_reading() -> None:
    cases = answered(book(), 80)
    (row,) = quality(cases.facts(), "goals", YEARS.last, "goals")
    found = table(of_quality(cases), "quality-goals-sum")
    assert [line[0] for line in found.rows] == list(said.QUALITY.values())[:7]
    assert figure(found, 1, "value") == row.alpha
    assert reading(found, 1) == said.RELIABLE.da
    assert reading(found, 0) == said.ENOUGH_PEOPLE.da


def test_the_change_people_notice_stands_beside_the_least_reliable_one() -> None:
    scores = {"sum": item("Sum", combine="sum", smallest_change=0.5)}
    found = table(of_quality(answered(book(scores=scores), 80)), "quality-goals-sum")
    assert figure(found, 7, "value").value == 0.5
    assert figure(found, 7, "value").given
    assert said.DETECTABLE_OVER.da in reading(found, 6)


def test_what_cannot_be_computed_says_so_in_both_languages_and_never_how_an_error_put_it() -> None:
    cases = book(items={name: item(name) for name in ("a", "b")})
    for number in range(20):
        who = {"person": f"p{number}", "enrolment": f"e{number}"}
        given = {"a": 3, "b": 1 + number % 5}
        cases.enrol("2016-01-01", **who).answer("2016-01-02", given, rater="citizen", **who)
    found = table(of_quality(cases), "quality-goals-sum")
    assert reading(found, 1) == said.WARNINGS["no_variation"].da
    assert reading(found, 2) == said.WARNINGS["few_items"].da
    assert reading(found, 5) == said.WARNINGS["not_twice"].da


def test_every_warning_of_a_quality_row_has_a_sentence() -> None:
    from indsats.measure import agreement, omega, reliability
    from indsats.measure.quality import (
        FEW_ANSWERS,
        FEW_ITEMS,
        NO_RELIABILITY,
        NO_VARIATION,
        NOT_COMPUTED,
        NOT_TWICE,
    )

    codes = {FEW_ANSWERS, FEW_ITEMS, NO_RELIABILITY, NO_VARIATION, NOT_COMPUTED, NOT_TWICE}
    codes |= {agreement.NO_SPREAD, reliability.NEGATIVE_ITEM}
    codes |= {omega.HEYWOOD, omega.MIXED_SIGNS, omega.NO_FACTOR, omega.NOT_CONVERGED}
    assert codes <= set(said.WARNINGS)


def test_numbers_of_few_people_are_hidden_with_what_is_said_of_them() -> None:
    found = table(of_quality(answered(book(), 4)), "quality-goals-sum")
    shown = protected([found]).table("quality-goals-sum")
    for row in range(5):
        cell = shown.rows[row][1]
        assert isinstance(cell, ProtectedFigure)
        assert cell.hidden
        assert shown.rows[row][shown.column("reading")] is None


def test_raters_who_differ_are_told_apart_by_who_rates_higher() -> None:
    found = table(of_quality(answered(book(), 80, above=1)), "raters-goals")
    assert {reading(found, row) for row in range(len(found.rows))} == {"worker svarer højere."}
    alike = table(of_quality(answered(book(), 80)), "raters-goals")
    assert reading(alike, 0) == said.NO_GAP.da


def test_a_form_nobody_answered_says_so() -> None:
    (only,) = of_quality(book().enrol("2016-01-01"))
    assert isinstance(only, Paragraph)


def test_foretelling_is_claimed_only_where_the_interval_leaves_chance_out() -> None:
    for strength, sentence in (
        (2.5, said.BETTER_THAN_CHANCE),
        (0.0, said.CANNOT_TELL),
        (-2.5, said.OTHER_WAY),
    ):
        found = table(of_validity(answered(book(), 200, strength=strength)), "validity-goals")
        assert reading(found, 0) == sentence.da


def test_the_numbers_are_those_of_the_room_of_steering() -> None:
    cases = answered(book(), 200, strength=2.0)
    blocks = of_validity(cases, scores=["sum"])
    block = ValidityBlock.model_validate(
        {
            "block": "validity",
            "title": text("x"),
            "questionnaire": "goals",
            "scores": ["sum"],
            "what": [{"kind": "meeting"}],
            "within": "P26W",
        }
    )
    (row,) = validity(
        cases.facts(), "goals", scores=["sum"], what=block.what, within=block.within, until=YEARS.last
    )
    assert figure(table(blocks, "validity-goals"), 0, "auc").value == row.auc.value
    assert figure(table(blocks, "validity-goals-more"), 0, "brier").value == row.brier.value


def test_a_split_that_shows_few_is_put_together_into_levels() -> None:
    blocks = of_validity(answered(book(), 200, strength=1.0))
    split = table(blocks, "validity-goals-a")
    assert [row[0] for row in split.rows] == [level.title for level in levels()]
    assert said.IN_LEVELS in split.notes
    assert any(isinstance(block, Chart) and block.table_id == split.id for block in blocks)
    assert not any(
        isinstance(one, ProtectedFigure) and one.hidden
        for one in protected(blocks).table("validity-goals").figures()
    )


def levels() -> list[Any]:
    return book().programme.questionnaires["goals"].levels


def test_without_a_split_that_is_safe_none_is_shown_and_the_area_is() -> None:
    blocks = of_validity(answered(book(levels=[]), 60, strength=1.0))
    assert not any(isinstance(block, Table) and block.id == "validity-goals-a" for block in blocks)
    found = protected(blocks).table("validity-goals")
    assert figure(found, 0, "auc").value is not None
    assert any("vises ikke" in note.da for note in found.notes)


def test_who_is_included_adds_up_to_the_same_everybody() -> None:
    cases = answered(book(), 60)
    for number in range(7):
        cases.enrol("2016-01-01", person=f"n{number}", enrolment=f"n{number}")
    who = table(of_validity(cases, items=["a", "b"]), "validity-goals-who")
    for row in range(len(who.rows)):
        *parts, total = (cell for cell in who.rows[row] if isinstance(cell, Figure))
        assert sum(part.value or 0 for part in parts) == total.value == 67
    assert [group.total for group in who.groups]


def test_a_caution_that_tells_of_few_is_hidden_with_the_number() -> None:
    cases = answered(book(), 30)
    blocks = of_validity(cases, what=[{"kind": "exit"}])
    cases.leave("2016-03-01", person="p1", enrolment="e1")
    blocks = of_validity(cases, what=[{"kind": "exit"}])
    doubts = protected(blocks).table("validity-goals-doubts")
    assert "1 af 30" in str(table(blocks, "validity-goals-doubts").rows)
    assert "1 af 30" not in str(doubts.rows)


def test_two_raters_are_compared_on_the_same_people() -> None:
    items = {"a": item("a", raters=["citizen"]), "b": item("b", raters=["worker"])}
    cases = book(items=items, scores={})
    rng = np.random.default_rng(2)
    for number in range(200):
        who = {"person": f"p{number}", "enrolment": f"e{number}"}
        belief, other = int(rng.integers(1, 6)), int(rng.integers(1, 6))
        cases.enrol("2016-01-01", **who)
        cases.answer("2016-01-02", {"a": other}, rater="citizen", **who)
        cases.answer("2016-01-02", {"b": belief}, rater="worker", **who)
        if rng.random() < belief / 6:
            cases.meet("2016-03-01", **who)
    cases.meet("2017-12-31", person="p0", enrolment="e0")
    found = table(of_validity(cases, items=["a", "b"]), "validity-goals-compared")
    assert figure(found, 0, "people").value == 200
    assert reading(found, 0) == said.foretells_better(items_of(cases)["b"].title).da


def items_of(cases: Casebook) -> Any:
    return cases.programme.questionnaires["goals"].items


def test_two_outcomes_of_one_form_have_figures_of_their_own() -> None:
    cases = answered(book(), 60)
    one, other = of_validity(cases), of_validity(cases, within="P52W")
    ids = [
        {shown.id for block in blocks if isinstance(block, Table) for shown in block.figures()}
        for blocks in (one, other)
    ]
    assert not ids[0] & ids[1]
