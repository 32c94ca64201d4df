"""Draws a programme from its definition: how its phases follow one another, and why it should work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from indsats.programme import Phase, Programme, Theory
from indsats.report import GROUP, FlowArrow, FlowBox, Said, Stroke, flow_svg, graph_svg, theory_graph


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


def theory_svg(definition: Programme, theory: Theory) -> str:
    """A theory from its target group to final goals; a link that works through mechanisms is drawn through them.

    What was measured is drawn in reports: a definition alone has no numbers but the size of the group.
    """
    group = definition.groups.get(theory.group or "")
    size = {GROUP: (f"{theory.size:,} people",)} if theory.size is not None else {}
    return graph_svg(theory_graph(theory, group), theory.title.en, "en", Said(size))


def _used(legend: Mapping[Stroke, str], arrows: Iterable[FlowArrow]) -> dict[Stroke, str]:
    """The strokes that occur, with what they say."""
    strokes = {arrow.stroke for arrow in arrows}
    return {stroke: text for stroke, text in legend.items() if stroke in strokes}


__all__ = ["phases_svg", "theory_svg"]
