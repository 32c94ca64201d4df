"""Boxes and arrows: every box and arrow is drawn and told, and arrows run forwards unless they must not."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indsats.report import FlowArrow, FlowBox, flow_svg

NS = {"s": "http://www.w3.org/2000/svg"}


def drawn(boxes: list[FlowBox], arrows: list[FlowArrow]) -> ElementTree.Element:
    return ElementTree.fromstring(flow_svg(boxes, arrows, "Faser & veje"))  # noqa: S314 (our own drawing)


def frames(svg: ElementTree.Element) -> list[tuple[float, float, float, float]]:
    found = svg.findall("s:rect[@rx]", NS)
    return [tuple(float(one.get(key) or 0) for key in ("x", "y", "width", "height")) for one in found]  # type: ignore[misc]


def test_a_box_stands_to_the_right_of_those_that_lead_to_it() -> None:
    svg = drawn(
        [FlowBox("a", "A"), FlowBox("b", "B"), FlowBox("c", "C")],
        [FlowArrow("a", "b"), FlowArrow("b", "c"), FlowArrow("a", "c")],
    )
    assert [x for x, *_ in frames(svg)] == sorted({x for x, *_ in frames(svg)})


def test_a_relapse_runs_below_the_boxes() -> None:
    svg = drawn([FlowBox("a", "A"), FlowBox("b", "B")], [FlowArrow("a", "b"), FlowArrow("b", "a", "dotted")])
    lowest = max(y + height for _, y, _, height in frames(svg))
    back = next(
        one.get("d", "") for one in svg.findall("s:path", NS) if one.get("stroke-dasharray") == "1.5 4"
    )
    assert max(float(down) for down in re.findall(r"V([\d.]+)", back)) > lowest


def test_every_arrow_is_told_to_those_who_cannot_see_it_and_text_is_escaped() -> None:
    svg = drawn([FlowBox("a", "Møde <1>"), FlowBox("b", "Job & løn")], [FlowArrow("a", "b", "dashed")])
    assert svg.findtext("s:desc", namespaces=NS) == "Møde <1> → Job & løn"
    assert svg.findtext("s:title", namespaces=NS) == "Faser & veje"


def test_an_arrow_to_nowhere_is_refused() -> None:
    with pytest.raises(KeyError, match="nowhere"):
        flow_svg([FlowBox("a", "A")], [FlowArrow("a", "nowhere")], "x")


@given(st.integers(1, 9), st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=20))
def test_boxes_never_cover_one_another_whatever_is_linked(size: int, ends: list[tuple[int, int]]) -> None:
    boxes = [FlowBox(f"b{i}", "ord " * (i + 1)) for i in range(size)]
    arrows = [FlowArrow(f"b{a % size}", f"b{b % size}") for a, b in ends]
    svg = drawn(boxes, arrows)
    placed = frames(svg)
    assert len(placed) == size
    for number, (x, y, width, height) in enumerate(placed):
        for ox, oy, other_width, other_height in placed[number + 1 :]:
            apart = x + width <= ox or ox + other_width <= x or y + height <= oy or oy + other_height <= y
            assert apart
