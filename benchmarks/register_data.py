"""A synthetic weekly register of any size: semi-Markov over real DREAM codes, written in parts, in little memory.

    python benchmarks/register_data.py FOLDER PERSONS WEEKS

A run of blank weeks is followed by a code; a code by a blank run or another code. Lengths are gamma distributed
(shape 0.5): most are short, pensions, studies and flex jobs are long. Nobody leaves for good, so that runs do not
get fewer with time: about 11 runs a person in 520 weeks and 38 in 1,800, median 12 to 13 weeks, 42 % blank weeks.
"""

from __future__ import annotations

import multiprocessing
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from indsats.register.weeks import column_of_week

CHUNK = 50_000
"""Persons made at a time, and in each row group."""

FILE = 500_000
"""Persons in each file."""

LONG = (622, 651, 652, 771, 783, 998)
SHORT = (
    *(111, 112, 113, 114, 121, 122, 123, 124, 125, 126, 130, 140, 143, 144, 151, 213, 217, 218, 231, 299),
    *(412, 413, 521, 522, 661, 703, 730, 740, 743, 753, 760, 763, 774, 810, 813, 881, 890, 893, 899),
)
MEAN_WEEKS = {"blank": 62.0, "short": 13.0, "long": 225.0}
SHAPE = 0.5
BLANK_SHARE = 0.33  # of the runs
BURN_IN = 400  # weeks before the first, so that a run may be under way when the register begins


def weeks_of_chunk(number: int, persons: int, weeks: int) -> np.ndarray:
    """A matrix weeks × persons (Int16, -1 for blank) of one chunk; the same number gives the same weeks."""
    random = np.random.default_rng((7, number))
    steps = (weeks + BURN_IN) // 25 + 40
    codes = np.array((*LONG, *SHORT), dtype=np.int16)
    pick = random.integers(0, len(codes), (persons, steps))
    blank = random.random((persons, steps)) < BLANK_SHARE / (1 - BLANK_SHARE)
    for step in range(1, steps):
        blank[:, step] &= ~blank[:, step - 1]
    mean = np.where(pick < len(LONG), MEAN_WEEKS["long"], MEAN_WEEKS["short"])
    mean = np.where(blank, MEAN_WEEKS["blank"], mean)
    length = np.maximum(1, np.ceil(random.gamma(SHAPE, mean / SHAPE))).astype(np.int64)
    end = np.clip(np.cumsum(length, axis=1) - BURN_IN, 0, weeks)
    end[:, -1] = weeks
    length = np.diff(end, axis=1, prepend=0)
    code = np.where(blank, np.int16(-1), codes[pick])
    by_person = np.repeat(code.ravel(), length.ravel()).reshape(persons, weeks)
    return np.ascontiguousarray(by_person.T)


def _write_file(folder: Path, persons: int, weeks: int, file: int) -> None:
    names = [column_of_week(week) for week in range(weeks)]
    schema = pa.schema([("person", pa.string()), *((name, pa.int16()) for name in names)])
    target = folder / f"dream-{file:02d}.parquet"
    unfinished = target.with_suffix(".part")
    first = file * FILE
    with pq.ParquetWriter(unfinished, schema, compression="zstd") as writer:
        for start in range(first, min(first + FILE, persons), CHUNK):
            count = min(CHUNK, persons - start)
            matrix = weeks_of_chunk(start // CHUNK, count, weeks)
            people = pa.array([f"p{number:08d}" for number in range(start, start + count)])
            columns = [pa.array(row, mask=row < 0) for row in matrix]
            writer.write_table(pa.table([people, *columns], schema=schema), row_group_size=CHUNK)
    unfinished.rename(target)


def make(folder: Path, persons: int, weeks: int) -> list[Path]:
    """The register's files in ``folder``, 500,000 persons each; those already there are kept."""
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"dream-{file:02d}.parquet" for file in range(-(-persons // FILE))]
    missing = [file for file, path in enumerate(files) if not path.exists()]
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        pool.map(partial(_write_file, folder, persons, weeks), missing, chunksize=1)
    return files


if __name__ == "__main__":
    make(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
