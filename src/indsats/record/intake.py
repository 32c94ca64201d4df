"""The one way into the record: cells are typed, completed, given ids, joined and checked."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import polars as pl

from indsats.problem import InputRefused, Problem
from indsats.progress import Progress

from . import cells, tables
from .between import check_between
from .chains import check_chains
from .files import RawTable
from .findings import FILE, ROW, SEEN, in_order
from .kinds import KINDS
from .master import persons_joined, sites_joined
from .record import Record
from .tables import TIME
from .validate import check_rows


@dataclass(frozen=True, slots=True)
class Recorded:
    """What is written in the recorded columns where the input leaves them open.

    ``at`` None means that nobody said when the facts were recorded: each is taken as recorded on the day it
    began (at midnight UTC), appointments that lie ahead no later than the last thing that did happen.
    """

    at: datetime | None
    by: str
    source: str | None = None
    """The file's name when None."""


def take_in(
    record: Record,
    given: Sequence[RawTable],
    recorded: Recorded,
    *,
    before: Sequence[Problem] = (),
    progress: Progress | None = None,
) -> Record:
    """The record with everything in ``given``, or InputRefused with every problem found, ``before`` included.

    ``before`` are problems of tables that could not be read at all; checks between tables are then left out,
    because they would only repeat that something is missing.
    """
    say = progress or _silent
    steps = len(given) * 2 + 1
    found = list(before)
    whole = not found
    by_kind: dict[str, list[pl.DataFrame]] = {}
    for step, table in enumerate(given):
        say(step, steps, f"understanding {table.file or table.holds}")
        frame, unread = cells.typed(table.frame, _schema_for(record, table), table.file)
        found += unread
        by_kind.setdefault(table.holds, []).append(names_tidied(frame, table.holds))

    for name, join in (("persons", persons_joined), ("sites", sites_joined)):
        for frame in by_kind.pop(name, []):
            record, wrong = join(record, frame)
            found += wrong

    batch = {kind: pl.concat(frames, how="diagonal") for kind, frames in by_kind.items()}
    horizon = _horizon(batch)
    batch = {kind: _completed(frame, kind, record, recorded, horizon) for kind, frame in batch.items()}
    joined = _joined(record, batch)
    for step, (kind, frame) in enumerate(batch.items()):
        say(len(given) + step, steps, f"checking {kind}")
        found += check_rows(frame, kind, record)
    found += check_chains(record, batch, joined)
    if whole:
        say(steps - 1, steps, "checking facts against one another")
        found += check_between(joined, batch, record)
    if found:
        raise InputRefused(in_order(found))
    say(steps, steps, "done")
    return record.with_facts({**record.facts, **{kind: _plain(frame) for kind, frame in joined.items()}})


def _silent(done: int, total: int, what: str) -> None:
    """Progress that nobody follows."""
    del done, total, what


def _schema_for(record: Record, table: RawTable) -> dict[str, pl.DataType]:
    if table.holds == "persons":
        return dict(tables.PERSONS)
    if table.holds == "sites":
        return dict(tables.SITES)
    schema = tables.schema(table.holds, record.programme)
    kept = record.table(table.holds).schema
    # fields and items of an earlier programme version keep their columns; facts are never dropped
    earlier = {
        name: kept.get(name, pl.Int64() if name.startswith(tables.ANSWER) else pl.String())
        for name in table.frame.columns
        if name not in schema and name != ROW
    }
    return {**schema, **earlier}


def names_tidied(frame: pl.DataFrame, holds: str) -> pl.DataFrame:
    """The table with names joined by ";" and nothing else: no blanks, no empty places, none named twice."""
    for field in KINDS[holds].lists if holds in KINDS else ():
        if field not in frame.columns or frame[field].null_count() == frame.height:
            continue
        names = pl.col(field).str.split(";").list.eval(pl.element().str.strip_chars())
        names = names.list.eval(pl.element().filter(pl.element() != "")).list.unique(maintain_order=True)
        frame = frame.with_columns(
            pl.when(names.list.len() > 0).then(names.list.join(";")).alias(field),
        )
    return frame


def _ahead(kind: str) -> pl.Expr:
    """Whether a fact lies ahead of the day it was recorded, or may, so that its day does not say how far data reach."""
    if KINDS[kind].begins_ahead:
        return pl.col("occurred_from") > datetime.now(UTC).date()
    allowed = [pl.col(name).is_in(values) for name, values in KINDS[kind].starts_ahead.items()]
    return pl.any_horizontal(allowed).fill_null(False) if allowed else pl.lit(False)


def _horizon(batch: Mapping[str, pl.DataFrame]) -> date | None:
    """The last day on which something in the batch did happen."""
    days = [
        frame.filter(~_ahead(kind)).select(pl.col("occurred_from").max()).item()
        for kind, frame in batch.items()
    ]
    return max((day for day in days if day is not None), default=None)


def _completed(
    frame: pl.DataFrame, kind: str, record: Record, recorded: Recorded, horizon: date | None
) -> pl.DataFrame:
    """The batch with key and recorded columns filled where they were open, and ids made of the content."""
    today = datetime.now(UTC).date()
    if recorded.at is None:
        day = pl.min_horizontal(pl.col("occurred_from"), pl.lit(horizon, dtype=pl.Date))
        at = day.cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    else:
        at = pl.lit(recorded.at.astimezone(UTC)).cast(TIME)
    source = pl.lit(recorded.source) if recorded.source is not None else pl.col(FILE)
    stamped = pl.lit(recorded.at is not None) | pl.col("recorded_at").is_not_null()
    frame = frame.with_columns(
        pl.col("version").fill_null(1),
        pl.col("kind").fill_null(kind),
        pl.col("programme").fill_null(record.programme.programme),
        pl.col("programme_version").fill_null(record.programme.version),
        pl.col("recorded_at").fill_null(at),
        pl.col("recorded_by").fill_null(recorded.by),
        pl.col("source").fill_null(source),
        _stamped=stamped,
    )
    seen = pl.when("_stamped").then(tables.local_day(pl.col("recorded_at"))).otherwise(pl.lit(today))
    frame = frame.with_columns(seen.alias(SEEN)).drop("_stamped")
    if frame["id"].null_count() == 0:
        return frame
    return frame.with_columns(pl.coalesce("id", content_id(frame, kind)))


def content_id(frame: pl.DataFrame, kind: str) -> pl.Series:
    """An id made of what a fact says, the same on every machine: who, where, when and the payload.

    Only filled fields enter, so that a definition with more items gives the same id to the same answers.
    """
    says = [name for name in frame.columns if name not in (*tables.KEY, *tables.RECORDED, FILE, ROW, SEEN)]
    parts = [
        pl.when(pl.col(name).is_not_null())
        .then(pl.format(name + "={}\x1f", pl.col(name).cast(pl.String)))
        .otherwise(pl.lit(""))
        for name in sorted(says)
    ]
    text = frame.select(pl.concat_str(parts)).to_series()
    made = [kind + "-" + hashlib.blake2b(cell.encode(), digest_size=10).hexdigest() for cell in text]
    return pl.Series("id", made, dtype=pl.String)


def _joined(record: Record, batch: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Tables of the kinds in the batch with old and new versions, older versions closed by newer ones."""
    joined: dict[str, pl.DataFrame] = {}
    for kind, frame in batch.items():
        old = record.table(kind).with_columns(
            pl.lit(None, dtype=pl.String).alias(FILE), pl.lit(None, dtype=pl.Int64).alias(ROW)
        )
        both = pl.concat([old, frame.drop(SEEN)], how="diagonal")
        if both["version"].max() not in (None, 1):
            followed = (
                both.select("id", pl.col("version") - 1, _next=pl.col("recorded_at"))
                .filter(pl.col("version") > 0)
                .unique(["id", "version"], keep="first")
            )
            both = (
                both.join(followed, on=["id", "version"], how="left", maintain_order="left")
                .with_columns(replaced_at=pl.coalesce("replaced_at", "_next"))
                .drop("_next")
            )
        joined[kind] = both
    return joined


def _plain(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.drop(FILE, ROW)
