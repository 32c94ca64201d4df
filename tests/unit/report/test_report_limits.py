"""Control charts and funnels as drawings: shapes and words for what signals, gaps, names, and nothing of the hidden."""

from __future__ import annotations

import json

import polars as pl
import pytest

from drawn import chart, drawn, hidden, rows_of, shown, table, texts
from indsats.language import Lang
from indsats.programme import Text
from indsats.report import Cell, ProtectedFigure, Table, chart_svg
from indsats.report.texts import say
from indsats.steer import funnel

OUT = Text(da="uden for grænserne", en="outside the limits")
CONTROL = chart(
    "control",
    {
        "label": "month",
        "value": "value",
        "centre": "centre",
        "low": "low",
        "high": "high",
        "signal": "signal",
    },
)
FUNNEL = chart(
    "funnel",
    {
        "label": "place",
        "level": "level",
        "centre": "centre",
        "low": ("low", "low2"),
        "high": ("high", "high2"),
        "signal": "signal",
    },
)


def month(number: int, value: ProtectedFigure | None, signal: Text | None = None) -> tuple[Cell, ...]:
    centre, low, high = (shown(f"{what}{number}", at) for what, at in (("c", 5.0), ("l", 3.0), ("h", 7.0)))
    return f"maj {2000 + number}", value, centre, low, high, signal


def control_table(*values: float | None, out: tuple[int, ...] = ()) -> Table:
    rows = [
        month(at, None if value is None else shown(f"v{at}", value), OUT if at in out else None)
        for at, value in enumerate(values)
    ]
    return table(("month", "value", "centre", "low", "high", "signal"), rows)


@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_month_outside_has_a_shape_a_word_and_its_name(lang: Lang) -> None:
    of = control_table(5.1, 4.8, 8.2, 5.3, 4.9, out=(2,))
    shapes = {row["item"]: row["shape"] for row in rows_of(drawn(CONTROL, of, lang), "item")}
    assert shapes["maj 2002"] == "diamond"
    assert {shapes["maj 2000"], shapes["maj 2004"]} == {"circle"}
    said = texts(CONTROL, of, lang)
    assert OUT.in_(lang).capitalize() in said
    assert "maj 2002" in said
    assert say("chart-control-limits", lang) in said


def test_a_gap_breaks_the_line() -> None:
    spec = drawn(CONTROL, control_table(5.0, 5.2, None, 4.8, 5.1))
    ink = {row["curve"] for row in rows_of(spec, "curve") if row["ink"] == "#0059b3"}
    assert len(ink) == 2


def test_a_hidden_month_is_a_gap_that_is_told_and_leaves_no_trace() -> None:
    rows = [month(0, shown("a", 5.0)), month(1, hidden("b")), month(2, shown("c", 4.0))]
    of = table(("month", "value", "centre", "low", "high", "signal"), rows)
    assert say("chart-left-out", "da") in texts(CONTROL, of)
    assert [row["value"] for row in rows_of(drawn(CONTROL, of), "item")] == [5.0, 4.0]


def test_nothing_to_draw_is_no_drawing() -> None:
    assert chart_svg(CONTROL, control_table(None, None), "da") is None


def test_more_kinds_of_signals_than_shapes_are_refused() -> None:
    rows = [month(at, shown(f"v{at}", 5.0), Text(da=f"tegn {at}", en=f"sign {at}")) for at in range(4)]
    with pytest.raises(ValueError, match="4 kinds of signals"):
        drawn(CONTROL, table(("month", "value", "centre", "low", "high", "signal"), rows))


def funnel_table(names: list[str], n: list[float], d: list[float], gone: int | None = None) -> Table:
    found = funnel(pl.DataFrame({"place": names, "n": n, "d": d}), target=0.5, kind="share")
    rows: list[tuple[Cell, ...]] = []
    for at, one in enumerate(found.iter_rows(named=True)):

        def cell(column: str, one: dict[str, float] = one, at: int = at) -> Cell:
            return ProtectedFigure(f"{column}{at}", one[column], "share")

        level: Cell = ProtectedFigure(f"v{at}", one["level"], "share", one["n"], one["d"])
        ends = [cell(column) for column in ("low_95", "high_95", "low_998", "high_998")]
        if at == gone:
            level = hidden(f"v{at}", "share")
            ends = [hidden(f"{at}/{end}", "share") for end in range(4)]
        outside = None if one["position"] == "inside" or at == gone else OUT
        rows.append((one["place"], level, cell("centre"), *ends, outside))
    return table(("place", "level", "centre", "low", "high", "low2", "high2", "signal"), rows)


@pytest.mark.parametrize("lang", ["da", "en"])
def test_places_outside_are_named_and_the_others_are_not(lang: Lang) -> None:
    of = funnel_table(
        ["Nord", "Syd", "Et meget langt navn på et sted ved havnen"], [20, 52, 190], [40, 100, 200]
    )
    said = texts(FUNNEL, of, lang)
    assert "Nord" not in said
    [long] = [one for one in said if one.startswith("Et meget")]
    assert long.endswith("…")
    shapes = {row["item"]: row["shape"] for row in rows_of(drawn(FUNNEL, of, lang), "item")}
    assert sorted(shapes.values()) == ["circle", "circle", "diamond"]


def test_both_limits_have_dashes_of_their_own() -> None:
    spec = drawn(FUNNEL, funnel_table(["a", "b", "c"], [5, 50, 100], [10, 100, 200]))
    dashes = [
        tuple(layer["mark"]["strokeDash"]) for layer in spec["layer"] if layer["mark"]["type"] == "line"
    ]
    assert len(set(dashes)) == len(dashes) == 2


def test_a_hidden_place_leaves_no_trace() -> None:
    pictures = [
        json.dumps(drawn(FUNNEL, funnel_table(["a", "b", "c"], [n, 50, 100], [d, 100, 200], gone=0)))
        for n, d in ((1.0, 4.0), (3.0, 30.0))
    ]
    assert pictures[0] == pictures[1]


def test_of_many_places_outside_the_farthest_are_named() -> None:
    names = [f"sted {at}" for at in range(20)]
    of = funnel_table(names, [90.0 + at * 0.5 for at in range(20)], [100.0] * 20)
    said = texts(FUNNEL, of)
    assert sum(one.startswith("sted ") for one in said) == 12
    assert {"sted 19", "sted 8"} <= set(said)
    assert say("chart-more-outside", "da", number=8) in said
