"""Boxes and arrows from left to right: phases of a programme, or how activities are thought to lead to results.

Where they stand is found in ``layers``; here they are written as SVG.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from textwrap import wrap

from .canvas import ACCENT, FONT, INK, LINE, MUTED
from .layers import Laid, laid
from .plot import Stroke

_DASH: Mapping[Stroke, str] = {"solid": "", "dashed": "7 4", "dashdot": "8 3 1.5 3", "dotted": "1.5 4"}
_BOX, _BETWEEN, _MARGIN = 196.0, 14.0, 8.0
_GAP, _GAP_TOLD = 62.0, 96.0
"""Between columns: wider where arrows carry a text."""
_LETTERS, _LEADING = 28, 15.0
_SMALL_LETTERS, _SMALL_LEADING = 33, 13.5
_PORT, _PORT_TOLD = 9.0, 14.0
"""Between arrows that leave or reach the same box."""


@dataclass(frozen=True, slots=True)
class FlowBox:
    """A box: ``kind`` is a word in small letters above its text, such as the level in a theory.

    ``said`` stands below a line under the text, each a paragraph. ``column`` is the first column, from 0, it may
    stand in.
    """

    id: str
    text: str
    kind: str = ""
    marked: bool = False
    """Drawn with a heavier frame: where people come in, or the final goal."""
    said: tuple[str, ...] = ()
    column: int | None = None


@dataclass(frozen=True, slots=True)
class FlowArrow:
    """An arrow from one box to another; ``stroke`` tells what sort it is, explained in the legend.

    ``label`` is written where it leaves its box.
    """

    source: str
    target: str
    stroke: Stroke = "solid"
    label: str = ""


@dataclass(frozen=True, slots=True)
class _Place:
    """A box with its lines, and where its frame is put."""

    box: FlowBox
    lines: list[str]
    small: list[str]
    x: float = 0.0
    middle: float = 0.0
    height: float = 0.0


def flow_svg(
    boxes: Sequence[FlowBox],
    arrows: Sequence[FlowArrow],
    title: str,
    legend: Mapping[Stroke, str] | None = None,
    *,
    about: str = "",
    told: Sequence[str] = (),
    name: str = "flow",
) -> str:
    """The drawing as SVG with its title and, for those who cannot see it, every arrow as a sentence.

    ``about`` is said before the arrows, ``told`` instead of naming both ends of each; ``name`` begins the ids
    within, so that several drawings may stand on a page. Arrows that run backwards (a relapse to an earlier phase)
    are drawn below the boxes. Arrows to boxes that do not exist raise KeyError.
    """
    by_id = {box.id: box for box in boxes}
    for end in (end for arrow in arrows for end in (arrow.source, arrow.target)):
        if end not in by_id:
            raise KeyError(end)
    measured = {box.id: _measured(box, arrows) for box in boxes}
    found = laid(
        {key: place.height for key, place in measured.items()},
        [(arrow.source, arrow.target) for arrow in arrows],
        {box.id: box.column for box in boxes if box.column is not None},
        _BETWEEN,
    )
    gap = _GAP_TOLD if any(arrow.label for arrow in arrows) else _GAP
    places = {
        key: _Place(
            place.box,
            place.lines,
            place.small,
            _MARGIN + found.column[key] * (_BOX + gap),
            _MARGIN + found.middle[key],
            place.height,
        )
        for key, place in measured.items()
    }
    sentences = told or [f"{by_id[arrow.source].text} → {by_id[arrow.target].text}" for arrow in arrows]
    about = f"{about} {'; '.join(sentences)}".strip()
    return _written(places, arrows, found, gap, title, legend or {}, about, name)


def _measured(box: FlowBox, arrows: Iterable[FlowArrow]) -> _Place:
    """How a box's text breaks into lines, and how high it is: arrows need room along its sides too."""
    lines = wrap(box.text, _LETTERS) or [""]
    small = [line for said in box.said for line in wrap(said, _SMALL_LETTERS)]
    height = 16 + _LEADING * (len(lines) + bool(box.kind)) + (_SMALL_LEADING * len(small) + 7) * bool(small)
    leaving = [arrow for arrow in arrows if arrow.source == box.id]
    step = _PORT_TOLD if any(arrow.label for arrow in leaving) else _PORT
    reaching = sum(arrow.target == box.id for arrow in arrows)
    return _Place(box, lines, small, height=max(height, step * len(leaving) + 6, _PORT * reaching + 6))


def _written(
    places: Mapping[str, _Place],
    arrows: Sequence[FlowArrow],
    found: Laid,
    gap: float,
    title: str,
    legend: Mapping[Stroke, str],
    about: str,
    name: str,
) -> str:
    backward = [at for at in range(len(arrows)) if at not in found.passes]
    width = max((place.x for place in places.values()), default=0.0) + _BOX + _MARGIN
    height = found.height + 2 * _MARGIN
    below = height + 10 + 22 * len(backward)
    total = below + (20 * len(legend) + 8 if legend else 0)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" class="whole" aria-labelledby="{name}-title {name}-about" '
        f'viewBox="0 0 {width:.0f} {total:.0f}" width="{width:.0f}" height="{total:.0f}" '
        f'font-family="{escape(FONT)}" font-size="12.5">',
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-about">{escape(about)}</desc>',
        f'<rect width="{width:.0f}" height="{total:.0f}" fill="#ffffff"/>',
        f'<defs><marker id="{name}-tip" markerWidth="9" markerHeight="8" refX="8" refY="4" orient="auto">'
        f'<path d="M0 0 L9 4 L0 8 z" fill="{MUTED}"/></marker></defs>',
    ]
    starts, ends = _ports(places, arrows, found)
    for at, passes in found.passes.items():
        arrow = arrows[at]
        first, last = places[arrow.source], places[arrow.target]
        path = _through(first.x + _BOX, starts[at], [_MARGIN + y for y in passes], (last.x, ends[at]), gap)
        parts.append(_stroke(path, arrow.stroke, name))
    for row, at in enumerate(backward):
        arrow = arrows[at]
        floor = height + 8 + 22 * row
        parts.append(_stroke(_under(places[arrow.source], places[arrow.target], floor), arrow.stroke, name))
    parts += [_box(place) for place in places.values()]
    for at in found.passes:
        parts += _label(arrows[at].label, places[arrows[at].source].x + _BOX + 6, starts[at] - 4)
    for row, at in enumerate(backward):
        parts += _label(arrows[at].label, places[arrows[at].source].x + _BOX * 0.6 + 5, height + 4 + 22 * row)
    for row, (stroke, text) in enumerate(legend.items()):
        y = below + 14 + 20 * row
        parts.append(_stroke(f"M10 {y:.0f} H58", stroke, name))
        parts.append(f'<text x="68" y="{y + 4:.0f}" fill="{INK}">{escape(text)}</text>')
    return "\n".join([*parts, "</svg>"])


def _ports(
    places: Mapping[str, _Place], arrows: Sequence[FlowArrow], found: Laid
) -> tuple[dict[int, float], dict[int, float]]:
    """The heights at which arrows leave and reach their boxes: in the order of where they go to and come from."""
    starts: dict[int, float] = {}
    ends: dict[int, float] = {}

    def towards(at: int, *, forwards: bool) -> float:
        passes = found.passes[at]
        end = places[arrows[at].target if forwards else arrows[at].source]
        return _MARGIN + passes[0 if forwards else -1] if passes else end.middle

    for key, place in places.items():
        for ports, forwards in ((starts, True), (ends, False)):
            here = [
                at for at in found.passes if (arrows[at].source if forwards else arrows[at].target) == key
            ]
            here.sort(key=lambda at: (towards(at, forwards=forwards), at))
            told = forwards and any(arrows[at].label for at in here)
            step = _PORT_TOLD if told else _PORT
            for row, at in enumerate(here):
                ports[at] = place.middle + step * (row - (len(here) - 1) / 2) + (4 if told else 0)
    return starts, ends


def _stroke(path: str, stroke: Stroke, name: str) -> str:
    dash = f' stroke-dasharray="{_DASH[stroke]}"' if _DASH[stroke] else ""
    return f'<path d="{path}" fill="none" stroke="{MUTED}" stroke-width="1.4"{dash} marker-end="url(#{name}-tip)"/>'


def _label(text: str, x: float, y: float) -> list[str]:
    """Small text on a white edge, so that lines behind it do not run through the letters."""
    if not text:
        return []
    return [
        f'<text x="{x:.0f}" y="{y:.1f}" fill="{INK}" font-size="10.5" stroke="#ffffff" stroke-width="3" '
        f'paint-order="stroke">{escape(text)}</text>'
    ]


def _through(x: float, y: float, passes: Sequence[float], end: tuple[float, float], gap: float) -> str:
    """From the side of one box to that of another, level where it passes a column."""
    steps = [f"M{x:.0f} {y:.1f}"]
    for row, down in enumerate([*passes, end[1]]):
        to = x + gap
        steps.append(f"C{x + gap / 2:.0f} {y:.1f} {to - gap / 2:.0f} {down:.1f} {to:.0f} {down:.1f}")
        x, y = to, down
        if row < len(passes):
            x += _BOX
            steps.append(f"H{x:.0f}")
    return " ".join(steps)


def _under(source: _Place, target: _Place, floor: float) -> str:
    """From below one box to below another, along the floor."""
    one, other = source.x + _BOX * 0.6, target.x + _BOX * 0.4
    start, end = source.middle + source.height / 2, target.middle + target.height / 2
    return f"M{one:.0f} {start:.0f} V{floor:.0f} H{other:.0f} V{end + 2:.0f}"


def _box(place: _Place) -> str:
    x, y = place.x, place.middle - place.height / 2
    heavy = place.box.marked
    frame = f'stroke="{ACCENT}" stroke-width="2.2"' if heavy else f'stroke="{LINE}" stroke-width="1.4"'
    parts = [
        f'<rect x="{x:.0f}" y="{y:.1f}" width="{_BOX:.0f}" height="{place.height:.1f}" rx="5" fill="#f7f9fb" '
        f"{frame}/>"
    ]
    line = y + 18
    if place.box.kind:
        parts.append(
            f'<text x="{x + 9:.0f}" y="{line - 1:.1f}" fill="{MUTED}" font-size="10.5">{escape(place.box.kind)}</text>'
        )
        line += _LEADING
    for text in place.lines:
        parts.append(f'<text x="{x + 9:.0f}" y="{line:.1f}" fill="{INK}">{escape(text)}</text>')
        line += _LEADING
    if place.small:
        parts.append(f'<path d="M{x + 9:.0f} {line - 9:.1f} H{x + _BOX - 9:.0f}" stroke="{LINE}"/>')
        line += 6
    for text in place.small:
        parts.append(
            f'<text x="{x + 9:.0f}" y="{line:.1f}" fill="{INK}" font-size="11">{escape(text)}</text>'
        )
        line += _SMALL_LEADING
    return "".join(parts)
