"""Answering a question for a whole register, bucket by bucket, in a way that can be stopped and taken up again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import narwhals as nw
import polars as pl

from indsats.problem import InputRefused, Problem
from indsats.progress import Progress

from ..faults import refuse_repeated
from ..register import Register
from ..weeks import month_number
from .answers import cases_in, claim, write
from .engines import Engine, engine_named
from .follow import follow, trajectory
from .question import Question
from .stays import Tables

BEFORE_ALL = month_number(0) - 1
"""The month before the first week there is."""


class SpellStore(Protocol):
    """What of a store is needed here; buckets are files, and a person is in one bucket."""

    @property
    def folder(self) -> Path: ...
    @property
    def buckets(self) -> int: ...
    def spells_path(self, bucket: int) -> Path:
        """``person`` (Int32), ``first_week``, ``last_week``, ``code``."""
        ...

    def read_persons(self, bucket: int) -> pl.DataFrame:
        """``person`` (Int32), ``identity`` (String), ``first_week``, ``last_week``."""
        ...

    def identities(self) -> pl.Series:
        """``identity`` of all buckets."""
        ...

    def manifest(self) -> bytes:
        """What tells this store from any other, the checksums of its files among it."""
        ...

    def verify(self, bucket: int) -> None:
        """Raises ``InputRefused`` unless the files of the bucket are those the manifest tells of."""
        ...


@dataclass(frozen=True)
class _Given:
    """What the caller knows of persons, by identity."""

    persons: pl.DataFrame | None
    hours: pl.DataFrame | None
    events: pl.DataFrame | None
    hours_until: int | None

    def of(self, people: pl.DataFrame, spells: Any, engine: Engine) -> Tables:
        """The tables of ``people``: ``person`` as in ``spells``, ``identity`` and the weeks observed."""
        persons = people
        if self.persons is not None:
            persons = people.join(self.persons.rename({"person": "identity"}), on="identity")
            spells = nw.from_native(spells)
            among = nw.from_native(engine.table(persons.select("person")))
            spells = spells.join(among, on="person", how="semi").to_native()
        return Tables(
            spells,
            engine.table(persons.drop("identity")),
            self._own(people, self.hours, engine),
            self._own(people, self.events, engine),
            self.hours_until,
            maximal=True,
        )

    def _own(self, people: pl.DataFrame, rows: pl.DataFrame | None, engine: Engine) -> Any:
        if rows is None:
            return None
        names = people.select("person", "identity")
        return engine.table(rows.rename({"person": "identity"}).join(names, on="identity").drop("identity"))


def outcomes(
    register: SpellStore | Register,
    question: Question,
    *,
    persons: pl.DataFrame | None = None,
    hours: pl.DataFrame | None = None,
    events: pl.DataFrame | None = None,
    engine: str | Engine = "duckdb",
    every: bool = False,
    out: Path | None = None,
    progress: Progress | None = None,
) -> pl.DataFrame:
    """The cases of a register with their covariates and outcomes: the columns of ``follow``, sorted by case.

    ``person`` is the identity (String) the register's files or their pseudonyms gave. ``persons`` (``person``,
    if known ``birth_date``) are those who are followed, everybody when left out. ``hours`` (``person``, ``month``
    as Date or year * 12 + month - 1, ``hours``, null where somebody worked and nobody knows how long) and
    ``events`` (``person``, ``week``) name persons alike; who is not in the register is left out.

    A store is answered bucket by bucket, so memory does not grow with it. With ``out`` each bucket is written to
    ``out/bucket=NNN.parquet`` when it is whole, readable by its owner only, and the table returned has ``bucket``
    and ``cases`` instead; what is there already of the same question, register and tables is not done again.
    ``progress`` is called after each bucket and may raise to stop.

    Raises ``ValueError`` when the question needs hours or events that are not given or a column has another
    type, and ``InputRefused`` when a person occurs twice among ``persons``, when nobody of a table is in the
    register, when it is asked how long people worked and the hours do not tell, when ``out`` holds answers to
    another question or lies in the store, when the store's files are not those that were built, or when the disk is
    full.
    """
    given = _given(register, question, persons, hours, events)
    if out is not None:
        store = None if isinstance(register, Register) else register.folder
        claim(out, store, _key(register, question, given, every=every))
    answers: list[pl.DataFrame] = []
    with _used(engine) as used:
        for bucket in range(register.buckets):
            path = None if out is None else out / f"bucket={bucket:03}.parquet"
            done = None if path is None else cases_in(path)
            if done is not None:
                answers.append(_counted(bucket, done))
            else:
                found = _answer(register, bucket, question, given, used, every=every)
                answers.append(found if path is None else _counted(bucket, found.height))
                if path is not None:
                    write(found, path)
                # Nothing native may be alive when what the engine kept is let go.
                used.forget()
            if progress is not None:
                progress(bucket + 1, register.buckets, "buckets followed")
    return pl.concat(answers)


def trajectories(
    register: SpellStore | Register,
    question: Question,
    weeks: range,
    *,
    persons: pl.DataFrame | None = None,
    hours: pl.DataFrame | None = None,
    events: pl.DataFrame | None = None,
    engine: str | Engine = "duckdb",
    every: bool = False,
    progress: Progress | None = None,
) -> pl.DataFrame:
    """How many cases of a register are in each state, week by week around index: see ``trajectory``.

    Takes what ``outcomes`` takes and raises what it raises; returns ``state``, ``week``, ``persons``,
    ``observed``, sorted by state in the order of the question, then week.
    """
    given = _given(register, question, persons, hours, events)
    entries = Question(question.states, question.index)
    counted = []
    with _used(engine) as used:
        for bucket in range(register.buckets):
            people, spells = _bucket(register, bucket, used)
            tables = given.of(people, spells, used)
            cases = used.keep(follow(entries, tables, used, every=every))
            counted.append(used.collect(trajectory(question, cases, tables, used, weeks)))
            # Nothing native may be alive when what the engine kept is let go.
            del spells, tables, cases
            used.forget()
            if progress is not None:
                progress(bucket + 1, register.buckets, "buckets followed")
    order = pl.DataFrame({"state": list(question.states), "place": range(len(question.states))})
    return (
        pl.concat(counted)
        .group_by("state", "week")
        .agg(pl.col("persons", "observed").sum())
        .join(order, on="state")
        .sort("place", "week")
        .drop("place")
    )


@contextmanager
def _used(engine: str | Engine) -> Iterator[Engine]:
    """The engine asked for; one that was asked for by its name is made here, and ended."""
    if not isinstance(engine, str):
        yield engine
        return
    made = engine_named(engine)
    try:
        yield made
    finally:
        made.close()


def _given(
    register: SpellStore | Register,
    question: Question,
    persons: pl.DataFrame | None,
    hours: pl.DataFrame | None,
    events: pl.DataFrame | None,
) -> _Given:
    """The tables in the form they are used in, once they are found fit for the question and the register."""
    if hours is None and question.needs_hours:
        raise ValueError("the question needs monthly hours, and none are given")
    if events is None and question.index.happening is not None:
        raise ValueError("the clock starts at dated facts, and no events are given")
    if persons is not None:
        persons = _persons(persons)
    until = None
    if hours is not None:
        hours, until = _hours(hours, question)
    if events is not None:
        events = events.select("person", pl.col("week").cast(pl.Int32))
    given = _Given(persons, hours, events, until)
    for name, table in _tables(given):
        if table.schema["person"] not in (pl.String, pl.Null):
            raise ValueError(f"'person' of the {name} must be text, found {table.schema['person']}")
    _refuse_strangers(register, given)
    return given


def _persons(persons: pl.DataFrame) -> pl.DataFrame:
    refuse_repeated(persons)
    if "birth_date" not in persons.columns:
        return persons.select("person")
    if persons.schema["birth_date"] != pl.Date:
        raise ValueError(f"'birth_date' of the persons must be dates, found {persons.schema['birth_date']}")
    return persons.select("person", "birth_date")


def _hours(hours: pl.DataFrame, question: Question) -> tuple[pl.DataFrame, int]:
    """``person``, ``month`` as a number, ``hours``; and the last month they tell of."""
    if hours.schema["month"].is_temporal():
        year, month = pl.col("month").dt.year(), pl.col("month").dt.month().cast(pl.Int32)
        hours = hours.with_columns(month=year * 12 + month - 1)
    hours = hours.select("person", pl.col("month").cast(pl.Int32), pl.col("hours").cast(pl.Float64))
    if hours["hours"].null_count():
        if question.counts_hours:
            what = "some rows tell that somebody worked and not for how long, which the question asks for"
            raise InputRefused([Problem(what, "Give hours in every row", "hours", field="hours")])
        # What counts is that there was work: any number above nought says so.
        hours = hours.with_columns(pl.col("hours").fill_null(1.0))
    # The last month of all the hours: a bucket may have none in it. Without rows nothing is told of any month.
    last = hours["month"].max()
    return hours, BEFORE_ALL if last is None else int(last)  # type: ignore[arg-type]


def _refuse_strangers(register: SpellStore | Register, given: _Given) -> None:
    """A table in which nobody is known was made with other identifications: everybody would seem to be without."""
    tables = [(name, table) for name, table in _tables(given) if table.height]
    if not tables:
        return
    known = register.identities()
    problems = [
        Problem(
            f"nobody in the {name} is in the register",
            "Use the identifications of the register: where it has pseudonyms, make them with the same key",
            name,
            field="person",
        )
        for name, table in tables
        if not table["person"].is_in(known.implode()).any()
    ]
    if problems and len(known):
        raise InputRefused(problems)


def _answer(
    register: SpellStore | Register,
    bucket: int,
    question: Question,
    given: _Given,
    engine: Engine,
    *,
    every: bool,
) -> pl.DataFrame:
    """One bucket's cases, persons by identity, sorted."""
    people, spells = _bucket(register, bucket, engine)
    found = engine.collect(follow(question, given.of(people, spells, engine), engine, every=every))
    names = people.select("person", "identity")
    return (
        found.join(names, on="person", how="left")
        .with_columns(person="identity")
        .drop("identity")
        .sort("person", "index_week")
    )


def _bucket(register: SpellStore | Register, bucket: int, engine: Engine) -> tuple[pl.DataFrame, Any]:
    """Who is in a bucket, and the bucket's spells on the engine."""
    if isinstance(register, Register):
        return register.persons.with_columns(identity="person"), engine.table(register.spells)
    register.verify(bucket)
    return register.read_persons(bucket), engine.scan(register.spells_path(bucket))


def _counted(bucket: int, cases: int) -> pl.DataFrame:
    return pl.DataFrame(
        {"bucket": [bucket], "cases": [cases]}, schema={"bucket": pl.Int32, "cases": pl.Int64}
    )


def _key(
    register: SpellStore | Register, question: Question, given: _Given, *, every: bool
) -> dict[str, str]:
    """Hashes by which the same question to the same data is known again."""
    asked = {
        "states": {name: state.model_dump(mode="json") for name, state in question.states.items()},
        "index": question.index.model_dump(mode="json"),
        "history": [history.model_dump(mode="json") for history in question.history],
        "outcomes": [outcome.model_dump(mode="json") for outcome in question.outcomes],
        "every": every,
    }
    if isinstance(register, Register):
        data = f"{_fingerprint(register.spells)} {register.first_week} {register.last_week}"
    else:
        data = _digest(register.manifest())
    tables = {name: _fingerprint(table) for name, table in _tables(given)}
    return {"question": _digest(json.dumps(asked, sort_keys=True).encode()), "register": data, **tables}


def _tables(given: _Given) -> Iterator[tuple[str, pl.DataFrame]]:
    for name, table in (("persons", given.persons), ("hours", given.hours), ("events", given.events)):
        if table is not None:
            yield name, table


def _fingerprint(table: pl.DataFrame) -> str:
    """A hash of a table's columns and rows, whatever their order."""
    return _digest(f"{table.schema} {table.height} {table.hash_rows().sum()}".encode())


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
