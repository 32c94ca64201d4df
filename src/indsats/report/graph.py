"""A theory as boxes and arrows: what is drawn of it, in words of both languages, with numbers from two tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from indsats.figure import Figure
from indsats.language import NO_VALUE, Lang
from indsats.programme import Group as TargetGroup
from indsats.programme import Text, Theory

from .document import Table
from .flow import FlowArrow, FlowBox, flow_svg
from .formats import HIDDEN_MARK, cell_text, interval_text, is_hidden, part
from .plot import Chart, Graph, GraphArrow, GraphBox, Stroke
from .texts import say

LEVELS: Mapping[str, Text] = {
    "group": Text(da="målgruppe", en="target group"),
    "activity": Text(da="aktivitet", en="activity"),
    "mechanism": Text(da="mekanisme", en="mechanism"),
    "step": Text(da="skridt", en="step"),
    "immediate_result": Text(da="umiddelbart resultat", en="immediate result"),
    "subgoal": Text(da="delmål", en="sub-goal"),
    "result": Text(da="slutmål", en="final goal"),
}
"""What the levels of a theory are called above its boxes."""

STRENGTHS: Mapping[str, Text] = {
    "supported": Text(da="underbygget", en="supported"),
    "partly": Text(da="delvist underbygget", en="partly supported"),
    "not_shown": Text(da="ikke vist", en="not shown"),
    "not_examined": Text(da="ikke undersøgt", en="not examined"),
}
"""What the document found for a link, in words."""

_STROKES: Mapping[str, Stroke] = {
    "supported": "solid",
    "partly": "dashed",
    "not_shown": "dashdot",
    "not_examined": "dotted",
}
_WEAKEST_FIRST = ("not_examined", "not_shown", "partly", "supported")
_ORDER: Mapping[str, int] = {"activity": 0, "mechanism": 1, "result": 3}
"""The levels in the order of the columns; what is none of these stands between mechanisms and final goals."""
_MOST = 3
"""Lines of evidence that fit in a box; the table has them all."""
GROUP = "target-group"


@dataclass(frozen=True, slots=True)
class Said:
    """What stands on a drawing beside the words of the theory: ``boxes`` below a box, by its id; ``arrows`` on the
    arrows of a link and ``links`` as its sentence, by the number of the link from 0."""

    boxes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    arrows: Mapping[int, str] = field(default_factory=dict)
    links: Mapping[int, str] = field(default_factory=dict)


def theory_graph(
    theory: Theory,
    group: TargetGroup | None = None,
    rows: Mapping[str, Sequence[int]] | None = None,
    links_id: str = "",
    encodings: Mapping[str, str] | None = None,
) -> Graph:
    """A theory as columns by level, from its target group to final goals; a link through mechanisms is drawn so.

    ``rows`` are the rows of the chart's table by node (the group's as ``GROUP``), ``links_id`` the table with a row
    for each link in order and ``encodings`` its columns. Where several links share an arrow it is drawn as the
    weakest of them, so that the drawing promises nothing the table of links does not; the number stands on the first
    arrow of a link.
    """
    rows = rows or {}
    present = sorted({_ORDER.get(node.level, 2) for node in theory.nodes.values()})
    first = int(group is not None)
    boxes = [
        GraphBox(
            name,
            node.title,
            LEVELS[node.level],
            first + present.index(_ORDER.get(node.level, 2)),
            node.level == "result",
            tuple(rows.get(name, ())),
        )
        for name, node in theory.nodes.items()
    ]
    if group is not None:
        boxes.insert(0, GraphBox(GROUP, group.title, LEVELS["group"], 0, rows=tuple(rows.get(GROUP, ()))))
    strength: dict[tuple[str, str], str] = {}
    told: dict[tuple[str, str], list[int]] = {}
    for number, link in enumerate(theory.links):
        ways = [(link.cause, link.effect)]
        if link.through:
            ways = [way for one in link.through for way in ((link.cause, one), (one, link.effect))]
        for way in ways:
            strength[way] = min(strength.get(way, link.strength), link.strength, key=_WEAKEST_FIRST.index)
            told.setdefault(way, [])
        told[ways[0]].append(number)
    arrows = [GraphArrow(*way, _STROKES[found], tuple(told[way])) for way, found in strength.items()]
    drawn = {arrow.stroke for arrow in arrows}
    legend: dict[Stroke, Text] = {
        stroke: STRENGTHS[name] for name, stroke in _STROKES.items() if stroke in drawn
    }
    return Graph(tuple(boxes), tuple(arrows), legend, links_id, encodings or {})


def graph_svg(
    graph: Graph, title: str, lang: Lang, said: Said | None = None, *, about: str = "", name: str = "flow"
) -> str:
    """The graph as SVG; ``about`` and ``name`` as for ``flow_svg``."""
    said = said or Said()
    boxes = [
        FlowBox(
            box.id,
            box.title.in_(lang),
            box.kind.in_(lang),
            box.marked,
            said.boxes.get(box.id, ()),
            box.column,
        )
        for box in graph.boxes
    ]
    arrows = [
        FlowArrow(
            arrow.source,
            arrow.target,
            arrow.stroke,
            " · ".join(said.arrows[link] for link in arrow.links if link in said.arrows),
        )
        for arrow in graph.arrows
    ]
    legend: dict[Stroke, str] = {stroke: text.in_(lang) for stroke, text in graph.legend.items()}
    sentences = [said.links[link] for link in sorted(said.links)]
    return flow_svg(boxes, arrows, title, legend, about=about, told=sentences, name=name)


def theory_svg(chart: Chart, table: Table, links: Table, lang: Lang) -> str:
    """A chart of kind ``theory`` from two protected tables: what was measured in the boxes, and found on the arrows.

    ``ValueError`` when the chart has no graph.
    """
    graph = chart.graph
    if graph is None:
        raise ValueError(f"chart '{chart.id}' of kind 'theory' needs a graph")
    boxes = {box.id: _evidence(chart, table, box.rows, lang) for box in graph.boxes}
    at = {role: links.column(str(name)) for role, name in graph.encodings.items()}
    arrows: dict[int, str] = {}
    sentences: dict[int, str] = {}
    for number, row in enumerate(links.rows):
        text = {role: cell_text(row[place], links.columns[place], lang) for role, place in at.items()}
        found = row[at["association"]]
        sentence = say("chart-link", lang, cause=text["cause"], effect=text["effect"], found=text["strength"])
        if isinstance(found, Figure) and (found.value is not None or is_hidden(found)):
            arrows[number] = f"{text['link']}: {text['association']}"
            interval = interval_text(found, links.columns[at["association"]], lang)
            sentence = (
                f"{sentence}; {say('chart-goes-with', lang, value=text['association'])} {interval}".strip()
            )
        else:
            sentence = f"{sentence}; {say('chart-not-measured', lang)}"
        sentences[number] = f"{text['link']}. {sentence}"
    about = chart.alt.in_(lang)
    return graph_svg(
        graph, chart.title.in_(lang), lang, Said(boxes, arrows, sentences), about=about, name=chart.id
    )


def _evidence(chart: Chart, table: Table, rows: Sequence[int], lang: Lang) -> tuple[str, ...]:
    label, value = (table.column(str(chart.encodings[role])) for role in ("label", "value"))
    told: list[str] = []
    for row in (table.rows[one] for one in rows[:_MOST]):
        figure, name = row[value], cell_text(row[label], table.columns[label], lang)
        if not isinstance(figure, Figure):
            told.append(name or say("chart-not-measured", lang))
            continue
        told.append(
            f"{name}: {_measured(figure, table, value, lang)}"
            if name
            else _measured(figure, table, value, lang)
        )
    if len(rows) > _MOST:
        told.append(say("chart-more", lang, rows=str(len(rows) - _MOST)))
    return tuple(told)


def _measured(figure: Figure, table: Table, column: int, lang: Lang) -> str:
    """A figure on one line: with its counts where it is a share of people, with its interval where it is an effect."""
    if is_hidden(figure):
        return f"{HIDDEN_MARK} {say('hidden', lang)}"
    if figure.value is None:
        return NO_VALUE
    text = cell_text(figure, table.columns[column], lang)
    if figure.unit == "share" and figure.numerator is not None and figure.denominator is not None:
        return f"{text} ({part(figure.numerator, lang)}/{part(figure.denominator, lang)})"
    if figure.unit in ("points", "amount") and figure.low is not None:
        return f"{text} {interval_text(figure, table.columns[column], lang)}"
    return text
