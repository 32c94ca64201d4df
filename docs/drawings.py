"""Draws a programme from its definition: how its phases follow one another, and why it should work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from indsats.programme import Phase, Programme, Theory
from indsats.report import FlowArrow, FlowBox, flow_svg

Stroke = Literal["solid", "dashed", "dotted"]

LEVELS: Mapping[str, str] = {
    "activity": "activity",
    "mechanism": "mechanism",
    "step": "step",
    "immediate_result": "immediate result",
    "subgoal": "sub-goal",
    "result": "final goal",
}
"""What the levels of a theory are called above its boxes."""

STRENGTHS: Mapping[str, str] = {
    "supported": "supported",
    "partly": "partly supported",
    "not_shown": "not shown",
    "not_examined": "not examined",
}
"""What the document found for a link, in words."""

_STROKES: Mapping[str, Stroke] = {
    "supported": "solid",
    "partly": "dashed",
    "not_shown": "dotted",
    "not_examined": "dotted",
}
_WEAKEST_FIRST = ("not_examined", "not_shown", "partly", "supported")


def phases_svg(programme: Programme) -> str:
    """The phases from left to right; an arrow says what usually follows what, a heavy frame where people come in."""
    boxes = [
        FlowBox(name, phase.title.en, _kind(phase), phase.entry) for name, phase in programme.phases.items()
    ]
    places = {name: place for place, name in enumerate(programme.phases)}
    pairs = [(before, name) for name, phase in programme.phases.items() for before in phase.follows]
    # What runs against the order of the definition is a way back: the drawing takes arrows as they come.
    pairs.sort(key=lambda pair: places[pair[0]] >= places[pair[1]])
    arrows = [
        FlowArrow(before, name, "dotted" if programme.phases[name].repeats else "solid")
        for before, name in pairs
    ]
    legend: dict[Stroke, str] = {"solid": "usually follows", "dotted": "usually follows, and may run anew"}
    return flow_svg(boxes, arrows, f"The phases of {programme.title.en}", _used(legend, arrows))


def _kind(phase: Phase) -> str:
    traits = {"entry": phase.entry, "repeats": phase.repeats, "can be skipped": bool(phase.skipped_by)}
    return " · ".join(word for word, holds in traits.items() if holds)


def theory_svg(theory: Theory) -> str:
    """A theory from activities to final goals; a link that works through mechanisms is drawn through them.

    Where several links share an arrow it is drawn as the weakest of them, so that the drawing promises nothing the
    table of links does not.
    """
    boxes = [
        FlowBox(name, node.title.en, LEVELS[node.level], node.level == "result")
        for name, node in theory.nodes.items()
    ]
    found: dict[tuple[str, str], str] = {}
    for link in theory.links:
        ways = [(link.cause, link.effect)]
        if link.through:
            ways = [way for one in link.through for way in ((link.cause, one), (one, link.effect))]
        for way in ways:
            found[way] = min(found.get(way, link.strength), link.strength, key=_WEAKEST_FIRST.index)
    arrows = [FlowArrow(cause, effect, _STROKES[strength]) for (cause, effect), strength in found.items()]
    legend: dict[Stroke, str] = {
        "solid": "supported",
        "dashed": "partly supported",
        "dotted": "not shown or not examined",
    }
    return flow_svg(boxes, arrows, theory.title.en, _used(legend, arrows))


def _used(legend: Mapping[Stroke, str], arrows: Iterable[FlowArrow]) -> dict[Stroke, str]:
    """The strokes that occur, with what they say."""
    strokes = {arrow.stroke for arrow in arrows}
    return {stroke: text for stroke, text in legend.items() if stroke in strokes}


__all__ = ["LEVELS", "STRENGTHS", "phases_svg", "theory_svg"]
