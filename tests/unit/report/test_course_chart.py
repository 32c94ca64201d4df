"""The chart of a score from day to day: where its points stand, what its key says, and what it refuses."""

from __future__ import annotations

from datetime import date

import pytest

from drawn import chart, drawn, rows_of, table, texts
from indsats.programme import Text
from indsats.report import Cell, Span, Zone, chart_svg

DAYS = (date(2019, 3, 4), date(2019, 9, 4), date(2020, 3, 4))
LOW, HIGH = Zone(Text(da="lavt", en="low"), None, 40), Zone(Text(da="højt", en="high"), 41)
BOTH: dict[str, str | tuple[str, ...]] = {"day": "day", "value": ("one", "two")}
ROWS: tuple[tuple[Cell, ...], ...] = ((DAYS[0], 20.0, None), (DAYS[1], 50.0, 45.0), (DAYS[2], 80.0, None))
SCORE = chart("course", BOTH, scale=Span(0, 100, "higher"), zones=(LOW, HIGH))


def test_points_stand_by_day_and_number_each_line_in_a_shape_of_its_own() -> None:
    points = rows_of(drawn(SCORE, table(("day", "one", "two"), ROWS)), "series")
    one, two = ([row for row in points if row["series"] == name] for name in ("one", "two"))
    assert [row["value"] for row in one] == [20, 50, 80]
    assert {row["shape"] for row in one} != {row["shape"] for row in two}
    first, middle, last = (row["x"] for row in one)
    days = [(later - DAYS[0]).days for later in DAYS]
    assert (middle - first) / (last - first) == pytest.approx(days[1] / days[2], abs=0.01)
    falls = [row["y"] for row in one]
    assert falls[0] - falls[1] == pytest.approx(falls[1] - falls[2], abs=0.1)
    assert two[0]["x"] == middle


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("da", ("0–40: lavt", "41–100: højt", "↑ bedre", "4.3.2019")),
        ("en", ("0–40: low", "↑ better", "4 Mar 2019")),
    ],
)
def test_the_zones_the_ends_and_the_better_way_are_told(lang: str, said: tuple[str, ...]) -> None:
    told = texts(SCORE, table(("day", "one", "two"), ROWS), lang)  # type: ignore[arg-type]
    assert set(said) <= set(told)
    assert {f"one {lang}", f"two {lang}", "80", "45", "0", "100"} <= set(told)


def test_one_line_needs_no_key_and_one_day_stands_in_the_middle() -> None:
    alone = chart("course", {"day": "day", "value": "one"}, scale=Span(0, 10))
    of = table(("day", "one"), ((DAYS[0], 4.0),))
    (point,) = rows_of(drawn(alone, of), "series")
    assert point["x"] == 116
    assert "one da" not in texts(alone, of)


def test_many_lines_are_told_apart() -> None:
    from indsats.report.course_chart import _look

    assert len({_look(place) for place in range(36)}) == 36


def test_nothing_is_drawn_of_no_number() -> None:
    assert chart_svg(SCORE, table(("day", "one", "two"), ((DAYS[0], None, None),)), "da") is None


def test_a_day_that_is_none_and_a_missing_scale_are_refused() -> None:
    with pytest.raises(ValueError, match="a day in every row"):
        chart_svg(SCORE, table(("day", "one", "two"), (("soon", 1.0, None),)), "da")
    with pytest.raises(ValueError, match="scale"):
        chart_svg(chart("course", BOTH), table(("day", "one", "two"), ROWS), "da")
