"""Spells and cohorts against plain Python that walks through each person's weeks one by one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from indsats.register import Register, cohort, monday, read_register, spells_of
from weekbook import SITES, START, headings, outcome, persons_of, programme, text

CODES = [-1, 651, 730, 737, 873, 997, 998, 999]
BENEFIT = {code for code in range(730, 740)}
OFF = {-1, 651, 652}

wide = arrays(
    np.int16,
    st.tuples(st.integers(1, 6), st.integers(1, 24)),
    elements=st.sampled_from(CODES) | st.sampled_from([730, 730, -1]),
)


def names(count: int) -> list[str]:
    """Persons out of alphabetical order."""
    return [f"p{(number * 7 + 3) % 11:02d}" for number in range(count)]


def register(matrix: np.ndarray) -> Register:
    last = START + matrix.shape[1] - 1
    return Register.of(spells_of(names(len(matrix)), matrix, START), START, last)


@settings(deadline=None)
@given(wide)
def test_spells_spelled_out_are_the_matrix(matrix: np.ndarray) -> None:
    spells = register(matrix).spells
    rebuilt = np.full(matrix.shape, -2)
    row = {person: number for number, person in enumerate(names(len(matrix)))}
    for person, first, last, code in spells.rows():
        rebuilt[row[person], first - START : last - START + 1] = -1 if code is None else code
    assert np.array_equal(rebuilt, matrix)
    assert spells.equals(spells.sort("person", "first_week"))


@settings(deadline=None)
@given(wide)
def test_neighbouring_spells_differ(matrix: np.ndarray) -> None:
    spells = register(matrix).spells
    neighbours = spells.filter(
        (pl.col("person") == pl.col("person").shift()) & pl.col("code").eq_missing(pl.col("code").shift())
    )
    assert neighbours.height == 0


@settings(max_examples=25, deadline=None)
@given(wide, st.sampled_from(["csv", "parquet"]))
def test_a_file_gives_the_spells_of_its_matrix(matrix: np.ndarray, ending: str) -> None:
    frame = pl.DataFrame(
        {
            "person": names(len(matrix)),
            **{
                name: pl.Series([None if code < 0 else int(code) for code in column], dtype=pl.Int16)
                for name, column in zip(headings(START, matrix.shape[1]), matrix.T, strict=True)
            },
        }
    )
    with TemporaryDirectory() as folder:
        place = Path(folder) / "register"
        place.mkdir()
        frame.write_csv(place / "dream.csv") if ending == "csv" else frame.write_parquet(
            place / "dream.parquet"
        )
        assert read_register(Path(folder)).spells.equals(register(matrix).spells)


@dataclass
class Walked:
    """What the oracle finds for one person."""

    index: int
    truncated: bool
    outcome: bool | None
    weeks: int
    event: bool
    history: float | None


def walk(row: list[int], low: int, high: int, within: int, at_least: int, back: int) -> Walked | None:
    """One person week by week; ``None`` without an index event."""
    index = next((week for week in range(low, min(high, len(row) - 1) + 1) if row[week] in BENEFIT), None)
    if index is None:
        return None
    spent, seen, reached = 0, 0, None
    for week in range(index + 1, index + within + 1):
        if week >= len(row) or row[week] in (997, 999):
            break
        seen += 1
        if row[week] in OFF:
            spent += 1
            if spent == at_least:
                reached = seen
    history = None
    if index - back >= 0:
        history = float(sum(code in OFF for code in row[index - back : index]))
    return Walked(
        START + index,
        index == 0 or row[index - 1] in BENEFIT,
        (reached is not None) if seen == within else None,
        reached or seen,
        reached is not None,
        history,
    )


@settings(max_examples=150, deadline=None)
@given(
    wide,
    st.integers(0, 8),
    st.integers(0, 20),
    st.integers(1, 12),
    st.integers(1, 4),
    st.integers(1, 6),
)
def test_cohorts_are_what_walking_through_the_weeks_finds(
    matrix: np.ndarray, low: int, length: int, within: int, at_least: int, back: int
) -> None:
    high = low + length
    window = f"{monday(START + low)}/{monday(START + high + 1)}"  # the Monday after has no Thursday in it
    definition = programme(
        {
            "index": {"state": "benefit", "window": window},
            "outcomes": [outcome(within=within, at_least=at_least)],
            "time_to": "off",
            "history": [{"id": "before", "title": text("x"), "state": "off", "weeks": back}],
        }
    )
    people = names(len(matrix))
    found = cohort(register(matrix), definition, "exit", persons_of(people), SITES)
    expected = {
        person: walked
        for person, row in zip(people, matrix.tolist(), strict=True)
        if (walked := walk(row, low, high, within, at_least, back)) is not None
    }
    columns = ("person", "index_week", "left_truncated", "off", "weeks", "event", "before")
    assert found.table.select(columns).rows() == [
        (person, one.index, one.truncated, one.outcome, one.weeks, one.event, one.history)
        for person, one in sorted(expected.items())
    ]
    assert found.excluded["no_index_event"] == len(people) - len(expected)
