"""A theory drawn from two tables: what is hidden in them is hidden in it, and every link is told in words."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import pytest

from casebook import item
from indsats.figure import Figure
from indsats.programme import Text, Theory
from indsats.report import (
    GROUP,
    Chart,
    Column,
    Document,
    Section,
    Table,
    chart_spec,
    chart_svg,
    protect,
    render_html,
    theory_graph,
)

NS = {"s": "http://www.w3.org/2000/svg"}
LINK_COLUMNS = {name: name for name in ("link", "cause", "effect", "strength", "association")}


def both(words: str) -> Text:
    return Text(da=words, en=words)


def theory() -> Theory:
    def node(name: str, level: str) -> dict[str, object]:
        return item(name, level=level)

    return Theory.model_validate(
        item(
            "Change",
            nodes={
                "talk": node("Talk", "activity"),
                "trust": node("Trust", "mechanism"),
                "ready": node("Ready", "subgoal"),
                "job": node("Job", "result"),
            },
            links=[
                {
                    "cause": "talk",
                    "effect": "ready",
                    "through": ["trust"],
                    "strength": "partly",
                    "source": "L1",
                },
                {"cause": "ready", "effect": "job", "source": "L1"},
            ],
        )
    )


def document(talked: int) -> Document:
    steps = Table(
        "steps",
        both("Steps"),
        (
            Column("step", both("Step")),
            Column("indicator", both("Indicator")),
            Column("measured", both("Measured")),
        ),
        (
            (both("Talk"), both("talked"), Figure.share("talked", talked, 500)),
            (both("Ready"), both("ready"), Figure.share("ready", 300, 500)),
            (both("Job"), both("not measured"), None),
        ),
    )
    found = Figure("goes", 0.21, "number", denominator=480, low=0.1, high=0.32, made_from=("talked", "ready"))
    links = Table(
        "links",
        both("Links"),
        tuple(
            Column(name, both(name), decimals=2 if name == "association" else None) for name in LINK_COLUMNS
        ),
        (
            ("1", both("Talk"), both("Ready"), both("partly supported"), found),
            ("2", both("Ready"), both("Job"), both("not examined"), None),
        ),
    )
    rows = {"talk": [0], "ready": [1], "job": [2]}
    chart = Chart(
        "theory",
        both("Why"),
        "steps",
        "theory",
        {"label": "indicator", "value": "measured"},
        both("A drawing."),
        graph=theory_graph(theory(), None, rows, "links", LINK_COLUMNS),
    )
    section = Section(both("s"), (chart, steps, links))
    return Document(
        title=both("d"),
        programme="p",
        version=1,
        period=None,
        sections=(section,),
        threshold=5,
        synthetic=True,
    )


def drawn(talked: int) -> str:
    shown = protect(document(talked))
    [chart] = shown.charts()
    svg = chart_svg(chart, shown.table("steps"), "en", shown.table("links"))
    assert svg is not None
    return svg


def words(svg: str) -> str:
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own
    return " ".join(" ".join(one.itertext()) for one in root.findall("s:text", NS))


def test_boxes_hold_what_was_measured_and_arrows_what_goes_together() -> None:
    text = words(drawn(410))
    assert "(410/500)" in text
    assert "1: 0.21" in text
    assert "not measured" in text


def test_what_is_hidden_in_the_tables_is_hidden_in_the_drawing() -> None:
    svg = drawn(3)
    assert "3/500" not in svg
    assert "0.21" not in svg
    assert "1: •" in words(svg)


def test_every_link_is_a_sentence_with_its_interval_or_that_it_is_not_measured() -> None:
    root = ElementTree.fromstring(drawn(410))  # noqa: S314 - our own
    told = root.findtext("s:desc", "", NS)
    assert "1. When Talk, then Ready; what the document found: partly supported" in told
    assert "0.21 (0.10–0.32)" in told
    assert "2. When Ready, then Job" in told
    assert told.endswith("not measured")
    assert root.get("aria-labelledby") == "theory-title theory-about"


def test_a_link_is_drawn_through_its_mechanisms_and_its_number_stands_once() -> None:
    graph = theory_graph(theory())
    assert {(arrow.source, arrow.target) for arrow in graph.arrows} == {
        ("talk", "trust"),
        ("trust", "ready"),
        ("ready", "job"),
    }
    assert [arrow.links for arrow in graph.arrows] == [(0,), (), (1,)]


def test_the_target_group_comes_first_and_final_goals_last() -> None:
    group = theory().model_copy(update={"title": both("Young")})
    boxes = {box.id: box.column for box in theory_graph(theory(), group).boxes}  # type: ignore[arg-type]
    assert boxes == {GROUP: 0, "talk": 1, "trust": 2, "ready": 3, "job": 4}


def test_strokes_tell_strength_and_the_legend_says_so() -> None:
    assert {stroke: text.en for stroke, text in theory_graph(theory()).legend.items()} == {
        "dashed": "partly supported",
        "dotted": "not examined",
    }


def test_the_page_shows_it_and_a_chart_without_its_tables_is_refused() -> None:
    assert "theory-title" in render_html(protect(document(410)), "en")
    [chart] = document(410).charts()
    with pytest.raises(ValueError, match="without Vega-Lite"):
        chart_spec(chart, document(410).table("steps"), "en")
    assert chart.graph is not None
    away = replace(chart, graph=replace(chart.graph, links_id="nowhere"))
    with pytest.raises(ValueError, match="'nowhere', which is not in"):
        replace(document(410), sections=(Section(both("s"), (away, document(410).table("steps"))),))
