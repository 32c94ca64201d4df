"""A list as people keep it: facts of one kind, and on the same rows what is known of the persons they are about."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from indsats.problem import InputRefused, Problem
from indsats.programme import Programme

from . import cells, tables
from .files import Headings, RawTable, read_raw, what_it_holds
from .findings import FILE, ROW, in_order
from .importing import headings
from .intake import content_id, names_tidied
from .kinds import KINDS


@dataclass(frozen=True, slots=True)
class PeopleList:
    """The rows of a list, typed; ``_row`` is the row number a spreadsheet shows.

    ``facts`` has the columns of the kind ``holds`` (none of them filled when it holds ``persons``), each fact with an
    id made of its content where it brings none. ``people`` has ``person``, what the record knows of persons and the
    ``beside`` columns asked for, one row for each row of the list.
    """

    holds: str
    file: str
    facts: pl.DataFrame
    people: pl.DataFrame
    problems: tuple[Problem, ...] = field(default=())

    def given(self, facts: pl.DataFrame) -> RawTable:
        """Some of the ``facts`` as ``take_in`` has them."""
        return RawTable(self.holds, self.file, facts.drop(FILE))

    def given_people(self, people: pl.DataFrame) -> RawTable:
        """Some of the ``people`` as ``take_in`` has them; what the record does not know of persons is passed over."""
        return RawTable("persons", self.file, people.drop(FILE))


_WRITTEN_BY_US = (*(name for name in tables.KEY if name != "id"), *tables.RECORDED)
"""Columns that say how a fact was recorded: a list that is brought in now is recorded now, by whoever brings it in."""


def read_list(
    path: Path,
    programme: Programme,
    holds: str | None = None,
    beside: Mapping[str, pl.DataType] | None = None,
    written: Callable[[str], str] = str.strip,
    optional: Collection[str] = (),
) -> PeopleList:
    """The list in a CSV, Excel or Parquet file; ``holds`` is a kind of fact about persons or ``persons``.

    Without ``holds`` the file's name says it. A list of facts may have the columns of the table of persons and the
    ``beside`` columns as well; ``problems`` are the cells that could not be read. ``written`` makes a person's number
    as it stands in a list into how it is written where the list goes; ``optional`` are columns that may be missing
    although the kind needs them, because they are filled in afterwards. Raises InputRefused when the file as a whole
    cannot be read, or holds something that is not about persons.
    """
    holds = holds or what_it_holds(path)
    if holds != "persons" and not (holds in KINDS and KINDS[holds].needs_person):
        what = "the list is not about persons"
        raise InputRefused(
            [Problem(what, "Bring in persons, or a kind of facts about them.", file=path.name)]
        )
    own = headings(holds, programme)
    schema = {} if holds == "persons" else tables.schema(holds, programme)
    known = {**tables.PERSONS, **(beside or {})}
    people_columns = {name: type_ for name, type_ in known.items() if name == "person" or name not in schema}
    fact_columns = {name: type_ for name, type_ in schema.items() if name not in _WRITTEN_BY_US}
    own = Headings(
        [*dict.fromkeys([*fact_columns, *people_columns])],
        [name for name in own.required if name not in optional],
        {**dict.fromkeys(_WRITTEN_BY_US, "Delete the column: it is filled in here."), **own.elsewhere},
    )
    raw = read_raw(path, own, holds)
    people, found = cells.typed(raw.frame, people_columns, raw.file)
    number = pl.col("person").map_elements(written, return_dtype=pl.String)
    people = people.with_columns(number)
    if not schema:
        return PeopleList(holds, raw.file, people.select(ROW), people, tuple(in_order(found)))
    facts, unread = cells.typed(raw.frame, schema, raw.file)
    facts = names_tidied(facts, holds).with_columns(number)
    facts = facts.with_columns(id=pl.coalesce("id", content_id(facts, holds)))
    return PeopleList(holds, raw.file, facts, people, tuple(in_order([*found, *unread])))
