"""Profiles and change arrows, and what all drawn charts keep: nothing hidden is drawn, all of it can be read."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from drawn import (
    ARROWS,
    ENDS,
    PROFILE,
    STREAMS,
    arrow_row,
    arrow_table,
    counts,
    document,
    drawn,
    hidden,
    profile_table,
    rows_of,
    shown,
    table,
    texts,
)
from indsats.figure import Figure
from indsats.language import Lang
from indsats.programme import Text
from indsats.report import (
    Chart,
    Document,
    Span,
    chart_spec,
    chart_svg,
    protect,
    render_html,
)
from indsats.report.canvas import INK, MUTED, SERIES
from indsats.report.sheet import Ruler
from indsats.report.streams import _SHADES
from indsats.report.texts import say


@pytest.fixture(params=["da", "en"])
def lang(request: pytest.FixtureRequest) -> Lang:
    return request.param


@pytest.mark.parametrize(
    ("made", "role"),
    [(PROFILE, role) for role in ("label", "before", "now")]
    + [(ARROWS, role) for role in ("label", "before", "after")]
    + [(STREAMS, role) for role in ("label", "ends")],
)
def test_a_missing_encoding_is_named(made: Chart, role: str) -> None:
    of = {
        "profile": profile_table(),
        "arrows": arrow_table(arrow_row("A", 3, 5, 1, 3)),
        "transitions": counts([[9, 9, 9]]),
    }[made.kind]
    less = replace(made, encodings={key: name for key, name in made.encodings.items() if key != role})
    with pytest.raises(ValueError, match=f"'c'.*'{made.kind}'.*'{role}'"):
        chart_spec(less, of, "da")


def test_a_profile_needs_its_scale_and_pairs_of_columns() -> None:
    with pytest.raises(ValueError, match="scale"):
        chart_spec(replace(PROFILE, scale=None), profile_table(), "da")
    odd = replace(PROFILE, encodings={"label": "item", "before": ("before", "now"), "now": "now"})
    with pytest.raises(ValueError, match=r"'before' \(2\) as 'now' \(1\)"):
        chart_spec(odd, profile_table(), "da")
    with pytest.raises(ValueError, match="upwards"):
        Span(3, 3)


def test_streams_take_counts_alone() -> None:
    shares = table(("start", *ENDS, "total"), [("A", *(Figure.share(f"{i}", 9, 40) for i in range(4)))])
    with pytest.raises(ValueError, match="counts"):
        chart_spec(STREAMS, shares, "da")


def test_a_profile_row_has_a_hollow_and_a_filled_dot_with_their_numbers() -> None:
    spec = drawn(PROFILE, profile_table())
    before, now = rows_of(spec, "value")
    ruler = Ruler(1, 10, 440, 34)
    assert (before["x"], now["x"]) == (ruler(3.4), ruler(5.1))
    assert before["y"] == now["y"]
    assert (before["fill"], now["fill"]) == ("#ffffff", now["ink"])
    said = texts(PROFILE, profile_table())
    assert {"3,4", "5,1", "1", "10", "slet ikke", "helt", "before da", "now da", "bedre →"} <= set(said)
    assert {"3.4", "5.1", "not at all", "before en", "better →"} <= set(texts(PROFILE, profile_table(), "en"))


def test_groups_in_a_profile_have_shapes_and_lines_of_their_own() -> None:
    row = ("Søvn", shown("a", 3), shown("b", 5), shown("c", 3), shown("d", 5))
    of = table(("item", "a", "b", "c", "d"), (row,))
    two = replace(PROFILE, encodings={"label": "item", "before": ("a", "c"), "now": ("b", "d")})
    dots = rows_of(drawn(two, of), "value")
    assert [dot["shape"] for dot in dots] == ["circle", "circle", "diamond", "diamond"]
    assert len({dot["y"] for dot in dots}) == 2


def test_a_hidden_dot_is_not_drawn_and_that_is_said(lang: Lang) -> None:
    of = profile_table(("Netværk", hidden("c"), shown("d", 3.3)), ("Helbred", hidden("e"), hidden("f")))
    spec = drawn(PROFILE, of, lang)
    assert [dot["item"] for dot in rows_of(spec, "value")] == ["Søvn", "Søvn", "Netværk"]
    said = texts(PROFILE, of, lang)
    assert said.count(f"• {say('hidden', lang)}") == 2
    assert say("chart-left-out", lang) in said
    assert say("chart-left-out", lang) not in texts(PROFILE, profile_table(), lang)


@pytest.mark.parametrize(
    ("before", "after", "limits", "better", "said"),
    [
        (13, 16, (1, 5), "higher", "Bedre"),
        (13, 16, (1, 5), "lower", "Dårligere"),
        (16, 13, (-5, -1), "higher", "Dårligere"),
        (16, 13, (-5, -1), "lower", "Bedre"),
        (13, 16, (-1, 7), "higher", "Ingen sikker ændring"),
        (13, 16, (1, 5), "neither", "Højere"),
        (13, 16, None, "higher", "Højere"),
        (16, 13, None, "higher", "Lavere"),
        (13, 13, None, "higher", "Uændret"),
    ],
)
def test_arrows_tell_in_words_what_became(
    before: float, after: float, limits: tuple[float, float] | None, better: Any, said: str
) -> None:
    row = list(arrow_row("A", before, after, *(limits or (0, 0))))
    if limits is None:
        row[3] = None
    made = replace(ARROWS, scale=Span(0, 25, better))
    assert said in texts(made, arrow_table(row))


def test_an_arrow_points_the_way_the_mean_moved_and_ends_at_it() -> None:
    made = replace(ARROWS, encodings={"label": "group", "before": "before", "after": "after"})
    of = arrow_table(arrow_row("A", 5, 15, 1, 3), arrow_row("B", 15, 5, -3, -1))
    marks = rows_of(drawn(made, of), "value")
    assert [mark["shape"] for mark in marks] == ["circle", "triangle-right", "circle", "triangle-left"]
    ruler = Ruler(0, 25, 350, 34)
    assert marks[1]["x"] == pytest.approx(ruler(15) - 6)
    assert marks[3]["x"] == pytest.approx(ruler(5) + 6)


def test_the_interval_and_the_zone_are_laid_out_from_the_start(lang: Lang) -> None:
    of = arrow_table(arrow_row("A", 10, 13, 1.5, 4.5))
    spec = drawn(ARROWS, of, lang)
    axis = Ruler(6, 16, 350, 34)
    zone = [box for box in rows_of(spec, "x2") if box.get("fill") and box["x"] == axis(6)]
    assert [box["x2"] for box in zone] == [axis(14)]
    assert any((line["x"], line["x2"]) == (axis(11.5), axis(14.5)) for line in rows_of(spec, "thick"))
    said = texts(ARROWS, of, lang)
    change = "+3,0 (1,5 til 4,5); n = 40,0" if lang == "da" else "+3.0 (1.5 to 4.5); n = 40.0"
    assert {change, say("chart-interval", lang), say("chart-reliable", lang)} <= set(said)
    assert say("chart-part-of-scale", lang, low=6, high=16, first=0, last=25) in said


def test_the_ends_of_a_scale_are_named_only_where_the_axis_reaches_them() -> None:
    made = replace(ARROWS, scale=Span(0, 25, "higher", Text(da="værst", en="x"), Text(da="bedst", en="y")))
    said = texts(made, arrow_table(arrow_row("A", 3, 8, 1, 6)))
    assert "værst" in said
    assert "bedst" not in said


@pytest.mark.parametrize("place", [1, 2, 3])
def test_a_row_with_a_hidden_part_has_no_arrow(place: int, lang: Lang) -> None:
    few = list(arrow_row("B", 17.3, 19.9, 1.7, 3.5))
    few[place] = hidden("h")
    of = arrow_table(arrow_row("A", 10, 13, 1, 4), few)
    assert {mark["item"] for mark in rows_of(drawn(ARROWS, of, lang), "value")} == {"A"}
    said = texts(ARROWS, of, lang)
    assert {f"• {say('hidden', lang)}", say("chart-left-out", lang)} <= set(said)
    svg = chart_svg(ARROWS, of, lang)
    assert svg is not None
    assert not re.search(r"17[.,]3|19[.,]9|2[.,]6|1[.,]7", " ".join(re.findall(r">([^<>]+)<", svg)))


@pytest.mark.parametrize("kind", ["profile", "arrows", "transitions"])
def test_nothing_left_is_no_drawing(kind: str) -> None:
    made = {"profile": PROFILE, "arrows": ARROWS, "transitions": STREAMS}[kind]
    of = {
        "profile": table(("item", "before", "now"), [("A", hidden("a"), hidden("b"))]),
        "arrows": arrow_table(("A", hidden("a"), shown("b", 3), shown("c", 1), 4.0, None)),
        "transitions": table(
            ("start", *ENDS, "total"), [("A", *(hidden(f"{i}", "count") for i in range(4)))]
        ),
    }[kind]
    assert chart_spec(made, of, "da") is None


def every_chart() -> Document:
    """A page with all three, each on a table of its own."""
    few = ("Netværk", *(Figure(key, 6.5, "mean", 19.5, 3) for key in ("x", "y")))
    moved = arrow_table(arrow_row("A", 10, 13, 1, 4), arrow_row("B", 12, 11, -3, 1))
    tables = (
        replace(profile_table(few), id="one"),
        replace(moved, id="two"),
        replace(counts([[64, 3, 38], [47, 89, 2]], total_row=True), id="three"),
    )
    charts = (
        replace(PROFILE, id="c1", table_id="one"),
        replace(ARROWS, id="c2", table_id="two"),
        replace(STREAMS, id="c3", table_id="three"),
    )
    return document(*charts, *tables)


def test_a_page_holds_all_three_and_is_the_same_every_time(lang: Lang) -> None:
    page = render_html(protect(every_chart()), lang)
    assert page == render_html(protect(every_chart()), lang)
    assert page.count("<svg") == 3
    svgs = re.findall(r"<svg.*?</svg>", page, re.S)
    sizes = [float(size) for svg in svgs for size in re.findall(r'font-size="([\d.]+)px"', svg)]
    assert sizes
    assert min(sizes) >= 12
    assert all(float(width) <= 798 for width in re.findall(r'<svg[^>]* width="([\d.]+)"', page))
    other = "en" if lang == "da" else "da"
    for key in ("chart-left-out", "chart-open", "chart-interval", "chart-unclear"):
        assert say(key, lang) in page
        assert say(key, other) not in page


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def over_white(colour: str, opacity: float) -> str:
    parts = [round(255 + (int(colour[at : at + 2], 16) - 255) * opacity) for at in (1, 3, 5)]
    return "#{:02x}{:02x}{:02x}".format(*parts)


def test_texts_and_marks_stand_out() -> None:
    spec = drawn(ARROWS, arrow_table(arrow_row("A", 10, 13, 1, 4)))
    zone = next(box["fill"] for box in rows_of(spec, "x2") if "fill" in box)
    for index, ink in enumerate(SERIES):
        assert contrast(ink, "#ffffff") >= 4.5
        assert contrast(INK, over_white(ink, _SHADES[index % len(_SHADES)])) >= 4.5
        assert contrast(ink, zone) >= 3
    assert min(contrast(ink, ground) for ink in (INK, MUTED) for ground in ("#ffffff", zone)) >= 4.5


@pytest.mark.parametrize(("low", "high"), [(1, 10), (0, 25), (0, 100), (0.5, 0.62), (-3, 3), (7, 35)])
def test_axes_have_round_numbers_and_both_ends(low: float, high: float) -> None:
    ticks = Ruler(low, high, 400, 20).ticks()
    assert (ticks[0], ticks[-1]) == (low, high)
    assert 3 <= len(ticks) <= 12
    assert ticks == sorted(set(ticks))
    assert (Ruler(low, high, 400, 20)(low), Ruler(low, high, 400, 20)(high)) == (20, 380)
