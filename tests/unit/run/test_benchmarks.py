"""Blocks of benchmark and reclassification: what they show, and that nobody can be found in them by subtracting."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from casebook import Casebook, text
from indsats.figure import Figure
from indsats.programme import BenchmarkBlock, IndicatorsBlock, ReclassifiedBlock, Text
from indsats.report import Block, Chart, Document, ProtectedFigure, Section, Table, chart_spec, protect
from indsats.run.benchmarks import benchmark_blocks, reclassified_blocks
from indsats.run.steering import indicator_blocks
from indsats.run.sums import groups
from rank_sites import HALF, YEAR, definition, met

APART = {"north": (12, 60), "east": (24, 60), "south": (36, 60), "west": (48, 60)}


def compared(cases: Casebook, *names: str) -> list[Block]:
    block = {"block": "benchmark", "title": text("Steder"), "indicators": list(names or ("came",))}
    return list(benchmark_blocks(cases.facts(), BenchmarkBlock.model_validate(block), YEAR))


def guarded(cases: Casebook, blocks: Iterable[Block], threshold: int = 5) -> Document:
    title = Text(da="x", en="x")
    sections = (Section(title, tuple(blocks)),)
    facts = cases.facts()
    return protect(
        Document(
            title=title,
            programme="trial",
            version=1,
            period=YEAR,
            sections=sections,
            threshold=threshold,
            synthetic=True,
            groups=tuple(groups(facts.programme, facts, sections)),
        )
    )


def column(table: Table, name: str) -> list[Any]:
    return [row[table.column(name)] for row in table.rows]


def test_a_table_a_drawing_distances_and_how_sure_it_is() -> None:
    blocks = compared(met(APART), "came", "cases")
    assert [block.id for block in blocks if not isinstance(block, Text)] == [  # type: ignore[union-attr]
        "benchmark-came",
        "benchmark-came-chart",
        "benchmark-came-distances",
        "benchmark-cases",
        "benchmark-cases-chart",
        "benchmark-cases-distances",
        "benchmark-order-came",
    ]
    ranks = column(blocks[0], "rank")  # type: ignore[arg-type]
    assert [rank.value for rank in ranks[:-1]] == [4, 3, 2, 1]
    assert all(rank.low <= rank.value <= rank.high for rank in ranks[:-1])
    order = blocks[-1]
    assert isinstance(order, Table)
    assert "ikke ens" in order.rows[0][-1].da  # type: ignore[union-attr]


@pytest.mark.parametrize("lang", ["da", "en"])
def test_the_drawing_puts_the_best_first_and_hides_what_the_table_hides(lang: Any) -> None:
    cases = met({**APART, "small": (1, 3)})
    shown = guarded(cases, compared(cases))
    [chart], table = shown.charts(), shown.table("benchmark-came")
    spec = chart_spec(chart, table, lang)
    assert spec is not None
    told = [
        row["text"]
        for layer in spec["layer"]
        for row in layer["data"].get("values", [])
        if "text" in row and row["x"] < 0
    ]
    names = [text for text in told if text.title() in ("North", "East", "South", "West", "Small")]
    assert names == ["West", "South", "East", "North", "Small"]
    assert not any(
        row.get("item") == "Small" for layer in spec["layer"] for row in layer["data"].get("values", [])
    )


def test_without_a_direction_there_is_no_rank_to_draw() -> None:
    blocks = compared(met(APART, "neither"))
    assert not any(isinstance(block, Chart) for block in blocks)
    assert isinstance(blocks[0], Table)
    assert [one.id for one in blocks[0].columns] == ["place", "level", "to-others"]


def test_rows_keep_the_order_of_the_sites_so_that_it_tells_nothing() -> None:
    [first, *_] = compared(met({"b": (10, 40), "c": (39, 40), "a": (20, 40)}))
    assert isinstance(first, Table)
    assert [cell.da for cell in column(first, "place")[:-1]] == ["B", "C", "A"]


def test_a_few_hide_themselves_and_leave_the_others_their_ranks() -> None:
    cases = met({**APART, "small": (1, 3)})
    table = guarded(cases, compared(cases)).table("benchmark-came")
    levels = column(table, "level")
    assert levels[4].hidden
    assert column(table, "to-others")[4].hidden
    assert [isinstance(cell, ProtectedFigure) and cell.value for cell in column(table, "rank")[:4]] == [
        4,
        3,
        2,
        1,
    ]


def test_the_whole_programme_beside_the_sites_gives_no_few_away() -> None:
    cases = met({**APART, "small": (1, 3)})
    asked = {"block": "indicators", "title": text("x"), "indicators": ["came"]}
    unit = indicator_blocks(cases.facts(), IndicatorsBlock.model_validate(asked), YEAR)
    shown = guarded(cases, [*compared(cases), *unit])
    numbers = {f.id: f for table in shown.tables() for f in table.figures()}
    whole = numbers["indicator/came/outreach/2016-01-01..2016-12-31"]
    sites = [numbers[f"indicator/came/site.{site}/2016-01-01..2016-12-31"] for site in (*APART, "small")]
    total = numbers["sites/came/all/2016-01-01..2016-12-31"]
    assert sites[-1].value is None
    # either the unit, or another site and the total, are hidden too
    assert whole.value is None or (total.value is None and sum(one.value is None for one in sites) > 1)
    # and a rank whose gap would tell of a hidden level is hidden with it
    for figure in numbers.values():
        if figure.id.startswith(("rank/", "best-quarter/", "alike/")) and figure.value is not None:
            assert all(numbers[name].value is not None for name in figure.made_from)


def moved(people: int = 60, away: int = 20) -> Casebook:
    """Half of the people come; of those who do not, some are moved out of the class, and nobody changes."""
    cases = Casebook(definition(["a"]))
    for one in range(people):
        who = {"person": f"p{one:02}", "enrolment": f"e{one:02}"}
        cases.enrol("2015-12-01", site="a", **who)
        cases.fact("event", "2015-12-02", event="class", value="two", **who)
        came = "held" if one < people // 2 else "no_show"
        cases.meet("2016-03-01", came, **who).meet("2016-10-01", came, **who)
        if one >= people - away:
            cases.fact("event", "2016-07-05", event="class", value="three", **who)
    return cases.data_until("2016-12-31")


def followed(cases: Casebook) -> list[Block]:
    block = {
        "block": "reclassified",
        "title": text("Flyttet?"),
        "indicator": "came",
        "event": "class",
        "value": "two",
    }
    return list(reclassified_blocks(cases.facts(), ReclassifiedBlock.model_validate(block), HALF))


def test_a_change_that_is_reclassification_is_said_to_be() -> None:
    shown = guarded(moved(), followed(moved()))
    levels, reading, parts = shown.tables()
    assert [cell.value for cell in levels.rows[0][1:]] == [0.5, 0.75, 0.25]  # type: ignore[union-attr]
    assert [cell.value for cell in levels.rows[1][1:]] == [0.5, 0.5, 0.0]  # type: ignore[union-attr]
    assert reading.rows[0][1].value == 0  # type: ignore[union-attr]
    assert "skiftet gruppe" in reading.rows[0][2].da  # type: ignore[union-attr]
    added = [row[-1].value for row in parts.rows]  # type: ignore[union-attr]
    assert sum(added) == pytest.approx(0.25)
    assert all(isinstance(one.title, Text) for one in (levels, reading, parts))


def test_few_who_were_moved_are_hidden_with_what_would_tell_of_them() -> None:
    cases = moved(60, 2)
    levels, reading, parts = guarded(cases, followed(cases)).tables()
    gone = {row[0].en: row for row in parts.rows}["Moved to another class"]  # type: ignore[union-attr]
    assert all(cell.hidden for cell in gone[1:] if isinstance(cell, ProtectedFigure))
    # held still, the level differs from the reported one by the two: one of them at most is shown
    assert levels.rows[1][2].hidden  # type: ignore[union-attr]
    assert reading.rows[0][2] is None
    stayed = parts.rows[0]
    numbers = [levels.rows[0][1], stayed[2]]
    assert any(isinstance(one, ProtectedFigure) and one.hidden for one in numbers)


def test_every_sentence_is_in_both_languages() -> None:
    for block in [*compared(met(APART)), *followed(moved())]:
        texts = [block.title, *getattr(block, "notes", ())]  # type: ignore[union-attr]
        if isinstance(block, Table):
            texts += [one.title for one in block.columns]
            texts += [cell for row in block.rows for cell in row if isinstance(cell, Text)]
            assert all(isinstance(cell, Figure | Text | None) for row in block.rows for cell in row)
        assert all(one.da and one.en for one in texts)
