"""How long a municipality's register may take."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import polars as pl

from indsats.register import cohort, read_register
from weekbook import SITES, START, headings, outcome, persons_of, programme

PERSONS, WEEKS = 10_000, 156


def test_three_years_of_ten_thousand_persons_take_less_than_a_second(tmp_path: Path) -> None:
    numbers = np.random.default_rng(11)
    drawn = numbers.choice([-1, 651, 730, 737, 873], size=(PERSONS, WEEKS // 12))
    matrix = np.repeat(drawn, 12, axis=1).astype(np.int16)
    people = [f"p{number:05d}" for number in range(PERSONS)]
    weeks = {
        name: pl.Series(column).set(pl.Series(column < 0), None)
        for name, column in zip(headings(START, WEEKS), matrix.T, strict=True)
    }
    (tmp_path / "register").mkdir()
    pl.DataFrame({"person": people, **weeks}).write_parquet(tmp_path / "register" / "dream.parquet")
    persons = persons_of(people)
    definition = programme({"outcomes": [outcome(within=52)], "time_to": "off"})
    # Processor time of all threads: what else the machine does is not the register's fault.
    began = time.process_time()
    found = cohort(read_register(tmp_path), definition, "exit", persons, SITES)
    assert time.process_time() - began < 1.0
    assert found.considered == PERSONS
