"""What a store holds, in tables: the first look at a register before anything is asked of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from indsats.progress import Progress

from ..codes import BLANK, HIGHEST, code_list
from ..weeks import monday
from .store import Store


@dataclass(frozen=True, slots=True)
class Description:
    """A store in tables.

    ``coverage`` has one row: ``first_week``, ``last_week`` (as ISO weeks), their Mondays ``from_monday`` and
    ``to_monday``, ``persons``, ``spells``, ``person_weeks``, ``spells_per_person``, ``share_blank`` (of the weeks
    observed).
    ``codes`` has a row a code, blank being null: ``code``, ``meaning`` (null if the code list lacks it), ``weeks``,
    ``persons``, ``first_week``, ``last_week`` (ISO weeks).
    ``unknown_codes`` are those of them the code list lacks: ``code``, ``weeks``, ``persons``.
    ``not_observed`` counts ``persons`` that are not observed the whole time, by ``what`` is missing; a person may
    be in several rows, and in the last one, ``any of these``, once.
    ``repairs``: ``file``, ``what``, ``count``. ``left_out``: the ``column`` names that are neither person nor week.
    """

    coverage: pl.DataFrame
    codes: pl.DataFrame
    unknown_codes: pl.DataFrame
    not_observed: pl.DataFrame
    repairs: pl.DataFrame
    left_out: pl.DataFrame


def describe(
    store: Store, known: pl.DataFrame | None = None, progress: Progress | None = None
) -> Description:
    """Describes a store. Bucket after bucket is read, so that memory does not grow with the register.

    ``known`` is the code list, ``code_list()`` unless given. ``progress`` is told of buckets and may raise to
    stop.
    """
    known = code_list() if known is None else known
    codes: list[pl.DataFrame] = []
    missing = [0, 0, 0, 0]
    # Nobody can be missed where as many weeks were observed as there are.
    complete = store.person_weeks == store.persons * (store.last_week - store.first_week + 1)
    for bucket in range(store.buckets):
        spells = store.read_spells(bucket)
        codes.append(_codes(spells))
        if not complete:
            found = _missing(store, spells, store.read_persons(bucket))
            missing = [before + more for before, more in zip(missing, found, strict=True)]
        if progress is not None:
            progress(bucket + 1, store.buckets, "buckets described")
    together = _together(codes, known)
    blank = together.filter(pl.col("code").is_null())["weeks"].sum()
    what = ("weeks before the first", "weeks after the last", "weeks in between", "any of these")
    return Description(
        coverage=pl.DataFrame(
            {
                "first_week": [iso_week(store.first_week)],
                "last_week": [iso_week(store.last_week)],
                "from_monday": [monday(store.first_week)],
                "to_monday": [monday(store.last_week)],
                "persons": [store.persons],
                "spells": [store.spells],
                "person_weeks": [store.person_weeks],
                "spells_per_person": [store.spells / store.persons],
                "share_blank": [blank / store.person_weeks],
            }
        ),
        codes=together,
        unknown_codes=_unknown(together, known),
        not_observed=pl.DataFrame({"what": what, "persons": missing}),
        repairs=pl.DataFrame(
            [(repair.file, repair.what, repair.count) for repair in store.repairs],
            schema={"file": pl.String, "what": pl.String, "count": pl.Int64},
            orient="row",
        ),
        left_out=pl.DataFrame({"column": store.left_out}, schema={"column": pl.String}),
    )


def _unknown(codes: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """The codes that ``known`` lacks, those with most weeks first."""
    lacking = pl.col("code").is_not_null() & ~pl.col("code").is_in(known["code"].implode())
    return (
        codes.filter(lacking)
        .select("code", "weeks", "persons")
        .sort("weeks", "code", descending=[True, False])
    )


def iso_week(week: int) -> str:
    """A week as ``2014-W01``."""
    year, number, _ = monday(week).isocalendar()
    return f"{year}-W{number:02d}"


def _codes(spells: pl.DataFrame) -> pl.DataFrame:
    """Weeks, persons, first and last week of each code in a bucket."""
    # Codes are few and persons stand in order: counting in tables is several times faster than grouping.
    code = spells["code"].fill_null(BLANK).to_numpy() - np.int16(BLANK)
    first, last = (spells[name].to_numpy() for name in ("first_week", "last_week"))
    weeks = np.bincount(code, weights=last - first + 1, minlength=HIGHEST + 2)  # exact below 2^53
    earliest, latest = (np.full(len(weeks), end, dtype=np.int32) for end in (np.iinfo(np.int32).max, -1))
    np.minimum.at(earliest, code, first)
    np.maximum.at(latest, code, last)
    there = np.flatnonzero(weeks)
    place = np.zeros(len(weeks), dtype=np.int16)
    place[there] = np.arange(len(there))
    person = np.cumsum(np.diff(spells["person"].to_numpy(), prepend=-1) != 0, dtype=np.int32) - 1
    had = np.zeros((int(person[-1]) + 1 if len(person) else 0, len(there)), dtype=bool)
    had[person, place[code]] = True
    return pl.DataFrame(
        {
            "code": [None if number == BLANK else number for number in (there + BLANK).tolist()],
            "weeks": weeks[there].astype(np.int64),
            "persons": had.sum(axis=0, dtype=np.int64),
            "first_week": earliest[there],
            "last_week": latest[there],
        },
        schema_overrides={"code": pl.Int16, "first_week": pl.Int32, "last_week": pl.Int32},
    )


def _missing(store: Store, spells: pl.DataFrame, persons: pl.DataFrame) -> list[int]:
    """How many persons of a bucket lack weeks before, after, in between, or any."""
    observed = spells.group_by("person").agg(weeks=(pl.col("last_week") - pl.col("first_week") + 1).sum())
    late, early = pl.col("first_week") > store.first_week, pl.col("last_week") < store.last_week
    between = pl.col("weeks") < pl.col("last_week") - pl.col("first_week") + 1
    found = persons.join(observed, on="person").select(
        late=late.sum(), early=early.sum(), between=between.sum(), some=(late | early | between).sum()
    )
    return [int(count) for count in found.row(0)]


def _together(codes: list[pl.DataFrame], known: pl.DataFrame) -> pl.DataFrame:
    """The codes of all buckets; a person is in one bucket only, so persons add up."""
    found = (
        pl.concat(codes)
        .group_by("code")
        .agg(
            pl.col("weeks", "persons").sum(),
            pl.col("first_week").min(),
            pl.col("last_week").max(),
        )
        .sort("code", nulls_last=False)
    )
    # A code that changed its meaning stands once for each: the newest is told.
    meaning = known.select("code", meaning="name_da").unique("code", keep="last", maintain_order=True)
    told = found.with_columns(
        pl.Series(name, [iso_week(week) for week in found[name]], dtype=pl.String)
        for name in ("first_week", "last_week")
    )
    told = told.join(meaning, on="code", how="left", maintain_order="left")
    return told.select("code", "meaning", "weeks", "persons", "first_week", "last_week")
