"""Boxes and arrows from left to right: phases of a programme, or how activities are thought to lead to results.

Layered drawing after Sugiyama, Tagawa and Toda (1981): layers by longest path, bends for arrows that pass a
layer, order within layers by barycentres. Written here because the kept libraries that do it are under a licence
that would bind the product (igraph) or need a program beside Python (Graphviz).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise
from textwrap import wrap
from typing import Literal

from .canvas import ACCENT, FONT, INK, LINE, MUTED

Stroke = Literal["solid", "dashed", "dotted"]
_DASH: Mapping[Stroke, str] = {"solid": "", "dashed": "7 4", "dotted": "1.5 4"}
_BOX, _GAP, _BETWEEN, _LETTERS, _LEADING, _MARGIN = 182, 62, 14, 26, 15.0, 6.0
_SWEEPS = 12


@dataclass(frozen=True, slots=True)
class FlowBox:
    """A box: ``kind`` is a word in small letters above its text, such as the level in a theory."""

    id: str
    text: str
    kind: str = ""
    marked: bool = False
    """Drawn with a heavier frame: where people come in, or the final goal."""


@dataclass(frozen=True, slots=True)
class FlowArrow:
    """An arrow from one box to another; ``stroke`` tells what sort it is, explained in the legend."""

    source: str
    target: str
    stroke: Stroke = "solid"


@dataclass(slots=True)
class _Spot:
    """A box, or a bend of an arrow that passes a layer, and where it is put."""

    layer: int
    height: float
    lines: list[str] = field(default_factory=list)
    rank: float = 0.0
    y: float = 0.0


def flow_svg(
    boxes: Sequence[FlowBox],
    arrows: Sequence[FlowArrow],
    title: str,
    legend: Mapping[Stroke, str] | None = None,
) -> str:
    """The drawing as SVG with its title and, for those who cannot see it, every arrow as a sentence.

    Arrows that run backwards (a relapse to an earlier phase) are drawn below the boxes. Arrows to boxes that do
    not exist raise KeyError.
    """
    by_id = {box.id: box for box in boxes}
    for end in (end for arrow in arrows for end in (arrow.source, arrow.target)):
        if end not in by_id:
            raise KeyError(end)
    layer = _layers([box.id for box in boxes], arrows)
    spots = {box.id: _spot(box, layer[box.id]) for box in boxes}
    forward = [arrow for arrow in arrows if layer[arrow.target] > layer[arrow.source]]
    backward = [arrow for arrow in arrows if layer[arrow.target] <= layer[arrow.source]]
    paths = [(arrow, _bends(arrow, spots)) for arrow in forward]
    columns = _ordered(spots, [path for _, path in paths])
    height = _placed(columns, spots)
    return _written(by_id, spots, paths, backward, height, title, legend or {})


def _spot(box: FlowBox, layer: int) -> _Spot:
    lines = wrap(box.text, _LETTERS) or [""]
    return _Spot(layer, 16 + _LEADING * (len(lines) + bool(box.kind)), lines)


def _layers(names: Sequence[str], arrows: Sequence[FlowArrow]) -> dict[str, int]:
    """Longest path from a box nothing leads to; an arrow that would close a circle is left aside."""
    follows: dict[str, list[str]] = {name: [] for name in names}
    kept: list[FlowArrow] = []
    for arrow in arrows:
        if not _leads(follows, arrow.target, arrow.source):
            follows[arrow.source].append(arrow.target)
            kept.append(arrow)
    layer = dict.fromkeys(names, 0)
    for _ in names:
        moved = False
        for arrow in kept:
            if layer[arrow.target] <= layer[arrow.source]:
                layer[arrow.target], moved = layer[arrow.source] + 1, True
        if not moved:
            break
    # A box that nothing leads to stands just before the first it leads to, so that its arrow is short.
    reached = {arrow.target for arrow in kept}
    for name in names:
        after = [layer[arrow.target] for arrow in kept if arrow.source == name]
        if name not in reached and after:
            layer[name] = max(min(after) - 1, 0)
    return layer


def _leads(follows: Mapping[str, list[str]], start: str, end: str) -> bool:
    waiting, seen = [start], set[str]()
    while waiting:
        name = waiting.pop()
        if name == end:
            return True
        if name not in seen:
            seen.add(name)
            waiting.extend(follows[name])
    return False


def _bends(arrow: FlowArrow, spots: dict[str, _Spot]) -> list[str]:
    """The spots an arrow passes, ends included; one bend is made for each layer in between."""
    first, last = spots[arrow.source].layer, spots[arrow.target].layer
    path = [arrow.source]
    for layer in range(first + 1, last):
        name = f"{arrow.source}>{arrow.target}@{layer}"
        spots[name] = _Spot(layer, 6.0)
        path.append(name)
    return [*path, arrow.target]


def _ordered(spots: Mapping[str, _Spot], paths: Sequence[Sequence[str]]) -> list[list[str]]:
    """The names in each layer from top to bottom, with few crossings."""
    columns: list[list[str]] = [
        [] for _ in range(max((spot.layer for spot in spots.values()), default=0) + 1)
    ]
    before: dict[str, list[str]] = {name: [] for name in spots}
    after: dict[str, list[str]] = {name: [] for name in spots}
    for path in paths:
        for one, other in pairwise(path):
            after[one].append(other)
            before[other].append(one)
    for name, spot in spots.items():
        spot.rank = float(len(columns[spot.layer]))
        columns[spot.layer].append(name)
    for sweep in range(_SWEEPS):
        beside = before if sweep % 2 == 0 else after
        for column in columns if sweep % 2 == 0 else reversed(columns):
            wanted = {
                name: sum(spots[other].rank for other in beside[name]) / len(beside[name])
                if beside[name]
                else spots[name].rank
                for name in column
            }
            column.sort(key=lambda name, wanted=wanted: wanted[name])
            for place, name in enumerate(column):
                spots[name].rank = place / max(len(column) - 1, 1) if len(column) > 1 else 0.5
    return columns


def _placed(columns: Sequence[Sequence[str]], spots: Mapping[str, _Spot]) -> float:
    """Gives every spot its middle height, each layer centred; returns the height of the tallest layer."""
    heights = [
        sum(spots[name].height for name in column) + _BETWEEN * (len(column) - 1) for column in columns
    ]
    tallest = max(heights, default=0.0)
    for column, height in zip(columns, heights, strict=True):
        y = _MARGIN + (tallest - height) / 2
        for name in column:
            spots[name].y = y + spots[name].height / 2
            y += spots[name].height + _BETWEEN
    return tallest + _MARGIN


def _x(layer: int) -> float:
    return 8 + layer * (_BOX + _GAP)


def _written(
    boxes: Mapping[str, FlowBox],
    spots: Mapping[str, _Spot],
    paths: Sequence[tuple[FlowArrow, Sequence[str]]],
    backward: Sequence[FlowArrow],
    height: float,
    title: str,
    legend: Mapping[Stroke, str],
) -> str:
    width = _x(max((spot.layer for spot in spots.values()), default=0)) + _BOX + 8
    below = height + 16 + 22 * len(backward)
    total = below + (20 * len(legend) + 8 if legend else 0)
    said = "; ".join(
        f"{boxes[arrow.source].text} → {boxes[arrow.target].text}"
        for arrow in [*(arrow for arrow, _ in paths), *backward]
    )
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {width:.0f} {total:.0f}" '
        f'width="{width:.0f}" height="{total:.0f}" font-family="{escape(FONT)}" font-size="12.5">',
        f"<title>{escape(title)}</title><desc>{escape(said)}</desc>",
        f'<rect width="{width:.0f}" height="{total:.0f}" fill="#ffffff"/>',
        '<defs><marker id="tip" markerWidth="9" markerHeight="8" refX="8" refY="4" orient="auto">'
        f'<path d="M0 0 L9 4 L0 8 z" fill="{MUTED}"/></marker></defs>',
    ]
    for arrow, path in paths:
        parts.append(_stroke(_through([spots[name] for name in path]), arrow.stroke))
    for number, arrow in enumerate(backward):
        parts.append(
            _stroke(_under(spots[arrow.source], spots[arrow.target], height + 14 + 22 * number), arrow.stroke)
        )
    parts += [_drawn(box, spots[box.id]) for box in boxes.values()]
    for number, (stroke, text) in enumerate(legend.items()):
        y = below + 14 + 20 * number
        parts.append(_stroke(f"M10 {y:.0f} H58", stroke))
        parts.append(f'<text x="68" y="{y + 4:.0f}" fill="{INK}">{escape(text)}</text>')
    return "\n".join([*parts, "</svg>"])


def _stroke(path: str, stroke: Stroke) -> str:
    dash = f' stroke-dasharray="{_DASH[stroke]}"' if _DASH[stroke] else ""
    return f'<path d="{path}" fill="none" stroke="{MUTED}" stroke-width="1.4"{dash} marker-end="url(#tip)"/>'


def _through(path: Sequence[_Spot]) -> str:
    at = path[0]
    x, y = _x(at.layer) + _BOX, at.y
    steps = [f"M{x:.0f} {y + 4:.0f}"]
    y += 4
    for spot in path[1:]:
        to, down = _x(spot.layer), spot.y + (4 if spot is path[-1] else 0)
        steps.append(f"C{x + _GAP / 2:.0f} {y:.0f} {to - _GAP / 2:.0f} {down:.0f} {to:.0f} {down:.0f}")
        if spot is not path[-1]:
            to += _BOX
            steps.append(f"H{to:.0f}")
        x, y = to, down
    return " ".join(steps)


def _under(source: _Spot, target: _Spot, floor: float) -> str:
    """From below one box to below another, along the floor."""
    one, other = _x(source.layer) + _BOX * 0.6, _x(target.layer) + _BOX * 0.4
    start, end = source.y + source.height / 2, target.y + target.height / 2
    return f"M{one:.0f} {start:.0f} V{floor:.0f} H{other:.0f} V{end + 2:.0f}"


def _drawn(box: FlowBox, spot: _Spot) -> str:
    x, y = _x(spot.layer), spot.y - spot.height / 2
    frame = f'stroke="{ACCENT}" stroke-width="2.2"' if box.marked else f'stroke="{LINE}" stroke-width="1.4"'
    parts = [
        f'<rect x="{x:.0f}" y="{y:.1f}" width="{_BOX}" height="{spot.height:.1f}" rx="5" fill="#f7f9fb" {frame}/>'
    ]
    line = y + 18
    if box.kind:
        parts.append(
            f'<text x="{x + 9:.0f}" y="{line - 1:.1f}" fill="{MUTED}" font-size="10.5">{escape(box.kind)}</text>'
        )
        line += _LEADING
    for text in spot.lines:
        parts.append(f'<text x="{x + 9:.0f}" y="{line:.1f}" fill="{INK}">{escape(text)}</text>')
        line += _LEADING
    return "".join(parts)
