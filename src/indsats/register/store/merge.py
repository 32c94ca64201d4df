"""The second half of a build: one bucket's persons out of all parts become the bucket's two tables."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from indsats.problem import Problem

from ..codes import BLANK, HIGHEST, code_list
from ..faults import MOST
from ..sources.source import Repair, Runs
from ..sources.values import twice
from ..writing import put
from .overlay import File, Meetings, overlaid
from .parts import Slice, read_slice
from .store import Check, bucket_files, check_of

ROW_GROUP = 250_000
"""Spells in a row group: small enough to skip most of a bucket when few persons are wanted."""


@dataclass(frozen=True, slots=True)
class Written:
    """A part that was written: where it is, its file (a position), and how many persons came before it."""

    path: Path
    file: int
    before: int


@dataclass(frozen=True, slots=True)
class Merged:
    """What was found in a bucket. ``unknown`` has a code's weeks and persons.

    ``agreeing`` and ``differing`` count, for two files (positions, maybe the same one), the persons for whom both
    tell of the same week. ``checks`` are those of its two files, ``repairs`` what was put right in the parts of
    all buckets (what, count, file): set down here, because parts are not looked at again.
    """

    persons: int
    spells: int
    person_weeks: int
    unknown: list[tuple[int, int, int]]
    agreeing: list[tuple[int, int, int]]
    differing: list[tuple[int, int, int]]
    checks: dict[str, Check]
    repairs: list[tuple[str, int, str]]


def merge_bucket(
    bucket: int,
    parts: Sequence[Written],
    files: Sequence[File],
    repairs: Sequence[Repair],
    folder: Path,
    record: Path,
) -> tuple[Merged | None, list[Problem]]:
    """Writes a bucket's spells and persons below ``folder`` and what was found to ``record``, last of all.

    With problems, persons that have two rows in one file, nothing is written.
    """
    slices = [read_slice(part.path, bucket) for part in parts]
    count = [len(part.row) for part in slices]
    number = np.concatenate(
        [part.position + np.int32(at.before) for part, at in zip(slices, parts, strict=True)]
    )
    identity = pl.concat([part.identity for part in slices])
    file = np.repeat([part.file for part in parts], count)
    if problems := _doubles(slices, identity, file, files):
        return None, problems
    spells, people, meetings = _together(slices, number, identity, file, files)
    code = spells.code
    weeks = spells.last - spells.first + 1
    checks = {}
    spells_file, persons_file = bucket_files(bucket)
    tables = {
        spells_file: pl.DataFrame(
            {
                "person": spells.person,
                "first_week": spells.first,
                "last_week": spells.last,
                "code": pl.Series(code).set(pl.Series(code == BLANK), None),
            }
        ),
        persons_file: people,
    }
    for name, table in tables.items():
        checks[name] = _write(table, folder / name)
    found = Merged(
        people.height,
        len(code),
        int(weeks.sum(dtype=np.int64)),
        _unknown(spells.person, code, weeks),
        [(*pair, persons) for pair, persons in sorted(meetings.agreeing.items())],
        [(*pair, persons) for pair, persons in sorted(meetings.differing.items())],
        checks,
        [(repair.what, repair.count, repair.file) for repair in repairs],
    )
    text = json.dumps({name: getattr(found, name) for name in Merged.__slots__})
    put(record, text.encode())
    return found, []


def merged_before(record: Path, folder: Path) -> Merged | None:
    """What a bucket merged earlier held; None when it is not there or its files are broken."""
    try:
        found = Merged(**json.loads(record.read_bytes()))
        whole = all(check_of((folder / name).read_bytes()) == check for name, check in found.checks.items())
    except (OSError, ValueError, TypeError, AttributeError):
        return None
    return found if whole else None


def _write(table: pl.DataFrame, path: Path) -> Check:
    # Into memory first: a full disk is then told by Python, with its number, and the bytes can be checked.
    made = io.BytesIO()
    table.write_parquet(made, compression="zstd", compression_level=1, row_group_size=ROW_GROUP)
    data = made.getvalue()
    put(path, data)
    return check_of(data)


def _together(
    slices: Sequence[Slice], number: np.ndarray, identity: pl.Series, file: np.ndarray, files: Sequence[File]
) -> tuple[Runs, pl.DataFrame, Meetings]:
    """All runs by person number, the table of persons, and where files met."""
    length = np.concatenate([part.length for part in slices])
    code = np.concatenate([part.code for part in slices])
    first = np.concatenate([part.first for part in slices]).astype(np.int32)
    last = np.concatenate([part.last for part in slices]).astype(np.int32)
    meetings = Meetings.none()
    whole = np.array([source.whole for source in files])[file]
    if whole.all() and identity.n_unique() == len(identity):
        spells = Runs(np.repeat(number, length), first, last, code)
        return spells, _people(number, identity, spells), meetings
    # The entry each person is first seen in stands for the person.
    entries = pl.DataFrame({"identity": identity, "at": np.arange(len(identity))})
    known = entries.select(pl.col("at").first().over("identity"))["at"].to_numpy()
    alone = whole & (np.bincount(known, minlength=len(known))[known] == 1)
    single = np.repeat(alone, length)
    runs = Runs(np.repeat(known, length), first, last, code)
    ones = Runs(*(getattr(runs, name)[single] for name in Runs.__slots__))
    entry = np.repeat(np.arange(len(file)), length)
    again = Runs(*(getattr(runs, name)[~single] for name in Runs.__slots__))
    others = overlaid(again, np.repeat(file, length)[~single], entry[~single], files, meetings)
    person = np.concatenate([ones.person, others.person])
    order = np.argsort(person, kind="stable")
    spells = Runs(
        number[person[order]],
        *(
            np.concatenate([getattr(ones, name), getattr(others, name)])[order]
            for name in ("first", "last", "code")
        ),
    )
    present = np.unique(known)
    return spells, _people(number[present], identity.gather(present), spells), meetings


def _people(number: np.ndarray, identity: pl.Series, spells: Runs) -> pl.DataFrame:
    """The table of persons. Every person has a run, and runs are sorted by person."""
    begin = np.flatnonzero(np.diff(spells.person, prepend=-1))
    end = np.append(begin[1:], len(spells.person))[: len(begin)] - 1
    return pl.DataFrame(
        {
            "person": number,
            "identity": identity,
            "first_week": spells.first[begin],
            "last_week": spells.last[end],
        },
        schema_overrides={"person": pl.Int32, "first_week": pl.Int32, "last_week": pl.Int32},
    )


def _doubles(
    slices: Sequence[Slice], identity: pl.Series, file: np.ndarray, files: Sequence[File]
) -> list[Problem]:
    """Persons that stand in a file twice although it has a row for each."""
    if identity.n_unique() == len(identity):
        return []
    row = np.concatenate([part.row for part in slices])
    problems: list[Problem] = []
    for position, source in enumerate(files):
        if source.whole and len(problems) < MOST:
            here = np.flatnonzero(file == position)
            problems += twice(identity.gather(here).alias("person"), row[here], source.name)
    return problems


def _unknown(person: np.ndarray, code: np.ndarray, weeks: np.ndarray) -> list[tuple[int, int, int]]:
    """The codes the code list lacks, with their weeks and persons."""
    known = np.zeros(HIGHEST + 2, dtype=bool)
    known[[0, *(code_list()["code"].to_numpy() + 1)]] = True
    odd = ~known[code + 1]
    if not odd.any():
        return []
    table = pl.DataFrame({"code": code[odd], "weeks": weeks[odd], "person": person[odd]})
    found = (
        table.group_by("code")
        .agg(pl.col("weeks").sum().cast(pl.Int64), pl.col("person").n_unique())
        .sort("code")
    )
    return [(int(code), int(weeks), int(persons)) for code, weeks, persons in found.iter_rows()]
