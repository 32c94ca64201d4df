"""Estimates, balance, waiting times and periods as Altair charts, for whoever works with the tables themselves.

Reports draw their own charts, from protected tables; what is drawn here has been through no disclosure control.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import polars as pl

from indsats.language import Lang

from .results import Effect, tidy

if TYPE_CHECKING:
    import altair as alt

INK, FIRST, SECOND = "#1a1a1a", "#0059b3", "#b35900"
"""Ink for lines and text; two colours apart for the colour-blind, never used without a shape or a dash beside."""

_SAID: dict[str, dict[Lang, str]] = {
    "estimate": {"da": "Estimat med 95 %-interval", "en": "Estimate with 95% interval"},
    "smd": {"da": "Standardiseret forskel", "en": "Standardised difference"},
    "before": {"da": "før", "en": "before"},
    "after": {"da": "efter", "en": "after"},
    "survival": {"da": "Andel uden hændelsen", "en": "Share without the event"},
    "time": {"da": "Uger", "en": "Weeks"},
    "period": {"da": "Periode", "en": "Period"},
    "group": {"da": "Gruppe", "en": "Group"},
}


def forest(effects: Iterable[Effect], lang: Lang = "da") -> alt.LayerChart | alt.FacetChart:
    """Each estimate with its 95 % interval on a line of its own, and a line at no effect.

    All have to be on one scale: raises ``ValueError`` otherwise, and when there is none.
    """
    import altair as alt

    table = tidy(effects)
    scales = table["scale"].unique().to_list()
    if len(scales) != 1:
        raise ValueError(f"a forest plot needs estimates on one scale, these are on {len(scales)}")
    numbered = table.with_row_index("line", 1).with_columns(
        label=pl.format("{}. {}: {}", "line", "outcome", "design")
    )
    y = alt.Y("label:N", sort=None, title=None, axis=alt.Axis(labelLimit=420))
    drawn = _closed(numbered.select("label", "estimate", "lower", "upper"), "estimate")
    base = alt.Chart(_data(drawn))
    reach = base.mark_rule(color=FIRST, strokeWidth=2).encode(
        x=alt.X("lower:Q", title=_SAID["estimate"][lang]), x2="upper:Q", y=y
    )
    points = base.mark_point(filled=True, size=80, color=FIRST, opacity=1).encode(x="estimate:Q", y=y)
    return alt.layer(_rule(0.0), reach, points)


def love(balance: pl.DataFrame, lang: Lang = "da") -> alt.LayerChart | alt.FacetChart:
    """The standardised differences of a ``balance`` table, before and (where it has them) after; lines at ±0.1."""
    import altair as alt

    kept = ["smd", *(["smd_matched"] if "smd_matched" in balance.columns else [])]
    names = {"smd": _SAID["before"][lang], "smd_matched": _SAID["after"][lang]}
    label = pl.col("field") + pl.col("level").fill_null("").str.replace(r"^(.)", ": $1")
    long = (
        balance.select(label.alias("label"), *kept)
        .unpivot(kept, index="label", variable_name="when", value_name="value")
        .with_columns(pl.col("when").replace_strict(names))
        .drop_nulls("value")
    )
    order = [names[name] for name in kept]
    points = (
        alt.Chart(_data(long))
        .mark_point(filled=True, size=80, opacity=1)
        .encode(
            x=alt.X("value:Q", title=_SAID["smd"][lang]),
            y=alt.Y("label:N", sort=None, title=None),
            shape=alt.Shape(
                "when:N",
                sort=order,
                title=None,
                scale=alt.Scale(domain=order, range=["triangle-up", "circle"]),
            ),
            color=alt.Color(
                "when:N", sort=order, title=None, scale=alt.Scale(domain=order, range=[SECOND, FIRST])
            ),
        )
    )
    return alt.layer(_rule(0.0), _rule(-0.1, dash=True), _rule(0.1, dash=True), points)


def survival_curves(curves: pl.DataFrame, lang: Lang = "da") -> alt.LayerChart | alt.FacetChart:
    """The curves of ``kaplan_meier`` as steps with their 95 % bounds, told apart by dash and colour."""
    import altair as alt

    grouped = "group" in curves.columns
    named = curves.with_columns(
        group=pl.col("group").cast(pl.String) if grouped else pl.lit(""),
    )
    base = alt.Chart(_data(named.select("group", "time", "survival", "lower", "upper")))
    x = alt.X("time:Q", title=_SAID["time"][lang])
    y = alt.Y("survival:Q", title=_SAID["survival"][lang], scale=alt.Scale(domain=[0, 1]))
    legend = alt.Legend(title=_SAID["group"][lang]) if grouped else None
    color = alt.Color("group:N", legend=legend, scale=alt.Scale(range=[FIRST, SECOND, INK]))
    band = base.mark_area(opacity=0.15, interpolate="step-after").encode(
        x=x, y=alt.Y("lower:Q", title=_SAID["survival"][lang]), y2="upper:Q", color=color
    )
    line = base.mark_line(interpolate="step-after", strokeWidth=2).encode(
        x=x, y=y, color=color, strokeDash=alt.StrokeDash("group:N", legend=legend)
    )
    return alt.layer(band, line)


def event_plot(periods: pl.DataFrame, lang: Lang = "da", start: float = 0) -> alt.LayerChart | alt.FacetChart:
    """The coefficients by ``period`` of an event study with 95 % bounds, and a line where the effort starts."""
    import altair as alt

    base = alt.Chart(_data(_closed(periods.select("period", "coef", "lower", "upper"), "coef")))
    x = alt.X("period:Q", title=_SAID["period"][lang])
    reach = base.mark_rule(color=FIRST, strokeWidth=2).encode(
        x=x, y=alt.Y("lower:Q", title=_SAID["estimate"][lang]), y2="upper:Q"
    )
    points = base.mark_point(filled=True, size=80, color=FIRST, opacity=1).encode(x=x, y="coef:Q")
    began = alt.Chart(alt.Data(values=[{"at": start - 0.5}])).mark_rule(strokeDash=[4, 3]).encode(x="at:Q")
    zero = alt.Chart(alt.Data(values=[{"at": 0.0}])).mark_rule(color=INK).encode(y="at:Q")
    return alt.layer(zero, began, reach, points)


def _rule(at: float, *, dash: bool = False) -> alt.Chart:
    import altair as alt

    mark = alt.Chart(alt.Data(values=[{"at": at}]))
    return mark.mark_rule(color=INK, strokeDash=[4, 3] if dash else [1, 0]).encode(x="at:Q")


def _closed(table: pl.DataFrame, middle: str) -> pl.DataFrame:
    """Open ends of intervals a little beyond all that has an end: a chart has no room for the infinite."""
    values = pl.concat([table[name].cast(pl.Float64) for name in (middle, "lower", "upper")]).drop_nulls()
    known = values.filter(values.is_finite())
    if known.is_empty() or len(known) == len(values):
        return table
    low, high = float(known.min()), float(known.max())  # type: ignore[arg-type]
    beyond = 0.25 * ((high - low) or abs(high) or 1.0)
    return table.with_columns(pl.col("lower", "upper").cast(pl.Float64).clip(low - beyond, high + beyond))


def _data(table: pl.DataFrame) -> alt.Data:
    import altair as alt

    return alt.Data(values=table.to_dicts())  # type: ignore[arg-type]
