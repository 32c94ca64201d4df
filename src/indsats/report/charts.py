"""Charts: a protected table becomes an Altair specification, and that an inline SVG that needs no network."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from html import escape
from typing import Any

import altair as alt
import vl_convert

from indsats.language import Lang

from .canvas import FONT, INK, LINE, MUTED, WIDTH, Drawing
from .document import Table
from .drawings import KINDS
from .graph import theory_svg
from .plot import Chart


def chart_spec(chart: Chart, table: Table, lang: Lang) -> dict[str, Any] | None:
    """The Vega-Lite specification of a chart, or ``None`` when nothing in it may be shown.

    ``table`` must come from a protected document. Raises ``ValueError`` when a needed encoding is missing.
    """
    if chart.kind not in KINDS:
        raise ValueError(f"chart '{chart.id}' of kind '{chart.kind}' is drawn without Vega-Lite")
    drawing = Drawing(chart, table, lang)
    made = KINDS[chart.kind](drawing)
    if made is None:
        return None
    spec = made.configure(
        aria=False,
        font=FONT,
        background="transparent",
        padding=4,
        axis=alt.AxisConfig(
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
            labelColor=INK,
            titleColor=MUTED,
            gridColor=LINE,
            domainColor=LINE,
            tickColor=LINE,
            labelLimit=260,
            titlePadding=8,
        ),
        legend=alt.LegendConfig(
            labelFontSize=12, labelColor=INK, orient="top", titleFontSize=12, labelLimit=260, symbolSize=110
        ),
        view=alt.ViewConfig(stroke=None),
    )
    # Altair checks what we gave its classes as we give it; checking the whole once more takes a third of the time.
    return spec.to_dict(validate=False)


def chart_svg(chart: Chart, table: Table, lang: Lang, links: Table | None = None) -> str | None:
    """The chart as inline SVG with ``role=img``, title and description; the same bytes for the same input.

    ``links`` is the table that a chart of kind ``theory`` tells its arrows from.
    """
    if chart.kind == "theory":
        if links is None:
            raise ValueError(f"chart '{chart.id}' of kind 'theory' needs the table of its arrows")
        return theory_svg(chart, table, links, lang)
    spec = chart_spec(chart, table, lang)
    if spec is None:
        return None
    return _named(_drawn(json.dumps(spec), lang), chart, lang)


@lru_cache(maxsize=128)
def _drawn(spec: str, lang: Lang) -> str:
    """The drawing of a specification; kept, because page, PDF and Word show the same."""
    locale = "da-DK" if lang == "da" else "en-GB"
    return vl_convert.vegalite_to_svg(spec, allowed_base_urls=[], format_locale=locale)


def _named(svg: str, chart: Chart, lang: Lang) -> str:
    svg = re.sub(r' (?:role="graphics-[a-z]+"|aria-[a-z]+="[^"]*"|class="[^"]*")', "", svg)
    # ids are counted through the whole process by the renderer: number them anew within this chart
    ids = list(dict.fromkeys(re.findall(r' id="([^"]+)"', svg)))
    for index, old in enumerate(ids):
        new = f"{chart.id}-{index + 1}-part"
        svg = svg.replace(f'id="{old}"', f'id="{new}"').replace(f"url(#{old})", f"url(#{new})")
    title, about = f"{chart.id}-title", f"{chart.id}-about"
    head = re.match(r"<svg[^>]*>", svg)
    if head is None:
        raise ValueError(f"chart '{chart.id}' was not drawn as SVG")
    size = re.search(r'width="([\d.]+)" height="([\d.]+)"', head.group())
    width, height = size.groups() if size else (str(WIDTH), "300")
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{title} {about}" '
        f'width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<title id="{title}">{escape(chart.title.in_(lang))}</title>'
        f'<desc id="{about}">{escape(chart.alt.in_(lang))}</desc>'
    )
    return opening + svg[head.end() :]
