"""Steps over days: one line for each thing followed, broken where nothing is told, hollow where a word marks it."""

from __future__ import annotations

from datetime import date

import pytest

from drawn import chart, drawn, rows_of, table, texts
from indsats.language import Lang
from indsats.programme import Text
from indsats.report import Cell, Table, chart_svg

WORD = Text(da="uden bevis", en="without proof")
STEPS = chart("steps", {"label": "what", "first": "first", "last": "last", "value": "value", "mark": "mark"})


def of(*rows: tuple[str, date, date, float, Cell]) -> Table:
    return table(("what", "first", "last", "value", "mark"), rows)


def ordinary(first: date, last: date, value: float, mark: Cell = None) -> tuple[str, date, date, float, Cell]:
    return "ordinary", first, last, value, mark


@pytest.mark.parametrize("lang", ["da", "en"])
def test_lines_are_told_apart_by_name_and_dash_and_the_mark_by_shape_and_word(lang: Lang) -> None:
    made = of(
        ordinary(date(2017, 1, 1), date(2017, 3, 31), 5.0, WORD),
        ("flex", date(2017, 2, 1), date(2017, 6, 30), 7.5, None),
    )
    said = texts(STEPS, made, lang)
    assert {"ordinary", "flex", WORD.in_(lang)} <= set(said)
    fills = {row["value"]: row["fill"] for row in rows_of(drawn(STEPS, made, lang), "value")}
    assert fills[5.0] == "#ffffff" != fills[7.5]
    dashes = {
        str(layer["mark"]["strokeDash"])
        for layer in drawn(STEPS, made, lang)["layer"]
        if layer["mark"]["type"] == "line"
    }
    assert len(dashes) == 2
    assert ("maj 2017" if lang == "da" else "May 2017") in said
    assert 'role="img"' in (chart_svg(STEPS, made, lang) or "")


def test_a_gap_breaks_the_line_and_days_in_a_row_do_not() -> None:
    joined = of(
        ordinary(date(2017, 1, 1), date(2017, 1, 31), 5.0), ordinary(date(2017, 2, 1), date(2017, 2, 3), 9.0)
    )
    apart = of(
        ordinary(date(2017, 1, 1), date(2017, 1, 31), 5.0), ordinary(date(2017, 2, 2), date(2017, 2, 3), 9.0)
    )

    def curves(made: Table) -> int:
        return len({row["curve"] for row in rows_of(drawn(STEPS, made), "curve") if row.get("item")})

    assert (curves(joined), curves(apart)) == (1, 2)


def test_nothing_is_no_drawing_and_a_day_alone_is_one() -> None:
    assert chart_svg(STEPS, of(), "da") is None
    assert chart_svg(STEPS, of(ordinary(date(2017, 5, 9), date(2017, 5, 9), 0.0)), "da")


def test_more_words_than_one_are_refused() -> None:
    day = date(2017, 1, 1)
    with pytest.raises(ValueError, match="2 words"):
        drawn(STEPS, of(ordinary(day, day, 1.0, "a"), ordinary(day, day, 1.0, "b")))
