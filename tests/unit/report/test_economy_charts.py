"""Charts of money: what is drawn where, how it is written in both languages, and that nothing hidden is drawn."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drawn import document, drawn, rows_of, texts
from drawn_money import (
    ACCEPTABILITY,
    CASH,
    FAN,
    FEW,
    INPUTS,
    PERSPECTIVES,
    SO_FAR,
    TORNADO,
    VIEWS,
    YEARS_BY_PAYER,
    acceptability_table,
    both,
    cash_table,
    fan_table,
    perspectives_table,
    tornado_table,
)
from indsats.figure import Figure
from indsats.language import Lang
from indsats.report import Chart, Column, Table, chart_spec, chart_svg, protect, render_html
from indsats.report.canvas import INK
from indsats.report.economy_bars import GAIN, HIGH, LOSS, LOW
from indsats.report.economy_charts import PAYERS
from indsats.report.formats import kroner
from indsats.report.hatching import Hatch, surface
from indsats.report.money_axis import money_scale
from indsats.report.sheet import Sheet
from indsats.report.texts import say

ALL: dict[str, tuple[Chart, Table]] = {
    "cash": (CASH, cash_table()),
    "tornado": (TORNADO, tornado_table()),
    "fan": (FAN, fan_table()),
    "acceptability": (ACCEPTABILITY, acceptability_table()),
    "perspectives": (PERSPECTIVES, perspectives_table()),
}


@pytest.fixture(params=["da", "en"])
def lang(request: pytest.FixtureRequest) -> Lang:
    return request.param


def plain(said: list[str]) -> list[str]:
    """Texts with ordinary spaces."""
    return [one.replace("\u00a0", " ") for one in said]


def bars(made: Chart, of: Table) -> list[dict[str, Any]]:
    """The surfaces that stand for a number."""
    return [row for row in rows_of(drawn(made, of), "x2") if "value" in row and "fill" in row]


@pytest.mark.parametrize(
    ("value", "millions", "da", "en"),
    [
        (1234567, False, "1.234.567 kr.", "DKK 1,234,567"),
        (-950, False, "−950 kr.", "DKK −950"),
        (1500000, True, "1,5 mio. kr.", "DKK 1.5 million"),
    ],
)
def test_money_is_written_as_its_readers_write_it(value: float, millions: bool, da: str, en: str) -> None:
    told = [kroner(value, lang, 1 if millions else 0, millions=millions) for lang in ("da", "en")]
    assert plain(told) == [da, en]
    assert " " not in "".join(told)


@settings(deadline=None)
@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=8), st.integers(2, 8))
def test_a_money_axis_holds_all_between_few_round_numbers(values: list[float], most: int) -> None:
    scale = money_scale(values, "da", most)
    ticks = scale.ticks()
    room = (scale.high - scale.low) * 1e-6
    assert scale.low - room <= min(values) <= max(values) <= scale.high + room
    assert 2 <= len(ticks) <= most + 2
    assert all(b - a == pytest.approx(scale.step) for a, b in pairwise(ticks))
    mantissa = float(f"{scale.step:.6e}".split("e")[0])
    assert mantissa in (1, 2, 5)
    assert len({scale.tick(tick) for tick in ticks}) == len(ticks)


def test_an_axis_of_millions_says_so_and_zero_is_no_million(lang: Lang) -> None:
    many = cash_table([[v * 40 for v in row if isinstance(v, float)] for row in YEARS_BY_PAYER], (None,) * 5)
    said = plain(texts(CASH, many, lang))
    assert ("2 mio. kr." if lang == "da" else "DKK 2 million") in said
    assert ("0 kr." if lang == "da" else "DKK 0") in said


def test_spent_hangs_below_zero_and_gained_stands_above_it() -> None:
    drawn_bars = bars(CASH, cash_table())
    zero = max(row["y2"] for row in drawn_bars if row["item"] == "2")
    assert zero == min(row["y"] for row in drawn_bars if row["item"] == "1")
    first = [row for row in drawn_bars if row["item"] == "1"]
    assert [row["value"] for row in first] == pytest.approx([-61200, -4100, -9800])
    assert all(one["y2"] == other["y"] for one, other in pairwise(first))  # one hangs on the other
    each = {(row["y2"] - row["y"]) / abs(row["value"]) for row in drawn_bars}
    assert max(each) == pytest.approx(
        min(each), rel=0.02
    )  # heights are to scale, but for rounding to 0.01 pixel


def test_the_line_of_the_running_net_has_a_ring_each_year_and_its_last_number(lang: Lang) -> None:
    rings = rows_of(drawn(CASH, cash_table(), lang), "net")
    assert [ring["net"] for ring in rings] == list(SO_FAR)
    assert ("37.800 kr." if lang == "da" else "DKK 37,800") in plain(texts(CASH, cash_table(), lang))


def test_payers_differ_in_pattern_and_not_in_colour_alone() -> None:
    patterns = {(hatch.pattern, hatch.fill == "#ffffff") for hatch in PAYERS[:-1]}
    assert len(patterns) == len(PAYERS) - 1
    assert (
        len({hatch.fill for hatch in PAYERS if hatch.pattern == "plain"}) == 2
    )  # dark, and light for others
    six = [(*row, 1.0, 1.0, 1.0) for row in YEARS_BY_PAYER]
    keys = tuple(f"p{at}" for at in range(6))
    of = cash_table()
    wide = Table(
        "t",
        of.title,
        (of.columns[0], *(Column(key, both(key, key), "amount") for key in keys), of.columns[-1]),
        tuple((of.rows[at][0], *row, of.rows[at][-1]) for at, row in enumerate(six)),
    )
    made = replace(CASH, encodings={"label": "year", "parts": keys, "net": "net"})
    with pytest.raises(ValueError, match="6 payers; at most 5"):
        chart_spec(made, wide, "da")


def test_hatching_stays_inside_its_surface() -> None:
    sheet = Sheet()
    for pattern in ("rising", "falling", "level", "crossed"):
        surface(sheet, 10, 20, 47, 33, Hatch("#ffffff", INK, pattern))
    lines = [row for _, row in sheet._lines]
    assert len(lines) > 30
    assert all(10 <= row[x] <= 47 for row in lines for x in ("x", "x2"))
    assert all(20 <= row[y] <= 33 for row in lines for y in ("y", "y2"))


def test_the_total_of_all_years_is_no_year() -> None:
    of = cash_table()
    total = replace(of, rows=(*of.rows, ("I alt", *of.rows[0][1:])), total_row=-1)
    assert {row["item"] for row in bars(CASH, total)} == {"1", "2", "3", "4", "5"}


def test_an_input_swings_around_the_expected_net_with_its_values_at_the_ends(lang: Lang) -> None:
    swings = bars(TORNADO, tornado_table())
    first = {row["value"]: row for row in swings[:2]}
    assert first[-21400.0]["x2"] == first[92300.0]["x"]  # they meet at the expected net
    said = plain(texts(TORNADO, tornado_table(), lang))
    ends = ("2,1", "11,8", "46.000 kr.") if lang == "da" else ("2.1", "11.8", "DKK 46,000")
    expected = "Forventet: 37.800 kr." if lang == "da" else "Expected: DKK 37,800"
    assert {*ends, expected, say("money-at-low", lang), say("money-at-high", lang)} <= set(said)
    assert LOW.pattern != HIGH.pattern


def test_the_value_that_costs_more_stands_on_the_side_of_the_lower_net() -> None:
    at = {row["text"]: row["x"] for row in rows_of(drawn(TORNADO, tornado_table()), "text")}
    assert at["46.000 kr."] < at["38.000 kr."]
    same_side = tornado_table([(INPUTS[3][0], "a", "b", 40000.0, 52000.0)])
    at = {row["text"]: row["x"] for row in rows_of(drawn(TORNADO, same_side), "text")}
    start = min(row["x"] for row in bars(TORNADO, same_side))
    assert (
        at["a"] < start < at["b"]
    )  # both nets are above the expected one; the nearer value is written to its left


@pytest.mark.parametrize(("nets", "has_zero"), [((30000.0, 47000.0), False), ((12000.0, 47000.0), True)])
def test_zero_is_drawn_when_it_is_near(nets: tuple[float, float], has_zero: bool) -> None:
    of = tornado_table([(INPUTS[0][0], "a", "b", *nets)])
    assert ("0 kr." in plain(texts(TORNADO, of))) == has_zero


def test_bands_lie_one_in_the_other_around_the_median() -> None:
    spec = drawn(FAN, fan_table())
    names = ("0.95-0", "0.8-0", "0.5-0")
    areas = {name: [row for row in rows_of(spec, "opacity") if row["name"] == name] for name in names}
    medians = [row["y"] for row in rows_of(spec, "median")]
    assert [len(area) for area in areas.values()] == [5, 5, 5]
    for wide, mid, narrow, median in zip(*areas.values(), medians, strict=True):
        assert wide["y"] < mid["y"] < narrow["y"] < median < narrow["y2"] < mid["y2"] < wide["y2"]
    assert [row["median"] for row in rows_of(spec, "median")] == list(SO_FAR)


def test_the_last_year_of_a_fan_is_written(lang: Lang) -> None:
    said = plain(texts(FAN, fan_table(), lang))
    ends = (
        ("94.640 kr.", "37.800 kr.", "−19.040 kr.")
        if lang == "da"
        else ("DKK 94,640", "DKK 37,800", "DKK −19,040")
    )
    assert set(ends) <= set(said)
    assert ("95 % af udfaldene" if lang == "da" else "95% of the outcomes") in said


def test_a_case_of_one_year_has_bands_too() -> None:
    areas = rows_of(drawn(FAN, fan_table([5000.0])), "opacity")
    assert {row["name"] for row in areas} == {"0.95-0", "0.8-0", "0.5-0"}
    assert len({row["x"] for row in areas}) == 2


def test_a_fan_needs_three_bands() -> None:
    made = replace(FAN, encodings={**FAN.encodings, "low": ("low50", "low95"), "high": ("high50", "high95")})
    with pytest.raises(ValueError, match="three columns 'low'"):
        chart_spec(made, fan_table(), "da")


def test_chances_rise_with_what_a_unit_is_worth(lang: Lang) -> None:
    dots = rows_of(drawn(ACCEPTABILITY, acceptability_table(), lang), "chance")
    assert [dot["worth"] for dot in dots] == [at * 50000 for at in range(9)]
    heights = [dot["y"] for dot in dots]
    assert heights == sorted(heights, reverse=True)
    said = plain(texts(ACCEPTABILITY, acceptability_table(), lang))
    assert {"31 %", "94 %", "Lige store chancer (50 %)"} <= set(said) or lang == "en"
    assert {"31%", "94%", "Even chances (50%)"} <= set(said) or lang == "da"


def test_several_curves_have_dashes_and_names_of_their_own() -> None:
    of = acceptability_table(other=[0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75])
    made = replace(ACCEPTABILITY, encodings={"worth": "worth", "chance": ("chance", "other")})
    layers = [
        layer["mark"]["strokeDash"] for layer in drawn(made, of)["layer"] if layer["mark"]["type"] == "line"
    ]
    assert len({tuple(dash) for dash in layers}) == 2
    assert "Kun kommunens kasse" in texts(made, of)


def test_what_is_gained_lies_right_of_zero_and_the_net_comes_last(lang: Lang) -> None:
    found = {row["item"]: row for row in bars(PERSPECTIVES, perspectives_table())}
    zero = found["Skatteyderne"]["x"]
    assert found["Indsatsens omkostning"]["x2"] == zero
    assert found["Netto for samfundet"]["y"] == max(row["y"] for row in found.values())
    said = plain(texts(PERSPECTIVES, perspectives_table(), lang))
    told = ("61.400 kr.", "−75.100 kr.") if lang == "da" else ("DKK 61,400", "DKK −75,100")
    assert {*told, say("money-interval", lang), say("money-loss", lang)} <= set(said)
    assert GAIN.pattern != LOSS.pattern


def test_the_net_stands_last_wherever_its_row_is() -> None:
    of = perspectives_table()
    first = replace(of, rows=(of.rows[-1], *of.rows[:-1]), total_row=0)
    at = {row["text"]: row["y"] for row in rows_of(drawn(PERSPECTIVES, first), "text")}
    assert at["Netto for samfundet"] > at["Indsatsens omkostning"]
    assert say("money-interval", "da") not in texts(PERSPECTIVES, perspectives_table(net=None))


@pytest.mark.parametrize(("kind", "role"), [(kind, role) for kind in ALL for role in ALL[kind][0].encodings])
def test_a_missing_encoding_is_named(kind: str, role: str) -> None:
    made, of = ALL[kind]
    less = replace(made, encodings={key: name for key, name in made.encodings.items() if key != role})
    with pytest.raises(ValueError, match=rf"'c'.*'{kind}'.*'{role}'"):
        chart_spec(less, of, "da")


SECRET = 31337.0


@pytest.mark.parametrize(
    ("made", "open_table", "few"),
    [
        (CASH, cash_table([(SECRET, *YEARS_BY_PAYER[0][1:]), *YEARS_BY_PAYER[1:]]),
         cash_table([(FEW, *YEARS_BY_PAYER[0][1:]), *YEARS_BY_PAYER[1:]])),
        (CASH, cash_table(so_far=(*SO_FAR[:3], SECRET, SO_FAR[4])), cash_table(so_far=(*SO_FAR[:3], FEW, SO_FAR[4]))),
        (TORNADO, tornado_table([*INPUTS, (both("x", "x"), "a", "b", SECRET, 40000.0)]),
         tornado_table([*INPUTS, (both("x", "x"), "a", "b", FEW, 40000.0)])),
        (FAN, fan_table([SECRET, *SO_FAR]), fan_table([FEW, *SO_FAR])),
        (PERSPECTIVES, perspectives_table([(VIEWS[0][0], SECRET), *VIEWS[1:]]),
         perspectives_table([(VIEWS[0][0], FEW), *VIEWS[1:]])),
        (ACCEPTABILITY, acceptability_table([0.31337, 0.5]), acceptability_table([FEW, 0.5])),
    ],
)  # fmt: skip
def test_a_number_that_may_not_be_shown_is_not_drawn_and_that_is_told(
    made: Chart, open_table: Table, few: Table, lang: Lang
) -> None:
    said = say("chart-left-out", lang)
    assert said not in texts(made, open_table, lang)
    assert "31337" in json.dumps(drawn(made, open_table, lang))
    assert said in texts(made, few, lang)
    assert "31337" not in json.dumps(drawn(made, few, lang))


def test_a_hidden_year_breaks_the_line_and_is_marked() -> None:
    of = cash_table(so_far=(SO_FAR[0], SO_FAR[1], FEW, SO_FAR[3], SO_FAR[4]))
    dark = {row["curve"] for row in rows_of(drawn(CASH, of), "curve") if row["ink"] == INK}
    assert len(dark) == 2
    assert "3 •" in texts(CASH, of)


@pytest.mark.parametrize(
    ("made", "of"),
    [
        (CASH, cash_table([(FEW, FEW, None)], (FEW,))),
        (TORNADO, tornado_table(expected=FEW)),
        (TORNADO, tornado_table([(INPUTS[0][0], "a", "b", FEW, 9.0)])),
        (FAN, fan_table([FEW, None])),
        (ACCEPTABILITY, acceptability_table([FEW, None])),
        (PERSPECTIVES, perspectives_table([(VIEWS[0][0], FEW)], None)),
    ],
)
def test_nothing_left_is_no_drawing(made: Chart, of: Table) -> None:
    assert chart_svg(made, of, "da") is None


def test_disclosure_control_takes_the_money_of_few_persons_out_of_the_picture() -> None:
    few = [
        (VIEWS[0][0], Figure("v", 48213.0, "amount", None, 3)),
        (VIEWS[1][0], Figure("w", 100.0, "amount", None, 90)),
    ]
    of = replace(perspectives_table(), rows=tuple(few), total_row=None)
    kept = protect(document(of, PERSPECTIVES)).table("t")
    assert "48213" in json.dumps(drawn(PERSPECTIVES, of))
    assert "48213" not in json.dumps(drawn(PERSPECTIVES, kept))
    assert {row["item"] for row in bars(PERSPECTIVES, kept)} == {VIEWS[1][0].da}


def test_a_page_holds_all_of_them_within_its_width_and_in_its_language(lang: Lang) -> None:
    blocks = [
        one
        for kind, (made, of) in ALL.items()
        for one in (replace(of, id=f"t-{kind}"), replace(made, id=kind, table_id=f"t-{kind}"))
    ]
    page = render_html(protect(document(*blocks)), lang)
    assert page == render_html(protect(document(*blocks)), lang)
    svgs = re.findall(r"<svg.*?</svg>", page, re.S)
    assert len(svgs) == 5
    assert all(
        float(width) <= 798 for svg in svgs for width in re.findall(r'<svg[^>]* width="([\d.]+)"', svg)
    )
    sizes = [float(size) for svg in svgs for size in re.findall(r'font-size="([\d.]+)px"', svg)]
    assert min(sizes) >= 12
    other = "en" if lang == "da" else "da"
    for key in ("money-at-low", "money-median", "money-gain", "money-interval"):
        assert any(say(key, lang) in svg for svg in svgs)
        assert not any(say(key, other) in svg for svg in svgs)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_outlines_and_hatching_stand_out_from_paper_and_from_their_ground() -> None:
    for hatch in (*PAYERS, GAIN, LOSS, LOW, HIGH):
        assert (1.05) / (luminance(hatch.ink) + 0.05) >= 4.5
        if hatch.pattern != "plain":
            assert (luminance(hatch.fill) + 0.05) / (luminance(hatch.ink) + 0.05) >= 4.5
