"""Movement between classes and sides in a report: the table, the streams, up and down, and what is tested."""

from __future__ import annotations

from typing import Any

import pytest

from casebook import Casebook, period, programme
from development_goals import all_at, goals
from indsats.measure import movement, transitions
from indsats.programme import Text, TransitionsBlock
from indsats.report import Block, Chart, Document, Section, Table, protect
from indsats.run.progression import transition_blocks

TITLE = Text(da="Skift", en="Moves")
YEAR = period("2016-01-01", "2016-12-31")
A, B, D = all_at(5), {**all_at(5), "focus": 3}, {**all_at(5), "focus": 2}
G = {**all_at(5), "health": 1}


def book(*moves: tuple[int, dict[str, Any], dict[str, Any]], **rest: Any) -> Casebook:
    cases = Casebook(programme(questionnaires={"goals": goals(**rest)}))
    number = 0
    for people, first, last in moves:
        for _ in range(people):
            number += 1
            who = {"person": f"p{number}", "enrolment": f"e{number}"}
            cases.enrol("2015-12-01", site="north" if number % 2 else "city", **who)
            cases.answer("2016-01-10", first, **who).answer("2016-11-10", last, **who)
    return cases.data_until("2017-01-31")


def blocks(cases: Casebook, level: str = "side") -> list[Block]:
    block = TransitionsBlock.model_validate(
        {"block": "transitions", "title": TITLE, "questionnaire": "goals", "level": level}
    )
    return list(transition_blocks(cases.facts(), block, YEAR))


def table(found: list[Block], name: str) -> Table:
    return next(block for block in found if isinstance(block, Table) and block.id == name)


def cells(found: Table, row: int) -> dict[str, Any]:
    return {column.id: cell for column, cell in zip(found.columns, found.rows[row], strict=True)}


def value(found: Table, row: int) -> dict[str, Any]:
    return {name: getattr(cell, "value", None) for name, cell in cells(found, row).items()}


def test_starts_stand_down_and_ends_across_with_totals_and_streams_beside() -> None:
    found = blocks(book((10, A, G), (6, G, A), (8, D, D)))
    together = table(found, "transitions-goals-together")
    assert [row[0].en for row in together.rows if isinstance(row[0], Text)] == ["Good", "Poor", "Total"]
    good, poor, total = (value(together, row) for row in range(3))
    assert (good["good"], good["poor"], good["total"]) == (8, 10, 18)
    assert (poor["good"], poor["poor"], poor["total"]) == (6, 0, 6)
    assert (total["good"], total["poor"], total["total"]) == (14, 10, 24)
    [drawn] = [block for block in found if isinstance(block, Chart)]
    assert (drawn.kind, drawn.table_id) == ("transitions", together.id)
    assert drawn.encodings["ends"] == tuple(column.id for column in together.columns[1:-1])
    # the tables from each start by unit stay as they were
    assert table(found, "transitions-goals-good").total_row == 2


def test_classes_are_followed_with_the_titles_of_every_edition() -> None:
    kept = ("scale", "items", "sides", "source")
    gone = [{"id": "Z", "title": {"da": "Gammel", "en": "Old"}, "source": "L1", "when": "health >= 1"}]
    earlier = {name: part for name, part in goals().items() if name in kept}
    editions = {"v1": {**earlier, "classes": gone, "until": "2016-06-30", "comparable": True}}
    found = blocks(book((7, A, B), earlier=editions, edition="now"), "class")
    together = table(found, "class-transitions-goals-together")
    assert [row[0].en for row in together.rows if isinstance(row[0], Text)][-2:] == ["Z: Old", "Total"]
    assert value(together, 7)["b"] == 7
    assert not [block for block in found if isinstance(block, Table) and block.id == "transitions-goals-good"]


def test_up_and_down_are_those_of_the_room_of_measurement() -> None:
    cases = book((10, A, G), (6, G, A), (8, D, B))
    for level in ("side", "class"):
        name = "transitions" if level == "side" else "class-transitions"
        moved = table(blocks(cases, level), f"{name}-goals-movement")
        want = {row.unit: row for row in movement(transitions(cases.facts(), "goals", YEAR, {}, level=level))}  # type: ignore[arg-type]
        got = cells(moved, len(moved.rows) - 1)
        assert (got["up"], got["same"], got["down"]) == (want["all"].up, want["all"].same, want["all"].down)
        assert got["people"].value == want["all"].up.denominator == 24
        assert "another-rater" not in got


def test_a_movement_one_way_is_told_from_one_both_ways() -> None:
    lopsided = table(blocks(book((10, A, G), (6, G, A))), "transitions-goals-direction")
    # McNemar of 10 against 6: (10 - 6)^2 / 16
    assert value(lopsided, 0)["statistic"] == pytest.approx(1.0)
    assert value(lopsided, 0)["p"] == pytest.approx(0.3173, abs=1e-4)
    classes = table(
        blocks(book((10, A, G), (6, G, A), (5, A, D), (9, D, G)), "class"),
        "class-transitions-goals-direction",
    )
    asked = [row[0].en.partition(" (")[2] for row in classes.rows if isinstance(row[0], Text)]
    assert asked[:2] == ["Stuart-Maxwell)", "Bowker)"]
    # Bowker: (10-6)^2/16 + (5-0)^2/5 + (9-0)^2/9, with a degree of freedom for each pair that moved
    assert (value(classes, 1)["statistic"], value(classes, 1)["df"]) == (pytest.approx(15.0), 3)


def test_where_nobody_moved_there_is_no_direction_to_test() -> None:
    found = blocks(book((10, A, A)))
    assert not [block for block in found if isinstance(block, Table) and block.id.endswith("direction")]


def test_a_hidden_direction_cannot_be_worked_out_and_hides_its_tests() -> None:
    cases = book((20, A, A), (12, G, A), (2, A, G), (14, G, G))
    document = protect(
        Document(
            title=TITLE,
            programme="trial",
            version=1,
            period=YEAR,
            sections=(Section(TITLE, tuple(blocks(cases))),),
            threshold=5,
            synthetic=True,
        )
    )
    moved = document.table("transitions-goals-movement")
    for row in range(len(moved.rows)):
        got = cells(moved, row)
        hidden = [name for name in ("up", "same", "down") if got[name].hidden]
        assert "down" in hidden
        assert len(hidden) > 1 or got["people"].hidden
    tests = document.table("transitions-goals-direction")
    assert all(cells(tests, row)["p"].hidden for row in range(len(tests.rows)))
