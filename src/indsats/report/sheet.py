"""A sheet to draw on in pixels, for kinds of charts whose marks and texts have to be placed one by one.

What is drawn becomes Altair layers, so that a chart is still a specification. Marks of one sort lie in one layer,
areas at the bottom and texts on top, each in the order drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from math import floor, log10
from textwrap import wrap
from typing import Any, Literal

import altair as alt

from indsats.language import Lang, number

from .canvas import INK, LINE, MUTED, Row, data

Shape = Literal["circle", "diamond", "square", "triangle-up", "triangle-left", "triangle-right"]
Dash = tuple[int, ...]
SIZE = 12
"""Of all texts; row names and verdicts are one larger."""
LEADING = 15.0
SOLID: Dash = (1, 0)


@dataclass(frozen=True, slots=True)
class Ruler:
    """Numbers from ``low`` to ``high`` as pixels from 0 to ``width``, with ``margin`` pixels free at both ends."""

    low: float
    high: float
    width: float
    margin: float = 0.0

    def __call__(self, value: float) -> float:
        """Where a number stands."""
        room = self.width - 2 * self.margin
        return round(self.margin + (value - self.low) / (self.high - self.low) * room, 2)

    def ticks(self, most: int = 10) -> list[float]:
        """Round numbers from end to end, both ends among them."""
        step = next(s for s in _steps((self.high - self.low) / most) if (self.high - self.low) / s <= most)
        inner = [n * step for n in range(floor(self.low / step) + 1, floor(self.high / step) + 1)]
        near = step * 0.6
        return [self.low, *(n for n in inner if n - self.low > near and self.high - n > near), self.high]


def _steps(least: float) -> list[float]:
    power = floor(log10(least))
    return [m * 10.0**p for p in (power, power + 1) for m in (1, 2, 5)]


def lines_of(text: str, width: float, size: int = SIZE) -> list[str]:
    """The text broken into lines of about so many pixels."""
    return wrap(text, max(int(width / (size * 0.53)), 6)) or [""]


@dataclass(slots=True)
class Sheet:
    """What is drawn so far; places are pixels from the upper left corner of the plot, negative to the left of it.

    ``told`` of a mark says what it stands for and is kept in the specification.
    """

    _areas: list[tuple[Dash, list[Row]]] = field(default_factory=list)
    _boxes: list[Row] = field(default_factory=list)
    _lines: list[tuple[Dash, Row]] = field(default_factory=list)
    _curves: list[tuple[Dash, list[Row]]] = field(default_factory=list)
    _dots: list[Row] = field(default_factory=list)
    _texts: list[tuple[tuple[str, int, str], Row]] = field(default_factory=list)

    def area(
        self,
        name: str,
        edge: Sequence[tuple[float, float, float]],
        *,
        fill: str,
        opacity: float,
        dash: Dash = SOLID,
        **told: Any,
    ) -> None:
        """A surface between two curves: ``edge`` holds x, upper y and lower y. Its outline has the full colour."""
        style = {"name": name, "fill": fill, "opacity": opacity} | told
        self._areas.append((dash, [style | {"x": x, "y": top, "y2": low} for x, top, low in edge]))

    def box(self, x: float, y: float, x2: float, y2: float, fill: str, **told: Any) -> None:
        """A filled rectangle."""
        self._boxes.append({"x": x, "y": y, "x2": x2, "y2": y2, "fill": fill} | told)

    def line(
        self,
        x: float,
        y: float,
        x2: float,
        y2: float,
        *,
        ink: str = LINE,
        thick: float = 1,
        dash: Dash = SOLID,
    ) -> None:
        """A straight line."""
        self._lines.append((dash, {"x": x, "y": y, "x2": x2, "y2": y2, "ink": ink, "thick": thick}))

    def curve(
        self,
        points: Sequence[tuple[float, float]],
        *,
        ink: str = LINE,
        thick: float = 1,
        dash: Dash = SOLID,
        **told: Any,
    ) -> None:
        """A line through points in order, whose dashes go on from one to the next."""
        style = {"curve": len(self._curves), "ink": ink, "thick": thick} | told
        self._curves.append((dash, [style | {"x": x, "y": y, "at": at} for at, (x, y) in enumerate(points)]))

    def dot(
        self,
        x: float,
        y: float,
        shape: Shape,
        *,
        ink: str,
        hollow: bool = False,
        size: float = 100,
        **told: Any,
    ) -> None:
        """A point of a shape, hollow or filled; ``size`` is its area."""
        row = {"x": x, "y": y, "shape": shape, "ink": ink, "fill": "#ffffff" if hollow else ink, "size": size}
        self._dots.append(row | told)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        align: Literal["left", "center", "right"] = "left",
        ink: str = INK,
        size: int = SIZE,
        bold: bool = False,
    ) -> None:
        """One line of text, its middle at height ``y``."""
        self._texts.append(
            ((align, size, "bold" if bold else "normal"), {"x": x, "y": y, "text": text, "ink": ink})
        )

    def paragraph(self, x: float, y: float, lines: Sequence[str], **style: Any) -> None:
        """Lines one below the other, centred around height ``y``."""
        top = y - LEADING * (len(lines) - 1) / 2
        for index, line in enumerate(lines):
            self.text(x, top + LEADING * index, line, **style)

    def drawn(self, width: float, height: float) -> alt.TopLevelMixin:
        """The drawing; texts and marks outside ``width`` × ``height`` make the picture larger."""
        x = alt.X("x:Q", scale=_as_is(width), axis=None)
        y = alt.Y("y:Q", scale=_as_is(height), axis=None)
        layers: list[alt.Chart] = []
        for dash, group in groupby(self._areas, key=lambda area: area[0]):
            rows = [row for _, points in group for row in points]
            layers.append(
                alt.Chart(data(rows))
                .mark_area(strokeWidth=1, strokeDash=list(dash), line=False)
                .encode(
                    x=x,
                    y=y,
                    y2="y2:Q",
                    fill=alt.Fill("fill:N", scale=None),
                    stroke=alt.Stroke("fill:N", scale=None),
                    fillOpacity=alt.FillOpacity("opacity:Q", scale=None),
                    detail="name:N",
                )
            )
        if self._boxes:
            boxes = alt.Chart(data(self._boxes)).mark_rect(opacity=1)
            layers.append(boxes.encode(x=x, y=y, x2="x2:Q", y2="y2:Q", fill=alt.Fill("fill:N", scale=None)))
        for dash, group in groupby(self._lines, key=lambda line: line[0]):
            rules = alt.Chart(data([row for _, row in group])).mark_rule(strokeDash=list(dash))
            thick = alt.StrokeWidth("thick:Q", scale=None)
            layers.append(
                rules.encode(
                    x=x,
                    y=y,
                    x2="x2:Q",
                    y2="y2:Q",
                    stroke=alt.Stroke("ink:N", scale=None),
                    strokeWidth=thick,
                )
            )
        for dash, group in groupby(self._curves, key=lambda curve: curve[0]):
            rows = [row for _, points in group for row in points]
            layers.append(
                alt.Chart(data(rows))
                .mark_line(strokeDash=list(dash))
                .encode(
                    x=x,
                    y=y,
                    order="at:Q",
                    detail="curve:N",
                    stroke=alt.Stroke("ink:N", scale=None),
                    strokeWidth=alt.StrokeWidth("thick:Q", scale=None),
                )
            )
        if self._dots:
            layers.append(
                alt.Chart(data(self._dots))
                .mark_point(opacity=1, strokeWidth=2)
                .encode(
                    x=x,
                    y=y,
                    shape=alt.Shape("shape:N", scale=None),
                    size=alt.Size("size:Q", scale=None),
                    stroke=alt.Stroke("ink:N", scale=None),
                    fill=alt.Fill("fill:N", scale=None),
                )
            )
        texts = sorted(self._texts, key=lambda text: text[0])
        for (align, size, weight), group in groupby(texts, key=lambda text: text[0]):
            written = alt.Chart(data([row for _, row in group])).mark_text(
                align=align,  # type: ignore[arg-type]
                baseline="middle",
                fontSize=size,
                fontWeight=weight,  # type: ignore[arg-type]
                limit=0,
            )
            layers.append(written.encode(x=x, y=y, text="text:N", color=alt.Color("ink:N", scale=None)))
        return alt.layer(*layers).properties(width=width, height=height)


def _as_is(size: float) -> alt.Scale:
    return alt.Scale(domain=[0, size], range=[0, size], nice=False, zero=False)


def drawn_axis(sheet: Sheet, ruler: Ruler, top: float, bottom: float, lang: Lang, most: int = 10) -> None:
    """Light upright lines at round numbers from ``top`` to ``bottom``, and the numbers below."""
    for tick in ruler.ticks(most):
        x = ruler(tick)
        sheet.line(x, top, x, bottom + 5)
        sheet.text(x, bottom + 15, short(tick, lang), align="center")


def short(value: float, lang: Lang) -> str:
    """A number on an axis: as few decimals as the number needs, three at most."""
    decimals = next((places for places in range(3) if abs(value - round(value, places)) < 1e-9), 3)
    return number(value, lang, decimals)


Glyph = Callable[[float, float], None]
"""Draws a sample of a mark from x on at height y."""


def key(
    sheet: Sheet, left: float, width: float, entries: Sequence[tuple[Glyph, str]], sample: float = 26
) -> float:
    """What the marks mean, in lines from the top of the sheet; samples are so wide. The height it took."""
    x, y = left, 8.0
    for glyph, text in entries:
        takes = sample + 6 + len(text) * SIZE * 0.53 + 20
        if x > left and x + takes > left + width:
            x, y = left, y + 21
        glyph(x, y)
        sheet.text(x + sample + 6, y, text)
        x += takes
    return y + 16


def muted(sheet: Sheet, x: float, y: float, text: str, align: Literal["left", "center", "right"]) -> None:
    """A heading or note beside the plot."""
    sheet.text(x, y, text, align=align, ink=MUTED)
