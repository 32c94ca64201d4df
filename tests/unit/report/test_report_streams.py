"""Streams between starts and ends: heights that add up, and hidden numbers that leave no trace."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from drawn import ENDS, STREAMS, counts, drawn, guarded, hidden, rows_of, table, texts
from indsats.figure import Figure
from indsats.language import Lang
from indsats.report import ProtectedFigure, Table, chart_svg
from indsats.report.streams import ribbon
from indsats.report.texts import say


@pytest.fixture(params=["da", "en"])
def lang(request: pytest.FixtureRequest) -> Lang:
    return request.param


def test_the_streams_of_a_block_are_together_as_high_as_it() -> None:
    spec = drawn(STREAMS, guarded(counts([[64, 21, 38], [47, 89, 17]], total_row=True)))
    blocks = {box["block"]: box["y2"] - box["y"] for box in rows_of(spec, "block")}
    bands: dict[str, dict[str, Any]] = {}
    for row in rows_of(spec, "persons"):
        bands.setdefault(row["name"], row)
    assert len(bands) == 6
    for side, named in (("start", ["side 0", "side 1"]), ("end", [f"{end} da" for end in ENDS])):
        for name in named:
            wide = [band["y2"] - band["y"] for band in bands.values() if band[side] == name]
            assert sum(wide) == pytest.approx(blocks[name], abs=0.05)
    each = blocks["side 0"] / 123
    assert all(
        band["y2"] - band["y"] == pytest.approx(each * band["persons"], abs=0.02) for band in bands.values()
    )


def test_streams_leave_and_arrive_within_their_blocks_without_gap_or_overlap() -> None:
    spec = drawn(STREAMS, guarded(counts([[64, 21, 38], [47, 89, 17]])))
    points = rows_of(spec, "persons")
    for x, side in ((min(p["x"] for p in points), "start"), (max(p["x"] for p in points), "end")):
        for box in rows_of(spec, "block"):
            edges = sorted((p["y"], p["y2"]) for p in points if p["x"] == x and p[side] == box["block"])
            if edges:
                assert edges[0][0] == pytest.approx(box["y"], abs=0.02)
                assert edges[-1][1] == pytest.approx(box["y2"], abs=0.05)
                assert all(a[1] == pytest.approx(b[0], abs=0.02) for a, b in pairwise(edges))


def test_a_ribbon_is_level_at_its_ends_and_of_one_width() -> None:
    band = ribbon((16, 10), (346, 110), 25)
    assert len(band) == 30
    assert (band[0], band[-1]) == ((16, 10, 35), (346, 110, 135))
    assert all(low - top == pytest.approx(25, abs=0.011) for _, top, low in band)
    slopes = [b[1] - a[1] for a, b in pairwise(band)]
    assert all(slope >= 0 for slope in slopes)
    assert slopes[0] < 0.4 > slopes[-1]
    assert max(slopes) > 5


def test_streams_are_labelled_with_persons_and_shares(lang: Lang) -> None:
    said = texts(STREAMS, guarded(counts([[64, 21, 38], [47, 89, 17]], total_row=True)), lang)
    sign = "\u00a0%" if lang == "da" else "%"
    expected = {f"123 (45{sign})", f"153 (55{sign})", f"111 (40{sign})", f"64 (52{sign})", f"good {lang}"}
    assert expected <= set(said)
    assert say("chart-open", lang) not in said
    assert "276" not in " ".join(said)


def test_a_hidden_stream_changes_the_drawing_and_leaves_no_trace(lang: Lang) -> None:
    """Two tables that differ in the hidden numbers alone are drawn with the same bytes."""
    pictures: list[str | None] = []
    for small, other in ((3, 4), (4, 3)):
        of = guarded(
            counts(
                [
                    [
                        64,
                        small,
                        other,
                    ],
                    [47, 89 - small, 17 - other],
                ],
                total_row=True,
            )
        )
        assert [cell.value for cell in of.rows[0][2:4] if isinstance(cell, Figure)] == [None, None]
        pictures.append(chart_svg(STREAMS, _without_lower_row(of), lang))
    assert pictures[0] is not None
    assert pictures[0] == pictures[1]
    spec = drawn(STREAMS, of, lang)
    assert ("side 0", f"poor {lang}") not in {(row["start"], row["end"]) for row in rows_of(spec, "persons")}
    assert not {row["persons"] for row in rows_of(spec, "persons")} & {3.0, 4.0}
    said = texts(STREAMS, of, lang)
    assert any(say("chart-part", lang) in text for text in said)
    assert say("chart-open", lang) in said


def _without_lower_row(of: Table) -> Table:
    """The second start taken away: its numbers differ between the tables, and are no secret."""
    return replace(of, rows=(of.rows[0], of.rows[2]), total_row=-1)


def test_no_height_follows_the_total_where_a_part_is_hidden() -> None:
    shapes: set[str] = set()
    for total in (70, 71, 90):
        cells = (ProtectedFigure("a", 64, "count", 64), hidden("b", "count"), hidden("c", "count"))
        of = table(("start", *ENDS, "total"), [("A", *cells, ProtectedFigure("t", total, "count", total))])
        spec = drawn(STREAMS, of)
        placed = [{key: row.get(key) for key in ("x", "y", "x2", "y2")} for row in rows_of(spec, "y")]
        assert any(row["y2"] for row in placed)
        shapes.add(json.dumps(placed))
    assert len(shapes) == 1


def test_starts_and_ends_without_persons_are_left_out_but_hidden_ones_are_named() -> None:
    cells = (ProtectedFigure("a", 64, "count", 64), hidden("b", "count"), ProtectedFigure("c", 0, "count", 0))
    nobody = tuple(ProtectedFigure(f"n{i}", 0, "count", 0) for i in range(4))
    of = table(("start", *ENDS, "total"), [("A", *cells, hidden("t", "count")), ("B", *nobody)])
    said = texts(STREAMS, of)
    assert {"A", "poor da", "• for få til at vise"} <= set(said)
    assert not {"B", "job da"} & set(said)
    assert not any("%" in text for text in said)
