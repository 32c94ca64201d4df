"""One register in every layout: the same runs, whatever the file."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indsats.register import BLANK, column_of_week, monday, week_of_column
from indsats.register.sources import open_source
from sas_writer import write_sas
from sourcebook import Told, lines, read, refusal, told, wide_frame, with_blanks

Register = tuple[list[str], np.ndarray, int]


@st.composite
def registers(draw: st.DrawFn) -> Register:
    """Persons, a matrix persons × weeks and its first week, among them the turns of years that are traps."""
    persons = draw(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=5, unique=True))
    first = draw(st.sampled_from(["y_9132", "y_9851", "y_9950", "y_0651", "y_1551", "y_2051"]))
    weeks = draw(st.integers(1, 9))
    code = st.sampled_from([BLANK, BLANK, 0, 7, 111, 730, 999])
    cells = draw(st.lists(code, min_size=weeks * len(persons), max_size=weeks * len(persons)))
    return persons, np.array(cells, dtype=np.int16).reshape(len(persons), weeks), week_of_column(first)


def written(folder: Path, register: Register) -> dict[str, list[Told]]:
    """What each layout tells of the register, its blanks filled in."""
    persons, matrix, first = register
    last = first + matrix.shape[1] - 1
    frame = wide_frame(persons, matrix, first)
    layout = {"person_width": 1, "first_week": column_of_week(first)}
    frame.write_parquet(folder / "wide.parquet")
    frame.write_csv(folder / "wide.csv")
    frame.select(sorted(frame.columns, reverse=True)).write_csv(folder / "turned.csv", separator=";")
    cells = [["   " if code == BLANK else f"{code:03d}" for code in row] for row in matrix]
    lines(folder / "wide.txt", *(who + "".join(row) for who, row in zip(persons, cells, strict=True)))
    columns = {name: frame[name].cast(pl.Float64).to_list() for name in frame.columns[1:]}
    write_sas(
        folder / "wide.sas7bdat", {"person": persons, **{name: [*values] for name, values in columns.items()}}
    )
    runs = told(open_source(folder / "wide.parquet"))
    spells = [
        f"{who},{column_of_week(a)},{column_of_week(b)},{code}" for who, a, b, code in runs if code != BLANK
    ]
    dates = [
        f"{who},{monday(a) + timedelta(days=3)},{monday(b) + timedelta(days=a % 4 + 3)},{'' if code == BLANK else code}"
        for who, a, b, code in runs
    ]
    # Somebody without a code has no row but a blank week, or nobody would know of them.
    silent = [who for who, row in zip(persons, matrix, strict=True) if (row == BLANK).all()]
    told_of = [f"{who},{column_of_week(last)}," for who in silent]
    long = frame.unpivot(index="person", variable_name="week", value_name="code").drop_nulls()
    rows = [",".join(map(str, row)) for row in long.rows()]
    lines(folder / "long.csv", "person,week,code", *rows, *told_of)
    lines(
        folder / "spells.csv", "person,from,to,code", *spells, *(f"{row[:-1]},{row[2:]}" for row in told_of)
    )
    lines(folder / "dates.csv", "person,from,to,code", *dates)
    bounds = {"first_week": first, "last_week": last}
    found = {
        name: read(folder / name, **({"layout": layout} if name.endswith("txt") else {}))
        for name in ("wide.parquet", "wide.csv", "turned.csv", "wide.txt", "wide.sas7bdat")
    }
    for name in ("long.csv", "spells.csv", "dates.csv"):
        found[name] = with_blanks(read(folder / name, **bounds), first, last)
    return found


@settings(max_examples=40, deadline=None)
@given(registers())
def test_every_layout_tells_the_same_runs(
    tmp_path_factory: pytest.TempPathFactory, register: Register
) -> None:
    persons, matrix, first = register
    cells = [
        (who, first + week, first + week, int(code))
        for who, row in zip(persons, matrix, strict=True)
        for week, code in enumerate(row)
    ]
    expected = with_blanks(cells, first, first + matrix.shape[1] - 1)
    folder = tmp_path_factory.mktemp("same")
    for layout, runs in written(folder, register).items():
        assert sorted(runs) == expected, layout
    shutil.rmtree(folder)


def test_the_ending_and_the_columns_choose_the_reader(tmp_path: Path) -> None:
    lines(tmp_path / "w.tsv", "person\ty_1401\tweek", "a\t730\tx")
    assert type(open_source(tmp_path / "w.tsv")).__name__ == "DelimitedSource"
    lines(tmp_path / "l.csv", "week,person,code", "1401,a,730")
    assert type(open_source(tmp_path / "l.csv")).__name__ == "LongSource"
    lines(tmp_path / "s.CSV", "From;TO;Person;Code", "1401;1402;a;730")
    assert type(open_source(tmp_path / "s.CSV")).__name__ == "SpellsSource"
    assert "no ending of a register file" in refusal(lines(tmp_path / "r.xlsx", "x"))
    assert "layout was given" in refusal(
        tmp_path / "l.csv", layout={"person_width": 1, "first_week": "y_1401"}
    )


def test_parquet_that_is_none_or_empty_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "r.parquet"
    frame = pl.DataFrame({"person": ["a"] * 900, "week": ["1401"] * 900, "code": [730] * 900})
    frame.write_parquet(path)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    assert "cannot be read as Parquet" in refusal(path)
    frame.clear().write_parquet(path)
    assert "no persons" in refusal(path)
