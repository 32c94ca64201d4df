"""The kinds of charts, each a function from a table's cells to Altair layers.

Colour is never alone: bars and segments carry their numbers, curves their names and a dash of their own,
points of different meaning different shapes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import altair as alt

from indsats.figure import Figure

from .arrows import arrows
from .canvas import ACCENT, DASHES, INK, MUTED, SERIES, WIDTH, Drawing, Row, axis, data, unit_of, value_of
from .control_chart import control
from .course_chart import course
from .dots import profile
from .economy_bars import perspectives, tornado
from .economy_charts import acceptability, cash, fan
from .formats import HIDDEN_MARK, cell_text, is_hidden, quantity
from .funnel_chart import funnel
from .plot import ChartKind
from .rank_chart import rank_chart
from .steps_chart import steps
from .streams import streams
from .texts import say


def _places(rows: list[Row]) -> list[str]:
    """The rows' names in the table's order: sorted otherwise, a row without a number would move."""
    return list(dict.fromkeys(row["label"] for row in rows))


def _bars(d: Drawing) -> alt.TopLevelMixin | None:
    label, first, values = d.required("label"), d.required("value"), d.many("value")
    rows: list[Row] = []
    for name in values:
        column = d.column(name)
        for place, cell in zip(d.texts(label), d.cells(name), strict=True):
            text = (
                f"{HIDDEN_MARK} {say('hidden', d.lang)}"
                if is_hidden(cell)
                else cell_text(cell, column, d.lang)
            )
            rows.append(
                {
                    "label": place,
                    "series": column.title.in_(d.lang),
                    "value": value_of(cell) or 0.0,
                    "text": text,
                }
            )
    if all(value_of(cell) is None for name in values for cell in d.cells(name)):
        return None
    unit = unit_of([cell for name in values for cell in d.cells(name)], d.column(first))
    several = len(values) > 1
    names = [d.column(name).title.in_(d.lang) for name in values]
    x = alt.X(
        "value:Q", title=d.title("x", first) if not several else None, axis=axis(unit, d.lang, tickCount=6)
    )
    y = alt.Y(
        "label:N", sort=_places(rows), title=None, axis=alt.Axis(ticks=False, domain=False, labelPadding=8)
    )
    base = alt.Chart(data(rows)).encode(x=x, y=y)
    if several:
        scale = alt.Scale(domain=names, range=[SERIES[i % len(SERIES)] for i in range(len(names))])
        base = base.encode(
            yOffset=alt.YOffset("series:N", sort=names),
            color=alt.Color("series:N", scale=scale, sort=names, legend=alt.Legend(title=None)),
        )
        bars = base.mark_bar()
        text = base.mark_text(align="left", dx=5, fontSize=11).encode(text="text:N", color=alt.value(INK))
    else:
        bars = base.mark_bar(color=ACCENT)
        text = base.mark_text(align="left", dx=5, fontSize=12, color=INK).encode(text="text:N")
    return alt.layer(bars, text).properties(width=WIDTH, height=alt.Step(30 if not several else 18))


def _shades(count: int) -> list[tuple[str, str]]:
    """Fill and ink for ordered classes: dark to light, far enough apart to tell without hue."""
    dark, light = (8, 48, 107), (222, 235, 247)
    shades = []
    for index in range(count):
        at = index / max(count - 1, 1)
        rgb = [round(a + (b - a) * at) for a, b in zip(dark, light, strict=True)]
        shades.append(("#{:02x}{:02x}{:02x}".format(*rgb), "#ffffff" if at < 0.5 else INK))
    return shades


def _stacked(d: Drawing) -> alt.TopLevelMixin | None:
    label, parts = d.required("label"), d.many("parts")
    titles = [d.column(name).title.in_(d.lang) for name in parts]
    shades = _shades(len(parts))
    short = all(len(title) <= 3 for title in titles)
    rows: list[Row] = []
    notes: list[Row] = []
    rest: list[Row] = []
    for index, place in enumerate(d.texts(label)):
        cells = [d.cells(name)[index] for name in parts]
        shown = [value_of(cell) for cell in cells]
        counts = unit_of(cells, d.column(parts[0])) == "count"
        whole = sum(value for value in shown if value is not None) if counts else 1.0
        if counts and any(is_hidden(cell) for cell in cells):
            whole = 0.0  # the whole is not known, so no share of it is either
        start = 0.0
        if not whole or all(value is None for value in shown):
            rows.append({"label": place, "part": titles[0], "start": 0.0, "end": 0.0, "text": "", "ink": INK})
            notes.append({"label": place, "at": 0.0, "text": f"{HIDDEN_MARK} {say('hidden', d.lang)}"})
            continue
        for title, value, (_, ink) in zip(titles, shown, shades, strict=True):
            share = (value or 0.0) / whole
            text = f"{title} " if len(title) <= 3 else ""
            text += quantity(share, "share", d.lang, 0) if share >= 0.085 or not text else ""
            row = {"label": place, "part": title, "start": start, "end": start + share, "ink": ink}
            rows.append(row | {"mid": start + share / 2, "text": text.strip() if share >= 0.035 else ""})
            start += share
        if any(is_hidden(cell) for cell in cells) and start < 0.999:
            rest.append(
                {"label": place, "start": start, "end": 1.0, "mid": (start + 1) / 2, "text": HIDDEN_MARK}
            )
    if all(row["end"] == 0 for row in rows):
        return None
    base = alt.Chart(data(rows)).encode(
        y=alt.Y(
            "label:N",
            sort=_places(rows),
            title=None,
            axis=alt.Axis(ticks=False, domain=False, labelPadding=8),
        )
    )
    quarters = axis("share", d.lang, values=[0, 0.25, 0.5, 0.75, 1])
    bars = base.mark_bar(stroke="#ffffff", strokeWidth=1.5).encode(
        x=alt.X("start:Q", scale=alt.Scale(domain=[0, 1]), title=d.title("x", None) or None, axis=quarters),
        x2="end:Q",
        color=alt.Color(
            "part:N",
            scale=alt.Scale(domain=titles, range=[fill for fill, _ in shades]),
            sort=titles,
            legend=alt.Legend(title=None, columns=10 if short else 4, symbolType="square"),
        ),
    )
    text = base.mark_text(fontSize=11).encode(x="mid:Q", text="text:N", color=alt.Color("ink:N", scale=None))
    y = alt.Y("label:N", sort=_places(rows))
    layers = [bars, text]
    if rest:
        unknown = alt.Chart(data(rest)).encode(y=y)
        layers.append(unknown.mark_bar(color="#eceef1").encode(x="start:Q", x2="end:Q"))
        layers.append(unknown.mark_text(fontSize=12, color=INK).encode(x="mid:Q", text="text:N"))
    if notes:
        few = alt.Chart(data(notes)).mark_text(align="left", dx=4, fontSize=12, color=INK)
        layers.append(few.encode(x="at:Q", y=y, text="text:N"))
    return alt.layer(*layers).properties(width=WIDTH, height=alt.Step(32))


def _survival(d: Drawing) -> alt.TopLevelMixin | None:
    time, survival, group = d.required("time"), d.required("survival"), d.one("group")
    low, high = d.one("low"), d.one("high")
    groups = d.texts(group) if group else [""] * len(d.table.rows)
    rows: list[Row] = []
    for index, cell in enumerate(d.cells(survival)):
        at, value = value_of(d.cells(time)[index]), value_of(cell)
        if at is None or value is None:
            continue
        ends = (
            (cell.low, cell.high)
            if isinstance(cell, Figure) and not low
            else tuple(value_of(d.cells(name)[index]) if name else None for name in (low, high))
        )
        rows.append({"time": at, "value": value, "low": ends[0], "high": ends[1], "group": groups[index]})
    if not rows:
        return None
    names = list(dict.fromkeys(row["group"] for row in rows))
    colour = alt.Scale(domain=names, range=[SERIES[i % len(SERIES)] for i in range(len(names))])
    dash = alt.Scale(domain=names, range=[list(DASHES[i % len(DASHES)]) for i in range(len(names))])
    last = [max((r for r in rows if r["group"] == name), key=lambda r: r["time"]) for name in names]
    end = max(row["time"] for row in rows)
    room = end * (1.0 if names == [""] else 1.22)  # to the right stand the names
    x = alt.X(
        "time:Q",
        title=d.title("x", time),
        scale=alt.Scale(domain=[0, room], nice=False),
        axis=alt.Axis(values=_ticks(end)),
    )
    share = unit_of(d.cells(survival), d.column(survival)) or "share"
    y = alt.Y(
        "value:Q", title=d.title("y", survival), scale=alt.Scale(domain=[0, 1]), axis=axis(share, d.lang)
    )
    kind = alt.Color("group:N", scale=colour, legend=None)
    base = alt.Chart(data(rows))
    layers: list[alt.Chart] = []
    bands = [row for row in rows if row["low"] is not None and row["high"] is not None]
    if bands:
        band = alt.Chart(data(bands)).mark_area(interpolate="step-after", opacity=0.14)
        layers.append(
            band.encode(x=x, y=alt.Y("low:Q", title=d.title("y", survival)), y2="high:Q", color=kind)
        )
    line = base.mark_line(interpolate="step-after", strokeWidth=2)
    layers.append(
        line.encode(x=x, y=y, color=kind, strokeDash=alt.StrokeDash("group:N", scale=dash, legend=None))
    )
    if names != [""]:
        ends_text = alt.Chart(data(_apart(last))).mark_text(align="left", dx=6, fontSize=12, fontWeight=600)
        layers.append(ends_text.encode(x="time:Q", y="label_at:Q", text="group:N", color=kind))
    return alt.layer(*layers).properties(width=WIDTH, height=280)


def _ticks(end: float) -> list[int]:
    """Weeks to mark: quarters of a year where the time is long."""
    step = next((step for step in (1, 2, 4, 13, 26, 52) if end / step <= 6), 104)
    return list(range(0, int(end) + 1, step))


def _apart(rows: list[Row], least: float = 0.065) -> list[Row]:
    """Label heights moved so that no two names overlap."""
    placed: list[Row] = []
    for row in sorted(rows, key=lambda row: row["value"]):
        at = max(row["value"], placed[-1]["label_at"] + least) if placed else row["value"]
        placed.append(row | {"label_at": at})
    return placed


def _love(d: Drawing) -> alt.TopLevelMixin | None:
    label, before, after = d.required("label"), d.required("before"), d.required("after")
    names = [d.column(before).title.in_(d.lang), d.column(after).title.in_(d.lang)]
    rows = [
        {"label": place, "when": name, "value": value}
        for key, name in zip((before, after), names, strict=True)
        for place, cell in zip(d.texts(label), d.cells(key), strict=True)
        if (value := value_of(cell)) is not None
    ]
    if not rows:
        return None
    reach = max(0.25, *(abs(row["value"]) for row in rows)) * 1.08
    x = alt.X(
        "value:Q",
        title=d.title("x", None) or None,
        scale=alt.Scale(domain=[-reach, reach], nice=False),
        axis=axis("number", d.lang, tickCount=7),
    )
    y = alt.Y(
        "label:N", sort=None, title=None, axis=alt.Axis(ticks=False, domain=False, grid=True, labelPadding=8)
    )
    limit = alt.Chart(data([{"at": -0.1, "is": ""}, {"at": 0.1, "is": say("chart-limit", d.lang)}]))
    rules = limit.mark_rule(color=INK, strokeDash=[4, 3]).encode(x="at:Q")
    rule_text = limit.mark_text(align="left", dx=4, dy=-6, fontSize=11, color=MUTED).encode(
        x="at:Q", y=alt.value(0), text="is:N"
    )
    zero = alt.Chart(data([{"at": 0.0}])).mark_rule(color=MUTED, strokeWidth=1).encode(x="at:Q")
    legend = alt.Legend(title=None)
    points = (
        alt.Chart(data(rows))
        .mark_point(filled=True, size=90, opacity=1)
        .encode(
            x=x,
            y=y,
            shape=alt.Shape(
                "when:N",
                sort=names,
                scale=alt.Scale(domain=names, range=["triangle-up", "circle"]),
                legend=legend,
            ),
            color=alt.Color(
                "when:N", sort=names, scale=alt.Scale(domain=names, range=[SERIES[1], ACCENT]), legend=legend
            ),
        )
    )
    return alt.layer(zero, rules, points, rule_text).properties(width=WIDTH, height=alt.Step(24))


def _targets(d: Drawing) -> alt.TopLevelMixin | None:
    """Indicators of different units share one axis as percentages of their own target."""
    label, target, realised = d.required("label"), d.required("target"), d.required("realised")
    rows: list[Row] = []
    for place, aim, got in zip(d.texts(label), d.cells(target), d.cells(realised), strict=True):
        aimed, reached = value_of(aim), value_of(got)
        told = f"{cell_text(got, d.column(realised), d.lang)} / {cell_text(aim, d.column(target), d.lang)}"
        if is_hidden(got):
            told = f"{HIDDEN_MARK} {say('hidden', d.lang)}"
        ratio = reached / aimed if aimed and reached is not None else None
        rows.append({"label": place, "ratio": ratio, "text": told})
    if all(row["ratio"] is None for row in rows):
        return None
    furthest = max(1.0, *(row["ratio"] for row in rows if row["ratio"] is not None))
    x = alt.X(
        "ratio:Q",
        title=d.title("x", None) or say("chart-of-target", d.lang),
        scale=alt.Scale(domain=[0, furthest * 1.05], nice=False),
        axis=axis("share", d.lang, tickCount=6),
    )
    y = alt.Y(
        "label:N", sort=_places(rows), title=None, axis=alt.Axis(ticks=False, domain=False, labelPadding=8)
    )
    base = alt.Chart(data(rows)).encode(y=y)
    from_target = base.mark_rule(color=MUTED, strokeWidth=2).encode(x=x, x2=alt.datum(1.0))
    dots = base.mark_point(filled=True, size=120, color=ACCENT, opacity=1).encode(x=x)
    told = base.mark_text(align="left", fontSize=12, color=INK).encode(x=alt.value(WIDTH + 12), text="text:N")
    goal = alt.Chart(data([{"at": 1.0, "is": say("chart-target", d.lang)}]))
    rule = goal.mark_rule(color=INK, strokeWidth=2).encode(x="at:Q")
    rule_text = goal.mark_text(dy=-8, fontSize=11, color=INK).encode(x="at:Q", y=alt.value(0), text="is:N")
    head = goal.mark_text(align="left", dy=-8, fontSize=11, color=MUTED).encode(
        x=alt.value(WIDTH + 12),
        y=alt.value(0),
        text=alt.value(f"{say('chart-realised', d.lang)} / {say('chart-target', d.lang).lower()}"),
    )
    return alt.layer(rule, from_target, dots, told, rule_text, head).properties(
        width=WIDTH, height=alt.Step(30)
    )


KINDS: Final[Mapping[ChartKind, Callable[[Drawing], alt.TopLevelMixin | None]]] = {
    "bars": _bars,
    "stacked": _stacked,
    "survival": _survival,
    "love": _love,
    "targets": _targets,
    "profile": profile,
    "arrows": arrows,
    "transitions": streams,
    "control": control,
    "funnel": funnel,
    "ranks": rank_chart,
    "cash": cash,
    "tornado": tornado,
    "fan": fan,
    "acceptability": acceptability,
    "perspectives": perspectives,
    "course": course,
    "steps": steps,
}
